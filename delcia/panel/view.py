"""What the page of a vehicle shows, as ready-made values: the same words and figures as `status` and `report`."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from decimal import Decimal
from typing import Any

from delcia.core.clock import DAY, zone
from delcia.core.model import Site
from delcia.core.ownership import is_left_alone
from delcia.core.sessions import cost_of
from delcia.core.state import Boost, Memory, Pause, Trip
from delcia.panel.house import Seen
from delcia.panel.tongue import Tongue
from delcia.report.numbers import money
from delcia.report.page import PlanPart, plan_part, session_cells
from delcia.report.rows import VehicleRow
from delcia.report.status import VehicleStatus
from delcia.report.table import notes
from delcia.report.words import age, lent_words, override_words, soc_basis_words, when
from delcia.runtime.asking import goes_on

NEAR_HOURS = 24
TIMERS_SHOWN = 4
NOTICES_FOR = 3 * DAY
NOTICES_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the state: a label and its value."""

    label: str
    value: str
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Estimate:
    """How long it takes at a current or charger: cells beside its name."""

    charger: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VehicleView:
    """The page of one vehicle, in one language."""

    name: str
    soc_pct: int | None
    soc_words: str
    charging: bool
    facts: tuple[Fact, ...]
    asked_for: str
    paused: bool
    remarks: tuple[str, ...]
    plans: tuple[PlanPart, ...]
    runs: tuple[tuple[str, str], ...]
    runs_computed: str
    decisions: tuple[tuple[str, str], ...]
    notices: tuple[tuple[str, str], ...]
    estimates_from: str
    estimates: tuple[Estimate, ...]
    sessions: tuple[tuple[str, ...], ...]
    month: str
    cheap_by: str
    cheap_until: str
    """The same as ISO-8601, for the form."""
    ready_by: str
    """What the form offers: the wall time of the next ready-by."""
    chargers: tuple[str, ...]
    goes_on: str
    """When delcia stopped it, if it is started again once it is left alone; else empty."""


def view_of(seen: Seen, name: str, tongue: Tongue) -> VehicleView:
    """Return the page of a vehicle that there is."""
    status, report = seen.status, seen.report
    item = next(item for item in status.vehicles if item.row.vehicle.name == name)
    row = next(row for row in report.rows if row.vehicle.name == name)
    now, tz = status.now, zone(status.site.timezone)
    memory = row.memory or Memory()
    known = row.situation.basis != "assumed"
    ready = _ready_by(row, now)
    return VehicleView(
        name=name,
        soc_pct=round(row.situation.soc_pct) if known else None,
        soc_words=_soc_words(row, now, tongue),
        charging=memory.session is not None,
        facts=tuple(_facts(row, now, tongue)),
        asked_for=tongue.said(override_words(memory.override, now, tz)),
        paused=isinstance(memory.override, Pause) or is_left_alone(memory),
        remarks=tuple(_remarks(status.site, row, now, tz, tongue)),
        plans=tuple(plan_part(report, row, plan, tz) for plan in row.plans),
        runs=tuple(_runs(seen, row, tz, tongue)),
        runs_computed=tongue.said(status.timers.computed),
        decisions=tuple(_decisions(item, now, tz, tongue)),
        notices=tuple(_notices(seen, name, tz, tongue)),
        estimates_from=_estimates_from(row, now, tongue),
        estimates=tuple(_estimate(found, tongue) for found in seen.estimates.get(name, ())),
        sessions=tuple(
            tuple(tongue.said(cell) for cell in session_cells(report, past, tz)) for past in seen.sessions.get(name, ())
        ),
        month=_month(seen, name, tongue),
        cheap_by=tongue.said(when(ready, now, tz)),
        cheap_until=ready.isoformat(timespec="seconds"),
        ready_by=f"{ready.astimezone(tz):%Y-%m-%dT%H:%M}",
        chargers=tuple(sorted(status.site.chargers)),
        goes_on=_goes_on(seen, row, now, tz, tongue),
    )


def override_kind(memory: Memory | None) -> str | None:
    """Return what a person has asked for in a word, None when nothing."""
    match memory.override if memory else None:
        case Boost():
            return "boost"
        case Trip():
            return "trip"
        case Pause():
            return "pause"
        case None:
            return None


def _goes_on(seen: Seen, row: VehicleRow, now: datetime, tz: tzinfo, tongue: Tongue) -> str:
    memory = row.memory
    if memory is None or memory.command is None or not goes_on(seen.status.site, row.vehicle, memory, now):
        return ""
    return tongue.said(when(memory.command.sent_at, now, tz))


def _soc_words(row: VehicleRow, now: datetime, tongue: Tongue) -> str:
    """Return how the SoC was come by, and when."""
    if row.situation.basis == "assumed":
        return str(tongue.texts["ui"]["assumed"])
    return tongue.said(soc_basis_words(row.situation, row.memory, now))


def _facts(row: VehicleRow, now: datetime, tongue: Tongue) -> Iterator[Fact]:
    ui, memory = tongue.texts["ui"], row.memory or Memory()
    reading, told = memory.reading, memory.soc_reading
    if told is not None and told.range_km is not None:
        yield Fact(ui["range"], ui["range_value"].format(km=told.range_km))
    plug = reading.plug.value if reading else "unknown"
    charge = "charging" if memory.session else reading.charge.value if reading else "unknown"
    yield Fact(ui["plug"], tongue.texts["plug"][plug])
    yield Fact(ui["charge"], tongue.texts["charge"][charge])
    if memory.session is not None:
        yield Fact(ui["whose"], tongue.texts["owner"][memory.session.owner.value])
    if reading is not None:
        yield Fact(ui["read"], tongue.said(age(now, reading.reported_at)))
    yield Fact(ui["means"], tongue.said(row.means), wide=True)


def _remarks(site: Site, row: VehicleRow, now: datetime, tz: tzinfo, tongue: Tongue) -> Iterator[str]:
    """Yield what the owner must not overlook, and what delcia has changed in the car."""
    for words in (*notes(site, row, now, tz), *(lent_words(row.memory) if row.memory else ())):
        yield tongue.said(words)


def _runs(seen: Seen, row: VehicleRow, tz: tzinfo, tongue: Tongue) -> Iterator[tuple[str, str]]:
    """Yield the next runs that are about this vehicle: its plans', and that for all."""
    names = {plan.plan.name for plan in row.plans}
    shown = 0
    for timer in seen.status.timers.rows:
        plan = timer.name.removeprefix("delcia-plan-").removeprefix("charge ").removesuffix(".timer")
        others = plan in seen.status.site.plans and plan not in names
        if timer.next_at is not None and not others and shown < TIMERS_SHOWN:
            shown += 1
            yield tongue.said(when(timer.next_at, seen.status.now, tz)), timer.name


def _decisions(item: VehicleStatus, now: datetime, tz: tzinfo, tongue: Tongue) -> Iterator[tuple[str, str]]:
    own = f"{item.row.vehicle.name}: "
    for told in item.decisions:
        yield tongue.said(when(told.at, now, tz)), tongue.said(told.words.removeprefix(own))


def _notices(seen: Seen, name: str, tz: tzinfo, tongue: Tongue) -> Iterator[tuple[str, str]]:
    now = seen.status.now
    fresh = [
        item for item in reversed(seen.status.notices) if item.vehicle in {name, ""} and now - item.at < NOTICES_FOR
    ]
    for item in fresh[:NOTICES_SHOWN]:
        yield tongue.said(when(item.at, now, tz)), tongue.said(item.text.removeprefix(f"{name}: "))


def _estimate(found: Mapping[str, Any], tongue: Tongue) -> Estimate:
    cells = []
    for times in found["to"].values():
        if times["minutes"] <= 0:
            cells.append(str(tongue.texts["ui"]["has_it"]))
        else:
            span = f"{_hours(times['least_minutes'])}–{_hours(times['most_minutes'])}"
            cells.append(
                f"{_hours(times['minutes'])} ({span}), {tongue.number(times['energy_wall_kwh'])}\N{NO-BREAK SPACE}kWh"
            )
    rests_on = tongue.texts["ui"]["learned" if found["charges"] else "not_learned"].format(count=found["charges"])
    return Estimate(f"{found['charger']}, {tongue.number(found['power_kw'])} kW, {rests_on}", tuple(cells))


def _estimates_from(row: VehicleRow, now: datetime, tongue: Tongue) -> str:
    """Return from which SoC the times are reckoned: that which the car last told, and when, or one assumed."""
    told = row.memory.soc_reading if row.memory else None
    if told is None or told.soc_pct is None:
        return str(tongue.texts["ui"]["estimates_assumed"].format(percent=20))
    since = tongue.said(age(now, told.reported_at))
    return str(tongue.texts["ui"]["estimates_from"].format(percent=round(told.soc_pct), age=since))


def _hours(minutes: float) -> str:
    hours, rest = divmod(round(minutes), 60)
    return f"{hours}\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}{rest:02}"


def _month(seen: Seen, name: str, tongue: Tongue) -> str:
    """Return the sums of the month's sessions; costs by currency, for plans may have tariffs of several."""
    sessions = seen.sessions.get(name, ())
    if not sessions:
        return ""
    energy_kwh = sum(item.energy_wall_kwh or 0.0 for item in sessions)
    costs: dict[str, Decimal] = {}
    for item in sessions:
        if (cost := cost_of(seen.status.site, item)) is not None:
            costs[cost[1]] = costs.get(cost[1], Decimal(0)) + cost[0]
    words = tongue.texts["ui"]["month_sum"].format(count=len(sessions), energy=tongue.number(energy_kwh))
    return ", ".join([words, *(tongue.said(f"{money(amount)} {currency}") for currency, amount in costs.items())])


def _ready_by(row: VehicleRow, now: datetime) -> datetime:
    """Return when the car should next be ready by its plans; with none that says, in a day."""
    deadlines: Sequence[datetime] = [
        plan.projection.deadline for plan in row.plans if plan.projection.deadline and plan.projection.deadline > now
    ]
    return min(deadlines, default=now + DAY)
