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
LONGEST = 16 * 1024
MOST_BRACKETS = 500
"""More than a host has to say. The YAML library takes seconds for some thousand brackets that nobody closes."""
LONGEST_WORDS = 500
MOST_VALUES, DEEPEST = 5000, 20
_OF_A_TAG = (ValueError, TypeError, KeyError, AttributeError, ArithmeticError, RecursionError)
"""What the YAML library raises beside its own errors, for `!!int x`, `!!timestamp x` or a thousand brackets."""


def section(path: Path, name: str) -> object:
    """Return what the settings say under a key, unchecked; None when nothing. Raises DelciaError 78."""
    return settings(path).get(name)


def section_alone(path: Path, name: str) -> dict[str, Any]:
    """Return the settings with one of their sections, for a service that has no business with the others."""
    found = section(path, name)
    return {} if found is None else {name: found}


def settings(path: Path) -> dict[str, Any]:
    """Return all sections. Raises DelciaError 78 for a file that is not YAML, or that others than root can change."""
    try:
        with path.open(encoding="utf-8") as file:
            about = os.fstat(file.fileno())
            if about.st_uid not in {0, os.geteuid()} or stat.S_IMODE(about.st_mode) & 0o022:
                message = f"{path} can be changed by others than root"
                hint = f"run: chown root {path} && chmod go-w {path}"
                raise DelciaError(message, slug="host-file-exposed", hint=hint, status=Exit.BROKEN)
            text = file.read(LONGEST + 1)
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        why = (error.strerror or "") if isinstance(error, OSError) else "not UTF-8"
        raise _unreadable(path, why) from None
    import yaml

    if len(text) > LONGEST or text.count("[") + text.count("{") > MOST_BRACKETS:
        raise _unreadable(path, f"it is longer than {LONGEST // 1024} kB, or has more than {MOST_BRACKETS} brackets")
    try:
        found = yaml.safe_load(text)
    except (yaml.YAMLError, *_OF_A_TAG) as error:
        mark = getattr(error, "problem_mark", None)
        raise _unreadable(path, f"not YAML{f', line {mark.line + 1}' if mark else ''}") from None
    if not _is_small(found):
        raise _unreadable(path, "it holds too much, or refers to itself")
    return found if isinstance(found, dict) else {}


def _is_small(found: object) -> bool:
    """Return whether a value stays small when each alias in it is written out: ten of them can stand for a gigabyte."""
    left, values = MOST_VALUES, [(found, 0)]
    while values:
        value, depth = values.pop()
        left -= 1
        if left < 0 or depth > DEEPEST:
            return False
        if isinstance(value, dict):
            values += [(part, depth + 1) for pair in value.items() for part in pair]
        elif isinstance(value, list | tuple | set):
            values += [(part, depth + 1) for part in value]
    return True


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
    return DelciaError(plain(message), slug="host-file-broken", hint=plain(hint), status=Exit.BROKEN)


def plain(text: str) -> str:
    """Return words that quote the settings as a terminal may show them: on one line, and not without end."""
    shown = "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)
    return shown if len(shown) <= LONGEST_WORDS else f"{shown[:LONGEST_WORDS]}…"


def _unreadable(path: Path, why: str) -> DelciaError:
    message = f"{path} cannot be read: {why}"
    return DelciaError(message, slug="host-file-broken", hint=f"correct {path}", status=Exit.BROKEN)
