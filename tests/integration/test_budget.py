"""How often Renault is called, a car ordered and woken, and its owner told: by days, with the real client."""

from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from support.home import HOME, PARIS, Home, home
from support.webhook import webhook

HELD_DAY, UNPLUGGED_DAY = 150, 225
"""The most calls of a day plugged in and held, and of one unplugged; a getJWT is one."""
ORDERS, WAKES = 6, 8
"""The most orders and wake-ups of such a day: each may ring a phone."""
STARTS_UNHEARD = 2
"""One for each window of a car that was not heard of for a while: it may stand at its charger and sleep."""
NOTICES = 3
"""The most notices of an ordinary fortnight of one car."""
MONDAY = datetime(2026, 11, 23, tzinfo=PARIS)
WEEKEND, LATE_ON = {5, 6}, 9
COMMUTE, ERRAND = 18.0, 4.0
"""Points of SoC that they take."""


def counted(house: Home, orders: int) -> tuple[int, int, Counter[str]]:
    """Return calls, orders and what was called since the calls were cleared, and print them."""
    counts = Counter(call.endpoint for call in house.world.calls)
    sent = len(house.car.orders) - orders
    print(sum(counts.values()), "calls,", sent, "orders:", dict(counts))  # noqa: T201 - for whoever wants the numbers
    return sum(counts.values()), sent, counts


@pytest.mark.parametrize("soc", [0.55, 0.9], ids=["below the target", "above the target"])
def test_a_day_plugged_in_and_held_costs_few_calls(tmp_path: Path, soc: float) -> None:
    with webhook() as hook, home(tmp_path, more=HOME, begins="Mon 18:00", soc=soc, hook=hook) as house:
        house.car.plug()
        house.live("Tue 18:00")
        house.world.calls.clear()
        orders = len(house.car.orders)
        house.live("Wed 18:00")
        calls, sent, counts = counted(house, orders)
        assert calls <= HELD_DAY
        assert sent <= ORDERS
        assert counts["refresh"] <= WAKES


def test_a_day_unplugged_costs_few_calls(tmp_path: Path) -> None:
    with webhook() as hook, home(tmp_path, more=HOME, begins="Mon 18:00", soc=0.55, hook=hook) as house:
        house.live("Tue 18:00")
        house.world.calls.clear()
        orders = len(house.car.orders)
        house.live("Wed 18:00")
        calls, sent, counts = counted(house, orders)
        assert calls <= UNPLUGGED_DAY
        assert sent <= STARTS_UNHEARD
        assert counts["refresh"] <= WAKES


def test_an_ordinary_fortnight_has_at_most_three_notices(tmp_path: Path) -> None:
    with webhook() as hook, home(tmp_path, more=HOME, begins="Mon 06:30", soc=0.8, hook=hook) as house:
        house.car.plug()
        for day in range(14):
            for hours, deed in deeds_of(day):
                house.live_to(MONDAY + timedelta(days=day, hours=hours))
                if deed == "leaves":
                    house.car.unplug()
                else:
                    house.car.drive(COMMUTE if deed == "comes home" else ERRAND)
                    house.car.plug()
        house.live_to(MONDAY + timedelta(days=14, hours=7))
        told = [f"{item['at']} {item['text']}" for item in house.told]
        print(told)  # noqa: T201 - as above
        assert len(told) <= NOTICES, told
        assert house.car.soc > 0.79


def deeds_of(day: int) -> list[tuple[float, str]]:
    """Return what happens at which hours of the home's clock: work on weekdays, late once, errands at week-ends."""
    if day % 7 in WEEKEND:
        return [(11.0, "leaves"), (12.0, "is back")]
    return [(7.75, "leaves"), (21.0 if day == LATE_ON else 18.5, "comes home")]
