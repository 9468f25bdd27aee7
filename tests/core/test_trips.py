"""A trip for some hours: so many minutes of charging by an instant, counted once, whatever noons lie between."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from support.small_site import SPRING, plan, site

from delcia.core.planner import project
from delcia.core.state import Charge, Delivered, Memory, Owner, Plug, Reading, Session, Trip
from delcia.core.trips import trip_plan, with_trip
from delcia.core.wishes import settle, situation_of

ASKED = datetime.fromisoformat("2026-11-23T20:00:20+01:00")
BY = datetime.fromisoformat("2026-11-24T14:00+01:00")
NAME = trip_plan("spring")


def minutes_left(memory: Memory, now: datetime) -> list[tuple[str, float]]:
    """Return when the trip's charges begin by the home's clock, and how many minutes they last."""
    home = with_trip(site(plan()), SPRING, memory, now)
    found = project(home, home.plans[NAME], situation_of(home, SPRING, memory, now), now)
    return [
        (f"{part.start.astimezone(BY.tzinfo):%a %H:%M}", (part.end - part.start) / timedelta(minutes=1))
        for part in found.segments
    ]


@pytest.fixture
def memory() -> Memory:
    """Return what is known of a plugged-in car of which three hours of charging are asked by two o'clock."""
    seen = Reading(ASKED, ASKED, Plug.PLUGGED, Charge.IDLE, 30.0)
    trip = Trip(ASKED, BY, 100, minutes=180)
    return Memory(reading=seen, soc_reading=seen, plugged_since=ASKED, override=trip)


def test_it_charges_for_so_long_in_the_cheapest_hours(memory: Memory) -> None:
    # The second begins with a minute that is lost with taking it up again.
    assert minutes_left(memory, ASKED) == [("Tue 04:59", 99.0), ("Tue 12:38", 82.0)]


def test_noon_begins_no_new_count(memory: Memory) -> None:
    eleven, half_past = (datetime.fromisoformat(f"2026-11-24T{time}+01:00") for time in ("11:00", "12:30"))
    session = Session(Owner.PERSON, eleven, 30.0, "trip")
    charging = replace(memory, session=session, counting=(NAME,), counted_at=eleven)
    home = with_trip(site(plan()), SPRING, memory, half_past)
    settled = settle(home, SPRING, charging, half_past)
    begun = ASKED.replace(second=0)
    assert settled.delivered == (Delivered(NAME, begun, 90.0, settled.delivered[0].energy_wall_kwh),)
    assert minutes_left(settled, half_past) == [("Tue 12:30", 8.0), ("Tue 12:38", 82.0)]
    done = replace(settled, delivered=(replace(settled.delivered[0], minutes=180.0),))
    assert minutes_left(done, half_past) == []
