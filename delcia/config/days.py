"""Conditions on dates: weekdays, seasons and stretches between two dates."""

from datetime import date

from delcia.config.findings import Findings, quoted
from delcia.config.nodes import Mapping, Scalar
from delcia.config.quantities import WEEKDAYS, calendar_date, month_days, weekdays
from delcia.config.reading import scalars, value
from delcia.core.model import EVERY_DAY, ClockSeason, Days, MonthDays

_WORDS = (*WEEKDAYS, "mon-fri", "sat-sun")
_SURELY = 0.7
"""Closer than other words must be: `holiday` is not `monday`, it is the name of a calendar."""
_FULL_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def days(node: Mapping, findings: Findings) -> Days:
    """Return the conditions that a band or a plan puts on dates."""
    wanted, unwanted = _weekdays(node, "days", findings), _weekdays(node, "except", findings)
    chosen = tuple(day for day in wanted or EVERY_DAY if day not in (unwanted or ()))
    if not chosen:
        place = node.entries["except"].place
        findings.error(place, "no-day", "no day is left", "name fewer days in except")
    return Days(chosen, _season(node, findings), _between(node, findings))


def _weekdays(node: Mapping, key: str, findings: Findings) -> tuple[int, ...] | None:
    words = scalars(node, key, findings)
    if words is None:
        return None
    found: set[int] = set()
    for word in words:
        known = weekdays(word.text)
        if known is None:
            _report_day(word, findings)
        found.update(known or ())
    return tuple(sorted(found))


def _report_day(word: Scalar, findings: Findings) -> None:
    text = word.text
    if text in _FULL_NAMES:
        findings.error(word.place, "bad-day", f"{quoted(text)} is not a day", f"write {text[:3]}")
        return
    hint = findings.nearest(text, (*_WORDS, *_FULL_NAMES), cutoff=_SURELY)
    if hint:
        findings.error(word.place, "bad-day", f"{quoted(text)} is not a day", hint)
        return
    hint = "use mon, tue, wed, thu, fri, sat, sun, or a range such as mon-fri"
    findings.error(
        word.place, "not-supported", f"{quoted(text)} is not a weekday, and calendars are not supported yet", hint
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
        findings.error(node.place, "bad-date", f"{quoted(node.text[:10])} is not a date", "write a day that exists")
    return found
