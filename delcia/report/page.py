"""A report as one page of HTML that loads nothing: time lines in SVG, and the same in words and tables."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo

from delcia.core.clock import zone
from delcia.core.sessions import PastSession, cost_of
from delcia.report.numbers import money
from delcia.report.rows import PlanRow, Report, VehicleRow
from delcia.report.table import bases, basis, notes, summary, together_words
from delcia.report.texts import TimelineWords
from delcia.report.timeline import Timeline, ahead, past
from delcia.report.words import energy_words, owner_words, state_words, when
from delcia.resources import resource

NO_BREAK = "\N{NO-BREAK SPACE}"
UNIT = re.compile(r"(?<=\d) (?=%|kWh|km|[A-Z]{3}\b)")
SEGMENT_HEADS = ("charging", "band", "energy", "cost", "then")
SESSION_HEADS = ("session", "charge", "energy", "cost", "whose")


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells below their heads."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class PlanPart:
    """A plan on the page: what it comes to, its time line, its segments as rows of cells, and its basis."""

    name: str
    words: str
    timeline: Timeline
    alternative: str
    segments: tuple[tuple[str, ...], ...]
    basis: str

    @property
    def table(self) -> Table:
        """Return the segments with their English heads."""
        return _table(SEGMENT_HEADS, self.segments)


@dataclass(frozen=True, slots=True)
class VehiclePart:
    """A vehicle on the page: its state, its plans, and the sessions of the past week."""

    name: str
    words: str
    notes: tuple[str, ...]
    plans: tuple[PlanPart, ...]
    together: str | None
    bases: tuple[str, ...]
    week: Timeline
    sessions: Table


def page(report: Report, sessions: Mapping[str, Sequence[PastSession]]) -> str:
    """Return the page; `sessions` are those of the past week by vehicle."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    tz = zone(report.site.timezone)
    environment = Environment(
        loader=FileSystemLoader(resource("templates", "report")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["kept"] = kept
    template = environment.get_template("report.html.j2")
    local = report.now.astimezone(tz)
    vehicles = [_vehicle(report, row, sessions.get(row.vehicle.name, ()), tz) for row in report.rows]
    return template.render(
        as_of=f"{local:%a %Y-%m-%d %H:%M}",
        zone=report.site.timezone,
        source=report.source,
        vehicles=vehicles,
        words=TimelineWords(),
    )


def kept(words: str) -> str:
    """Return words in which a number and its unit stay on one line, however narrow the screen."""
    return UNIT.sub(NO_BREAK, words)


def _vehicle(report: Report, row: VehicleRow, sessions: Sequence[PastSession], tz: tzinfo) -> VehiclePart:
    return VehiclePart(
        name=row.vehicle.name,
        words=f"{state_words(row.situation, row.memory, report.now)} · {row.means}",
        notes=tuple(notes(report.site, row, report.now, tz)),
        plans=tuple(plan_part(report, row, item, tz) for item in row.plans),
        together=together_words(row, report.now, tz),
        bases=bases(row),
        week=past(report.site, sessions, report.now),
        sessions=_table(SESSION_HEADS, tuple(session_cells(report, item, tz) for item in sessions)),
    )


def _table(heads: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> Table:
    """Return a table without the columns that are empty in all rows."""
    used = [index for index in range(len(heads)) if any(row[index] for row in rows)]
    return Table(tuple(heads[index] for index in used), tuple(tuple(row[index] for index in used) for row in rows))


def plan_part(report: Report, row: VehicleRow, item: PlanRow, tz: tzinfo) -> PlanPart:
    """Return a plan as the page shows it, in English."""
    words = summary(item, report.now, tz)
    found = ahead(report.site, item.plan, item.projection, report.now)
    said = [piece.words for piece in found.charges] or ["no charging in the next 48 hours"]
    rows = []
    for segment in item.projection.segments:
        cost = "" if segment.cost is None else f"{money(segment.cost)} {item.projection.currency}"
        span = f"{when(segment.start, report.now, tz)} – {segment.end.astimezone(tz):%H:%M}"
        rows.append((span, segment.band or "", f"{segment.energy_wall_kwh:.1f} kWh", cost, f"{segment.soc_pct:.0f} %"))
    return PlanPart(item.plan.name, words, found, "; ".join(said), tuple(rows), basis(row, item))


def session_cells(report: Report, item: PastSession, tz: tzinfo) -> tuple[str, ...]:
    """Return when a session was, its SoC, energy and cost, and whose it was."""
    cost = cost_of(report.site, item)
    known = item.soc_start_pct is not None and item.soc_end_pct is not None
    return (
        f"{when(item.began_at, report.now, tz)} – {item.ended_at.astimezone(tz):%H:%M}",
        f"{item.soc_start_pct:.0f} → {item.soc_end_pct:.0f} %" if known else "",
        energy_words(item),
        "" if cost is None else f"{money(cost[0])} {cost[1]}",
        owner_words(item),
    )
