"""Tariffs over real time, against asking each band about each minute."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.small_site import EDF, band, tariff
from support.zones import ZONES, changes

from delcia.core.clock import begin_instant, end_instant, local_date, zone
from delcia.core.days import matches
from delcia.core.model import Band, ClockSeason, Days, Guard, MonthDays, Span, Tariff
from delcia.core.tariffs import band_windows, priced

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)

SPANS = st.builds(
    lambda begin, length: Span(begin, begin + length),
    st.integers(0, 1439),
    st.one_of(st.integers(1, 90), st.just(1440)),
)
CALENDARS = st.lists(
    st.sampled_from(
        sorted({(change + n * DAY).date() for name in ZONES for change in changes(name) for n in (-2, -1, 0, 1)})
    ),
    max_size=40,
).map(tuple)
DAYS = st.builds(
    Days,
    weekdays=st.sampled_from([(0, 1, 2, 3, 4, 5, 6), (5, 6), (0, 1, 2, 3, 4), ()]),
    season=st.sampled_from([None, ClockSeason(summer=True), MonthDays((11, 1), (3, 31))]),
    between=st.sampled_from([None, None, (date(2026, 10, 25), date(2027, 3, 28))]),
    included=CALENDARS,
    excluded=CALENDARS,
)
BANDS = st.builds(
    Band, st.sampled_from("abc"), st.decimals("0.01", "0.99", places=4), st.lists(SPANS, max_size=3).map(tuple), DAYS
)


@st.composite
def tariffs(draw: st.DrawFn) -> tuple[Tariff, datetime]:
    name = draw(st.sampled_from((*ZONES, "+01:00")))
    found = Tariff(
        "t",
        name,
        "EUR",
        (*draw(st.lists(BANDS, max_size=3)), Band("last", Decimal("0.2"))),
        surcharges=tuple(draw(st.one_of(st.just([]), st.lists(BANDS, max_size=3)))),
        day_starts_min=draw(st.one_of(st.just(0), st.just(360), st.integers(0, 1439))),
        guard=draw(st.one_of(st.just(Guard()), st.builds(Guard, st.integers(0, 60), st.integers(0, 60)))),
    )
    near = draw(st.sampled_from((*(changes(name) if name in ZONES else ()), datetime(2026, 12, 31, tzinfo=UTC))))
    return found, near - timedelta(minutes=draw(st.integers(0, 1500)))


def first_at(found: Tariff, layer: tuple[Band, ...], instant: datetime) -> Band | None:
    """Return the first band with an occurrence that contains the instant, by the wall times of its day alone."""
    tz = zone(found.zone)
    today = local_date(instant, tz)
    for item in layer:
        for back in (3, 2, 1, 0, -1):
            named = today - back * DAY
            if matches(item.days, named, tz) and any(
                begin <= instant < end for begin, end in occurrences(found, item, named)
            ):
                return item
    return None


def occurrences(found: Tariff, item: Band, named: date) -> list[tuple[datetime, datetime]]:
    """Return the spans of a band that belong to a day of the tariff, as instants."""
    tz, starts = zone(found.zone), found.day_starts_min
    if not item.spans:
        return [(begin_instant(named, starts, tz), end_instant(named + DAY, starts, tz))]
    days = [(named if one.begins_min >= starts else named + DAY, one) for one in item.spans]
    return [(begin_instant(day, one.begins_min, tz), end_instant(day, one.ends_min, tz)) for day, one in days]


def band_at(found: Tariff, instant: datetime) -> Band:
    band = first_at(found, found.bands, instant)
    assert band is not None
    return band


def price_at(found: Tariff, instant: datetime) -> Decimal:
    extra = first_at(found, found.surcharges, instant)
    return band_at(found, instant).price_per_kwh + (extra.price_per_kwh if extra else 0)


@settings(max_examples=100)
@given(tariffs(), st.integers(1, 1600))
def test_prices_cover_time_without_hole_or_overlap_and_are_those_of_each_minute(
    case: tuple[Tariff, datetime], length: int
) -> None:
    found, start = case
    pieces = priced(found, start, start + length * MINUTE)
    assert pieces[0].interval.start == start
    assert pieces[-1].interval.end == start + length * MINUTE
    assert all(one.interval.end == other.interval.start for one, other in pairwise(pieces))
    for piece in pieces:
        middle = piece.interval.start + (piece.interval.end - piece.interval.start) // 2
        for instant in (piece.interval.start, middle, piece.interval.end - MINUTE):
            assert piece.band == band_at(found, instant).name, instant
            assert piece.price_per_kwh == price_at(found, instant), instant


@settings(max_examples=60)
@given(tariffs())
def test_the_windows_of_bands_hold_the_same_minutes_as_their_prices(case: tuple[Tariff, datetime]) -> None:
    found, start = case
    end = start + timedelta(hours=30)
    names, guard = ("a", "c"), found.guard
    windows = band_windows(found, names, start, end)

    @cache
    def wanted(instant: datetime) -> bool:
        extra = first_at(found, found.surcharges, instant)
        return band_at(found, instant).name in names or (extra is not None and extra.name in names)

    for minute in range(0, 30 * 60, 7):
        instant = start + minute * MINUTE
        inside = any(window.contains(instant) for window in windows)
        near = (instant + near * MINUTE for near in range(-guard.start_min, guard.end_min + 1))
        assert inside is all(wanted(one) for one in near), instant


def test_a_guard_shortens_windows_and_leaves_prices_alone() -> None:
    drifting = replace(EDF, guard=Guard(2, 3))
    start = datetime.fromisoformat("2026-11-23T00:00+01:00").astimezone(UTC)
    windows = band_windows(drifting, ("off-peak",), start, start + DAY)
    assert [(f"{w.start:%H:%M}", f"{w.end:%H:%M}") for w in windows] == [("00:40", "05:35"), ("11:40", "13:35")]
    assert priced(drifting, start, start + DAY) == priced(EDF, start, start + DAY)


def test_a_guard_opens_no_gap_between_two_wanted_windows() -> None:
    free = tariff(band("weekend", days=Days(weekdays=(5, 6))), band("night", "22:00-06:00"))
    friday = datetime.fromisoformat("2026-11-20T12:00+01:00").astimezone(UTC)
    found = band_windows(replace(free, guard=Guard(2, 3)), ("weekend", "night"), friday, friday + 3 * DAY)
    local = [
        f"{w.start.astimezone(zone('Europe/Paris')):%a %H:%M}-{w.end.astimezone(zone('Europe/Paris')):%a %H:%M}"
        for w in found
    ]
    assert local == ["Fri 22:02-Sat 00:00", "Sat 00:00-Sun 00:00", "Sun 00:00-Mon 00:00", "Mon 00:00-Mon 05:57"]


def test_the_night_after_a_day_keeps_that_days_colour_when_the_tariffs_day_starts_at_six() -> None:
    red = Days(weekdays=(), included=(date(2026, 12, 14),))
    tempo = replace(
        tariff(band("red-low", "22:00-06:00", days=red), band("red", days=red), band("low", "22:00-06:00")),
        day_starts_min=360,
    )
    start = datetime.fromisoformat("2026-12-14T00:00+01:00").astimezone(UTC)
    found = [
        (f"{piece.interval.start.astimezone(zone('Europe/Paris')):%a %H:%M}", piece.band)
        for piece in priced(tempo, start, start + 2 * DAY)
    ]
    assert found == [
        ("Mon 00:00", "low"),
        ("Mon 06:00", "red"),
        ("Mon 22:00", "red-low"),
        ("Tue 06:00", "peak"),
        ("Tue 22:00", "low"),
    ]


def test_the_first_surcharge_that_matches_adds_and_outside_of_all_nothing_does() -> None:
    grid = replace(
        EDF, surcharges=(band("low", "02:00-05:00", price="-0.05"), band("high", "17:00-20:00", price="0.1"))
    )
    start = datetime.fromisoformat("2026-11-23T00:00+01:00").astimezone(UTC)
    assert [
        (f"{piece.interval.start.astimezone(zone('Europe/Paris')):%H:%M}", piece.band, str(piece.price_per_kwh))
        for piece in priced(grid, start, start + DAY)
    ] == [
        ("00:00", "peak", "0.2065"),
        ("01:38", "off-peak", "0.15"),
        ("02:00", "off-peak", "0.10"),
        ("05:00", "off-peak", "0.15"),
        ("06:38", "peak", "0.2065"),
        ("12:38", "off-peak", "0.15"),
        ("14:38", "peak", "0.2065"),
        ("17:00", "peak", "0.3065"),
        ("20:00", "peak", "0.2065"),
    ]
    assert [window.minutes for window in band_windows(grid, ("low",), start, start + DAY)] == [180]


def test_the_bands_of_a_plain_day() -> None:
    start = datetime.fromisoformat("2026-11-23T00:00+01:00").astimezone(UTC)
    local = [
        (f"{piece.interval.start.astimezone(zone('Europe/Paris')):%H:%M}", piece.band)
        for piece in priced(EDF, start, start + DAY)
    ]
    assert local == [
        ("00:00", "peak"),
        ("01:38", "off-peak"),
        ("06:38", "peak"),
        ("12:38", "off-peak"),
        ("14:38", "peak"),
    ]


@pytest.mark.parametrize(
    ("day", "hours"), [("2026-11-23", 8), ("2026-10-24", 9), ("2027-03-27", 7)], ids=["plain", "autumn", "spring"]
)
def test_a_night_is_nine_hours_long_when_the_clock_goes_back_and_seven_when_it_goes_forward(
    day: str, hours: int
) -> None:
    nights = tariff(band("off-peak", "22:00-06:00"))
    noon = begin_instant(date.fromisoformat(day), 720, zone("Europe/Paris"))
    (night,) = band_windows(nights, ("off-peak",), noon, noon + DAY)
    assert night.minutes == 60 * hours


def test_a_meter_that_ignores_summer_time_keeps_its_own_hours() -> None:
    meter = tariff(band("off-peak", "22:30-06:30"), zone="+01:00")
    for day in ("2026-10-24", "2026-07-14", "2027-03-27"):
        noon = datetime.fromisoformat(f"{day}T12:00+01:00")
        (night,) = band_windows(meter, ("off-peak",), noon, noon + DAY)
        assert night.start == datetime.fromisoformat(f"{day}T22:30+01:00")
        assert night.minutes == 480


def test_windows_that_touch_are_not_merged_and_midnight_does_not_split_one() -> None:
    touching = tariff(band("off-peak", "20:00-22:00"), band("off-peak", "22:00-06:00"))
    noon = datetime(2026, 11, 23, 11, tzinfo=UTC)
    assert [window.minutes for window in band_windows(touching, ("off-peak",), noon, noon + DAY)] == [120, 480]


def test_a_span_belongs_to_the_day_on_which_it_begins() -> None:
    weekend = tariff(band("off-peak", "22:00-06:00", days=Days(weekdays=(6,))))
    sunday_noon = datetime.fromisoformat("2026-11-22T12:00+01:00")
    found = band_windows(weekend, ("off-peak",), sunday_noon - 2 * DAY, sunday_noon + 3 * DAY)
    assert [window.start for window in found] == [datetime.fromisoformat("2026-11-22T22:00+01:00")]
