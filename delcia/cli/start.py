"""`delcia start`: charge now, to the highest target of the vehicle's plans."""

from pathlib import Path

import click

from delcia.cli.asking import ask, root_option
from delcia.core.request import Request


@click.command(epilog="Example: delcia start spring")
@click.argument("vehicle")
@root_option
def command(vehicle: str, root: Path | None) -> int:
    """Charge now, to the highest target of the vehicle's plans; at most 12 h, and until unplugged."""
    return ask(Request(vehicle, "start"), root)
