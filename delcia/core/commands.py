"""Commands to the car: whether one may be sent now, by what was asked of it before."""

from datetime import datetime, timedelta
from typing import Literal

from delcia.core.evidence import is_answer
from delcia.core.state import Boost, Command, Memory
from delcia.core.wishes import Wish

RESEND = timedelta(minutes=20)
OPPOSITE = timedelta(minutes=10)
"""Never two opposite commands of delcia's own within this time; a person's word is done at once."""
TRIES = 3
"""So many orders that nothing came of are told. A stop is not sent again then."""
MOST_STARTS = 6
DISTANCES = (RESEND, RESEND, 2 * RESEND, 3 * RESEND, 4 * RESEND)
"""A start is sent again at growing distance: the whole window is used, and the car is not asked all night."""
FORGET = timedelta(hours=12)


def pending(
    memory: Memory, kind: Literal["start", "stop"], wish: Wish, now: datetime, *, at_once: bool = False
) -> str | None:
    """Return why a command must wait, or None when it may be sent.

    `at_once`: the opposite may be asked at any time, as a person has just said so, or as a start is only tried.
    """
    last = memory.command
    if last is None:
        return None
    if last.kind != kind:
        at_once = at_once or is_by_word(memory, now)
        return "just-changed" if not at_once and now - last.sent_at < OPPOSITE else None
    if last.confirmed_at is not None or is_past(last, memory, wish, now):
        return None
    most = MOST_STARTS if kind == "start" else TRIES
    if last.tries < most and now - last.sent_at >= DISTANCES[last.tries - 1]:
        return None
    told = last.tries > TRIES or (last.tries == TRIES and now - last.sent_at >= RESEND)
    return "ignored" if told else "waiting"


def is_by_word(memory: Memory, now: datetime) -> bool:
    """Return whether the next order carries out what a person has just said."""
    return memory.word_at is not None and now - memory.word_at < OPPOSITE


def is_unanswered(memory: Memory, kind: Literal["start", "stop"]) -> bool:
    """Return whether the last order was of that kind, and the car has not reported since."""
    last, reading = memory.command, memory.reading
    unheard = reading is None or (last is not None and not is_answer(last, reading))
    return last is not None and last.kind == kind and last.confirmed_at is None and unheard


def is_past(command: Command, memory: Memory, wish: Wish, now: datetime) -> bool:
    """Return whether a command belongs to another window, plug-in, word or day, and does not count any more."""
    override = memory.override
    word_at = memory.word_at or (override.asked_at if isinstance(override, Boost) else None)
    since = max(now - FORGET, memory.plugged_since or now - FORGET, word_at or now - FORGET)
    below = wish.slug == "minimum" and wish.window_end is None  # at any hour: the end of a window begins nothing
    return command.sent_at < since or (command.window_end != wish.window_end and not below)


def is_left_on(memory: Memory, wish: Wish, now: datetime) -> bool:
    """Return whether the start of a window that is over still counts, as nothing was heard of the car since."""
    last = memory.command
    if wish.wanted or wish.slug == "pause" or last is None or memory.session or memory.plugged_since is None:
        return False
    unheard = last.kind == "start" and last.confirmed_at is None and last.reason != "boost"
    return unheard and last.window_end is not None and last.window_end <= now
