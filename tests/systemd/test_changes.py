"""The owner changes the plans while the car charges."""

from datetime import UTC, datetime, timedelta

import pytest
from support.house import HELD, PLANS, House, plan

EVENING = datetime(2026, 11, 23, 22, 0, tzinfo=UTC)
START = EVENING + timedelta(hours=1)
END = START + timedelta(hours=5)


@pytest.fixture
def charging(own_house: House) -> House:
    """Return a house in which the car has been charging for 20 minutes, from 60 %."""
    own_house.go_to(EVENING)
    own_house.world.cars["spring"].soc = 0.6
    own_house.car.manners.starts_on_plug_in = False
    own_house.car.plug()
    own_house.apply(plan("nights", START, END))
    own_house.go_to(START)
    own_house.tick("delcia-plan-nights.service")
    own_house.live(20, every_min=10)
    assert own_house.car.charging
    return own_house


def test_a_lower_target_stops_the_car_there(charging: House) -> None:
    charging.apply(plan("nights", START, END, to_soc=65))
    charging.live(60)
    assert charging.orders == ["start", "stop"]
    assert 0.65 <= charging.car.soc < 0.67  # a point that the car does not show yet, and a tick


def test_a_window_moved_away_stops_the_car_and_starts_it_again(charging: House) -> None:
    charging.apply(plan("nights", START + timedelta(hours=2), END))
    charging.live(15)
    assert charging.orders == ["start", "stop"]
    charging.live(120, every_min=15)
    assert charging.orders == ["start", "stop", "start"]
    assert charging.car.charging


@pytest.mark.parametrize("how", ["disable", "remove"])
def test_a_plan_that_goes_takes_its_timer_along_and_its_charge_ends(charging: House, how: str) -> None:
    rest = plan("mornings", START + timedelta(hours=9), END + timedelta(hours=9))
    charging.apply(rest, *([plan("nights", START, END, more=", enabled: false")] if how == "disable" else []))
    assert "delcia-plan-nights" not in timers(charging)
    charging.live(15)
    assert charging.orders == ["start", "stop"]
    assert not charging.car.charging


def test_remove_takes_everything_off_the_host_and_lets_the_car_charge(charging: House) -> None:
    charging.delcia("remove", "--yes")
    assert "delcia" not in timers(charging)
    assert charging.machine.run(["systemctl", "list-units", "--failed", "--plain", "--no-legend"]).stdout == ""
    left = charging.machine.run(
        ["sh", "-c", "ls -d /etc/systemd/system/*delcia* | grep -v '[.]d$'"], check=False
    ).stdout
    assert left == ""
    charging.go_to(END)
    assert charging.orders == ["start"]
    assert charging.car.charging


@pytest.mark.parametrize("how", ["remove", "disable"])
def test_a_car_that_was_held_may_charge_when_nothing_holds_it_any_more(own_house: House, how: str) -> None:
    own_house.go_to(EVENING - timedelta(hours=3))
    own_house.world.cars["spring"].soc = 0.6
    own_house.apply(plan("nights", START, END))
    own_house.car.plug()
    own_house.live(30)
    assert own_house.orders == HELD
    if how == "remove":
        own_house.delcia("remove", "--yes")
    else:
        own_house.write(plan("nights", START, END, more=", enabled: false"))
        own_house.delcia("apply", PLANS, "--yes", "--allow-empty")
    own_house.go_to(EVENING)
    assert own_house.orders == [*HELD, "start"]
    assert own_house.car.charging


def timers(house: House) -> str:
    """Return what systemd lists of delcia's timers."""
    return house.machine.run(["systemctl", "list-timers", "--all", "--no-legend", "delcia-*"]).stdout
