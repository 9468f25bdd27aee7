"""Triggers fire when systemd says that their calendar text elapses."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.small_site import band, plan, site, tariff
from support.systemd_calendar import elapses, needs_systemd_analyze
from support.zones import ZONES, nights

from delcia.core.model import Days, InBands, InWindows, MonthDays, Plan, Site, Span, StartAt
from delcia.core.timetable import triggers_of
from delcia.core.triggers import RECONCILE, Every, Recurring, Single, Trigger, calendar_text, fires
from delcia.core.windows import windows_of

NOW = datetime(2026, 1, 1, tzinfo=UTC)
AROUND = timedelta(hours=36)
HIT = timedelta(seconds=60)
LONG = timedelta(days=366 * 12)


def test_a_trigger_is_written_as_systemd_reads_it() -> None:
    assert calendar_text(Recurring(98)) == "*-*-* 01:38:00 UTC"
    assert calendar_text(Recurring(1379, (0, 1, 2, 3, 6), (3, 10))) == "Mon..Thu,Sun *-03,10-* 22:59:00 UTC"
    assert (
        calendar_text(Recurring(0, (5,), (1, 2, 3, 11, 12), (2026, 2027)))
        == "Sat 2026,2027-01..03,11,12-* 00:00:00 UTC"
    )
    assert calendar_text(Single(datetime(2026, 12, 24, 21, 0, tzinfo=UTC))) == "2026-12-24 21:00:00 UTC"
    assert calendar_text(RECONCILE) == "*-*-* *:00/5:00 UTC"


def test_an_instant_at_the_beginning_counts_and_one_at_the_end_does_not() -> None:
    noon = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    day = timedelta(days=1)
    assert list(fires(Recurring(720), noon, noon + day)) == [noon]
    assert list(fires(Single(noon), noon, noon + day)) == [noon]
    assert list(fires(Single(noon), noon - day, noon)) == []
    assert list(fires(Every(5), noon, noon + timedelta(minutes=6))) == [noon, noon + timedelta(minutes=5)]
    late = noon + timedelta(seconds=1)
    assert list(fires(Every(5), late, late + timedelta(minutes=5))) == [noon + timedelta(minutes=5)]


TRIGGERS = st.one_of(
    st.builds(
        lambda minute, weekdays, months, years: Recurring(
            minute, tuple(sorted(weekdays)), tuple(sorted(months)), tuple(sorted(years))
        ),
        st.integers(0, 1439),
        st.sets(st.integers(0, 6), min_size=1),
        st.sets(st.integers(1, 12), min_size=1),
        st.sets(st.integers(2026, 2032)),
    ),
    st.builds(
        lambda minutes: Single(NOW + timedelta(minutes=minutes)),
        st.integers(1, 4 * 365 * 1440),
    ),
    st.sampled_from((5, 10, 15)).map(Every),
)


@needs_systemd_analyze
@settings(max_examples=30)
@given(st.lists(TRIGGERS, min_size=1, max_size=60), st.integers(0, 3 * 365 * 1440))
def test_systemd_fires_when_we_say(triggers: list[Trigger], minutes: int) -> None:
    base = NOW + timedelta(minutes=minutes)
    texts = [calendar_text(trigger) for trigger in triggers]
    after = base + timedelta(seconds=1)  # systemd looks for what comes after its base
    for trigger, text, real in zip(triggers, texts, elapses(texts, base, 12), strict=True):
        if len(real) < 12:
            assert list(fires(trigger, after, after + LONG)) == real, text
        else:
            assert list(fires(trigger, after, real[-1] + HIT)) == real, text


def wishes(zone: str) -> list[tuple[Site, Plan]]:
    """Return plans whose boundaries lie round midnight and in the hours that a clock repeats or skips."""
    some = Days(weekdays=(0, 1, 2, 3, 4)), Days(weekdays=(5, 6)), Days(season=MonthDays((11, 1), (3, 31)))
    found = [
        plan(InWindows((Span(begin, begin + length),)), days=days, ready_by_min=ready)
        for begin, length, days, ready in product(
            (0, 30, 61, 90, 120, 150, 180, 1335, 1425), (90, 480), (Days(), *some), (None, 135)
        )
    ]
    found += [plan(StartAt(begin), days=days) for begin, days in product((15, 60, 150, 1410), some)]
    banded = [
        plan(InBands("edf", names), days=days, ready_by_min=ready)
        for names, days, ready in product((("off-peak",), ("peak",)), (Days(), *some), (None, 420))
    ]
    meters = (
        tariff(band("super", "02:00-03:30"), band("off-peak", "22:45-06:15", days=some[0]), zone=zone),
        tariff(band("off-peak", "22:45-06:15", "12:30-14:30"), zone="+01:00"),
    )
    return [
        *((site(wish, timezone=zone), wish) for wish in found),
        *((site(wish, timezone=zone, tariff=meter), wish) for wish, meter in product(banded, meters)),
    ]


@needs_systemd_analyze
@pytest.mark.parametrize("zone", ZONES)
def test_systemd_hits_every_boundary_within_a_minute(zone: str) -> None:
    plans = [(house, wish, triggers_of(house, wish, NOW)) for house, wish in wishes(zone)]
    texts = sorted({calendar_text(trigger) for _, _, triggers in plans for trigger in triggers})
    hit = 0
    for night in nights(zone):
        start, end = night - AROUND, night + AROUND
        real = dict(zip(texts, elapses(texts, start - HIT, 5), strict=True))
        for house, wish, triggers in plans:
            instants = {instant for trigger in triggers for instant in real[calendar_text(trigger)]}
            for window in windows_of(house, wish, start, end):
                for boundary in (window.start, window.end, window.deadline or window.start):
                    if start <= boundary < end:
                        hit += 1
                        late = min((at - boundary for at in instants if at >= boundary), default=None)
                        assert late is not None, (wish, boundary)
                        assert late < HIT, (wish, boundary, late)
    assert hit > 1000
