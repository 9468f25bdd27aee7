"""The host's own settings, root's and never from git: `host.yaml`, read into sections, each with its places.

Every section has a module of its own that checks it: `commands` is `host.settings`, `notify` is `host.notifying`.
"""

import os
import stat
from collections.abc import Collection
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from delcia.errors import DelciaError, Exit

SECTIONS = ("commands", "notify", "panel", "sync")


def section(path: Path, name: str) -> object:
    """Return what the settings say under a key, unchecked; None when nothing. Raises DelciaError 78."""
    return settings(path).get(name)


def settings(path: Path) -> dict[str, Any]:
    """Return all sections. Raises DelciaError 78 for a file that is not YAML, or that others than root can change."""
    try:
        with path.open(encoding="utf-8") as file:
            about = os.fstat(file.fileno())
            if about.st_uid not in {0, os.geteuid()} or stat.S_IMODE(about.st_mode) & 0o022:
                message = f"{path} can be changed by others than root"
                hint = f"run: chown root {path} && chmod go-w {path}"
                raise DelciaError(message, slug="host-file-exposed", hint=hint, status=Exit.BROKEN)
            text = file.read()
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        why = (error.strerror or "") if isinstance(error, OSError) else "not UTF-8"
        raise _unreadable(path, why) from None
    import yaml

    try:
        found = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise _unreadable(path, f"not YAML{f', line {mark.line + 1}' if mark else ''}") from None
    return found if isinstance(found, dict) else {}


def check_keys(path: Path, where: str, found: Collection[object], known: tuple[str, ...]) -> None:
    """Refuse a key that nobody reads: what it should do would silently not be done. Raises DelciaError 78."""
    for key in found:
        if key not in known:
            close = get_close_matches(str(key), known, n=1)
            hint = f"did you mean '{close[0]}'?" if close else f"there are: {', '.join(known)}"
            raise wrong(path, where, f"unknown key '{key}'", hint)


def wrong(path: Path, where: str, why: str, hint: str) -> DelciaError:
    """Return what is wrong with the settings: where (`notify: webhook:`, empty for the file), why, and the way out."""
    message = ": ".join(part for part in (str(path), where, why) if part)
    return DelciaError(message, slug="host-file-broken", hint=hint, status=Exit.BROKEN)


def _unreadable(path: Path, why: str) -> DelciaError:
    message = f"{path} cannot be read: {why}"
    return DelciaError(message, slug="host-file-broken", hint=f"correct {path}", status=Exit.BROKEN)
