"""What the owner is to be told, kept until it has been sent."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from delcia.store.connection import Store, rows, transaction, write
from delcia.store.instants import instant_of, text_of

QUIET = timedelta(days=1)
"""The same slug of the same vehicle is told once in this time."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One message for the owner; `number` identifies it in the store."""

    number: int
    vehicle: str
    slug: str
    text: str
    at: datetime


def queue_notice(store: Store, vehicle: str, slug: str, text: str, at: datetime) -> bool:
    """Add a message to send; return False when the same was added within the last day."""
    with transaction(store):
        lately = rows(
            store,
            "SELECT 1 FROM notices WHERE vehicle = ? AND slug = ? AND at > ? AND at <= ? LIMIT 1",
            (vehicle, slug, text_of(at - QUIET), text_of(at)),
        )
        if not lately:
            write(
                store,
                "INSERT INTO notices (vehicle, slug, text, at) VALUES (?, ?, ?, ?)",
                (vehicle, slug, text, text_of(at)),
            )
    return not lately


def pending_notices(store: Store) -> tuple[Notice, ...]:
    """Return the messages not yet sent, oldest first."""
    found = rows(store, "SELECT id, vehicle, slug, text, at FROM notices WHERE sent_at IS NULL ORDER BY id")
    return tuple(Notice(number, vehicle, slug, text, instant_of(at)) for number, vehicle, slug, text, at in found)


def withdraw_notices(store: Store, vehicle: str, slug: str) -> None:
    """Drop what was to be said of a trouble that is over before it could be said."""
    write(store, "DELETE FROM notices WHERE vehicle = ? AND slug = ? AND sent_at IS NULL", (vehicle, slug))


def mark_sent(store: Store, notice: Notice, at: datetime) -> None:
    """Note that a message has been sent."""
    write(store, "UPDATE notices SET sent_at = ? WHERE id = ?", (text_of(at), notice.number))
