"""A host for speed: delcia's own runs at its timers' hours, the service met at the protocol instead of the wire."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from support.webhook import Hook

from delcia.car.renault import readings
from delcia.cli.quieting import Watch
from delcia.cli.running import Applied
from delcia.cli.sending import send_from
from delcia.compile.generation import dump, load
from delcia.config import load as load_plans
from delcia.core.model import Site
from delcia.core.state import Fix, Reading, Setting
from delcia.errors import DelciaError
from delcia.host.paths import Paths
from delcia.runtime.job import Job
from delcia.store.connection import Store
from delcia.store.opening import open_store
from household.bill import DAY, HOME, MINUTE, NIGHT, NOON, at, days
from household.service import HOME_PLACE, OutageError, Service
from household.told import Notice, Timeline

TICK = 5 * MINUTE
LONGEST = 30 * MINUTE
CODE = "XBG1VE"
PLANS = """\
timezone: Europe/Paris
{home}vehicles:
  spring: {{model: spring-26, hold: {hold}}}
chargers:
  socket: {{amps: 10}}
tariffs:
  edf:
    currency: EUR
    bands:
      - {{name: off-peak, hours: ["01:38-06:38", "12:38-14:38"], price: 0.1579}}
      - {{name: peak, price: 0.2065}}
plans:
  nights: {{vehicle: spring, charger: socket, charge: {{to_soc: {target_pct}}},
           {days}when: {{tariff: edf, {hours}}}, ready_by: "07:00"}}
"""
"""The README's plan."""
PLACE = f"home: {{radius_m: 300, latitude: {HOME_PLACE[0]}, longitude: {HOME_PLACE[1]}}}\n"


def plan_text(target_pct: int = 80, *, hold: str = "true", names_home: bool = False, weekdays: bool = False) -> str:
    """Return the README's plan, to another target, perhaps with the home in it, or for the nights of weekdays alone."""
    return PLANS.format(
        home=PLACE if names_home else "",
        hold=hold,
        target_pct=target_pct,
        days="days: [mon-fri], " if weekdays else "",
        hours='windows: ["01:38-06:38"]' if weekdays else "bands: [off-peak]",
    )


def timers(start: datetime, end: datetime) -> Iterator[datetime]:
    """Yield when a host's timers fire: every five minutes, and at the boundaries of the plan's windows."""
    found = {at(day, hour) for day in days(start - DAY, end) for span in (NIGHT, NOON) for hour in span}
    instant = start.replace(minute=start.minute // 5 * 5, second=0, microsecond=0)
    while instant < end:
        found.add(instant)
        instant += TICK
    yield from sorted(instant for instant in found if start <= instant < end)


@dataclass(slots=True)
class BoundaryCar:
    """The car as delcia's protocol has it; what it says goes through delcia's own reading of the wire's words."""

    service: Service

    def read(self, now: datetime) -> Reading:
        """Return what the service says of the battery."""
        with _as_errors():
            return readings.reading(self.service.battery(), CODE, now)

    def locate(self, _now: datetime) -> Fix | None:
        """Return what it says of the place."""
        with _as_errors():
            return readings.fix(self.service.location())

    def start_changes(self, _now: datetime) -> tuple[str, str] | None:
        """Return that a start changes nothing."""
        return None

    def setting(self, what: Setting, _now: datetime) -> str:
        """Refuse: this car has no settings."""
        raise NotImplementedError(what)

    def change(self, what: Setting, _to: str, _now: datetime) -> None:
        """Refuse as well."""
        raise NotImplementedError(what)

    def wake(self, _now: datetime) -> None:
        """Ask for a report."""
        with _as_errors():
            self.service.wake()

    def start(self, _now: datetime, _tries: int = 1) -> None:
        """Pass on a start."""
        self._order("start")

    def stop(self, _now: datetime) -> None:
        """Pass on a stop."""
        self._order("stop")

    def close(self) -> None:
        """Let go of nothing."""

    def _order(self, kind: Literal["start", "stop"]) -> None:
        with _as_errors():
            self.service.order(kind)


@contextmanager
def _as_errors() -> Iterator[None]:
    try:
        yield
    except OutageError:
        message = "Renault's service cannot be reached"
        raise DelciaError(message, slug="unreachable", hint="look at this host's network") from None


@dataclass(slots=True)
class QuickHost:
    """A host on the household's clock. `told` has what the owner heard."""

    service: Service
    folder: Path
    hook: Hook
    site: Site
    timeline: Timeline
    told: list[Notice] = field(default_factory=list)
    store: Store = field(default_factory=lambda: open_store(None))
    quiet_until: datetime | None = None
    booted_at: datetime | None = None

    def boot(self) -> None:
        """Begin to run again, after the power was off."""
        self.booted_at, self.quiet_until = self.service.now, None

    def tick(self, *, boundary: bool = False) -> None:
        """Run what a timer runs; the one for all leaves out what an earlier run found to be quiet."""
        now = self.service.now
        if not boundary and self.quiet_until is not None and now < self.quiet_until < now + LONGEST:
            return
        paths = Paths.system(self.folder)
        watch = Watch(Applied(paths, self.site, 1), now)
        job = Job(
            self.site,
            self.site.vehicles["spring"],
            self.store,
            self._open,
            HOME_PLACE,
            booted_at=self.booted_at,
        )
        outcome = watch.run(job)
        self.quiet_until = min(watch.until)
        if outcome.news:
            self.timeline.add(now, f"delcia: {outcome.words}")
        before = len(self.hook.sent)
        due, failed = send_from(self.store, paths, HOME, now)
        assert failed == ""
        self.quiet_until = min(self.quiet_until, due or self.quiet_until)
        for sent in self.hook.sent[before:]:
            self.hear(sent)

    def _open(self) -> BoundaryCar:
        return BoundaryCar(self.service)

    def hear(self, sent: str) -> None:
        """Note what the owner was told."""
        said = json.loads(sent.partition("{")[1] + sent.partition("{")[2])
        notice = Notice(self.service.now, said["cause"], said["text"])
        self.told.append(notice)
        self.timeline.add(notice.at, f"TOLD [{notice.cause}] {notice.text}")


def quick_host(service: Service, folder: Path, hook: Hook, plans: str, timeline: Timeline) -> QuickHost:
    """Return a host in a folder with these plans applied and somebody to tell."""
    (folder / "plans").mkdir(parents=True)
    (folder / "plans" / "home.yaml").write_text(plans, encoding="utf-8")
    loaded = load_plans(folder / "plans", service.now)
    assert loaded.site is not None, loaded.problems
    paths = Paths.system(folder)
    paths.state.mkdir(parents=True)
    paths.host_file.parent.mkdir(parents=True)
    settings = f'notify: {{webhook: {{url: "{hook.url}/", form: json}}, quiet_hours: "22:00-07:00"}}\n'
    paths.host_file.write_text(settings, encoding="utf-8")
    return QuickHost(service, folder, hook, load(dump(loaded.site)), timeline)


def wait(service: Service, until: datetime, tick: timedelta = TICK) -> None:
    """Let time pass without a host."""
    while service.now < until:
        service.go_to(min(until, service.now + tick))
