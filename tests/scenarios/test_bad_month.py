"""Months in which much goes wrong, lived in fortnights: whatever the lot brings, delcia keeps its rules.

`DELCIA_MONTHS=N` lives more of them; `DELCIA_SEED=7` lives one again and shows what happened around each fault.
"""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from household.bill import shown
from household.boundary import plan_text, quick_host
from household.judge import Fault, faults
from household.life import Life, bad
from household.living import Lived, household_of, live
from household.real import real_host
from household.wire import wired
from support.webhook import webhook

MONTHS = float(os.environ.get("DELCIA_MONTHS", "2"))
SEED = os.environ.get("DELCIA_SEED")
SEEDS = [SEED] if SEED else [str(number) for number in range(round(2 * MONTHS))]
BEFORE, AFTER = timedelta(hours=2), timedelta(hours=3)


def lived_quickly(life: Life, folder: Path) -> Lived:
    """Return a life lived with the service met at the protocol."""
    service, timeline = household_of(life)
    plans = plan_text(hold=life.hold, names_home=life.names_home)
    with webhook() as hook:
        return live(life, service, quick_host(service, folder, hook, plans, timeline), timeline)


def lived_really(life: Life, folder: Path) -> Lived:
    """Return a life lived with delcia's own command line, and renault-api on the wire."""
    service, timeline = household_of(life)
    plans = plan_text(hold=life.hold, names_home=life.names_home)
    with wired(service) as wire:
        return live(life, service, real_host(wire, folder, plans, timeline), timeline)


def story(lived: Lived, found: list[Fault]) -> str:
    """Return what was broken, and what happened around it."""
    life = lived.life
    lines = [f"seed {life.seed}: {' '.join(life.traits)}; the car's clock is {life.manners.skew} ahead"]
    for fault in found:
        lines.append(f"{shown(fault.at)} [{fault.rule}] {fault.words}")
        lines.append(lived.timeline.around(fault.at, BEFORE, AFTER))
    return "\n".join(lines)


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_a_bad_fortnight_breaks_no_rule(seed: str, quick_path: Path) -> None:
    lived = lived_quickly(bad(seed), quick_path)
    found = faults(lived)
    assert found == [], story(lived, found)


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS[:1])
def test_two_bad_nights_on_the_wire_break_no_rule(seed: str, quick_path: Path) -> None:
    lived = lived_really(bad(seed, 2), quick_path)
    found = faults(lived)
    assert found == [], story(lived, found)
