"""Keeping the logs small."""

from datetime import datetime, timedelta

from delcia.store.connection import Store, rows, transaction, write
from delcia.store.instants import text_of

KEPT = (
    ("readings", "read_at", timedelta(days=400)),
    ("commands", "sent_at", timedelta(days=400)),
    ("overrides", "at", timedelta(days=400)),
    ("decisions", "at", timedelta(days=90)),
    ("notices", "at", timedelta(days=90)),
    ("requests", "at", timedelta(days=7)),
)
"""Table, its instant, and how long its rows are kept."""
SLACK = timedelta(days=7)


def prune(store: Store, now: datetime) -> None:
    """Drop what is too old, at most about once a week; looking costs one row a table."""
    for table, column, age in KEPT:
        oldest = rows(store, f"SELECT {column} FROM {table} ORDER BY rowid LIMIT 1")  # noqa: S608 - names from KEPT
        if oldest and oldest[0][0] < text_of(now - age - SLACK):
            with transaction(store):
                write(store, f"DELETE FROM {table} WHERE {column} < ?", (text_of(now - age),))  # noqa: S608 - as above
