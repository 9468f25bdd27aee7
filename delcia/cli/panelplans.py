"""Where on this host the panel changes plans, and what its unit must be let do there; what it cannot even see."""

import re
from pathlib import Path

from delcia.cli.panelplaces import HOME, USER
from delcia.compile.escaping import PATH
from delcia.errors import DelciaError, Exit
from delcia.host.folders import account
from delcia.host.paths import Paths
from delcia.panel.settings import PanelSettings

HIDDEN = tuple(Path(name) for name in ("/home", "/root", "/run/user", "/tmp", "/var/tmp"))  # noqa: S108 - only named
"""What the sandbox of the units keeps from them."""


SECRET_IN_ADDRESS = re.compile(r"https?://[^/]*@|[a-z+]+://[^/@]*:[^/]*@", re.IGNORECASE)


def place_to_write(settings: PanelSettings) -> Path | None:
    """Return the folder of this host that a change is written to: a repository, or the checkout of the plans.

    None where they are pushed elsewhere, or not changed. Raises OSError when this user may not look there.
    """
    told = settings.plans
    if "repository" in told:
        path = told["repository"].removeprefix("file://")
        return Path(path) if path.startswith("/") else None
    if "folder" not in told:
        return None
    folder = Path(told["folder"])
    if not folder.is_absolute():
        return folder
    return next((above for above in (folder, *folder.parents) if _is_checkout(above)), folder)


def check_public(settings: PanelSettings) -> None:
    """Raise `secret-in-unit` for a repository's address that holds a secret: everybody may read the panel's unit."""
    if SECRET_IN_ADDRESS.match(settings.plans.get("repository", "")):
        message = "the address of the panel's repository holds a password or a token"
        hint = "write ssh://git@HOST/PATH or git@HOST:PATH, and name a key: docs/panel.md"
        raise DelciaError(message, slug="secret-in-unit", hint=hint, status=Exit.BROKEN)


def is_pushed(settings: PanelSettings) -> bool:
    """Return whether plans are pushed over a network: all else that the panel does, it does on this host."""
    return "repository" in settings.plans and place_to_write(settings) is None


def files_to_read(paths: Paths, settings: PanelSettings) -> tuple[str, ...]:
    """Return the files beside the settings that the panel must see: whom it trusts, and its key if that lies there."""
    if "repository" not in settings.plans:
        return ()
    key = settings.plans.get("key", "")
    beside = (key,) if Path(key).is_relative_to(paths.config) else ()
    return (str(paths.known_hosts), *beside)


def check_plans(settings: PanelSettings) -> None:
    """Raise DelciaError for what keeps the unit of the panel from changing plans, with the way out."""
    try:
        place = place_to_write(settings)
    except OSError:
        place = Path(settings.plans["folder"])
    key = settings.plans.get("key")
    if key is not None:
        _check_seen(Path(key), f"keep the key in {HOME}")
    if place is None:
        return
    elsewhere = f"move the plans to a place such as /srv/car, which {USER} owns, or name a repository: docs/panel.md"
    _check_seen(place, elsewhere)
    if not PATH.fullmatch(str(place)):
        hint = "name an absolute path of letters, digits and any of . _ + @ - only"
        raise DelciaError(f"'{place}' cannot stand in a unit", slug="unsafe-path", hint=hint)
    owner = account(USER)
    try:
        about = place.stat()
    except FileNotFoundError:
        message = f"{place} is not there, where the panel is to change plans"
        raise DelciaError(message, slug="no-plans", hint=elsewhere) from None
    except OSError:
        return
    if owner is not None and about.st_uid != owner.uid:
        message = f"{place} is not {USER}'s, so the panel cannot change the plans there"
        raise DelciaError(message, slug="not-the-panels", hint=f"run: sudo chown -R {USER}: {place}")


def _check_seen(path: Path, hint: str) -> None:
    """Raise `plans-hidden` for what lies, also by a link, where the sandbox hides it."""
    lies = path.resolve() if path.is_absolute() else path
    hidden = next((top for top in HIDDEN if lies.is_relative_to(top)), None)
    if hidden is not None:
        message = f"the panel's unit cannot see {path}: its sandbox hides {hidden}"
        raise DelciaError(message, slug="plans-hidden", hint=hint)


def _is_checkout(folder: Path) -> bool:
    try:
        (folder / ".git").lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True
