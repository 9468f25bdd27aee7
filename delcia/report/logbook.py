"""The log of a vehicle: readings, orders, the car's answers, decisions and persons' words in one timeline."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Any, Literal

from delcia.core.state import Charge, Override, Reading
from delcia.report.words import OUTCOMES, PLUGS, clock, instant, override_words, when, word_of

SCHEMA = "delcia/log/1"
Kind = Literal["reading", "decision", "order", "word", "notice"]
LABELS: Mapping[Kind, str] = {
    "reading": "read",
    "decision": "decided",
    "order": "sent",
    "word": "asked",
    "notice": "told",
}
CHARGES = {
    Charge.CHARGING: ", charging",
    Charge.WAITING: ", waiting",
    Charge.ENDED: ", says that it has ended",
    Charge.ERROR: ", with a charging error",
    Charge.UNKNOWN: ", charge unknown",
    Charge.IDLE: "",
}
OLD = timedelta(minutes=15)
"""A report that is older than this when it is read may be of a car that sleeps."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the log. `details` are its values for programs; `reading` is set where it is one."""

    at: datetime
    kind: Kind
    words: str
    details: Mapping[str, Any]
    reading: Reading | None = None


@dataclass(frozen=True, slots=True)
class WindowThen:
    """The window of a plan that was open at an instant, or else the next one, by the plans of now."""

    plan: str
    start: datetime
    end: datetime
    ready_by: datetime | None
    is_open: bool


@dataclass(frozen=True, slots=True)
class Then:
    """What was in force at an instant: the last entry of each kind, the plans' windows, and the applied generation."""

    at: datetime
    entries: tuple[Entry, ...]
    windows: tuple[WindowThen, ...]
    generation: int | None


def reading_entry(reading: Reading) -> Entry:
    """Return what the car said when it was asked."""
    soc = "" if reading.soc_pct is None else f"{reading.soc_pct:.0f} %, "
    age = reading.read_at - reading.at
    old = f", reported {age // timedelta(minutes=1)} min before" if age > OLD else ""
    details = {
        "reported_at": instant(reading.reported_at),
        "plug": reading.plug.value,
        "charge": reading.charge.value,
        "soc_pct": reading.soc_pct,
        "range_km": reading.range_km,
    }
    words = f"{soc}{PLUGS[reading.plug]}{CHARGES[reading.charge]}{old}"
    return Entry(reading.read_at, "reading", words, details, reading)


def decision_entry(at: datetime, vehicle: str, words: str, action: str, *, wanted: bool) -> Entry:
    """Return what delcia decided, and why; it held until the next decision."""
    return Entry(at, "decision", words.removeprefix(f"{vehicle}: "), {"action": action, "wanted": wanted})


def order_entry(
    at: datetime, order: str, reason: str, outcome: str, confirmed_at: datetime | None, tz: tzinfo
) -> Entry:
    """Return what was asked of the car, and what came of it."""
    details = {"order": order, "reason": reason, "outcome": outcome, "confirmed_at": instant(confirmed_at)}
    if outcome == "confirmed" and confirmed_at is not None:
        became = f"obeyed by {clock(confirmed_at, at, tz)}"
    elif outcome in {"sent", "confirmed"}:
        became = "not confirmed"
    else:
        became = OUTCOMES.get(outcome, f"it did not get through [{outcome}]")
    return Entry(at, "order", f"{order} ({reason}): {became}", details)


def word_entry(at: datetime, override: Override | None, tz: tzinfo) -> Entry:
    """Return what a person asked for."""
    if override is None:
        return Entry(at, "word", "resume: the plans count again", {"word": "resume", "until": None})
    details = {"word": word_of(override), "until": instant(override.until)}
    return Entry(at, "word", override_words(override, at, tz).removesuffix(", or 'delcia resume'"), details)


def notice_entry(at: datetime, vehicle: str, slug: str, words: str, sent_at: datetime | None) -> Entry:
    """Return what the owner was told."""
    sent = "" if sent_at is not None else " (not sent)"
    details = {"slug": slug, "sent_at": instant(sent_at)}
    return Entry(at, "notice", f"{words.removeprefix(f'{vehicle}: ')}{sent}", details)


def in_order(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Return entries by their time; at one instant a person's word, the reading, the decision, and the order."""
    places: dict[Kind, int] = {"word": 0, "reading": 1, "decision": 2, "order": 3, "notice": 4}
    return tuple(sorted(entries, key=lambda entry: (entry.at, places[entry.kind])))


def log_rows(entries: Sequence[Entry], now: datetime, tz: tzinfo) -> Iterator[tuple[str, str, str]]:
    """Yield time, label and words of each entry; readings in a row that say the same of the car are one."""
    run: list[Entry] = []
    for entry in entries:
        if run and not (_is_same(run[-1].reading, entry.reading)):
            yield _row(run, now, tz)
            run = []
        run.append(entry)
    if run:
        yield _row(run, now, tz)


def why(then: Then) -> str:
    """Return what was decided for an instant, hence why the car charged then, or why not."""
    decided = (entry.words for entry in then.entries if entry.kind == "decision")
    return next(decided, "nothing is known of what was decided before")


def then_rows(then: Then, now: datetime, tz: tzinfo) -> Iterator[tuple[str, str, str]]:
    """Yield what was in force at an instant."""
    for entry in then.entries:
        yield LABELS[entry.kind], when(entry.at, now, tz), entry.words
    for window in then.windows:
        state = "its window was open" if window.is_open else "its window was not open"
        ready = f", ready by {when(window.ready_by, now, tz)}" if window.ready_by is not None else ""
        span = f"{when(window.start, now, tz)}–{clock(window.end, window.start, tz)}"
        yield "plan", window.plan, f"{state}: {span}{ready}"


def log_data(
    vehicle: str, now: datetime, since: datetime, entries: Sequence[Entry], then: Then | None
) -> dict[str, Any]:
    """Return the log as JSON-able data."""
    return {
        "schema": SCHEMA,
        "vehicle": vehicle,
        "now": instant(now),
        "since": instant(since),
        "entries": [_data(entry) for entry in entries],
        "at": then
        and {
            "at": instant(then.at),
            "generation": then.generation,
            "in_force": [_data(entry) for entry in then.entries],
            "windows": [
                {
                    "plan": window.plan,
                    "starts_at": instant(window.start),
                    "ends_at": instant(window.end),
                    "ready_by": instant(window.ready_by),
                    "open": window.is_open,
                }
                for window in then.windows
            ],
        },
    }


def _data(entry: Entry) -> dict[str, Any]:
    return {"at": instant(entry.at), "kind": entry.kind, "words": entry.words, "details": dict(entry.details)}


def _is_same(one: Reading | None, other: Reading | None) -> bool:
    return one is not None and other is not None and (one.plug, one.charge) == (other.plug, other.charge)


def _row(run: Sequence[Entry], now: datetime, tz: tzinfo) -> tuple[str, str, str]:
    first, last = run[0], run[-1]
    words = last.words
    if len(run) > 1 and first.reading is not None and last.reading is not None:
        levels = [f"{soc:.0f}" for soc in (first.reading.soc_pct, last.reading.soc_pct) if soc is not None]
        if len(set(levels)) > 1:
            words = words.replace(f"{levels[-1]} %", f"{' → '.join(levels)} %", 1)
        words = f"{words}; {len(run)} readings until {clock(last.at, first.at, tz)}"
    return when(first.at, now, tz), LABELS[first.kind], words
