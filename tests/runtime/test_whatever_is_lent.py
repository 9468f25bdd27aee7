"""Laws of a car that only its own SoC limit stops: whatever happens, bounded commands, and the limit is the owner's."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from support.small_site import SPRING
from support.stories import EVENING, Story, plugged_in

from delcia.car.simulation import Event, Habits, What
from delcia.core.intervals import Interval
from delcia.core.model import Control, Site
from delcia.runtime.asking import boost, pause, resume, trip
from delcia.runtime.job import Job, Outcome
from delcia.store.log import last_commands

LIMITED = replace(SPRING, control=Control(start=True, stop=False, soc_limit=True), hold=False)
OWNERS_PCT = 90
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
"""No shrinking: two days take a second, and what fails is short enough to read."""
ASKED: dict[str, Callable[[Job, datetime], Outcome]] = {
    "boost": boost,
    "pause": pause,
    "resume": resume,
    "trip": lambda job, now: trip(job, now, 100, now + timedelta(hours=9)),
}
HOURS = st.integers(1, 44).map(lambda hour: EVENING + timedelta(hours=hour))
DEEDS: tuple[What, ...] = ("plug", "unplug", "start")
USED = st.sampled_from([0.0, 8.0, 40.0])
EVENTS = st.lists(st.builds(Event, HOURS, st.sampled_from(DEEDS), used_pct=USED), max_size=5)
GAPS = st.lists(HOURS.map(lambda hour: Interval(hour, hour + timedelta(hours=3))), max_size=2).map(tuple)
WORDS = st.lists(st.tuples(HOURS, st.sampled_from(sorted(ASKED))), max_size=2)


class LimitedStory(Story):
    """A story of a car that has no remote stop; its calls fail in its outages."""

    @property
    def site(self) -> Site:
        """The applied plans."""
        return replace(super().site, vehicles={"spring": LIMITED})


@settings(max_examples=20, phases=PHASES)
@given(EVENTS, GAPS, GAPS, WORDS, st.booleans(), st.sampled_from([20.0, 78.0, 86.0]))
def test_no_limit_stays_changed_and_no_stop_is_ever_sent(
    events: list[Event],
    outages: tuple[Interval, ...],
    silent: tuple[Interval, ...],
    words: list[tuple[datetime, str]],
    begins: bool,  # noqa: FBT001 - drawn
    soc_pct: float,
) -> None:
    habits = Habits(begins_on_plug=begins, soc_limit_pct=OWNERS_PCT, outages=outages, silent=silent)
    end = EVENING + timedelta(hours=50)
    last = Event(EVENING + timedelta(hours=48), "unplug")
    story = LimitedStory(plugged_in(*events, last, soc_pct=soc_pct, habits=habits))
    for instant, name in sorted(words):
        story.live_to(max(story.now, instant))
        story.look(ASKED[name])
    story.live_to(end)
    assert story.car.life.habits.soc_limit_pct == OWNERS_PCT
    assert story.memory.loans == ()
    sent = sorted(last_commands(story.store, "spring", 1000), key=lambda command: command.sent_at)
    assert {command.kind for command in sent} <= {"start"}
    times = sorted({command.sent_at for command in sent})
    assert all(later - earlier >= timedelta(minutes=5) for earlier, later in pairwise(times))
    assert len(times) <= 3 * (6 + len(events) + len(words))
