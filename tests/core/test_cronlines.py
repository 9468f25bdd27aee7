"""Every real boundary of every window is hit by a line of the crontab, in every zone, by every cron, on every night."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.crons import RECONCILE, fired_by_busybox, fired_by_debian
from support.small_site import band, plan, site, span, tariff
from support.zones import ZONES, nights

from delcia.core.cronlines import CronLine, cron_lines
from delcia.core.model import ClockSeason, Days, InWindows, MonthDays, Once, Plan, Site, Span
from delcia.core.timetable import triggers_of
from delcia.core.triggers import RECONCILE as EVERY_5_MIN
from delcia.core.triggers import Recurring, Single
from delcia.core.windows import windows_of

NOW = datetime(2026, 1, 1, tzinfo=UTC)
MINUTES = (0, 1, 59, 98, 120, 121, 158, 180, 1343, 1439)
MARGIN = timedelta(hours=26)
WORKDAYS = Days(weekdays=(0, 1, 2, 3, 4))


def lines_of(house: Site, wish: Plan, clock: str) -> tuple[CronLine, ...]:
    return cron_lines(triggers_of(house, wish, NOW), clock, NOW)


def boundaries(house: Site, wish: Plan, start: datetime, end: datetime) -> set[datetime]:
    found = set()
    for window in windows_of(house, wish, start, end):
        found |= {window.start, window.end} | ({window.deadline} if window.deadline else set())
    return {instant for instant in found if start <= instant < end}


def missed(house: Site, wish: Plan, clock: str, night: datetime) -> set[tuple[str, datetime]]:
    """Return the boundaries near a night that a cron whose clock is in this zone would not act on in their minute."""
    start, end = night - MARGIN, night + MARGIN
    wanted = boundaries(house, wish, start, end)
    fields = [*(line.fields for line in lines_of(house, wish, clock)), RECONCILE]
    debian, busybox = fired_by_debian(fields, clock, start, end), fired_by_busybox(fields, clock, start, end)
    return {("debian", instant) for instant in wanted - debian} | {("busybox", instant) for instant in wanted - busybox}


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("daemon", ["UTC", "home"])
def test_windows_around_midnight_and_the_nights_of_a_change_are_hit_at_both_ends(zone: str, daemon: str) -> None:
    clock = zone if daemon == "home" else "UTC"
    for begin, length, days in product(MINUTES, (61, 1440), (Days(), WORKDAYS)):
        wish = plan(InWindows((Span(begin, begin + length),)), days=days)
        for night in nights(zone)[:3]:
            assert not missed(site(wish, timezone=zone), wish, clock, night), (begin, length, night)


@pytest.mark.parametrize("zone", ZONES)
def test_a_meter_that_ignores_summer_time_is_hit_by_a_daemon_that_does_not(zone: str) -> None:
    for fixed in ("+01:00", "-03:30"):
        power = tariff(band("off-peak", "22:38-00:38", "01:38-06:38"), zone=fixed)
        wish = plan(days=WORKDAYS, ready_by_min=401)
        for night in nights(zone)[:5]:
            assert not missed(site(wish, timezone=zone, tariff=power), wish, zone, night), (fixed, night)


@pytest.mark.parametrize("clock", ["America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"])
def test_a_daemon_far_from_home_is_right_too(clock: str) -> None:
    wish = plan(InWindows((span("02:38-05:07"),)), days=WORKDAYS, ready_by_min=421)
    for night in (*nights("Europe/Paris"), *nights(clock)):
        assert not missed(site(wish), wish, clock, night)


@pytest.mark.parametrize("zone", ["Europe/Paris", "America/Santiago", "Australia/Lord_Howe"])
def test_a_date_is_hit_whether_its_hour_comes_twice_or_not_at_all(zone: str) -> None:
    for night, hours in product(nights(zone)[:4], range(-5, 6)):
        wish = plan(Once(night.replace(tzinfo=None) + timedelta(hours=hours, minutes=38)), ready_by_min=421)
        for clock in (zone, "UTC"):
            assert not missed(site(wish, timezone=zone), wish, clock, night)


@st.composite
def houses(draw: st.DrawFn) -> tuple[Site, Plan, str, str]:
    zone, clock = draw(st.sampled_from(ZONES)), draw(st.sampled_from(ZONES))
    spans = st.builds(lambda begin, length: Span(begin, begin + length), st.integers(0, 1439), st.integers(1, 1440))
    weekdays = st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days)))
    seasons = st.sampled_from((None, ClockSeason(summer=True), MonthDays((11, 1), (3, 31)), MonthDays((3, 29), (4, 1))))
    days = draw(st.builds(Days, weekdays, seasons))
    when = InWindows(tuple(draw(st.lists(spans, min_size=1, max_size=2))))
    wish = plan(when, days=days, ready_by_min=draw(st.one_of(st.none(), st.integers(0, 1439))))
    return site(wish, timezone=zone), wish, zone, clock


@settings(max_examples=80)
@given(houses(), st.data())
def test_no_boundary_of_any_plan_is_missed_by_any_daemon(
    house: tuple[Site, Plan, str, str], data: st.DataObject
) -> None:
    where, wish, zone, clock = house
    night = data.draw(st.sampled_from((*nights(zone), *nights(clock))))
    assert not missed(where, wish, clock, night)


def shown(lines: Iterable[CronLine]) -> list[str]:
    return [f"{line.fields.replace(chr(9), ' ')}  {line.text}" for line in lines]


def test_a_daemon_at_home_shows_the_times_that_the_owner_wrote() -> None:
    wish = plan(InWindows((span("22:30-06:00"),)), days=WORKDAYS)
    assert shown(lines_of(site(wish), wish, "Europe/Paris")) == [
        "0 5,7 * 3,10 2-6  end 06:00 Europe/Paris (in months in which a clock changes)",
        "0 6 * * 2-6  end 06:00 Europe/Paris",
        "30 21,23 * 3,10 1-5  start 22:30 Europe/Paris (in months in which a clock changes)",
        "30 22 * * 1-5  start 22:30 Europe/Paris",
    ]


def test_a_daemon_in_utc_has_a_line_for_each_offset_of_the_home() -> None:
    wish = plan(InWindows((span("23:30-24:00"),)), days=Days(weekdays=(6,)))
    assert shown(lines_of(site(wish), wish, "UTC")) == [
        "30 21 * 3-10 0  start 23:30 Europe/Paris",
        "0 22 * 3-10 0  end 24:00 Europe/Paris",
        "30 22 * 1-3,10-12 0  start 23:30 Europe/Paris",
        "0 23 * 1-3,10-12 0  end 24:00 Europe/Paris",
    ]


def test_an_hour_that_comes_twice_is_looked_at_in_real_time() -> None:
    wish = plan(InWindows((span("02:38-05:00"),)), days=Days(between=(date(2026, 10, 25), date(2026, 10, 25))))
    twice = [line for line in lines_of(site(wish), wish, "Europe/Paris") if not line.hours]
    assert shown(twice) == ["38 * * 10 0  start 02:38 Europe/Paris (the hour that the clock repeats)"]


def test_an_instant_is_a_date_of_the_daemons_clock() -> None:
    late = Single(datetime.fromisoformat("2026-12-24T23:30+00:00"), "start")
    assert shown(cron_lines([late], "Europe/Paris", NOW)) == ["30 0 25 12 *  start"]
    assert shown(cron_lines([late], "America/New_York", NOW)) == ["30 18 24 12 *  start"]


def test_a_month_that_ends_a_day_later_on_the_daemons_clock_is_hit_on_that_day() -> None:
    evening = Recurring(23 * 60, months=(1,), words="start 00:00 +01:00")
    (line,) = cron_lines([evening], "Asia/Kolkata", NOW)
    assert line.fields == "30\t4\t*\t1-2\t*"
    assert replace(line, words=()) == CronLine(30, (4,), (), (1, 2), (0, 1, 2, 3, 4, 5, 6))


def test_the_line_of_every_five_minutes_is_not_made_here() -> None:
    with pytest.raises(ValueError, match="every 5 minutes"):
        cron_lines([EVERY_5_MIN], "UTC", NOW)
