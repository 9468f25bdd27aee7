"""Trouble on the way to the car: what is tried again, what the owner is told, and what is never done twice."""

import sqlite3
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from support.stories import Story, at, between, plugged_in

from delcia.car.protocol import Car
from delcia.car.simulation import Habits
from delcia.core.state import Fix, Reading, Setting
from delcia.errors import DelciaError, Exit
from delcia.runtime.asking import stop
from delcia.runtime.charge import run
from delcia.runtime.job import Job, Outcome
from delcia.store.budget import CALLS_PER_HOUR, STOP_RESERVE, calls_since, circuit_open_until, count_call
from delcia.store.log import last_commands
from delcia.store.notices import pending_notices
from delcia.store.opening import open_store

BY_HAND = "unplug it and plug it in again: it charges"
OUTAGE = "the simulated service does not answer"


@dataclass(slots=True)
class TroubledCar:
    """A car whose calls fail as told, by their names; `calls` has them all."""

    car: Car
    faults: dict[str, DelciaError]
    calls: list[str] = field(default_factory=list)

    def read(self, now: datetime) -> Reading:
        """Return what the car says."""
        self._call("read")
        return self.car.read(now)

    def locate(self, now: datetime) -> Fix | None:
        """Return where the car is."""
        self._call("locate")
        return self.car.locate(now)

    def start_changes(self, now: datetime) -> tuple[str, str] | None:
        """Return what a start changes."""
        return self.car.start_changes(now)

    def setting(self, what: Setting, now: datetime) -> str:
        """Return what the car has."""
        self._call("setting")
        return self.car.setting(what, now)

    def change(self, what: Setting, to: str, now: datetime) -> None:
        """Change it."""
        self._call("change")
        self.car.change(what, to, now)

    def wake(self, now: datetime) -> None:
        """Wake it."""
        self.car.wake(now)

    def start(self, now: datetime, tries: int = 1) -> None:  # noqa: ARG002 - as cars have it
        """Start the car; when the effect is not known it has heard of it."""
        self._order("start", now)

    def stop(self, now: datetime) -> None:
        """Stop the car; when the effect is not known it has heard of it."""
        self._order("stop", now)

    def close(self) -> None:
        """Nothing is open."""

    def _call(self, name: str) -> None:
        self.calls.append(name)
        if name in self.faults:
            raise self.faults[name]

    def _order(self, name: str, now: datetime) -> None:
        fault = self.faults.get(name)
        if fault is None or fault.slug == "effect-unknown":
            (self.car.start if name == "start" else self.car.stop)(now)
        self._call(name)


def fault(slug: str, status: Exit = Exit.TRY_AGAIN) -> DelciaError:
    """Return a fault of the car's service."""
    return DelciaError(f"the service says {slug}", slug=slug, hint="wait", status=status)


def through(night: Story, car: TroubledCar) -> Outcome:
    """Run at the story's instant with the troubled car."""
    job = night.job
    return night.look(lambda _, now: run(Job(job.site, job.vehicle, job.store, lambda: car), now))


def at_the_window() -> Story:
    """Return a night that has come to the window, the last reading some time ago."""
    night = Story(plugged_in())
    night.live("Tue 01:22")
    night.now = at("Tue 01:38")
    return night


def test_two_hours_of_trouble_in_a_window_are_told_once() -> None:
    night = Story(plugged_in(habits=Habits(outages=(between("Tue 01:38", "Tue 05:00"),))))
    night.live("Tue 04:59")
    statuses = [item.status for item in night.outcomes if item.error is not None]
    assert set(statuses) == {Exit.TRY_AGAIN, Exit.UNAVAILABLE}
    assert statuses == sorted(statuses, reverse=True)  # 75 until it is 69, and then it stays
    first = next(item for item in night.outcomes if item.status is Exit.UNAVAILABLE)
    assert night.when("for 2 h") == "Tue 03:40"
    assert first.words == f"spring: {OUTAGE}; for 2 h, in which it should have charged"
    assert [notice.text for notice in pending_notices(night.store)] == [
        f"{first.words}; try again in a minute; {BY_HAND}"
    ]
    night.live("Tue 05:05")
    assert night.outcomes[-1].status is Exit.OK
    assert night.memory.trouble_since is None
    assert night.is_charging()


def test_trouble_outside_any_window_is_nobodys_business() -> None:
    night = Story(plugged_in(habits=Habits(outages=(between("Mon 18:00", "Mon 23:55"),))))
    night.live("Mon 23:50")
    assert {item.status for item in night.outcomes} == {Exit.TRY_AGAIN}
    assert pending_notices(night.store) == ()
    assert night.said == [f"Mon 18:30 spring: {OUTAGE}"]


def test_a_quota_opens_the_circuit_and_no_call_is_made_until_it_closes() -> None:
    night = at_the_window()
    car = TroubledCar(night.car, {"read": fault("quota")})
    assert through(night, car).status is Exit.TRY_AGAIN
    assert circuit_open_until(night.store, "default", night.now) == at("Tue 01:53")
    calls = len(car.calls)
    while night.now < at("Tue 01:50"):
        night.now += timedelta(minutes=4)
        outcome = through(night, car)
        assert outcome.status is Exit.TRY_AGAIN
        assert outcome.words.endswith("asked to be left in peace until 01:53"), "by the home's clock"
    assert len(car.calls) == calls
    night.live("Tue 02:05")
    assert night.is_charging()


def test_a_budget_that_is_spent_keeps_a_reserve_for_the_stop() -> None:
    night = Story(plugged_in(soc_pct=30))
    night.live("Tue 06:37")
    night.now = at("Tue 06:38")
    for _ in range(CALLS_PER_HOUR - STOP_RESERVE):
        count_call(night.store, "default", night.now - timedelta(minutes=1), "read")
    night.look()
    assert not night.is_charging()
    night.live("Tue 06:45")
    assert night.memory.stop_confirmed_at is not None
    assert calls_since(night.store, "default", night.now - timedelta(hours=1)) < CALLS_PER_HOUR


def test_a_budget_that_is_spent_lets_a_start_wait() -> None:
    night = at_the_window()
    for _ in range(CALLS_PER_HOUR - STOP_RESERVE):
        count_call(night.store, "default", night.now - timedelta(minutes=1), "read")
    ended = night.look()
    assert ended.error is not None
    assert (ended.status, ended.error.slug) == (Exit.TRY_AGAIN, "budget")
    assert last_commands(night.store, "spring", 9) == ()
    night.live("Tue 02:45")
    assert night.is_charging()


def test_a_start_that_never_left_is_sent_again_at_once() -> None:
    night = at_the_window()
    car = TroubledCar(night.car, {"start": fault("unreachable")})
    ended = through(night, car)
    assert (ended.status, night.memory.command) == (Exit.TRY_AGAIN, None)
    assert [command.outcome for command in last_commands(night.store, "spring", 9)] == ["unreachable"]
    night.live("Tue 01:40")
    assert night.is_charging()


def test_a_start_of_unknown_effect_is_kept_and_judged_by_a_reading() -> None:
    night = at_the_window()
    car = TroubledCar(night.car, {"start": fault("effect-unknown")})
    assert through(night, car).status is Exit.TRY_AGAIN
    assert night.memory.command is not None
    assert night.memory.command.kind == "start"
    night.live("Tue 01:45")
    assert [(command.outcome, command.reason) for command in last_commands(night.store, "spring", 9)] == [
        ("confirmed", "window")
    ]
    assert night.memory.trouble_since is None


def test_a_car_that_ignores_what_it_is_asked_is_told_after_three_times_and_asked_on_through_the_window() -> None:
    night = Story(plugged_in(habits=Habits(ignores=("start",))))
    night.live("Tue 02:50")
    assert len(last_commands(night.store, "spring", 9)) == 3
    assert night.gist[-1] == "was asked 3 times to start; does not do it"
    night.live("Tue 06:35")
    assert len(last_commands(night.store, "spring", 9)) == 6
    assert [notice.slug for notice in pending_notices(night.store)] == ["ignored"]


@pytest.mark.parametrize("status", [Exit.LOGIN, Exit.BROKEN])
def test_what_only_the_owner_can_mend_is_told_at_once_and_once(status: Exit) -> None:
    night = at_the_window()
    car = TroubledCar(night.car, {"read": fault("owner", status)})
    for _ in range(3):
        assert through(night, car).status is status
        night.now += timedelta(minutes=5)
    assert [item.news for item in night.outcomes[-3:]] == [True, False, False]
    assert [notice.text for notice in pending_notices(night.store)] == [
        f"spring: the service says owner; wait; {BY_HAND}"
    ]


@pytest.mark.parametrize("slug", ["quota", "unreachable"])
def test_a_persons_word_is_kept_through_trouble(slug: str) -> None:
    night = at_the_window()
    night.live("Tue 02:00")
    car = TroubledCar(night.car, {"read": fault(slug), "stop": fault(slug)})
    job = night.job
    ended = night.look(lambda _, now: stop(Job(job.site, job.vehicle, job.store, lambda: car), now))
    assert ended.status is Exit.TRY_AGAIN
    night.live("Tue 02:20")
    assert not night.is_charging()
    assert night.gist[-2:] == ["stop: asked for", "stopped by a person until 12:38"]


def test_a_state_that_breaks_in_the_middle_of_a_run_ends_it_to_be_tried_again(tmp_path: Path) -> None:
    night = Story(plugged_in(), store=open_store(tmp_path / "delcia.db"))
    night.live("Tue 01:22")
    night.now = at("Tue 01:38")
    night.store.close()
    break_readings(tmp_path / "delcia.db")
    night.store = open_store(tmp_path / "delcia.db")
    ended = night.look()
    assert ended.error is not None
    assert (ended.status, ended.error.slug) == (Exit.TRY_AGAIN, "state-damaged")
    night.store = open_store(tmp_path / "delcia.db")
    night.live("Tue 01:45")
    assert night.is_charging()
    night.store.close()


def break_readings(path: Path) -> None:
    """Overwrite the pages of the readings, so that only their writing finds the damage."""
    with sqlite3.connect(path) as store:
        page, size = (store.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_size", "page_count"))
        roots = [row[0] for row in store.execute("SELECT rootpage FROM sqlite_master WHERE tbl_name = 'readings'")]
    store.close()
    assert max(roots) <= size
    with path.open("r+b") as file:
        for root in roots:
            file.seek((root - 1) * page)
            file.write(b"\xff" * page)
