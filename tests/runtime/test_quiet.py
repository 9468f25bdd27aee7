"""Runs that are skipped because nothing is due change nothing: neither what is charged nor what is said."""

from datetime import datetime, timedelta

import pytest
from support.stories import Story, at, between, plugged_in

from delcia.car.simulation import Charged, Event, Habits, Life
from delcia.core.looking import quiet_until
from delcia.core.triggers import RECONCILE, fires
from delcia.core.wishes import settle
from delcia.errors import Exit
from delcia.runtime.billing import joined
from delcia.runtime.simulate import ticks

END = "Tue 15:00"
LIVES = {
    "waits": plugged_in(),
    "begins on plugging in": plugged_in(charging=True),
    "below its minimum": plugged_in(soc_pct=12.0),
    "plugged in late": plugged_in(Event(at("Mon 18:31"), "unplug"), Event(at("Tue 03:17"), "plug", soc_pct=55.0)),
    "started in the app": plugged_in(Event(at("Mon 23:00"), "start"), charging=True),
    "resumes by itself": plugged_in(charging=True, habits=Habits(resumes_after_min=5)),
    "sleeps": plugged_in(habits=Habits(silent=(between("Tue 01:00", "Tue 03:00"),))),
    "out of reach": plugged_in(habits=Habits(outages=(between("Tue 01:00", "Tue 03:00"),))),
    "ignores a start": plugged_in(habits=Habits(ignores=("start",))),
}


def lived(life: Life, *, hold: bool, skipping: bool) -> tuple[list[str], tuple[Charged, ...], int]:
    """Return what was said and charged, and how many runs it took; with `skipping`, the quiet ones are left out."""
    story = Story(life, hold=hold)
    start, end = story.now, at(END)
    own = set(fires(RECONCILE, start, end))
    quiet, runs = start, 0
    for instant in ticks(story.site, "spring", start, end):
        if skipping and instant in own and instant < quiet:
            continue
        story.now = instant
        story.look()
        runs += 1
        quiet = _quiet_after(story, instant) if instant in own else instant
    story.car.advance(end)
    return story.said, joined(story.car.charged), runs


def _quiet_after(story: Story, now: datetime) -> datetime:
    outcome = story.outcomes[-1]
    if outcome.status is not Exit.OK or outcome.decision is None or outcome.decision.action != "none":
        return now
    vehicle = story.site.vehicles["spring"]
    return quiet_until(story.site, vehicle, settle(story.site, vehicle, story.memory, now), now)


@pytest.mark.parametrize("name", [*LIVES, "begins on plugging in, without hold"])
def test_runs_in_which_nothing_is_due_are_not_missed(name: str) -> None:
    life, hold = LIVES[name.partition(",")[0]], "without hold" not in name
    said, charged, every = lived(life, hold=hold, skipping=False)
    same_said, same_charged, some = lived(life, hold=hold, skipping=True)
    assert same_said == said
    assert [piece.interval for piece in same_charged] == [piece.interval for piece in charged]
    assert some < every


def test_nothing_is_quiet_for_longer_than_half_an_hour() -> None:
    story = Story(plugged_in(), plans=())
    story.live("Mon 18:30")
    assert at("Mon 18:30") < _quiet_after(story, story.now) <= story.now + timedelta(minutes=30)
