"""`delcia log`: what was read, decided, sent and asked, in one timeline; and why, or why not, at an instant."""

import json
from datetime import timedelta
from pathlib import Path

import click

from delcia.cli.clock import now as clock_now
from delcia.cli.logged import log_round
from delcia.cli.places import host_paths
from delcia.cli.sites import subject
from delcia.core.clock import zone
from delcia.errors import DelciaError, Exit
from delcia.report.columns import aligned
from delcia.report.logbook import log_data, log_rows, then_rows, why
from delcia.report.words import when


@click.command(epilog="Example: delcia log spring --at 03:00")
@click.argument("vehicle")
@click.option("--at", help="What was in force then, and why: HH:MM, 'tue 03:00' or YYYY-MM-DDTHH:MM.")
@click.option("--hours", type=click.IntRange(1, 9600), default=24, help="How far back; 24 hours unless said.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON (schema delcia/log/1).")
@click.option("--root", type=click.Path(path_type=Path), help="Use the files below this folder.")
def command(vehicle: str, *, at: str | None, hours: int, as_json: bool, root: Path | None) -> int:
    """List readings, decisions, orders with the car's answers, and what people asked for, the oldest first.

    With --at: what was known and decided at that time, hence why the car charged then, or why not.
    """
    now = clock_now()
    found = subject(None, root, now)
    site, paths = found.site, host_paths(root)
    if vehicle not in site.vehicles:
        known = ", ".join(sorted(site.vehicles))
        raise DelciaError(f"no vehicle '{vehicle}'", slug="unknown-name", hint=f"there are: {known}", status=Exit.USAGE)
    since, entries, then = log_round(paths, site, vehicle, now, at=at, back=timedelta(hours=hours))
    if as_json:
        click.echo(json.dumps(log_data(vehicle, now, since, entries, then), indent=2))
        return Exit.OK
    tz = zone(site.timezone)
    if then is not None:
        click.echo(f"{vehicle} at {when(then.at, now, tz)}: {why(then)}")
        for line in aligned(list(then_rows(then, now, tz)), "lll"):
            click.echo(f"  {line}")
        click.echo("")
    for line in aligned(list(log_rows(entries, now, tz)), "lll"):
        click.echo(line)
    if not entries:
        click.echo(f"nothing was logged of {vehicle} since {when(since, now, tz)}", err=True)
    return Exit.OK
