"""Which dates a condition names."""

from datetime import date, tzinfo

from delcia.core.clock import is_summer
from delcia.core.model import ClockSeason, Days, MonthDays


def matches(days: Days, day: date, tz: tzinfo) -> bool:
    """Return whether a date meets all conditions; the zone matters for summer time only."""
    if day.weekday() not in days.weekdays:
        return False
    if days.between is not None and not days.between[0] <= day <= days.between[1]:
        return False
    match days.season:
        case None:
            return True
        case MonthDays(first, last):
            today = (day.month, day.day)
            return first <= today <= last if first <= last else today >= first or today <= last
        case ClockSeason(summer):
            return is_summer(day, tz) is summer
