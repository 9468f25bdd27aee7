"""The host that a command looks at or changes, and the right to change it."""

import os
import sys
from dataclasses import replace
from pathlib import Path

import click

from delcia.cli.machines import host_at, met_quietly
from delcia.cli.places import host_paths
from delcia.errors import DelciaError, Exit
from delcia.host.folders import made_account
from delcia.host.machine import Host
from delcia.host.paths import Paths

root_option = click.option(
    "--root", type=click.Path(file_okay=False, path_type=Path), help="Put all below this folder; start nothing."
)
yes_option = click.option("--yes", "-y", is_flag=True, help="Do not ask.")


def host_to_see(root: Path | None) -> Host:
    """Return the host for reading; without a systemd, only its files and crontabs."""
    host = host_at(host_paths(root))
    if met_quietly(host):
        click.echo("a change of this host was cut short; the next apply, rollback or remove undoes it first", err=True)
    return host


def host_to_change(root: Path | None, command: str, *, own: bool = False) -> Host:
    """Return the host for changing it, whole again if an earlier change was cut short. Raises `need-root`.

    Without root it is the user's own delcia: if there is one, or if they ask for it (`own`).
    """
    paths = host_paths(root)
    if root is None and os.geteuid() != 0 and not (own or (paths.personal and paths.data.is_dir())):
        hint = f"run it as root: sudo delcia {command}; or without root, by your own crontab: --target crontab"
        raise DelciaError(f"'delcia {command}' changes this host, which only root may", slug="need-root", hint=hint)
    if root is None and os.geteuid() != 0:
        paths = Paths.of_user(os.environ)
    from delcia.host.apply import recover

    host = host_at(paths)
    if recover(host):
        click.echo("a change of this host that was cut short has been undone first", err=True)
    return host


def with_account(host: Host) -> Host:
    """Return the host with the user that runs `charge`, made when missing; a root folder or a user's own needs none."""
    return host if host.paths.root is not None or host.paths.personal else replace(host, owner=made_account())


def agree(question: str, *, yes: bool) -> None:
    """Return when the person agrees. Raises `not-agreed`, and `need-yes` where nobody can be asked."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise DelciaError("nobody is here to agree", slug="need-yes", hint="add --yes", status=Exit.USAGE)
    if not click.confirm(question, err=True):
        raise DelciaError("nothing was changed", slug="not-agreed")
