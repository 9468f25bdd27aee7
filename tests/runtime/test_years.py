"""A year from event to event: the same nights as tick by tick, and what a year of the README comes to."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from time import process_time

import pytest
from support.small_site import EDF, site
from support.stories import NIGHTS

from delcia.car.simulation import Condition, Daily, Life
from delcia.core.model import InBands, Plan
from delcia.runtime.billing import joined
from delcia.runtime.simulate import Simulated, simulate

TICK = timedelta(minutes=5)
MOST_CPU_S = 6.0
EVENING = datetime(2026, 11, 23, 17, 30, tzinfo=UTC)
AUTUMN = datetime(2026, 10, 23, 16, 30, tzinfo=UTC)
"""18:30 at home, two days before the clock changes."""
ALL = InBands("edf", ("off-peak", "peak"))
PLANS = {
    "asap": NIGHTS,
    "late": replace(NIGHTS, policy="late"),
    "cheapest": replace(NIGHTS, when=ALL, policy="cheapest"),
    "guarantee": replace(NIGHTS, guarantee=True),
}


RESTING = (20.0, 20.0, 0.0, 0.0, 20.0, 0.0, 0.0)
"""A car that is not driven on some days, though unplugged and plugged in."""


def week(
    wish: Plan, start: datetime, *, used_pct: float = 0.0, by_weekday: tuple[float, ...] = (), by_events: bool
) -> Simulated:
    home = site(wish, tariff=EDF)
    daily = Daily("Europe/Paris", used_pct=used_pct, used_by_weekday=by_weekday)
    life = Life(Condition(start, 50.0, plugged=True, charging=True), daily)
    return simulate(home, home.vehicles["spring"], life, start, start + timedelta(days=7), by_events=by_events)


@pytest.mark.parametrize("name", PLANS)
@pytest.mark.parametrize(("start", "used_pct"), [(EVENING, 20.0), (AUTUMN, 45.0)], ids=["november", "clock back"])
def test_a_week_from_event_to_event_is_that_of_every_tick(name: str, start: datetime, used_pct: float) -> None:
    """But for the minute in which the car is read: every ten, counted from whatever was before."""
    each = week(PLANS[name], start, used_pct=used_pct, by_events=False)
    some = week(PLANS[name], start, used_pct=used_pct, by_events=True)
    check_alike(each, some)


def test_a_week_with_days_of_rest_is_that_of_every_tick() -> None:
    each, some = (week(NIGHTS, EVENING, by_weekday=RESTING, by_events=by_events) for by_events in (False, True))
    check_alike(each, some)
    assert [said.words for said in some.said] == [said.words for said in each.said]


def check_alike(each: Simulated, some: Simulated) -> None:
    pairs = list(zip(joined(each.charged), joined(some.charged), strict=True))
    assert all(abs(one.interval.start - other.interval.start) <= 2 * TICK for one, other in pairs)
    assert all(abs(one.interval.end - other.interval.end) <= 3 * TICK for one, other in pairs)
    assert some.bill.energy_wall_kwh == pytest.approx(each.bill.energy_wall_kwh, rel=0.01)
    assert float(some.bill.cost or 0) == pytest.approx(float(each.bill.cost or 0), rel=0.02)
    assert [ready.missed for ready in some.ready] == [ready.missed for ready in each.ready]
    assert [(moment.at, moment.what) for moment in some.moments] == [
        (moment.at, moment.what) for moment in each.moments
    ]
    assert some.plain.energy_wall_kwh == pytest.approx(each.plain.energy_wall_kwh, rel=1e-6)


def test_the_cheapest_policy_costs_no_more_than_the_others() -> None:
    costs = {
        name: week(replace(PLANS[name], when=ALL), EVENING, used_pct=20.0, by_events=True).bill.cost
        for name in ("asap", "late", "cheapest")
    }
    assert all(cost is not None for cost in costs.values())
    assert min(costs, key=lambda name: costs[name] or 0) == "cheapest"


def test_a_year_takes_seconds() -> None:
    """The goal is 3 s, which `tests/benchmarks/years.py` measures; twice that here, for a machine that does more."""
    home = site(NIGHTS, tariff=EDF)
    life = Life(Condition(EVENING, 50.0, plugged=True, charging=True), Daily("Europe/Paris", used_pct=20.0))
    begin = process_time()
    year = simulate(home, home.vehicles["spring"], life, EVENING, EVENING + timedelta(days=365), by_events=True)
    assert process_time() - begin < MOST_CPU_S
    assert len(year.ready) == 365
