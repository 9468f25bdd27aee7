"""What delcia relies on in every car: one story, told to the simulated one and to models behind the stand-in."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from standin.clock import Clock
from standin.serving import Served, serving
from standin.world import household
from support.renault import QUICK, START, access_to, vehicle

from delcia.car.protocol import Car
from delcia.car.renault import connect
from delcia.car.simulated import SimulatedCar
from delcia.car.simulation import Condition, Event, Habits, Life
from delcia.core.intervals import Interval
from delcia.core.model import Battery, Charger
from delcia.core.state import Charge, Plug, Reading
from delcia.errors import DelciaError, Exit

MINUTE = timedelta(minutes=1)


@dataclass
class Rig:
    """A car at 50 %, unplugged at START, and a hand to plug it in and to take its service away."""

    car: Car
    now: datetime
    wait: Callable[[timedelta], None]
    plug: Callable[[], None]
    fail: Callable[[], None]
    stops: bool = True

    def after(self, minutes: float) -> "Rig":
        """Let time pass."""
        self.now += minutes * MINUTE
        self.wait(minutes * MINUTE)
        return self

    def read(self) -> Reading:
        """Ask the car."""
        return self.car.read(self.now)


def simulated() -> Iterator[Rig]:
    car = SimulatedCar(Battery(26.8, 6.6, 0, 0.16), Charger("socket", 2.3), Life(Condition(START, 50.0)))

    def plug() -> None:
        at = car.life.condition.at + timedelta(seconds=1)
        car.life = replace(car.life, events=(Event(at, "plug"),))

    def fail() -> None:
        year_long = Interval(START, START + timedelta(days=365))
        car.life = replace(car.life, habits=Habits(outages=(year_long,)))

    yield Rig(car, START, lambda _: None, plug, fail)


def renault(code: str, folder: Path) -> Iterator[Rig]:
    world = household(Clock(START), code=code)
    with serving(world) as served:
        car = _connected(served, folder)
        spring = world.cars["spring"]
        stops = ("pause-resume", "pause") in spring.model.orders or ("charging-start", "stop") in spring.model.orders

        def fail() -> None:
            world.fault(times=None, html=True)

        yield Rig(car, START, lambda by: void(world.advance(by)), spring.plug, fail, stops)
        car.close()


def void(_: object) -> None:
    """Make of an answer nothing."""


def _connected(served: Served, folder: Path) -> Car:
    return connect(
        vehicle(), access_to(served), locale="fr_FR", cache_folder=folder, base_url=served.url, patience=QUICK
    )


@pytest.fixture(params=["simulated", "XBG1VE", "XBG2VE", "R5E1VE", "XCB1VE", "X101VE", "NEW1VE"])
def rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rig]:
    """Return each car in turn."""
    yield from simulated() if request.param == "simulated" else renault(request.param, tmp_path)


def test_a_reading_is_never_younger_than_the_question(rig: Rig) -> None:
    reading = rig.after(7).read()

    assert reading.read_at == rig.now
    assert reading.reported_at <= rig.now
    assert reading.reported_at.tzinfo is UTC
    assert (reading.plug, reading.charge, reading.soc_pct) == (Plug.UNPLUGGED, Charge.IDLE, 50)


def test_a_car_plugged_in_charges_and_fills(rig: Rig) -> None:
    rig.plug()
    levels = [reading.soc_pct or 0 for reading in (rig.after(60).read() for _ in range(4))]
    reading = rig.read()

    assert (reading.plug, reading.charge) == (Plug.PLUGGED, Charge.CHARGING)
    assert levels == sorted(levels)
    assert levels[-1] > levels[0] >= 50
    assert rig.now - reading.reported_at <= 10 * MINUTE


def test_an_order_shows_in_a_report_younger_than_itself(rig: Rig) -> None:
    rig.plug()
    rig.after(30).read()
    if not rig.stops:
        return
    stopped_at = rig.now
    rig.car.stop(rig.now)
    reading = rig.after(2).read()
    assert (reading.charge, reading.plug) == (Charge.IDLE, Plug.PLUGGED)
    assert reading.reported_at > stopped_at

    started_at = rig.now
    rig.car.start(rig.now)
    reading = rig.after(2).read()
    assert reading.charge is Charge.CHARGING
    assert reading.reported_at > started_at


def test_a_car_without_a_stop_says_so_and_goes_on(rig: Rig) -> None:
    rig.plug()
    rig.after(30).read()
    if rig.stops:
        return
    with pytest.raises(DelciaError) as caught:
        rig.car.stop(rig.now)

    assert caught.value.status is Exit.BROKEN
    assert rig.after(2).read().charge is Charge.CHARGING


def test_an_order_given_twice_is_as_good_as_once(rig: Rig) -> None:
    rig.plug()
    rig.after(30).read()
    rig.car.start(rig.now)
    rig.car.start(rig.now)
    assert rig.after(2).read().charge is Charge.CHARGING
    if rig.stops:
        rig.car.stop(rig.now)
        rig.car.stop(rig.now)
        assert rig.after(2).read().charge is Charge.IDLE


def test_a_start_without_a_cable_does_no_harm(rig: Rig) -> None:
    rig.car.start(rig.now)

    assert rig.after(2).read().charge is Charge.IDLE


def test_a_fix_is_a_place_on_earth_and_not_of_tomorrow(rig: Rig) -> None:
    fix = rig.after(5).car.locate(rig.now)

    if fix is not None:
        assert fix.reported_at <= rig.now
        assert -90 <= fix.latitude <= 90
        assert -180 <= fix.longitude <= 180


def test_a_service_in_trouble_is_a_mishap_that_passes(rig: Rig) -> None:
    rig.fail()
    for ask in (rig.car.read, rig.car.locate, rig.car.start):
        with pytest.raises(DelciaError) as caught:
            ask(rig.now)
        assert caught.value.status is Exit.TRY_AGAIN


def test_closing_is_safe_at_any_time(rig: Rig) -> None:
    rig.car.close()
    rig.car.close()
