"""The README's plan to every target, with the car coming home at every level: the promised price, and no more.

A few days of each kind; `DELCIA_YEAR=1` lives a whole year to each target, with both changes of the clock.
"""

import os
from dataclasses import replace
from math import floor
from pathlib import Path
from random import Random

import pytest
from household.bill import MINUTE, OFF_PEAK, PEAK, WALL_KW, Span, cheap, common, cost, minutes, without
from household.boundary import plan_text, quick_host
from household.judge import MINIMUM_PCT, faults
from household.life import every_arrival
from household.living import Lived, household_of, live
from support.webhook import webhook

WHOLE = bool(os.environ.get("DELCIA_YEAR"))
TARGETS = range(60, 100, 5) if WHOLE else (60, 80, 95)
LEVELS = (20.0, 98.0, 41.0, 63.0, 100.0, 30.0, 81.0, 76.0)
"""An order in which a car comes home below, at and above each target, and after a short night as after a long one."""
DEARER = 1.02
POLL_MIN, REHEARSAL_MIN = 11.0, 15.0
"""Ten minutes to the next look and what the order takes; a stop, a start and a stop, each seen to be obeyed."""


def levels() -> tuple[float, ...]:
    """Return the levels on coming home, day by day."""
    if not WHOLE:
        return LEVELS
    lot = Random("a year of arrivals")  # noqa: S311 - the same year every time
    return tuple(float(lot.randrange(20, 101)) for _ in range(365))


def allowed_at_peak(lived: Lived) -> list[Span]:
    """Return what may be charged at peak: until the first look, rehearsals, up to the minimum, and an order's way."""
    spans: list[Span] = []
    for stretch in lived.car.stretches:
        peak = without([(stretch.start, stretch.end)], cheap(stretch.start, stretch.end))
        most_min = POLL_MIN if stretch.cause == "car" else REHEARSAL_MIN
        if stretch.start_pct < MINIMUM_PCT:
            most_min += (MINIMUM_PCT - stretch.start_pct) / (stretch.end_pct - stretch.start_pct) * minutes(peak)
        spans += common(peak, [(stretch.start, stretch.start + most_min * MINUTE)])
        # The order to stop is given when the window ends, and takes its way.
        spans += common(peak, [(b, b + MINUTE) for _, b in cheap(stretch.start, stretch.end)])
    return spans


@pytest.mark.slow
@pytest.mark.parametrize("target_pct", TARGETS)
def test_every_arrival_costs_its_off_peak_energy_and_no_more(target_pct: int, quick_path: Path) -> None:
    life = replace(every_arrival("a year", levels()), seed=f"to {target_pct}")
    service, timeline = household_of(life)
    with webhook() as hook:
        host = quick_host(service, quick_path, hook, plan_text(target_pct), timeline)
        lived = live(life, service, host, timeline)
    found = faults(lived, target_pct)
    assert found == [], "\n".join(f"{fault.at} [{fault.rule}] {fault.words}" for fault in found)
    charged = [(stretch.start, stretch.end) for stretch in lived.car.stretches]
    allowed = allowed_at_peak(lived)
    assert without([span for a, b in charged for span in without([(a, b)], cheap(a, b))], allowed) == []
    premium = minutes(allowed) / 60 * WALL_KW * (PEAK - OFF_PEAK)
    energy_kwh = minutes(charged) / 60 * WALL_KW
    assert cost(charged) - premium <= DEARER * energy_kwh * OFF_PEAK
    for stretch in lived.car.stretches:
        arrived = [stay for stay in lived.car.stays if stay.start <= stretch.start][-1].level_pct
        assert floor(stretch.end_pct) <= max(target_pct, floor(arrived)) + 1, timeline.around(
            stretch.start, 60 * MINUTE, 60 * MINUTE
        )
