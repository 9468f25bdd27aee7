"""A promise held against the night that follows it: what `report` says at first, and what is charged from then on."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from support.random_sites import Drawn

from delcia.car.simulation import Charged, kwh_by
from delcia.core.course import Course, Running, course
from delcia.core.energy import curve
from delcia.core.intervals import Interval, clip, union
from delcia.core.state import Memory, Owner
from delcia.core.together import segments_of_piece
from delcia.core.unheld import running_of
from delcia.core.wishes import settle, situation_of
from delcia.runtime.billing import bill_of
from delcia.runtime.simulate import simulate

NIGHTS = timedelta(hours=60)
LATE = timedelta(minutes=12)
"""How long after the promised end a stop may still be on its way: two looks, and the car's answer."""
TICK_MIN, LOST_MIN = 5.0, 1.0
LEAST_EFFICIENCY = 0.7


@dataclass(slots=True)
class _Watch:
    """Who asks for the report: at the first look at which nothing unwanted runs that is about to be stopped."""

    drawn: Drawn
    at: datetime | None = None
    told: Course | None = None
    found: Course | None = None
    running: Running | None = None
    is_left: bool = False
    """A charge that begins later is left alone although the car is to be held."""

    def __call__(self, now: datetime, memory: Memory) -> None:
        """Look at the memory after a run."""
        site, vehicle = self.drawn.site, self.drawn.vehicle
        if self.at is not None:
            session = memory.session
            if vehicle.hold and session is not None and session.owner is not Owner.DELCIA:
                self.is_left |= running_of(site, vehicle, settle(site, vehicle, memory, now), now) == Running()
            return
        if memory.reading is None:
            return
        memory = settle(site, vehicle, memory, now)
        running = running_of(site, vehicle, memory, now)
        asked = memory.command is not None and memory.command.confirmed_at is None
        if asked or (running is not None and running.until is not None):
            return
        plans = site.plans_of(vehicle.name)
        self.at, self.running = now, running
        situation, end = situation_of(site, vehicle, memory, now), self.drawn.start + NIGHTS
        self.told = course(site, vehicle, situation, now, plans, running=running)
        self.found = course(site, vehicle, situation, now, plans, running=running, until=end)


@dataclass(frozen=True, slots=True)
class Judged:
    """What was promised and what was charged from then on, in kWh and money; and by how much they may differ."""

    promised_kwh: float
    charged_kwh: float
    promised_cost: Decimal
    charged_cost: Decimal
    slack_kwh: float

    @property
    def off_kwh(self) -> float:
        """Return by how much energy the promise was wrong."""
        return self.charged_kwh - self.promised_kwh


def judged(drawn: Drawn) -> Judged | None:
    """Return how a promise was kept; None where nothing was ever read, or where a hold does not hold.

    The car stays plugged in. They may differ by 1 % or by what is charged from one look to the next each time that a
    charge ends, whichever is more; a promise allows the car a minute to go on, and a car tells its SoC in whole points.
    """
    site, vehicle, watch = drawn.site, drawn.vehicle, _Watch(drawn)
    life, end = replace(drawn.life, daily=None), drawn.start + NIGHTS
    lived = simulate(site, vehicle, life, drawn.start, end, watch=watch)
    if watch.at is None or watch.told is None or watch.found is None or watch.is_left:
        return None
    told = watch.told
    is_over = len(told.done_at) == len(site.plans_of(vehicle.name)) and watch.running is None
    last = told.pieces[-1].interval.end if told.pieces else watch.at
    until = min(end, last + LATE) if is_over else end
    pieces = [piece for piece in watch.found.pieces if piece.interval.start < until]
    promised_kwh = sum(piece.kwh_by(min(until, piece.interval.end)) for piece in pieces)
    promised_cost = Decimal(0)
    for piece in pieces:
        for part in segments_of_piece(site, piece, piece.stand.tariff):
            share = min(1.0, max(0.0, (until - part.start) / (part.end - part.start)))
            promised_cost += (part.cost or Decimal(0)) * Decimal(str(round(share, 6)))
    charged = [flowed for item in lived.charged if (flowed := _clipped(item, watch.at, until))]
    power_kw = max(curve(vehicle.battery, charger).wall_kw for charger in site.chargers.values())
    runs = len(union(piece.interval for piece in pieces)) or 1
    point_kwh = vehicle.battery.usable_kwh / 100 / LEAST_EFFICIENCY
    bill = bill_of(site, vehicle, charged)
    return Judged(
        promised_kwh=promised_kwh,
        charged_kwh=bill.energy_wall_kwh,
        promised_cost=promised_cost,
        charged_cost=bill.cost or Decimal(0),
        slack_kwh=max(0.01 * promised_kwh, power_kw * runs * (TICK_MIN + LOST_MIN) / 60) + point_kwh,
    )


def _clipped(item: Charged, start: datetime, end: datetime) -> Charged | None:
    """Return what flowed of a stretch between two instants."""
    part = clip(item.interval, start, end)
    if part is None:
        return None
    if part == item.interval:
        return item
    energy = kwh_by(item, part.end) - kwh_by(item, part.start)
    return Charged(Interval(part.start, part.end), item.soc_from_pct, item.soc_to_pct, energy, None, item.tariff)
