"""`delcia login`: trade a password for a token, once, and find the cars."""

import os
import sys
from pathlib import Path

import click

from delcia.cli.clock import now
from delcia.cli.places import host_paths
from delcia.host.paths import in_service


@click.command(
    epilog="Example: delcia login --vehicle spring=1234. To see which car is which, 'delcia vehicles' shows the ends "
    "of their VINs."
)
@click.option("--account", default="default", show_default=True, help="The account, as the plans name it.")
@click.option("--email", help="Of the MY Renault, MY Dacia or MY Alpine account; asked when not given.")
@click.option("--password-stdin", "from_stdin", is_flag=True, help="Read the password from the first line of stdin.")
@click.option("--code", help="The code of Renault's e-mail, when it asks for one; -: from stdin; otherwise asked.")
@click.option(
    "--vehicle", "vehicles", multiple=True, metavar="NAME=VIN_END", help="Which car a vehicle is; repeatable."
)
@click.option("--home", metavar="here|LAT,LON", help="Where home is, for hold; here: where the car stands now.")
@click.option("--locale", help="Such as fr_FR; default: what the plans say of the account.")
@click.option("--plans", type=click.Path(path_type=Path), help="The plan directory; default: what is applied.")
@click.option("--root", type=click.Path(path_type=Path), help="Put everything below this folder.")
def command(  # noqa: PLR0913 - one for each option
    *,
    account: str,
    email: str | None,
    from_stdin: bool,
    code: str | None,
    vehicles: tuple[str, ...],
    home: str | None,
    locale: str | None,
    plans: Path | None,
    root: Path | None,
) -> int:
    """Connect an account of the car's maker.

    The password is asked, used once and never kept. While an earlier login is good, none is asked: run this again to
    bind another vehicle, or with --home to say where home is. With --email it is always asked.
    """
    from delcia.cli.account import checked, site_of
    from delcia.cli.loginflow import Given, log_in
    from delcia.cli.saving import check_writable

    paths = in_service(host_paths(root), os.environ)
    check_writable(paths)
    given = Given(checked(account), email, from_stdin or not sys.stdin.isatty(), code, vehicles, home, locale)
    return log_in(given, site_of(plans, paths, now()), paths)
