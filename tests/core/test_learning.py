"""What charges teach: a factor with its guards, its spread, the time at 100 %, and what does not count."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from support.small_site import SPRING, plan, site

from delcia.core.energy import charging_minutes, curve
from delcia.core.learning import learn
from delcia.core.planner import project
from delcia.core.projection import Situation
from delcia.core.sessions import PastSession
from delcia.core.state import Owner

HOME = site(plan(ready_by_min=420))
MODEL = curve(SPRING.battery, HOME.chargers["socket"])
START = datetime(2026, 11, 1, 1, 0, tzinfo=UTC)


def session(day: int, start: float, end: float, times: float = 1.0, extra_min: float = 0.0) -> PastSession:
    """Return a charge that lasted so many times as long as the model says."""
    began = START + timedelta(days=day)
    minutes = times * charging_minutes(MODEL, start / 100, min(end / 100, 0.99)) + extra_min
    ended = began + timedelta(minutes=minutes)
    return PastSession("spring", Owner.DELCIA, began, ended, "window", "nights", "socket", start, end, 5.0, 2.3)


def test_nothing_is_learned_from_nothing() -> None:
    assert learn(HOME, SPRING, []) == ()


def test_one_charge_moves_the_factor_by_its_weight_against_the_prior() -> None:
    """25 points weigh 625, the prior 50."""
    (found,) = learn(HOME, SPRING, [session(0, 55, 80, 1.2)])
    assert found.factor == pytest.approx(1.2 ** (625 / 675))
    assert (found.entries, found.spread, found.clamped) == (1, 0.10, False)


def test_from_three_charges_on_the_spread_is_what_was_seen() -> None:
    (two,) = learn(HOME, SPRING, [session(day, 50, 80, 1.1) for day in range(2)])
    (three,) = learn(HOME, SPRING, [session(day, 50, 80, 1.1) for day in range(3)])
    (wild,) = learn(HOME, SPRING, [session(day, 50, 80, times) for day, times in enumerate((0.8, 1.1, 1.4))])
    assert (two.spread, three.spread) == (0.10, 0.03)
    assert 0.10 < wild.spread <= 0.25


def test_what_only_the_list_tells_counts_until_enough_was_seen_and_never_narrows_the_range() -> None:
    """The list names no place: these may be charges at work, at a box as strong as the socket at home."""
    seen = [session(day, 50, 80, 1.1) for day in range(3)]
    listed = [replace(session(day, 40, 80, 0.8), source="car") for day in range(10, 20)]
    (alone,) = learn(HOME, SPRING, listed)
    assert alone.factor == pytest.approx(0.8, abs=0.01)
    assert (alone.entries, alone.listed, alone.spread) == (10, 10, 0.10)
    (both,) = learn(HOME, SPRING, [*seen[:2], *listed])
    assert (both.entries, both.listed, both.spread) == (12, 10, 0.10)
    assert learn(HOME, SPRING, [*seen, *listed]) == learn(HOME, SPRING, seen)


@pytest.mark.parametrize(("times", "factor"), [(1.9, 1.5), (0.55, 0.7)])
def test_a_factor_beyond_what_cars_do_is_held_and_said(times: float, factor: float) -> None:
    (found,) = learn(HOME, SPRING, [session(day, 50, 80, times) for day in range(3)])
    assert (found.factor, found.clamped) == (factor, True)


@pytest.mark.parametrize(
    "odd",
    [
        session(0, 76, 80, 1.3),  # four points: rounding is a quarter of them
        session(0, 60, 98, 1.3),  # the end is another matter
        session(0, 50, 80, 5.0),  # interrupted, or not seen to end
        replace(session(0, 50, 80, 1.3), power_kw=3.7),  # another current then
        replace(session(0, 50, 80, 1.3), charger=None),
        replace(session(0, 50, 80, 1.3), charger="gone"),
        replace(session(0, 50, 80, 1.3), soc_start_pct=None),
    ],
)
def test_what_tells_nothing_does_not_count(odd: PastSession) -> None:
    assert learn(HOME, SPRING, [odd]) == ()


def test_the_time_at_100_percent_is_learned_apart() -> None:
    full = session(0, 60, 100, extra_min=65 + 0.01 / MODEL.rate_per_h * 60)
    (found,) = learn(HOME, SPRING, [full])
    assert (found.factor, found.entries, found.full_entries) == (1.0, 0, 1)
    assert found.balancing_min == pytest.approx((15 + 65) / 2, abs=0.5)


def test_the_order_of_charges_does_not_matter() -> None:
    charges = [session(day, 50, 70 + day, 1 + day / 20) for day in range(5)]
    assert learn(HOME, SPRING, charges) == learn(HOME, SPRING, charges[::-1])


def test_the_projection_uses_what_was_learned() -> None:
    now = datetime(2026, 11, 23, 18, 41, tzinfo=UTC)
    learned = learn(HOME, SPRING, [session(day, 50, 80, 1.2) for day in range(8)])
    prior = project(HOME, HOME.plans["nights"], Situation(60.0, now, "given"), now)
    later = project(HOME, HOME.plans["nights"], Situation(60.0, now, "given", learned=learned), now)
    assert later.minutes / prior.minutes == pytest.approx(1.2, abs=0.01)
    assert later.completes_latest is not None
    assert later.completes_at is not None
    assert later.completes_latest - later.completes_at < timedelta(minutes=7)
