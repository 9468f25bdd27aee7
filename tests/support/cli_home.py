"""A host in a folder, its owner at the command line, and the car behind the stand-in: all of delcia but systemd."""

import contextlib
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from standin.cars import Car
from standin.clock import Clock
from standin.serving import Served, serving
from standin.world import World, household
from support.command import Ran, delcia
from support.home import NIGHTS, SITE, SPRING, at

from delcia.cli import scheduled
from delcia.cli.ending import guarded
from delcia.host.paths import Paths

EMAIL, PASSWORD = "owner@example.org", "a good password"
TICK = ("charge", "--all", "--scheduled")


@dataclass(slots=True)
class CliHome:
    """A home looked after from below `root`. `ran` has every command so far with how it ended."""

    served: Served
    root: Path
    plans: Path
    ran: list[tuple[str, Ran]] = field(default_factory=list)

    @property
    def world(self) -> World:
        """The stand-in's."""
        return self.served.world

    @property
    def car(self) -> Car:
        """The car as it is now."""
        self.world.live()
        return self.world.cars["spring"]

    @property
    def paths(self) -> Paths:
        """Where everything lies."""
        return Paths.system(self.root)

    @property
    def environment(self) -> dict[str, str]:
        """What a process of this host needs: the time, and where Renault is."""
        return {"DELCIA_NOW": self.world.clock.now().isoformat(), "DELCIA_RENAULT_URL": self.served.url}

    def delcia(self, *argv: str, stdin: str = "") -> Ran:
        """Run a command as a person does, at the time of the stand-in."""
        with _set(self.environment), _typed(stdin):
            done = delcia(*argv, "--root", str(self.root))
        self.ran.append((" ".join(argv), done))
        return done

    def tick(self) -> Ran:
        """Run what the reconcile timer runs."""
        stdout, stderr = io.StringIO(), io.StringIO()
        argv = [*TICK, "--root", str(self.root)]
        with _set(self.environment), contextlib.redirect_stdout(stdout), contextlib.redirect_stderr(stderr):
            status = guarded(lambda: scheduled.main(argv))
        done = Ran(status, stdout.getvalue(), stderr.getvalue())
        self.ran.append((" ".join(TICK), done))
        return done

    def live(self, *instants: datetime) -> None:
        """Let time pass, with a tick at each instant."""
        for instant in instants:
            self.world.go_to(instant)
            self.tick()

    def move_in(self, *, code: str = "") -> None:
        """Log in and apply the plans, as their owner does once."""
        words = f"{PASSWORD}\n{code}\n" if code else f"{PASSWORD}\n"
        assert (
            self.delcia("login", "--email", EMAIL, "--plans", str(self.plans), "--home", "here", stdin=words).status
            == 0
        )
        assert self.delcia("apply", str(self.plans), "--yes").status == 0


@contextmanager
def cli_home(
    folder: Path, *, vehicle: str = SPRING, plans: str = NIGHTS, begins: str = "Mon 18:00", code: str = "XBG1VE"
) -> Iterator[CliHome]:
    """Serve a home in the evening, with a plan directory, nobody logged in and nothing applied."""
    (folder / "plans").mkdir()
    text = SITE % {"vehicle": vehicle, "more": "", "plans": plans, "chargers": ""}
    (folder / "plans" / "home.yaml").write_text(text, encoding="utf-8")
    with serving(household(Clock(at(begins)), code=code)) as served:
        yield CliHome(served, folder / "root", folder / "plans")


@contextmanager
def _set(environment: dict[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in environment}
    os.environ.update(environment)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value


@contextmanager
def _typed(words: str) -> Iterator[None]:
    before, sys.stdin = sys.stdin, io.TextIOWrapper(io.BytesIO(words.encode()), encoding="utf-8")
    try:
        yield
    finally:
        sys.stdin = before
