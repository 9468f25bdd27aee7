"""Defaults and derived values of a Site; the rest is in tests/plans."""

from decimal import Decimal
from pathlib import Path

import pytest
from support.plans import SMALLEST, loaded

from delcia.core.model import Control, Days, Duration, Home, InBands, InWindows, MonthDays, Once, Site, Span


def site(folder: Path, text: str) -> Site:
    found = loaded(folder, text)
    assert found.site is not None, [problem.text() for problem in found.problems]
    return found.site


def changed(folder: Path, old: str, new: str) -> Site:
    assert old in SMALLEST
    return site(folder, SMALLEST.replace(old, new))


def test_the_smallest_file_says_it_all(tmp_path: Path) -> None:
    found = site(tmp_path, SMALLEST)
    assert found.timezone == "Europe/Paris"
    assert found.home is None
    assert found.accounts["default"].locale == "fr_FR"
    spring = found.vehicles["spring"]
    assert (spring.hold, spring.minimum_soc_pct, spring.account, spring.driver) == (True, 30, "default", "renault")
    assert spring.control == Control(start=True, stop=True, soc_limit=False)
    assert found.chargers["socket"].power_kw == pytest.approx(3.68)
    band = found.tariffs["edf"].bands[0]
    assert (band.name, band.price_per_kwh, band.spans) == (
        "off-peak",
        Decimal("0.1579"),
        (Span(98, 398), Span(758, 878)),
    )
    plan = found.plans["nights"]
    assert (plan.when, plan.ready_by_min, plan.enabled, plan.days) == (InBands("edf", ("off-peak",)), 420, True, Days())
    assert (plan.place.path, plan.place.line, plan.place.column) == ("home.yaml", 13, 3)


def test_hold_is_the_rule_at_a_known_home_for_cars_that_can_be_stopped(tmp_path: Path) -> None:
    text = SMALLEST.replace("hold: true}", "minimum_soc: 30}\n  r5: {model: r5-52}") + "home: {}\n"
    found = site(tmp_path, text)
    assert found.home == Home(300)
    assert (found.vehicles["spring"].hold, found.vehicles["spring"].minimum_soc_pct) == (True, 30)
    assert (found.vehicles["r5"].hold, found.vehicles["r5"].minimum_soc_pct) == (False, None)


def test_without_hold_there_is_no_minimum(tmp_path: Path) -> None:
    assert changed(tmp_path, "hold: true", "hold: false").vehicles["spring"].minimum_soc_pct is None


def test_own_numbers_replace_those_of_the_model(tmp_path: Path) -> None:
    spring = changed(tmp_path, "hold: true", "hold: true, usable_kwh: 24.5").vehicles["spring"]
    assert (spring.battery.usable_kwh, spring.battery.ac_1phase_kw) == (24.5, 6.6)


def test_a_car_that_is_not_known_is_trusted_with_a_start_only(tmp_path: Path) -> None:
    text = SMALLEST.replace("hold: true}", "hold: true}\n  own: {usable_kwh: 20, ac_1phase_kw: 3.7, hold: false}")
    own = site(tmp_path, text).vehicles["own"]
    assert own.model is None
    assert own.control == Control(start=True, stop=False, soc_limit=False)
    assert own.battery.overhead_kw == pytest.approx(0.17)


def test_a_simulated_car_obeys(tmp_path: Path) -> None:
    numbers = "usable_kwh: 20, ac_1phase_kw: 3.7, driver: simulated"
    spring = changed(tmp_path, "model: spring-26", numbers).vehicles["spring"]
    assert (spring.driver, spring.control.stop) == ("simulated", True)


def test_control_overrides_the_table_of_models_key_by_key(tmp_path: Path) -> None:
    text = SMALLEST.replace("hold: true}", "hold: true}\n  zoe: {model: zoe-52, hold: true, control: {stop: true}}")
    assert site(tmp_path, text).vehicles["zoe"].control == Control(start=True, stop=True, soc_limit=False)


@pytest.mark.parametrize(
    ("written", "power_kw", "phases"),
    [
        ("amps: 10", 2.3, 1),
        ("amps: 16, phases: 3", 11.04, 3),
        ("amps: 16, volts: 120", 1.92, 1),
        ("power_kw: 3.7", 3.7, 1),
        ("power_kw: 11, phases: 3", 11.0, 3),
    ],
)
def test_the_power_of_a_charger(tmp_path: Path, written: str, power_kw: float, phases: int) -> None:
    socket = changed(tmp_path, "amps: 16", written).chargers["socket"]
    assert socket.power_kw == pytest.approx(power_kw)
    assert socket.phases == phases


def test_one_account_is_everybody_s(tmp_path: Path) -> None:
    assert site(tmp_path, SMALLEST + "accounts: {family: {locale: de_DE}}\n").vehicles["spring"].account == "family"


def test_bands_of_the_cheapest_price_are_meant_when_none_is_named(tmp_path: Path) -> None:
    more = "      - {name: weekend, days: [sat-sun], price: 0.15790}\n      - {name: peak"
    found = changed(tmp_path, "      - {name: peak", more)
    assert found.plans["nights"].when == InBands("edf", ("off-peak", "weekend"))


@pytest.mark.parametrize(
    ("written", "minutes"), [("2.5", 150), ("2h30", 150), ("3", 180), ("0h20", 20), ("24", 1440), ("0.33", 20)]
)
def test_hours_in_both_forms(tmp_path: Path, written: str, minutes: int) -> None:
    found = changed(tmp_path, "to_soc: 80", f"hours: {written}")
    assert found.plans["nights"].target == Duration(minutes)


@pytest.mark.parametrize(
    ("written", "weekdays"),
    [
        ("[mon-fri]", (0, 1, 2, 3, 4)),
        ("[sat-mon]", (0, 5, 6)),
        ("[sun-sat]", (0, 1, 2, 3, 4, 5, 6)),
        ("[wed-wed, fri]", (2, 4)),
        ("[mon-sun], except: [sat-sun]", (0, 1, 2, 3, 4)),
    ],
)
def test_days_and_their_exceptions(tmp_path: Path, written: str, weekdays: tuple[int, ...]) -> None:
    found = changed(tmp_path, ', ready_by: "07:00"', f", days: {written}")
    assert found.plans["nights"].days.weekdays == weekdays


def test_a_season_may_wrap_the_year_and_end_on_a_leap_day(tmp_path: Path) -> None:
    found = changed(tmp_path, ', ready_by: "07:00"', ', season: ["11-01", "02-29"]')
    assert found.plans["nights"].days.season == MonthDays((11, 1), (2, 29))


@pytest.mark.parametrize(
    ("written", "span"),
    [
        ("22:00-06:00", (1320, 1800)),
        ("00:00-24:00", (0, 1440)),
        ("22:00-24:00", (1320, 1440)),
        ("22:00-00:00", (1320, 1440)),
    ],
)
def test_spans_over_midnight_and_to_its_very_end(tmp_path: Path, written: str, span: tuple[int, int]) -> None:
    found = changed(tmp_path, "{tariff: edf}", f"{{windows: [{written}]}}")
    assert found.plans["nights"].when == InWindows((Span(*span),))


def test_until_may_be_the_next_such_time(tmp_path: Path) -> None:
    found = changed(tmp_path, "{tariff: edf}", '{once: 2026-12-31 22:00, until: "06:00"}')
    when = found.plans["nights"].when
    assert isinstance(when, Once)
    assert (str(when.begins), str(when.ends)) == ("2026-12-31 22:00:00", "2027-01-01 06:00:00")


@pytest.mark.parametrize(
    ("numbers", "minimum_pct"),
    [
        ("model: spring-26", 30),  # 8 of 26.8 kWh are 29.9 %
        ("model: zoe-52", 20),  # 8 of 52 kWh are 15.4 %
        ("usable_kwh: 41, ac_1phase_kw: 7.4", 20),  # 8 of 41 kWh are 19.5 %
        ("usable_kwh: 40, ac_1phase_kw: 7.4", 20),
        ("usable_kwh: 32, ac_1phase_kw: 7.4", 25),
        ("usable_kwh: 9.8, ac_1phase_kw: 3.7", 50),  # a plug-in hybrid: 8 kWh would be 82 %
    ],
)
def test_a_held_car_keeps_8_kwh_unless_its_owner_says_otherwise(numbers: str, minimum_pct: int, tmp_path: Path) -> None:
    control = "control: {stop: true}"
    found = changed(tmp_path, "model: spring-26, hold: true", f"{numbers}, {control}, hold: true")
    assert found.vehicles["spring"].minimum_soc_pct == minimum_pct
    found = changed(tmp_path, "model: spring-26, hold: true", f"{numbers}, {control}, hold: true, minimum_soc: 10")
    assert found.vehicles["spring"].minimum_soc_pct == 10


def test_a_car_that_tells_no_place_is_held_anywhere(tmp_path: Path) -> None:
    spring = changed(tmp_path, "hold: true", "hold: anywhere").vehicles["spring"]
    assert (spring.hold, spring.hold_anywhere, spring.minimum_soc_pct) == (True, True, 30)
    spring = changed(tmp_path, "hold: true", "hold: true").vehicles["spring"]
    assert (spring.hold, spring.hold_anywhere) == (True, False)


@pytest.mark.parametrize(
    ("said", "message", "hint"),
    [
        ("everywhere", "'hold' must be true, false or anywhere, not 'everywhere'", "did you mean 'anywhere'?"),
        ("yes", "'hold' must be true, false or anywhere, not 'yes'", "write true"),
        ("1", "'hold' wants true, false or anywhere, not '1'", "write such as hold: true"),
        ("", "'hold' has no value", "write such as hold: true"),
        ("[true]", "'hold' wants true, false or anywhere, not a list", "write such as hold: true"),
    ],
)
def test_a_word_that_hold_cannot_be_is_refused_with_those_that_it_can(
    said: str, message: str, hint: str, tmp_path: Path
) -> None:
    found = loaded(tmp_path, SMALLEST.replace("hold: true", f"hold: {said}"))
    assert [(problem.message, problem.hint) for problem in found.problems] == [(message, hint)]
