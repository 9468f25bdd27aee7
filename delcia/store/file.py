"""The file itself: made with the right permissions, addressed, connected to, brought up to date."""

import os
import sqlite3
from pathlib import Path

from delcia.errors import DelciaError, Exit
from delcia.store.schema import migrate

BUSY_S = 10.0
ROOM_B = 1_000_000
"""With less free space than this nothing is written: a transaction that fails half-way tells the owner less."""


def connect(path: Path, mode: str) -> sqlite3.Connection:
    """Return a connection in which only `store.connection.transaction` begins and ends transactions.

    `mode` is rw or ro. EXTRA: after a power cut a command that was sent must not come back as never sent.
    """
    text = str(path.absolute()).replace("%", "%25").replace("?", "%3f").replace("#", "%23")
    connection = sqlite3.connect(f"file:{text}?mode={mode}", uri=True, isolation_level=None, timeout=BUSY_S)
    connection.execute("PRAGMA synchronous = EXTRA")
    return connection


def make(path: Path) -> str:
    """Make the file, readable by its group, if it is not there; return why nothing can be kept in it, or nothing.

    Raise DelciaError 78 without permission.
    """
    try:
        path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640))
        space = os.statvfs(path)
    except PermissionError as error:
        msg = f"no permission to write {path}"
        hint = "run as root or as the user 'delcia'"
        raise DelciaError(msg, slug="no-permission", hint=hint, status=Exit.BROKEN) from error
    except OSError as error:
        return error.strerror or "the disk fails"
    return "" if space.f_bavail * space.f_frsize >= ROOM_B else "the disk is full"


def up_to_date(path: Path) -> sqlite3.Connection:
    """Return a connection to a file that has its tables, after reading enough of it to find plain damage."""
    connection = connect(path, "rw")
    try:
        migrate(connection)
        connection.execute("SELECT vehicle, data FROM memory").fetchall()
    except BaseException:
        connection.close()
        raise
    return connection
