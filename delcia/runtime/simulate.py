"""Nights in seconds: `runtime.charge.run` under a virtual clock, at the instants of the compiled triggers.

The car is `car.simulated`, the state lives in memory; everything between is what a host runs.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from delcia.car.simulated import SimulatedCar
from delcia.car.simulation import Charged, Condition, Daily, Event, Life, advance, daily_events
from delcia.core.clock import DAY, begin_instant, local_date, zone
from delcia.core.consequence import Ready
from delcia.core.energy import Curve, curve
from delcia.core.model import Charger, Plan, Site, ToSoc, Vehicle
from delcia.core.state import Reading
from delcia.core.timetable import live_plans, triggers_of
from delcia.core.triggers import RECONCILE, fires
from delcia.core.windows import windows_of
from delcia.errors import Exit
from delcia.runtime.billing import Bill, bill, tariff_of_plans
from delcia.runtime.charge import run
from delcia.runtime.events import next_look
from delcia.runtime.job import Job
from delcia.store.memory import memory_of
from delcia.store.opening import open_forgetful

HOME = (0.0, 0.0)
STEP = timedelta(minutes=30)
"""How far a car that charges lives at once: its power changes little in that time."""


@dataclass(frozen=True, slots=True)
class Said:
    """A decision that differed from the one before."""

    at: datetime
    words: str
    status: Exit


@dataclass(frozen=True, slots=True)
class Moment:
    """The cable goes in or out, and the SoC then."""

    at: datetime
    what: Literal["plug", "unplug"]
    soc_pct: float


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which plans want the car to charge, from this instant to the next one of these."""

    at: datetime
    plans: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Simulated:
    """What became of one vehicle; `plain` is the bill of the same life without delcia, charging on plug-in.

    `charged` has short stretches, as bands need them for their prices; `billing.joined` makes one of those that touch.
    """

    vehicle: str
    said: tuple[Said, ...]
    moments: tuple[Moment, ...]
    charged: tuple[Charged, ...]
    ready: tuple[Ready, ...]
    soc_pct: float
    bill: Bill
    plain: Bill
    currency: str | None
    calls: int | None
    """How often the car was asked; not counted from event to event."""
    plain_charged: tuple[Charged, ...] = ()
    wanted: tuple[Wanted, ...] = ()


def simulate(
    site: Site, vehicle: Vehicle, life: Life, start: datetime, end: datetime, *, by_events: bool = False
) -> Simulated:
    """Return what delcia does with one vehicle between two instants, from the condition and events of `life`.

    `by_events`: only where a run may change something, for long times; then how often the car was asked tells nothing.
    """
    plans = [plan for plan in live_plans(site, start) if plan.vehicle == vehicle.name]
    charger = _charger(site, plans)
    model = curve(vehicle.battery, charger)
    car = _Counting(vehicle.battery, charger, life, home=HOME)
    landmarks = _Landmarks(site, model, _deadlines(site, vehicle, (start, end)))
    store = open_forgetful()
    said, wanted = [], [Wanted(start, ())]
    due = start
    try:
        job = Job(site, vehicle, store, lambda: car, HOME if site.home else None, lambda _, on: _switch(car, on=on))
        for now in ticks(site, vehicle.name, start, end):
            if by_events and now < due:
                continue
            _live(car, landmarks, now)
            outcome = run(job, now)
            if outcome.news:
                said.append(Said(now, outcome.words, outcome.status))
            plans_now = outcome.decision.wish.plans if outcome.decision else ()
            if plans_now != wanted[-1].plans:
                wanted.append(Wanted(now, plans_now))
            if by_events:
                due = next_look(site, vehicle, outcome, memory_of(store, vehicle.name), car.life, model, now)
    finally:
        store.close()
    _live(car, landmarks, end)
    car.advance(end)
    alone = SimulatedCar(vehicle.battery, charger, life, home=HOME)
    _live(alone, None, end)
    alone.advance(end)
    tariff = tariff_of_plans(site, plans)
    return Simulated(
        vehicle=vehicle.name,
        said=tuple(said),
        moments=tuple(landmarks.moments),
        charged=tuple(car.charged),
        ready=tuple(landmarks.ready),
        soc_pct=car.life.condition.soc_pct,
        bill=bill(tariff, car.charged),
        plain=bill(tariff, alone.charged),
        currency=tariff.currency if tariff else None,
        calls=None if by_events else car.reads,
        plain_charged=tuple(alone.charged),
        wanted=tuple(wanted),
    )


def nights_ahead(daily: Daily, now: datetime, days: int) -> tuple[datetime, datetime]:
    """Return from the plugging in of the present night, or of the next one, to the unplugging after so many nights."""
    tz = zone(daily.timezone)
    over = DAY if daily.unplugged_min <= daily.plugged_min else 0 * DAY
    day = local_date(now, tz) - over
    while begin_instant(day + over, daily.unplugged_min, tz) <= now:
        day += DAY
    last = day + over + (days - 1) * DAY
    return begin_instant(day, daily.plugged_min, tz), begin_instant(last, daily.unplugged_min, tz)


def _live(car: SimulatedCar, landmarks: "_Landmarks | None", until: datetime) -> None:
    """Let a car live until an instant, in small steps while it charges, and note what it passes."""
    while True:
        condition = car.life.condition
        day = min(until, condition.at + DAY)
        ahead = [event.at for event in (*_events(car.life, condition.at, day), *condition.pending)]
        reach = day if not condition.charging else min(day, condition.at + STEP)
        step = min([reach, *(at for at in ahead if condition.at < at)])
        if landmarks is not None:
            landmarks.pass_by(car.life, min(step, until))
        if step >= until:
            return
        car.advance(step)


def _switch(car: SimulatedCar, *, on: bool) -> None:
    """Give power to the simulated charger, or take it: the car charges with it, or cannot."""
    at = car.life.condition.at
    if on:
        car.start(at)
    else:
        car.stop(at)


def ticks(site: Site, vehicle: str, start: datetime, end: datetime) -> Iterator[datetime]:
    """Yield the instants at which timers fire for a vehicle, those of `apply`'s units, in order, each once."""
    found = set(fires(RECONCILE, start, end)) if live_plans(site, start) else set()
    for plan in live_plans(site, start):
        if plan.vehicle == vehicle:
            for trigger in triggers_of(site, plan, start):
                found.update(fires(trigger, start, end))
    yield from sorted(found)


class _Counting(SimulatedCar):
    """A simulated car that counts how often it is asked."""

    reads = 0

    def read(self, now: datetime) -> Reading:
        """Return the car's last report."""
        found = super().read(now)
        self.reads += 1
        return found


@dataclass(slots=True)
class _Landmarks:
    """What is worth a note on the way, whether anybody looks then or not: the cable, and each `ready_by`."""

    site: Site
    model: Curve
    deadlines: list[tuple[datetime, str]]
    moments: list[Moment] = field(default_factory=list)
    ready: list[Ready] = field(default_factory=list)
    reached: datetime | None = None

    def pass_by(self, life: Life, now: datetime) -> None:
        """Note what lies between the last call and `now`; `life` is the car as it was last left."""
        since = self.reached or life.condition.at
        if self.reached is None and life.condition.plugged:
            self.moments.append(Moment(since, "plug", life.condition.soc_pct))
        for event in sorted(_events(life, since, now), key=lambda event: event.at):
            if event.what in {"plug", "unplug"}:
                what: Literal["plug", "unplug"] = "plug" if event.what == "plug" else "unplug"
                self.moments.append(Moment(event.at, what, self._at(life, event.at).soc_pct))
        while self.deadlines and self.deadlines[0][0] <= now:
            at, name = self.deadlines.pop(0)
            wanted = self.site.plans[name].target
            target = wanted.soc_pct if isinstance(wanted, ToSoc) else None
            condition = self._at(life, at)
            self.ready.append(Ready(name, at, condition.soc_pct, target, condition.plugged))
        self.reached = now

    def _at(self, life: Life, instant: datetime) -> Condition:
        """Return the car at an instant, without letting it live until then: only a look makes it report."""
        if instant <= life.condition.at:
            return life.condition
        events = tuple(_events(life, life.condition.at, instant))
        return advance(life.condition, instant, self.model, life.habits, events)[0]


def _events(life: Life, after: datetime, until: datetime) -> Iterator[Event]:
    yield from (event for event in life.events if after < event.at <= until)
    if life.daily is not None:
        yield from daily_events(life.daily, after, until)


def _deadlines(site: Site, vehicle: Vehicle, span: tuple[datetime, datetime]) -> list[tuple[datetime, str]]:
    found = {
        (window.deadline, plan.name)
        for plan in site.plans_of(vehicle.name)
        for window in windows_of(site, plan, *span)
        if window.deadline is not None and span[0] < window.deadline <= span[1]
    }
    return sorted(found)


def _charger(site: Site, plans: list[Plan]) -> Charger:
    names = [plan.charger for plan in plans] or sorted(site.chargers)
    return site.chargers[names[0]]
