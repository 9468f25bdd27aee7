"""Which days of the coming year show all that can happen: a week after every change of what the dates decide."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta, tzinfo
from functools import lru_cache

from delcia.core.clock import DAY, zone
from delcia.core.model import ClockSeason, Days, MonthDays

YEAR = 366
WEEK = 9
"""Days from a change on in which every weekday has been seen, with a day at either end that is not whole."""


def stretches(conditions: Iterable[tuple[Days, str]], first: date) -> Iterator[tuple[date, date]]:
    """Yield first and last day of each stretch to look at, in order, from `first` on for a year.

    Each condition comes with the name of the zone in which it is meant.
    """
    last = first + YEAR * DAY
    found = {day for days, zone_name in conditions for day in _changes(days, zone_name, first)}
    changes = {first, *(day for day in found if first < day < last)}
    begin = end = first
    for change in sorted(changes):
        if change - DAY > end:
            yield begin, end
            begin = change - DAY
        end = max(end, change + WEEK * DAY)
    yield begin, end


def _changes(days: Days, zone_name: str, first: date) -> Iterator[date]:
    """Yield the days from which a condition may hold, or hold no more."""
    if days.between is not None:
        yield days.between[0]
        yield days.between[1] + DAY
    yield from days.included
    yield from days.excluded
    match days.season:
        case MonthDays(begin, end):
            for year in (first.year, first.year + 1):
                yield _day(year, *begin)
                yield _day(year, *end) + DAY
        case ClockSeason():
            yield from clock_changes(zone_name, first)
        case None:
            pass


def _day(year: int, month: int, day: int) -> date:
    """Return a day of a year; 29 February is the 28th where there is none."""
    try:
        return date(year, month, day)
    except ValueError:
        return date(year, month, day - 1)


@lru_cache(maxsize=64)
def clock_changes(zone_name: str, first: date) -> tuple[date, ...]:
    """Return the days of the coming year on which the clock of a zone changes."""
    tz = zone(zone_name)
    days = (first + count * DAY for count in range(YEAR))
    return tuple(day for day in days if _offset(day, tz) != _offset(day + DAY, tz))


def _offset(day: date, tz: tzinfo) -> timedelta:
    return datetime.combine(day, time(), tz).utcoffset() or timedelta(0)
