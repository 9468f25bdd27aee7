"""The tables, and the steps that bring an older file up to them.

A step is never edited once released: add another. `user_version` counts the steps a file has had.
All instants are texts of `store.instants`.
"""

import sqlite3

from delcia.errors import DelciaError, Exit

STEPS: tuple[tuple[str, ...], ...] = (
    (
        "CREATE TABLE memory (vehicle TEXT PRIMARY KEY, data TEXT NOT NULL) WITHOUT ROWID",
        """CREATE TABLE readings (
            vehicle TEXT NOT NULL, read_at TEXT NOT NULL, reported_at TEXT NOT NULL,
            plug TEXT NOT NULL, charge TEXT NOT NULL, soc_pct REAL, range_km INTEGER, UNIQUE (vehicle, read_at))""",
        """CREATE TABLE commands (
            vehicle TEXT NOT NULL, sent_at TEXT NOT NULL, kind TEXT NOT NULL, reason TEXT NOT NULL,
            outcome TEXT NOT NULL, confirmed_at TEXT, UNIQUE (vehicle, sent_at))""",
        """CREATE TABLE decisions (
            vehicle TEXT NOT NULL, at TEXT NOT NULL, words TEXT NOT NULL, action TEXT NOT NULL,
            wanted INTEGER NOT NULL)""",
        "CREATE INDEX decisions_of ON decisions (vehicle)",
        """CREATE TABLE sessions (
            vehicle TEXT NOT NULL, began_at TEXT NOT NULL, ended_at TEXT NOT NULL, owner TEXT NOT NULL, plan TEXT,
            charger TEXT, soc_start_pct REAL, soc_end_pct REAL, energy_wall_kwh REAL, reason TEXT NOT NULL,
            UNIQUE (vehicle, began_at))""",
        "CREATE TABLE overrides (vehicle TEXT NOT NULL, at TEXT NOT NULL, data TEXT NOT NULL)",
        "CREATE INDEX overrides_of ON overrides (vehicle)",
        """CREATE TABLE notices (
            id INTEGER PRIMARY KEY, vehicle TEXT NOT NULL, slug TEXT NOT NULL, text TEXT NOT NULL, at TEXT NOT NULL,
            sent_at TEXT)""",
        "CREATE TABLE api_calls (account TEXT NOT NULL, at TEXT NOT NULL, kind TEXT NOT NULL)",
        "CREATE TABLE circuits (account TEXT PRIMARY KEY, open_until TEXT NOT NULL) WITHOUT ROWID",
    ),
    ("ALTER TABLE sessions ADD COLUMN power_kw REAL",),
    ("ALTER TABLE notices ADD COLUMN cleared_at TEXT",),
    (
        """CREATE TABLE requests (
            key TEXT PRIMARY KEY, at TEXT NOT NULL, vehicle TEXT NOT NULL, status INTEGER NOT NULL, words TEXT NOT NULL,
            slug TEXT NOT NULL, hint TEXT NOT NULL, kept INTEGER NOT NULL)""",
    ),
    (
        "ALTER TABLE sessions ADD COLUMN energy_battery_kwh REAL",
        "ALTER TABLE sessions ADD COLUMN source TEXT NOT NULL DEFAULT 'readings'",
    ),
)


def version_of(connection: sqlite3.Connection) -> int:
    """Return how many steps a file has had; 0 is an empty one."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def migrate(connection: sqlite3.Connection) -> None:
    """Bring the tables up to date, all steps in one transaction. Raise DelciaError 78 for a file from the future."""
    version = version_of(connection)
    if version > len(STEPS):
        msg = f"the state was written by a newer delcia (version {version}, this one knows {len(STEPS)})"
        hint = "install that delcia again, or move the state file away"
        raise DelciaError(msg, slug="newer-state", hint=hint, status=Exit.BROKEN)
    if version == len(STEPS):
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Read again: another process may have migrated while this one waited for the lock.
        for step in STEPS[version_of(connection) :]:
            for statement in step:
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {len(STEPS)}")
    except BaseException:
        connection.rollback()
        raise
    connection.commit()
