"""`delcia report`: when the car will be ready, and what it will cost."""

import json
import sys
from datetime import datetime
from pathlib import Path
from stat import S_IMODE
from typing import TYPE_CHECKING

import click

from delcia.cli.clock import now as clock_now
from delcia.cli.places import host_paths
from delcia.cli.sites import Subject, say_source, subject
from delcia.core.clock import DAY
from delcia.errors import DelciaError, Exit

if TYPE_CHECKING:
    from delcia.report.rows import Report

WEEK = 7 * DAY

FORMATS = ("table", "json", "markdown", "html", "ics")


@click.command(epilog="Example: delcia report plans --soc 45")
@click.argument("directory", required=False, type=click.Path(path_type=Path), metavar="[DIR]")
@click.option("--soc", type=click.FloatRange(0, 100), help="Start from this SoC, in percent, not from the car's.")
@click.option("--now", "at", help="As of this instant (YYYY-MM-DDTHH:MM, of the home's clock).")
@click.option("--plan", help="This plan only.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="table", help="table unless said.")
@click.option("--json", "as_json", is_flag=True, help="The same as --format json (schema delcia/report/1).")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file.")
@click.option("--root", type=click.Path(path_type=Path), help="Use the files below this folder.")
def command(
    directory: Path | None,
    *,
    soc: float | None,
    at: str | None,
    plan: str | None,
    form: str,
    as_json: bool,
    out: Path | None,
    root: Path | None,
) -> int:
    """Say of each plan when it charges, when the car is ready, and what that costs.

    Without DIR it is about the plans applied on this host and the car as it was last read.
    """
    now = clock_now()
    found = subject(directory, root, now)
    if at is not None:
        now = _instant(at, found, now)
    if plan is not None and plan not in found.site.plans:
        known = ", ".join(sorted(found.site.plans))
        raise DelciaError(f"no plan '{plan}'", slug="unknown-name", hint=f"there are: {known}", status=Exit.USAGE)
    from delcia.report.rows import build

    made = build(found.site, found.memories, now, source=found.source, plan=plan, soc_pct=soc, homeless=found.homeless)
    say_source(found)
    text = _written(made, "json" if as_json else form, root, on_terminal=out is None and sys.stdout.isatty())
    if out is None:
        click.echo(text, nl=not text.endswith("\n"))
    else:
        _keep(out, text if text.endswith("\n") else f"{text}\n")
    return Exit.OK


def _keep(out: Path, text: str) -> None:
    """Write a report to its file, whole or not at all; what is no plain file (`/dev/stdout`) is written to."""
    from delcia.host.files import write

    try:
        if out.exists() and not out.is_file():
            out.write_text(text, encoding="utf-8", newline="")
            return
        about = out.stat() if out.exists() else None
        mode, uid, gid = (S_IMODE(about.st_mode), about.st_uid, about.st_gid) if about else (0o644, -1, -1)
        write(out.resolve(), text, mode=mode, uid=uid, gid=gid)
    except OSError as error:
        message = f"cannot write '{out}': {error.strerror}"
        made = out.parent.is_dir()
        hint = "choose another file with --out" if made else f"make its folder first: mkdir -p '{out.parent}'"
        raise DelciaError(message, slug="cannot-write", hint=hint) from error


def _written(made: "Report", form: str, root: Path | None, *, on_terminal: bool) -> str:
    """Return a report in one of its forms."""
    match form:
        case "json":
            from delcia.report.data import data_of

            return json.dumps(data_of(made), indent=2)
        case "markdown":
            from delcia.report.markdown import markdown

            return markdown(made)
        case "html":
            from delcia.cli.past import sessions_of
            from delcia.report.page import page

            return page(made, sessions_of(made.site, host_paths(root).database, made.now - WEEK, made.now))
        case "ics":
            from delcia.report.calendar import calendar

            return calendar(made)
        case _:
            from delcia.report.table import table

            text = table(made)
            if not on_terminal:
                return text
            from delcia.report.strip import strips

            return f"{text}\n\n{strips(made)}".rstrip()


def _instant(text: str, found: Subject, now: datetime) -> datetime:
    from delcia.cli.times import instant_after

    return instant_after(text, now, found.site)
