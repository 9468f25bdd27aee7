"""What the car's own list of charges adds to the log: once each, with its traps, and what it may teach."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from support.small_site import SPRING, plan, site

from delcia.core.learning import is_usable
from delcia.core.listed import ListedCharge, is_charge, is_list_due, merged
from delcia.core.sessions import PastSession
from delcia.core.state import Memory, Owner

HOME = site(plan(ready_by_min=420))
T = datetime(2026, 11, 24, 0, 38, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
NIGHT = ListedCharge(T, T + 3 * HOUR, 55, 77, 5.9)
SEEN = PastSession(
    "spring", Owner.DELCIA, T + 9 * MINUTE, T + 3 * HOUR, "window", "nights", "socket", None, 77, None, 2.3
)


def test_a_charge_that_delcia_did_not_see_is_added_and_teaches_the_charger_it_had_the_power_of() -> None:
    (found,) = merged(HOME, SPRING, [], [NIGHT])
    assert (found.source, found.charger, found.plan) == ("car", "socket", None)
    assert found.energy_wall_kwh == pytest.approx((5.9 + 3 * SPRING.battery.overhead_kw) / 0.92), (
        "the battery's energy and the overhead"
    )
    assert is_usable(HOME, SPRING, found)
    assert list(merged(HOME, SPRING, [found], [NIGHT])) == [], "the list of the next day adds nothing"


@pytest.mark.parametrize(
    "away",
    [
        replace(NIGHT, ended_at=T + 25 * MINUTE),  # a fast charger
        replace(NIGHT, ended_at=T + 15 * HOUR),  # paused, or a weaker one
        replace(NIGHT, soc_start_pct=None, energy_battery_kwh=None),  # its power is not known
    ],
)
def test_a_charge_of_another_power_is_listed_and_teaches_nothing(away: ListedCharge) -> None:
    (found,) = merged(HOME, SPRING, [], [away])
    assert (found.charger, found.power_kw, found.energy_wall_kwh) == (None, None, None)
    assert found.energy_battery_kwh == away.energy_battery_kwh
    assert not is_usable(HOME, SPRING, found)


def test_a_charge_that_delcia_saw_is_the_same_one_and_gets_only_what_it_lacks() -> None:
    (found,) = merged(HOME, SPRING, [SEEN], [NIGHT])
    assert found == replace(SEEN, soc_start_pct=55, energy_battery_kwh=5.9, source="both")
    assert list(merged(HOME, SPRING, [found], [NIGHT])) == []


def test_an_entry_that_spans_two_sessions_is_neither_doubled_nor_counted_for_both() -> None:
    later = replace(SEEN, began_at=T + 4 * HOUR, ended_at=T + 5 * HOUR)
    assert list(merged(HOME, SPRING, [SEEN, later], [replace(NIGHT, ended_at=T + 5 * HOUR)])) == []


@pytest.mark.parametrize(
    ("entry", "counts"),
    [
        (NIGHT, True),
        (replace(NIGHT, soc_start_pct=None), True),
        (ListedCharge(T, T + 2 * MINUTE, 55, 55), False),
        (ListedCharge(T, T + MINUTE, None, 55), False),
        (ListedCharge(T, T + HOUR, 99, 99), True),  # balancing
        (ListedCharge(T, T + HOUR, 60, 55), False),
        (ListedCharge(T, T, 55, 60), False),
    ],
)
def test_an_entry_that_gained_nothing_in_a_minute_or_two_is_no_charge(entry: ListedCharge, *, counts: bool) -> None:
    assert is_charge(entry) is counts


def test_the_list_is_due_once_after_seven_in_the_evening_and_never_after_a_refusal() -> None:
    evening = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)  # 19:00 in Paris
    asked = Memory(list_asked_at=evening)
    assert is_list_due(HOME, Memory(), evening)
    assert not is_list_due(HOME, asked, evening + 23 * HOUR)
    assert is_list_due(HOME, asked, evening + 24 * HOUR)
    assert is_list_due(HOME, Memory(list_asked_at=evening + 99 * HOUR), evening), "of a clock that was wrong"
    assert not is_list_due(HOME, replace(asked, list_refused=True), evening + 24 * HOUR)
