"""Files of dates: one ISO date per line, inside the plan directory, bounded in size."""

import os
import re
from datetime import date, datetime, timedelta
from pathlib import Path

from delcia.config.files import shown, text_of
from delcia.config.findings import Findings, quoted
from delcia.config.nodes import Scalar
from delcia.config.quantities import calendar_date
from delcia.core.model import Place

MOST_DATES = 4000
"""More than ten years of days."""
MOST_COMPLAINTS = 10
SOON = timedelta(days=60)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_UNTIL = re.compile(r"#\s*until\s+([0-9]{4}-[0-9]{2}-[0-9]{2})\s*")


def dates_of_file(node: Scalar, root: Path, now: datetime, findings: Findings) -> set[date] | None:
    """Return the dates in the file that a calendar names, None when it cannot be used; warn when it ends soon."""
    relative = _relative(node, root, findings)
    if relative is None:
        return None
    place = Place(shown(relative), 1)
    text = text_of(os.path.realpath(root / relative), place, findings)
    found = None if text is None else _dates(text, place, findings)
    if found is not None:
        dates, until = found
        _check_end(node, dates, until, now.date(), findings)
        return dates
    return None


def _relative(node: Scalar, root: Path, findings: Findings) -> str | None:
    """Return the path of a file, relative to the plan directory, which it may not leave."""
    if "://" in node.text:
        hint = "save the dates in a file beside this one: nothing is fetched"
        findings.error(node.place, "calendar-file", "a calendar is a file of the plan directory, not an address", hint)
        return None
    relative = os.path.normpath(os.path.join(os.path.dirname(node.place.path), node.text))  # noqa: PTH118, PTH120 - normpath has no equal in pathlib
    base, real = os.path.realpath(root), os.path.realpath(root / relative)
    if relative.startswith(("/", "..")) or not real.startswith(base + os.sep):
        what = "is" if relative.startswith(("/", "..")) else "leads"
        findings.error(
            node.place,
            "calendar-file",
            f"{quoted(node.text)} {what} outside of the plan directory",
            "copy the file into the directory, and name it as seen from this one",
        )
        return None
    if not Path(real).exists():
        folder = Path(real).parent
        names = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
        hint = findings.nearest(
            Path(real).name, names, "write it, one date per line; the path begins at this file's folder"
        )
        findings.error(node.place, "calendar-file", f"no file {quoted(node.text)}", hint)
        return None
    if Path(real).is_dir():
        findings.error(node.place, "calendar-file", f"{quoted(node.text)} is a folder", "name a file in it")
        return None
    return relative


def _dates(text: str, place: Place, findings: Findings) -> tuple[set[date], date | None] | None:
    """Return the dates in a text and until when it says it is complete, None after reporting lines that say neither."""
    dates: set[date] = set()
    until, wrong = None, 0
    for number, line in enumerate(text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}").splitlines(), start=1):
        said = _UNTIL.search(line)
        until = (calendar_date(said[1]) if said else None) or until
        word = line.partition("#")[0].strip()
        if not word:
            continue
        day = calendar_date(word) if _DATE.fullmatch(word) else None
        if day is not None:
            dates.add(day)
            continue
        wrong += 1
        if wrong <= MOST_COMPLAINTS:
            spot = Place(place.path, number, len(line) - len(line.lstrip()) + 1)
            findings.error(
                spot, "bad-date", f"{quoted(word)} is not a date", "write one date such as 2026-12-24 per line"
            )
    if wrong > MOST_COMPLAINTS:
        message = f"{wrong - MOST_COMPLAINTS} more lines are not dates"
        findings.error(place, "bad-date", message, "name a file that has one date per line")
    if len(dates) > MOST_DATES:
        message = f"{len(dates):,} dates, allowed are {MOST_DATES:,}"
        findings.error(place, "too-large", message, "remove the years that are over")
        return None
    return None if wrong else (dates, until)


def _check_end(node: Scalar, dates: set[date], until: date | None, today: date, findings: Findings) -> None:
    """Warn of a file that says nothing of the days beyond two months from today."""
    ends = [*dates, until] if until else list(dates)
    if not ends:
        findings.warning(node.place, "calendar-ends", f"{quoted(node.text)} has no date", "write one date per line")
        return
    end = max(ends)
    if end < today + SOON:
        word, days = ("ends", (end - today).days) if end >= today else ("ended", (today - end).days)
        count = "1 day" if days == 1 else f"{days} days"
        when = f"in {count}" if word == "ends" else f"{count} ago"
        message = f"{quoted(node.text)} {word} on {end}, {when if days else 'today'}"
        hint = "add the dates to come, or a line '# until YYYY-MM-DD' when there are none until then"
        findings.warning(node.place, "calendar-ends", message, hint)
