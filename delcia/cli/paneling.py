"""What the panel is composed of on a host: what it may look at, whom it asks, its secrets and its user."""

import os
import secrets
import socket
import stat
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from delcia.cli.checking import Checks
from delcia.cli.clock import now as clock_now
from delcia.cli.panelplaces import Places, made_user
from delcia.cli.places import own_settings
from delcia.host.files import make_folder, read, write
from delcia.host.folders import account
from delcia.host.systemctl import is_running
from delcia.panel.ended import Ended
from delcia.panel.house import House, Plans, Seen
from delcia.panel.secrets import Secrets, load
from delcia.panel.sessions import device_key, signing_key
from delcia.panel.settings import PanelSettings, names_of_host, panel_settings
from delcia.panel.visits import Panel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from delcia.core.request import Answer, Request
    from delcia.report.logbook import Entry, Then

SOCKET = Path("/run/delcia/request")
SEED_OCTETS = 32


def as_panel_user(places: Places) -> None:
    """Become the panel's user when root: a page that strangers can reach is served by nobody else."""
    owner, group = made_user(places), account()
    if owner is None:
        return
    spool = places.paths.spool
    if group is not None:
        for folder, gid, mode in ((places.state, owner.gid, 0o700), (spool, group.gid, 0o770)):
            make_folder(folder)
            os.chown(folder, owner.uid, gid)
            folder.chmod(mode)
    os.setgroups([group.gid] if group else [])
    os.setgid(owner.gid)
    os.setuid(owner.uid)
    os.umask(0o027)


def settings_of(places: Places) -> PanelSettings:
    """Return what the settings say of the panel. They are read before it becomes its own user, who may not."""
    return panel_settings(own_settings(places.paths))


def panel_of(places: Places, lang: str | None, settings: PanelSettings | None = None) -> Panel:
    """Return the panel of a host, for the user that it runs as; `settings` were read before."""
    seed, settings = _seed(places.state), settings or settings_of(places)
    house, kept = house_of(places, settings), _own_folder(places.state / "templates")
    mark = _mark(places.secrets)

    def known() -> tuple[Secrets, bytes]:
        found = load(read(places.secrets))
        return found, signing_key(seed, found)

    def renewed() -> tuple[Secrets, bytes] | None:
        nonlocal mark
        if (now := _mark(places.secrets)) == mark:
            return None
        found, mark = known(), now
        return found

    ended = Ended(places.state / "ended.json")
    return Panel(house, settings, *known(), names_of_host(), lang, kept, renewed, device_key(seed), ended)


def house_of(places: Places, settings: PanelSettings) -> House:
    """Return what the panel may look at, and whom it asks: a socket where systemd listens, else the next run."""
    root, paths = places.root, places.paths
    by_units = root is None and not paths.personal and is_running()
    if not by_units and (paths.root is not None or paths.personal):
        paths.spool.mkdir(mode=0o700, parents=True, exist_ok=True)
    checks = Checks(root, places.state / "checks.json")

    def look() -> Seen | None:
        from delcia.cli.looking import seen

        return seen(root)

    def answered(key: str) -> "Answer | None":
        from delcia.cli.looking import answer_in

        return answer_in(paths, key)

    async def ask(request: "Request") -> "Answer | None":
        from delcia.panel.asking import by_socket, by_spool

        return await by_socket(SOCKET, request) if by_units else by_spool(paths.spool, request)

    def log(vehicle: str, at: str) -> "tuple[Sequence[Entry], Then | None]":
        from delcia.cli.looking import logged

        return logged(root, vehicle, at)

    return House(clock_now, look, checks.now, ask, answered, log, plans_of(places, settings))


def plans_of(places: Places, settings: PanelSettings) -> Plans | None:
    """Return where plans are changed, by the settings of the host; None where nothing is said of it."""
    told = settings.plans
    if not told:
        return None
    if find_spec("ruamel") is None:
        sys.stderr.write("plans are not changed here: that needs ruamel.yaml, of the extra delcia[panel]\n")
        return None
    from delcia.editing.homes import Folder
    from delcia.editing.upstream import Upstream
    from delcia.host.remote import ssh_environment
    from delcia.host.repository import Author

    key = Path(told["key"]) if "key" in told else None
    author = Author("delcia panel", f"panel@{socket.gethostname()}", key)
    if "repository" not in told:
        return Plans(Folder(Path(told["folder"])), author)
    # Somebody without root, whose own panel it is, has keys and known hosts of their own.
    theirs = places.paths.personal and key is None
    environment = {} if theirs else ssh_environment(places.paths.known_hosts, key)
    clone = places.state / "plans.git"
    there = Upstream(told["repository"], told.get("branch", "main"), told.get("folder", ""), clone, (), environment)
    return Plans(there, author)


def _mark(file: Path) -> tuple[int, ...]:
    """Return what tells a file from another one in its place; nothing for none."""
    try:
        about = file.stat()
    except OSError:
        return ()
    return about.st_ino, about.st_mtime_ns, about.st_size


def _own_folder(folder: Path) -> Path | None:
    """Return a folder that only this user may write, made when missing; None where that cannot be had."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        about = folder.lstat()
    except OSError:
        return None
    safe = stat.S_ISDIR(about.st_mode) and about.st_uid == os.geteuid() and not about.st_mode & 0o022
    return folder if safe else None


def _seed(folder: Path) -> bytes:
    """Return the panel's own secret, made when missing; without it, everybody logs in anew."""
    file = folder / "key"
    try:
        found = file.read_bytes()
        if len(found) >= SEED_OCTETS:
            return found
    except FileNotFoundError:
        pass
    except OSError as error:
        sys.stderr.write(f"{file}: {error.strerror}; visits end with this run\n")
        return secrets.token_bytes(SEED_OCTETS)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    write(file, secrets.token_hex(SEED_OCTETS), mode=0o600)
    return file.read_bytes()
