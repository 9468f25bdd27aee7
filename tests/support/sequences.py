"""A car that reports what a script makes it report, and delcia's own steps at every tick: who owns which charge.

The steps are those of `runtime.charge.run`, without store, budget and network. Times are `Mon 18:30` of the home's
clock, in the week of Monday, 23 November 2026 (UTC+1).
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from support.small_site import SPRING, plan, site

from delcia.core.deciding import Decision, commanded, decide
from delcia.core.energy import soc_after
from delcia.core.model import Home, Site
from delcia.core.ownership import located, observe
from delcia.core.slots import curve_of
from delcia.core.state import Charge, Fix, Memory, Plug, Reading, Whereabouts
from delcia.core.watching import needs_reading
from delcia.core.whereabouts import place
from delcia.core.wishes import settle
from delcia.core.wording import words

PARIS = ZoneInfo("Europe/Paris")
MINUTE = timedelta(minutes=1)
TICK = 5 * MINUTE
WEEK = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
HOME = (48.0, 2.0)
ELSEWHERE = (48.5, 2.5)
NIGHTS = plan(ready_by_min=7 * 60)
"""To 80 % from 01:38 to 06:38 or 12:38 to 14:38."""
PLAIN = site(NIGHTS)
AT_HOME = replace(PLAIN, home=Home(radius_m=300))
HOLDLESS = replace(PLAIN, vehicles={"spring": replace(SPRING, hold=False, minimum_soc_pct=None)})


def at(text: str) -> datetime:
    """Return the instant of `Tue 01:38`."""
    return datetime(2026, 11, 23 + WEEK.index(text[:3]), int(text[4:6]), int(text[7:9]), tzinfo=PARIS).astimezone(UTC)


def shown(instant: datetime) -> str:
    """Return `Tue 01:38` of an instant."""
    return f"{instant.astimezone(PARIS):%a %H:%M}"


@dataclass
class World:
    """The car as it is, and what it reported: at once when something changes, else every ten minutes of charging."""

    site: Site
    now: datetime
    soc_pct: float
    plugged: bool = False
    charging: bool = False
    obeys: bool = True
    silent: bool = False
    fix: Fix | None = None
    self_resume: timedelta | None = None
    rate: float = 1.0
    """How many times faster than at its charger the car charges."""
    lag: timedelta = timedelta(0)
    """How long a report takes to be heard of."""
    skew: timedelta = timedelta(0)
    """How far the car's own clock is ahead of the host's."""
    homeless: bool = False
    """The host knows no home."""
    deaf: bool = False
    """It hears no start."""
    reports: list[Reading] = field(default_factory=list)
    later: list[tuple[datetime, bool]] = field(default_factory=list)
    """What will begin (True) or end a charge, and when."""

    def __post_init__(self) -> None:
        """Let the car report that it has come, and its last fix be of the morning."""
        self.fix = Fix(self.now - 300 * MINUTE, *HOME)
        self.tell(self.now - MINUTE)

    def tell(self, when: datetime, plug: Plug | None = None, charge: Charge | None = None, *, soc: bool = True) -> None:
        """Report the truth, or what is given instead."""
        truth = Plug.PLUGGED if self.plugged else Plug.UNPLUGGED
        doing = Charge.CHARGING if self.charging else Charge.IDLE
        level = float(int(self.soc_pct + 1e-9)) if soc else None
        self.reports.append(Reading(when, when, plug or truth, charge or doing, level))

    def read(self) -> Reading:
        """Return the last report that has been heard of."""
        heard = [report for report in self.reports if report.reported_at <= self.now - self.lag]
        found = (heard or self.reports[:1])[-1]
        return replace(found, read_at=self.now, reported_at=found.reported_at + self.skew)

    def change(self, *, plugged: bool | None = None, charging: bool | None = None) -> None:
        """Change what the car does, and let it report that."""
        self.plugged = self.plugged if plugged is None else plugged
        self.charging = (self.charging if charging is None else charging) and self.plugged
        if not self.silent:
            self.tell(self.now)

    def live(self, until: datetime) -> None:
        """Let time pass, minute by minute."""
        while self.now < until:
            self.now += MINUTE
            if self.charging:
                curve = curve_of(PLAIN, NIGHTS)
                self.soc_pct = 100 * soc_after(curve, self.soc_pct / 100, self.rate)
                if self.now - self.reports[-1].reported_at >= 10 * MINUTE and not self.silent:
                    self.tell(self.now)
                if self.soc_pct >= 100:
                    self.change(charging=False)
            due = [item for item in self.later if item[0] <= self.now]
            self.later = [item for item in self.later if item[0] > self.now]
            for _, begins in due:
                if begins is not self.charging:
                    self.change(charging=begins)

    def order(self, kind: str) -> None:
        """Take delcia's order; its effect comes a minute later, or never."""
        if not self.obeys or (self.deaf and kind == "start"):
            return
        self.later.append((self.now + MINUTE, kind == "start"))
        if kind == "stop" and self.self_resume is not None:
            self.later.append((self.now + MINUTE + self.self_resume, True))


@dataclass(frozen=True)
class Event:
    """Something that happens: to the car, by a word of its person, or to the plans."""

    at: str
    text: str
    car: Callable[[World], None] | None = None
    asks: Callable[[Memory, datetime], Memory] | None = None
    plans: Callable[[Site], Site] | None = None


@dataclass(frozen=True)
class Sequence:
    """One row of the table: what happens, which commands delcia gives for it and why that is right."""

    name: str
    why: str
    soc_pct: float
    events: tuple[Event, ...]
    commands: tuple[str, ...]
    """`Tue 01:38 start window`, all of them."""
    site: Site = AT_HOME
    until: str = "Tue 08:00"
    rehearsed: bool = True
    """A start of delcia's was heard the night before."""


@dataclass
class Told:
    """What came of a sequence: its lines to read, commands with their reasons, readings, and every step."""

    lines: list[str] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    readings: list[tuple[datetime, str]] = field(default_factory=list)
    steps: list[tuple[datetime, Memory, Decision]] = field(default_factory=list)
    locations: int = 0
    soc_pct: float = 0.0
    """What the car has in the end, whatever it says."""


BOUNDARIES = ((1, 38), (6, 38), (12, 38), (14, 38))


def ticks(start: datetime, end: datetime) -> list[datetime]:
    """Return every fifth minute, and the boundaries of the windows."""
    found, now = [], start
    while now <= end:
        local = now.astimezone(PARIS)
        if local.minute % 5 == 0 or (local.hour, local.minute) in BOUNDARIES:
            found.append(now)
        now += MINUTE
    return found


def play(sequence: Sequence, skew: timedelta = timedelta(0)) -> Told:
    """Return what delcia does and says while the events of a sequence happen; the car's clock is that far ahead."""
    told, home = Told(), sequence.site
    start = at(sequence.events[0].at) - TICK
    memory = Memory(start_heard_at=start - timedelta(hours=12) if sequence.rehearsed else None)
    world = World(home, start, sequence.soc_pct, skew=skew)
    moments = {(at(event.at), order): event for order, event in enumerate(sequence.events)}
    last = ""
    for now in ticks(start, at(sequence.until)):
        asks: list[Event] = []
        for key in sorted(key for key in moments if key[0] <= now):
            event = moments.pop(key)
            world.live(key[0])
            told.lines.append(f"    {event.at}  {event.text}")
            home = event.plans(home) if event.plans else home
            asks += [event] if event.asks else []
            if event.car:
                event.car(world)
        world.live(now)
        memory, decision = step(home, world, memory, now, asks, told)
        said = words(home, home.vehicles["spring"], memory, decision, now)
        gist = f"{decision.action}/{decision.slug}/{'+'.join(decision.wish.plans)}"
        if gist != last or decision.action != "none":
            mark = " (!)" if decision.notice else ""
            told.lines.append(f"  > {shown(now)}  {said.removeprefix('spring: ')}{mark}")
        last = gist
    told.soc_pct = world.soc_pct
    return told


def step(
    home: Site, world: World, memory: Memory, now: datetime, asks: list[Event], told: Told
) -> tuple[Memory, Decision]:
    """Do what one run does."""
    vehicle = home.vehicles["spring"]
    memory = settle(home, vehicle, memory, now)
    reason = "asked" if asks else needs_reading(home, vehicle, memory, now)
    if reason:
        told.readings.append((now, reason))
        memory = observe(home, vehicle, memory, world.read(), now)
    for event in asks:
        assert event.asks is not None
        memory = event.asks(memory, now)
    decision = decide(home, vehicle, memory, now)
    if decision.locate:
        told.locations += 1
        fix = world.fix and replace(world.fix, reported_at=world.fix.reported_at + world.skew)
        found = Whereabouts(now, homeless=True) if world.homeless else place(HOME, 300, fix, memory, now)
        memory = located(home, vehicle, memory, found, now)
        decision = decide(home, vehicle, memory, now)
    told.steps.append((now, memory, decision))
    if decision.action != "none":
        memory = commanded(decision, memory, now)
        told.commands.append(f"{shown(now)} {decision.action} {decision.slug}")
        world.order(decision.action)
    return replace(memory, counting=decision.wish.plans), decision
