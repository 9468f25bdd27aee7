"""The SoC of this moment, from the last level that the car told: carried through its charge, and no further."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from support.small_site import SPRING, plan, site

from delcia.core.energy import soc_after
from delcia.core.slots import curve_of
from delcia.core.state import Charge, Memory, Owner, Plug, Reading, Session
from delcia.core.wishes import soc_now

SITE = site(plan())
HOUR = curve_of(SITE, plan())
"""Charging at the socket."""


def _at(hour: float) -> datetime:
    """Return an instant in hours after 18:00 UTC."""
    return datetime.fromtimestamp(datetime(2026, 11, 23, 18, tzinfo=UTC).timestamp() + 3600 * hour, UTC)


def _told(hour: float, charge: Charge, soc_pct: float = 50) -> Memory:
    reading = Reading(_at(hour), _at(hour), Plug.PLUGGED, charge, soc_pct)
    return Memory(reading=reading, soc_reading=reading, plugged_since=_at(0))


def _session(hour: float) -> Session:
    return Session(Owner.DELCIA, _at(hour), 50, "window")


def _gained(hours: float) -> float:
    return 100 * soc_after(HOUR, 0.5, 60 * hours) - 50


def _soc(memory: Memory, hour: float) -> tuple[float, str]:
    soc_pct, _, basis = soc_now(SITE, SPRING, memory, _at(hour))
    return round(soc_pct, 3), basis


def test_a_car_at_rest_keeps_the_level_it_told() -> None:
    assert _soc(_told(0, Charge.IDLE), 10) == (50, "reading")


def test_a_charge_is_carried_from_the_level_told_in_it() -> None:
    memory = replace(_told(1, Charge.CHARGING), session=_session(0))
    assert _soc(memory, 3) == (round(50 + _gained(2), 3), "carried")
    assert _soc(memory, 1) == (50, "reading")


def test_a_charge_is_carried_from_its_beginning_when_the_level_was_told_before() -> None:
    memory = replace(_told(0, Charge.IDLE), session=_session(7))
    assert _soc(memory, 8) == (round(50 + _gained(1), 3), "carried")


@pytest.mark.parametrize("hour", [2, 12])
def test_a_stop_without_a_level_leaves_what_was_charged_until_then(hour: float) -> None:
    memory = replace(_told(1, Charge.CHARGING), stop_confirmed_at=_at(2))
    assert _soc(memory, hour) == (round(50 + _gained(1), 3), "carried")


def test_hours_at_rest_between_two_charges_add_nothing_when_no_level_is_told() -> None:
    memory = replace(_told(1, Charge.CHARGING), stop_confirmed_at=_at(1.5), session=_session(9))
    assert _soc(memory, 10) == (round(50 + _gained(1.5), 3), "carried")


def test_a_level_told_after_the_stop_is_believed() -> None:
    assert _soc(replace(_told(3, Charge.IDLE, 57), stop_confirmed_at=_at(2)), 12) == (57, "reading")


def test_a_car_that_never_told_a_level_is_assumed_to_have_one() -> None:
    assert _soc(Memory(), 0)[1] == "assumed"
