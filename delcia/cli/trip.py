"""`delcia trip`: be ready once, by a time."""

from pathlib import Path

import click

from delcia.cli.asking import amps_option, ask, charger_option, root_option
from delcia.core.request import LEAST_HOURS, MOST_HOURS, Request


@click.command(epilog="Example: delcia trip spring --to-soc 100 --by 'sat 06:00'")
@click.argument("vehicle")
@click.option("--to-soc", type=click.IntRange(1, 100), help="In percent; 100 unless said.")
@click.option("--hours", type=click.FloatRange(LEAST_HOURS, MOST_HOURS), help="Instead: so many hours of charging.")
@click.option("--by", help="HH:MM, 'sat 06:00' or YYYY-MM-DDTHH:MM, at most a week ahead; the next usual morning.")
@click.option("--at", help="Instead: charge from this time on, whatever the hour costs.")
@charger_option
@amps_option
@root_option
def command(
    vehicle: str,
    *,
    to_soc: int | None,
    hours: float | None,
    by: str | None,
    at: str | None,
    charger: str | None,
    amps: float | None,
    root: Path | None,
) -> int:
    """Have a SoC, or hours of charging, by a time, once, beside the plans; it ends by itself, or by 'delcia resume'."""
    word = Request(vehicle, "trip", to_soc=to_soc, hours=hours, by=by, at=at, charger=charger, amps=amps)
    return ask(word, root)
