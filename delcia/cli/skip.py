"""`delcia skip`: let the plans rest for once, and hold the car."""

from pathlib import Path

import click

from delcia.cli.asking import ask, root_option
from delcia.core.request import TOMORROW, Request


@click.command(epilog="Example: delcia skip spring tomorrow")
@click.argument("vehicle")
@click.argument("which", required=False, type=click.Choice([TOMORROW]))
@click.option("--until", help="Or until HH:MM, 'sat 06:00' or YYYY-MM-DDTHH:MM.")
@root_option
def command(vehicle: str, which: str | None, until: str | None, root: Path | None) -> int:
    """Skip the next charge; 'tomorrow' skips all that would have the car ready tomorrow, up to noon.

    The plans rest, and a car that is held stays held; below its minimum SoC it charges all the same.
    """
    if which is not None and until is not None:
        raise click.UsageError("say tomorrow or --until, not both")
    return ask(Request(vehicle, "skip", until=which or until), root)
