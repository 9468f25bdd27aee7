"""Conditions on dates: weekdays, dates of calendars, seasons and stretches between two dates."""

from dataclasses import dataclass
from datetime import date

from delcia.config.calendars import Calendars
from delcia.config.findings import Findings, listed, quoted
from delcia.config.nodes import Mapping, Scalar
from delcia.config.quantities import FULL_NAMES, NO_DATE, WEEKDAYS, calendar_date, month_days, weekdays
from delcia.config.reading import scalars, value
from delcia.core.model import EVERY_DAY, ClockSeason, Days, MonthDays

_WORDS = (*WEEKDAYS, "mon-fri", "sat-sun")
_SURELY = 0.7
"""Closer than other words must be: `holiday` is not `monday`, it is the name of a calendar."""


@dataclass(frozen=True, slots=True)
class _Named:
    """Weekdays and dates named by a list of days; `calendars` is whether dates can be among them."""

    weekdays: frozenset[int]
    dates: frozenset[date]
    calendars: bool


def days(node: Mapping, calendars: Calendars, findings: Findings) -> Days:
    """Return the conditions that a band or a plan puts on dates."""
    wanted, unwanted = _named(node, "days", calendars, findings), _named(node, "except", calendars, findings)
    never = unwanted or _Named(frozenset(), frozenset(), calendars=False)
    # A list of which nothing could be read is no condition: its words were reported.
    is_all = wanted is None or not (wanted.weekdays or wanted.calendars)
    weekdays_left = (frozenset(EVERY_DAY) if wanted is None or is_all else wanted.weekdays) - never.weekdays
    dates = frozenset() if wanted is None else wanted.dates - never.dates
    dates = frozenset(day for day in dates if day.weekday() not in never.weekdays)
    if not weekdays_left and not (wanted and wanted.calendars):
        place = node.entries["except"].place
        findings.error(place, "no-day", "no day is left", "name fewer days in except")
    return Days(
        tuple(sorted(weekdays_left)),
        _season(node, findings),
        _between(node, findings),
        tuple(sorted(dates)),
        tuple(sorted(never.dates)) if weekdays_left else (),
    )


def _named(node: Mapping, key: str, calendars: Calendars, findings: Findings) -> _Named | None:
    words = scalars(node, key, findings)
    if words is None:
        return None
    found: set[int] = set()
    dates: set[date] = set()
    for word in words:
        known = weekdays(word.text)
        if known is None and word.text not in calendars.dates:
            _report_day(word, calendars, findings)
        found.update(known or ())
        dates.update(calendars.dates.get(word.text, ()))
    named = any(word.text in calendars.dates for word in words)
    return _Named(frozenset(found), frozenset(dates), named)


def _report_day(word: Scalar, calendars: Calendars, findings: Findings) -> None:
    text = word.text
    if text in FULL_NAMES:
        findings.error(word.place, "bad-day", f"{quoted(text)} is not a day", f"write {text[:3]}")
        return
    hint = findings.nearest(text, (*_WORDS, *FULL_NAMES), cutoff=_SURELY)
    close = findings.nearest(text, calendars.dates)
    if hint and not close:
        findings.error(word.place, "bad-day", f"{quoted(text)} is not a day", hint)
    elif calendars.complete:
        message = f"{quoted(text)} is neither a weekday nor a calendar"
        known = f"the calendars are {listed(calendars.dates)}" if calendars.dates else "add it below calendars:"
        findings.error(
            word.place, "unknown-calendar", message, close or f"use mon to sun, or a range such as mon-fri; {known}"
        )


def _season(node: Mapping, findings: Findings) -> MonthDays | ClockSeason | None:
    found = value(node, "season", findings)
    if isinstance(found, Scalar):
        return ClockSeason(summer=found.value == "summer-time")
    ends = scalars(node, "season", findings)
    if not ends or len(ends) != 2:  # noqa: PLR2004 - a first and a last day
        return None
    season = month_days(ends[0].text, ends[1].text)
    for end in ends if season is None else ():
        if month_days(end.text, end.text) is None:
            findings.error(
                end.place, "bad-date", f"{quoted(end.text)} is not a day of the year", "write a day that exists"
            )
    return season


def _between(node: Mapping, findings: Findings) -> tuple[date, date] | None:
    ends = scalars(node, "between", findings)
    if not ends or len(ends) != 2:  # noqa: PLR2004 - a first and a last date
        return None
    first, last = (real_date(end, findings) for end in ends)
    if not first or not last:
        return None
    if last < first:
        message = f"{last} is before {first}"
        findings.error(ends[1].place, "bad-date", message, f"write [{last}, {first}]")
        return None
    return first, last


def real_date(node: Scalar, findings: Findings) -> date | None:
    """Return the date that a text names, or None after reporting that there is no such day."""
    found = calendar_date(node.text[:10])
    if found is None:
        findings.error(node.place, "bad-date", f"{quoted(node.text[:10])} is not a date", NO_DATE)
    return found
