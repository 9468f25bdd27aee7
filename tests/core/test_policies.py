"""Laws of `late`, `cheapest` and `guarantee`: what can be ready is ready, and for no more than it must cost."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Literal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.small_site import SPRING, band, plan, site, span, tariff

from delcia.core.energy import charging_minutes
from delcia.core.intervals import Interval, union
from delcia.core.model import (
    Band,
    Charger,
    Duration,
    Energy,
    Guard,
    InBands,
    InWindows,
    Once,
    Plan,
    Site,
    Span,
    StartAt,
    Supply,
    When,
)
from delcia.core.planner import project
from delcia.core.projection import Projection, Situation
from delcia.core.slots import curve_of
from delcia.core.state import Charge, Memory, Plug, Reading
from delcia.core.tariffs import priced
from delcia.core.windows import windows_of
from delcia.core.wishes import wish_of

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
SHORTEST = Decimal(15)
BEGINNINGS = (datetime(2026, 11, 23, tzinfo=UTC), datetime(2026, 3, 28, tzinfo=UTC), datetime(2026, 10, 24, tzinfo=UTC))
SPANS = st.builds(
    lambda begin, length: Span(begin, begin + length),
    st.integers(0, 1439),
    st.one_of(st.integers(1, 40), st.integers(30, 200), st.integers(100, 700)),
)
MONEY = st.sampled_from([Decimal(text) for text in ("-0.05", "0", "0.10", "0.1579", "0.31")])
TARIFFS = st.builds(
    lambda prices, spans, zone, guard: replace(
        tariff(*(Band(f"b{at}", price, spans[at]) for at, price in enumerate(prices)), zone=zone), guard=guard
    ),
    st.lists(MONEY, min_size=1, max_size=3),
    st.lists(st.lists(SPANS, min_size=1, max_size=2).map(tuple), min_size=3, max_size=3),
    st.sampled_from(["Europe/Paris", "+01:00"]),
    st.sampled_from([Guard(), Guard(2, 3)]),
)
POLICIES: st.SearchStrategy[Literal["asap", "late", "cheapest"]] = st.sampled_from(["asap", "late", "cheapest"])
WHENS: st.SearchStrategy[When] = st.one_of(
    st.sampled_from([("b0",), ("b0", "peak"), ("peak",)]).map(lambda names: InBands("edf", names)),
    st.lists(SPANS, min_size=1, max_size=3).map(lambda spans: InWindows(tuple(spans), "edf")),
    st.integers(0, 1439).map(lambda minute: StartAt(minute, "edf")),
)


@st.composite
def cases(draw: st.DrawFn) -> tuple[Site, Plan, float, datetime]:
    wish = plan(draw(WHENS), ready_by_min=draw(st.integers(0, 287)) * 5)
    wish = replace(wish, policy=draw(POLICIES), guarantee=draw(st.booleans()))
    home = site(wish, tariff=draw(TARIFFS))
    home = replace(home, vehicles={"spring": replace(SPRING, minimum_soc_pct=None)})
    return (
        home,
        wish,
        float(draw(st.integers(5, 79))),
        draw(st.sampled_from(BEGINNINGS)) + draw(st.integers(0, 2879)) * MINUTE,
    )


def look(case: tuple[Site, Plan, float, datetime]) -> tuple[Projection, tuple[Interval, ...], float]:
    """Return a projection, the time in its windows until its deadline, and the minutes that its target takes."""
    home, wish, soc_pct, now = case
    found = project(home, wish, Situation(soc_pct, now, "given"), now)
    need_min = charging_minutes(curve_of(home, wish), soc_pct / 100, 0.8)
    if found.deadline is None:
        return found, (), need_min
    spans = [
        (max(now, each.start), min(each.end, found.deadline)) for each in windows_of(home, wish, now, now + 3 * DAY)
    ]
    return found, union(Interval(*each) for each in spans if each[0] < each[1]), need_min


def minutes_of(spans: Sequence[Interval]) -> float:
    return sum(each.minutes for each in spans)


@settings(max_examples=100)
@given(cases())
def test_what_can_be_ready_in_its_windows_is_ready(case: tuple[Site, Plan, float, datetime]) -> None:
    found, spans, need_min = look(case)
    if minutes_of(spans) >= need_min + len(spans):
        assert found.reaches_target


@settings(max_examples=100)
@given(cases())
def test_what_is_guaranteed_is_ready_if_there_is_time_at_all(case: tuple[Site, Plan, float, datetime]) -> None:
    found, spans, need_min = look(case)
    if case[1].guarantee and found.deadline is not None:
        left_min = (found.deadline - case[3]) / MINUTE
        assert found.reaches_target or left_min < need_min + len(spans) + 1


@settings(max_examples=100)
@given(cases())
def test_the_cheapest_costs_no_more_than_its_cheapest_minutes(case: tuple[Site, Plan, float, datetime]) -> None:
    """But for what taking up again loses, and runs of a quarter of an hour at the edges."""
    home, wish, _, _ = case
    found, spans, need_min = look(case)
    if wish.policy != "cheapest" or found.cost is None or minutes_of(spans) < need_min + len(spans):
        return
    prices = sorted(
        (piece.price_per_kwh, piece.interval.minutes)
        for each in spans
        for piece in priced(home.tariffs["edf"], each.start, each.end)
    )
    kwh = Decimal(str(curve_of(home, wish).wall_kw)) / 60
    least, left_min = Decimal(0), need_min
    for price, minutes in prices:
        least += Decimal(str(min(left_min, minutes))) * kwh * price
        left_min -= min(left_min, minutes)
    runs = union(Interval(item.start, item.end) for item in found.segments)
    dearest = max(abs(price) for price, _ in prices)
    allowed = kwh * (len(runs) * dearest + 2 * SHORTEST * (prices[-1][0] - prices[0][0]))
    assert found.cost <= least + allowed + Decimal("0.001")


def test_the_minute_lost_between_two_windows_is_reckoned_with() -> None:
    """150 minutes, the cheap 120 of which end at `ready_by`: those before begin a minute earlier."""
    prices = tariff(band("low", "05:00-07:00", price="0.10"), band("mid", "21:00-22:00", price="0.13"))
    wish = replace(plan(InBands("edf", ("low", "mid")), ready_by_min=420), policy="cheapest")
    now = datetime.fromisoformat("2026-11-23T19:00+01:00")
    found = project(site(wish, tariff=prices), wish, Situation(61.18, now, "given"), now)
    assert found.minutes == pytest.approx(150.0, abs=0.5)
    assert [item.band for item in found.segments] == ["mid", "low"]
    assert found.reaches_target
    assert found.soc_at_deadline_pct == pytest.approx(80.0)
    assert sum((each.end - each.start) / MINUTE for each in found.segments) - found.minutes == pytest.approx(1.0)


HOUR_AT_TEN = InWindows((Span(1320, 1380),), "edf")
TWO_O_CLOCK, NOON = band("low", "02:00-06:00", price="0.10"), band("low", "12:00-15:00", price="0.10")


@pytest.mark.parametrize("target", [Duration(180), Energy(6.9)], ids=["hours", "energy"])
@pytest.mark.parametrize(
    ("low", "ready_by_min", "now", "expected"),
    [
        (TWO_O_CLOCK, 420, "23T19:00", ["23T22:00", "23T23:00", "24T03:59", "24T06:00"]),
        (TWO_O_CLOCK, 900, "23T19:00", ["23T22:00", "23T23:00", "24T03:59", "24T06:00"]),
        (TWO_O_CLOCK, 420, "24T01:00", ["24T03:00", "24T06:00"]),
        (NOON, 900, "23T19:00", ["23T22:00", "24T01:00"]),
        (NOON, 900, "24T10:30", ["24T10:30", "24T12:00"]),
        (NOON, 900, "24T12:30", ["24T12:59", "24T15:00", "24T22:00", "24T23:00"]),
    ],
)
def test_hours_are_guaranteed_after_the_last_window_and_until_noon(
    target: Duration | Energy, low: Band, ready_by_min: int, now: str, expected: list[str]
) -> None:
    """The window is from 22:00 to 23:00; three hours are asked for, which count from noon to noon."""
    wish = replace(plan(HOUR_AT_TEN, ready_by_min=ready_by_min), target=target, guarantee=True)
    begin = datetime.fromisoformat(f"2026-11-{now}+01:00")
    found = project(site(wish, tariff=tariff(low)), wish, Situation(40.0, begin, "given"), begin)
    runs = union(Interval(item.start, item.end) for item in found.segments)
    wanted = [datetime.fromisoformat(f"2026-11-{text}+01:00") for text in expected]
    spread = timedelta(minutes=19 if isinstance(target, Energy) else 1)
    edges = [edge for run in runs for edge in (run.start, run.end)]
    assert all(abs(one - other) <= spread for one, other in zip(edges, wanted, strict=True)), runs


def test_a_single_night_is_guaranteed_after_its_window_too() -> None:
    once = Once(datetime.fromisoformat("2026-11-23T22:00"), datetime.fromisoformat("2026-11-23T23:00"), "edf")
    wish = replace(plan(once, ready_by_min=420), guarantee=True)
    now = datetime.fromisoformat("2026-11-23T19:00+01:00")
    found = project(site(wish, tariff=tariff(TWO_O_CLOCK)), wish, Situation(60.0, now, "given"), now)
    assert found.reaches_target
    assert found.segments[-1].soc_pct == pytest.approx(80.0)


def at_a_relay(soc_pct: float, *, minimum_soc_pct: int | None = 20) -> tuple[Site, Plan, Situation]:
    """Return a plan from 20:00 to 08:00 at a charger that has power from 01:38 to 06:38, with a guarantee."""
    wish = replace(plan(InWindows((span("20:00-08:00"),), "edf"), ready_by_min=480), guarantee=True)
    home = site(wish, tariff=tariff(band("off-peak", "01:38-06:38")))
    relay = Charger("socket", 2.3, supply=Supply("edf", ("off-peak",)))
    car = replace(SPRING, minimum_soc_pct=minimum_soc_pct)
    return (
        replace(home, chargers={"socket": relay}, vehicles={"spring": car}),
        wish,
        Situation(soc_pct, MIDDAY, "given"),
    )


MIDDAY = datetime(2026, 12, 4, 11, 0, tzinfo=UTC)


@pytest.mark.parametrize("soc_pct", [10.0, 25.0, 60.0])
def test_neither_guarantee_nor_minimum_charges_where_the_charger_has_no_power(soc_pct: float) -> None:
    home, wish, situation = at_a_relay(soc_pct)
    found = project(home, wish, situation, MIDDAY)
    zone = ZoneInfo("Europe/Paris")
    for item in found.segments:
        start, end = (moment.astimezone(zone) for moment in (item.start, item.end))
        assert start.date() == end.date()
        assert (start.hour, start.minute) >= (1, 38)
        assert (end.hour, end.minute) <= (6, 38)
    gained = min(80 - soc_pct, 100 * 5 * curve_of(home, wish).rate_per_h)
    assert found.soc_at_deadline_pct == pytest.approx(soc_pct + gained, abs=0.5)
    assert found.reaches_target is (gained >= 80 - soc_pct)


def test_a_minimum_waits_for_the_hours_in_which_its_charger_has_power() -> None:
    home, _, _ = at_a_relay(10.0)
    reading = Reading(MIDDAY, MIDDAY, Plug.PLUGGED, Charge.IDLE, 10.0)
    memory = Memory(reading=reading, soc_reading=reading, plugged_since=MIDDAY)
    dead = wish_of(home, home.vehicles["spring"], memory, MIDDAY)
    assert (dead.wanted, dead.next_start) == (False, datetime(2026, 12, 5, 0, 38, tzinfo=UTC))
    assert wish_of(home, home.vehicles["spring"], memory, datetime(2026, 12, 5, 0, 38, tzinfo=UTC)).slug == "minimum"
