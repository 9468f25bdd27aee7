"""A simulation from event to event is the one tick by tick, whatever the plans are and however the car lives."""

from datetime import timedelta

import pytest
from support.random_sites import LAWS, drawn

from delcia.core.energy import curve
from delcia.runtime.simulate import Simulated, simulate

DAYS = timedelta(days=4)
TICK_H = 5 / 60


@pytest.mark.parametrize("number", range(LAWS // 40))
def test_a_life_from_event_to_event_is_that_of_every_tick(number: int) -> None:
    """Ten numbers each, so that a failing one is found: four days of each."""
    for one in range(10 * number, 10 * number + 10):
        found = drawn(one)
        each, some = (
            simulate(found.site, found.vehicle, found.life, found.start, found.start + DAYS, by_events=by_events)
            for by_events in (False, True)
        )
        power_kw = max(curve(found.vehicle.battery, charger).wall_kw for charger in found.site.chargers.values())
        slack = max(0.01 * each.bill.energy_wall_kwh, TICK_H * power_kw)
        assert abs(some.bill.energy_wall_kwh - each.bill.energy_wall_kwh) <= slack, (one, each.bill, some.bill)
        assert _missed(some) == _missed(each), one
        if each.bill.cost is not None and some.bill.cost is not None:
            assert abs(some.bill.cost - each.bill.cost) <= slack * 0.4, (one, each.bill, some.bill)


def _missed(found: Simulated) -> list[bool]:
    return [ready.missed for ready in found.ready]
