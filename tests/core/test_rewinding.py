"""A board without a clock of its own wakes hours ahead: what it did then must not keep the car waiting."""

from dataclasses import replace
from datetime import timedelta

from support.sequences import AT_HOME, at

from delcia.core.deciding import decide
from delcia.core.rewinding import not_ahead
from delcia.core.state import Charge, Command, Memory, Pause, Plug, Reading, Whereabouts
from delcia.core.watching import needs_reading
from delcia.core.wishes import settle

SPRING = AT_HOME.vehicles["spring"]
NOW = at("Tue 02:00")
AHEAD = NOW + timedelta(hours=5)
STOPPED = Memory(
    reading=Reading(AHEAD, NOW, Plug.PLUGGED, Charge.IDLE, 50.0),
    soc_reading=Reading(AHEAD, NOW, Plug.PLUGGED, Charge.IDLE, 50.0),
    plugged_since=NOW - timedelta(hours=4),
    command=Command("stop", AHEAD, "window-end", confirmed_at=AHEAD),
    stop_confirmed_at=AHEAD,
    whereabouts=Whereabouts(NOW, NOW, at_home=True),
)


def test_a_stop_sent_by_a_clock_hours_ahead_delays_the_start_by_ten_minutes_only() -> None:
    memory = settle(AT_HOME, SPRING, STOPPED, NOW)
    assert decide(AT_HOME, SPRING, memory, NOW).slug == "just-changed"
    later = NOW + timedelta(minutes=10)
    decision = decide(AT_HOME, SPRING, settle(AT_HOME, SPRING, memory, later), later)
    assert (decision.action, decision.slug) == ("start", "window")


def test_the_car_is_read_again_ten_minutes_after_the_clock_was_set_right() -> None:
    memory = replace(settle(AT_HOME, SPRING, STOPPED, NOW), stop_confirmed_at=None)
    later = NOW + timedelta(minutes=10)
    assert needs_reading(AT_HOME, SPRING, settle(AT_HOME, SPRING, memory, later), later)


def test_what_is_meant_for_the_future_stays_there() -> None:
    memory = Memory(override=Pause(NOW, AHEAD), latched=(("nights", AHEAD),), started_windows=(AHEAD,))
    assert not_ahead(memory, NOW) is memory
