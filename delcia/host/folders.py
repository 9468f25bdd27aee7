"""The folders of a host and whose they are, and the system user that runs `charge`."""

import os
import pwd
import shutil
import stat
import subprocess
from dataclasses import dataclass

from delcia.errors import DelciaError
from delcia.host.files import locked, make_folder, remove_folder, unlink
from delcia.host.paths import Paths

USER = "delcia"


@dataclass(frozen=True, slots=True)
class Account:
    """A system user, by numbers."""

    uid: int
    gid: int


def account(name: str = USER) -> Account | None:
    """Return a system user, the one that runs `charge` unless said; None when there is none."""
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return Account(entry.pw_uid, entry.pw_gid)


def made_account(name: str = USER, home: str = "/var/lib/delcia") -> Account:
    """Return a system user, the one that runs `charge` unless said, made when missing. Needs root."""
    if (found := account(name)) is not None:
        return found
    words = "there is no useradd, and no adduser"
    for command in _commands(name, home):
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
            words = done.stderr.strip() or f"exit status {done.returncode}"
        except FileNotFoundError:
            continue
        except subprocess.TimeoutExpired as error:
            words = str(error)
    if (made := account(name)) is None:
        hint = f"make a system user and group named '{name}', then try again"
        raise DelciaError(f"the user '{name}' could not be made: {words}", slug="no-user", hint=hint)
    return made


def _commands(name: str, home: str) -> list[list[str]]:
    """Return what makes a system user with a group: shadow's command, or busybox's two."""
    if shutil.which("useradd"):
        usual = ["useradd", "--system", "--user-group", "--no-create-home", "--home-dir", home]
        return [[*usual, "--shell", "/usr/sbin/nologin", name]]
    return [
        ["addgroup", "-S", name],
        ["adduser", "-S", "-D", "-H", "-h", home, "-s", "/sbin/nologin", "-G", name, name],
    ]


def prepare(paths: Paths, owner: Account | None) -> None:
    """Make the folders with their modes; with an owner, also theirs. What is in them is left alone."""
    for folder in (paths.data.parent, paths.cache.parent, paths.config):
        make_folder(folder)
    uid, gid = (owner.uid, owner.gid) if owner else (-1, -1)
    root = 0 if owner else -1
    shared, passable = (0o700, 0o700) if paths.personal else (0o750, 0o711)
    for folder, mode, its_uid, its_gid in (
        (paths.data, shared, root, gid),
        (paths.generations, shared, root, gid),
        (paths.state, shared, uid, gid),
        (paths.cache, 0o700, uid, gid),
        (paths.credentials, passable, root, root),
    ):
        make_folder(folder)
        # In the sandbox of `sync` those that are as they should be may not even be touched.
        found = folder.stat()
        if stat.S_IMODE(found.st_mode) != mode:
            folder.chmod(mode)
        if its_uid not in {-1, found.st_uid} or its_gid not in {-1, found.st_gid}:
            os.chown(folder, its_uid, its_gid)


def purge(paths: Paths) -> None:
    """Remove all that delcia keeps: history, state, cache, credentials, the panel's. Plans and host settings stay."""
    if paths.data.is_dir():
        with locked(paths.lock):
            remove_folder(paths.data)
    unlink(paths.older_panel_secrets)
    for folder in (paths.panel_secrets.parent, paths.cache, paths.credentials, paths.panel_state, paths.pulled):
        if folder.is_dir():
            remove_folder(folder)
