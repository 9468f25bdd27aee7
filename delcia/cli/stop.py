"""`delcia stop`: end the charge that runs."""

from pathlib import Path

import click

from delcia.cli.asking import ask, root_option
from delcia.core.request import Request


@click.command(epilog="Example: delcia stop spring --until 22:00")
@click.argument("vehicle")
@click.option("--until", help="No charge before HH:MM, 'sat 06:00' or YYYY-MM-DDTHH:MM; or: unplugged.")
@root_option
def command(vehicle: str, until: str | None, root: Path | None) -> int:
    """End this charge, whoever began it; the plans go on with their next window, and the answer says when.

    With --until no charge begins before that time; with --until unplugged, none before the car is unplugged.
    """
    return ask(Request(vehicle, "stop", until=until), root)
