"""The host that some places belong to, with whatever runs delcia there."""

from contextlib import suppress

from delcia.errors import DelciaError
from delcia.host.crond import RunningCrontabs
from delcia.host.folders import account
from delcia.host.journal import met
from delcia.host.machine import Host
from delcia.host.paths import Paths
from delcia.host.systemctl import RunningSystemd, is_running
from delcia.host.systemd import AbsentSystemd


def host_at(paths: Paths) -> Host:
    """Return the host, with its systemd and crontabs if there are any."""
    if paths.root is not None:
        return Host(paths, AbsentSystemd())
    if paths.personal:
        return Host(paths, AbsentSystemd(useless=True), crontabs=RunningCrontabs())
    systemd = RunningSystemd() if is_running() else AbsentSystemd(useless=True)
    return Host(paths, systemd, account(), RunningCrontabs())


def met_quietly(host: Host) -> bool:
    """Tell whether a change is under way or was cut short, also to who may not read its journal but sees it."""
    try:
        return met(host.paths) is not None
    except DelciaError:
        with suppress(OSError):
            return host.paths.journal.exists()
        return False
