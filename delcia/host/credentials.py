"""The secrets of an account on this host: one file, for the user of the service alone."""

import json
import os
import stat
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from delcia.core.access import Access, Binding, Coordinates
from delcia.errors import DelciaError, Exit
from delcia.host.files import unlink, write
from delcia.host.paths import Paths

if TYPE_CHECKING:  # a run of `charge` reads them, and makes no folder
    from delcia.host.folders import Account

SCHEMA = "delcia/credentials/1"
MODE, FOLDER_MODE = 0o400, 0o711
OWN_MODE, OWN_FOLDER_MODE = 0o600, 0o700
"""Of a user's own delcia, which has no service user to share anything with."""


def load(paths: Paths, account: str) -> Access:
    """Return what `delcia login` kept for an account; what systemd handed to the service comes first.

    Raises DelciaError: 77 when there is none, 78 when it cannot be read or others could read it.
    """
    for folder in paths.credential_folders:
        path = folder / _name(account)
        try:
            text = _text(path, strangers=0o007 if folder == paths.loaded_credentials else 0o077)
        except (FileNotFoundError, NotADirectoryError):
            continue
        except (OSError, UnicodeDecodeError) as error:
            hint = "run this as root, or as the user delcia"
            words = error.strerror if isinstance(error, OSError) else "not a text"
            message = f"{path} cannot be read: {words}"
            raise DelciaError(message, slug="credentials-unreadable", hint=hint, status=Exit.BROKEN) from None
        return _access(path, text)
    message = f"account '{account}' is not logged in on this host"
    hint = "run 'delcia login'" + ("" if account == "default" else f" --account {account}")
    raise DelciaError(message, slug="not-logged-in", hint=hint, status=Exit.LOGIN)


def save(paths: Paths, account: str, access: Access, owner: "Account | None") -> Path:
    """Keep an account's secrets, all at once, for `owner` alone (None: whoever runs this). Return the file."""
    folder = paths.credentials
    _make(folder)
    folder.chmod(OWN_FOLDER_MODE if paths.personal else FOLDER_MODE)
    data = {
        "schema": SCHEMA,
        "origin": access.origin,
        "login_token": access.login_token,
        "device_ids": dict(access.device_ids),
        "vehicles": {name: asdict(binding) for name, binding in sorted(access.vehicles.items())},
        "home": None if access.home is None else asdict(access.home),
    }
    uid, gid = (-1, -1) if owner is None else (owner.uid, owner.gid)
    path = folder / _name(account)
    write(path, json.dumps(data, indent=2) + "\n", mode=OWN_MODE if paths.personal else MODE, uid=uid, gid=gid)
    return path


def remove(paths: Paths, account: str) -> bool:
    """Forget an account's secrets; say whether there were any."""
    path = paths.credentials / _name(account)
    there = path.is_file()
    unlink(path)
    return there


def accounts(paths: Paths) -> tuple[str, ...]:
    """Return the names of the accounts that are logged in on this host."""
    names = {path.stem for folder in paths.credential_folders for path in folder.glob("[!.]*.json")}
    return tuple(sorted(names))


def home_of(paths: Paths, account: str) -> Coordinates | None:
    """Return the home that an account knows, else what another account of this host knows: a site has one home."""
    for name in (account, *accounts(paths)):
        try:
            home = load(paths, name).home
        except DelciaError:
            continue
        if home is not None:
            return home
    return None


def is_logged_in(paths: Paths, account: str) -> bool:
    """Return whether there is a login of an account that this user may use."""
    try:
        load(paths, account)
    except DelciaError:
        return False
    return True


def _name(account: str) -> str:
    if "/" in account or account.startswith("."):
        msg = f"no name of an account: {account}"
        raise ValueError(msg)
    return f"{account}.json"


def _text(path: Path, *, strangers: int) -> str:
    """Return a file's text, unless anybody but its owner may read it."""
    with path.open(encoding="utf-8") as file:
        mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
        if mode & strangers:
            message = f"{path} can be read by others (mode {mode:04o})"
            hint = f"run: chmod 0400 {path}; if strangers use this host, change the password and run 'delcia login'"
            raise DelciaError(message, slug="credentials-exposed", hint=hint, status=Exit.BROKEN)
        return file.read()


def _access(path: Path, text: str) -> Access:
    try:
        data: dict[str, Any] = json.loads(text)
        bindings = {
            str(name): Binding(str(item["account_id"]), str(item["vin"]), item.get("model_code"))
            for name, item in data["vehicles"].items()
        }
        place = data.get("home")
        home = None if place is None else Coordinates(float(place["latitude"]), float(place["longitude"]))
        ids = {str(name): str(value) for name, value in data["device_ids"].items()}
        return Access(str(data["origin"]), str(data["login_token"]), ids, bindings, home)
    except (ValueError, TypeError, KeyError, AttributeError):
        message = f"{path} is damaged, or written by a newer delcia"
        raise DelciaError(message, slug="credentials-damaged", hint="run 'delcia login'", status=Exit.LOGIN) from None


def _make(folder: Path) -> None:
    """Make a folder and those above it, for everybody to enter, whatever the umask is."""
    if not folder.is_dir():
        _make(folder.parent)
        folder.mkdir()
        folder.chmod(0o755)
