"""The weekdays, months and years that dates named by a condition can have, seen some days earlier or later."""

from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache
from typing import assert_never

from delcia.core.clock import DAY, zone
from delcia.core.days import matches
from delcia.core.model import EVERY_DAY, ClockSeason, Days, MonthDays

EVERY_MONTH = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)
LEAP_YEAR = 2028
FIRST_YEAR, LAST_YEAR = 1970, 2199
"""The years that systemd's calendar knows."""
YEAR_DAYS = 366


def weekdays_of(days: Days, shift: int) -> frozenset[int]:
    """Return the weekdays, from Monday, 0, that lie `shift` days after dates of these weekdays.

    Dates of calendars may be any: they change without a change of the timers.
    """
    if days.included:
        return frozenset(EVERY_DAY)
    return frozenset((weekday + shift) % len(EVERY_DAY) for weekday in days.weekdays)


@lru_cache(maxsize=4096)
def months_of(days: Days, zone_name: str, shift: int, first_year: int, last_year: int) -> frozenset[int]:
    """Return the months of the dates `shift` days after those that a season and `between` allow.

    The years say over which a season by the clock is watched.
    """
    months = frozenset(EVERY_MONTH)
    match days.season:
        case None:
            pass
        case MonthDays():
            months &= _months(days, zone_name, shift, date(LEAP_YEAR, 1, 1), date(LEAP_YEAR, 12, 31))
        case ClockSeason():
            months &= _months(days, zone_name, shift, date(first_year, 1, 1), date(last_year, 12, 31))
        case _ as never:
            assert_never(never)
    if days.between is not None and days.between[1] - days.between[0] < YEAR_DAYS * DAY:
        months &= {_shifted(day, shift).month for day in _dates(*days.between)}
    return months


def years_of(conditions: Iterable[tuple[Days, int]]) -> tuple[int, ...]:
    """Return the years in which dates `shift` days after those of each `between` lie; nothing when all do."""
    found: set[int] | None = None
    for days, shift in conditions:
        if days.between is not None:
            first, last = (_shifted(day, shift).year for day in days.between)
            years = set(range(max(first, FIRST_YEAR), min(last, LAST_YEAR) + 1))
            found = years if found is None else found & years
    return tuple(sorted(found or ()))


def _months(days: Days, zone_name: str, shift: int, first: date, last: date) -> frozenset[int]:
    season = Days(season=days.season)
    return frozenset(_shifted(day, shift).month for day in _dates(first, last) if matches(season, day, zone(zone_name)))


def _shifted(day: date, shift: int) -> date:
    """Return the date some days later, or the last or first one that there is."""
    return date.fromordinal(min(max(day.toordinal() + shift, 1), date.max.toordinal()))


def _dates(first: date, last: date) -> Iterator[date]:
    for number in range(first.toordinal(), last.toordinal() + 1):
        yield date.fromordinal(number)
