"""Every real boundary of every window is an instant of a trigger, in every zone and on every night."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.small_site import EDF, band, plan, site, span, tariff
from support.zones import ZONES, nights

from delcia.core.model import (
    Band,
    ClockSeason,
    Days,
    Guard,
    InBands,
    InWindows,
    MonthDays,
    Once,
    Plan,
    Site,
    Span,
    StartAt,
    When,
)
from delcia.core.timetable import live_plans, triggers_of
from delcia.core.triggers import Trigger, calendar_text, fires
from delcia.core.windows import windows_of

NOW = datetime(2026, 1, 1, tzinfo=UTC)
WEEKDAYS = Days(weekdays=(0, 1, 2, 3, 4))
MINUTES = (0, 1, 29, 30, 31, 59, 60, 90, 119, 120, 121, 150, 179, 180, 210, 1320, 1380, 1410, 1439)


def boundaries(house: Site, wish: Plan, start: datetime, end: datetime) -> set[datetime]:
    """Return the real boundaries of a plan in a stretch of time."""
    found = set()
    for window in windows_of(house, wish, start, end):
        found |= {window.start, window.end} | ({window.deadline} if window.deadline else set())
    return {instant for instant in found if start <= instant < end}


def instants(triggers: Iterable[Trigger], start: datetime, end: datetime) -> set[datetime]:
    return {instant for trigger in triggers for instant in fires(trigger, start, end)}


def missed(house: Site, wish: Plan, start: datetime, end: datetime) -> set[datetime]:
    """Return the boundaries that no trigger hits."""
    return boundaries(house, wish, start, end) - instants(triggers_of(house, wish, NOW), start, end)


def missed_at_night(house: Site, wish: Plan, zone: str) -> set[datetime]:
    margin = timedelta(hours=60)
    return {instant for night in nights(zone) for instant in missed(house, wish, night - margin, night + margin)}


@pytest.mark.parametrize("zone", ZONES)
def test_windows_around_midnight_and_the_nights_of_a_change_are_hit_at_both_ends(zone: str) -> None:
    for begin, length in product(MINUTES, (1, 61, 1440)):
        wish = plan(InWindows((Span(begin, begin + length),)), days=WEEKDAYS)
        assert not missed_at_night(site(wish, timezone=zone), wish, zone), (begin, length)


@pytest.mark.parametrize("zone", ZONES)
def test_a_time_to_be_ready_is_hit_and_so_is_the_window_before_it(zone: str) -> None:
    for begin, ready, weekday in product(MINUTES[::3], MINUTES[1::3], (0, 6)):
        wish = plan(InWindows((Span(begin, begin + 240),)), days=Days(weekdays=(weekday,)), ready_by_min=ready)
        assert not missed_at_night(site(wish, timezone=zone), wish, zone), (begin, ready, weekday)


@pytest.mark.parametrize("weekday", [5, 6])
def test_an_hour_skipped_at_midnight_belongs_to_the_day_after(weekday: int) -> None:
    wish = plan(InWindows((span("23:30-05:00"),)), days=Days(weekdays=(weekday,)))
    assert not missed_at_night(site(wish, timezone="America/Nuuk"), wish, "America/Nuuk")


def test_a_window_that_begins_in_a_skipped_hour_before_ready_by_is_hit_at_its_end() -> None:
    wish = plan(InWindows((span("02:10-05:00"),)), days=Days(weekdays=(0,)), ready_by_min=150)
    start, end = datetime(2027, 3, 28, tzinfo=UTC), datetime(2027, 3, 28, 12, tzinfo=UTC)
    assert boundaries(site(wish), wish, start, end) == {
        datetime.fromisoformat("2027-03-28T03:00+02:00"),
        datetime.fromisoformat("2027-03-28T05:00+02:00"),
    }
    assert not missed(site(wish), wish, start, end)


@pytest.mark.parametrize("zone", ZONES)
def test_bands_that_cut_each_other_are_hit_where_they_do(zone: str) -> None:
    weekend = Days(weekdays=(5, 6))
    power = tariff(
        band("weekend", days=weekend),
        band("super", "02:00-03:30"),
        band("night", "22:00-06:00", days=Days(weekdays=(0, 2, 3, 4, 6))),
        zone=zone,
    )
    for names, days, ready in product(
        (("super",), ("night",), ("peak",), ("weekend", "night")),
        (Days(), WEEKDAYS, Days(weekdays=(6,))),
        (None, 0, 150, 420),
    ):
        wish = plan(InBands("edf", names), days=days, ready_by_min=ready)
        assert not missed_at_night(site(wish, timezone=zone, tariff=power), wish, zone), (names, days, ready)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("fixed", ["+01:00", "-03:30", "+10:30"])
def test_a_meter_that_ignores_summer_time_is_hit_whatever_the_days_of_the_home(zone: str, fixed: str) -> None:
    power = tariff(band("off-peak", "22:30-00:30", "01:38-06:38", days=Days(weekdays=(1, 2, 6))), zone=fixed)
    for days, ready in product((Days(), Days(weekdays=(2,))), (None, 90, 1350)):
        wish = plan(days=days, ready_by_min=ready)
        assert not missed_at_night(site(wish, timezone=zone, tariff=power), wish, zone), (days, ready)


@pytest.mark.parametrize("zone", ZONES)
def test_a_start_without_an_end_is_hit_a_day_later(zone: str) -> None:
    for begin, ready in product(MINUTES, (None, 150)):
        wish = plan(StartAt(begin), days=WEEKDAYS, ready_by_min=ready)
        assert not missed_at_night(site(wish, timezone=zone), wish, zone), (begin, ready)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(
    "season",
    [MonthDays((11, 1), (3, 31)), MonthDays((3, 29), (3, 29)), ClockSeason(summer=True), ClockSeason(summer=False)],
)
def test_a_season_is_hit_from_its_first_window_to_its_last(zone: str, season: MonthDays | ClockSeason) -> None:
    start, end = datetime(2026, 1, 3, tzinfo=UTC), datetime(2029, 12, 29, tzinfo=UTC)
    for days, ready in ((Days(season=season), None), (Days(weekdays=(0, 6), season=season), 390)):
        wish = plan(InWindows((span("23:30-05:00"),)), days=days, ready_by_min=ready)
        assert not missed(site(wish, timezone=zone), wish, start, end)


@pytest.mark.parametrize("zone", ZONES)
def test_a_date_is_hit_to_the_minute(zone: str) -> None:
    for night in nights(zone):
        for hours in range(-30, 30):
            begins = night.replace(tzinfo=None) + timedelta(hours=hours, minutes=30)
            for ends, ready in ((None, None), (None, 420), (begins + timedelta(hours=5), None)):
                wish = plan(Once(begins, ends), ready_by_min=ready)
                assert not missed(site(wish, timezone=zone), wish, night - timedelta(days=4), night + timedelta(days=4))


CALENDAR_DATES = tuple(
    sorted({(night + timedelta(days=day)).date() for zone in ZONES for night in nights(zone) for day in (-1, 0, 1)})
)
MINUTE_OF_DAY = st.one_of(st.sampled_from(MINUTES), st.integers(0, 1439))
SPANS = st.builds(lambda begin, length: Span(begin, begin + length), MINUTE_OF_DAY, st.integers(1, 1440))
SOME_WEEKDAYS = st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days)))
DATES = st.dates(date(2026, 1, 1), date(2029, 12, 31))
SEASONS = st.one_of(
    st.none(),
    st.builds(ClockSeason, st.booleans()),
    st.builds(lambda a, b: MonthDays((a.month, a.day), (b.month, b.day)), DATES, DATES),
)
BETWEEN = st.one_of(st.none(), st.none(), st.tuples(DATES, DATES).map(lambda two: (min(two), max(two))))
CALENDARS = st.one_of(
    st.just(()), st.lists(st.sampled_from(CALENDAR_DATES), max_size=9).map(lambda days: tuple(sorted(set(days))))
)
DAYS = st.one_of(
    st.just(Days()), st.builds(Days, st.one_of(st.just(()), SOME_WEEKDAYS), SEASONS, BETWEEN, CALENDARS, CALENDARS)
)
GUARDS = st.one_of(st.just(Guard()), st.builds(Guard, st.sampled_from((0, 2, 40)), st.sampled_from((0, 3, 60))))
TARIFF_ZONES = st.one_of(st.sampled_from(ZONES), st.sampled_from(("+01:00", "-09:30", "+14:00")))


@st.composite
def houses(draw: st.DrawFn) -> tuple[Site, Plan, str]:
    zone = draw(st.sampled_from(ZONES))
    bands = [
        Band(f"band-{number}", Decimal("0.2"), tuple(draw(st.lists(SPANS, max_size=2))), draw(DAYS))
        for number in range(draw(st.integers(1, 4)))
    ]
    extras = draw(st.integers(0, len(bands) - 1))
    power = replace(
        tariff(*bands[extras:], zone=draw(st.one_of(st.just(zone), TARIFF_ZONES))),
        surcharges=tuple(bands[:extras]),
        day_starts_min=draw(st.one_of(st.just(0), MINUTE_OF_DAY)),
        guard=draw(GUARDS),
    )
    known = [item.name for item in (*power.bands, *power.surcharges)]
    names = draw(st.sets(st.sampled_from(known), min_size=1))
    when: When = draw(
        st.one_of(
            st.just(InBands("edf", tuple(sorted(names)))),
            st.builds(InWindows, st.lists(SPANS, min_size=1, max_size=2).map(tuple)),
            st.builds(StartAt, MINUTE_OF_DAY),
        )
    )
    wish = plan(when, days=draw(DAYS), ready_by_min=draw(st.one_of(st.none(), MINUTE_OF_DAY)))
    return site(wish, timezone=zone, tariff=power), wish, zone


@settings(max_examples=250)
@given(houses(), st.data())
def test_no_boundary_of_any_plan_is_missed(house: tuple[Site, Plan, str], data: st.DataObject) -> None:
    where, wish, zone = house
    night = data.draw(st.sampled_from(nights(zone)))
    assert not missed(where, wish, night - timedelta(hours=60), night + timedelta(hours=60))


def test_a_plan_that_is_disabled_or_over_does_not_live() -> None:
    evening = Once(datetime.fromisoformat("2026-12-24T22:00"))
    advent = Days(between=(date(2026, 12, 1), date(2026, 12, 24)))
    plans = [
        replace(plan(name="off"), enabled=False),
        plan(name="on"),
        plan(evening, name="once"),
        plan(name="advent", days=advent),
        plan(InBands("edf", ("gift",)), name="gift"),
    ]
    meter = tariff(band("gift", "01:00-05:00", days=advent), band("off-peak", "01:38-06:38", "12:38-14:38"))
    house = site(*plans, tariff=meter)

    def alive(text: str) -> list[str]:
        return [found.name for found in live_plans(house, datetime.fromisoformat(text))]

    assert alive("2026-11-01T12:00+01:00") == ["advent", "gift", "on", "once"]
    assert alive("2026-12-24T04:59+01:00") == ["advent", "gift", "on", "once"]
    assert alive("2026-12-24T05:00+01:00") == ["advent", "on", "once"]
    assert alive("2026-12-24T14:37+01:00") == ["advent", "on", "once"]
    assert alive("2026-12-24T14:38+01:00") == ["on", "once"]
    assert alive("2026-12-25T21:59+01:00") == ["on", "once"]
    assert alive("2026-12-25T22:00+01:00") == ["on"]


def test_a_date_beyond_all_calendars_is_no_trouble() -> None:
    wish = plan(days=Days(between=(date(1, 1, 1), date.max)))
    texts = [calendar_text(trigger) for trigger in triggers_of(site(wish), wish, NOW)]
    assert texts[0] == "1970..2199-01..03,10..12-* 00:38:00 UTC"
    assert live_plans(site(wish), NOW) == (wish,)


def test_a_plan_that_waits_for_dates_is_over_after_the_last_one() -> None:
    trips = Days(weekdays=(), included=(date(2026, 12, 14), date(2027, 1, 11)))
    wish, other = plan(days=trips), plan(name="red", days=replace(trips, included=()))
    house = site(wish, other)

    def alive(text: str) -> list[str]:
        return [found.name for found in live_plans(house, datetime.fromisoformat(text))]

    assert alive("2026-11-01T12:00+01:00") == ["nights"]
    assert alive("2027-01-11T14:37+01:00") == ["nights"]
    assert alive("2027-01-11T14:38+01:00") == []


def test_a_plan_on_dates_looks_every_day_so_that_new_dates_change_no_timer() -> None:
    trips = Days(weekdays=(), included=(date(2026, 12, 14),))
    wish = plan(InWindows((span("22:30-06:00"),)), days=trips)
    assert [calendar_text(trigger) for trigger in triggers_of(site(wish), wish, NOW)] == [
        "*-01..03,10..12-* 21:30:00 UTC",
        "*-03..10-* 20:30:00 UTC",
        "*-01..03,10..12-* 05:00:00 UTC",
        "*-03..10-* 04:00:00 UTC",
    ]


def test_a_guard_moves_the_triggers_and_says_so() -> None:
    power = replace(EDF, guard=Guard(2, 3))
    wish = plan()
    assert [trigger.words for trigger in triggers_of(site(wish, tariff=power), wish, NOW)][:4] == [
        "start 01:38 Europe/Paris (UTC+1), 2 min later",
        "start 01:38 Europe/Paris (UTC+2), 2 min later",
        "end 06:38 Europe/Paris (UTC+1), 3 min earlier",
        "end 06:38 Europe/Paris (UTC+2), 3 min earlier",
    ]


def test_the_triggers_of_a_plan_say_what_its_owner_wrote() -> None:
    wish = plan(InWindows((span("22:30-06:00"),)), days=WEEKDAYS)
    assert [(calendar_text(trigger), trigger.words) for trigger in triggers_of(site(wish), wish, NOW)] == [
        ("Mon..Fri *-01..03,10..12-* 21:30:00 UTC", "start 22:30 Europe/Paris (UTC+1)"),
        ("Mon..Fri *-03..10-* 20:30:00 UTC", "start 22:30 Europe/Paris (UTC+2)"),
        ("Tue..Sat *-01..03,10..12-* 05:00:00 UTC", "end 06:00 Europe/Paris (UTC+1)"),
        ("Tue..Sat *-03..10-* 04:00:00 UTC", "end 06:00 Europe/Paris (UTC+2)"),
    ]


def test_a_meter_without_summer_time_needs_one_line_for_each_boundary() -> None:
    wish, meter = plan(), tariff(band("off-peak", "01:38-06:38"), zone="+01:00")
    assert [
        (calendar_text(trigger), trigger.words) for trigger in triggers_of(site(wish, tariff=meter), wish, NOW)
    ] == [
        ("*-*-* 00:38:00 UTC", "start 01:38 (UTC+1)"),
        ("*-*-* 05:38:00 UTC", "end 06:38 (UTC+1)"),
    ]
