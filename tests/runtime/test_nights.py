"""Nights in which the host, the network, the plan or the owner get in the way: the car ends as the plan says."""

from dataclasses import replace

import pytest
from support.small_site import span
from support.stories import NIGHTS, Story, at, between, plugged_in

from delcia.car.simulation import Event, Habits
from delcia.core.model import InWindows, Plan, ToSoc
from delcia.core.state import Owner

HELD = [
    "charging by itself; a second look before it is held",
    "stop: held until 01:38",
    "nothing to do; next charge 01:38",
]
WAITING = ["nothing to do; next charge 01:38"]
STARTED = ["start (target 80 %, off-peak)", "charging (target 80 %, off-peak)"]
FULL_ENOUGH = ["stop: the target is reached", "nothing to do"]
CUT_SHORT = ["stop: the window is over", "nothing to do; next charge 12:38"]


def test_a_night_is_started_at_the_window_and_stopped_at_the_target() -> None:
    night = Story(plugged_in(charging=True))
    night.live("Tue 09:00")
    assert night.gist == [*HELD, *STARTED, *FULL_ENOUGH]
    assert (night.when("held until"), night.when("start until")) == ("Mon 18:35", "Tue 01:38")
    assert night.soc_pct == pytest.approx(80, abs=1)


def test_a_reboot_in_the_middle_of_a_window_changes_nothing() -> None:
    plain, cut = Story(plugged_in()), Story(plugged_in())
    plain.live("Tue 09:00")
    cut.live("Tue 09:00", off=between("Tue 02:03", "Tue 02:51"))
    assert cut.said == plain.said
    assert cut.soc_pct == plain.soc_pct


def test_a_host_that_comes_up_late_in_a_window_starts_the_car_then() -> None:
    night = Story(plugged_in())
    night.live("Tue 09:00", off=between("Tue 01:00", "Tue 03:02"))
    assert night.gist == [*WAITING, *STARTED, *CUT_SHORT]
    assert night.when("start until") == "Tue 03:05"


def test_a_host_that_is_off_at_the_end_of_a_window_stops_the_car_at_its_next_tick() -> None:
    night = Story(plugged_in(soc_pct=30))
    night.live("Tue 08:00", off=between("Tue 06:00", "Tue 08:00"))
    assert not night.is_charging()
    assert night.said[-1] == "Tue 08:00 spring: stop: the window is over"


def test_a_network_that_is_down_at_the_start_costs_only_its_own_time() -> None:
    night = Story(plugged_in(habits=Habits(outages=(between("Tue 01:30", "Tue 02:02"),))))
    night.live("Tue 09:00")
    assert night.gist == [*WAITING, "the simulated service does not answer", *STARTED, *FULL_ENOUGH]
    assert night.when("start until") == "Tue 02:05"


def test_a_network_that_is_down_at_the_end_lets_the_stop_follow_at_once() -> None:
    night = Story(plugged_in(soc_pct=30, habits=Habits(outages=(between("Tue 06:30", "Tue 07:12"),))))
    night.live("Tue 07:15")
    assert not night.is_charging()
    assert night.said[-1] == "Tue 07:15 spring: stop: the window is over"


@pytest.mark.parametrize("begins", [True, False])
def test_a_car_that_is_plugged_in_late_charges_from_then_on(*, begins: bool) -> None:
    away, late = Event(at("Mon 18:31"), "unplug"), Event(at("Tue 03:17"), "plug", soc_pct=65.0)
    night = Story(plugged_in(away, late, habits=Habits(begins_on_plug=begins)))
    night.live("Tue 03:30")
    assert night.is_charging()
    assert night.memory.session is not None
    assert night.memory.session.owner is Owner.DELCIA
    night.live("Tue 09:00")
    assert night.soc_pct == pytest.approx(80, abs=1)
    assert not night.is_charging()
    assert night.gist[-2:] == FULL_ENOUGH


def test_a_car_that_sleeps_through_the_start_is_asked_and_believed_when_it_wakes() -> None:
    night = Story(plugged_in(habits=Habits(silent=(between("Tue 00:30", "Tue 03:40"),))))
    night.live("Tue 03:35")
    starts = sum(item.decision is not None and item.decision.action == "start" for item in night.outcomes)
    assert 1 <= starts <= 6
    night.live("Tue 09:00")
    assert night.soc_pct == pytest.approx(80, abs=1)
    assert not night.is_charging()


def test_a_target_lowered_while_it_charges_ends_it() -> None:
    night = Story(plugged_in())
    night.live("Tue 03:00")
    night.plans = (replace(NIGHTS, target=ToSoc(55)),)
    night.live("Tue 03:10")
    assert not night.is_charging()
    assert night.said[-2:] == ["Tue 03:05 spring: stop: the target is reached", "Tue 03:10 spring: nothing to do"]


def test_a_window_moved_while_it_charges_ends_it_and_starts_it_later() -> None:
    night = Story(plugged_in())
    night.live("Tue 03:00")
    night.plans = (replace(NIGHTS, when=InWindows((span("04:00-06:00"),), "edf")),)
    night.live("Tue 09:00")
    moved = ["stop: the window is over", "nothing to do; next charge 04:00"]
    assert night.gist == [*WAITING, *STARTED, *moved, *STARTED, *moved]
    assert night.said[3].startswith("Tue 03:05")
    assert night.said[5].startswith("Tue 04:00")


@pytest.mark.parametrize("left", [(), (replace(NIGHTS, enabled=False),)], ids=["removed", "disabled"])
def test_a_charge_goes_on_when_its_only_plan_goes(left: tuple[Plan, ...]) -> None:
    night = Story(plugged_in(charging=True))
    night.live("Tue 03:00")
    night.plans = left
    night.live("Tue 09:00")
    assert night.gist == [*HELD, *STARTED, "charging; its plans are gone: left alone", "nothing to do"]
    assert night.soc_pct == 100


def test_a_charge_ends_when_its_plan_goes_and_another_stays() -> None:
    noon = replace(NIGHTS, name="noon", when=InWindows((span("12:38-14:38"),), "edf"))
    night = Story(plugged_in(), plans=(NIGHTS, noon))
    night.live("Tue 03:00")
    night.plans = (noon,)
    night.live("Tue 09:00")
    assert night.gist[-2:] == CUT_SHORT
    assert night.when("the window is over") == "Tue 03:05"


def test_a_car_that_is_held_goes_on_when_the_plans_go() -> None:
    night = Story(plugged_in(charging=True))
    night.live("Tue 00:00")
    night.plans = ()
    night.live("Tue 09:00")
    assert night.gist == [
        *HELD,
        "start: what delcia stopped may go on",
        "charging by itself; no plan has a window in the next 14 days: left alone",
        "nothing to do",
    ]
    assert night.soc_pct == 100


def test_a_plan_that_comes_back_holds_the_car_again() -> None:
    night = Story(plugged_in(charging=True))
    night.live("Mon 20:00")
    night.plans = ()
    night.live("Mon 21:00")
    night.plans = (NIGHTS,)
    night.live("Mon 22:00")
    assert night.said[-2:] == [
        "Mon 21:05 spring: stop: held until 01:38",
        "Mon 21:10 spring: nothing to do; next charge 01:38",
    ]


def test_without_hold_the_car_charges_as_it_likes() -> None:
    night = Story(plugged_in(charging=True), hold=False)
    night.live("Tue 09:00")
    assert night.gist == ["charging by itself, and hold is off: left alone", "nothing to do"]
    assert not any(item.decision and item.decision.action != "none" for item in night.outcomes)


def test_below_its_minimum_a_car_charges_at_once_whatever_the_hour() -> None:
    night = Story(plugged_in(soc_pct=12))
    night.live("Mon 20:30")
    assert night.gist == [
        "start (its minimum is 20 %)",
        "charging (its minimum is 20 %)",
        "stop: it is above its minimum",
        "nothing to do; next charge 01:38",
    ]
    assert night.soc_pct == pytest.approx(22, abs=1)
