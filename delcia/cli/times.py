"""Times as a person writes them, by the clock of the home."""

from datetime import datetime

from delcia.core.clock import DAY, begin_instant, local_date, zone
from delcia.core.model import Site
from delcia.errors import DelciaError, Exit

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def instant_after(text: str, now: datetime, site: Site) -> datetime:
    """Return what `HH:MM`, `sat HH:MM`, or an ISO-8601 time means to a person at home. Raises `bad-time`."""
    tz = zone(site.timezone)
    day_name, _, clock = text.lower().partition(" ")
    if day_name[:3] in WEEKDAYS and clock:
        soonest = instant_after(clock, now, site)
        ahead = (WEEKDAYS.index(day_name[:3]) - local_date(soonest, tz).weekday()) % 7
        shown = soonest.astimezone(tz)
        return begin_instant(local_date(soonest, tz) + ahead * DAY, shown.hour * 60 + shown.minute, tz)
    try:
        if len(text) == len("HH:MM"):
            hour, minute = (int(part) for part in text.split(":"))
            day = local_date(now, tz)
            wall = 60 * datetime(2000, 1, 1, hour, minute).hour + minute  # noqa: DTZ001 - checks the range
            first = begin_instant(day, wall, tz)
            return first if first > now else begin_instant(day + DAY, wall, tz)
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            return begin_instant(moment.date(), moment.hour * 60 + moment.minute, tz)
        return moment.astimezone(zone("UTC"))
    except (ValueError, OverflowError) as error:
        hint = "write HH:MM, or YYYY-MM-DDTHH:MM"
        raise DelciaError(f"'{text}' is no time", slug="bad-time", hint=hint, status=Exit.USAGE) from error


def instant_before(text: str, now: datetime, site: Site) -> datetime:
    """Return the last time that `HH:MM`, `tue HH:MM` or an ISO-8601 time was, at or before now. Raises `bad-time`."""
    instant = instant_after(text, now, site)
    tz = zone(site.timezone)
    if instant <= now:
        return instant
    weekday, clock = " " in text, len(text) == len("HH:MM")
    if not weekday and not clock:
        hint = "write a time that is past"
        raise DelciaError(f"'{text}' is still to come", slug="bad-time", hint=hint, status=Exit.USAGE)
    shown = instant.astimezone(tz)
    day = local_date(instant, tz) - (7 if weekday else 1) * DAY
    return begin_instant(day, shown.hour * 60 + shown.minute, tz)
