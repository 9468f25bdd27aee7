"""A run may end at any point, however rudely: the next ones bring the car to what the plan says."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from support import mortal
from support.stories import Story, at, plugged_in

from delcia.core.state import Command, Owner
from delcia.runtime.charge import run
from delcia.runtime.job import Job
from delcia.store.log import last_commands
from delcia.store.opening import open_store

TESTS = Path(mortal.__file__).parents[1]


@dataclass(frozen=True, slots=True)
class InterruptedCar(mortal.MortalCar):
    """A car at whose orders the run ends, before it has heard of them or after."""

    ending: BaseException
    heard: bool

    def start(self, now: datetime, tries: int = 1) -> None:
        """End the run."""
        if self.heard:
            self.car.start(now, tries)
        raise self.ending


@pytest.mark.parametrize("ending", [KeyboardInterrupt(), SystemExit(1)], ids=["interrupted", "ended"])
@pytest.mark.parametrize("heard", [False, True])
def test_a_start_is_remembered_before_it_is_sent(ending: BaseException, *, heard: bool) -> None:
    night = Story(plugged_in())
    night.live("Tue 01:37")
    night.now = at("Tue 01:38")
    car = InterruptedCar(night.car, mortal.Fate(99), ending, heard)
    job = Job(night.site, night.job.vehicle, night.store, lambda: car)
    with pytest.raises(type(ending)):
        run(job, night.now)
    sent = night.memory.command
    assert isinstance(sent, Command)
    assert (sent.kind, sent.sent_at, sent.confirmed_at) == ("start", night.now, None)
    night.live("Tue 01:45")
    assert night.is_charging() is heard
    night.live("Tue 02:05")
    assert night.is_charging()
    assert night.memory.session is not None
    assert night.memory.session.owner is Owner.DELCIA
    assert len(last_commands(night.store, "spring", 9)) == (1 if heard else 2)


def killed_everywhere(folder: Path, instant: datetime, end: datetime) -> list[dict[str, object]]:
    """Return what became of the car for a kill at each step of the run at an instant."""
    done = subprocess.run(
        [sys.executable, mortal.__file__, folder, instant.isoformat(), end.isoformat()],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(TESTS), str(TESTS.parent)])},
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def living(folder: Path, until: str, soc_pct: float) -> None:
    """Let a car and its state live in a folder up to an instant."""
    folder.mkdir()
    night = Story(plugged_in(soc_pct=soc_pct), store=open_store(folder / "delcia.db"))
    night.live(until)
    night.store.close()
    mortal.begin(folder, night)


@pytest.mark.slow
def test_a_start_killed_at_any_step_charges_the_car_all_the_same(tmp_path: Path) -> None:
    living(tmp_path / "night", "Tue 01:37", 50.0)
    ends = killed_everywhere(tmp_path / "night", at("Tue 01:38"), at("Tue 02:05"))
    assert len(ends) > 20
    for end in ends:
        assert end["charging"] is True, end
        assert end["owner"] == "delcia", end
        assert end["commands"] in (["start"], ["start", "start"]), end


@pytest.mark.slow
def test_a_stop_killed_at_any_step_ends_the_charge_all_the_same(tmp_path: Path) -> None:
    living(tmp_path / "night", "Tue 06:37", 30.0)
    ends = killed_everywhere(tmp_path / "night", at("Tue 06:38"), at("Tue 07:10"))
    assert len(ends) > 20
    for end in ends:
        assert end["charging"] is False, end
        assert end["commands"] in (["stop"], ["stop", "stop"]), end
