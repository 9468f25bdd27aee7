"""Starting and stopping a car once: what it did is told, and it is left as it was found."""

from collections.abc import Generator
from datetime import timedelta
from pathlib import Path

import pytest
from support.home import Home
from support.home import home as serve
from support.stories import EVENING, Story, at, plugged_in

from delcia.car.simulation import Habits
from delcia.core.state import Charge
from delcia.errors import DelciaError, Exit
from delcia.runtime.trial import Tried, trial
from delcia.store.budget import count_call
from delcia.store.log import last_commands


def tried(story: Story) -> Generator[Tried, None, None]:
    """Try the car of a story; waiting moves its clock."""

    def wait(span: timedelta) -> None:
        story.now += span

    return trial(story.job, lambda: story.now, wait)


def story(**what: bool | Habits) -> Story:
    habits = what.get("habits")
    life = plugged_in(habits=habits if isinstance(habits, Habits) else None, charging=bool(what.get("charging")))
    return Story(life, now=EVENING)


def charges(told: Story) -> bool:
    told.now += timedelta(minutes=2)
    return told.car.read(told.now).charge is Charge.CHARGING


def test_a_resting_car_is_started_and_stopped_again() -> None:
    told = story()
    assert list(tried(told)) == [Tried("start", timedelta(seconds=60)), Tried("stop", timedelta(seconds=60))]
    assert not charges(told)
    assert [(one.kind, one.reason, one.outcome) for one in last_commands(told.store, "spring", 9)] == [
        ("stop", "trial", "confirmed"),
        ("start", "trial", "confirmed"),
    ]


def test_a_charging_car_is_stopped_and_started_again() -> None:
    told = story(charging=True)
    assert [one.asked for one in tried(told)] == ["stop", "start"]
    assert charges(told)


def test_a_car_that_does_not_obey_is_told_and_asked_back_all_the_same() -> None:
    told = story(habits=Habits(ignores=("start",)))
    found = list(tried(told))
    assert found[0] == Tried("start", None)
    assert found[1].asked == "stop"
    assert not charges(told)


def test_an_unplugged_car_is_not_asked_anything() -> None:
    told = Story(plugged_in(), now=at("Mon 18:00"))
    told.car.life = told.car.life.__class__(
        told.car.life.condition.__class__(at("Mon 17:00"), 50.0, plugged=False, charging=False), None, (), Habits()
    )
    with pytest.raises(DelciaError, match="is not plugged in") as caught:
        list(tried(told))
    assert caught.value.slug == "unplugged"
    assert last_commands(told.store, "spring", 9) == ()


def test_a_trial_that_could_not_be_ended_for_want_of_calls_is_not_begun() -> None:
    told = story(charging=True)
    for _ in range(22):
        count_call(told.store, "default", told.now, "read")
    with pytest.raises(DelciaError, match="takes up to 29 calls, more than account 'default' has left") as caught:
        list(tried(told))
    assert (caught.value.slug, caught.value.status) == ("budget", Exit.TRY_AGAIN)
    assert last_commands(told.store, "spring", 9) == ()
    told.now += timedelta(hours=1)
    assert len(list(tried(told))) == 2


def test_who_gives_up_in_between_leaves_a_car_that_was_asked_back() -> None:
    told = story()
    steps = tried(told)
    next(steps)
    steps.close()
    assert not charges(told)


def test_a_real_client_tells_what_the_service_s_car_did(tmp_path: Path) -> None:
    with serve(tmp_path, begins="Mon 20:00") as house:
        house.car.plug()
        house.world.advance(timedelta(minutes=10))
        found = list(_tried_at(house))
        assert {one.asked for one in found} == {"start", "stop"}
        assert all(one.after is not None for one in found)


def _tried_at(house: Home) -> Generator[Tried, None, None]:
    return trial(house.job, lambda: house.now, lambda span: _let_pass(house, span))


def _let_pass(house: Home, span: timedelta) -> None:
    house.world.advance(span)
