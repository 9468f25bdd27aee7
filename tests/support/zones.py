"""The zones that every promise about time is held in, and the nights on which their clocks change."""

from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

ZONES = (
    "Europe/Paris",
    "Europe/London",
    "Europe/Dublin",
    "Europe/Madrid",
    "Europe/Lisbon",
    "Atlantic/Azores",
    "America/New_York",
    "America/Santiago",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Asia/Kolkata",
    "UTC",
)
FIRST_YEAR, LAST_YEAR = 2026, 2029
PLAIN_NIGHTS = tuple(datetime(*day, tzinfo=UTC) for day in ((2026, 12, 31), (2028, 2, 29), (2029, 5, 31)))


@cache
def changes(zone: str) -> tuple[datetime, ...]:
    """Return the hours, in UTC, after which the zone's offset differs, from 2026 to 2029; found hour by hour."""
    tz, hour = ZoneInfo(zone), timedelta(hours=1)
    instant, end = datetime(FIRST_YEAR, 1, 1, tzinfo=UTC), datetime(LAST_YEAR + 1, 1, 1, tzinfo=UTC)
    found = []
    while instant < end:
        if instant.astimezone(tz).utcoffset() != (instant + hour).astimezone(tz).utcoffset():
            found.append(instant)
        instant += hour
    return tuple(found)


def nights(zone: str) -> tuple[datetime, ...]:
    """Return instants near which time may go wrong: changes of the clock, ends of months and years."""
    return (*changes(zone), *PLAIN_NIGHTS)
