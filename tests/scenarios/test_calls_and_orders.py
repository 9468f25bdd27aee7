"""What a day costs in calls, orders and wake-ups: the service counts them, and each order may ring a phone."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
from household.bill import DAY, HOME, WALL_KW, at
from household.boundary import plan_text
from household.life import BEGINS, Event, Life
from household.living import household_of, live
from household.real import real_host
from household.service import Service
from household.wire import wired

FRIDAY = BEGINS + 4 * DAY


@contextmanager
def lived(folder: Path, life: Life, plans: str) -> Iterator[Service]:
    """Live a life with renault-api on the wire."""
    service, timeline = household_of(life)
    with wired(service) as wire:
        live(life, service, real_host(wire, folder, plans, timeline), timeline)
        yield service


def day_of(service: Service, start: datetime) -> tuple[Counter[str], int, int]:
    """Return the calls by kind, the orders and the wake-ups of the 24 hours from an instant on."""
    end = start + timedelta(hours=24)
    calls = Counter(kind for instant, kind in service.calls if start <= instant < end)
    orders = sum(start <= order.at < end for order in service.orders)
    return calls, orders, sum(start <= instant < end for instant in service.wakes)


def shown(calls: Counter[str], orders: int, wakes: int) -> str:
    """Return the counts in words."""
    kinds = ", ".join(f"{kind} {number}" for kind, number in calls.most_common())
    return f"{calls.total()} calls ({kinds}), {orders} orders, {wakes} wake-ups"


@pytest.mark.slow
def test_a_day_plugged_in_and_held_takes_at_most_150_calls_and_six_orders(quick_path: Path) -> None:
    evening = at(FRIDAY.astimezone(HOME).date(), time(18, 30))
    life = Life("held", 2, 60.0, (Event(evening, "plug", (WALL_KW, 20.0)),), begins=FRIDAY)
    with lived(quick_path, life, plan_text(weekdays=True)) as service:
        calls, orders, wakes = day_of(service, evening + DAY / 4)
    print(shown(calls, orders, wakes))  # noqa: T201 - the counts are a result
    assert calls.total() <= 150, shown(calls, orders, wakes)
    assert orders <= 6, shown(calls, orders, wakes)
    assert wakes <= 2, shown(calls, orders, wakes)


@pytest.mark.slow
def test_a_day_unplugged_takes_at_most_225_calls_and_one_order_a_window(quick_path: Path) -> None:
    life = Life("unplugged", 1, 60.0)
    with lived(quick_path, life, plan_text()) as service:
        calls, orders, wakes = day_of(service, life.begins)
    print(shown(calls, orders, wakes))  # noqa: T201 - the counts are a result
    assert calls.total() <= 225, shown(calls, orders, wakes)
    assert orders <= 2, shown(calls, orders, wakes)
    assert wakes <= 8, shown(calls, orders, wakes)


@pytest.mark.slow
def test_a_day_with_a_night_of_charging_takes_at_most_225_calls_and_six_orders(quick_path: Path) -> None:
    evening = at(BEGINS.astimezone(HOME).date(), time(18, 30))
    life = Life("charging", 1, 52.0, (Event(evening, "plug", (WALL_KW, 20.0)),))
    with lived(quick_path, life, plan_text()) as service:
        calls, orders, wakes = day_of(service, life.begins)
    print(shown(calls, orders, wakes))  # noqa: T201 - the counts are a result
    assert calls.total() <= 225, shown(calls, orders, wakes)
    assert orders <= 6, shown(calls, orders, wakes)
    assert wakes <= 2, shown(calls, orders, wakes)
