"""Wall time and instants, against brute force over every minute near a change of the clock."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.zones import ZONES, changes

from delcia.core.clock import (
    Fold,
    Gap,
    Unambiguous,
    begin_instant,
    end_instant,
    is_summer,
    local_date,
    resolve,
    zone,
)

MINUTE = timedelta(minutes=1)
MORE_ZONES = (*ZONES, "America/Nuuk", "Africa/Cairo", "Pacific/Apia", "Antarctica/Troll")


@pytest.mark.parametrize("name", MORE_ZONES)
def test_every_minute_near_a_change_of_the_clock_resolves_as_the_clock_shows_it(name: str) -> None:
    """The oracle walks over real minutes and notes what a wall clock shows at each of them."""
    tz = zone(name)
    for change in changes(name)[:8]:
        shown: dict[datetime, list[datetime]] = defaultdict(list)
        instant = change.replace(minute=0) - timedelta(hours=4)
        while instant < change + timedelta(hours=5):
            shown[instant.astimezone(tz).replace(tzinfo=None)].append(instant)
            instant += MINUTE
        walls = sorted(shown)
        wall = walls[0]
        while wall <= walls[-1]:
            instants = shown.get(wall, [])
            found = resolve(wall.date(), wall.hour * 60 + wall.minute, tz)
            if len(instants) == 1:
                assert found == Unambiguous(instants[0]), wall
            elif len(instants) == 2:
                assert found == Fold(*instants), wall
            else:
                after = shown[next(later for later in walls if later > wall)][0]
                assert found == Gap(after), wall
            wall += MINUTE


@pytest.mark.parametrize(
    ("name", "day", "minute", "begins", "ends"),
    [
        ("Europe/Paris", "2027-03-28", 150, "2027-03-28T03:00+02:00", "2027-03-28T03:00+02:00"),
        ("Europe/Paris", "2026-10-25", 150, "2026-10-25T02:30+02:00", "2026-10-25T02:30+01:00"),
        ("Europe/Paris", "2026-10-24", 1440 + 150, "2026-10-25T02:30+02:00", "2026-10-25T02:30+01:00"),
        ("Europe/Paris", "2026-10-25", 120, "2026-10-25T02:00+02:00", "2026-10-25T02:00+01:00"),
        ("Europe/Paris", "2026-10-25", 180, "2026-10-25T03:00+01:00", "2026-10-25T03:00+01:00"),
        ("Europe/Dublin", "2027-03-28", 90, "2027-03-28T02:00+01:00", "2027-03-28T02:00+01:00"),
        ("Australia/Lord_Howe", "2026-10-04", 135, "2026-10-04T02:30+11:00", "2026-10-04T02:30+11:00"),
        ("Australia/Lord_Howe", "2027-04-04", 105, "2027-04-04T01:45+11:00", "2027-04-04T01:45+10:30"),
        ("America/Santiago", "2026-09-06", 0, "2026-09-06T01:00-03:00", "2026-09-06T01:00-03:00"),
        ("America/Santiago", "2026-09-05", 1440, "2026-09-06T01:00-03:00", "2026-09-06T01:00-03:00"),
        ("Atlantic/Azores", "2026-10-25", 30, "2026-10-25T00:30+00:00", "2026-10-25T00:30-01:00"),
        ("+01:00", "2026-07-01", 150, "2026-07-01T02:30+01:00", "2026-07-01T02:30+01:00"),
        ("-03:30", "2026-07-01", 150, "2026-07-01T02:30-03:30", "2026-07-01T02:30-03:30"),
    ],
)
def test_a_skipped_time_means_the_end_of_the_gap_and_a_repeated_hour_is_used_whole(
    name: str, day: str, minute: int, begins: str, ends: str
) -> None:
    tz, when = zone(name), date.fromisoformat(day)
    assert begin_instant(when, minute, tz) == datetime.fromisoformat(begins)
    assert end_instant(when, minute, tz) == datetime.fromisoformat(ends)
    assert begin_instant(when, minute, tz).tzinfo is UTC


@given(
    st.sampled_from(ZONES),
    st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2030, 1, 1)),  # noqa: DTZ001 - given UTC below
)
def test_an_instant_is_among_those_that_its_own_wall_time_means(name: str, naive: datetime) -> None:
    instant = naive.replace(second=0, microsecond=0, tzinfo=UTC)
    tz = zone(name)
    wall = instant.astimezone(tz)
    minute = wall.hour * 60 + wall.minute
    assert instant in {begin_instant(wall.date(), minute, tz), end_instant(wall.date(), minute, tz)}
    assert local_date(instant, tz) == wall.date()


@pytest.mark.parametrize(
    ("name", "day", "summer"),
    [
        ("Europe/Paris", "2026-07-14", True),
        ("Europe/Paris", "2026-12-25", False),
        ("Europe/Paris", "2026-10-25", False),  # the day of the change belongs to what holds at noon
        ("Europe/Paris", "2027-03-28", True),
        ("Europe/Dublin", "2026-07-14", True),  # the zone's data calls winter the exception
        ("Europe/Dublin", "2026-12-25", False),
        ("America/Santiago", "2026-12-25", True),
        ("America/Santiago", "2026-07-14", False),
        ("Australia/Lord_Howe", "2026-12-25", True),
        ("Australia/Lord_Howe", "2026-07-14", False),
        ("Africa/Casablanca", "2026-07-14", True),
        ("Africa/Casablanca", "2026-03-01", False),  # Ramadan
        ("Asia/Kolkata", "2026-07-14", False),
        ("UTC", "2026-07-14", False),
        ("+01:00", "2026-07-14", False),
    ],
)
def test_summer_time_is_told_by_the_offset_at_noon(name: str, day: str, *, summer: bool) -> None:
    assert is_summer(date.fromisoformat(day), zone(name)) is summer


def test_a_zone_is_a_name_or_a_fixed_offset() -> None:
    assert zone("Europe/Paris") is ZoneInfo("Europe/Paris")
    assert zone("+05:30") == timezone(timedelta(hours=5, minutes=30))
    assert zone("-00:30") == timezone(timedelta(minutes=-30))


@pytest.mark.parametrize("name", ["", "Europe/Lutetia", "+1", "+25:00", "+aa:00", "../etc/passwd", "/etc/localtime"])
def test_a_zone_that_does_not_exist_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="no such time zone"):
        zone(name)
