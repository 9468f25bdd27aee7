"""A report for the terminal: two lines a vehicle with one plan, and whatever the owner must not overlook."""

from collections.abc import Iterator
from datetime import datetime, tzinfo

from delcia.core.clock import zone
from delcia.core.model import Duration, Energy, Site, ToSoc
from delcia.core.ownership import is_left_alone
from delcia.core.projection import Projection
from delcia.core.state import Pause, Trip
from delcia.report.columns import aligned
from delcia.report.holding import standing_words
from delcia.report.numbers import money
from delcia.report.rows import PlanRow, Report, VehicleRow, basis_of, range_km
from delcia.report.words import (
    LEFT_ALONE,
    NOT_ENFORCED,
    basis_words,
    clock,
    override_words,
    soc_words,
    state_words,
    when,
)

PARTS_SHOWN = 4
TOGETHER = "together"
"""How the row is called that has all plans of a vehicle, none counted twice."""


def table(report: Report) -> str:
    """Return the report as text, times in the zone of the home."""
    tz = zone(report.site.timezone)
    width = max((len(name) for row in report.rows for name in _names(row)), default=0)
    rows = [item for row in report.rows for item in row.plans if item.projection.segments]
    cells = iter(aligned([_cells(item, report.now, tz) for item in rows], "lrrl"))
    lines: list[str] = []
    for row in report.rows:
        said = [f"{state_words(row.situation, row.memory, report.now)} · {row.means}"]
        names = [row.vehicle.name]
        for item in row.plans:
            names.append(item.plan.name)
            said.append(next(cells) if item.projection.segments else _nothing(item, report.now, tz))
            parts = _parts(item.projection, report.now, tz)
            names.extend("" for _ in parts)
            said.extend(parts)
        if row.together is not None:
            names.append(TOGETHER)
            said.append(together_words(row, report.now, tz) or "nothing to do")
        lines.extend(f"{name:<{width}}  {words}" for name, words in zip(names, said, strict=True))
        lines.extend(f"{'':<{width}}  {note}" for note in (*bases(row), *notes(report.site, row, report.now, tz)))
    return "\n".join(lines) or "there is no vehicle"


def summary(item: PlanRow, now: datetime, tz: tzinfo) -> str:
    """Return what a plan comes to, on one line: its span, energy, cost, and the SoC at the end."""
    if not item.projection.segments:
        return _nothing(item, now, tz)
    said = " · ".join(cell for cell in _cells(item, now, tz) if cell)
    return "; ".join([said, *_parts(item.projection, now, tz)])


def together_words(row: VehicleRow, now: datetime, tz: tzinfo) -> str | None:
    """Return what several plans of a vehicle come to together; None for a single one, or when nothing is to come."""
    found = row.together
    if found is None or not found.intervals:
        return None
    start = found.intervals[0].start
    parts = f" in {len(found.intervals)} parts" if len(found.intervals) > 1 else ""
    span = f"{when(start, now, tz)} → {clock(found.intervals[-1].end, start, tz)}{parts}"
    said = [span, f"{found.energy_wall_kwh:.1f} kWh"]
    if found.cost is not None:
        said.append(f"{money(found.cost)} {found.currency}")
    if found.ready_by is not None and found.soc_at_ready_by_pct is not None:
        said.append(f"{_soc(row, found.soc_at_ready_by_pct)} at {clock(found.ready_by, start, tz)}")
    else:
        said.append(f"{_soc(row, found.soc_pct)} at the end")
    return " · ".join(said)


def _names(row: VehicleRow) -> list[str]:
    return [row.vehicle.name, *(item.plan.name for item in row.plans), *([TOGETHER] if row.together else [])]


def _cells(item: PlanRow, now: datetime, tz: tzinfo) -> list[str]:
    """Return the span, the energy, the cost and the SoC of a plan that will charge."""
    found = item.projection
    start, end, last = found.segments[0].start, found.completes_at, found.segments[-1].end
    span = f"{when(start, now, tz)} → {clock(end or last, start, tz)}"
    if end is not None and found.completes_earliest and found.completes_latest:
        span += f" ({clock(found.completes_earliest, end, tz)}–{clock(found.completes_latest, end, tz)})"
    cost = f"{money(found.cost)} {found.currency}" if found.cost is not None else ""
    return [span, f"{found.energy_wall_kwh:.1f} kWh", cost, _ready(item, start, tz)]


def _ready(item: PlanRow, start: datetime, tz: tzinfo) -> str:
    found = item.projection
    if found.deadline is None or found.soc_at_deadline_pct is None:
        late = "" if found.deadline is None else f", late for {clock(found.deadline, start, tz)}"
        return f"{_soc(item, found.segments[-1].soc_pct)} at the end{late}"
    text = f"{_soc(item, found.soc_at_deadline_pct)} at {clock(found.deadline, start, tz)}"
    if found.reaches_target:
        return text
    match item.plan.target:
        case ToSoc(soc_pct):
            return f"{text}: misses {soc_pct} %"
        case Duration() | Energy():
            return f"{text}: not all of it by then"


def _soc(item: PlanRow | VehicleRow, soc_pct: float) -> str:
    km = range_km(item, soc_pct)
    return f"{soc_pct:.0f} %" if km is None else f"{soc_pct:.0f} % ({km} km)"


def _nothing(item: PlanRow, now: datetime, tz: tzinfo) -> str:
    found = item.projection
    if found.next_window is None and not found.reaches_target:
        return "no window to come"
    if not found.reaches_target and found.next_window is not None:
        return f"next window {when(found.next_window[0], now, tz)}"
    match item.plan.target:
        case ToSoc(soc_pct) if found.situation.soc_pct < soc_pct:
            # What runs now, or another plan, charges all that this one is for.
            at_deadline = found.soc_at_deadline_pct
            if found.deadline is None or at_deadline is None:
                return f"nothing left to charge: it will have {soc_pct} %"
            return f"nothing left to charge: {_soc(item, at_deadline)} at {clock(found.deadline, now, tz)}"
        case ToSoc(soc_pct):
            return f"nothing to do: it has {soc_words(found.situation, item.memory, now)}; target {soc_pct} %"
        case Duration() | Energy():
            return "nothing to do: it has had its charge"


def _parts(found: Projection, now: datetime, tz: tzinfo) -> list[str]:
    """Return the stretches of a charge in more than one of them, for the arrow shows only its first and last hour."""
    parts: list[list[datetime]] = []
    minimum: datetime | None = None
    for segment in found.segments:
        if segment.minimum:
            minimum = segment.end
        if parts and parts[-1][1] == segment.start and parts[-1][1] != minimum:
            parts[-1][1] = segment.end
        else:
            parts.append([segment.start, segment.end])
    if len(parts) < 2:  # noqa: PLR2004 - a charge in one piece
        return []
    said = [f"{when(start, now, tz)}–{clock(end, start, tz)}" for start, end in parts]
    if minimum is not None:
        soc_pct = next(segment.soc_pct for segment in found.segments if segment.end == minimum)
        said[0] += f" up to {soc_pct:.0f} % (minimum)"
    more = len(said) - PARTS_SHOWN
    if more > 1:
        said = [*said[: PARTS_SHOWN - 1], f"{more} more", said[-1]]
    return [f"in {len(parts)} parts: {', '.join(said)}"]


def notes(site: Site, row: VehicleRow, now: datetime, tz: tzinfo) -> Iterator[str]:
    """Yield whatever the owner must not overlook."""
    yield from standing_words(site, row.vehicle, row.standing, now, tz)
    if not row.plans:
        yield "no plan is enabled for it"
    begun = row.situation.waits or (row.memory is not None and row.memory.session is not None)
    for word in dict.fromkeys(word for item in row.plans for word in item.not_enforced):
        yield NOT_ENFORCED[word] + ("; shown as if that were now" if word == "window-end" and not begun else "")
    yield from _mends(row)
    override = row.memory.override if row.memory else None
    if override is not None:
        counted = isinstance(override, Trip) or (isinstance(override, Pause) and override.until is not None)
        holds = "" if counted else ": its plans' times do not hold"
        yield f"{override_words(override, now, tz)}{holds}"
    elif row.memory is not None and is_left_alone(row.memory):
        yield LEFT_ALONE


def _mends(row: VehicleRow) -> Iterator[str]:
    """Yield for each plan that misses its target what its owner can do."""
    for item in row.plans:
        found = item.projection
        if found.reaches_target or not found.segments or found.deadline is None:
            continue
        lower = "lower to_soc" if isinstance(item.plan.target, ToSoc) else "ask for less"
        sure = "" if item.plan.guarantee else ", or set guarantee: true"
        yield f"{item.plan.name} is short of time: add windows, {lower}, raise the power{sure}"


def bases(row: VehicleRow) -> tuple[str, ...]:
    """Return what the estimates of each charger rest on, where there are any, or its charges taught something."""
    learned = {item.charger for item in row.situation.learned}
    found = (item for item in row.plans if item.projection.segments or item.plan.charger in learned)
    return tuple(dict.fromkeys(basis(row, item) for item in found))


def basis(row: VehicleRow, item: PlanRow) -> str:
    """Return what the estimates of one plan rest on."""
    return basis_words(basis_of(item), own_numbers=row.vehicle.model is None)
