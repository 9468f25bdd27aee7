"""`delcia logout`: forget an account on this host."""

import os
from pathlib import Path

import click

from delcia.cli.places import host_paths
from delcia.host.paths import in_service


@click.command(epilog="Example: delcia logout --account family")
@click.option("--account", default="default", show_default=True, help="The account, as the plans name it.")
@click.option("--root", type=click.Path(path_type=Path), help="Use the files below this folder.")
def command(account: str, root: Path | None) -> None:
    """Remove an account's login token from this host.

    Its cars are then left alone: whatever charges, goes on.
    """
    from delcia.car.renault.cache import cache_file
    from delcia.cli.account import checked
    from delcia.cli.saving import writable
    from delcia.host.credentials import remove

    paths = in_service(host_paths(root), os.environ)
    with writable(paths):
        there = remove(paths, checked(account))
        cached = cache_file(paths.cache, account)
        if cached is not None:
            cached.unlink(missing_ok=True)
    click.echo(f"logged out of account '{account}'" if there else f"account '{account}' was not logged in")
