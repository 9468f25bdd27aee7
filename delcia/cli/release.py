"""`delcia release`: leave the car alone, as if delcia were not there; 0.1 called it `pause`."""

from pathlib import Path

import click

from delcia.cli.asking import ask, root_option, say_if_it_goes_on
from delcia.core.request import Request


@click.command(epilog="Example: delcia release spring --until 'sun 18:00'")
@click.argument("vehicle")
@click.option("--until", help="HH:MM, 'sun 18:00' or YYYY-MM-DDTHH:MM; unless said, until the car is unplugged.")
@root_option
def command(vehicle: str, until: str | None, root: Path | None) -> int:
    """Leave the car alone, as if delcia were not there, until then or until 'delcia resume'.

    If delcia stopped it and it is still plugged in, delcia says so and starts it again.
    """
    say_if_it_goes_on(vehicle, root)
    return ask(Request(vehicle, "release", until=until), root)
