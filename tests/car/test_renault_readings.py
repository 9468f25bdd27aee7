"""What the car API may say, and what delcia makes of it; the sources stand in delcia/car/renault/readings.py."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from delcia.car.renault.readings import NEVER, fix, reading
from delcia.core.state import Charge, Plug

NOW = datetime(2026, 11, 23, 18, 41, tzinfo=UTC)
USUAL = {
    "timestamp": "2026-11-23T18:30:00Z",
    "batteryLevel": 50,
    "batteryAutonomy": 110,
    "plugStatus": 1,
    "chargingStatus": 0.0,
}


@pytest.mark.parametrize(
    ("status", "charge"),
    [
        (1.0, Charge.CHARGING),
        (1, Charge.CHARGING),
        ("1.0", Charge.CHARGING),
        (0.0, Charge.IDLE),
        (0.1, Charge.WAITING),
        (0.2, Charge.ENDED),
        (0.3, Charge.WAITING),
        (0.4, Charge.IDLE),
        (-1.0, Charge.ERROR),
        (-1.1, Charge.UNKNOWN),
        (-1.3, Charge.WAITING),
        (-1.4, Charge.IDLE),
        (-1.5, Charge.IDLE),
        (-1.6, Charge.CHARGING),
        (7, Charge.UNKNOWN),
        (None, Charge.UNKNOWN),
        ("", Charge.UNKNOWN),
        (True, Charge.UNKNOWN),
        ([], Charge.UNKNOWN),
        (float("nan"), Charge.UNKNOWN),
    ],
)
def test_each_charging_status_has_its_meaning(status: object, charge: Charge) -> None:
    assert reading({**USUAL, "chargingStatus": status}, "XBG1VE", NOW).charge is charge


def test_the_first_zoe_says_error_when_it_does_nothing() -> None:
    assert reading({**USUAL, "chargingStatus": -1.0}, "X101VE", NOW).charge is Charge.IDLE


@pytest.mark.parametrize(
    ("status", "code", "plug"),
    [
        (1, "XBG1VE", Plug.PLUGGED),
        ("1", "XBG1VE", Plug.PLUGGED),
        (0, "XBG1VE", Plug.UNPLUGGED),
        (3, "XBG1VE", Plug.UNPLUGGED),
        (3, "XBG2VE", Plug.UNPLUGGED),
        (3, "X071VE", Plug.PLUGGED),
        (3, "R5E1VE", Plug.UNKNOWN),
        (3, None, Plug.UNKNOWN),
        (-1, "XBG1VE", Plug.UNKNOWN),
        (-2147483648, "XBG1VE", Plug.UNKNOWN),
        (None, "XBG1VE", Plug.UNKNOWN),
        (2, "XBG1VE", Plug.UNKNOWN),
    ],
)
def test_each_plug_status_has_its_meaning_by_model(status: object, code: str | None, plug: Plug) -> None:
    assert reading({**USUAL, "plugStatus": status}, code, NOW).plug is plug


def test_a_car_that_charges_is_plugged_in_whatever_else_it_says() -> None:
    said = reading({**USUAL, "chargingStatus": 1.0, "plugStatus": 0}, "XBG1VE", NOW)

    assert said.plug is Plug.PLUGGED


@pytest.mark.parametrize(
    ("level", "soc_pct"),
    [(50, 50.0), ("50", 50.0), (0, 0.0), (100, 100.0), (None, None), (101, None), (-1, None), ("", None), (True, None)],
)
def test_a_level_that_is_missing_or_absurd_is_not_zero(level: object, soc_pct: float | None) -> None:
    assert reading({**USUAL, "batteryLevel": level}, "XBG1VE", NOW).soc_pct == soc_pct


@pytest.mark.parametrize(
    ("timestamp", "reported_at"),
    [
        ("2026-11-23T18:30:00Z", datetime(2026, 11, 23, 18, 30, tzinfo=UTC)),
        ("2026-11-23T19:30:00+01:00", datetime(2026, 11, 23, 18, 30, tzinfo=UTC)),
        ("2026-11-23T18:30:00.123Z", datetime(2026, 11, 23, 18, 30, 0, 123000, tzinfo=UTC)),
        ("2026-11-23T18:30:00", datetime(2026, 11, 23, 18, 30, tzinfo=UTC)),
        ("2026-11-24T18:30:00Z", datetime(2026, 11, 24, 18, 30, tzinfo=UTC)),
        ("yesterday", NEVER),
        ("", NEVER),
        (None, NEVER),
        (1764005400, NEVER),
        ("0001-01-01T00:00:00+14:00", NEVER),
    ],
)
def test_a_report_has_the_time_of_the_cars_own_clock(timestamp: object, reported_at: datetime) -> None:
    assert reading({**USUAL, "timestamp": timestamp}, "XBG1VE", NOW).reported_at == reported_at


def test_an_answer_without_a_word_is_a_reading_that_knows_nothing() -> None:
    said = reading({}, None, NOW)

    assert (said.reported_at, said.plug, said.charge, said.soc_pct) == (NEVER, Plug.UNKNOWN, Charge.UNKNOWN, None)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=4,
)


@given(st.fixed_dictionaries(dict.fromkeys(USUAL, ANYTHING)))
def test_no_answer_is_too_odd(attributes: dict[str, Any]) -> None:
    said = reading(attributes, "XBG1VE", NOW)

    assert said.read_at == NOW
    assert said.soc_pct is None or 0 <= said.soc_pct <= 100


@given(st.fixed_dictionaries(dict.fromkeys(("gpsLatitude", "gpsLongitude", "lastUpdateTime"), ANYTHING)))
def test_no_place_is_too_odd(attributes: dict[str, Any]) -> None:
    fix(attributes)


def test_a_fix_has_the_time_of_the_cars_own_clock_as_its_reports_have_though_it_is_hours_ahead() -> None:
    found = fix({"gpsLatitude": 48.9, "gpsLongitude": 2.4, "lastUpdateTime": "2026-11-23T23:30:00Z"})
    assert found is not None
    assert found.reported_at == datetime(2026, 11, 23, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(("latitude", "longitude"), [(91, 181), (0, 0), (None, 2.4), (48.9, None), (48.9, 181)])
def test_a_place_that_cannot_be_is_none(latitude: object, longitude: object) -> None:
    said = {"gpsLatitude": latitude, "gpsLongitude": longitude, "lastUpdateTime": "2026-11-23T18:30:00Z"}

    assert fix(said) is None
