"""Laws of the planner, for plans, prices and instants of all kinds."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.small_site import EDF, SPRING, band, plan, site, span, tariff
from support.zones import ZONES, changes

from delcia.core.energy import charging_minutes, wall_kwh_after
from delcia.core.model import Duration, Energy, InBands, InWindows, Plan, Site, StartAt, Target, ToSoc, When
from delcia.core.planner import project, segments_of
from delcia.core.projection import Projection, Situation
from delcia.core.slots import curve_of, noon_after, noon_before
from delcia.core.state import Delivered
from delcia.core.tariffs import priced
from delcia.core.windows import windows_of

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
MONDAY = datetime.fromisoformat("2026-11-23T19:00+01:00")
PRICES = tariff(band("off-peak", "22:30-06:30"), band("noon", "12:00-14:00", price="0.11"))

WHENS: st.SearchStrategy[When] = st.one_of(
    st.lists(st.sampled_from(["22:00-06:00", "12:00-14:00", "02:30-03:30", "23:50-00:10"]), min_size=1, max_size=3).map(
        lambda texts: InWindows(tuple(span(text) for text in texts), "edf")
    ),
    st.sampled_from([InBands("edf", ("off-peak",)), InBands("edf", ("off-peak", "noon")), StartAt(1410, "edf")]),
)
TARGETS: st.SearchStrategy[Target] = st.one_of(
    st.integers(1, 100).map(ToSoc), st.integers(1, 1200).map(Duration), st.floats(0.5, 40).map(Energy)
)
PLANS = st.builds(
    lambda when, target, ready: replace(plan(when, ready_by_min=ready), target=target),
    WHENS,
    TARGETS,
    st.one_of(st.none(), st.integers(0, 1439)),
)


@st.composite
def cases(draw: st.DrawFn) -> tuple[Site, Plan, Situation, datetime]:
    wish, name = draw(PLANS), draw(st.sampled_from(ZONES))
    near = draw(st.sampled_from((*changes(name), datetime(2026, 12, 31, tzinfo=UTC))))
    now = near + draw(st.integers(-2000, 1000)) * MINUTE
    home = site(wish, timezone=name, tariff=PRICES)
    return home, wish, Situation(float(draw(st.integers(5, 100))), now, "given"), now


@settings(max_examples=100)
@given(cases())
def test_every_segment_lies_in_a_window_or_charges_to_the_minimum(
    case: tuple[Site, Plan, Situation, datetime],
) -> None:
    home, wish, situation, now = case
    found = project(home, wish, situation, now)
    windows = windows_of(home, wish, now, now + 9 * DAY)
    for item in found.segments:
        inside = any(window.start <= item.start and item.end <= window.end for window in windows)
        assert inside or item.minimum
        assert item.minimum is False or situation.soc_pct < 20
        assert item.start >= now
    assert all(one.end <= other.start for one, other in pairwise(found.segments))


@settings(max_examples=150)
@given(cases())
def test_time_energy_and_cost_are_the_sums_of_the_segments(case: tuple[Site, Plan, Situation, datetime]) -> None:
    home, wish, situation, now = case
    found = project(home, wish, situation, now)
    model = curve_of(home, wish)
    assert found.energy_wall_kwh == pytest.approx(sum(item.energy_wall_kwh for item in found.segments))
    assert found.energy_wall_kwh == pytest.approx(wall_kwh_after(model, situation.soc_pct / 100, found.minutes))
    assert found.cost == sum((item.cost or Decimal(0) for item in found.segments), Decimal(0))
    assert found.segments == segments_of(home, wish, situation, now)
    lost = sum((item.end - item.start) / MINUTE for item in found.segments) - found.minutes
    assert -1e-3 <= lost <= len(found.segments)  # instants are whole microseconds
    for item in found.segments:
        assert item.price_per_kwh is not None
        for piece in priced(home.tariffs["edf"], item.start, item.end):
            assert (piece.band, piece.price_per_kwh) == (item.band, item.price_per_kwh)
    assert all(one.soc_pct <= other.soc_pct + 1e-9 for one, other in pairwise(found.segments))


@settings(max_examples=150)
@given(cases())
def test_a_target_is_reached_exactly_or_not_at_all(case: tuple[Site, Plan, Situation, datetime]) -> None:
    home, wish, situation, now = case
    found = project(home, wish, situation, now)
    model = curve_of(home, wish)
    if isinstance(wish.target, ToSoc) and found.completes_at is not None and situation.soc_pct >= 20:
        needed = charging_minutes(model, situation.soc_pct / 100, wish.target.soc_pct / 100)
        assert found.minutes == pytest.approx(needed)
        assert found.segments[-1].soc_pct == pytest.approx(max(wish.target.soc_pct, situation.soc_pct))
    if isinstance(wish.target, Duration) and situation.soc_pct >= 20:
        assert found.minutes <= wish.target.minutes + 1e-6
    if isinstance(wish.target, Energy) and situation.soc_pct >= 20:
        assert found.energy_wall_kwh <= wish.target.energy_kwh + 1e-6
    if found.completes_earliest and found.completes_at and found.completes_latest:
        assert found.completes_earliest <= found.completes_at <= found.completes_latest


def nights(home: Site, soc_pct: float, now: datetime = MONDAY) -> Projection:
    return project(home, home.plans["nights"], Situation(soc_pct, now, "given"), now)


def test_an_evening_is_projected_to_the_minute() -> None:
    """30 points at 7.53 an hour from 01:38: 3 h 59 min, 10 % either way, at the lower price."""
    found = nights(site(plan(ready_by_min=420)), 50)
    assert found.starts_at == datetime.fromisoformat("2026-11-24T01:38+01:00")
    assert found.completes_at is not None
    assert abs(found.completes_at - datetime.fromisoformat("2026-11-24T05:37+01:00")) < MINUTE
    assert found.completes_earliest is not None
    assert found.completes_latest is not None
    assert (found.completes_latest - found.completes_earliest) / MINUTE == pytest.approx(0.2 * found.minutes)
    assert found.reaches_target
    assert found.soc_at_deadline_pct == pytest.approx(80)
    assert found.energy_wall_kwh == pytest.approx(2.3 * found.minutes / 60)
    assert found.cost == pytest.approx(Decimal("0.15") * Decimal(str(round(found.energy_wall_kwh, 6))))


def test_a_short_night_misses_its_ready_by_and_says_with_how_much() -> None:
    found = nights(site(plan(ready_by_min=420)), 20)
    assert not found.reaches_target
    assert found.soc_at_deadline_pct == pytest.approx(20 + 5 * 7.53, abs=0.1)
    assert found.completes_at == found.segments[-1].end > datetime.fromisoformat("2026-11-24T12:38+01:00")


def test_a_charge_taken_up_again_loses_about_a_minute() -> None:
    found = nights(site(plan()), 35)
    lasted = sum((item.end - item.start) / MINUTE for item in found.segments)
    assert 0.99 < lasted - found.minutes < 2.01
    assert len(found.segments) == 2


def test_a_latched_window_is_not_used_until_two_points_are_lost() -> None:
    home = site(plan())
    now = datetime.fromisoformat("2026-11-24T04:00+01:00")
    end = datetime.fromisoformat("2026-11-24T06:38+01:00")
    for soc_pct, starts in ((79.0, "12:38"), (78.0, "04:00")):
        situation = Situation(soc_pct, now, "given", latched=(("nights", end.astimezone(UTC)),))
        found = project(home, home.plans["nights"], situation, now)
        assert found.starts_at == datetime.fromisoformat(f"2026-11-24T{starts}+01:00")


def test_hours_and_energy_are_counted_from_noon_to_noon() -> None:
    for target, minutes in ((Duration(150), 30.0), (Energy(2.3), 30.0)):
        wish = replace(plan(), target=target)
        home = site(wish)
        had = Delivered("nights", noon_before(home, MONDAY), 120.0, 1.15)
        situation = Situation(30, MONDAY, "given", delivered=(had,))
        assert project(home, wish, situation, MONDAY).minutes == pytest.approx(minutes)
        all_had = replace(situation, delivered=(replace(had, minutes=150, energy_wall_kwh=2.3),))
        next_day = project(home, wish, all_had, MONDAY)
        assert next_day.starts_at == datetime.fromisoformat("2026-11-24T12:38+01:00")


@pytest.mark.parametrize("name", ZONES)
def test_noons_are_noons_of_the_site(name: str) -> None:
    home = site(plan(), timezone=name)
    for change in (*changes(name), MONDAY):
        for hours in range(-30, 30, 7):
            now = change + hours * HOUR
            before, after = noon_before(home, now), noon_after(home, now)
            assert before <= now < after
            assert 22 * HOUR < after - before < 26 * HOUR


def test_below_the_minimum_a_projection_begins_at_once() -> None:
    found = nights(site(plan()), 12)
    first = found.segments[0]
    assert (first.minimum, first.start, first.band) == (True, MONDAY, "peak")
    assert first.soc_pct == pytest.approx(22)
    assert found.segments[1].start == datetime.fromisoformat("2026-11-24T01:38+01:00")
    assert not found.segments[1].minimum


@pytest.mark.parametrize("target", [Duration(120), Energy(4.6)])
def test_charging_to_the_minimum_does_not_count_as_hours_or_energy_of_a_plan(target: Target) -> None:
    """In the morning, of a day that has no window left before its noon."""
    wish = replace(plan(InWindows((span("22:00-06:00"),))), target=target)
    found = nights(site(wish), 10, MONDAY.replace(hour=8))
    assert [item.minimum for item in found.segments] == [True, False]
    assert found.segments[1].start == MONDAY.replace(hour=22)
    assert (found.segments[1].end - found.segments[1].start) / MINUTE == pytest.approx(121)  # one to take up again
    assert found.reaches_target


def test_a_car_without_stop_is_projected_from_plugging_in() -> None:
    stubborn = replace(SPRING, control=replace(SPRING.control, stop=False))
    home = replace(site(plan(ready_by_min=420)), vehicles={"spring": stubborn})
    found = nights(home, 50)
    assert found.starts_at == MONDAY
    assert [item.band for item in found.segments] == ["peak"]


def test_nothing_is_needed_above_the_target() -> None:
    found = nights(site(plan(ready_by_min=420), tariff=EDF), 85)
    assert found.segments == ()
    assert found.reaches_target
    assert found.soc_at_deadline_pct == 85
    assert (found.cost, found.currency, found.completes_at) == (Decimal(0), "EUR", None)


@pytest.mark.parametrize(
    ("evening", "changes_at", "morning"),
    [
        ("2026-10-24T22:00+02:00", "2026-10-25T02:30+01:00", "2026-10-25T06:00+01:00"),
        ("2027-03-27T22:00+01:00", "2027-03-28T03:00+02:00", "2027-03-28T06:00+02:00"),
    ],
    ids=["nine hours", "seven hours"],
)
def test_a_night_costs_what_its_real_minutes_cost_when_the_clock_changes(
    evening: str, changes_at: str, morning: str
) -> None:
    """The price changes at 02:30: in autumn that is the second one, in spring the first instant after the gap."""
    prices = tariff(band("low", "22:00-02:30", price="0.1579"), band("high", "02:30-06:00", price="0.2065"))
    wish = replace(plan(InWindows((span("22:00-06:00"),), "edf")), target=Duration(600))
    home = replace(site(wish, tariff=prices), vehicles={"spring": replace(SPRING, minimum_soc_pct=None)})
    start, edge, end = (datetime.fromisoformat(text) for text in (evening, changes_at, morning))
    found = nights(home, 10.0, start)
    cost, now = Decimal(0), start
    while now < end:
        cost += Decimal("2.3") / 60 * Decimal("0.1579" if now < edge else "0.2065")
        now += MINUTE
    tonight = [item for item in found.segments if item.end <= end]
    assert [(item.start, item.end) for item in tonight] == [(start, edge), (edge, end)]
    cent = Decimal("0.01")
    assert sum((item.cost or Decimal(0) for item in tonight), Decimal(0)).quantize(cent) == cost.quantize(cent)
