"""When a car is asked to report, and how a charge shows in its SoC alone: for cars that sleep or say too little."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from delcia.core.evidence import is_answer, is_silent
from delcia.core.state import Charge, Memory, Plug, Reading
from delcia.core.wishes import Wish

HALFWAY = timedelta(minutes=9)
"""So long after a command that nothing has answered, the car is asked to report."""
EVERY = timedelta(minutes=20)
"""The service passes on no more (edent/Renault-Zoe-API#7)."""
SPARING = timedelta(hours=3)
"""How often, at most, a car is asked to report because a plan wants it and it seems not to be plugged in."""
PRESSED = timedelta(hours=1)
"""How often, at most, where the window has little more time than the charge needs."""
RISE_PCT = 1.0


def is_to_wake(memory: Memory, wish: Callable[[], Wish], now: datetime) -> bool:
    """Return whether the car is to be asked for a report: it matters, and nothing has been heard.

    What is wanted is asked for last, for it takes a projection.
    """
    command, seen, woken_at = memory.command, memory.reading, memory.woken_at
    if seen is None or not is_silent(seen, now) or (woken_at is not None and now - woken_at < EVERY):
        return False
    if command is not None and command.confirmed_at is None and not is_answer(command, seen):
        return HALFWAY <= now - command.sent_at < EVERY
    if memory.session is not None or seen.plug is Plug.PLUGGED:
        return False
    return (woken_at is None or now - woken_at >= PRESSED) and _is_worth(wish(), woken_at, now)


def _is_worth(wish: Wish, woken_at: datetime | None, now: datetime) -> bool:
    """Return whether a car that is wanted is asked again: before the time that its window has to spare is over."""
    if not wish.wanted or woken_at is None or wish.window_end is None or wish.until is None:
        return wish.wanted and (woken_at is None or now - woken_at >= SPARING)
    return now - woken_at >= min(SPARING, max(PRESSED, wish.window_end - wish.until))


def is_to_ask(memory: Memory, now: datetime) -> bool:
    """Return whether a car that may be plugged in by now, and sleep, is to be asked for a report before its night."""
    seen, woken_at = memory.reading, memory.woken_at
    doubtful = seen is not None and seen.plug is not Plug.PLUGGED and is_silent(seen, now)
    return doubtful and (woken_at is None or now - woken_at >= SPARING)


def judged(memory: Memory, reading: Reading) -> Reading:
    """Return a reading with what the SoC shows of charging, where the car itself does not tell.

    Two reports in a row without a status, or of waiting (renault-api#550), between which the SoC rose, are of a charge.
    """
    before, command = memory.reading, memory.command
    vague = {Charge.UNKNOWN, Charge.WAITING}
    if before is None or reading.charge not in vague or before.charge not in vague:
        return reading
    if before.soc_pct is None or reading.soc_pct is None or reading.reported_at <= before.reported_at:
        return reading
    if command is not None and not is_answer(command, before):
        return reading
    rose = reading.soc_pct >= before.soc_pct + RISE_PCT and memory.plugged_since is not None
    return replace(reading, charge=Charge.CHARGING) if rose else reading
