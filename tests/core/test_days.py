"""Which dates a condition names."""

from datetime import date, timedelta

import pytest

from delcia.core.clock import zone
from delcia.core.days import last_date, matches
from delcia.core.model import ClockSeason, Days, MonthDays

PARIS = zone("Europe/Paris")


@pytest.mark.parametrize(
    ("days", "yes", "no"),
    [
        (Days(), "2026-11-23", None),
        (Days(weekdays=(0, 1, 2, 3, 4)), "2026-11-23", "2026-11-22"),
        (Days(weekdays=(6,)), "2026-11-22", "2026-11-23"),
        (Days(season=MonthDays((4, 1), (10, 31))), "2026-04-01", "2026-03-31"),
        (Days(season=MonthDays((4, 1), (10, 31))), "2026-10-31", "2026-11-01"),
        (Days(season=MonthDays((11, 1), (3, 31))), "2026-12-31", "2026-10-31"),  # wraps the year
        (Days(season=MonthDays((11, 1), (3, 31))), "2027-03-31", "2027-04-01"),
        (Days(season=MonthDays((11, 1), (2, 29))), "2028-02-29", "2028-03-01"),
        (Days(season=MonthDays((12, 25), (12, 25))), "2026-12-25", "2026-12-26"),  # one day
        (Days(season=ClockSeason(summer=True)), "2027-03-28", "2027-03-27"),
        (Days(season=ClockSeason(summer=False)), "2026-10-25", "2026-10-24"),
        (Days(between=(date(2026, 11, 23), date(2026, 11, 25))), "2026-11-25", "2026-11-26"),
        (Days(between=(date(2026, 11, 23), date(2026, 11, 25))), "2026-11-23", "2026-11-22"),
        (Days((0,), MonthDays((11, 1), (3, 31))), "2026-11-23", "2026-11-24"),  # conditions are joined by AND
        (Days((0,), MonthDays((11, 1), (3, 31))), "2026-11-23", "2026-10-26"),
        (Days((0,), included=(date(2026, 11, 24),)), "2026-11-24", "2026-11-25"),  # a date beside the weekdays
        (Days((), included=(date(2026, 11, 24),)), "2026-11-24", "2026-11-23"),
        (Days(excluded=(date(2026, 11, 23),)), "2026-11-30", "2026-11-23"),
        (Days((0,), None, None, (date(2026, 11, 24),), (date(2026, 11, 24),)), "2026-11-23", "2026-11-24"),
        (Days((0,), MonthDays((12, 1), (3, 31)), included=(date(2026, 11, 24),)), "2026-12-07", "2026-11-24"),
    ],
)
def test_days_hold_all_their_conditions_ends_included(days: Days, yes: str, no: str | None) -> None:
    assert matches(days, date.fromisoformat(yes), PARIS)
    assert no is None or not matches(days, date.fromisoformat(no), PARIS)


@pytest.mark.parametrize(
    "season", [MonthDays((4, 1), (10, 31)), MonthDays((11, 1), (3, 31)), MonthDays((1, 1), (12, 31))]
)
def test_a_season_and_the_rest_of_the_year_share_no_day(season: MonthDays) -> None:
    first, last = season.first, season.last
    day, inside = date(2027, 1, 1), []
    while day.year == 2027:
        if matches(Days(season=season), day, PARIS):
            inside.append(day)
        day += timedelta(days=1)
    assert {(d.month, d.day) for d in inside} >= {first, last}
    length = (date(2027, *last) - date(2027, *first)).days + 1
    assert len(inside) == (length if length > 0 else length + 365)


@pytest.mark.parametrize(
    ("days", "last"),
    [
        (Days(), None),
        (Days(weekdays=(), included=(date(2026, 11, 24), date(2026, 12, 1))), date(2026, 12, 1)),
        (Days(weekdays=(0,), included=(date(2026, 11, 24),)), None),
        (Days(between=(date(2026, 1, 1), date(2026, 6, 30))), date(2026, 6, 30)),
        (Days((), None, (date(2026, 1, 1), date(2026, 6, 30)), (date(2026, 5, 1),)), date(2026, 5, 1)),
        (Days(weekdays=()), date.min),
    ],
)
def test_conditions_that_end_say_when(days: Days, last: date | None) -> None:
    assert last_date(days) == last
