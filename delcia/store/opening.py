"""Opening the store: to change it, to read it, or in memory; whatever state the file is in, charging goes on."""

import sqlite3
from contextlib import closing
from pathlib import Path

from delcia.errors import DelciaError, Exit
from delcia.store.connection import Store, failure
from delcia.store.damage import begin_afresh, is_damage
from delcia.store.file import connect, make, up_to_date
from delcia.store.schema import STEPS, migrate, version_of


def open_forgetful() -> Store:
    """Return a store for simulations: it remembers vehicles and logs nothing, so that a year takes seconds."""
    return Store(sqlite3.connect(":memory:"), memories={})


def open_store(path: Path | None) -> Store:
    """Open the state of this host, making it where there is none; None: in memory, for simulate.

    A damaged file is put aside and a fresh one begun. On a full or read-only disk the store is a copy in memory.
    Both are told in `remarks`. Raise DelciaError 78 without permission, or when a newer delcia wrote the file.
    """
    if path is None:
        return _in_memory(None)
    trouble = make(path)
    if trouble:
        return open_unkept(path, trouble)
    inode = path.stat().st_ino
    try:
        return Store(up_to_date(path), path, inode)
    except sqlite3.DatabaseError as error:
        if not is_damage(error):
            raise failure(error, path.name) from error
    aside = begin_afresh(path, inode)
    store = Store(up_to_date(path), path, path.stat().st_ino)
    msg = f"the state in {path.name} was damaged; it was put aside as {aside.name} and a fresh one begun"
    store.remarks.append(DelciaError(msg, slug="state-damaged", hint="check the disk: SD cards wear out"))
    return store


def open_unkept(path: Path, trouble: str) -> Store:
    """Open a copy in memory of a file that cannot be written; `trouble` says why."""
    store = _in_memory(path)
    store.kept = False
    hint = "free some space or replace the disk; charging goes on, but each run forgets what it did"
    store.remarks.append(DelciaError(f"the state cannot be kept: {trouble}", slug="state-not-kept", hint=hint))
    return store


def open_readonly(path: Path) -> Store:
    """Open the state to look at it; needs no permission to write. Without a file it is empty.

    Raise DelciaError 78 without permission to read, 75 while the state waits for its next writer to repair it.
    """
    try:
        with path.open("rb"):
            pass
    except FileNotFoundError:
        return _in_memory(None)
    except PermissionError as error:
        msg = f"no permission to read {path}"
        hint = "run as root, or join the group: adduser YOU delcia"
        raise DelciaError(msg, slug="no-permission", hint=hint, status=Exit.BROKEN) from error
    try:
        connection = connect(path, "ro")
        try:
            if version_of(connection) == len(STEPS):
                return Store(connection, path)
        except BaseException:
            connection.close()
            raise
        connection.close()
        return _in_memory(path)
    except sqlite3.DatabaseError as error:
        # Also a journal left by a killed writer: only a writer may play it back.
        msg = f"the state in {path.name} cannot be read now: {error}"
        hint = "the next run of charge repairs it; try again in five minutes"
        raise DelciaError(msg, slug="state-unreadable", hint=hint, status=Exit.TRY_AGAIN) from error


def _in_memory(copied: Path | None) -> Store:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    if copied is not None:
        try:
            with closing(connect(copied, "ro")) as source:
                source.backup(connection)
            migrate(connection)
        except sqlite3.Error:  # no file, or not one that can be read: begin with nothing
            connection.close()
            connection = sqlite3.connect(":memory:", isolation_level=None)
    migrate(connection)
    return Store(connection)
