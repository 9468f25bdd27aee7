"""Nights in seconds: `runtime.charge.run` under a virtual clock, at the instants of the compiled triggers.

The car is `car.simulated`, the state lives in memory; everything between is what a host runs.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from delcia.car.simulated import SimulatedCar
from delcia.car.simulation import Charged, Life
from delcia.core.clock import MINUTE
from delcia.core.intervals import Interval
from delcia.core.model import Charger, Plan, Site, Tariff, ToSoc, Vehicle, tariff_of
from delcia.core.tariffs import priced
from delcia.core.timetable import live_plans, triggers_of
from delcia.core.triggers import RECONCILE, fires
from delcia.core.windows import windows_of
from delcia.errors import Exit
from delcia.runtime.charge import Job, run
from delcia.store.connection import Store
from delcia.store.opening import open_store

HOME = (0.0, 0.0)
MISSED_BELOW_PCT = 1.0
"""SoC comes in whole points: a target is missed when more than this is lacking."""


@dataclass(frozen=True, slots=True)
class Said:
    """A decision that differed from the one before."""

    at: datetime
    words: str
    status: Exit


@dataclass(frozen=True, slots=True)
class Ready:
    """How a `ready_by` was met. `target_soc_pct` is None where the target is a time or an energy."""

    plan: str
    at: datetime
    soc_pct: float
    target_soc_pct: float | None
    plugged: bool

    @property
    def missed(self) -> bool:
        """Return whether the car stood plugged in below its target."""
        return (
            self.plugged and self.target_soc_pct is not None and self.soc_pct < self.target_soc_pct - MISSED_BELOW_PCT
        )


@dataclass(frozen=True, slots=True)
class Bill:
    """Energy at the wall and what it cost; no cost without a tariff."""

    energy_wall_kwh: float
    cost: Decimal | None


@dataclass(frozen=True, slots=True)
class Simulated:
    """What became of one vehicle; `plain` is the bill of the same life without delcia, charging on plug-in."""

    vehicle: str
    said: tuple[Said, ...]
    charged: tuple[Charged, ...]
    ready: tuple[Ready, ...]
    soc_pct: float
    bill: Bill
    plain: Bill
    currency: str | None
    calls: int


def simulate(site: Site, vehicle: Vehicle, life: Life, start: datetime, end: datetime) -> Simulated:
    """Return what delcia does with one vehicle between two instants, from the condition and events of `life`."""
    plans = [plan for plan in live_plans(site, start) if plan.vehicle == vehicle.name]
    charger = _charger(site, plans)
    car = SimulatedCar(vehicle.battery, charger, life, home=HOME)
    store = open_store(None)
    try:
        said, ready = _live(site, vehicle, car, store, (start, end))
        calls = int(store.connection.execute("SELECT count(*) FROM readings").fetchone()[0])
    finally:
        store.close()
    car.advance(end)
    alone = SimulatedCar(vehicle.battery, charger, life, home=HOME)
    alone.advance(end)
    tariff = _tariff(site, plans)
    return Simulated(
        vehicle=vehicle.name,
        said=tuple(said),
        charged=joined(car.charged),
        ready=tuple(ready),
        soc_pct=car.life.condition.soc_pct,
        bill=bill(tariff, car.charged),
        plain=bill(tariff, alone.charged),
        currency=tariff.currency if tariff else None,
        calls=calls,
    )


def ticks(site: Site, vehicle: str, start: datetime, end: datetime) -> Iterator[datetime]:
    """Yield the instants at which timers fire for a vehicle, those of `apply`'s units, in order, each once."""
    found = set(fires(RECONCILE, start, end)) if live_plans(site, start) else set()
    for plan in live_plans(site, start):
        if plan.vehicle == vehicle:
            for trigger in triggers_of(site, plan, start):
                found.update(fires(trigger, start, end))
    yield from sorted(found)


def bill_of(site: Site, vehicle: Vehicle, charged: list[Charged]) -> Bill:
    """Return what some charging of a vehicle cost by the tariff of its plans."""
    return bill(_tariff(site, list(site.plans_of(vehicle.name))), charged)


def bill(tariff: Tariff | None, charged: list[Charged]) -> Bill:
    """Return what some charging cost, by the real minutes in each band."""
    energy = sum(item.energy_wall_kwh for item in charged)
    if tariff is None:
        return Bill(energy, None)
    cost = Decimal(0)
    for item in charged:
        whole_min = item.interval.minutes
        for piece in priced(tariff, item.interval.start, item.interval.end):
            share = piece.interval.minutes / whole_min
            cost += Decimal(str(round(item.energy_wall_kwh * share, 9))) * piece.price_per_kwh
    return Bill(energy, cost)


def joined(charged: list[Charged]) -> tuple[Charged, ...]:
    """Return charging as a person sees it: stretches that touch are one."""
    found: list[Charged] = []
    for item in charged:
        if found and item.interval.start - found[-1].interval.end < MINUTE:
            last = found.pop()
            span = Interval(last.interval.start, item.interval.end)
            energy = last.energy_wall_kwh + item.energy_wall_kwh
            found.append(Charged(span, last.soc_from_pct, item.soc_to_pct, energy))
        else:
            found.append(item)
    return tuple(found)


def _live(
    site: Site, vehicle: Vehicle, car: SimulatedCar, store: Store, span: tuple[datetime, datetime]
) -> tuple[list[Said], list[Ready]]:
    said: list[Said] = []
    ready: list[Ready] = []
    job = Job(site, vehicle, store, lambda: car, HOME if site.home else None)
    deadlines = _deadlines(site, vehicle, span)
    for now in ticks(site, vehicle.name, *span):
        outcome = run(job, now)
        if outcome.news:
            said.append(Said(now, outcome.words, outcome.status))
        while deadlines and deadlines[0][0] <= now:
            at, plan = deadlines.pop(0)
            car.advance(at)
            ready.append(_ready(site, plan, at, car))
    return said, ready


def _deadlines(site: Site, vehicle: Vehicle, span: tuple[datetime, datetime]) -> list[tuple[datetime, str]]:
    found = {
        (window.deadline, plan.name)
        for plan in site.plans_of(vehicle.name)
        for window in windows_of(site, plan, *span)
        if window.deadline is not None and span[0] < window.deadline <= span[1]
    }
    return sorted(found)


def _ready(site: Site, name: str, at: datetime, car: SimulatedCar) -> Ready:
    wanted = site.plans[name].target
    target = wanted.soc_pct if isinstance(wanted, ToSoc) else None
    condition = car.life.condition
    return Ready(name, at, condition.soc_pct, target, condition.plugged)


def _charger(site: Site, plans: list[Plan]) -> Charger:
    names = [plan.charger for plan in plans] or sorted(site.chargers)
    return site.chargers[names[0]]


def _tariff(site: Site, plans: list[Plan]) -> Tariff | None:
    names = [name for plan in plans if (name := tariff_of(plan.when)) is not None]
    return site.tariffs[names[0]] if names else None
