"""The budget of one run: what a connection has really called counts before it is asked again."""

from datetime import UTC, datetime

import pytest
from support.small_site import SOCKET, SPRING

from delcia.car.simulated import SimulatedCar
from delcia.car.simulation import Condition, Life
from delcia.errors import DelciaError
from delcia.runtime.calls import Calls
from delcia.store.budget import CALLS_PER_HOUR, STOP_RESERVE, calls_left
from delcia.store.opening import open_store

NOW = datetime(2026, 11, 23, 18, 41, tzinfo=UTC)


class Talkative(SimulatedCar):
    """A car whose one question took many calls: tries, and tokens."""

    calls_made = 0


def test_tries_count_before_the_next_question_and_are_counted_once() -> None:
    store = open_store(None)
    car = Talkative(SPRING.battery, SOCKET, Life(Condition(NOW, 50.0)))
    calls = Calls("default", store, lambda: car, NOW, UTC)
    calls.ready("read")
    car.calls_made = 7
    calls.ready("read")
    assert calls_left(store, "default", NOW) == CALLS_PER_HOUR - STOP_RESERVE - 8
    car.calls_made = CALLS_PER_HOUR - STOP_RESERVE
    with pytest.raises(DelciaError) as caught:
        calls.ready("read")
    assert caught.value.slug == "budget"
    calls.close()
    assert calls_left(store, "default", NOW, for_stop=True) == STOP_RESERVE
