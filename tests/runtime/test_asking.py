"""A person's word is the latest and wins, and it ends when it should."""

from datetime import timedelta

import pytest
from support.small_site import plan, site
from support.stories import Story, at, plugged_in

from delcia.car.simulation import Event
from delcia.core.state import Boost, Owner
from delcia.runtime.asking import boost, highest_target_pct, pause, resume, stop
from delcia.store.log import last_overrides


def evening(*events: Event, charging: bool = False) -> Story:
    """Return a car that stands at home at eight."""
    night = Story(plugged_in(*events, charging=charging))
    night.live("Mon 20:00")
    return night


def test_a_boost_to_a_target_ends_there_and_the_plan_goes_on() -> None:
    night = evening()
    said = night.look(lambda job, now: boost(job, now, 60))
    assert said.words.startswith("spring: start until 21:")
    assert said.words.endswith("then 60 % (target 60 %, boost)")
    night.live("Mon 22:00")
    assert night.soc_pct == pytest.approx(60, abs=1)
    assert night.gist[-2:] == ["stop: the boost is over", "nothing to do; next charge 01:38"]
    assert night.asked() is None
    night.live("Tue 09:00")
    assert night.soc_pct == pytest.approx(80, abs=1)


def test_a_boost_for_a_time_ends_then() -> None:
    night = evening()
    night.look(lambda job, now: boost(job, now, None, 90))
    night.live("Mon 21:25")
    assert night.is_charging()
    night.live("Mon 21:30")
    assert not night.is_charging()


def test_a_boost_ends_when_the_car_is_unplugged() -> None:
    night = evening(Event(at("Mon 20:30"), "unplug"), Event(at("Mon 21:30"), "plug", soc_pct=45.0))
    night.look(lambda job, now: boost(job, now, 90))
    night.live("Mon 20:25")
    assert isinstance(night.asked(), Boost)
    night.live("Mon 22:00")
    assert night.asked() is None
    assert not night.is_charging()


def test_a_charge_for_a_time_ends_after_twelve_hours() -> None:
    night = evening()
    night.look(lambda job, now: boost(job, now, None, 900))
    asked = night.asked()
    assert isinstance(asked, Boost)
    assert asked.until == at("Tue 08:00")


def test_a_charge_to_a_target_has_time_enough_for_it_at_the_current_that_is_said() -> None:
    night = evening()
    night.look(lambda job, now: boost(job, now, 100, amps=6))
    asked = night.asked()
    assert isinstance(asked, Boost)
    assert asked.until - at("Mon 20:00") > timedelta(hours=24), "twice the twelve hours and more that 6 A take"


def test_a_boost_makes_a_charge_that_runs_the_persons() -> None:
    night = Story(plugged_in())
    night.live("Tue 02:00")
    night.look(lambda job, now: boost(job, now, 70))
    night.live("Tue 02:10")
    assert night.memory.session is not None
    assert night.memory.session.owner is Owner.PERSON


def test_a_stop_leaves_the_car_alone_until_it_is_unplugged() -> None:
    night = Story(plugged_in(Event(at("Tue 10:00"), "unplug"), Event(at("Tue 11:00"), "plug", soc_pct=40.0)))
    night.live("Tue 03:00")
    said = night.look(lambda job, now: stop(job, now, "unplugged")).words
    assert said == "spring: stop: asked for; left alone until unplugged, or 'delcia resume spring'"
    night.live("Tue 09:00")
    assert not night.is_charging()
    assert night.gist[-1] == "stopped by a person until unplugged or resumed"
    night.live("Tue 12:45")
    assert night.is_charging()


def test_a_stop_ends_any_charge_whoever_began_it() -> None:
    night = Story(plugged_in(charging=True), hold=False)
    night.live("Mon 20:00")
    night.look(stop)
    night.live("Mon 20:05")
    assert not night.is_charging()


def test_a_stop_is_taken_back_by_resume() -> None:
    night = Story(plugged_in())
    night.live("Tue 03:00")
    night.look(stop)
    night.live("Tue 04:00")
    night.look(resume)
    night.live("Tue 04:05")
    assert night.is_charging()
    assert night.asked() is None


def test_a_pause_lets_go_on_what_delcia_held_and_no_plan_acts() -> None:
    night = evening(charging=True)
    assert night.look(pause).words == "spring: start: what delcia stopped may go on"
    night.live("Tue 09:00")
    assert night.soc_pct == 100
    assert night.gist[-1] == "left alone until unplugged or resumed"


def test_a_pause_until_a_time_ends_then_and_the_hold_is_back() -> None:
    night = evening(charging=True)
    night.look(lambda job, now: pause(job, now, at("Mon 22:00")))
    night.live("Mon 21:00")
    assert night.gist[-1] == "left alone until 22:00; next charge 01:38"
    night.live("Mon 22:05")
    assert night.said[-2:] == [
        "Mon 22:00 spring: stop: held until 01:38",
        "Mon 22:05 spring: nothing to do; next charge 01:38",
    ]


def test_the_latest_word_wins() -> None:
    night = evening()
    night.look(lambda job, now: boost(job, now, 90))
    night.live("Mon 20:30")
    night.look(stop)
    night.live("Mon 20:50")
    night.look(lambda job, now: boost(job, now, 70))
    night.live("Mon 21:05")
    assert night.is_charging()
    kinds = [type(item.override).__name__ for item in last_overrides(night.store, "spring", 9)]
    assert kinds == ["Boost", "Pause", "Boost"]


def test_a_charge_begun_in_the_app_after_a_stop_is_the_persons_to_its_end() -> None:
    night = Story(plugged_in(Event(at("Mon 23:00"), "start"), charging=True))
    night.live("Tue 09:00")
    assert "Mon 23:00" < night.when("someone started it after a stop") <= "Mon 23:30"
    assert night.soc_pct == 100
    assert night.gist[-1] == "nothing to do"


def test_start_means_the_highest_target_of_the_plans() -> None:
    assert highest_target_pct(site(plan(), plan(name="other")), "spring") == 80
    assert highest_target_pct(site(), "spring") == 100


def test_a_stop_a_minute_after_a_start_goes_out_at_once() -> None:
    night = evening()
    night.look(boost)
    night.later(1)
    assert night.look(stop).words.startswith("spring: stop: asked for")
    night.live("Mon 20:05")
    assert not night.is_charging()
    assert night.orders[-2:] == ["Mon 20:00 start", "Mon 20:01 stop"]


def test_a_start_a_minute_after_a_stop_goes_out_at_once_and_says_so() -> None:
    night = Story(plugged_in())
    night.live("Tue 02:00")
    night.look(stop)
    night.later(1)
    assert night.look(boost).words.startswith("spring: start until ")
    night.live("Tue 02:05")
    assert night.is_charging()
    assert night.orders[-2:] == ["Tue 02:00 stop", "Tue 02:01 start"]


def test_a_stop_reaches_a_car_that_has_not_obeyed_the_start_yet() -> None:
    night = evening()
    for word in (boost, stop):
        night.look(word)
        night.later(0.1)
    assert night.orders[-2:] == ["Mon 20:00 start", "Mon 20:00 stop"]
    night.live("Mon 20:05")
    assert not night.is_charging()


def test_a_start_reaches_a_car_that_has_not_obeyed_the_stop_yet() -> None:
    night = Story(plugged_in())
    night.live("Tue 02:00")
    night.look(stop)
    night.later(0.1)
    assert night.look(boost).words.startswith("spring: start until ")
    night.live("Tue 02:05")
    assert night.is_charging()


def test_a_word_taken_back_lets_the_plan_start_at_once() -> None:
    night = Story(plugged_in())
    night.live("Tue 02:00")
    night.look(stop)
    night.live("Tue 02:05")
    assert night.look(resume).words.startswith("spring: start until ")


def test_delcias_own_opposite_order_still_waits_ten_minutes() -> None:
    night = evening()
    night.look(lambda job, now: boost(job, now, None, 5))
    night.live("Mon 20:05")
    assert night.is_charging()
    night.live("Mon 20:10")
    assert not night.is_charging()
