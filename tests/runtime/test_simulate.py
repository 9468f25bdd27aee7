"""Simulated weeks: the ticks of the timers, what they come to, and nothing charged that no plan wants."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from support.small_site import EDF, SOCKET, SPRING, band, plan, site, span, tariff
from support.stories import NIGHTS, at, between, plugged_in

from delcia.car.simulation import Charged, Condition, Daily, Event, Habits, Life
from delcia.core.intervals import Interval
from delcia.core.model import InWindows, Site, StartAt
from delcia.core.windows import windows_of
from delcia.runtime.billing import bill, joined
from delcia.runtime.simulate import Simulated, simulate, ticks

HOME = site(NIGHTS)
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
