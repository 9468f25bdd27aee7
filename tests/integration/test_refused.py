"""What is refused, or cannot be asked, until somebody mends it: tried sparingly, told once, not forgotten meanwhile.

The car waits plugged in; its plans want it from 01:38 to 06:38 and from 12:38 to 14:38. In the night
only a large miss is told.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.home import Home, home
from support.webhook import webhook

from delcia.store.notices import open_notices

FORBIDDEN = {"endpoint": "pause-resume", "code": "err.func.wired.forbidden", "status": 403}
PRIVATE = {"endpoint": "battery-status", "code": "err.func.privacy.on", "status": 403}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Home]:
    """Return a home without hold, whose car does not begin by itself, and whose owner hears by a webhook."""
    with webhook() as hook, home(tmp_path, vehicle="{model: spring-26, hold: false}", hook=hook) as made:
        made.car.manners.starts_on_plug_in = False
        made.car.plug()
        made.live("Tue 01:25")
        yield made


def told(house: Home) -> list[str]:
    return [item["cause"] for item in house.told]


@pytest.mark.parametrize(
    ("fault", "causes"),
    [
        (FORBIDDEN, ["far-short", "forbidden", "far-short"]),
        ({**FORBIDDEN, "code": "err.func.403"}, ["far-short", "access-denied"]),
        (PRIVATE, ["far-short", "privacy-mode", "far-short"]),
        ({"endpoint": "getJWT", "code": 403013}, ["login-expired", "far-short", "far-short"]),
        ({"drop": True}, ["far-short", "unreachable", "far-short", "out-of-reach"]),
    ],
    ids=lambda value: value[1] if isinstance(value, list) else "",
)
def test_what_lasts_through_the_night_is_told_once_and_what_it_costs_once_a_night(
    house: Home, fault: dict[str, Any], causes: list[str]
) -> None:
    house.world.fault(times=None, **fault)
    house.live("Tue 08:00")
    assert told(house) == causes[:2]
    house.live("Wed 00:30")
    assert told(house) == causes
    shown = {item.slug for item in open_notices(house.store)} - {"far-short"}
    assert shown == set(causes) - {"far-short"}, "status still shows it"
    assert len(house.calls("pause-resume")) <= 3 * 7 + 2, "every 20 min of the windows"


def test_an_order_that_goes_through_after_all_is_nobodys_business(house: Home) -> None:
    house.world.fault(times=None, **FORBIDDEN)
    house.live("Tue 02:30")
    assert [item.slug for item in open_notices(house.store)] == ["forbidden"]
    house.world.faults.clear()
    house.live("Tue 08:00")
    assert [order[4:9] for order in house.orders] == ["02:40", "06:38"]
    assert (told(house), open_notices(house.store), house.memory.failure) == (["short"], (), None)


def test_words_of_the_next_charge_say_what_may_keep_it(house: Home) -> None:
    house.world.fault(times=None, **PRIVATE)
    house.live("Tue 07:00")
    assert house.outcomes[-1][1].words == (
        "spring: nothing to do; next charge 12:38, "
        "unless it fails again: the car's privacy mode is on, so nothing can be asked of it"
    )
