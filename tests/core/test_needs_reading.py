"""When the car is asked: in windows, while a command is awaited, and while there is something to end; else never."""

from dataclasses import replace
from datetime import datetime

import pytest
from support.small_site import SPRING, plan, site

from delcia.core.clock import zone
from delcia.core.model import Site, Vehicle
from delcia.core.state import Charge, Command, Memory, Owner, Plug, Reading, Session
from delcia.core.watching import needs_reading

FREE = replace(SPRING, hold=False, minimum_soc_pct=None)


def _at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-24T{text}:00").replace(tzinfo=zone("Europe/Paris")).astimezone(zone("UTC"))


def _asks(memory: Memory, now: str, vehicle: Vehicle = FREE) -> str:
    house: Site = replace(site(plan()), vehicles={"spring": vehicle})
    return needs_reading(house, vehicle, memory, _at(now))


def _read(now: str, *, soc_pct: float = 80, plug: Plug = Plug.PLUGGED, charge: Charge = Charge.IDLE) -> Memory:
    reading = Reading(_at(now), _at(now), plug, charge, soc_pct)
    return Memory(reading=reading, soc_reading=reading)


@pytest.mark.parametrize("now", ["00:00", "01:27", "06:38", "09:00", "12:00", "20:00"])
def test_without_hold_nobody_asks_outside_the_windows(now: str) -> None:
    assert _asks(_read("00:00"), now) == ""
    assert _asks(Memory(), now) == ""


@pytest.mark.parametrize("soc_pct", [30, 80, 100])
def test_the_soc_of_the_day_before_decides_no_night(soc_pct: float) -> None:
    assert _asks(_read("00:00", soc_pct=soc_pct), "01:30") == "window"
    assert _asks(_read("00:00", soc_pct=soc_pct), "04:00") == "window"


def test_a_car_seen_at_its_target_is_left_alone_for_the_rest_of_the_window() -> None:
    assert _asks(_read("01:30"), "04:00") == ""
    assert _asks(_read("03:00"), "04:00") == ""


def test_a_car_that_is_away_may_come_as_long_as_the_window_is_open() -> None:
    away = _read("01:38", plug=Plug.UNPLUGGED)
    assert _asks(away, "01:45") == ""
    assert _asks(away, "01:48") == "window"
    assert _asks(away, "06:38") == ""


@pytest.mark.parametrize(
    ("owner", "reason", "asked"),
    [
        (Owner.DELCIA, "window", "window"),
        (Owner.PERSON, "boost", "window"),
        (Owner.CAR, "self-resume", "window"),
        (Owner.CAR, "plug-in", ""),
        (Owner.PERSON, "after-stop", ""),
    ],
)
def test_a_charge_is_followed_only_while_there_is_something_to_end(owner: Owner, reason: str, asked: str) -> None:
    memory = _read("07:00", charge=Charge.CHARGING)
    assert _asks(replace(memory, session=Session(owner, _at("06:00"), 50, reason)), "07:10") == asked


def test_a_command_is_awaited_for_half_an_hour_and_no_longer() -> None:
    memory = replace(_read("14:00", plug=Plug.UNPLUGGED), command=Command("start", _at("14:00"), "window"))
    assert _asks(memory, "14:05") == "confirmation"
    assert _asks(memory, "14:25") == "confirmation"
    assert _asks(memory, "14:40") == ""
    assert _asks(memory, "20:00") == ""


def test_a_second_look_is_for_holding_and_for_reports_of_which_nobody_knows_how_old_they_are() -> None:
    seen = replace(_read("19:00", charge=Charge.CHARGING), session=Session(Owner.CAR, _at("19:00"), 50, "plug-in"))
    assert _asks(seen, "19:05", SPRING) == ""
    assert seen.reading is not None
    unsure = replace(seen, reading=replace(seen.reading, unsure=True))
    assert _asks(unsure, "19:05", SPRING) == "second look"
    assert _asks(unsure, "19:05") == ""
    frozen = replace(unsure, reading=replace(seen.reading, unsure=True, read_at=_at("19:30"), heard_at=_at("19:00")))
    assert _asks(frozen, "19:35", SPRING) == ""
    assert _asks(frozen, "19:40", SPRING) == "watched"


def test_a_level_that_cannot_be_and_a_plug_that_may_be_out_are_looked_at_once_more() -> None:
    seen = _read("19:00")
    assert _asks(replace(seen, doubted=seen.reading), "19:05", SPRING) == "second look"
    assert _asks(replace(seen, unplugged_at=_at("19:00")), "19:05", SPRING) == "second look"


def test_a_car_that_stands_stopped_is_asked_every_half_hour() -> None:
    held = replace(_read("19:00"), stop_confirmed_at=_at("18:40"), plugged_since=_at("18:30"))
    assert _asks(held, "19:10", SPRING) == ""
    assert _asks(held, "19:30", SPRING) == "watched"
    assert _asks(replace(held, stop_confirmed_at=None), "19:10", SPRING) == "watched"
