"""Runs that are killed: at their n-th step, for every n, each in a process of its own; then life goes on.

A step is a statement that the store is about to run, or the moment before and after a call of the car.
`python mortal.py FOLDER INSTANT END` prints one JSON line per n with what had become of the car by END.
"""

import json
import os
import shutil
import signal
import sys
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count
from pathlib import Path

from support.small_site import SOCKET, SPRING
from support.stories import Story, plugged_in

from delcia.car.protocol import Car
from delcia.car.simulated import SimulatedCar, save, simulated_at
from delcia.core.state import Fix, Reading, Setting
from delcia.runtime.charge import run
from delcia.runtime.job import Job
from delcia.store.log import last_commands
from delcia.store.opening import open_store


@dataclass(slots=True)
class Fate:
    """The number of steps that a process may still take."""

    left: int

    def step(self, _what: str = "") -> None:
        """Take a step; the last one is a kill -9."""
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        self.left -= 1


@dataclass(frozen=True, slots=True)
class MortalCar:
    """A car around whose calls the process may end."""

    car: Car
    fate: Fate

    def read(self, now: datetime) -> Reading:
        """Ask it."""
        self.fate.step()
        found = self.car.read(now)
        self.fate.step()
        return found

    def locate(self, now: datetime) -> Fix | None:
        """Ask where it is."""
        return self.car.locate(now)

    def start_changes(self, now: datetime) -> tuple[str, str] | None:
        """Ask what a start changes."""
        return self.car.start_changes(now)

    def setting(self, what: Setting, now: datetime) -> str:
        """Ask for a setting."""
        return self.car.setting(what, now)

    def change(self, what: Setting, to: str, now: datetime) -> None:
        """Change it."""
        self.fate.step()
        self.car.change(what, to, now)
        self.fate.step()

    def wake(self, now: datetime) -> None:
        """Wake it."""
        self.car.wake(now)

    def start(self, now: datetime, tries: int = 1) -> None:
        """Start it."""
        self.fate.step()
        self.car.start(now, tries)
        self.fate.step()

    def stop(self, now: datetime) -> None:
        """Stop it."""
        self.fate.step()
        self.car.stop(now)
        self.fate.step()

    def close(self) -> None:
        """Leave it."""
        self.car.close()


def story_in(folder: Path, now: datetime) -> Story:
    """Return the story whose state and car live in a folder, at an instant."""
    story = Story(plugged_in(), store=open_store(folder / "delcia.db"), now=now)
    # A killed process loses nothing that the kernel has; the power stays on in these stories.
    story.store.connection.execute("PRAGMA synchronous = OFF")
    story.car = car_in(folder, now)
    return story


def car_in(folder: Path, now: datetime) -> SimulatedCar:
    """Return the car that lives in a folder."""
    return simulated_at(folder / "car.json", SPRING.battery, SOCKET, "Europe/Paris", now)


def begin(folder: Path, story: Story) -> None:
    """Put the car of a story, whose state is kept there already, into a folder."""
    save(folder / "car.json", replace(story.car.life, daily=None))


def main(folder: Path, instant: datetime, end: datetime) -> None:
    """Kill a run at its every step."""
    for steps in count():
        copy = folder.with_name(f"{folder.name}-{steps}")
        shutil.copytree(folder, copy)
        process = os.fork()
        if process == 0:
            _run_and_die(copy, instant, Fate(steps))
            os._exit(0)
        killed = os.WIFSIGNALED(os.waitpid(process, 0)[1])
        later = story_in(copy, instant)
        later.live_to(end)
        kinds = [command.kind for command in last_commands(later.store, "spring", 9) if command.sent_at >= instant]
        owner = later.memory.session.owner if later.memory.session else None
        print(json.dumps({"steps": steps, "charging": later.is_charging(), "commands": kinds, "owner": owner}))  # noqa: T201 - the answer
        later.store.close()
        shutil.rmtree(copy)
        if not killed:
            return


def _run_and_die(folder: Path, now: datetime, fate: Fate) -> None:
    story = story_in(folder, now)
    story.store.connection.set_trace_callback(fate.step)
    job = story.job
    car = MortalCar(story.car, fate)
    run(Job(job.site, job.vehicle, job.store, lambda: car), now)


if __name__ == "__main__":
    main(Path(sys.argv[1]), datetime.fromisoformat(sys.argv[2]), datetime.fromisoformat(sys.argv[3]))
