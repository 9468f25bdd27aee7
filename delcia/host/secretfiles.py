"""Secrets of the host's settings in files of their own: `{file: /etc/delcia/secrets/ntfy}` in the place of a text.

host.yaml may be read by every member of the group `delcia`; a file is for the user `delcia` alone (mode 0400).
"""

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from delcia.errors import DelciaError, Exit
from delcia.host.hostfile import settings, wrong

LONGEST_OCTETS = 4096
HINT = "run: sudo install -m 0400 -o delcia -g delcia /dev/stdin {}"
CALLS = ("start", "stop")


class NotForThisUserError(DelciaError):
    """A file that a setting names is there, and for others than who runs this."""


def secret_text(path: Path, where: str, given: Any) -> Any:  # noqa: ANN401 - as it stands in the file
    """Return what stands in the settings, or the text of the file that it names. Raises DelciaError 78."""
    if not isinstance(given, dict) or set(given) != {"file"}:
        return given
    name = given["file"]
    if not isinstance(name, str) or not name.startswith("/") or not name.isprintable():
        raise wrong(path, where, "'file' must be an absolute path", "write {file: /etc/delcia/secrets/NAME}")
    try:
        text = _read(path, where, name)
    except PermissionError:
        message, hint = f"{path}: {where}: '{name}' is not for this user", "run this as root, or as the user delcia"
        raise NotForThisUserError(message, slug="not-allowed", hint=hint, status=Exit.BROKEN) from None
    except (OSError, UnicodeDecodeError) as error:
        why = (error.strerror or "") if isinstance(error, OSError) else "not UTF-8"
        raise wrong(path, where, f"'{name}' cannot be read: {why}", HINT.format(name)) from None
    if not text or not text.isprintable():
        raise wrong(path, where, f"'{name}' must hold one line of text", HINT.format(name))
    return text


def secret_texts(path: Path, where: str, given: Any) -> Any:  # noqa: ANN401 - as it stands in the file
    """Return headers with the texts of the files that they name."""
    if not isinstance(given, dict):
        return given
    return {name: secret_text(path, where, text) for name, text in given.items()}


def secrets_in_the_open(path: Path) -> tuple[str, ...]:
    """Return the places of host.yaml that may hold a secret in a text that others than its owner may read."""
    try:
        if not stat.S_IMODE(path.stat().st_mode) & 0o044:
            return ()
        return tuple(_texts(settings(path)))
    except (OSError, DelciaError):
        return ()


def _texts(found: dict[str, Any]) -> Iterator[str]:
    notify, commands = found.get("notify"), found.get("commands")
    if isinstance(notify, dict):
        webhook = notify.get("webhook")
        url = webhook.get("url") if isinstance(webhook, dict) else webhook
        if isinstance(url, str):
            yield "notify: webhook"
        if isinstance(webhook, dict):
            yield from _headers("notify: webhook: headers", webhook)
        if isinstance(notify.get("heartbeat"), str):
            yield "notify: heartbeat"
    for name, command in commands.items() if isinstance(commands, dict) else ():
        for key in CALLS if isinstance(command, dict) else ():
            if isinstance(command.get(key), dict):
                yield from _headers(f"commands: {name}: {key}: headers", command[key])


def _headers(where: str, call: dict[str, Any]) -> Iterator[str]:
    headers = call.get("headers")
    if isinstance(headers, dict) and any(isinstance(text, str) for text in headers.values()):
        yield where


def _read(path: Path, where: str, name: str) -> str:
    """Return a file's one line, unless anybody but its owner may read it. Raises OSError."""
    handle = os.open(name, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(handle, "rb") as file:
        about = os.fstat(handle)
        if not stat.S_ISREG(about.st_mode):
            raise wrong(path, where, f"'{name}' is not a plain file", HINT.format(name))
        if about.st_mode & 0o077:
            mode = stat.S_IMODE(about.st_mode)
            raise wrong(path, where, f"'{name}' can be read by others (mode {mode:04o})", f"run: chmod 0400 {name}")
        octets = file.read(LONGEST_OCTETS + 1)
    if len(octets) > LONGEST_OCTETS:
        raise wrong(path, where, f"'{name}' is longer than {LONGEST_OCTETS} octets", HINT.format(name))
    return octets.decode("utf-8").rstrip("\r\n")
