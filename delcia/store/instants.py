"""Instants as text of a fixed width, to the second, so that SQLite can compare them and a person can read them."""

from datetime import UTC, datetime
from functools import lru_cache


@lru_cache(maxsize=32)
def text_of(instant: datetime) -> str:
    """Return `2026-11-24T00:38:00Z`."""
    return f"{instant.astimezone(UTC).isoformat(timespec='seconds')[:19]}Z"


def instant_of(text: str) -> datetime:
    """Return the instant of such a text."""
    return datetime.fromisoformat(text)


def maybe_text_of(instant: datetime | None) -> str | None:
    """Return the text of an instant, or None of none."""
    return None if instant is None else text_of(instant)


def maybe_instant_of(text: str | None) -> datetime | None:
    """Return the instant of a text, or None of none."""
    return None if text is None else instant_of(text)
