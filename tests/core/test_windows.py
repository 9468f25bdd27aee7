"""When a plan may charge, and by when."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.small_site import band, plan, site, span, tariff
from support.zones import ZONES, changes

from delcia.core.clock import begin_instant, local_date, zone
from delcia.core.model import Days, InBands, InWindows, MonthDays, Once, Plan, Site, StartAt, When
from delcia.core.windows import Window, windows_of

DAY = timedelta(days=1)
MON_FRI = Days(weekdays=(0, 1, 2, 3, 4))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def shown(home: Site, found: tuple[Window, ...]) -> list[str]:
    tz = zone(home.timezone)
    return [f"{w.start.astimezone(tz):%a %H:%M}-{w.end.astimezone(tz):%a %H:%M}" for w in found]


def spans(*texts: str) -> InWindows:
    return InWindows(tuple(span(text) for text in texts))


def test_the_days_of_ready_by_take_sundays_night_and_not_fridays_noon() -> None:
    """A week from Friday: the nights that end on a working day, and the noons before one."""
    wish = plan(spans("01:38-06:38", "12:38-14:38"), days=MON_FRI, ready_by_min=420)
    home = site(wish)
    friday = at("2026-11-20T12:00+01:00")
    assert shown(home, windows_of(home, wish, friday, friday + 4 * DAY)) == [
        "Sun 12:38-Sun 14:38",
        "Mon 01:38-Mon 06:38",
        "Mon 12:38-Mon 14:38",
        "Tue 01:38-Tue 06:38",
    ]


def test_a_night_belongs_to_the_ready_by_of_its_morning() -> None:
    wish = plan(spans("22:00-06:00"), days=MON_FRI, ready_by_min=420)
    home = site(wish)
    friday = at("2026-11-20T12:00+01:00")
    found = windows_of(home, wish, friday, friday + 4 * DAY)
    assert shown(home, found) == ["Sun 22:00-Mon 06:00", "Mon 22:00-Tue 06:00"]
    assert found[0].deadline == at("2026-11-23T07:00+01:00")


def test_without_ready_by_the_days_are_those_on_which_a_window_begins() -> None:
    wish = plan(spans("22:00-06:00"), days=MON_FRI)
    home = site(wish)
    friday = at("2026-11-20T12:00+01:00")
    found = windows_of(home, wish, friday, friday + 4 * DAY)
    assert shown(home, found) == ["Fri 22:00-Sat 06:00", "Mon 22:00-Tue 06:00"]
    assert found[0].deadline is None


def test_the_deadline_of_a_window_may_fall_inside_it() -> None:
    wish = plan(spans("22:00-06:00"), ready_by_min=300)
    home = site(wish)
    noon = at("2026-11-20T12:00+01:00")
    (window,) = windows_of(home, wish, noon, noon + DAY)
    assert window.deadline == at("2026-11-21T05:00+01:00")


@pytest.mark.parametrize(
    ("when", "ready_by_min", "start", "end"),
    [
        (StartAt(1410), None, "2026-11-23T23:30+01:00", "2026-11-24T12:00+01:00"),
        (StartAt(1410), 420, "2026-11-23T23:30+01:00", "2026-11-24T07:00+01:00"),
        (StartAt(1410), 900, "2026-11-23T23:30+01:00", "2026-11-24T12:00+01:00"),
        (StartAt(719), None, "2026-11-23T11:59+01:00", "2026-11-23T12:00+01:00"),
        (StartAt(720), None, "2026-11-23T12:00+01:00", "2026-11-24T12:00+01:00"),
        (Once(datetime(2026, 11, 23, 22)), None, "2026-11-23T22:00+01:00", "2026-11-24T22:00+01:00"),  # noqa: DTZ001
        (Once(datetime(2026, 11, 23, 22)), 420, "2026-11-23T22:00+01:00", "2026-11-24T07:00+01:00"),  # noqa: DTZ001
        (
            Once(datetime(2026, 11, 23, 22), datetime(2026, 11, 24, 2)),  # noqa: DTZ001 - wall times of the site
            None,
            "2026-11-23T22:00+01:00",
            "2026-11-24T02:00+01:00",
        ),
    ],
)
def test_a_start_lasts_until_ready_by_or_noon_and_a_single_window_for_a_day(
    when: When, ready_by_min: int | None, start: str, end: str
) -> None:
    wish = plan(when, ready_by_min=ready_by_min)
    home = site(wish)
    found = windows_of(home, wish, at(start) - timedelta(hours=1), at(start) + timedelta(hours=1))
    assert [(window.start, window.end) for window in found][-1:] == [(at(start), at(end))]


@pytest.mark.parametrize(("day", "hours"), [("2026-10-24", 9), ("2027-03-27", 7), ("2026-11-23", 8)])
def test_a_night_has_its_real_length_when_the_clock_changes(day: str, hours: int) -> None:
    wish = plan(spans("22:00-06:00"))
    home = site(wish)
    noon = begin_instant(date.fromisoformat(day), 720, zone("Europe/Paris"))
    (night,) = windows_of(home, wish, noon, noon + DAY)
    assert night.end - night.start == timedelta(hours=hours)


def test_a_window_inside_the_skipped_hour_is_left_out_that_night() -> None:
    wish = plan(spans("02:10-02:50"))
    home = site(wish)
    evening = at("2027-03-27T20:00+01:00")
    assert shown(home, windows_of(home, wish, evening, evening + 2 * DAY)) == ["Mon 02:10-Mon 02:50"]


def test_a_tariffs_bands_keep_the_tariffs_zone_and_the_plans_days_the_sites() -> None:
    meter = tariff(band("off-peak", "23:30-00:30"), zone="+01:00")
    wish = plan(InBands("edf", ("off-peak",)), days=Days(weekdays=(2,)))
    home = site(wish, tariff=meter)
    monday = at("2026-07-13T12:00+02:00")
    found = windows_of(home, wish, monday, monday + 7 * DAY)
    assert [window.start for window in found] == [at("2026-07-14T23:30+01:00")]  # 00:30 on Wednesday in Paris


def test_a_plans_season_may_wrap_the_year() -> None:
    wish = plan(spans("22:00-06:00"), days=Days(season=MonthDays((11, 1), (3, 31))))
    home = site(wish)
    for start, end, nights in (("2026-10-29", "2026-11-03", 2), ("2027-03-29", "2027-04-03", 3)):
        first, last = (datetime.fromisoformat(f"{day}T12:00+01:00") for day in (start, end))
        assert len(windows_of(home, wish, first, last)) == nights


WHENS = st.one_of(
    st.lists(
        st.sampled_from(["22:00-06:00", "00:00-24:00", "02:30-03:30", "01:00-02:00", "23:50-00:10"]), min_size=1
    ).map(lambda texts: InWindows(tuple(span(text.replace("24:00", "00:00")) for text in texts))),
    st.integers(0, 1439).map(StartAt),
)
PLANS = st.builds(
    lambda when, days, ready: plan(when, days=days, ready_by_min=ready),
    WHENS,
    st.sampled_from([Days(), MON_FRI, Days(weekdays=(6,))]),
    st.one_of(st.none(), st.integers(0, 1439)),
)


@settings(max_examples=100)
@given(PLANS, st.sampled_from(ZONES), st.integers(-1500, 1500), st.integers(0, 3000), st.data())
def test_a_stretch_of_time_has_the_windows_that_a_longer_one_has_there(
    wish: Plan, name: str, offset: int, length: int, data: st.DataObject
) -> None:
    home = site(wish, timezone=name)
    near = data.draw(st.sampled_from((*changes(name), datetime(2026, 12, 31, tzinfo=UTC))))
    start = near + timedelta(minutes=offset)
    end = start + timedelta(minutes=length)
    wide = windows_of(home, wish, start - 4 * DAY, end + 4 * DAY)
    assert windows_of(home, wish, start, end) == tuple(w for w in wide if w.start < end and w.end > start)
    for window in wide:
        judged = window.start if window.deadline is None else window.deadline
        assert local_date(judged, ZoneInfo(name)).weekday() in wish.days.weekdays
        assert window.deadline is None or window.start < window.deadline <= window.start + timedelta(hours=25)


def test_a_disabled_plan_still_has_windows_and_the_site_does_not_list_it() -> None:
    wish = replace(plan(spans("22:00-06:00")), enabled=False)
    assert site(wish).plans_of("spring") == ()
