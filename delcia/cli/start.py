"""`delcia start`: charge now, to the highest target of the vehicle's plans."""

from pathlib import Path

import click

from delcia.cli.asking import ask, root_option
from delcia.runtime.asking import boost, highest_target_pct


@click.command(epilog="Example: delcia start spring")
@click.argument("vehicle")
@root_option
def command(vehicle: str, root: Path | None) -> int:
    """Charge now, to the highest target of the vehicle's plans; at most 12 h, and until unplugged."""
    return ask(vehicle, root, lambda job, now: boost(job, now, highest_target_pct(job.site, vehicle)))
