"""What is worth a note on a simulated way, whether anybody looks then or not: the cable, and each `ready_by`."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from delcia.car.simulated import SimulatedCar
from delcia.car.simulation import Condition, advance
from delcia.core.consequence import Ready
from delcia.core.model import Site, ToSoc, Vehicle
from delcia.core.windows import windows_of


@dataclass(frozen=True, slots=True)
class Moment:
    """The cable goes in or out, and the SoC then."""

    at: datetime
    what: Literal["plug", "unplug"]
    soc_pct: float


@dataclass(slots=True)
class Landmarks:
    """What is worth a note on the way, whether anybody looks then or not: the cable, and each `ready_by`."""

    site: Site
    car: SimulatedCar
    deadlines: list[tuple[datetime, str]]
    moments: list[Moment] = field(default_factory=list)
    ready: list[Ready] = field(default_factory=list)
    reached: datetime | None = None

    def pass_by(self, now: datetime) -> None:
        """Note what lies between the last call and `now`; the car is as it was last left."""
        life = self.car.life
        since = self.reached or life.condition.at
        if self.reached is None and life.condition.plugged:
            self.moments.append(Moment(since, "plug", life.condition.soc_pct))
        for event in sorted(self.car.events(since, now), key=lambda event: event.at):
            if event.what in {"plug", "unplug"}:
                what: Literal["plug", "unplug"] = "plug" if event.what == "plug" else "unplug"
                self.moments.append(Moment(event.at, what, self._at(event.at).soc_pct))
        while self.deadlines and self.deadlines[0][0] <= now:
            at, name = self.deadlines.pop(0)
            wanted = self.site.plans[name].target
            target = wanted.soc_pct if isinstance(wanted, ToSoc) else None
            condition = self._at(at)
            self.ready.append(Ready(name, at, condition.soc_pct, target, condition.plugged))
        self.reached = now

    def _at(self, instant: datetime) -> Condition:
        """Return the car at an instant, without letting it live until then: only a look makes it report."""
        condition = self.car.life.condition
        if instant <= condition.at:
            return condition
        events = self.car.events(condition.at, instant)
        return advance(condition, instant, self.car.curve, self.car.life.habits, events)[0]


def deadlines_of(site: Site, vehicle: Vehicle, span: tuple[datetime, datetime]) -> list[tuple[datetime, str]]:
    """Return each `ready_by` of a stretch of time with its plan, in order."""
    found = {
        (window.deadline, plan.name)
        for plan in site.plans_of(vehicle.name)
        for window in windows_of(site, plan, *span)
        if window.deadline is not None and span[0] < window.deadline <= span[1]
    }
    return sorted(found)
