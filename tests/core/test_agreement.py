"""What is decided is what was projected: at every minute within 36 h of every change of the clock, 2026 to 2029."""

import os
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import cycle

import pytest
from support.small_site import SPRING, band, plan, site, span, tariff
from support.zones import PLAIN_NIGHTS, ZONES, changes

from delcia.core.deciding import decide
from delcia.core.energy import soc_after
from delcia.core.model import Days, Duration, Energy, InBands, InWindows, Plan, Site, StartAt, Tariff, ToSoc
from delcia.core.planner import project
from delcia.core.projection import Projection, Situation
from delcia.core.slots import curve_of
from delcia.core.state import Charge, Memory, Owner, Plug, Reading, Session
from delcia.core.windows import windows_of
from delcia.core.wishes import settle

MINUTE = timedelta(minutes=1)
AROUND = timedelta(hours=36)
CLOSE = timedelta(hours=3)
NIGHTS = InWindows((span("22:00-06:00"), span("12:38-14:38")))
EARLY = InWindows((span("00:00-02:30"), span("02:30-03:15"), span("23:50-00:10")))
METER = tariff(band("off-peak", "23:30-07:30", "01:45-02:15"), zone="+01:00")
SUMMER = tariff(band("off-peak", "01:38-06:38", "12:38-14:38"))
WEEKDAYS = Days(weekdays=(0, 1, 2, 3, 4))


def at_target(wish: Plan, soc_pct: int) -> Plan:
    return replace(wish, target=ToSoc(soc_pct))


SHAPES: tuple[tuple[Plan, Tariff], ...] = (
    (at_target(plan(NIGHTS, ready_by_min=420), 70), METER),
    (at_target(plan(EARLY, ready_by_min=150), 40), METER),
    (at_target(plan(InBands("edf", ("off-peak",)), ready_by_min=420), 50), METER),
    (at_target(plan(InBands("edf", ("off-peak",)), days=WEEKDAYS, ready_by_min=420), 55), SUMMER),
    (at_target(plan(StartAt(1410), ready_by_min=180), 40), SUMMER),
    (at_target(plan(StartAt(30)), 80), SUMMER),
)


def home_in(name: str, wish: Plan, prices: Tariff) -> Site:
    """Return a site whose car has a battery so large that it takes about three nights to the target."""
    found = site(wish, timezone=name, tariff=prices)
    return replace(found, vehicles={"spring": replace(SPRING, battery=replace(SPRING.battery, usable_kwh=90.0))})


def carried(home: Site, wish: Plan, projection: Projection, instant: datetime) -> tuple[float, bool]:
    """Return the SoC of a car that charges as projected, and whether it is to charge at an instant."""
    soc_pct = projection.situation.soc_pct
    for item in projection.segments:
        if instant < item.start:
            break
        if instant < item.end:
            # A resumption loses a minute, which the projection spreads over the segment.
            share = (instant - item.start) / (item.end - item.start)
            minutes = share * _minutes(home, wish, soc_pct, item.soc_pct)
            return 100 * soc_after(curve_of(home, wish), soc_pct / 100, minutes), True
        soc_pct = item.soc_pct
    return soc_pct, False


def _minutes(home: Site, wish: Plan, start_pct: float, end_pct: float) -> float:
    return (end_pct - start_pct) / 100 / curve_of(home, wish).rate_per_h * 60


@pytest.mark.parametrize("name", ZONES)
def test_decide_agrees_with_project_at_every_minute_around_every_change_of_the_clock(name: str) -> None:
    shapes = cycle(SHAPES)
    for turn, change in enumerate(changes(name) or PLAIN_NIGHTS):
        home = home_in(name, *next(shapes))
        wish, vehicle = home.plans["nights"], home.vehicles["spring"]
        start = change - AROUND
        projection = project(home, wish, Situation(21.0, start, "given"), start)
        charged = 0
        for now in minutes_around(change, projection, turn):
            soc_pct, expected = carried(home, wish, projection, now)
            memory = charging_memory(now, soc_pct)
            decision = decide(home, vehicle, memory, now)
            assert decision.wish.wanted is expected, (name, now, soc_pct)
            assert decision.action == ("none" if expected else "stop"), (name, now)
            charged += expected
        assert charged > 0


def minutes_around(change: datetime, projection: Projection, turn: int) -> list[datetime]:
    """Return the minutes to ask about: all that are near the change or an edge, of the others every fourth in turn.

    With DELCIA_EVERY_MINUTE set, all of them: some minutes of computing.
    """
    every = 1 if os.environ.get("DELCIA_EVERY_MINUTE") else 4
    edges = {edge for item in projection.segments for edge in (item.start, item.end)}
    near = {edge.replace(second=0, microsecond=0) + minute * MINUTE for edge in edges for minute in range(-2, 4)}
    minutes = [change - AROUND + index * MINUTE for index in range(int(2 * AROUND / MINUTE))]
    return [
        now
        for index, now in enumerate(minutes)
        if abs(now - change) <= CLOSE or now in near or (index + turn) % every == 0
    ]


def charging_memory(now: datetime, soc_pct: float) -> Memory:
    reading = Reading(now, now, Plug.PLUGGED, Charge.CHARGING, soc_pct)
    session = Session(Owner.DELCIA, now, soc_pct, "window")
    return Memory(reading=reading, soc_reading=reading, plugged_since=now, session=session)


SHORT_NIGHT = replace(plan(InWindows((span("22:00-23:00"),), "edf"), ready_by_min=900), guarantee=True)


@pytest.mark.parametrize("target", [Duration(150), Energy(4.0)], ids=["hours", "energy"])
@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("Europe/Paris", plan(NIGHTS)),
        ("Australia/Lord_Howe", plan(NIGHTS)),
        ("Asia/Kolkata", plan(NIGHTS)),
        ("Europe/Paris", SHORT_NIGHT),
    ],
    ids=["Paris", "Lord Howe", "Kolkata", "guarantee"],
)
def test_hours_and_energy_are_delivered_where_they_were_projected(
    name: str, shape: Plan, target: Duration | Energy
) -> None:
    """The car is watched by its own counter here, minute by minute, from noon to noon."""
    change = (*changes(name), *PLAIN_NIGHTS)[0]
    wish = replace(shape, target=target)
    home = home_in(name, wish, SUMMER)
    vehicle = home.vehicles["spring"]
    start = next(iter(windows_of(home, wish, change - AROUND, change))).start - timedelta(hours=5)
    projection = project(home, wish, Situation(30.0, start, "given"), start)
    reading = Reading(start, start, Plug.PLUGGED, Charge.IDLE, 30.0)
    memory = Memory(reading=reading, soc_reading=reading, plugged_since=start)
    wanted: list[datetime] = []
    now = start
    while now <= projection.segments[-1].end + timedelta(hours=1):
        memory = settle(home, vehicle, memory, now)
        decision = decide(home, vehicle, memory, now)
        if decision.wish.wanted:
            wanted.append(now)
        session = memory.session or Session(Owner.DELCIA, now, 30.0, "window")
        memory = replace(memory, session=session if decision.wish.wanted else None, counting=decision.wish.plans)
        now += MINUTE
    expected = projection.segments
    assert wanted[0] == expected[0].start
    assert abs(wanted[-1] + MINUTE - expected[-1].end) <= 2 * MINUTE
    assert all(any(item.start <= instant <= item.end + 2 * MINUTE for item in expected) for instant in wanted)


PRICES = tariff(
    band("low", "02:00-04:00", price="0.10"), band("mid", "22:00-02:00", "04:00-05:30", price="0.13"), zone="+01:00"
)
ANY_PRICE = InBands("edf", ("low", "mid", "peak"))
POLICIES: tuple[tuple[Plan, Tariff, float], ...] = (
    (replace(plan(NIGHTS, ready_by_min=420), policy="late"), METER, 66.0),
    (replace(plan(InBands("edf", ("off-peak",)), ready_by_min=420), policy="late"), METER, 70.0),
    (replace(plan(EARLY, ready_by_min=420), policy="late", guarantee=True), METER, 74.0),
    (replace(plan(ANY_PRICE, ready_by_min=420), policy="cheapest"), PRICES, 72.0),
    (replace(plan(ANY_PRICE, ready_by_min=420), policy="cheapest"), PRICES, 60.0),
    (replace(plan(InBands("edf", ("low",)), ready_by_min=420), policy="cheapest", guarantee=True), PRICES, 68.0),
    (replace(plan(InBands("edf", ("low",)), days=WEEKDAYS, ready_by_min=420), guarantee=True), PRICES, 68.0),
)


@pytest.mark.parametrize("name", ["Europe/Paris", "America/Santiago", "Australia/Lord_Howe", "Africa/Casablanca"])
@pytest.mark.parametrize("shape", range(len(POLICIES)))
def test_what_was_chosen_in_the_evening_is_what_the_night_brings(name: str, shape: int) -> None:
    """Chosen anew every minute, from the SoC then, by a car that does as it is told: nothing flaps."""
    wish, prices, soc_pct = POLICIES[shape]
    for change in changes(name)[shape % 2 : shape % 2 + 1]:
        home = home_in(name, wish, prices)
        start = change - timedelta(hours=8)
        evening = project(home, wish, Situation(soc_pct, start, "given"), start)
        memory, now, here = memory_at(start, soc_pct), start, soc_pct
        model = curve_of(home, wish)
        wanted: list[datetime] = []
        while now < start + timedelta(hours=30):
            memory = replace(memory_at(now, here), session=memory.session, counting=memory.counting)
            found = decide(home, home.vehicles["spring"], memory, now).wish
            session = memory.session or Session(Owner.DELCIA, now, here, "window")
            memory = replace(memory, counting=found.plans, session=session if found.wanted else None)
            if found.wanted:
                wanted.append(now)
                here = 100 * soc_after(model, here / 100, 1.0)
            now += MINUTE
        assert wanted
        expected = [item for item in evening.segments if item.start < now]
        off = [
            instant
            for instant in wanted
            if not any(item.start - 2 * MINUTE <= instant < item.end + 2 * MINUTE for item in expected)
        ]
        assert not off, (name, change, off, expected)
        missed = [
            item
            for item in expected
            if item.end - item.start > 4 * MINUTE
            and not {instant for instant in wanted if item.start + 2 * MINUTE <= instant < item.end - 2 * MINUTE}
            >= {i for i in _minutes_of(start, now) if item.start + 2 * MINUTE <= i < item.end - 2 * MINUTE}
        ]
        assert not missed, (name, change, missed)


def _minutes_of(start: datetime, end: datetime) -> list[datetime]:
    return [start + count * MINUTE for count in range(int((end - start) / MINUTE))]


def memory_at(now: datetime, soc_pct: float) -> Memory:
    reading = Reading(now, now, Plug.PLUGGED, Charge.CHARGING, soc_pct)
    return Memory(reading=reading, soc_reading=reading, plugged_since=now)
