"""How often each account may be called: the quota is unpublished and shared with the owner's app."""

from datetime import datetime, timedelta

from delcia.store.connection import Store, rows, transaction, write
from delcia.store.instants import instant_of, text_of

CALLS_PER_HOUR = 60
"""What Home Assistant, with the most users, found to be safe."""
STOP_RESERVE = 10
"""Calls of each hour that only a stop and its confirmation may use."""
HOUR = timedelta(hours=1)
LONGEST_PAUSE = timedelta(hours=24)


def count_call(store: Store, account: str, at: datetime, kind: str) -> None:
    """Count one request to the service, whatever came of it; counts older than a day are dropped."""
    oldest, latest = text_of(at - LONGEST_PAUSE), text_of(at + HOUR)
    with transaction(store):
        write(store, "INSERT INTO api_calls (account, at, kind) VALUES (?, ?, ?)", (account, text_of(at), kind))
        # Counts from the future are of a clock that was wrong.
        write(store, "DELETE FROM api_calls WHERE account = ? AND (at < ? OR at > ?)", (account, oldest, latest))


def calls_since(store: Store, account: str, instant: datetime) -> int:
    """Return how many requests were counted at or after an instant."""
    found = rows(store, "SELECT count(*) FROM api_calls WHERE account = ? AND at >= ?", (account, text_of(instant)))
    return int(found[0][0])


def calls_left(store: Store, account: str, now: datetime, *, for_stop: bool = False) -> int:
    """Return how many requests may still be made this hour; a stop may use the reserve too."""
    allowed = CALLS_PER_HOUR if for_stop else CALLS_PER_HOUR - STOP_RESERVE
    found = rows(
        store,
        "SELECT count(*) FROM api_calls WHERE account = ? AND at > ? AND at <= ?",
        (account, text_of(now - HOUR), text_of(now)),
    )
    return max(0, allowed - int(found[0][0])) if found else allowed


def open_circuit(store: Store, account: str, until: datetime) -> None:
    """Make no request for this account before an instant: the service said that there were too many."""
    write(store, "INSERT OR REPLACE INTO circuits (account, open_until) VALUES (?, ?)", (account, text_of(until)))


def circuit_open_until(store: Store, account: str, now: datetime) -> datetime | None:
    """Return until when no request may be made, or None. More than a day ahead is a clock that was wrong."""
    found = rows(store, "SELECT open_until FROM circuits WHERE account = ?", (account,))
    until = instant_of(found[0][0]) if found else now
    return until if now < until <= now + LONGEST_PAUSE else None
