"""When to look: the instants, in UTC, at which a timer fires, and their text for systemd."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import assert_never

from delcia.core.clock import DAY
from delcia.core.model import EVERY_DAY
from delcia.core.seasons import EVERY_MONTH


@dataclass(frozen=True, slots=True)
class Recurring:
    """A minute of the UTC day, on UTC dates of these weekdays (from Monday, 0), months and years (none: all).

    `words` say what the owner wrote.
    """

    minute: int
    weekdays: tuple[int, ...] = EVERY_DAY
    months: tuple[int, ...] = EVERY_MONTH
    years: tuple[int, ...] = ()
    words: str = ""


@dataclass(frozen=True, slots=True)
class Single:
    """One instant."""

    instant: datetime
    words: str = ""


@dataclass(frozen=True, slots=True)
class Every:
    """Every so many minutes of the hour."""

    minutes: int
    words: str = ""


Trigger = Recurring | Single | Every

RECONCILE = Every(5, "every 5 minutes")
"""The look at all plans that repairs what any other trigger missed."""


def fires(trigger: Trigger, start: datetime, end: datetime) -> Iterator[datetime]:
    """Yield the instants at which a trigger fires, from `start` up to, not including, `end`, in order."""
    match trigger:
        case Single(instant):
            if start <= instant < end:
                yield instant
        case Every(minutes):
            step = timedelta(minutes=minutes)
            midnight = datetime.combine(start.astimezone(UTC), time(), UTC)
            instant = midnight - (midnight - start) // step * step
            while instant < end:
                yield instant
                instant += step
        case Recurring():
            day, last = start.astimezone(UTC).date(), end.astimezone(UTC).date()
            while day <= last:
                instant = datetime.combine(day, time(trigger.minute // 60, trigger.minute % 60), UTC)
                if _on(trigger, day) and start <= instant < end:
                    yield instant
                day += DAY
        case _ as never:
            assert_never(never)


def calendar_text(trigger: Trigger) -> str:
    """Return the `OnCalendar=` expression of a trigger.

    Nothing in it wraps: systemd refuses `Sun..Thu` and `10..03`.
    """
    match trigger:
        case Single(instant):
            return f"{instant.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
        case Every(minutes):
            return f"*-*-* *:00/{minutes}:00 UTC"
        case Recurring(minute, weekdays, months, years):
            names = "" if weekdays == EVERY_DAY else _runs(weekdays, ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"))
            year = _runs(years) or "*"
            month = "*" if months == EVERY_MONTH else _runs(months)
            return f"{names} {year}-{month}-* {minute // 60:02}:{minute % 60:02}:00 UTC".lstrip()
        case _ as never:
            assert_never(never)


def _on(trigger: Recurring, day: date) -> bool:
    return (
        day.weekday() in trigger.weekdays
        and day.month in trigger.months
        and (not trigger.years or day.year in trigger.years)
    )


def _runs(numbers: tuple[int, ...], names: tuple[str, ...] | None = None) -> str:
    """Return sorted numbers as systemd lists them: `01..03,10`."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    parts = []
    for run in runs:
        words = [names[number] if names else f"{number:02}" for number in run]
        parts.append(f"{words[0]}..{words[-1]}" if len(run) > len("..") else ",".join(words))
    return ",".join(parts)
