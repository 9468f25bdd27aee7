"""The README's tariff as an electricity bill has it, and the plan's night, by the wall clock of the home."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

HOME = ZoneInfo("Europe/Paris")
OFF_PEAK, PEAK = 0.1579, 0.2065
NIGHT = (time(1, 38), time(6, 38))
NOON = (time(12, 38), time(14, 38))
READY_BY = time(7, 0)
WALL_KW = 2.3
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)

Span = tuple[datetime, datetime]
"""Two instants in UTC, the end not in it."""


def at(day: date, hour: time) -> datetime:
    """Return the instant of an hour of the home's clock."""
    return datetime.combine(day, hour, HOME).astimezone(UTC)


def shown(instant: datetime) -> str:
    """Return `Tue 24 01:38:00` of an instant, on the home's clock."""
    return f"{instant.astimezone(HOME):%a %d %H:%M:%S}"


def days(start: datetime, end: datetime) -> list[date]:
    """Return the days of the home that two instants and all between them lie on."""
    first, last = start.astimezone(HOME).date(), end.astimezone(HOME).date()
    return [first + n * DAY for n in range((last - first).days + 1)]


def cheap(start: datetime, end: datetime) -> list[Span]:
    """Return the off-peak hours between two instants."""
    spans = [(at(day, a), at(day, b)) for day in days(start, end) for a, b in (NIGHT, NOON)]
    return common([(start, end)], sorted(spans))


def is_cheap(instant: datetime) -> bool:
    """Return whether an instant is off-peak."""
    return bool(cheap(instant, instant + MINUTE)) and cheap(instant, instant + MINUTE)[0][0] == instant


def common(one: list[Span], other: list[Span]) -> list[Span]:
    """Return what lies in both of two lists of spans, each in order and without overlap."""
    found = [(max(a, c), min(b, d)) for a, b in one for c, d in other]
    return sorted((a, b) for a, b in found if a < b)


def without(spans: list[Span], gone: list[Span]) -> list[Span]:
    """Return what is left of some spans."""
    left = spans
    for c, d in gone:
        left = [
            piece for a, b in left for piece in ((a, min(b, max(a, c))), (max(a, min(b, d)), b)) if piece[0] < piece[1]
        ]
    return sorted(left)


def minutes(spans: list[Span]) -> float:
    """Return how many minutes some spans last."""
    return sum(((b - a).total_seconds() for a, b in spans), 0.0) / 60


def cost(spans: list[Span]) -> float:
    """Return what it costs to draw the socket's power in these spans, in EUR."""
    low = sum(minutes(cheap(a, b)) for a, b in spans)
    return WALL_KW / 60 * (low * OFF_PEAK + (minutes(spans) - low) * PEAK)
