"""The judge finds what it is there to find: hosts that do wrong, each in its own way, are found guilty of just that."""

from dataclasses import dataclass, field, replace
from datetime import time

from household.bill import DAY, HOME, WALL_KW, at, is_cheap
from household.judge import faults
from household.life import BEGINS, Event, Life, ordinary
from household.living import household_of, live
from household.service import Service
from household.told import Notice

MONDAY = BEGINS.astimezone(HOME).date()


@dataclass(slots=True)
class Naive:
    """A host that charges in the cheap hours and stops whatever else charges, whoever began it and wherever it is."""

    service: Service
    told: list[Notice] = field(default_factory=list)
    target_pct: float = 80.0
    to: str = "start and stop"

    def tick(self, *, boundary: bool = False) -> None:
        """Look every ten minutes, and at the boundaries."""
        service, car = self.service, self.service.car
        if not boundary and service.now.minute % 10:
            return
        service.battery()
        wanted = is_cheap(service.now) and car.level_pct < self.target_pct
        if wanted and car.plugged and not car.charging and "start" in self.to:
            service.order("start")
        elif not wanted and car.charging and "stop" in self.to:
            service.order("stop")

    def boot(self) -> None:
        """Go on."""


def guilty(life: Life, to: str = "start and stop") -> set[str]:
    """Return the rules that a naive host breaks in a life."""
    service, timeline = household_of(life)
    return {fault.rule for fault in faults(live(life, service, Naive(service, to=to), timeline))}


def test_who_charges_in_the_cheap_hours_alone_is_not_guilty() -> None:
    assert guilty(replace(ordinary("0", 5), seed="judge")) == set()


def test_who_does_nothing_lets_the_car_charge_at_peak_and_above_its_target() -> None:
    assert guilty(ordinary("0", 3), to="nothing") == {"held", "level"}


def test_who_never_stops_what_it_began_is_guilty_of_that() -> None:
    plugged = Event(at(MONDAY + DAY, time(1, 0)), "plug", (WALL_KW, 1e6))
    assert "own" in guilty(Life("judge", 2, 50.0, (plugged,)), to="start")


def test_who_never_starts_must_tell_and_wastes_the_night() -> None:
    evening = Event(at(MONDAY, time(18, 30)), "plug", (WALL_KW, 20.0))
    assert guilty(Life("judge", 1, 50.0, (evening,)), to="stop") == {"told", "wasted"}


def test_who_stops_whatever_charges_stops_a_person_and_a_car_away_from_home() -> None:
    evening = Event(at(MONDAY, time(18, 30)), "plug", (WALL_KW, 20.0))
    app = Event(at(MONDAY + DAY, time(8, 0)), "app")
    assert guilty(Life("judge", 2, 50.0, (evening, app))) == {"person"}
    away = (Event(at(MONDAY, time(13, 0)), "leave", (5.0,)), Event(at(MONDAY, time(15, 0)), "plug", (3.7, 20.0)))
    assert guilty(Life("judge", 1, 50.0, away)) == {"away"}


def test_a_rehearsal_that_does_not_end_is_found() -> None:
    evening = Event(at(MONDAY, time(18, 30)), "plug", (WALL_KW, 1e6))
    life = Life("judge", 1, 78.0, (evening,))
    service, timeline = household_of(life)
    host = Naive(service)
    service.car.later(at(MONDAY, time(19, 0)), service.car.obey, "start", "delcia")
    host.to = "start"
    assert "rehearsal" in {fault.rule for fault in faults(live(life, service, host, timeline))}
