"""Where the panel keeps what is its own on a host, its secrets, and the user that it runs as."""

import os
from dataclasses import dataclass
from pathlib import Path

from delcia.cli.places import host_paths
from delcia.errors import DelciaError, Exit
from delcia.host.files import make_folder, read, unlink, write
from delcia.host.folders import Account, made_account
from delcia.host.paths import Paths
from delcia.panel.secrets import Secrets, dump, load

USER, HOME = "delcia-panel", "/var/lib/delcia-panel"


@dataclass(frozen=True, slots=True)
class Places:
    """Where the panel keeps what is its own."""

    paths: Paths
    root: Path | None
    state: Path

    @property
    def secrets(self) -> Path:
        """The file of its secrets: where 0.1 left it, until it is written again or the panel switched on."""
        old, new = self.paths.older_panel_secrets, self.paths.panel_secrets
        return old if old.exists() and not new.exists() else new


def places_of(root: Path | None) -> Places:
    """Return the places of the panel on a host."""
    paths = host_paths(root)
    given = os.environ.get("STATE_DIRECTORY", "")
    state = Path(given) if given.startswith("/") and root is None else paths.panel_state
    return Places(paths, root, state)


def secrets_of(places: Places) -> Secrets:
    """Return the panel's secrets. Raises DelciaError when they are there and cannot be read."""
    return load(read(places.secrets))


def write_secrets(places: Places, found: Secrets) -> None:
    """Write the panel's secrets for its user alone, who is made when missing."""
    owner, file = made_user(places), places.paths.panel_secrets
    uid, gid = (owner.uid, owner.gid) if owner else (-1, -1)
    try:
        make_folder(file.parent)
        write(file, dump(found), mode=0o400, uid=uid, gid=gid)
        unlink(places.paths.older_panel_secrets)
    except PermissionError:
        message = f"{file} cannot be written by this user"
        hint = "run it as root: sudo delcia panel --set-password"
        raise DelciaError(message, slug="need-root", hint=hint, status=Exit.BROKEN) from None


def made_user(places: Places) -> Account | None:
    """Return the panel's user, made when missing; None below a root folder, and for who is not root."""
    if os.geteuid() != 0 or places.root is not None:
        return None
    return made_account(USER, HOME)
