"""A home with one car behind the stand-in, and delcia's own runs at the ticks of its timers, on one clock.

Everything between the plan's YAML and the wire is what a host runs; the clock and the store's place are the test's.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from standin.cars import Car as StandInCar
from standin.clock import Clock
from standin.serving import Served, serving
from standin.world import Call, World, household
from support.renault import QUICK, access_to
from support.webhook import Hook

from delcia.car.protocol import Car
from delcia.car.renault import connect
from delcia.car.renault.patience import Patience
from delcia.cli.sending import send_from
from delcia.compile.generation import dump, load
from delcia.config import load as load_plans
from delcia.core.access import Access
from delcia.core.model import Site
from delcia.core.state import Memory
from delcia.core.triggers import RECONCILE, fires
from delcia.errors import DelciaError
from delcia.host.paths import Paths
from delcia.runtime.charge import run
from delcia.runtime.foreseeing import foresee
from delcia.runtime.job import Job, Outcome
from delcia.runtime.simulate import ticks
from delcia.store.connection import Store
from delcia.store.memory import memory_of, remember
from delcia.store.notices import pending_notices
from delcia.store.opening import open_store

PARIS = ZoneInfo("Europe/Paris")
SPRING = "{model: spring-26, hold: true}"
STANDS = (48.8566, 2.3522)
"""Where the stand-in's cars stand."""
HOME = "home: {latitude: 48.8566, longitude: 2.3522}\n"
NIGHTS = """\
  nights:
    {vehicle: spring, charger: socket, charge: {to_soc: 80}, when: {tariff: edf, bands: [off-peak]}, ready_by: "07:00"}
"""
SITE = """\
timezone: Europe/Paris
vehicles:
  spring: %(vehicle)s
chargers:
  socket: {amps: 10}
%(chargers)stariffs:
  edf:
    currency: EUR
    bands:
      - {name: off-peak, hours: ["01:38-06:38", "12:38-14:38"], price: 0.1579}
      - {name: peak, price: 0.2065}
%(more)splans:
%(plans)s"""


def at(text: str) -> datetime:
    """Return the instant of `Tue 01:38` of the home's clock, in the week of Monday, 23 November 2026 (UTC+1)."""
    day = 23 + ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun", "end").index(text[:3])
    return datetime(2026, 11, day, int(text[4:6]), int(text[7:9]), tzinfo=PARIS).astimezone(UTC)


@dataclass(slots=True)
class Home:
    """A Spring at a 10 A socket. `said` has the news as `Tue 01:38 spring: start …`, `outcomes` every run's ending."""

    served: Served
    folder: Path
    site: Site
    access: Access
    store: Store = field(default_factory=lambda: open_store(None))
    said: list[str] = field(default_factory=list)
    outcomes: list[tuple[datetime, Outcome]] = field(default_factory=list)
    soc_at_order: list[float] = field(default_factory=list)
    """The true SoC at each of delcia's orders, in percent."""
    switched: list[str] = field(default_factory=list)
    """How the charger was switched, as `Tue 01:38 wallbox on`."""
    box_fails: DelciaError | None = None
    hook: Hook | None = None
    """Where the owner is told; without it nothing is sent, and nobody looks ahead."""
    quiet_hours: str = "22:00-07:00"
    patience: Patience = QUICK
    homed: bool = True
    """`login` has stored the home."""
    rehearsed: bool = True
    """A start of delcia's was heard the night before."""

    def __post_init__(self) -> None:
        """Let the car have been held here before."""
        if self.rehearsed:
            remember(self.store, "spring", replace(self.memory, start_heard_at=self.now - timedelta(hours=12)))

    @property
    def world(self) -> World:
        """The stand-in's."""
        return self.served.world

    @property
    def car(self) -> StandInCar:
        """The car as it is now, whatever it reports."""
        self.world.live()
        return self.world.cars["spring"]

    @property
    def now(self) -> datetime:
        """The present instant."""
        return self.world.clock.now()

    @property
    def orders(self) -> list[str]:
        """What the service passed on to the car, as `Tue 01:38 start`."""
        return [f"{instant.astimezone(PARIS):%a %H:%M} {kind}" for instant, kind in self.car.orders]

    @property
    def notices(self) -> list[str]:
        """What the owner would be told, by slug."""
        return [notice.slug for notice in pending_notices(self.store)]

    @property
    def told(self) -> list[dict[str, str]]:
        """What the owner was told by the webhook, as it came."""
        assert self.hook is not None
        return [json.loads(sent.removeprefix("POST / ")) for sent in self.hook.sent]

    @property
    def memory(self) -> Memory:
        """What delcia remembers of the car."""
        return memory_of(self.store, "spring")

    @property
    def job(self) -> Job:
        """What each run is given, as `delcia.cli.running` composes it."""
        place = self.site.home
        said = (place.latitude, place.longitude) if place and place.latitude and place.longitude else None
        home = said if said or not self.homed else STANDS
        return Job(self.site, self.site.vehicles["spring"], self.store, self._open, home, self._switch)

    def calls(self, endpoint: str) -> list[Call]:
        """Return the calls of an endpoint, in order."""
        return [call for call in self.world.calls if call.endpoint == endpoint]

    def look(self) -> Outcome:
        """Run once, now."""
        before = len(self.car.orders)
        outcome = self._run()
        self.soc_at_order.extend(100 * self.car.soc for _ in self.car.orders[before:])
        self.outcomes.append((self.now, outcome))
        if outcome.news:
            self.said.append(f"{self.now.astimezone(PARIS):%a %H:%M} {outcome.words}")
        return outcome

    def live(self, until: str) -> None:
        """Let time pass up to and with an instant, with a run at each tick of the timers."""
        self.live_to(at(until))

    def live_to(self, until: datetime) -> None:
        """Let time pass up to and with an instant."""
        start, end = self.now + timedelta(seconds=1), until + timedelta(seconds=1)
        for instant in sorted({*fires(RECONCILE, start, end), *ticks(self.site, "spring", start, end)}):
            self.world.go_to(instant)
            self.look()
        self.world.go_to(until)

    def _run(self) -> Outcome:
        """Do what a scheduled run does; as it, tell the owner what is to be told."""
        outcome = run(self.job, self.now)
        if self.hook is None:
            return outcome
        outcome = foresee(self.job, outcome, self.now)
        paths = Paths.system(self.folder)
        paths.state.mkdir(parents=True, exist_ok=True)
        if not paths.host_file.exists():
            paths.host_file.parent.mkdir(parents=True)
            settings = (
                f'notify: {{webhook: {{url: "{self.hook.url}/", form: json}}, quiet_hours: "{self.quiet_hours}"}}\n'
            )
            paths.host_file.write_text(settings, encoding="utf-8")
        assert send_from(self.store, paths, PARIS, self.now)[1] == ""
        return outcome

    def _switch(self, name: str, on: bool) -> None:  # noqa: FBT001 - the form that a job has it in
        self.switched.append(f"{self.now.astimezone(PARIS):%a %H:%M} {name} {'on' if on else 'off'}")
        if self.box_fails is not None:
            raise self.box_fails
        self.car.power(on=on)

    def _open(self) -> Car:
        spring = self.site.vehicles["spring"]
        cache = self.folder / "cache"
        return connect(
            spring, self.access, locale="fr_FR", cache_folder=cache, base_url=self.served.url, patience=self.patience
        )


@contextmanager
def home(  # noqa: PLR0913 - each is one circumstance, with its default
    folder: Path,
    *,
    vehicle: str = SPRING,
    plans: str = NIGHTS,
    more: str = "",
    begins: str = "Mon 18:00",
    soc: float = 0.5,
    code: str = "XBG1VE",
    chargers: str = "",
    hook: Hook | None = None,
) -> Iterator[Home]:
    """Serve a home in the evening of a Monday, the car unplugged, with the plans applied."""
    (folder / "plans").mkdir()
    (folder / "cache").mkdir()
    text = SITE % {"vehicle": vehicle, "more": more, "plans": plans, "chargers": chargers}
    (folder / "plans" / "home.yaml").write_text(text, encoding="utf-8")
    loaded = load_plans(folder / "plans", at(begins))
    assert loaded.site is not None, loaded.problems
    with serving(household(Clock(at(begins)), soc=soc, code=code)) as served:
        made = Home(served, folder, load(dump(loaded.site)), access_to(served), hook=hook)
        try:
            yield made
        finally:
            made.store.close()
