"""What a zone's clock does over some years: the UTC offsets it has, in which months, and the hours it skips."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import pairwise

from delcia.core.clock import DAY, MINUTE, zone


@dataclass(frozen=True, slots=True)
class Offset:
    """A UTC offset in minutes, east positive, and the months of UTC dates in which the zone has it."""

    minutes: int
    months: frozenset[int]


@dataclass(frozen=True, slots=True)
class Skip:
    """A clock put forward: wall times from `begins` up to `ends` do not happen; `at` is the instant, in UTC."""

    at: datetime
    begins: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Repeat:
    """A clock put back: wall times happen twice from `begins` on, for so many minutes."""

    begins: datetime
    length_min: int


@dataclass(frozen=True, slots=True)
class _Period:
    """A stretch of time with one offset, half-open."""

    start: datetime
    end: datetime
    offset: timedelta


@lru_cache(maxsize=256)
def offsets_of(name: str, first_year: int, last_year: int) -> tuple[Offset, ...]:
    """Return the offsets that a zone has in these years, both included, the lowest first."""
    months: dict[int, set[int]] = {}
    for period in _periods(name, first_year, last_year):
        seen = months.setdefault(period.offset // MINUTE, set())
        day = period.start.replace(hour=0, minute=0)
        while day < period.end:
            seen.add(day.month)
            day += DAY
    return tuple(Offset(minutes, frozenset(seen)) for minutes, seen in sorted(months.items()))


@lru_cache(maxsize=256)
def skips_of(name: str, first_year: int, last_year: int) -> tuple[Skip, ...]:
    """Return every time that a zone's clock is put forward in these years, in order."""
    periods = _periods(name, first_year, last_year)
    return tuple(
        Skip(after.start, _wall(after.start, before.offset), _wall(after.start, after.offset))
        for before, after in pairwise(periods)
        if after.offset > before.offset
    )


@lru_cache(maxsize=256)
def repeats_of(name: str, first_year: int, last_year: int) -> tuple[Repeat, ...]:
    """Return every time that a zone's clock is put back in these years, in order."""
    return tuple(
        Repeat(_wall(after.start, after.offset), (before.offset - after.offset) // MINUTE)
        for before, after in pairwise(_periods(name, first_year, last_year))
        if after.offset < before.offset
    )


@lru_cache(maxsize=256)
def _periods(name: str, first_year: int, last_year: int) -> tuple[_Period, ...]:
    found: list[_Period] = []
    start, end = datetime(first_year, 1, 1, tzinfo=UTC), datetime(last_year + 1, 1, 1, tzinfo=UTC)
    day = start
    while day < end:
        after = min(day + DAY, end)
        if _offset(after, name) != _offset(day, name):
            change = _change(day, after, name)
            found.append(_Period(start, change, _offset(day, name)))
            start = change
        day = after
    found.append(_Period(start, end, _offset(start, name)))
    return tuple(period for period in found if period.start < period.end)


def _change(low: datetime, high: datetime, name: str) -> datetime:
    """Return the first whole minute with the offset of `high`, between two midnights."""
    low_min, high_min = 0, (high - low) // MINUTE
    before = _offset(low, name)
    while high_min - low_min > 1:
        middle = (low_min + high_min) // 2
        if _offset(low + middle * MINUTE, name) == before:
            low_min = middle
        else:
            high_min = middle
    return low + high_min * MINUTE


def _offset(instant: datetime, name: str) -> timedelta:
    return instant.astimezone(zone(name)).utcoffset() or timedelta(0)


def _wall(instant: datetime, offset: timedelta) -> datetime:
    return (instant + offset).replace(tzinfo=None)
