"""A car that starts by its settings: what delcia changes in it is the owner's again in the end, whatever happens.

The oracle is the stand-in: what its car's settings are in truth.
"""

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from support.home import Home, home
from support.restraint import busiest_hour

from delcia.runtime.charge import leave
from delcia.store.budget import calls_since

R5 = "{model: r5-52, hold: false, minimum_soc: 0, control: {soc_limit: false}}"
FULL = """\
  nights:
    {vehicle: spring, charger: socket, charge: {to_soc: 100}, when: {windows: ["00:00-20:00"]}}
"""


def programme(kind: str, departure: str, *, on: bool = True) -> dict[str, Any]:
    """Return a programme as the car API has them."""
    return {"programActivationStatus": on, "programType": kind, "programDepartureTime": departure}


PROGRAMMES = [
    programme("CHARGE", "06:30"),
    programme("CHARGE", "16:00", on=False),
    programme("PRECONDITIONING", "07:00"),
]


@contextmanager
def waiting_car(folder: Path, soc: float = 0.85) -> Iterator[Home]:
    """Return a Renault 5 in the evening that waits for its own programme, and is to be full by noon."""
    with home(folder, vehicle=R5, plans=FULL, code="R5E1VE", soc=soc, begins="Mon 20:30") as made:
        made.car.settings.update(programs=copy.deepcopy(PROGRAMMES), chargeModeRq="SCHEDULED")
        made.car.plug()
        yield made


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Home]:
    """Return that home."""
    with waiting_car(tmp_path) as made:
        yield made


@pytest.mark.parametrize(
    "kind", ["CHARGE_AND_PRECONDITIONING", "charge_and_preconditioning", "ChargeAndPreconditioning", "CHARGING", "NEW"]
)
def test_a_programme_that_heats_and_charges_is_off_for_the_charge_and_comes_back(tmp_path: Path, kind: str) -> None:
    with home(tmp_path, vehicle=R5, plans=FULL, code="R5E1VE", soc=0.85, begins="Mon 23:50") as house:
        own = [programme(kind, "06:30"), programme("preconditioning", "07:00")]
        house.car.settings.update(programs=copy.deepcopy(own), chargeModeRq="SCHEDULED")
        house.car.plug()
        house.live("Tue 00:20")
        assert house.car.charging, house.said
        assert [each["programActivationStatus"] for each in programmes(house)] == [False, True]
        house.live("Tue 12:00")
        assert 100 * house.car.soc > 99
        assert programmes(house) == own


def programmes(house: Home) -> list[dict[str, Any]]:
    """Return the car's programmes as they are now."""
    found: list[dict[str, Any]] = house.car.settings["programs"]
    return found


def test_programmes_that_charge_are_off_for_the_charge_and_on_again_after_it(house: Home) -> None:
    house.live("Mon 23:55")
    assert house.orders == []
    assert programmes(house) == PROGRAMMES
    house.live("Tue 00:20")
    assert house.car.charging
    assert [each["programActivationStatus"] for each in programmes(house)] == [False, False, True]
    house.live("Tue 12:00")
    assert house.car.soc == pytest.approx(1)
    assert programmes(house) == PROGRAMMES
    assert house.memory.loans == ()
    assert house.notices == []
    assert busiest_hour(house) <= 20


def test_they_come_back_when_the_car_is_unplugged_in_the_middle(house: Home) -> None:
    house.live("Tue 00:20")
    house.car.unplug()
    house.car.drive(5)
    house.live("Tue 01:00")
    assert programmes(house) == PROGRAMMES
    assert house.memory.loans == ()


def test_what_the_owner_sets_meanwhile_stays(house: Home) -> None:
    house.live("Tue 00:20")
    chosen = [programme("CHARGE", "05:00")]
    house.car.settings["programs"] = copy.deepcopy(chosen)
    house.live("Tue 14:00")
    assert programmes(house) == chosen
    assert house.memory.loans == ()
    assert house.notices == []


def test_an_order_whose_answer_is_lost_changes_nothing_for_good(house: Home) -> None:
    house.live("Mon 23:55")
    house.world.fault(endpoint="ev-settings", method="POST", drop=True, obeyed=True)
    house.live("Tue 12:00")
    assert house.car.soc == pytest.approx(1)
    assert programmes(house) == PROGRAMMES


def test_giving_back_is_tried_again_until_the_car_shows_it(house: Home) -> None:
    house.live("Tue 00:20")
    house.world.fault(endpoint="ev-settings", times=3, status=503)
    house.world.fault(endpoint="ev-settings", method="POST", times=1, drop=True)
    house.live("Tue 14:00")
    assert programmes(house) == PROGRAMMES
    assert house.memory.loans == ()


def test_a_car_that_does_not_start_keeps_its_programmes_and_the_owner_hears_of_it(house: Home) -> None:
    house.car.manners.obeys = False
    house.live("Tue 03:00")
    assert not house.car.charging
    assert programmes(house) == PROGRAMMES
    assert house.notices == ["ignored"]


def test_a_refusal_for_good_is_told_once(house: Home) -> None:
    house.live("Tue 00:20")
    house.car.unplug()
    house.car.drive(5)
    house.world.fault(endpoint="ev-settings", times=None, code="err.func.wired.forbidden", status=403)
    house.live("Tue 06:00")
    assert house.notices == ["not-given-back"]
    house.world.faults.clear()
    house.live("Tue 14:00")
    assert programmes(house) == PROGRAMMES


def test_what_is_lent_is_given_back_when_delcia_leaves_the_car(house: Home) -> None:
    house.live("Tue 00:20")
    assert house.memory.loans != ()
    leave(house.job, house.now)
    assert programmes(house) == PROGRAMMES
    assert house.memory.loans == ()


def test_every_request_counts_against_the_budget(house: Home) -> None:
    house.world.fault(endpoint="battery-status", times=None, status=503)
    house.live("Mon 23:00")
    house.world.live()
    counted = calls_since(house.store, "default", house.now - timedelta(hours=1))
    made = sum(call.at > house.now - timedelta(hours=1) for call in house.world.calls)
    assert made - 3 <= counted <= made + 3
