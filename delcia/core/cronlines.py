"""Triggers as lines for a cron whose clock is in a zone: every instant is hit, whatever the daemon does about DST.

Vixie cron and cronie run a line whose hour is a number once when that hour comes twice, at its first pass, and after
the gap when the hour is skipped; busybox runs it at both passes, and not in the gap. So an instant of UTC is written
once per offset of the daemon's zone, and an hour that comes twice also with a `*` for the hour: such a line follows
real time in all of them. A line may fire where it is not needed, which does no harm.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

from delcia.core.clock import zone
from delcia.core.model import DAY_MIN, EVERY_DAY
from delcia.core.offsets import Repeat, offsets_of, repeats_of
from delcia.core.seasons import EVERY_MONTH
from delcia.core.timetable import HORIZON_YEARS
from delcia.core.triggers import RECONCILE, Every, Recurring, Single, Trigger

HOUR_MIN = 60
OFFSET = re.compile(r"(?<=[A-Za-z]) \(UTC[^)]*\)")
"""What the words of a trigger say of a named zone's offset; the daemon's clock has its own."""
RARE, TWICE = " (in months in which a clock changes)", " (the hour that the clock repeats)"


@dataclass(frozen=True, slots=True, order=True)
class CronLine:
    """When a line fires, by the daemon's clock. No hours: at this minute of every hour.

    `words` say what it is for, `note` why it fires more often than that. Weekdays count from Monday, 0. A line names
    days of the month or weekdays, never both: cron would join them by OR.
    """

    minute: int
    hours: tuple[int, ...]
    days: tuple[int, ...]
    months: tuple[int, ...]
    weekdays: tuple[int, ...]
    words: tuple[str, ...] = ()
    note: str = ""

    @property
    def text(self) -> str:
        """What the line is for, to stand above it."""
        return "; ".join(self.words) + self.note

    @property
    def fields(self) -> str:
        """The five fields as cron reads them, parted by tabs: Synology's wants those."""
        weekdays = tuple(sorted((weekday + 1) % len(EVERY_DAY) for weekday in self.weekdays))
        parts = (
            str(self.minute),
            _runs(self.hours) or "*",
            _runs(self.days) or "*",
            "*" if self.months == EVERY_MONTH else _runs(self.months),
            "*" if self.weekdays == EVERY_DAY else _runs(weekdays),
        )
        return "\t".join(parts)


def cron_lines(triggers: Iterable[Trigger], clock: str, now: datetime) -> tuple[CronLine, ...]:
    """Return lines that fire at every instant of these triggers, for a daemon whose clock is in the zone `clock`."""
    found = [line for trigger in triggers for line in _lines(trigger, clock, now.year)]
    return _merged(found)


def _lines(trigger: Trigger, clock: str, year: int) -> Iterator[CronLine]:
    match trigger:
        case Single(instant, words):
            yield from _of_instant(instant, words, clock)
        case Recurring():
            yield from _of_minute(trigger, clock, year)
        case Every():
            msg = f"the line of every so many minutes is the template's own: {trigger}"
            raise ValueError(msg)
        case _ as never:
            assert_never(never)


def _of_instant(instant: datetime, words: str, clock: str) -> Iterator[CronLine]:
    wall = instant.astimezone(zone(clock))
    yield CronLine(wall.minute, (wall.hour,), (wall.day,), (wall.month,), EVERY_DAY, (words,))
    if wall.fold:
        repeats = [one for one in repeats_of(clock, wall.year, wall.year) if one.begins.date() == wall.date()]
        yield from _twice(wall.hour * HOUR_MIN + wall.minute, words, repeats)


def _of_minute(trigger: Recurring, clock: str, year: int) -> Iterator[CronLine]:
    """Yield a minute of the UTC day at each offset of the daemon's clock, in the months that have both."""
    years = (year, year + HORIZON_YEARS)
    words = OFFSET.sub("", trigger.words)
    for offset in offsets_of(clock, *years):
        shift, minute = divmod(trigger.minute + offset.minutes, DAY_MIN)
        both = offset.months.intersection(trigger.months)
        if not both:
            continue
        months = _shifted_months(both, shift)
        rare = both != offset.months and both != set(trigger.months)
        weekdays = tuple(sorted((weekday + shift) % len(EVERY_DAY) for weekday in trigger.weekdays))
        hour = minute // HOUR_MIN
        yield CronLine(minute % HOUR_MIN, (hour,), (), months, weekdays, (words,), RARE if rare else "")
        near = [
            one for one in repeats_of(clock, *years) if one.begins.month in months and one.begins.weekday() in weekdays
        ]
        yield from _twice(minute, words, near)


def _twice(minute: int, words: str, repeats: Iterable[Repeat]) -> Iterator[CronLine]:
    """Yield lines for the second pass of an hour; the line of every five minutes, which begins with `*`, has some."""
    if minute % RECONCILE.minutes == 0:
        return
    for one in repeats:
        if (minute - one.begins.hour * HOUR_MIN - one.begins.minute) % DAY_MIN < one.length_min:
            month, weekday = one.begins.month, one.begins.weekday()
            yield CronLine(minute % HOUR_MIN, (), (), (month,), (weekday,), (words,), TWICE)


def _shifted_months(months: Iterable[int], shift: int) -> tuple[int, ...]:
    """Return the months of dates that lie a day later, or earlier, than dates of these months."""
    found = set(months)
    return tuple(sorted(found | {(month - 1 + shift) % len(EVERY_MONTH) + 1 for month in found}))


def _merged(lines: Iterable[CronLine]) -> tuple[CronLine, ...]:
    """Return lines that fire at the same instants, none of which another one includes; hours of a minute together."""
    yearly = _joined(lines, lambda line: replace(line, months=(), words=(), note=""), _all_months)
    kept: list[CronLine] = []
    for line in sorted(yearly, key=_breadth, reverse=True):
        outer = next((number for number, other in enumerate(kept) if _includes(other, line)), None)
        if outer is None:
            kept.append(line)
        else:
            kept[outer] = replace(kept[outer], words=_both_words(kept[outer], line))
    some, every = ([line for line in kept if bool(line.hours) is known] for known in (True, False))
    daily = _joined(sorted(some), lambda line: replace(line, hours=(), words=()), _all_hours)
    return tuple(sorted(daily, key=lambda line: (line.hours, line))) + tuple(sorted(every))


def _joined(
    lines: Iterable[CronLine], key: Callable[[CronLine], CronLine], both: Callable[[CronLine, CronLine], CronLine]
) -> list[CronLine]:
    found: dict[CronLine, CronLine] = {}
    for line in lines:
        same = key(line)
        found[same] = both(found[same], line) if same in found else line
    return list(found.values())


def _all_months(one: CronLine, other: CronLine) -> CronLine:
    note = one.note if one.note == other.note else ""
    return replace(one, months=tuple(sorted({*one.months, *other.months})), words=_both_words(one, other), note=note)


def _all_hours(one: CronLine, other: CronLine) -> CronLine:
    return replace(one, hours=tuple(sorted({*one.hours, *other.hours})), words=_both_words(one, other))


def _both_words(one: CronLine, other: CronLine) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*one.words, *other.words]))


def _breadth(line: CronLine) -> tuple[bool, bool, int, int]:
    """Return how much a line can include: none includes a broader one."""
    return not line.hours, not line.days, len(line.months), len(line.weekdays)


def _includes(outer: CronLine, inner: CronLine) -> bool:
    return (
        outer.minute == inner.minute
        and (not outer.hours or (bool(inner.hours) and set(inner.hours) <= set(outer.hours)))
        and (not outer.days or outer.days == inner.days)
        and set(inner.months) <= set(outer.months)
        and set(inner.weekdays) <= set(outer.weekdays)
    )


def _runs(numbers: tuple[int, ...]) -> str:
    """Return sorted numbers as cron lists them: `1-3,10-12`."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ",".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)
