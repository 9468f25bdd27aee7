"""A Renault behind delcia's protocol: the real client against the stand-in."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from standin.cars import Car as StandInCar
from standin.serving import Served
from standin.world import World
from support.renault import START, Connect, access_to, vehicle

from delcia.car.renault import connect
from delcia.core.state import Charge, Plug
from delcia.errors import DelciaError, Exit

MINUTE = timedelta(minutes=1)


def _charges(car: StandInCar) -> bool:
    """Say what the stand-in's car really does, whatever it reports."""
    return car.charging


def test_a_reading_says_what_the_car_last_reported_and_when(connected: Connect) -> None:
    reading = connected().read(START + MINUTE)

    assert (reading.read_at, reading.reported_at) == (START + MINUTE, START)
    assert (reading.plug, reading.charge, reading.soc_pct) == (Plug.UNPLUGGED, Charge.IDLE, 50)
    assert reading.range_km == 112


def test_a_car_that_is_plugged_in_charges_by_itself_and_fills(connected: Connect, world: World) -> None:
    world.cars["spring"].plug(power_kw=2.3)
    world.advance(timedelta(hours=2))

    reading = connected().read(world.clock.now())

    assert (reading.plug, reading.charge) == (Plug.PLUGGED, Charge.CHARGING)
    assert reading.soc_pct == 63, "7.3 points an hour (0.92 × 2.3 - 0.16 kW into 26.8 kWh), last told after 1 h 50 min"
    assert timedelta() <= world.clock.now() - reading.reported_at <= 10 * MINUTE


def test_a_stop_and_a_start_are_queued_and_obeyed_a_little_later(connected: Connect, world: World) -> None:
    spring, car = world.cars["spring"], connected()
    spring.plug()
    world.advance(10 * MINUTE)

    car.stop(world.clock.now())
    assert _charges(spring)
    world.advance(MINUTE)
    assert not _charges(spring)
    assert car.read(world.clock.now()).charge is Charge.IDLE

    car.start(world.clock.now())
    world.advance(MINUTE)
    assert car.read(world.clock.now()).charge is Charge.CHARGING


def test_the_first_run_learns_the_car_and_later_ones_make_one_call_for_each_question(
    connected: Connect, world: World
) -> None:
    for _ in range(3):
        car = connected()
        car.read(world.clock.now())
        car.close()
        world.advance(4 * MINUTE)

    assert world.counts() == {"getJWT": 1, "details": 1, "battery-status": 3}


@pytest.mark.parametrize("body", ["{}", "[]", '{"model": {"code": null}}', '{"model": {}, "engineEnergyType": "ELEC"}'])
def test_an_answer_that_names_no_model_leaves_the_car_what_login_found(
    connected: Connect, world: World, body: str
) -> None:
    world.fault(endpoint="details", times=1, body=body)
    for _ in range(2):
        car = connected()
        car.stop(world.clock.now())
        car.close()

    assert world.counts() == {"getJWT": 1, "details": 1, "pause-resume": 2}


def test_a_model_that_nobody_knows_is_asked_for_anew(connected: Connect, world: World, served: Served) -> None:
    world.fault(endpoint="details", times=1, body="{}")
    access = access_to(served)
    bindings = {name: replace(binding, model_code=None) for name, binding in access.vehicles.items()}
    access = replace(access, vehicles=bindings)
    for _ in range(3):
        car = connected(access=access)
        car.read(world.clock.now())
        car.close()

    assert world.counts()["details"] == 2


def test_a_jwt_is_minted_every_15_minutes_when_asked_every_5(connected: Connect, world: World) -> None:
    for _ in range(12):
        car = connected()
        car.read(world.clock.now())
        car.close()
        world.advance(5 * MINUTE)

    assert world.counts()["getJWT"] == 4


def test_a_jwt_refused_before_its_time_is_replaced_once(connected: Connect, world: World) -> None:
    connected().read(START)
    world.people["owner@example.org"].revoke_jwts()

    reading = connected().read(START + MINUTE)

    assert reading.soc_pct == 50
    assert world.counts()["getJWT"] == 2


def test_when_each_new_jwt_is_refused_too_no_more_are_asked_for(connected: Connect, world: World) -> None:
    world.fault(endpoint="battery-status", times=None, code="err.func.wired.unauthorized", status=401)

    for minute in range(10):
        with pytest.raises(DelciaError) as caught:
            connected().read(START + minute * MINUTE)
        assert (caught.value.slug, caught.value.status) == ("unauthorized", Exit.BROKEN)

    assert world.counts()["getJWT"] == 2


def test_a_refused_login_is_not_tried_again_for_an_hour(connected: Connect, world: World) -> None:
    car = connected()
    world.people["owner@example.org"].revoke_login()

    for minute in (0, 5, 10, 59):
        with pytest.raises(DelciaError) as caught:
            car.read(START + minute * MINUTE)
        assert (caught.value.slug, caught.value.status) == ("login-expired", Exit.LOGIN)
        assert "delcia login" in caught.value.hint
    assert world.counts()["getJWT"] == 1

    with pytest.raises(DelciaError):
        car.read(START + 61 * MINUTE)
    assert world.counts()["getJWT"] == 2


def test_a_new_login_is_used_at_once_after_a_refused_one(connected: Connect, world: World) -> None:
    car = connected()
    world.people["owner@example.org"].revoke_login()
    with pytest.raises(DelciaError):
        car.read(START)

    assert connected().read(START + MINUTE).soc_pct == 50


@pytest.mark.parametrize("rubbish", ["", "{", "[]", '{"login": 1}', '{"kinds": []}', "\x00"])
def test_a_damaged_cache_costs_two_calls_and_nothing_else(
    connected: Connect, world: World, tmp_path: Path, rubbish: str
) -> None:
    (tmp_path / "renault-default.json").write_text(rubbish, encoding="utf-8")

    assert connected().read(START).soc_pct == 50
    assert world.counts() == {"getJWT": 1, "details": 1, "battery-status": 1}


def test_the_cache_is_for_its_owner_alone_and_holds_no_vin(connected: Connect, world: World, tmp_path: Path) -> None:
    connected().read(START)
    cache = tmp_path / "renault-default.json"

    assert cache.stat().st_mode & 0o777 == 0o600
    assert world.cars["spring"].vin not in cache.read_text(encoding="utf-8")
    assert world.people["owner@example.org"].login_token not in cache.read_text(encoding="utf-8")
    assert [path.name for path in tmp_path.iterdir()] == ["renault-default.json"]


def test_without_a_cache_everything_is_asked_anew(served: Served, world: World) -> None:
    for folder in (None, Path("/proc/no/such/folder")):
        car = connect(vehicle(), access_to(served), locale="fr_FR", cache_folder=folder, base_url=served.url)
        assert car.read(START).soc_pct == 50
        car.close()

    assert world.counts()["getJWT"] == 2


def test_a_fix_says_where_the_car_was_parked(connected: Connect, world: World) -> None:
    world.advance(MINUTE)
    world.cars["spring"].drive(10, latitude=48.9, longitude=2.4)
    world.advance(MINUTE)

    fix = connected().locate(world.clock.now())

    assert fix is not None
    assert (fix.latitude, fix.longitude) == (48.9, 2.4)
    assert fix.reported_at == datetime(2026, 11, 23, 18, 42, 20, tzinfo=UTC)


def test_a_car_that_never_says_where_it_is_has_no_fix(connected: Connect, world: World) -> None:
    world.car(world.people["owner@example.org"].accounts[0], "zoe", "X101VE")

    assert connected("zoe").locate(START) is None
    assert world.counts()["location"] == 0


@pytest.mark.parametrize(
    ("code", "endpoint"),
    [
        ("XBG1VE", "pause-resume"),
        ("XBG2VE", "ev-settings"),
        ("R5E1VE", "ev-settings"),
        ("XCB1VE", "charge-start"),
        ("X101VE", "charging-start"),
        ("NEW1VE", "charging-start"),
    ],
)
def test_each_model_starts_in_its_own_way(connected: Connect, world: World, code: str, endpoint: str) -> None:
    car = world.car(world.people["owner@example.org"].accounts[0], "car", code)
    car.manners.starts_on_plug_in = False
    car.plug()

    connected("car").start(START)
    world.advance(MINUTE)

    assert car.charging
    assert world.counts()[endpoint] > 0


@pytest.mark.parametrize("code", ["XBG2VE", "R5E1VE", "XCB1VE"])
def test_a_model_without_a_stop_says_so_in_words(connected: Connect, world: World, code: str) -> None:
    world.car(world.people["owner@example.org"].accounts[0], "car", code)

    for stop in (True, False):
        with pytest.raises(DelciaError) as caught:
            connected("car", stop=stop).stop(START)
        assert (caught.value.slug, caught.value.status) == ("not-for-this-model", Exit.BROKEN)
        assert caught.value.message == "this model has no way of stopping a charge from afar"
        assert caught.value.hint.startswith("see 'delcia models' for what it can; set control: in the plans")


def test_an_old_zoe_can_be_stopped_but_takes_up_the_charge_again(connected: Connect, world: World) -> None:
    zoe = world.car(world.people["owner@example.org"].accounts[0], "zoe", "X101VE")
    zoe.plug()
    world.advance(MINUTE)

    connected("zoe").stop(world.clock.now())
    world.advance(MINUTE)
    assert not _charges(zoe)
    world.advance(5 * MINUTE)
    assert _charges(zoe)


def test_a_petrol_car_is_refused_before_anything_is_asked_of_it(connected: Connect, world: World) -> None:
    world.car(world.people["owner@example.org"].accounts[0], "captur", "XJB1SU")

    with pytest.raises(DelciaError, match="has no plug") as caught:
        connected("captur").start(START)

    assert caught.value.status is Exit.BROKEN
    assert world.counts() == {"getJWT": 1, "details": 1}


def test_a_vehicle_that_login_has_not_bound_asks_for_a_login(connected: Connect) -> None:
    with pytest.raises(DelciaError) as caught:
        connected("other")

    assert (caught.value.slug, caught.value.status) == ("not-bound", Exit.LOGIN)
    assert "'other'" in caught.value.message
    assert "delcia login" in caught.value.hint


def test_closing_twice_is_safe(connected: Connect) -> None:
    car = connected()
    car.read(START)
    car.close()
    car.close()
