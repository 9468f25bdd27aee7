"""`delcia stop`: stop charging, and leave the car alone until it is unplugged."""

from pathlib import Path

import click

from delcia.cli.asking import ask, root_option
from delcia.core.request import Request


@click.command(epilog="Example: delcia stop spring")
@click.argument("vehicle")
@root_option
def command(vehicle: str, root: Path | None) -> int:
    """Stop whatever charge there is, and leave the car alone until unplugged, or until 'delcia resume'."""
    return ask(Request(vehicle, "stop"), root)
