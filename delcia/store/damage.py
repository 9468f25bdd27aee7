"""A damaged file is put aside, once, and a fresh one begun with what can be saved."""

import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from delcia.store.file import make, up_to_date
from delcia.store.lock import file_lock

DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def is_damage(error: sqlite3.DatabaseError) -> bool:
    """Return whether SQLite found the file itself broken."""
    return ((getattr(error, "sqlite_errorcode", None) or 0) & 0xFF) in DAMAGED


def begin_afresh(path: Path, inode: int) -> Path:
    """Replace a damaged file, unless another process has done so since it was opened as `inode`.

    Return where the damaged one is now. One is kept, the latest, so that a failing disk is not filled with them.
    """
    aside = path.with_name(path.name + ".damaged")
    with file_lock(path.with_name(path.name + ".lock"), "the damaged state"):
        if path.exists() and path.stat().st_ino == inode:
            # The journal goes first: an old journal beside a new file would be played back into it.
            for ending in ("-journal", ""):
                with suppress(FileNotFoundError):
                    path.with_name(path.name + ending).replace(aside.with_name(aside.name + ending))
            make(path)
            with closing(up_to_date(path)) as fresh:
                _save_memories(aside, fresh)
    return aside


def _save_memories(aside: Path, fresh: sqlite3.Connection) -> None:
    """Copy the memories that can still be read: a person's wish (a pause, a trip) is worth more than the logs."""
    with suppress(sqlite3.Error), closing(sqlite3.connect(aside)) as damaged:
        for row in damaged.execute("SELECT vehicle, data FROM memory"):
            fresh.execute("INSERT OR IGNORE INTO memory (vehicle, data) VALUES (?, ?)", row)
