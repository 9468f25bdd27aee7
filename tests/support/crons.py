"""What crons make of a crontab's line: Debian's, as cronsim says, and busybox's, which looks at each real minute."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from cronsim import CronSim

RECONCILE = "*/5\t*\t*\t*\t*"
HALF_HOUR = ("Australia/Lord_Howe",)
"""Where cronsim leaps over a repeated half hour; vixie looks at each minute of it, for lines with `*` as the hour."""
RANGES = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 6))


def fields_of(crontab: str) -> list[str]:
    """Return the five fields of each line of a crontab."""
    lines = [line for line in crontab.splitlines() if line and not line.startswith("#")]
    return ["\t".join(line.split("\t")[:5]) for line in lines]


def fired_by_debian(fields: Iterable[str], clock: str, start: datetime, end: datetime) -> set[datetime]:
    """Return the instants at which vixie cron runs some lines."""
    return {instant for line in fields for instant in _debian(line, clock, start, end)}


def fired_by_busybox(fields: Iterable[str], clock: str, start: datetime, end: datetime) -> set[datetime]:
    """Return the instants at which busybox runs some lines."""
    return {instant for line in fields for instant in _busybox(line, clock, start, end)}


@lru_cache(maxsize=65536)
def _debian(fields: str, clock: str, start: datetime, end: datetime) -> frozenset[datetime]:
    if clock in HALF_HOUR and fields.split("\t")[1] == "*":
        return _busybox(fields, clock, start, end)
    found: set[datetime] = set()
    before = start - timedelta(minutes=1)
    for wall in CronSim(fields, before.astimezone(UTC if clock == "UTC" else ZoneInfo(clock))):
        if wall.astimezone(UTC) >= end:
            return frozenset(found)
        found.add(wall.astimezone(UTC))
    return frozenset(found)


@lru_cache(maxsize=65536)
def _busybox(fields: str, clock: str, start: datetime, end: datetime) -> frozenset[datetime]:
    minutes, hours, days, months, weekdays = (
        _numbers(field, *limits) for field, limits in zip(fields.split("\t"), RANGES, strict=True)
    )
    return frozenset(
        instant
        for instant, wall in _minutes(clock, start, end)
        if wall.minute in minutes
        and wall.hour in hours
        and wall.day in days
        and wall.month in months
        and wall.isoweekday() % 7 in weekdays
    )


@lru_cache(maxsize=64)
def _minutes(clock: str, start: datetime, end: datetime) -> tuple[tuple[datetime, datetime], ...]:
    tz = ZoneInfo(clock)
    count = (end - start) // timedelta(minutes=1)
    instants = (start + timedelta(minutes=number) for number in range(count))
    return tuple((instant, instant.astimezone(tz)) for instant in instants)


def _numbers(field: str, low: int, high: int) -> set[int]:
    found: set[int] = set()
    for part in field.split(","):
        what, _, step = part.partition("/")
        first, _, last = what.partition("-")
        begin, end = (low, high) if what == "*" else (int(first), int(last or first))
        found |= set(range(begin, end + 1, int(step or 1)))
    return found
