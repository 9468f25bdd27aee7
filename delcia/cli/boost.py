"""`delcia boost`: charge now, for a while or to a target."""

from pathlib import Path

import click

from delcia.cli.asking import ask, root_option
from delcia.core.request import LEAST_HOURS, MOST_HOURS, Request


@click.command(epilog="Example: delcia boost spring --to-soc 90")
@click.argument("vehicle")
@click.option("--to-soc", type=click.IntRange(1, 100), help="Up to this SoC, in percent; 100 unless said.")
@click.option("--hours", type=click.FloatRange(LEAST_HOURS, MOST_HOURS), help="For this many hours instead.")
@root_option
def command(vehicle: str, to_soc: int | None, hours: float | None, root: Path | None) -> int:
    """Charge now, whatever the plans say: to a target or for a time, at most 12 h, and until unplugged."""
    if to_soc is not None and hours is not None:
        message = "say --to-soc or --hours, not both"
        raise click.UsageError(message)
    return ask(Request(vehicle, "boost", to_soc=to_soc, hours=hours), root)
