"""An open store: how statements and transactions run, and what their failures mean to the owner."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from delcia.core.state import Memory
from delcia.errors import DelciaError, Exit
from delcia.store.damage import begin_afresh, is_damage
from delcia.store.file import BUSY_S

Row = tuple[Any, ...]
"""A row as SQLite gives it: each column's type stands in `store.schema`."""


@dataclass(slots=True)
class Store:
    """delcia's state, open. `path` is None when it lives in memory; `inode` is 0 when it is open to be read only.

    `remarks` is what the owner should be told about the store itself (damaged, not writable); charging goes on.
    """

    connection: sqlite3.Connection
    path: Path | None = None
    inode: int = 0
    remarks: list[DelciaError] = field(default_factory=list)
    kept: bool = True
    """False: it is a copy in memory, as the file cannot be written; what is written is forgotten with the run."""
    memories: dict[str, Memory] | None = None
    """Not None: it keeps what is remembered of vehicles, as it is, and no log of anything."""

    def close(self) -> None:
        """Close the file; what no transaction has committed is gone."""
        self.connection.close()


def rows(store: Store, sql: str, values: Sequence[object] = ()) -> list[Row]:
    """Return all rows of a query. Raise DelciaError when the file fails."""
    if store.memories is not None:
        return []
    with _told(store):
        return store.connection.execute(sql, values).fetchall()


def write(store: Store, sql: str, values: Sequence[object] = ()) -> None:
    """Run one changing statement, in the open transaction or in one of its own. Raise DelciaError when it fails."""
    if store.memories is not None:
        return
    with transaction(store), _told(store):
        store.connection.execute(sql, values)


@contextmanager
def transaction(store: Store) -> Iterator[None]:
    """Do all or nothing of what is written inside; an inner one is a part of the outer one."""
    if store.memories is not None or store.connection.in_transaction:
        yield
        return
    with _told(store):
        store.connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        with _told(store):
            store.connection.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):  # closed when the file was damaged
            store.connection.rollback()
        raise


@contextmanager
def _told(store: Store) -> Iterator[None]:
    try:
        yield
    except sqlite3.DatabaseError as error:
        if isinstance(error, (sqlite3.IntegrityError, sqlite3.ProgrammingError, sqlite3.DataError)):
            raise  # a bug in delcia
        if is_damage(error) and store.path is not None and store.inode:
            store.close()
            aside = begin_afresh(store.path, store.inode)
            msg = f"the state in {store.path.name} is damaged; it was put aside as {aside.name} and a fresh one begun"
            hint = "check the disk: SD cards wear out; the next run goes on"
            raise DelciaError(msg, slug="state-damaged", hint=hint, status=Exit.TRY_AGAIN) from error
        raise failure(error, store.path.name if store.path else "memory") from error


def failure(error: sqlite3.DatabaseError, name: str) -> DelciaError:
    """Return what a failure of SQLite means to the owner; `name` is the file's."""
    code = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
    if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        msg = f"the state in {name} was in use for {BUSY_S:g} s"
        return DelciaError(msg, slug="state-busy", hint="try again in a minute", status=Exit.TRY_AGAIN)
    if code == sqlite3.SQLITE_READONLY:
        msg = f"the state in {name} cannot be written"
        return DelciaError(msg, slug="state-read-only", hint="run as root or as the user 'delcia'", status=Exit.BROKEN)
    msg = f"the state in {name} cannot be used: {error}"
    return DelciaError(msg, slug="state-failed", hint="check the disk and its free space", status=Exit.TRY_AGAIN)
