"""Wall time to instant and back: the only place where the two meet.

A time the clock skips means the first instant after the gap; in a repeated hour a window begins at the first
pass and ends at the second (DESIGN.md §3). Instants are aware datetimes in UTC.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from delcia.core.model import DAY_MIN

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Unambiguous:
    """A wall time that happens once."""

    instant: datetime


@dataclass(frozen=True, slots=True)
class Gap:
    """A wall time that the clock skips; `after` is the first instant after the gap."""

    after: datetime


@dataclass(frozen=True, slots=True)
class Fold:
    """A wall time that happens twice."""

    first: datetime
    second: datetime


WEEK_DAYS = 7


@lru_cache(maxsize=64)
def zone(name: str) -> tzinfo:
    """Return the zone of an IANA name or of a fixed offset such as `+01:00`. Raise ValueError if there is none."""
    try:
        if name[:1] in {"+", "-"}:
            hours, minutes = name[1:].split(":")
            offset = timedelta(hours=int(hours), minutes=int(minutes))
            return timezone(offset if name[0] == "+" else -offset)
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        msg = f"no such time zone: {name!r}"
        raise ValueError(msg) from error


def resolve(day: date, minute: int, tz: tzinfo) -> Unambiguous | Gap | Fold:
    """Return what `minute` minutes after midnight of `day` means in a zone; minutes from 1440 are the next day's."""
    if minute >= DAY_MIN:
        day += timedelta(days=minute // DAY_MIN)
    at = time(minute % DAY_MIN // 60, minute % 60)
    offset = _offset_all_day(day, tz)
    if offset is not None:
        return Unambiguous(datetime.combine(day, at, UTC) - offset)
    wall = datetime.combine(day, at, tz)
    first, second = wall.utcoffset(), wall.replace(fold=1).utcoffset()
    if first == second or first is None or second is None:
        return Unambiguous(wall.astimezone(UTC))
    if first > second:
        return Fold(wall.astimezone(UTC), wall.replace(fold=1).astimezone(UTC))
    return Gap(_transition(wall.replace(fold=1).astimezone(UTC), wall.astimezone(UTC), tz))


@lru_cache(maxsize=4096)
def _offset_all_day(day: date, tz: tzinfo) -> timedelta | None:
    """Return the offset that holds on all of a day, None where the clock changes or may: most days are simple ones.

    Looked at every three hours and at both ends: no zone ever changed its clock and changed it back in so short a time.
    """
    walls = [datetime.combine(day, time(hour), tz) for hour in range(0, 24, 3)]
    walls.append(datetime.combine(day, time(23, 59), tz))
    offsets = {wall.replace(fold=fold).utcoffset() for wall in walls for fold in (0, 1)}
    return offsets.pop() if len(offsets) == 1 else None


@lru_cache(maxsize=65536)
def begin_instant(day: date, minute: int, tz: tzinfo) -> datetime:
    """Return the instant at which something beginning at this wall time begins."""
    match resolve(day, minute, tz):
        case Unambiguous(instant) | Gap(instant) | Fold(instant, _):
            return instant


@lru_cache(maxsize=65536)
def end_instant(day: date, minute: int, tz: tzinfo) -> datetime:
    """Return the instant at which something ending at this wall time ends."""
    match resolve(day, minute, tz):
        case Unambiguous(instant) | Gap(instant) | Fold(_, instant):
            return instant


def local_date(instant: datetime, tz: tzinfo) -> date:
    """Return the date that a clock in the zone shows."""
    return instant.astimezone(tz).date()


def past_clock(instant: datetime, now: datetime, tz: tzinfo) -> str:
    """Return in words when something was: the hour, with its day where that is another."""
    local, today = instant.astimezone(tz), now.astimezone(tz).date()
    days = (today - local.date()).days
    if days == 0:
        return f"{local:%H:%M}"
    return f"{local:%a %H:%M}" if 0 < days < WEEK_DAYS else f"{local:%a %d %b %H:%M}"


def is_summer(day: date, tz: tzinfo) -> bool:
    """Return whether summer time holds at noon of a day.

    Judged by the offset against the lowest of the year, not by `dst()`: Dublin's is negative in winter.
    """
    return _noon_offset(day, tz) > _winter_offset(day.year, tz)


@lru_cache(maxsize=512)
def _winter_offset(year: int, tz: tzinfo) -> timedelta:
    return min(_noon_offset(date(year, month, 1), tz) for month in range(1, 13))


@lru_cache(maxsize=4096)
def _noon_offset(day: date, tz: tzinfo) -> timedelta:
    return datetime.combine(day, time(12), tz).utcoffset() or timedelta(0)


def _transition(low: datetime, high: datetime, tz: tzinfo) -> datetime:
    """Return the first instant with the offset of `high`, to the minute, between the two."""
    before = low.astimezone(tz).utcoffset()
    while high - low > MINUTE:
        middle = low + (high - low) // 2
        middle -= timedelta(seconds=middle.second, microseconds=middle.microsecond)
        if middle <= low:
            middle = low + MINUTE
        if middle.astimezone(tz).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high
