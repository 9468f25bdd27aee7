"""A report for the terminal: two lines a vehicle with one plan, and whatever the owner must not overlook."""

from datetime import datetime, tzinfo

from delcia.core.clock import MINUTE, zone
from delcia.core.model import Duration, Energy, ToSoc
from delcia.core.projection import Projection
from delcia.core.state import Boost, Charge, Memory, Pause, Plug
from delcia.report.data import money
from delcia.report.rows import PlanRow, Report, VehicleRow

PLUGS = {Plug.PLUGGED: "plugged in", Plug.UNPLUGGED: "not plugged in", Plug.UNKNOWN: "plug unknown"}
NOT_ENFORCED = {
    "start": "nothing can start this car from afar",
    "window-end": "nothing ends its charge when the window does: it is shown from plugging in",
    "target": "nothing ends its charge at the target",
}


def table(report: Report) -> str:
    """Return the report as text, times in the zone of the home."""
    from tabulate import tabulate

    tz = zone(report.site.timezone)
    lines = []
    width = max((len(name) for row in report.rows for name in _names(row)), default=0)
    for row in report.rows:
        lines.append(f"{row.vehicle.name:<{width}}  {_state(row, report.now, tz)} · {row.means}")
        cells = [_cells(item, report.now, tz, width) for item in row.plans]
        if cells:
            lines.extend(
                line.rstrip() for line in tabulate(cells, tablefmt="plain", disable_numparse=True).splitlines()
            )
        else:
            lines.append(f"{'':<{width}}  no plan is enabled for it")
        lines.extend(f"{'':<{width}}  {note}" for note in _notes(row, tz))
    return "\n".join(lines)


def _names(row: VehicleRow) -> list[str]:
    return [row.vehicle.name, *(item.plan.name for item in row.plans)]


def _state(row: VehicleRow, now: datetime, tz: tzinfo) -> str:
    situation, memory = row.situation, row.memory
    match situation.basis:
        case "given":
            return f"{situation.soc_pct:.0f} % given"
        case "assumed":
            return f"{situation.soc_pct:.0f} % assumed, for the car has not been read"
        case "carried" | "reading":
            pass
    age = _age(now, situation.soc_at)
    soc = f"{situation.soc_pct:.0f} %"
    if situation.basis == "carried":
        soc = f"about {soc}"
    plug = _plug(memory)
    return (
        f"{soc}, {plug}, read {age}"
        if now - situation.soc_at < MINUTE * 1440
        else f"{soc}, {plug}, {_when(situation.soc_at, now, tz)}"
    )


def _plug(memory: Memory | None) -> str:
    if memory is None or memory.reading is None:
        return "plug unknown"
    if memory.session is not None or memory.reading.charge is Charge.CHARGING:
        return "charging"
    return PLUGS[memory.reading.plug]


def _age(now: datetime, then: datetime) -> str:
    minutes = max(0, int((now - then) / MINUTE))
    if minutes < 1:
        return "just now"
    return f"{minutes} min ago" if minutes < 120 else f"{minutes // 60} h ago"  # noqa: PLR2004 - two hours


def _cells(item: PlanRow, now: datetime, tz: tzinfo, width: int) -> list[str]:
    found = item.projection
    name = f"{item.plan.name:<{width}}"
    ready = _ready(item, found, now, tz)
    if not found.segments:
        return [name, _nothing(item, found, now, tz), "", "", ready if found.deadline and found.reaches_target else ""]
    start = found.segments[0].start
    end = found.completes_at
    last = found.segments[-1].end
    span = f"{_when(start, now, tz)} → {_clock(end or last, start, tz)}"
    if end is not None and found.completes_earliest and found.completes_latest:
        span += f" ({_clock(found.completes_earliest, end, tz)}–{_clock(found.completes_latest, end, tz)})"
    cost = f"{money(found.cost)} {found.currency}" if found.cost is not None else ""
    return [name, span, f" {found.energy_wall_kwh:.1f} kWh", f" {cost}" if cost else "", f" {ready}"]


def _nothing(item: PlanRow, found: Projection, now: datetime, tz: tzinfo) -> str:
    if found.next_window is None:
        return "no window to come"
    if found.reaches_target:
        match item.plan.target:
            case ToSoc(soc_pct):
                return f"nothing to do: it has {found.situation.soc_pct:.0f} %, target {soc_pct} %"
            case Duration() | Energy():
                return "nothing to do: it has had its charge"
    return f"next window {_when(found.next_window[0], now, tz)}"


def _ready(item: PlanRow, found: Projection, now: datetime, tz: tzinfo) -> str:
    if found.deadline is None or found.soc_at_deadline_pct is None:
        done = found.segments[-1].soc_pct if found.segments else found.situation.soc_pct
        return f"{done:.0f} % at the end"
    text = f"{found.soc_at_deadline_pct:.0f} % at {_clock(found.deadline, found.starts_at or now, tz)}"
    if found.reaches_target:
        return text
    goal = item.plan.target.soc_pct if isinstance(item.plan.target, ToSoc) else None
    return f"{text}: misses {goal} %" if goal is not None else f"{text}: not all of it"


def _notes(row: VehicleRow, tz: tzinfo) -> list[str]:
    notes = [NOT_ENFORCED[word] for word in dict.fromkeys(w for item in row.plans for w in item.not_enforced)]
    match row.memory.override if row.memory else None:
        case Boost(_, until, to_soc_pct, minutes):
            goal = f"to {to_soc_pct} %" if to_soc_pct is not None else f"for {minutes} min"
            notes.append(f"boost {goal}, until unplugged or {until.astimezone(tz):%a %H:%M}: it charges now")
        case Pause(_, None):
            notes.append("paused until unplugged, or 'delcia resume': the times above do not hold")
        case Pause(_, until) if until is not None:
            notes.append(f"paused until {until.astimezone(tz):%a %H:%M}")
        case _:
            pass
    return notes


def _when(moment: datetime, now: datetime, tz: tzinfo) -> str:
    """Return `Tue 01:38`, with the date when it is a week or more away."""
    local = moment.astimezone(tz)
    days = abs((local.date() - now.astimezone(tz).date()).days)
    return f"{local:%a %H:%M}" if days < 7 else f"{local:%a %Y-%m-%d %H:%M}"  # noqa: PLR2004 - a week of names


def _clock(moment: datetime, beside: datetime, tz: tzinfo) -> str:
    """Return `05:28`, with its day when that is not the day of the time beside it."""
    local, other = moment.astimezone(tz), beside.astimezone(tz)
    return f"{local:%H:%M}" if local.date() == other.date() else f"{local:%a %H:%M}"
