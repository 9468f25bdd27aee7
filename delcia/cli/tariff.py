"""`delcia tariff`: one week of a tariff, drawn."""

import json
from datetime import date
from pathlib import Path

import click

from delcia.cli.clock import now as clock_now
from delcia.cli.sites import say_source, subject
from delcia.core.clock import local_date, zone
from delcia.errors import DelciaError, Exit

COLOURS = ("green", "cyan", "yellow", "magenta", "red")
"""From the cheapest price to the dearest."""


@click.command(epilog="Example: delcia tariff edf plans --week 2026-10-25")
@click.argument("name")
@click.argument("directory", required=False, type=click.Path(path_type=Path), metavar="[DIR]")
@click.option("--week", help="The week of this date (YYYY-MM-DD); this one unless said.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON (schema delcia/tariff/1).")
@click.option("--root", type=click.Path(path_type=Path), help="Use the files below this folder.")
def command(name: str, directory: Path | None, *, week: str | None, as_json: bool, root: Path | None) -> None:
    """Draw a week of a tariff: a row for each day, a letter for each half hour, and the prices.

    A skipped hour is blank, a repeated one has a row of its own. Without DIR it is about the plans applied here.
    """
    now = clock_now()
    found = subject(directory, root, now)
    tariff = found.site.tariffs.get(name)
    if tariff is None:
        known = ", ".join(sorted(found.site.tariffs)) or "none"
        raise DelciaError(f"no tariff '{name}'", slug="unknown-name", hint=f"there are: {known}", status=Exit.USAGE)
    day = local_date(now, zone(found.site.timezone)) if week is None else _day(week)
    from delcia.report.week import data_of, week_of

    drawn = week_of(tariff, day, found.site.timezone)
    say_source(found)
    if as_json:
        click.echo(json.dumps(data_of(drawn), indent=2))
        return
    from delcia.report.week_text import text_of

    click.echo(text_of(drawn, lambda text, rank: click.style(text, fg=COLOURS[rank])))


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    # The first and last weeks of time itself are nobody's.
    if day is None or len(text) != len("YYYY-MM-DD") or not date.min.year < day.year < date.max.year:
        hint = "write --week YYYY-MM-DD"
        raise DelciaError(f"'{text}' is no date", slug="bad-date", hint=hint, status=Exit.USAGE)
    return day
