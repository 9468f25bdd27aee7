"""`delcia resume`: the plans count again."""

from pathlib import Path

import click

from delcia.cli.asking import ask, root_option
from delcia.core.request import Request


@click.command(epilog="Example: delcia resume spring")
@click.argument("vehicle")
@root_option
def command(vehicle: str, root: Path | None) -> int:
    """Take back start, stop, release, skip or trip: the plans count again, from now."""
    return ask(Request(vehicle, "resume"), root)
