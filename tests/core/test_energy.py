"""The charging model: its check values, and its closed form against adding up small steps."""

from math import isclose

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from delcia.core.energy import BALANCING_MIN, CONVERTER, TAPER_FLOOR, Curve, charging_minutes, curve, soc_after
from delcia.core.energy import wall_kwh_after as wall_kwh
from delcia.core.model import Battery, Charger

SPRING = Battery(usable_kwh=26.8, ac_1phase_kw=6.6, ac_3phase_kw=0, overhead_kw=0.16)

CURVES = st.builds(
    lambda usable, wall, overhead, factor: Curve(
        usable, wall, max(CONVERTER * wall - overhead, 0.05), overhead, factor
    ),
    st.floats(15, 90),
    st.floats(1.2, 22),
    st.floats(0.1, 0.5),
    st.floats(0.7, 1.5),
)
SOCS = st.integers(0, 100).map(lambda pct: pct / 100)


def stepped(model: Curve, start: float, end: float) -> tuple[float, float]:
    """Return minutes and wall kWh from one SoC to another, by small steps of what the battery takes."""
    soc, minutes, energy, step = start, 0.0, 0.0, 0.0002
    while soc < end - 1e-12:
        gain = min(step, end - soc)
        accepted_kw = model.usable_kwh * (TAPER_FLOOR + 1 - (soc + gain / 2))
        battery_kw = min(model.battery_kw, accepted_kw)
        hours = gain * model.usable_kwh / battery_kw
        wall_kw = model.wall_kw if battery_kw == model.battery_kw else (battery_kw + model.overhead_kw) / CONVERTER
        soc, minutes, energy = soc + gain, minutes + 60 * hours, energy + wall_kw * hours
    return minutes * model.factor, energy * model.factor


@settings(max_examples=40)
@given(CURVES, SOCS, SOCS)
def test_the_closed_form_equals_the_sum_of_small_steps(model: Curve, start: float, end: float) -> None:
    assume(start < end < 0.99)
    minutes, energy = stepped(model, start, end)
    assert isclose(charging_minutes(model, start, end), minutes, rel_tol=2e-3)
    # The overhead is the car's at any power; floor power has no such sum.
    if model.battery_kw > 0.05:
        assert isclose(wall_kwh(model, start, charging_minutes(model, start, end)), energy, rel_tol=2e-3)


@given(CURVES, SOCS, SOCS)
def test_the_soc_after_the_minutes_to_a_soc_is_that_soc(model: Curve, start: float, end: float) -> None:
    assume(start < end)
    assert isclose(soc_after(model, start, charging_minutes(model, start, end)), end, abs_tol=1e-9)


@given(CURVES, SOCS, st.floats(0, 600), st.floats(0, 600))
def test_charging_in_two_parts_is_charging_at_once(model: Curve, start: float, first: float, second: float) -> None:
    middle = soc_after(model, start, first)
    assert start <= middle <= 1
    assert isclose(soc_after(model, middle, second), soc_after(model, start, first + second), abs_tol=1e-9)
    assert wall_kwh(model, start, first) <= wall_kwh(model, start, first + second) + 1e-9


@given(CURVES, SOCS)
def test_nothing_is_needed_when_already_there(model: Curve, soc: float) -> None:
    assert charging_minutes(model, soc, soc) == 0
    assert soc_after(model, soc, 0) == soc
    assert wall_kwh(model, soc, 0) == 0


@given(CURVES)
def test_a_full_battery_balances_for_a_while_and_then_takes_nothing(model: Curve) -> None:
    full = charging_minutes(model, 0.5, 1.0)
    assert isclose(full - charging_minutes(model, 0.5, 1.0 - 1e-9), 0, abs_tol=1e-3)
    assert isclose(wall_kwh(model, 0.5, full), wall_kwh(model, 0.5, full + 600))
    short = wall_kwh(model, 0.5, full - model.factor * BALANCING_MIN)
    assert isclose(
        wall_kwh(model, 0.5, full) - short, model.factor * model.overhead_kw / CONVERTER * BALANCING_MIN / 60
    )


def test_a_single_phase_car_gets_a_third_of_a_three_phase_charger() -> None:
    assert curve(SPRING, Charger("box", 11.0, 3)).wall_kw == pytest.approx(11 / 3)
    assert curve(SPRING, Charger("box", 7.4, 1)).wall_kw == 6.6
    r5 = Battery(52, 7.4, 11, 0.17)
    assert curve(r5, Charger("box", 22.0, 3)).wall_kw == 11
    assert curve(r5, Charger("box", 7.4, 1)).wall_kw == 7.4


def test_a_socket_wastes_the_most() -> None:
    shares = [curve(SPRING, Charger("c", kw)).battery_kw / kw for kw in (1.84, 2.3, 3.7, 6.6)]
    assert shares == sorted(shares)
