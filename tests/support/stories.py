"""A car's night told tick by tick: real runs, on a virtual clock, with whatever happens to car, network and host."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from support.small_site import SOCKET, SPRING, plan, site

from delcia.car.simulated import SimulatedCar
from delcia.car.simulation import Condition, Event, Habits, Life
from delcia.core.intervals import Interval
from delcia.core.model import Plan, Site
from delcia.core.state import Memory, Override
from delcia.core.triggers import RECONCILE, fires
from delcia.runtime.charge import run
from delcia.runtime.job import Job, Outcome
from delcia.runtime.simulate import ticks
from delcia.store.connection import Store
from delcia.store.log import last_commands
from delcia.store.memory import memory_of, remember
from delcia.store.opening import open_store

HOME = ZoneInfo("Europe/Paris")
NIGHTS = plan(ready_by_min=7 * 60)
"""To 80 % from 01:38 to 06:38 or 12:38 to 14:38."""


def at(text: str) -> datetime:
    """Return the instant of `Tue 01:38` of the home's clock, in the week of Monday, 23 November 2026 (UTC+1)."""
    day = 23 + ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun").index(text[:3])
    return datetime(2026, 11, day, int(text[4:6]), int(text[7:9]), tzinfo=HOME).astimezone(UTC)


def between(start: str, end: str) -> Interval:
    """Return the stretch of time between two such instants."""
    return Interval(at(start), at(end))


def plugged_in(*events: Event, soc_pct: float = 50.0, habits: Habits | None = None, charging: bool = False) -> Life:
    """Return the life of a car that stands plugged in from Mon 18:30 on, and what will happen to it."""
    condition = Condition(EVENING, soc_pct, plugged=True, charging=charging, parked_at=EVENING)
    return Life(condition, None, events, habits or Habits())


EVENING = at("Mon 18:30")
FORECAST = re.compile(r" until \d\d:\d\d, then \d+ %")


@dataclass(slots=True)
class Story:
    """A car at home and a host that looks after it. `said` has the news as `Tue 01:38 spring: start …`."""

    life: Life
    plans: tuple[Plan, ...] = (NIGHTS,)
    hold: bool = True
    store: Store = field(default_factory=lambda: open_store(None))
    now: datetime = field(default_factory=lambda: EVENING - timedelta(minutes=1))
    said: list[str] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    rehearsed: bool = True
    """A start of delcia's was heard the night before."""
    car: SimulatedCar = field(init=False)

    def __post_init__(self) -> None:
        """Put the car there."""
        self.car = SimulatedCar(SPRING.battery, SOCKET, self.life)
        if self.rehearsed:
            heard = replace(memory_of(self.store, "spring"), start_heard_at=self.now - timedelta(hours=12))
            remember(self.store, "spring", heard)

    @property
    def site(self) -> Site:
        """The applied plans."""
        return replace(site(*self.plans), vehicles={"spring": replace(SPRING, hold=self.hold)})

    @property
    def job(self) -> Job:
        """What each run is given."""
        return Job(self.site, self.site.vehicles["spring"], self.store, lambda: self.car, (0.0, 0.0))

    @property
    def gist(self) -> list[str]:
        """What was said, without the times and numbers that the charging model gives."""
        return [FORECAST.sub("", words).partition("spring: ")[2] for words in self.said]

    def when(self, words: str) -> str:
        """Return when something was first said, as `Tue 01:38`."""
        return next(said[:9] for said in self.said if words in said)

    @property
    def memory(self) -> Memory:
        """What delcia remembers of the car."""
        return memory_of(self.store, "spring")

    @property
    def soc_pct(self) -> float:
        """The true state of charge."""
        self.car.advance(self.now)
        return self.car.life.condition.soc_pct

    @property
    def orders(self) -> list[str]:
        """What the car was asked, as `Tue 01:38 start`, the oldest first; of two at one instant the first."""
        sent = last_commands(self.store, "spring", 99)
        return [f"{order.sent_at.astimezone(HOME):%a %H:%M} {order.kind}" for order in reversed(sent)]

    def asked(self) -> Override | None:
        """Return what a person asked for and holds now."""
        return self.memory.override

    def is_charging(self) -> bool:
        """Whether the car charges in truth, half a minute after the last look."""
        self.car.advance(self.now + timedelta(seconds=30))
        return self.car.life.condition.charging

    def live(self, until: str, *, off: Interval | None = None) -> None:
        """Let time pass, up to and with an instant, with a run at each tick of the timers; none while the host is off.

        The host's own tick, every five minutes, is there whatever the plans.
        """
        self.live_to(at(until), off=off)

    def later(self, minutes: float) -> None:
        """Let time pass without a run."""
        self.now += timedelta(minutes=minutes)

    def live_to(self, until: datetime, *, off: Interval | None = None) -> None:
        """Let time pass up to and with an instant."""
        start, end = self.now + timedelta(seconds=1), until + timedelta(seconds=1)
        for instant in sorted({*fires(RECONCILE, start, end), *ticks(self.site, "spring", start, end)}):
            self.now = instant
            if off is None or not off.contains(instant):
                self.look()
        self.now = until

    def look(self, work: Callable[[Job, datetime], Outcome] = run) -> Outcome:
        """Run once, or give a person's word."""
        outcome = work(self.job, self.now)
        self.outcomes.append(outcome)
        if outcome.news:
            self.said.append(f"{self.now.astimezone(HOME):%a %H:%M} {outcome.words}")
        return outcome
