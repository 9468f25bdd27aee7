"""A car that no order stops, at a charger that the host switches; and one at a charger that has power in some hours."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from support.home import Home, home
from support.restraint import busiest_hour

from delcia.errors import DelciaError, Exit
from delcia.runtime.asking import pause
from delcia.runtime.charge import leave

CHARGERS = """\
  box: {amps: 10, commands: wallbox}
  relay: {amps: 10, supply: {tariff: edf, bands: [off-peak]}}
"""
PLAN = """\
  nights:
    {vehicle: spring, charger: %s, charge: {to_soc: %d}, when: {tariff: edf, bands: [off-peak]}, ready_by: "07:00"}
"""
ZOE = "{model: zoe-52, hold: true}"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Home]:
    """Return the home of a Zoe that heeds no stop, at a box that does, plugged in at 18:30."""
    with home(tmp_path, vehicle=ZOE, plans=PLAN % ("box", 80), chargers=CHARGERS, code="X102VE", soc=0.72) as made:
        made.world.go_to(made.now)
        made.car.plug()
        yield made


def test_the_box_holds_starts_and_stops_and_has_power_again_when_the_car_has_left(house: Home) -> None:
    house.live("Tue 07:00")
    assert 80 <= 100 * house.car.soc < 81
    assert [said.split()[3] for said in house.switched] == ["off", "on", "off"]
    assert house.switched[1] == "Tue 01:38 wallbox on"
    assert {order.split()[2] for order in house.orders} == {"start"}
    assert not house.car.supplied
    house.car.unplug()
    house.car.drive(10)
    house.live("Tue 07:30")
    assert house.switched[-1].endswith("wallbox on")
    assert house.memory.loans == ()
    assert house.notices == []


def test_a_box_that_fails_is_told_and_tried_again(house: Home) -> None:
    house.box_fails = DelciaError("it failed", slug="charger-failed", status=Exit.UNAVAILABLE)
    house.live("Mon 19:00")
    assert house.notices == ["charger-failed"]
    assert house.car.charging
    house.box_fails = None
    house.live("Mon 19:10")
    assert house.switched[-1].endswith("off")
    assert not house.world.cars["spring"].charging


def test_a_box_that_fails_to_switch_on_has_power_again_when_the_car_has_left(house: Home) -> None:
    house.live("Tue 01:30")
    assert house.switched[-1].endswith("off")
    house.box_fails = DelciaError("it failed", slug="charger-failed", status=Exit.UNAVAILABLE)
    house.live("Tue 06:45")
    house.box_fails = None
    house.car.unplug()
    house.car.drive(10)
    house.live("Tue 07:30")
    assert house.car.supplied
    assert house.memory.loans == ()


QUOTA = {"code": "err.func.wired.overloaded", "status": 500}


@pytest.mark.parametrize("fault", [{"drop": True}, {"code": 403013, "endpoint": "getJWT"}, QUOTA], ids=str)
@pytest.mark.parametrize("car", ["X102VE", "X071VE"])
def test_a_box_gives_power_in_the_window_though_the_car_cannot_be_asked(
    tmp_path: Path, car: str, fault: dict[str, Any]
) -> None:
    vehicle = {"X102VE": ZOE, "X071VE": "{model: twingo-22, hold: true, control: {start: false}}"}[car]
    with home(tmp_path, vehicle=vehicle, plans=PLAN % ("box", 80), chargers=CHARGERS, code=car, soc=0.6) as house:
        house.car.plug()
        house.live("Mon 23:00")
        assert not house.car.supplied
        house.world.people["owner@example.org"].revoke_jwts()
        house.world.fault(times=None, **fault)
        house.live("Tue 06:30")
        assert house.switched[1] == "Tue 01:38 wallbox on"
        assert {said.split()[3] for said in house.switched[1:]} == {"on"}
        assert house.car.soc > 0.75
        assert busiest_hour(house) <= 60
        assert {int(outcome.status) for _, outcome in house.outcomes} > {0}, "and it is trouble all the same"


REFUSED = {"code": "err.func.wired.forbidden", "status": 403, "endpoint": "charging-start"}


@pytest.mark.parametrize("fault", [QUOTA, REFUSED], ids=["quota", "start refused"])
def test_a_charge_that_began_by_the_power_alone_is_delcias_to_end(house: Home, fault: dict[str, Any]) -> None:
    house.live("Tue 01:30")
    assert not house.car.supplied
    house.world.fault(times=None, **fault)
    house.live("Tue 01:50")
    assert house.car.charging
    house.world.faults.clear()
    house.live("Tue 07:00")
    assert 80 <= 100 * house.car.soc < 81
    assert not house.car.supplied


def test_what_is_let_go_by_the_power_alone_is_started_once_the_car_can_be_asked(house: Home) -> None:
    house.live("Mon 20:00")
    house.car.manners.wake_s = 86_400.0
    house.site = replace(house.site, vehicles={"spring": replace(house.site.vehicles["spring"], hold=False)})
    house.world.fault(times=None, **QUOTA)
    pause(house.job, house.now)
    house.live("Mon 20:10")
    assert house.car.supplied
    assert not house.car.charging
    house.world.faults.clear()
    house.live("Mon 21:30")
    assert house.car.charging


def test_a_box_that_began_a_charge_ends_it_with_the_window_though_the_car_was_never_asked(tmp_path: Path) -> None:
    car = "{model: twingo-22, hold: true, control: {start: false, stop: false}}"
    with home(tmp_path, vehicle=car, plans=PLAN % ("box", 100), chargers=CHARGERS, code="X071VE", soc=0.2) as house:
        house.car.plug()
        house.live("Mon 23:00")
        house.world.people["owner@example.org"].revoke_login()
        house.world.people["owner@example.org"].revoke_jwts()
        house.live("Tue 08:00")
        assert [said[:9] for said in house.switched[1:]] == ["Tue 01:38", "Tue 06:38"]
        assert not house.car.supplied


def test_a_box_ends_the_charge_though_the_car_cannot_be_asked(house: Home) -> None:
    house.live("Tue 02:00")
    assert house.car.charging
    house.world.people["owner@example.org"].revoke_login()
    house.world.people["owner@example.org"].revoke_jwts()
    house.live("Tue 07:00")
    assert 80 <= 100 * house.car.soc < 83
    assert not house.car.supplied
    assert house.notices == ["login-expired"]


def test_a_box_that_is_gone_for_good_keeps_no_limit_from_the_car_nor_from_its_owner(tmp_path: Path) -> None:
    r5, plans = "{model: r5-52, hold: true}", PLAN % ("box", 80)
    with home(tmp_path, vehicle=r5, plans=plans, chargers=CHARGERS, code="R5E1VE", soc=0.7) as house:
        house.car.plug()
        house.live("Mon 19:00")
        assert [loan.what for loan in house.memory.loans] == ["power"]
        nights = replace(house.site.plans["nights"], charger="socket")
        spring = replace(house.site.vehicles["spring"], hold=False)
        house.site = replace(house.site, plans={"nights": nights}, vehicles={"spring": spring})
        house.box_fails = DelciaError("not known here", slug="no-commands", status=Exit.BROKEN)
        house.car.power(on=True)
        house.car.drive(10)
        house.live("Mon 19:30")
        house.car.plug()
        house.live("Mon 20:30")
        assert house.car.soc_target_pct == 80
        house.car.drive(10)
        house.live("Mon 21:30")
        assert house.car.soc_target_pct == 100
        assert [loan.what for loan in house.memory.loans] == ["power"]


@pytest.mark.parametrize("gone", [True, False], ids=["login gone", "login good"])
def test_who_leaves_a_car_that_is_held_gives_the_box_power(house: Home, *, gone: bool) -> None:
    house.live("Tue 01:00")
    if gone:
        house.world.people["owner@example.org"].revoke_login()
        house.world.people["owner@example.org"].revoke_jwts()
    house.site = replace(house.site, plans={})
    leave(house.job, house.now)
    assert house.car.supplied
    assert house.memory.loans == ()


def test_a_box_that_says_yes_and_does_nothing_is_found_out(house: Home) -> None:
    house.live("Mon 18:04")
    car = house.car
    car.power = lambda **_: None  # type: ignore[method-assign] # a box that has a life of its own
    house.live("Mon 20:00")
    assert house.notices == ["ignored"]
    assert len(house.switched) == 3


def test_a_box_with_power_in_the_bands_only_needs_no_order(tmp_path: Path) -> None:
    relay = "{model: zoe-52, hold: false, control: {start: false}}"
    with home(tmp_path, vehicle=relay, plans=PLAN % ("relay", 100), chargers=CHARGERS, code="X102VE") as house:
        house.car.power(on=False)
        house.car.plug()
        house.live("Tue 01:37")
        house.car.power(on=True)
        house.car.order("start")
        house.car.orders.clear()
        house.live("Tue 06:38")
        house.car.power(on=False)
        house.live("Tue 08:00")
        assert house.car.orders == []
        assert house.notices == []
        assert house.car.soc > 0.6
        assert any("charging until" in said for said in house.said)
