"""The car's own list of charges, through the real client, in the life of a home: once a day, and never in the way."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from support.home import Home, at, home

from delcia.car.protocol import ListsCharges
from delcia.core.listed import ListedCharge
from delcia.core.sessions import PastSession
from delcia.store.budget import count_call
from delcia.store.sessions import sessions_between

WEEK = (at("Mon 00:00") - timedelta(days=9), at("Sun 23:59"))


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Home]:
    """Return a home whose car had one charge, away, before delcia saw it."""
    with home(tmp_path, soc=0.3, begins="Mon 18:00") as made:
        began = at("Mon 12:00")
        made.world.cars["spring"].charges = [
            _entry("Mon 12:00", 26, start=20, end=60, kwh=10.7),  # at 25 kW
            _entry("Mon 16:00", 1, start=60, end=60, kwh=0.0),
            {"chargeStartDate": began.isoformat(), "chargeDuration": 7182},  # one without an end
            {"chargeStartDate": "?", "chargeEndDate": None},
        ]
        yield made


def _entry(begins: str, minutes: int, *, start: int | None, end: int, kwh: float) -> dict[str, object]:
    began = at(begins)
    found: dict[str, object] = {
        "chargeStartDate": began.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "chargeEndDate": (began + timedelta(minutes=minutes)).isoformat(),
        "chargeDuration": 60 * minutes,
        "chargeStartBatteryLevel": start,
        "chargeEndBatteryLevel": end,
        "chargeEnergyRecovered": kwh,
        "chargeEndStatus": "error",
    }
    return {name: value for name, value in found.items() if value is not None}


def sessions(house: Home) -> list[PastSession]:
    """Return the log."""
    return list(sessions_between(house.store, "spring", *WEEK))


def test_the_client_reads_the_list_by_its_two_times_alone(house: Home) -> None:
    car = house.job.open_car()
    assert isinstance(car, ListsCharges)
    listed = car.charges(at("Mon 00:00"), house.now)
    car.close()
    assert listed == (
        ListedCharge(at("Mon 16:00"), at("Mon 16:01"), 60, 60, None),
        ListedCharge(at("Mon 12:00"), at("Mon 12:26"), 20, 60, 10.7),
    )


def test_the_list_is_asked_for_once_a_day_and_doubles_nothing_that_delcia_saw(house: Home) -> None:
    house.car.plug()
    house.live("Tue 18:50")
    assert len(house.calls("charges")) == 2, "when the car was first read, and 20 hours later"
    (away, *seen) = sessions(house)
    assert (away.source, away.charger, away.plan, away.energy_battery_kwh) == ("car", None, None, 10.7)
    assert seen
    house.car.unplug()
    house.live("Wed 19:20")
    assert len(house.calls("charges")) == 3
    assert [item.began_at for item in sessions(house)] == [item.began_at for item in (away, *seen)]
    assert [item.source for item in sessions(house)] == ["car", *("both" for _ in seen)]


def test_a_refusal_is_remembered_and_the_run_has_gone_well(house: Home) -> None:
    house.world.fault(endpoint="charges", code="err.func.wired.forbidden", times=None)
    house.car.plug()
    house.live("Wed 20:00")
    assert len(house.calls("charges")) == 1
    assert house.memory.list_refused
    assert {outcome.error for _, outcome in house.outcomes} == {None}


@pytest.mark.parametrize("fault", [{"html": True, "status": 502}, {"body": "[]"}, {"fields": {"charges": "odd"}}])
def test_trouble_with_the_list_costs_one_call_and_nothing_else(house: Home, fault: dict[str, object]) -> None:
    house.world.fault(endpoint="charges", times=None, **fault)
    house.car.plug()
    house.live("Mon 18:30")
    assert len(house.calls("charges")) == 1
    assert not house.memory.list_refused
    assert {outcome.error for _, outcome in house.outcomes} == {None}


def test_the_list_is_not_asked_for_when_calls_are_short(house: Home) -> None:
    for _ in range(25):
        count_call(house.store, "default", house.now, "read")
    house.car.plug()
    house.look()
    assert house.calls("battery-status")
    assert not house.calls("charges")
