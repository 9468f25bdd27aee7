"""Which dates a condition names."""

from datetime import date, tzinfo

from delcia.core.clock import is_summer
from delcia.core.model import ClockSeason, Days, MonthDays


def matches(days: Days, day: date, tz: tzinfo) -> bool:
    """Return whether a date meets all conditions; the zone matters for summer time only."""
    if day in days.excluded or (day.weekday() not in days.weekdays and day not in days.included):
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


def last_date(days: Days) -> date | None:
    """Return the last date that conditions can name, None when they go on for ever."""
    ends = [days.between[1]] if days.between else []
    if not days.weekdays:
        ends.append(max(days.included, default=date.min))
    return min(ends, default=None)
