"""What came of words that were passed on with a key: a word that comes twice is carried out once."""

from datetime import datetime

from delcia.core.request import Answer
from delcia.store.connection import Store, rows, write
from delcia.store.instants import text_of


def answer_to(store: Store, key: str) -> Answer | None:
    """Return what came of a word, None when it is not known."""
    found = rows(store, "SELECT vehicle, status, words, slug, hint, kept FROM requests WHERE key = ?", (key,))
    for vehicle, status, words, slug, hint, kept in found:
        return Answer(key, vehicle, status, words, slug, hint, bool(kept))
    return None


def keep_answer(store: Store, answer: Answer, at: datetime) -> None:
    """Keep what came of a word."""
    write(
        store,
        "INSERT OR REPLACE INTO requests (key, at, vehicle, status, words, slug, hint, kept)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            answer.key,
            text_of(at),
            answer.vehicle,
            answer.status,
            answer.words,
            answer.slug,
            answer.hint,
            answer.kept,
        ),
    )
