"""A report as an iCalendar feed (RFC 5545): an event per coming charge, its UID the same as long as it is that one."""

from collections.abc import Iterator
from datetime import datetime

from delcia.core.clock import zone
from delcia.core.projection import Segment
from delcia.core.slots import noon_before
from delcia.report.numbers import money
from delcia.report.rows import PlanRow, Report, VehicleRow
from delcia.report.table import basis
from delcia.report.words import clock, soc_words

FOLD = 73
"""Octets of a line, so that with the blank of a continuation none has more than 75."""


def calendar(report: Report) -> str:
    """Return the feed, lines ended as the format wants."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//delcia//report//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "X-WR-CALNAME:delcia",
    ]
    for row in report.rows:
        for item in row.plans:
            lines.extend(_events(report, row, item))
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _events(report: Report, row: VehicleRow, item: PlanRow) -> Iterator[str]:
    seen: dict[str, int] = {}
    found, now, tz = item.projection, report.now, zone(report.site.timezone)
    # A feed is read later than it was made: the age of the SoC is that of the hour at which it was reckoned.
    since = f"reckoned {now.astimezone(tz):%a %H:%M} from {soc_words(row.situation, row.memory, now)}"
    for run in _runs(found.segments):
        start, end = run[0].start, run[-1].end
        day = f"{noon_before(report.site, start):%Y%m%d}"
        seen[day] = seen.get(day, 0) + 1
        energy_kwh = sum(segment.energy_wall_kwh for segment in run)
        words = [f"{energy_kwh:.1f} kWh"]
        costs = [segment.cost for segment in run if segment.cost is not None]
        if costs:
            words.append(f"{money(sum(costs[1:], costs[0]))} {found.currency}")
        if end == found.completes_at and found.completes_earliest and found.completes_latest:
            words.append(f"done {clock(found.completes_earliest, end, tz)}–{clock(found.completes_latest, end, tz)}")
        words += [f"plan {found.plan}, charger {found.charger}", since, basis(row, item)]
        yield "BEGIN:VEVENT"
        # The day from noon to noon and the count in it stay when the hours are planned anew.
        yield f"UID:{found.plan}-{day}-{seen[day]}@delcia"
        yield f"DTSTAMP:{_utc(now)}"
        yield f"DTSTART:{_utc(start)}"
        yield f"DTEND:{_utc(end)}"
        yield f"SUMMARY:{_text(f'{found.vehicle} charges to about {run[-1].soc_pct:.0f} %')}"
        yield f"DESCRIPTION:{_text(', '.join(words))}"
        yield "TRANSP:TRANSPARENT"
        yield "END:VEVENT"


def _runs(segments: tuple[Segment, ...]) -> list[list[Segment]]:
    """Return segments that touch as one charge."""
    runs: list[list[Segment]] = []
    for segment in segments:
        if runs and runs[-1][-1].end == segment.start:
            runs[-1].append(segment)
        else:
            runs.append([segment])
    return runs


def _utc(moment: datetime) -> str:
    return f"{moment:%Y%m%dT%H%M%SZ}"


def _text(words: str) -> str:
    """Return a value in which no character means anything to the format."""
    escaped = words.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return escaped.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "\\n")


def _folded(line: str) -> Iterator[str]:
    """Yield a line in parts that are short enough, no character torn apart."""
    part, size, lead = "", 0, ""
    for character in line:
        octets = len(character.encode())
        if size + octets > FOLD:
            yield lead + part
            part, size, lead = "", 0, " "
        part, size = part + character, size + octets
    yield lead + part
