"""A missing level has its own age: what the car said before nobody looked is never taken for what it has now."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.home import Home, home

FREE = "{model: spring-26, hold: false}"
FULL = """\
  nights:
    {vehicle: spring, charger: socket, charge: {to_soc: 100}, when: {windows: ["01:38-06:38"]}, ready_by: "07:00"}
"""


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Home]:
    """Return a home whose car was full yesterday, nobody looked by day, and stands at its socket again with 70 %."""
    with home(tmp_path, vehicle=FREE, plans=FULL, begins="Mon 23:00", soc=0.95) as made:
        made.car.plug()
        made.live("Tue 07:00")
        assert made.memory.soc_reading is not None
        assert made.memory.soc_reading.soc_pct == 100
        made.car.drive(30)
        made.car.manners.starts_on_plug_in = False
        made.car.plug()
        made.live("Tue 23:00")
        yield made


@pytest.mark.parametrize("missing", [1, 2, 4])
def test_a_level_that_the_first_answers_lack_is_asked_for_until_it_is_known(house: Home, missing: int) -> None:
    house.world.fault(endpoint="battery-status", times=missing, missing=["batteryLevel"])
    house.live("Wed 07:00")
    assert 100 * house.car.soc > 98, house.said
    assert house.notices == []


def test_a_level_that_no_answer_has_is_unknown_and_the_car_charges_in_its_window(house: Home) -> None:
    house.world.fault(endpoint="battery-status", times=None, missing=["batteryLevel"])
    house.live("Wed 07:00")
    assert 100 * house.car.soc > 98, house.said


def test_a_level_that_is_missing_at_one_look_of_many_is_still_known(tmp_path: Path) -> None:
    with home(tmp_path, begins="Mon 23:00", soc=0.85) as house:
        house.car.manners.starts_on_plug_in = False
        house.car.plug()
        house.live("Tue 01:20")
        house.world.fault(endpoint="battery-status", times=2, missing=["batteryLevel"])
        house.live("Tue 02:30")
        assert house.orders == []
