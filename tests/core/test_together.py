"""Several plans on one battery: the oracle is the single plan, and arithmetic."""

from datetime import UTC, datetime

import pytest
from support.small_site import plan, site, span

from delcia.core.model import InWindows, Plan
from delcia.core.planner import project
from delcia.core.projection import Situation
from delcia.core.together import Together, together

NOW = datetime(2026, 11, 23, 18, 41, tzinfo=UTC)
NIGHT = plan(ready_by_min=420)
SPLIT = plan(InWindows((span("22:00-23:00"), span("23:30-06:00"))), name="split", ready_by_min=420)


def whole(*plans: Plan, soc_pct: float = 52.0) -> Together:
    """Return what some plans come to."""
    home = site(*plans)
    start = Situation(soc_pct, NOW, "given")
    return together(home, start, [(item, project(home, item, start, NOW)) for item in home.plans.values()])


@pytest.mark.parametrize("one", [NIGHT, SPLIT])
def test_one_plan_comes_to_what_its_projection_says(one: Plan) -> None:
    home = site(one)
    (found,) = home.plans.values()
    alone = project(home, found, Situation(52.0, NOW, "given"), NOW)
    both = whole(one)
    assert both.energy_wall_kwh == pytest.approx(alone.energy_wall_kwh)
    assert both.cost == alone.cost or float(both.cost or 0) == pytest.approx(float(alone.cost or 0))
    assert both.soc_at_ready_by_pct == pytest.approx(alone.soc_at_deadline_pct)


def test_a_battery_that_lacks_less_than_a_second_of_charging_has_it() -> None:
    other = plan(InWindows((span("22:00-23:00"), span("23:30-06:00"))), name="zwei")
    assert whole(NIGHT, other, soc_pct=50.0).soc_pct == pytest.approx(80.0)


def test_nothing_to_do_is_nothing_together() -> None:
    full = whole(NIGHT, SPLIT, soc_pct=90.0)
    assert (full.intervals, full.energy_wall_kwh, full.soc_pct) == ((), 0, 90.0)
