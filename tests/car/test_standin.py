"""The stand-in itself: its batteries against the published check values, its clock, its levers, and its program."""

import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from standin.battery import BALANCING_S, Wall, step
from standin.clock import Clock
from standin.models import MODELS, Cell
from standin.serving import Served
from standin.world import World, household
from support.renault import START

MINUTE = timedelta(minutes=1)
PROGRAM = Path(__file__).parents[1] / "standin" / "__main__.py"


def charging_minutes(cell: Cell, wall: Wall, start: float, end: float) -> float:
    """Return how long the stand-in takes from one SoC to another, balancing included."""
    soc, seconds = start, 0.0
    while soc < end - 1e-9:
        soc, seconds = step(cell, wall, soc, 6.0), seconds + 6.0
    return (seconds + (BALANCING_S if end >= 1 else 0.0)) / 60


@pytest.mark.parametrize(
    ("code", "wall", "start", "end", "minutes"),
    [
        ("XBG1VE", Wall(1.84), 0.2, 1.0, 854.2),
        ("XBG1VE", Wall(2.3), 0.2, 1.0, 672.7),
        ("XBG1VE", Wall(3.7), 0.2, 1.0, 411.5),
        ("XBG1VE", Wall(7.4), 0.2, 1.0, 232.6),
        ("XCB1VE", Wall(7.4), 0.2, 0.8, 325.4),
        ("R5E1VE", Wall(11.0, 3), 0.2, 0.8, 188.1),
        ("X101VE", Wall(22.0, 3), 0.0, 1.0, 145.1),
    ],
)
def test_its_batteries_fill_as_published(code: str, wall: Wall, start: float, end: float, minutes: float) -> None:
    assert charging_minutes(MODELS[code].cell, wall, start, end) == pytest.approx(minutes, abs=0.3)


def test_a_full_car_says_that_it_has_ended(world: World) -> None:
    spring = world.cars["spring"]
    spring.plug()
    world.advance(timedelta(hours=9))

    assert (spring.charging, spring.report.level_pct, spring.report.status) == (False, 100, 0.2)


def test_cars_at_a_speed_live_faster_than_the_clock() -> None:
    clock = Clock(START, speed=60)
    world = household(clock)
    spring = world.cars["spring"]
    spring.plug()
    world.advance(MINUTE)
    assert spring.report.level_pct == 56, "an hour of charging, last told after 50 minutes"
    assert START < spring.report.at <= START + MINUTE
    clock.pace(1)
    world.advance(MINUTE)
    assert spring.report.level_pct == 57, "20 s later the car would have told"


def test_a_clock_set_back_does_not_undo_what_was_charged(world: World) -> None:
    spring = world.cars["spring"]
    spring.plug()
    world.advance(timedelta(hours=1))
    soc = spring.soc
    world.clock.set(START)
    world.live()

    assert spring.soc == soc


def test_what_is_to_happen_later_happens_then(world: World) -> None:
    spring = world.cars["spring"]
    spring.later(START + 60 * MINUTE, "plug", power_kw=6.6)
    spring.later(START + 90 * MINUTE, "drive", points=20)
    world.advance(30 * MINUTE)
    assert not spring.plugged
    world.advance(45 * MINUTE)
    assert [spring.plugged, spring.charging] == [True, True]
    world.advance(60 * MINUTE)
    assert [spring.plugged, spring.charging] == [False, False]
    assert spring.report.at == START + 90 * MINUTE
    assert 40 <= spring.report.level_pct <= 42


def test_a_silent_car_is_shown_as_it_last_spoke(world: World) -> None:
    spring = world.cars["spring"]
    spring.manners.silent = True
    spring.plug()
    world.advance(timedelta(hours=3))

    assert spring.charging
    assert (spring.report.at, spring.report.level_pct, spring.report.plug) == (START, 50, 0)


def test_a_power_cut_ends_a_charge_and_power_takes_it_up_again(world: World) -> None:
    spring = world.cars["spring"]
    spring.plug()
    world.advance(10 * MINUTE)
    spring.power(on=False)
    world.advance(10 * MINUTE)
    assert (spring.charging, spring.report.status) == (False, 0.3)
    spring.power(on=True)
    world.advance(MINUTE)
    assert spring.charging is True


def test_a_car_with_a_programme_of_its_own_waits_for_it(world: World) -> None:
    five = world.car(world.people["owner@example.org"].accounts[0], "five", "R5E1VE")
    five.settings = {"chargeModeRq": "SCHEDULED", "programs": [{"programActivationStatus": True}]}
    five.plug()
    world.advance(10 * MINUTE)

    assert (five.charging, five.report.status) == (False, 0.1)


def test_a_soc_limit_ends_the_charge(world: World) -> None:
    five = world.car(world.people["owner@example.org"].accounts[0], "five", "R5E1VE")
    five.soc_target_pct = 55
    five.plug(7.4)
    world.advance(timedelta(hours=3))

    assert (five.charging, five.report.level_pct, five.report.status) == (False, 55, 0.2)


def test_too_many_calls_an_hour_make_it_silent_for_a_quarter(world: World) -> None:
    world.quota_per_h = 2
    for _ in range(3):
        call(world)
    assert world.over_quota()
    world.advance(14 * MINUTE)
    assert world.over_quota()
    world.advance(2 * timedelta(hours=1))
    assert not world.over_quota()


def call(world: World) -> None:
    """Count a call of the car API."""
    from standin.world import Call

    world.calls.append(Call(world.clock.now(), "battery-status", "GET", "spring"))


def ask(url: str, data: dict[str, Any] | None = None, method: str | None = None) -> dict[str, Any]:
    """Use a lever, or look."""
    body = None if data is None else json.dumps(data).encode()
    with urllib.request.urlopen(urllib.request.Request(url, body, method=method), timeout=10) as answer:  # noqa: S310 - http
        found: dict[str, Any] = json.loads(answer.read())
        return found


def test_its_levers_move_everything_from_another_process(served: Served) -> None:
    control, spring = served.url + "/control", served.world.cars["spring"]
    ask(control + "/cars/spring", {"do": "plug", "power_kw": 6.6})
    ask(control + "/cars/spring", {"do": "unplug", "at": (START + 120 * MINUTE).isoformat()})
    ask(control + "/clock", {"advance_s": 3600})
    state = ask(control + "/state")
    assert state["now"] == (START + 60 * MINUTE).isoformat()
    assert (state["cars"]["spring"]["plugged"], state["cars"]["spring"]["charging"]) == (True, True)
    ask(control + "/clock", {"now": (START + 121 * MINUTE).isoformat()})
    assert ask(control + "/state")["cars"]["spring"]["plugged"] is False

    ask(control + "/cars/spring/manners", {"obeys": False, "starts_on_plug_in": False})
    assert spring.manners.obeys is False
    ask(control + "/cars/spring", {"do": "set", "soc_pct": 33})
    assert spring.soc == 0.33
    ask(control + "/faults", {"endpoint": "getJWT", "status": 503})
    with pytest.raises(urllib.error.HTTPError, match="503"):
        ask(served.url + "/accounts.getJWT", {})
    assert ask(control + "/state")["counts"] == {"getJWT": 1}
    ask(control + "/faults", method="DELETE")
    ask(control + "/calls", method="DELETE")
    ask(control + "/quota", {"per_h": 5})
    ask(control + "/people/owner@example.org", {"expire": "login", "two_factor": True})
    assert ask(control + "/state")["counts"] == {}
    person = served.world.people["owner@example.org"]
    assert (served.world.quota_per_h, person.generation, person.two_factor) == (5, 1, True)
    ask(control + "/clock", {"now": None, "speed": 60})
    assert abs(served.world.clock.now() - datetime.now(UTC)) < MINUTE


@pytest.mark.parametrize(
    ("path", "data"),
    [("/cars/spring", {"do": "explode"}), ("/cars/other", {"do": "plug"}), ("/cars/spring/manners", {"kind": True})],
)
def test_a_lever_that_is_not_there_says_so(served: Served, path: str, data: dict[str, Any]) -> None:
    with pytest.raises(urllib.error.HTTPError, match=r"40[04]"):
        ask(served.url + "/control" + path, data)


@contextmanager
def program(*argv: str) -> Iterator[str]:
    """Run the stand-in as a program of its own, and stop it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, str(PROGRAM), "--port", str(port), *argv]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        try:
            url = f"http://127.0.0.1:{port}"
            for _ in range(1200):
                try:
                    ask(url + "/control/state")
                    break
                except urllib.error.URLError:
                    time.sleep(0.05)
            yield url
        finally:
            running.terminate()


def test_it_is_a_program_of_its_own() -> None:
    with program("--speed", "3600", "--plugged", "--soc", "20", "--car", "a=XBG1VE", "--car", "b=R5E1VE") as url:
        cars = ask(url + "/control/state")["cars"]
        assert {name: car["model"] for name, car in cars.items()} == {"a": "XBG1VE", "b": "R5E1VE"}
        time.sleep(0.5)
        assert ask(url + "/control/state")["cars"]["a"]["soc_pct"] > cars["a"]["soc_pct"] >= 20


def test_its_help_lists_the_levers() -> None:
    said = subprocess.run([sys.executable, str(PROGRAM), "--help"], capture_output=True, text=True, check=True).stdout

    for word in ("--speed", "DELCIA_RENAULT_URL", "/control/cars/NAME", "XBG1VE"):
        assert word in said


def test_a_car_is_only_shown_to_its_owner(served: Served) -> None:
    stranger = served.world.person("stranger@example.org", "another password")
    served.world.account(stranger, "MYRENAULT")
    car = served.world.cars["spring"]
    headers = {"apikey": "any", "x-gigya-id_token": stranger.mint()}
    for account in ("account-id-0001", "account-id-0002"):
        path = f"/commerce/v1/accounts/{account}/kamereon/kca/car-adapter/v2/cars/{car.vin}/battery-status?country=FR"
        request = urllib.request.Request(served.url + path, headers=headers)  # noqa: S310 - http
        with pytest.raises(urllib.error.HTTPError, match=r"40[34]"):
            urllib.request.urlopen(request, timeout=10)  # noqa: S310 - http
