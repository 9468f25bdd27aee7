"""Calendars: named sets of dates, made plain dates while the plans are read, so that nothing is looked up later."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from delcia.config.countries import public_holidays
from delcia.config.datefiles import dates_of_file
from delcia.config.findings import Findings, quoted
from delcia.config.merge import Merged
from delcia.config.nodes import Mapping as Node
from delcia.config.nodes import Scalar
from delcia.config.quantities import FULL_NAMES, LEAP_YEAR, NO_DATE, calendar_date, weekdays
from delcia.config.reading import scalar, scalars, text

YEARS_BEFORE, YEARS_AFTER = 1, 3
"""For how many years around the present one holidays, and days of every year, become dates."""


@dataclass(frozen=True, slots=True)
class Calendars:
    """The dates of each calendar, sorted; those that have an error are in `faulty`, and what they lack is unknown."""

    dates: Mapping[str, tuple[date, ...]] = field(default_factory=dict)
    faulty: frozenset[str] = frozenset()
    complete: bool = True
    """False: a file could not be read, so that a calendar of any name may be missing."""


def calendars(merged: Merged, root: Path, now: datetime, findings: Findings) -> Calendars:
    """Return all calendars of the plans below `root`, for the years around `now`."""
    years = range(now.year - YEARS_BEFORE, now.year + YEARS_AFTER + 1)
    found: dict[str, tuple[date, ...]] = {}
    faulty = set()
    for name, entry in merged.maps["calendars"].items():
        before = len(findings.problems)
        if weekdays(name) is not None or name in FULL_NAMES:
            message = f"{quoted(name)} is the name of days of the week"
            findings.error(entry.place, "reserved-name", message, "choose another name for the calendar")
        dates = _dates(entry.node, root, years, now, findings) if isinstance(entry.node, Node) else None
        found[name] = tuple(sorted(dates or ()))
        if dates is None or any(problem.level == "error" for problem in findings.problems[before:]):
            faulty.add(name)
    return Calendars(found, frozenset(faulty), not findings.unread)


def _dates(node: Node, root: Path, years: range, now: datetime, findings: Findings) -> set[date] | None:
    """Return the dates of a calendar, None when they are not to be known."""
    file = scalar(node, "file", findings)
    if file is not None:
        return dates_of_file(file, root, now, findings)
    if "dates" in node.entries:
        return _listed(node, "dates", years, findings)
    country = scalar(node, "country", findings)
    if country is None:
        return None
    part = scalar(node, "subdiv", findings) if text(node, "subdiv", findings) else None
    holidays = public_holidays(country, part, years, findings)
    added, dropped = (_listed(node, key, years, findings) for key in ("add", "drop"))
    return None if holidays is None else (holidays | added) - dropped


def _listed(node: Node, key: str, years: range, findings: Findings) -> set[date]:
    return {day for item in scalars(node, key, findings) or () for day in _days(item, years, findings)}


def _days(item: Scalar, years: Iterable[int], findings: Findings) -> list[date]:
    """Return the date that a text names, or that day of each year."""
    every_year = len(item.text) == len("MM-DD")
    known = calendar_date(f"{LEAP_YEAR}-{item.text}" if every_year else item.text)
    if known is None:
        findings.error(item.place, "bad-date", f"{quoted(item.text)} is not a date", NO_DATE)
        return []
    if not every_year:
        return [known]
    return [day for year in years if (day := calendar_date(f"{year}-{item.text}")) is not None]
