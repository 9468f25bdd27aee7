"""Simulated weeks: the ticks of the timers, what they come to, and nothing charged that no plan wants."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from support.small_site import EDF, SOCKET, SPRING, band, plan, site, span, tariff
from support.stories import NIGHTS, at, between, plugged_in

from delcia.car.simulation import Charged, Condition, Daily, Event, Habits, Life
from delcia.core.energy import charging_minutes, curve, wall_kwh_after
from delcia.core.intervals import Interval
from delcia.core.model import Band, Charger, Days, InWindows, Site, StartAt, Supply, Tariff, ToSoc
from delcia.core.windows import windows_of
from delcia.runtime.billing import bill, joined
from delcia.runtime.simulate import Simulated, simulate, ticks

HOME = site(NIGHTS)
SUNDAYS = Days(weekdays=(6,))
MINUTE = timedelta(minutes=1)
WEEK = timedelta(days=7)
EVENING = datetime(2026, 11, 23, 17, 30, tzinfo=UTC)
AUTUMN = datetime(2026, 10, 23, 16, 30, tzinfo=UTC)
SPRING_TIME = datetime(2027, 3, 26, 17, 30, tzinfo=UTC)
"""18:30 at home, two days before the clock changes."""


def commuting(start: datetime, days: int, *, home: Site = HOME, used_pct: float = 20.0) -> Simulated:
    """Return what becomes of a car that is plugged in each evening at 18:30."""
    life = Life(Condition(start, 50.0, plugged=True, charging=True), Daily("Europe/Paris", used_pct=used_pct))
    return simulate(home, home.vehicles["spring"], life, start, start + timedelta(days=days))


def test_timers_look_every_five_minutes_and_at_every_boundary() -> None:
    looks = list(ticks(HOME, "spring", EVENING, EVENING + timedelta(days=1)))
    assert looks == sorted(set(looks))
    assert {look.minute % 5 for look in looks} == {0, 3}  # 01:38, 06:38, 12:38, 14:38
    assert datetime(2026, 11, 24, 0, 38, tzinfo=UTC) in looks
    assert datetime(2026, 11, 24, 5, 38, tzinfo=UTC) in looks


@pytest.mark.parametrize("start", [EVENING, AUTUMN, SPRING_TIME], ids=["november", "clock back", "clock forth"])
def test_a_car_is_ready_every_morning_and_charges_in_its_windows(start: datetime) -> None:
    found = commuting(start, 7)
    assert [ready.missed for ready in found.ready if ready.plugged] == [False] * 7
    windows = windows_of(HOME, NIGHTS, start, start + WEEK)
    outside = [
        piece
        for piece in joined(found.charged)
        if not any(window.start <= piece.interval.start < window.end + 2 * MINUTE for window in windows)
    ]
    # Only what a hold cannot prevent: the minutes from plugging in to the second look.
    assert all(piece.interval.end - piece.interval.start <= 15 * MINUTE for piece in outside)
    assert len(outside) <= 8  # the last evening too
    assert found.bill.cost is not None
    assert found.plain.cost is not None
    assert found.bill.cost < found.plain.cost


def test_the_moments_of_the_cable_are_told_with_the_state_of_charge() -> None:
    found = commuting(EVENING, 2)
    assert [(moment.at, moment.what) for moment in found.moments] == [
        (EVENING, "plug"),
        (EVENING + timedelta(hours=13), "unplug"),
        (EVENING + timedelta(days=1), "plug"),
        (EVENING + timedelta(days=1, hours=13), "unplug"),
        (EVENING + timedelta(days=2), "plug"),
    ]
    assert found.moments[0].soc_pct == 50
    assert found.moments[1].soc_pct - found.moments[2].soc_pct == pytest.approx(20)


def test_a_car_that_is_silent_is_not_made_to_report_by_its_landmarks() -> None:
    silent = Habits(silent=(between("Tue 05:00", "Tue 09:00"),))
    unplugged = Event(datetime(2026, 11, 24, 6, 30, tzinfo=UTC), "unplug")
    vehicle = HOME.vehicles["spring"]
    end = datetime(2026, 11, 24, 7, 30, tzinfo=UTC)
    found = simulate(HOME, vehicle, plugged_in(unplugged, habits=silent), EVENING, end)
    assert found.moments[-1].what == "unplug"
    assert not any("not plugged in" in said.words for said in found.said)


def test_a_car_waits_for_the_hour_at_which_its_plan_starts() -> None:
    wish = plan(StartAt(23 * 60 + 30, "edf"))
    found = commuting(EVENING, 1, home=site(wish, tariff=tariff(band("off-peak", "23:30-07:30", price="0.15"))))
    held, night = joined(found.charged)[:2]
    assert held.interval.end - held.interval.start < 15 * MINUTE
    assert night.interval.start - at("Mon 23:30") < MINUTE
    assert night.soc_to_pct == pytest.approx(80, abs=2)


def test_without_a_tariff_there_is_no_cost() -> None:
    plain = replace(NIGHTS, when=InWindows((span("01:38-06:38"),)))
    found = commuting(EVENING, 1, home=site(plain))
    assert (found.currency, found.bill.cost, found.plain.cost) == (None, None, None)
    assert found.bill.energy_wall_kwh > 5


def test_a_bill_follows_the_real_minutes_in_each_band() -> None:
    start = datetime(2026, 11, 24, 0, 8, tzinfo=UTC)  # half an hour before the cheap band
    piece = Charged(Interval(start, start + 60 * MINUTE), 50, 57, 2.0)
    assert bill(EDF, [piece]).cost == Decimal("0.3565")  # 1 kWh at 0.2065 and 1 kWh at 0.15
    assert bill(None, [piece]).cost is None


def test_charging_that_touches_is_one_charge() -> None:
    pieces = [
        Charged(Interval(EVENING + k * 10 * MINUTE, EVENING + (k + 1) * 10 * MINUTE), 50 + k, 51 + k, 0.3)
        for k in range(3)
    ]
    [whole] = joined(pieces)
    assert whole.interval == Interval(EVENING, EVENING + 30 * MINUTE)
    assert (whole.soc_from_pct, whole.soc_to_pct, round(whole.energy_wall_kwh, 6)) == (50, 53, 0.9)


def test_a_car_without_plans_is_simulated_too() -> None:
    found = commuting(EVENING, 1, home=replace(site(), chargers={"socket": SOCKET}, vehicles={"spring": SPRING}))
    assert found.said == ()
    assert found.bill.energy_wall_kwh == pytest.approx(found.plain.energy_wall_kwh)


RELAY = Charger("socket", 2.3, supply=Supply("edf", ("off-peak",)))
NIGHT = tariff(band("off-peak", "01:38-06:38", price="0.1579"))


def test_a_socket_without_power_charges_nothing_with_delcia_or_without() -> None:
    wish = replace(plan(InWindows((span("20:00-07:30"),), "edf"), ready_by_min=7 * 60), target=ToSoc(100))
    home = replace(site(wish, tariff=NIGHT), chargers={"socket": RELAY})
    found = commuting(EVENING, 1, home=replace(home, vehicles={"spring": replace(SPRING, hold=False)}))
    for charged in (found.charged, found.plain_charged):
        [night] = joined(charged)
        assert (night.interval.start, night.interval.end) == (at("Tue 01:38"), at("Tue 06:38"))
        assert night.soc_to_pct == pytest.approx(min(100, 50 + 500 * curve(SPRING.battery, RELAY).rate_per_h))
    assert found.bill.cost == pytest.approx(found.plain.cost, abs=Decimal("0.000001"))


@pytest.mark.parametrize("name", ["aunts", "zaunts"])
def test_each_day_is_that_of_the_charger_and_the_tariff_of_the_plan_that_wants_it(name: str) -> None:
    free = Tariff("free", "Europe/Paris", "EUR", (Band("all", Decimal(0)),))
    away = replace(plan(InWindows((span("08:00-18:00"),), "free"), name=name, days=SUNDAYS), charger="aunt")
    home = site(replace(NIGHTS, charger="carport"), away, tariff=NIGHT)
    chargers = {"aunt": Charger("aunt", 1.84), "carport": Charger("carport", 7.4)}
    both = replace(home, chargers=chargers, tariffs={"edf": NIGHT, "free": free})
    found, alone = (
        commuting(EVENING, 3, home=one) for one in (both, replace(both, plans={"nights": both.plans["nights"]}))
    )
    assert (found.bill, found.plain, found.ready) == (alone.bill, alone.plain, alone.ready)
    assert found.bill.cost is not None
    assert found.bill.cost > 3


def test_a_sunday_at_another_charger_costs_what_it_costs_there() -> None:
    free = Tariff("free", "Europe/Paris", "EUR", (Band("all", Decimal(0)),))
    away = replace(plan(InWindows((span("08:00-18:00"),), "free"), name="away", days=SUNDAYS), charger="aunt")
    home = site(replace(NIGHTS, charger="carport", days=Days(weekdays=(0, 1, 2, 3, 4))), away, tariff=NIGHT)
    chargers = {"aunt": Charger("aunt", 1.84), "carport": Charger("carport", 7.4)}
    sunday = at("Sun 07:30")
    life = Life(Condition(sunday, 30.0, plugged=True, charging=True))
    both = replace(home, chargers=chargers, tariffs={"edf": NIGHT, "free": free})
    found = simulate(both, both.vehicles["spring"], life, sunday, sunday + timedelta(hours=11))
    assert found.bill.cost is not None
    assert found.bill.cost < Decimal("0.20")  # from plugging in to the first look that finds the plan's window open
    assert found.bill.energy_wall_kwh == pytest.approx(
        1.84 * 50 / 100 / curve(SPRING.battery, chargers["aunt"]).rate_per_h, abs=0.4
    )


def test_the_end_of_a_charge_costs_what_flows_in_its_minutes() -> None:
    """From 90 % at 22:15: 43 min to 100 % before the cheap hours begin, the balancing of 15 min after that."""
    low = tariff(band("off-peak", "23:00-07:00", price="0.15"))
    start = at("Mon 22:15")
    model = curve(SPRING.battery, Charger("c", 3.7))
    minutes = charging_minutes(model, 0.93, 1.0)
    piece = Charged(Interval(start, start + minutes * MINUTE), 93, 100, wall_kwh_after(model, 0.93, minutes), model)
    flat = minutes - model.balancing_min
    assert 30 < flat < 45
    by_hand = 3.7 * flat / 60 * 0.2065 + model.overhead_kw / 0.92 * (45 - flat) / 60 * 0.2065
    by_hand += model.overhead_kw / 0.92 * (minutes - 45) / 60 * 0.15
    assert float(bill(low, [piece]).cost or 0) == pytest.approx(by_hand, abs=1e-6)


def test_what_the_car_has_more_without_delcia_is_told() -> None:
    found = commuting(EVENING, 1)
    more_pct = found.plain_soc_pct - found.soc_pct
    assert more_pct == pytest.approx(20, abs=1)
    rate = SPRING.battery.usable_kwh / curve(SPRING.battery, SOCKET).battery_kw * 2.3
    assert found.more.energy_wall_kwh == pytest.approx(more_pct / 100 * rate)
    assert found.more.cost is not None
    assert found.plain.cost is not None
    mean = float(found.plain.cost) / found.plain.energy_wall_kwh
    assert float(found.more.cost) == pytest.approx(found.more.energy_wall_kwh * mean)
