"""Several plans on one battery: the oracle is the single plan, and arithmetic."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from support.small_site import SPRING, plan, site, span

from delcia.core.course import Running
from delcia.core.energy import charging_minutes, wall_kwh_after
from delcia.core.model import Charger, Control, Days, InWindows, Plan, Site, Supply, ToSoc
from delcia.core.planner import project
from delcia.core.projection import Situation
from delcia.core.slots import curve_of
from delcia.core.together import Outlook, Together, outlook
from delcia.core.windows import windows_of

NOW = datetime(2026, 11, 23, 18, 41, tzinfo=UTC)
NIGHT = plan(ready_by_min=420)
SPLIT = plan(InWindows((span("22:00-23:00"), span("23:30-06:00"))), name="split", ready_by_min=420)


def whole(*plans: Plan, soc_pct: float = 52.0) -> Together:
    """Return what some plans come to."""
    home = site(*plans)
    return looked(home, soc_pct).together


def looked(home: Site, soc_pct: float, running: Running | None = None, now: datetime = NOW) -> Outlook:
    """Return what is expected of a car that stands plugged in."""
    start = Situation(soc_pct, now, "given")
    return outlook(home, home.vehicles["spring"], start, now, home.plans_of("spring"), running=running)


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


TUESDAYS = replace(plan(InWindows((span("22:00-06:00"),), "edf"), name="full", ready_by_min=420), target=ToSoc(100))
TUESDAYS = replace(TUESDAYS, days=Days(weekdays=(1,)))


def test_each_plan_is_told_what_the_car_has_with_all_of_them() -> None:
    """Alone `nights` would have 80 % on Tuesday, and so a target that the car has long passed by then."""
    found = looked(site(NIGHT, TUESDAYS), 35.0)
    assert [wish.name for wish, _ in found.plans] == ["full", "nights"]  # by when they begin: 22:00 and 01:38
    full, nights = (item for _, item in found.plans)
    assert (full.reaches_target, nights.reaches_target) == (False, True)
    assert full.soc_at_deadline_pct == nights.soc_at_deadline_pct == found.together.soc_at_ready_by_pct
    assert full.soc_at_deadline_pct == pytest.approx(35 + 100 * 8 * curve_of(site(NIGHT), NIGHT).rate_per_h, abs=1)
    assert nights.energy_wall_kwh < full.energy_wall_kwh
    assert found.together.energy_wall_kwh == pytest.approx(full.energy_wall_kwh)


def test_what_another_plan_has_charged_need_not_be_charged_again() -> None:
    sunday = replace(plan(InWindows((span("08:00-18:00"),), "edf"), name="sunday"), days=Days(weekdays=(6,)))
    found = looked(site(NIGHT, sunday), 45.0)
    nights, later = (item for _, item in found.plans)
    assert (later.plan, later.segments, later.reaches_target) == ("sunday", (), True)
    assert found.together.energy_wall_kwh == pytest.approx(nights.energy_wall_kwh)


def test_a_plan_at_another_charger_is_charged_there() -> None:
    box = replace(plan(InWindows((span("22:00-23:00"),), "edf"), name="box", ready_by_min=420), charger="box")
    home = site(NIGHT, box)
    found = looked(replace(home, chargers={**home.chargers, "box": Charger("box", 6.6)}), 20.0)
    assert found.together.intervals[0].minutes == pytest.approx(60)
    hour_pct = 100 * (0.92 * 6.6 - 0.25) / 24.8
    assert found.plans[0][1].segments[-1].soc_pct == pytest.approx(20 + hour_pct, abs=0.5)


def test_a_charge_that_is_not_held_is_counted_until_it_is_full() -> None:
    found = looked(site(NIGHT), 60.0, Running())
    (nights,) = (item for _, item in found.plans)
    model = curve_of(site(NIGHT), NIGHT)
    full = NOW + timedelta(minutes=charging_minutes(model, 0.6, 1.0))
    assert nights.segments == ()
    assert nights.soc_at_deadline_pct == pytest.approx(100)
    assert abs(found.together.intervals[0].end - full) < timedelta(seconds=1)
    assert found.together.energy_wall_kwh == pytest.approx(wall_kwh_after(model, 0.6, 600), rel=0.01)
    assert found.together.unheld_until == found.together.intervals[0].end


def test_a_charge_that_is_to_be_held_is_counted_until_the_next_look() -> None:
    look = NOW + timedelta(minutes=5)
    found = looked(site(NIGHT), 60.0, Running(look))
    assert found.together.intervals[0].end == look
    assert found.together.soc_at_ready_by_pct == pytest.approx(80)
    alone = looked(site(NIGHT), 60.0).together
    assert found.together.energy_wall_kwh == pytest.approx(alone.energy_wall_kwh, rel=0.01)


def test_a_charge_that_a_person_asked_for_is_counted_at_the_current_that_they_said() -> None:
    told = Running(NOW + timedelta(hours=14), Charger("8 A", 1.84))
    found = looked(site(NIGHT), 20.0, told).together
    hours = (datetime(2026, 11, 24, 6, tzinfo=UTC) - NOW) / timedelta(hours=1)
    assert found.soc_at_ready_by_pct == pytest.approx(20 + 100 * hours * (0.92 * 1.84 - 0.25) / 24.8, abs=0.5)
    assert (found.soc_at_ready_by_pct or 0) < 88, "at the 10 A of the plan it would be full"


def test_a_charge_that_nothing_stops_is_counted_until_the_limit_that_the_car_was_lent() -> None:
    found = looked(site(NIGHT), 71.0, Running(most_pct=80)).together
    assert found.soc_pct == pytest.approx(80)
    assert found.energy_wall_kwh == pytest.approx(24.8 * 0.09 / 0.92 * 2.3 / (2.3 - 0.25 / 0.92), rel=0.01)


def test_the_limit_that_ends_a_charge_ends_it_beside_another_plan_too() -> None:
    limited = replace(SPRING, control=Control(start=True, stop=False, soc_limit=True), hold=False)
    noon = plan(InWindows((span("12:00-14:00"),), "edf"), name="noon")
    home = replace(site(NIGHT, noon), vehicles={"spring": limited})
    assert looked(home, 52.0).together.soc_pct == pytest.approx(80)


def test_no_promise_names_an_hour_without_power() -> None:
    wish = plan(InWindows((span("20:00-08:00"),), "edf"), ready_by_min=480)
    home = replace(site(wish), chargers={"socket": Charger("socket", 2.3, supply=Supply("edf", ("off-peak",)))})
    running = looked(home, 60.0, Running()).together
    powered = windows_of(home, plan(name="powered"), NOW, NOW + timedelta(days=2))
    assert running.intervals
    for item in running.intervals:
        assert any(window.start <= item.start and item.end <= window.end for window in powered)
