"""`delcia login` on a terminal: it asks, hides the password, and lets its owner choose and mend."""

import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from standin.serving import Served, serving
from standin.world import household

from delcia.host.credentials import load
from delcia.host.paths import Paths

PASSWORD = "a good password"  # noqa: S105 - the stand-in's
PLAN = """\
timezone: Europe/Paris
vehicles:
  spring: {model: spring-26, hold: true}
  summer: {model: spring-26, hold: true}
chargers: {socket: {amps: 10}}
plans:
  nights: {vehicle: spring, charger: socket, charge: {to_soc: 80}, when: {windows: ["22:00-06:00"]}}
"""
PATIENCE_S = 20.0


class Terminal:
    """A command on a terminal of its own, and what a person sees there."""

    def __init__(self, *argv: str, env: dict[str, str]) -> None:
        self._master, slave = pty.openpty()
        self.seen = ""
        self._running = subprocess.Popen(
            [sys.executable, "-m", "delcia", *argv],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env={**os.environ, **env, "PYTHONPATH": str(Path(__file__).parents[2])},
            start_new_session=True,
        )
        os.close(slave)

    def answer(self, question: str, words: str) -> None:
        """Wait for a question, and type."""
        before, deadline = len(self.seen), time.monotonic() + PATIENCE_S
        while question not in self.seen[before:]:
            assert time.monotonic() < deadline, f"no '{question}' in: {self.seen}"
            self._look()
        time.sleep(0.05)  # the terminal's echo is switched off after the question is written
        os.write(self._master, f"{words}\n".encode())

    def end(self) -> int:
        """Wait for the end and return the exit status."""
        deadline = time.monotonic() + PATIENCE_S
        while self._running.poll() is None and time.monotonic() < deadline:
            self._look()
        self._look()
        self._running.kill()
        os.close(self._master)
        return self._running.wait()

    def _look(self) -> None:
        with suppress(OSError):  # the other end is closed
            if select.select([self._master], [], [], 0.1)[0]:
                self.seen += os.read(self._master, 65536).decode()


@pytest.fixture
def served() -> Iterator[Served]:
    world = household()
    person = world.people["owner@example.org"]
    person.two_factor = True
    world.car(person.accounts[0], "summer", "XBG1VE")
    with serving(world) as served:
        yield served


def test_a_person_is_asked_for_what_only_they_know(served: Served, tmp_path: Path) -> None:
    plans = tmp_path / "plans"
    plans.mkdir()
    (plans / "home.yaml").write_text(PLAN, encoding="utf-8")
    root = tmp_path / "root"
    argv = ("login", "--plans", str(plans), "--root", str(root))
    terminal = Terminal(*argv, env={"DELCIA_RENAULT_URL": served.url, "TERM": "dumb"})
    person = served.world.people["owner@example.org"]

    terminal.answer("e-mail address", person.email)
    terminal.answer("password (not shown, not kept)", PASSWORD)
    terminal.answer("code", "000000")
    terminal.answer("does not take this code", person.code)
    terminal.answer("which car is 'spring'", "2")
    terminal.answer("at home now", "n")
    terminal.answer("at home now", "y")
    status = terminal.end()

    assert status == 0, terminal.seen
    assert PASSWORD not in terminal.seen
    assert served.world.cars["spring"].vin not in terminal.seen
    access = load(Paths.system(root), "default")
    assert access.vehicles["spring"].vin == served.world.cars["summer"].vin
    assert access.vehicles["summer"].vin == served.world.cars["spring"].vin
    assert access.home is not None
    assert access.home.latitude == served.world.cars["spring"].latitude


def test_a_person_whose_car_is_away_says_where_home_is(served: Served, tmp_path: Path) -> None:
    plans = tmp_path / "plans"
    plans.mkdir()
    (plans / "home.yaml").write_text(PLAN.replace("  summer: {model: spring-26, hold: true}\n", ""), encoding="utf-8")
    root = tmp_path / "root"
    argv = ("login", "--plans", str(plans), "--root", str(root))
    terminal = Terminal(*argv, env={"DELCIA_RENAULT_URL": served.url, "TERM": "dumb"})
    person = served.world.people["owner@example.org"]

    terminal.answer("e-mail address", person.email)
    terminal.answer("password (not shown, not kept)", PASSWORD)
    terminal.answer("code", person.code)
    terminal.answer("which car is 'spring'", "1")
    terminal.answer("at home now", "n")
    terminal.answer("where is home, as LAT,LON (empty: later)", "over there")
    terminal.answer("--home is no place", "48.9,2.4")

    assert terminal.end() == 0, terminal.seen
    home = load(Paths.system(root), "default").home
    assert home is not None
    assert (home.latitude, home.longitude) == (48.9, 2.4)


def test_who_says_where_the_password_is_is_asked_nothing_on_a_terminal_either(served: Served, tmp_path: Path) -> None:
    plans = tmp_path / "plans"
    plans.mkdir()
    (plans / "home.yaml").write_text(PLAN, encoding="utf-8")
    root = tmp_path / "root"
    person = served.world.people["owner@example.org"]
    cars = [f"--vehicle={name}={served.world.cars[name].vin[-4:]}" for name in ("spring", "summer")]
    argv = ("login", "--email", person.email, "--password-stdin", *cars, "--plans", str(plans), "--root", str(root))
    terminal = Terminal(*argv, env={"DELCIA_RENAULT_URL": served.url, "TERM": "dumb"})

    terminal.answer("", PASSWORD)
    terminal.answer("Renault sends a code to", person.code)
    status = terminal.end()

    assert status == 0, terminal.seen
    assert not [
        question for question in ("password (", "code:", "which car", "at home now") if question in terminal.seen
    ]
    assert load(Paths.system(root), "default").vehicles["summer"].vin == served.world.cars["summer"].vin
