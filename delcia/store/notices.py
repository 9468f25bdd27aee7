"""What the owner is to be told: kept until it has been sent, and told once until its cause is over."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from delcia.store.connection import Store, rows, transaction, write
from delcia.store.instants import instant_of, text_of

AGAIN = timedelta(hours=6)
"""A cause that is over and comes back within this time is the same one: a line that flaps is told once."""
SHOWN = timedelta(days=2)
"""How long who looks by himself still sees what is over, where nobody was told of it."""
FIELDS = "id, vehicle, slug, text, at"


@dataclass(frozen=True, slots=True)
class Notice:
    """One message for the owner; `number` identifies it in the store, `slug` is its cause."""

    number: int
    vehicle: str
    slug: str
    text: str
    at: datetime


def queue_notice(store: Store, vehicle: str, slug: str, text: str, at: datetime, *, again: timedelta = AGAIN) -> bool:
    """Add a message to send; return False when its cause was told already and is not over, or came `again` too soon."""
    with transaction(store):
        told = rows(
            store,
            "SELECT 1 FROM notices WHERE vehicle = ? AND slug = ? AND at <= ?"
            " AND (cleared_at IS NULL OR at > ?) LIMIT 1",
            (vehicle, slug, text_of(at), text_of(at - again)),
        )
        if not told:
            write(
                store,
                "INSERT INTO notices (vehicle, slug, text, at) VALUES (?, ?, ?, ?)",
                (vehicle, slug, text, text_of(at)),
            )
    return not told


def pending_notices(store: Store) -> tuple[Notice, ...]:
    """Return the messages not yet sent, oldest first."""
    return _notices(store, "sent_at IS NULL")


def open_notices(store: Store) -> tuple[Notice, ...]:
    """Return the messages whose cause is not over, sent or not; oldest first."""
    return _notices(store, "cleared_at IS NULL")


def shown_notices(store: Store, now: datetime) -> tuple[Notice, ...]:
    """Return the messages whose cause is not over, and the late ones that nobody was sent; oldest first."""
    return _notices(store, "cleared_at IS NULL OR (sent_at IS NULL AND at > ?)", text_of(now - SHOWN))


def withdraw_notices(store: Store, vehicle: str, slug: str) -> None:
    """Drop what was to be said of a trouble that is over before it could be said."""
    write(store, "DELETE FROM notices WHERE vehicle = ? AND slug = ? AND sent_at IS NULL", (vehicle, slug))


def clear_notices(store: Store, vehicle: str, at: datetime, *, but: Collection[str] = ()) -> None:
    """Note that whatever was told of a vehicle is over, but for some causes; what waits to be sent still is."""
    found = rows(store, "SELECT id, slug FROM notices WHERE vehicle = ? AND cleared_at IS NULL", (vehicle,))
    for number, slug in found:
        if slug not in but:
            write(store, "UPDATE notices SET cleared_at = ? WHERE id = ?", (text_of(at), number))


def clear_notice(store: Store, vehicle: str, slug: str, at: datetime) -> None:
    """Note that one cause is over."""
    found = rows(store, "SELECT id FROM notices WHERE vehicle = ? AND slug = ? AND cleared_at IS NULL", (vehicle, slug))
    for (number,) in found:
        write(store, "UPDATE notices SET cleared_at = ? WHERE id = ?", (text_of(at), number))


def mark_sent(store: Store, notice: Notice, at: datetime) -> None:
    """Note that a message has been sent."""
    write(store, "UPDATE notices SET sent_at = ? WHERE id = ?", (text_of(at), notice.number))


def _notices(store: Store, which: str, *values: str) -> tuple[Notice, ...]:
    sql = f"SELECT {FIELDS} FROM notices WHERE {which} ORDER BY id"  # noqa: S608 - conditions from here
    found = rows(store, sql, values)
    return tuple(Notice(number, vehicle, slug, text, instant_of(at)) for number, vehicle, slug, text, at in found)
