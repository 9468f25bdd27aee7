"""A report in Markdown, for the description of a pull request."""

import re
from datetime import datetime, tzinfo

from delcia.core.clock import zone
from delcia.report.numbers import money
from delcia.report.rows import PlanRow, Report
from delcia.report.table import TOGETHER, bases, notes, summary, together_words
from delcia.report.words import state_words, when

MEANING = re.compile(r"([\\`*_{}\[\]<>|#&~])")


def markdown(report: Report) -> str:
    """Return the report as Markdown: a table of plans for each vehicle, then their segments."""
    tz = zone(report.site.timezone)
    lines = [f"As of {report.now.astimezone(tz):%a %Y-%m-%d %H:%M}, {plain(report.source)}."]
    for row in report.rows:
        words = f"{state_words(row.situation, row.memory, report.now)} · {row.means}"
        lines += ["", f"### {plain(row.vehicle.name)}", "", plain(words)]
        lines += [f"- {plain(note)}" for note in (*bases(row), *notes(report.site, row, report.now, tz))]
        if row.plans:
            lines += ["", "| plan | charge |", "| --- | --- |"]
            lines += [f"| {plain(item.plan.name)} | {plain(summary(item, report.now, tz))} |" for item in row.plans]
        if whole := together_words(row, report.now, tz):
            lines.append(f"| {TOGETHER} | {plain(whole)} |")
        parts = [part for item in row.plans for part in _segments(item, report.now, tz)]
        if parts:
            lines += ["", "| plan | from | to | band | energy | cost |", "| --- | --- | --- | --- | ---: | ---: |"]
            lines += parts
    return "\n".join(lines)


def _segments(item: PlanRow, now: datetime, tz: tzinfo) -> list[str]:
    rows = []
    for segment in item.projection.segments:
        cost = "" if segment.cost is None else f"{money(segment.cost)} {item.projection.currency}"
        cells = (
            item.plan.name,
            when(segment.start, now, tz),
            f"{segment.end.astimezone(tz):%H:%M}",
            segment.band or "",
            f"{segment.energy_wall_kwh:.1f} kWh",
            cost,
        )
        rows.append("| " + " | ".join(plain(cell) for cell in cells) + " |")
    return rows


def plain(words: str) -> str:
    """Return text in which nothing means anything to Markdown, on one line; `@` calls nobody."""
    return MEANING.sub(r"\\\1", " ".join(words.split())).replace("@", "&#64;")
