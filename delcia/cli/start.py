"""`delcia start`: charge now; `boost` is the same word, as 0.1 called it."""

from pathlib import Path

import click

from delcia.cli.asking import amps_option, ask, charger_option, root_option
from delcia.core.request import LEAST_HOURS, MOST_HOURS, Request


@click.command(epilog="Example: delcia start spring --to-soc 100 --amps 8")
@click.argument("vehicle")
@click.option("--to-soc", type=click.IntRange(1, 100), help="Up to this SoC; the highest of its plans unless said.")
@click.option("--hours", type=click.FloatRange(LEAST_HOURS, MOST_HOURS), help="For this many hours instead.")
@charger_option
@amps_option
@root_option
def command(
    vehicle: str, *, to_soc: int | None, hours: float | None, charger: str | None, amps: float | None, root: Path | None
) -> int:
    """Charge now, whatever the hour costs: to a target, however long that takes, or for a time, and until unplugged."""
    if to_soc is not None and hours is not None:
        raise click.UsageError("say --to-soc or --hours, not both")
    return ask(Request(vehicle, "start", to_soc=to_soc, hours=hours, charger=charger, amps=amps), root)
