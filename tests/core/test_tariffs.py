"""Tariffs over real time, against asking each band about each minute."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.small_site import EDF, band, tariff
from support.zones import ZONES, changes

from delcia.core.clock import begin_instant, end_instant, local_date, zone
from delcia.core.days import matches
from delcia.core.model import Band, ClockSeason, Days, MonthDays, Span, Tariff
from delcia.core.tariffs import WHOLE_DAY, band_windows, priced

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)

SPANS = st.builds(
    lambda begin, length: Span(begin, begin + length),
    st.integers(0, 1439),
    st.one_of(st.integers(1, 90), st.just(1440)),
)
DAYS = st.builds(
    Days,
    weekdays=st.sampled_from([(0, 1, 2, 3, 4, 5, 6), (5, 6), (0, 1, 2, 3, 4)]),
    season=st.sampled_from([None, ClockSeason(summer=True), MonthDays((11, 1), (3, 31))]),
)
BANDS = st.builds(
    Band, st.sampled_from("abc"), st.decimals("0.01", "0.99", places=4), st.lists(SPANS, max_size=3).map(tuple), DAYS
)


@st.composite
def tariffs(draw: st.DrawFn) -> tuple[Tariff, datetime]:
    name = draw(st.sampled_from((*ZONES, "+01:00")))
    bands = (*draw(st.lists(BANDS, max_size=3)), Band("last", Decimal("0.2")))
    near = draw(st.sampled_from((*(changes(name) if name in ZONES else ()), datetime(2026, 12, 31, tzinfo=UTC))))
    return Tariff("t", name, "EUR", bands), near - timedelta(minutes=draw(st.integers(0, 1500)))


def band_at(found: Tariff, instant: datetime) -> Band:
    """Return the first band with an occurrence that contains the instant."""
    tz = zone(found.zone)
    today = local_date(instant, tz)
    for item in found.bands:
        for day in (today - 2 * DAY, today - DAY, today, today + DAY):
            if matches(item.days, day, tz) and any(
                begin_instant(day, span.begins_min, tz) <= instant < end_instant(day, span.ends_min, tz)
                for span in item.spans or WHOLE_DAY
            ):
                return item
    raise AssertionError(instant)


@settings(max_examples=60, deadline=None)
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
        for instant in (piece.interval.start, piece.interval.end - MINUTE):
            expected = band_at(found, instant)
            assert (piece.band, piece.price_per_kwh) == (expected.name, expected.price_per_kwh), instant
        middle = piece.interval.start + (piece.interval.end - piece.interval.start) // 2
        assert piece.band == band_at(found, middle).name


@settings(max_examples=60, deadline=None)
@given(tariffs())
def test_the_windows_of_bands_hold_the_same_minutes_as_their_prices(case: tuple[Tariff, datetime]) -> None:
    found, start = case
    end = start + timedelta(hours=30)
    windows = band_windows(found, ("a", "c"), start, end)
    instant = start
    while instant < end:
        inside = any(window.contains(instant) for window in windows)
        assert inside is (band_at(found, instant).name in {"a", "c"}), instant
        instant += 7 * MINUTE


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
