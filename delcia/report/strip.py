"""The coming night as a strip of characters, for a terminal: where each plan may charge, and where it does."""

from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo

from delcia.core.clock import zone
from delcia.core.windows import windows_of
from delcia.report.rows import PlanRow, Report

CELLS = 48
CELL = timedelta(minutes=30)
CHARGING, OPEN, SHUT = "█", "░", "·"
HOURS_APART = 6


def strips(report: Report) -> str:
    """Return a line for each plan, half an hour a character, below a line with the hours; empty without plans."""
    tz = zone(report.site.timezone)
    begin = report.now - timedelta(minutes=report.now.minute % 30, seconds=report.now.second)
    rows = [item for row in report.rows for item in row.plans]
    if not rows:
        return ""
    width = max(len(item.plan.name) for item in rows)
    lines = [f"{'':<{width}}  {_hours(begin, tz)}".rstrip()]
    lines += [f"{item.plan.name:<{width}}  {''.join(_cells(report, item, begin))}" for item in rows]
    return "\n".join(lines)


def _cells(report: Report, item: PlanRow, begin: datetime) -> Iterator[str]:
    windows = windows_of(report.site, item.plan, begin, begin + CELLS * CELL)
    for index in range(CELLS):
        start, end = begin + index * CELL, begin + (index + 1) * CELL
        middle = start + CELL / 2
        if any(part.start < end and part.end > start for part in item.projection.segments):
            yield CHARGING
        else:
            yield OPEN if any(window.start <= middle < window.end for window in windows) else SHUT


def _hours(begin: datetime, tz: tzinfo) -> str:
    cells = [" "] * (CELLS + 2)
    for index in range(CELLS):
        local = (begin + index * CELL).astimezone(tz)
        if local.minute == 0 and local.hour % HOURS_APART == 0:
            cells[index : index + 2] = list(f"{local:%H}")
    return "".join(cells)
