"""The host that a command looks at or changes, and the right to change it."""

import os
import sys
from pathlib import Path

import click

from delcia.errors import DelciaError, Exit
from delcia.host.apply import recover
from delcia.host.folders import account, made_account
from delcia.host.journal import met
from delcia.host.machine import Host
from delcia.host.paths import Paths
from delcia.host.systemctl import RunningSystemd, is_running
from delcia.host.systemd import AbsentSystemd

root_option = click.option(
    "--root", type=click.Path(file_okay=False, path_type=Path), help="Put all below this folder; start nothing."
)
yes_option = click.option("--yes", "-y", is_flag=True, help="Do not ask.")


def host_to_see(root: Path | None) -> Host:
    """Return the host for reading; without a systemd, only its files."""
    present = root is None and is_running()
    host = Host(Paths.system(root), RunningSystemd() if present else AbsentSystemd())
    if met_quietly(host):
        click.echo("a change of this host was cut short; the next apply, rollback or remove undoes it first", err=True)
    return host


def host_to_change(root: Path | None, command: str) -> Host:
    """Return the host for changing it, whole again if an earlier change was cut short. Raises `need-root`."""
    if root is not None:
        host = Host(Paths.system(root), AbsentSystemd())
    else:
        if os.geteuid() != 0:
            hint = f"run it as root: sudo delcia {command}; or try it in a folder with --root DIR"
            raise DelciaError(f"'delcia {command}' changes this host, which only root may", slug="need-root", hint=hint)
        if not is_running():
            hint = "use --root DIR to write the files into a folder"
            raise DelciaError("systemd does not run this host", slug="no-systemd", hint=hint)
        host = Host(Paths.system(), RunningSystemd(), account())
    if recover(host):
        click.echo("a change of this host that was cut short has been undone first", err=True)
    return host


def with_account(host: Host) -> Host:
    """Return the host with the user that runs `charge`, made when missing; below a root folder there is none."""
    return host if host.paths.root is not None else Host(host.paths, host.systemd, made_account())


def agree(question: str, *, yes: bool) -> None:
    """Return when the person agrees. Raises `not-agreed`, and `need-yes` where nobody can be asked."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise DelciaError("nobody is here to agree", slug="need-yes", hint="add --yes", status=Exit.USAGE)
    if not click.confirm(question, err=True):
        raise DelciaError("nothing was changed", slug="not-agreed")


def met_quietly(host: Host) -> bool:
    """Tell whether a change was cut short; who may not read the journal is not told."""
    try:
        return met(host.paths) is not None
    except DelciaError:
        return False
