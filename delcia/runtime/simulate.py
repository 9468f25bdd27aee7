"""Nights in seconds: `runtime.charge.run` under a virtual clock, at the instants of the compiled triggers.

The car is `car.simulated`, the state lives in memory; everything between is what a host runs.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from delcia.car.simulated import SimulatedCar
from delcia.car.simulation import Charged, Contact, Daily, Life
from delcia.core.clock import DAY, begin_instant, local_date, zone
from delcia.core.consequence import Ready
from delcia.core.model import Site, Vehicle
from delcia.core.stands import Stand, has_choice, stand_changes, stand_of
from delcia.core.state import Memory, Reading
from delcia.core.timetable import live_plans, triggers_of
from delcia.core.triggers import RECONCILE, fires
from delcia.errors import Exit
from delcia.runtime.billing import Bill, bill_of, currency_of
from delcia.runtime.charge import run
from delcia.runtime.events import next_look, next_turn
from delcia.runtime.job import Job
from delcia.runtime.landmarks import Landmarks, Moment, deadlines_of
from delcia.store.memory import memory_of, remember
from delcia.store.opening import open_forgetful

HOME = (0.0, 0.0)
NOTHING = Bill(0.0, None)
STEP = timedelta(minutes=30)
"""How far a car that charges lives at once: its power changes little in that time."""


@dataclass(frozen=True, slots=True)
class Said:
    """A decision that differed from the one before."""

    at: datetime
    words: str
    status: Exit


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
    plain_soc_pct: float = 0.0
    more: Bill = NOTHING
    """What the car has more at the end of the life without delcia, at the mean price of that life: below 0, if less."""
    plain_charged: tuple[Charged, ...] = ()
    wanted: tuple[Wanted, ...] = ()


def simulate(
    site: Site,
    vehicle: Vehicle,
    life: Life,
    start: datetime,
    end: datetime,
    *,
    by_events: bool = False,
    watch: Callable[[datetime, Memory], None] | None = None,
) -> Simulated:
    """Return what delcia does with one vehicle between two instants, from the condition and events of `life`.

    `by_events`: only where a run may change something, for long times; then how often the car was asked tells nothing.
    `watch` is shown what is remembered after each run.
    """
    # Whatever its maker, it is a simulated one here: at home, and it hears what it is asked.
    vehicle = replace(vehicle, driver="simulated")
    site = replace(site, vehicles={**site.vehicles, vehicle.name: vehicle})
    plans = [plan for plan in live_plans(site, start) if plan.vehicle == vehicle.name]
    place = _Place(site, vehicle)
    car = _Counting(vehicle.battery, place.at(start).charger, life, home=HOME)
    landmarks = Landmarks(site, car, deadlines_of(site, vehicle, (start, end)))
    store = open_forgetful()
    said, wanted = [], [Wanted(start, ())]
    try:
        job = Job(site, vehicle, store, lambda: car, HOME, lambda _, on: _switch(car, on=on))
        looks = list(ticks(site, vehicle.name, start, end))
        turn = 0
        while turn < len(looks):
            now = looks[turn]
            _live(car, place, landmarks, now, wanted[-1].plans)
            outcome = run(job, now)
            if outcome.news:
                said.append(Said(now, outcome.words, outcome.status))
            plans_now = outcome.decision.wish.plans if outcome.decision else ()
            if plans_now != wanted[-1].plans:
                wanted.append(Wanted(now, plans_now))
            turn += 1
            if watch is not None:
                watch(now, memory_of(store, vehicle.name))
            if by_events:
                memory = memory_of(store, vehicle.name)
                due = next_look(site, vehicle, outcome, memory, car, now)
                turn, read = next_turn(site, vehicle, memory, looks, turn, due)
                if read is not memory:
                    remember(store, vehicle.name, read)
    finally:
        store.close()
    _live(car, place, landmarks, end, wanted[-1].plans)
    car.advance(end)
    alone = SimulatedCar(vehicle.battery, place.at(start).charger, life, home=HOME)
    _live(alone, place, None, end, ())
    alone.advance(end)
    plain = bill_of(site, vehicle, alone.charged)
    return Simulated(
        vehicle=vehicle.name,
        said=tuple(said),
        moments=tuple(landmarks.moments),
        charged=tuple(car.charged),
        ready=tuple(landmarks.ready),
        soc_pct=car.life.condition.soc_pct,
        bill=bill_of(site, vehicle, car.charged),
        plain=plain,
        currency=currency_of(site, plans),
        calls=None if by_events else car.reads,
        plain_soc_pct=alone.life.condition.soc_pct,
        more=_more(car, alone, plain),
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


def _more(car: SimulatedCar, alone: SimulatedCar, plain: Bill) -> Bill:
    """Return what a car has more without delcia in the end, as energy at the wall and at what it cost there."""
    more_pct = alone.life.condition.soc_pct - car.life.condition.soc_pct
    energy_kwh = car.curve.usable_kwh * more_pct / 100 * car.curve.wall_kw / car.curve.battery_kw
    if plain.cost is None or not plain.energy_wall_kwh:
        return Bill(energy_kwh, plain.cost)
    return Bill(energy_kwh, plain.cost * Decimal(str(round(energy_kwh / plain.energy_wall_kwh, 9))))


class _Place:
    """Where a simulated car stands as time goes by: see `core.stands`."""

    def __init__(self, site: Site, vehicle: Vehicle) -> None:
        """Find out whether there is a choice at all."""
        self._site, self._vehicle = site, vehicle
        self._is_one = not has_choice(site, vehicle)
        self._known: Stand | None = None

    def at(self, now: datetime, wanting: tuple[str, ...] = ()) -> Stand:
        """Return where the car stands at an instant at which these plans want it."""
        if self._known is None or not self._is_one:
            self._known = stand_of(self._site, self._vehicle, now, wanting)
        assert self._known is not None  # noqa: S101 - a site with a plan has a charger; the schema wants one
        return self._known

    def put(self, car: SimulatedCar, wanting: tuple[str, ...]) -> None:
        """Have a car stand where it does at the time that it has reached."""
        found = self.at(car.life.condition.at, wanting)
        supply = found.charger.supply
        contact = None if supply is None else Contact(self._site.tariffs[supply.tariff], supply.bands)
        car.stand(found.charger, contact, found.tariff)

    def changes(self, after: datetime, until: datetime) -> Iterator[datetime]:
        """Return when the car may stand elsewhere, in (after, until]."""
        return iter(()) if self._is_one else stand_changes(self._site, self._vehicle, after, until)


def _live(
    car: SimulatedCar, place: _Place, landmarks: "Landmarks | None", until: datetime, wanting: tuple[str, ...]
) -> None:
    """Let a car live until an instant, in small steps while it charges, and note what it passes."""
    while True:
        place.put(car, wanting)
        condition = car.life.condition
        day = min(until, condition.at + DAY)
        ahead = [event.at for event in (*car.events(condition.at, day), *condition.pending)]
        ahead.extend(place.changes(condition.at, day))
        reach = day if not condition.charging else min(day, condition.at + STEP)
        step = min([reach, *(at for at in ahead if condition.at < at)])
        if landmarks is not None:
            landmarks.pass_by(min(step, until))
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
