"""Cars that sleep, say too little, or start in one of two ways."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.home import HOME, PARIS, Home, home

FULL = """\
  nights:
    {vehicle: spring, charger: socket, charge: {to_soc: 100}, when: {tariff: edf, bands: [off-peak]}}
"""


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Home]:
    """Return a home whose car waits for delcia's word."""
    with home(tmp_path, more=HOME, vehicle="{model: spring-26, hold: false}") as made:
        made.car.manners.starts_on_plug_in = False
        yield made


def test_a_car_that_sleeps_plugged_in_and_says_unplugged_is_woken_once_and_charges(house: Home) -> None:
    house.live("Mon 18:10")
    house.car.manners.asleep = True
    house.car.plug()
    house.live("Tue 06:38")
    assert house.world.counts()["refresh"] == 1
    assert house.car.soc > 0.75
    assert house.notices == []


def test_a_car_that_is_plugged_in_late_and_sleeps_is_found_while_there_is_time_to_charge_it(house: Home) -> None:
    house.live("Tue 02:05")
    assert house.world.counts()["refresh"] == 1, "as the window opened"
    house.car.manners.asleep = True
    house.car.plug()
    house.live("Tue 03:00")
    assert house.car.charging
    assert house.world.counts()["refresh"] == 2, "an hour later, for the night has no hour to spare"


def test_a_car_that_is_not_there_all_night_is_asked_to_report_more_often_as_time_runs_out(house: Home) -> None:
    house.car.soc = 0.7
    house.car.drive(0)
    house.live("Tue 08:00")
    wakes = [call.at for call in house.calls("refresh")]
    assert [f"{wake.astimezone(PARIS):%H:%M}" for wake in wakes] == ["01:40", "02:10", "03:45", "04:45", "05:45"]


def test_an_unanswered_command_is_followed_by_a_wake_up_before_it_is_sent_again(house: Home) -> None:
    house.car.plug()
    house.live("Tue 01:30")
    house.car.manners.obeys, house.car.manners.silent = False, True
    house.live("Tue 04:00")
    starts = [call.at for call in house.calls("pause-resume")]
    wakes = [call.at for call in house.calls("refresh")]
    assert len(starts) == 5, "on through the window, at growing distance"
    assert len(wakes) in range(2, 6)
    assert starts[0] < wakes[0] < starts[1] < wakes[1] < starts[2]
    assert house.notices == ["ignored"]


def test_a_car_without_a_status_is_seen_charging_by_its_soc(house: Home) -> None:
    house.world.fault(endpoint="battery-status", times=None, missing=["chargingStatus"])
    house.car.plug()
    house.live("Tue 03:00")
    assert house.memory.session is not None
    assert len(house.orders) == 1
    assert house.memory.command is not None
    assert house.memory.command.confirmed_at is not None


def test_a_second_zoe_that_ignores_the_first_way_is_started_in_the_other(tmp_path: Path) -> None:
    with home(tmp_path, vehicle="{model: zoe-52, hold: false}", plans=FULL, code="X102VE") as house:
        house.car.manners.starts_on_plug_in = False
        house.car.plug()
        house.world.fault(endpoint="charging-start", times=None, body="{}")
        house.live("Tue 03:00")
        counts = house.world.counts()
        assert (counts["charging-start"], counts["charge-start"]) == (1, 1)
        assert house.car.charging


def test_the_other_way_is_not_taken_where_it_would_empty_the_owners_schedules(tmp_path: Path) -> None:
    with home(tmp_path, vehicle="{model: zoe-52, hold: false}", plans=FULL, code="X102VE") as house:
        house.car.manners.starts_on_plug_in = False
        house.car.plug()
        house.world.fault(endpoint="charging-settings", times=None, fields={"schedules": [{"id": 1}]})
        house.world.fault(endpoint="charging-start", times=None, body="{}")
        house.live("Tue 03:00")
        assert house.world.counts()["charge-start"] == 0
        assert house.notices == ["ignored"]
