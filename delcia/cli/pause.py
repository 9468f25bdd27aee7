"""`delcia pause`: leave the car alone for a while."""

from pathlib import Path

import click

from delcia.cli.asking import ask, root_option
from delcia.core.request import Request


@click.command(epilog="Example: delcia pause spring --until 18:00")
@click.argument("vehicle")
@click.option("--until", help="HH:MM, or YYYY-MM-DDTHH:MM; unless said, until the car is unplugged.")
@root_option
def command(vehicle: str, until: str | None, root: Path | None) -> int:
    """Leave the car alone: what delcia stopped goes on, and plans wait until then, or until 'delcia resume'."""
    return ask(Request(vehicle, "pause", until=until), root)
