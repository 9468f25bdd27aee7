"""The latest that a charge may be complete: as `late` plans it, as it is told, and as it comes for a slow car."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from support.small_site import SPRING, plan, site, span

from delcia.core.energy import SPREAD, soc_after
from delcia.core.intervals import Interval, union
from delcia.core.model import InWindows, Site
from delcia.core.planner import project, segments_of
from delcia.core.projection import Projection, Situation
from delcia.core.slots import curve_of

MINUTE = timedelta(minutes=1)
ENOUGH_PCT = 79.6
"""Whole minutes are counted here, so each run may begin or end a minute late: that is a tenth of a point."""

Nights = tuple[tuple[str, ...], str, float]
"""Windows, a `ready_by`, and the SoC at six in the morning."""
KEPT: tuple[Nights, ...] = (
    (("12:03-12:52", "13:05-13:57", "14:32-17:05", "19:27-20:40"), "20:40", 46.0),
    (("15:10-17:39", "18:46-21:18"), "04:15", 61.0),
    (("07:03-08:59", "13:12-13:37", "21:53-22:43"), "00:30", 74.0),
    (("20:01-22:04", "00:03-00:25"), "05:55", 64.0),
    (("21:53-22:27", "03:04-03:27", "03:34-05:45"), "05:50", 62.0),
)
"""There is room for a car that takes a tenth longer."""
NOT_KEPT: Nights = (("18:45-21:31",), "05:45", 61.0)


def late(nights: Nights) -> tuple[Site, datetime, float]:
    windows, ready_by, soc_pct = nights
    ready = span(f"{ready_by}-{ready_by}").begins_min
    wish = replace(plan(InWindows(tuple(span(text) for text in windows)), ready_by_min=ready), policy="late")
    home = replace(site(wish), vehicles={"spring": replace(SPRING, minimum_soc_pct=None)})
    return home, datetime.fromisoformat("2026-11-24T06:00+01:00"), soc_pct


def evening(nights: Nights) -> Projection:
    home, now, soc_pct = late(nights)
    return project(home, home.plans["nights"], Situation(soc_pct, now, "given"), now)


@pytest.mark.parametrize("nights", KEPT)
def test_the_latest_completion_is_not_after_ready_by_where_that_can_be_kept(nights: Nights) -> None:
    found = evening(nights)
    assert found.completes_at is not None
    assert found.completes_latest is not None
    assert found.deadline is not None
    assert found.completes_at <= found.completes_latest <= found.deadline


def test_the_latest_completion_is_told_where_it_cannot_be_kept() -> None:
    found = evening(NOT_KEPT)
    assert found.reaches_target
    assert found.completes_latest is not None
    assert found.completes_latest > datetime.fromisoformat("2026-11-25T18:45+01:00")


@pytest.mark.no_cover
@pytest.mark.parametrize("nights", [KEPT[0], KEPT[4]])
@pytest.mark.parametrize("pace", [1.0, 1 + SPREAD])
def test_a_car_that_is_slow_is_ready_when_it_was_told(nights: Nights, pace: float) -> None:
    """Planned anew every minute from the SoC then, which rises as slowly as the range allows."""
    home, now, soc_pct = late(nights)
    wish, said = home.plans["nights"], evening(nights)
    expected = said.completes_at if pace == 1.0 else said.completes_latest
    assert expected is not None
    since: datetime | None = None
    minutes: list[Interval] = []
    while soc_pct < ENOUGH_PCT and now < expected + 10 * MINUTE:
        charging = ("nights",) if since else ()
        found = segments_of(home, wish, Situation(soc_pct, now, "given", charging=charging, charging_since=since), now)
        if found and found[0].start <= now:
            # The first minute of every run but the first is lost.
            if since or not minutes:
                soc_pct = 100 * soc_after(curve_of(home, wish), soc_pct / 100, 1 / pace)
            since = since or now
            minutes.append(Interval(now, now + MINUTE))
        else:
            since = None
        now += MINUTE
    assert soc_pct >= ENOUGH_PCT
    assert abs(minutes[-1].end - expected) <= 4 * MINUTE
    assert len(union(minutes)) <= len(nights[0])
