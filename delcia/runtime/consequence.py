"""What a change of the plans brings about: timers, windows, and the coming week of a simulated car on either side.

The windows are those of the planner, the timers those of `compile`, the week that of `simulate`.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from delcia.car.simulation import Condition, Daily, Life
from delcia.core.clock import DAY, MINUTE
from delcia.core.consequence import (
    Assumed,
    Consequence,
    Pair,
    PlanWeek,
    TimerChange,
    TimerLine,
    VehicleWeek,
)
from delcia.core.differences import differences, without_place
from delcia.core.intervals import Interval
from delcia.core.model import Plan, Site, Vehicle, tariff_of
from delcia.core.timetable import live_plans, triggers_of
from delcia.core.triggers import calendar_text
from delcia.core.windows import windows_of
from delcia.runtime.billing import bill, joined
from delcia.runtime.nights import charged_for, nights_of
from delcia.runtime.simulate import Simulated, nights_ahead, simulate

NIGHTS = 7


def consequence(before: Site | None, after: Site | None, now: datetime, assumed: Assumed | None = None) -> Consequence:
    """Return what leads from one site to the other; None is a side without plans, or whose plans have errors."""
    given = assumed or Assumed()
    zone_name = next((site.timezone for site in (after, before) if site is not None), "UTC")
    daily = Daily(zone_name, given.plugged_min, given.unplugged_min, given.used_pct)
    week = Interval(*nights_ahead(daily, now, NIGHTS))
    old = _week(before, daily, given, week) if before else _Week({}, {})
    new = _week(after, daily, given, week, known=(before, old)) if after else _Week({}, {})
    return Consequence(
        now=now,
        timezone=zone_name,
        week=week,
        assumed=given,
        differences=differences(before, after),
        timers=_timer_changes(_timers(before, now), _timers(after, now)),
        plans=tuple(
            Pair(name, old.plans.get(name), new.plans.get(name)) for name in sorted(old.plans.keys() | new.plans.keys())
        ),
        vehicles=tuple(
            Pair(name, old.vehicles.get(name), new.vehicles.get(name))
            for name in sorted(old.vehicles.keys() | new.vehicles.keys())
        ),
    )


@dataclass(frozen=True, slots=True)
class _Week:
    """One side's week, by the names of its plans and vehicles."""

    plans: dict[str, PlanWeek]
    vehicles: dict[str, VehicleWeek]


def _week(
    site: Site, daily: Daily, assumed: Assumed, week: Interval, known: "tuple[Site | None, _Week] | None" = None
) -> _Week:
    """Return how the week goes by a site. What is `known` of another serves for a vehicle of which nothing differs."""
    found = _Week({}, {})
    for name, vehicle in sorted(site.vehicles.items()):
        if known and known[0] and name in known[1].vehicles and _about(known[0], name) == _about(site, name):
            found.vehicles[name] = known[1].vehicles[name]
            found.plans.update({plan: known[1].plans[plan] for plan in site.plans if site.plans[plan].vehicle == name})
            continue
        first = Condition(week.start, assumed.soc_pct, plugged=True, charging=True)
        lived = simulate(site, vehicle, Life(first, daily), week.start, week.end + MINUTE, by_events=True)
        found.vehicles[name] = _of_vehicle(site, vehicle, lived, week)
        for plan_name, plan in site.plans.items():
            if plan.vehicle == name:
                found.plans[plan_name] = _of_plan(site, plan, lived, week)
    return found


def _about(site: Site, vehicle: str) -> Site:
    """Return of a site what has to do with one vehicle, without the places in the files."""
    plans = {name: without_place(plan) for name, plan in site.plans.items() if plan.vehicle == vehicle}
    chargers = {name: charger for name, charger in site.chargers.items() if _is_used(name, plans)}
    supplied = {charger.supply.tariff for charger in chargers.values() if charger.supply}
    tariffs = {tariff_of(plan.when) for plan in plans.values()} | supplied
    return replace(
        site,
        vehicles={vehicle: site.vehicles[vehicle]},
        plans=plans,
        chargers=chargers,
        tariffs={name: tariff for name, tariff in site.tariffs.items() if name in tariffs},
        accounts={},
    )


def _is_used(charger: str, plans: dict[str, Plan]) -> bool:
    """Return whether a vehicle charges there; one without a plan may charge anywhere."""
    return not plans or any(plan.charger == charger for plan in plans.values())


def _of_vehicle(site: Site, vehicle: Vehicle, lived: Simulated, week: Interval) -> VehicleWeek:
    return VehicleWeek(
        nights=tuple(nights_of(site, vehicle, lived, week.end)),
        energy_wall_kwh=lived.bill.energy_wall_kwh,
        cost=lived.bill.cost,
        currency=lived.currency,
        ready=lived.ready,
    )


def _of_plan(site: Site, plan: Plan, lived: Simulated, week: Interval) -> PlanWeek:
    named = tariff_of(plan.when)
    tariff = site.tariffs[named] if named is not None else None
    pieces = charged_for(plan.name, lived)
    cost = bill(tariff, pieces)
    ahead = windows_of(site, plan, week.start, week.start + NIGHTS * DAY) if plan.enabled else ()
    return PlanWeek(
        plan=without_place(plan),
        windows=tuple(window for window in ahead if window.start >= week.start),
        charged=tuple(piece.interval for piece in joined(pieces)),
        energy_wall_kwh=cost.energy_wall_kwh,
        cost=cost.cost,
        currency=tariff.currency if tariff else None,
        ready=tuple(ready for ready in lived.ready if ready.plan == plan.name),
    )


def _timers(site: Site | None, now: datetime) -> dict[str, tuple[TimerLine, ...]]:
    """Return when the timers of a site fire, by their names."""
    found: dict[str, tuple[TimerLine, ...]] = {}
    for plan in live_plans(site, now) if site else ():
        if triggers := triggers_of(site, plan, now) if site else ():
            lines = tuple(TimerLine(calendar_text(trigger), trigger.words) for trigger in triggers)
            found[f"delcia-plan-{plan.name}.timer"] = lines
    return found


def _timer_changes(
    before: dict[str, tuple[TimerLine, ...]], after: dict[str, tuple[TimerLine, ...]]
) -> tuple[TimerChange, ...]:
    names = sorted(before.keys() | after.keys())
    return tuple(
        TimerChange(name, before.get(name), after.get(name)) for name in names if before.get(name) != after.get(name)
    )
