"""The shortcut of the reconcile timer: written after a calm run for all, and void as soon as anything may be due.

On the real clock: the shortcut asks nothing else.
"""

import json
import os
import time
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.command import Ran, delcia
from support.small_site import SOCKET, SPRING, plan, site

from delcia.car.simulated import SimulatedCar
from delcia.car.simulation import Condition, Daily, Habits, Life
from delcia.cli import scheduled
from delcia.cli.quiet import FOR_ALL, LONGEST_S, NAME, is_quiet
from delcia.core.looking import quiet_until
from delcia.core.state import Memory
from delcia.core.triggers import RECONCILE, fires
from delcia.core.wishes import settle
from delcia.errors import Exit
from delcia.host.paths import Paths
from delcia.runtime.charge import run
from delcia.runtime.job import Job
from delcia.runtime.simulate import ticks
from delcia.store.log import LoggedOverride, last_overrides, log_override
from delcia.store.memory import memory_of, remember
from delcia.store.opening import open_store

PLANS = """\
timezone: Etc/UTC
vehicles:
  spring: {{model: spring-26, driver: simulated, hold: false}}
chargers:
  socket: {{amps: 10}}
plans:
  nights: {{vehicle: spring, charger: socket, charge: {{to_soc: {to_soc}}}, when: {{windows: ["{window}"]}}}}
"""


@dataclass(frozen=True, slots=True)
class Host:
    """A host below a folder, its state where the service would have it."""

    root: Path
    plans: Path

    @property
    def paths(self) -> Paths:
        """Where everything lies."""
        return Paths.system(self.root)

    @property
    def file(self) -> Path:
        """What the shortcut reads."""
        return self.paths.state / NAME

    def apply(self, *, to_soc: int = 80, ahead_h: float = 6) -> None:
        """Apply a plan whose window begins some hours from now and lasts for two."""
        begins = datetime.now(UTC) + timedelta(hours=ahead_h)
        window = f"{begins:%H:%M}-{begins + timedelta(hours=2):%H:%M}"
        (self.plans / "home.yaml").write_text(PLANS.format(to_soc=to_soc, window=window), encoding="utf-8")
        assert self.delcia("apply", str(self.plans), "--yes").status == 0

    def delcia(self, *argv: str) -> Ran:
        """Run a command as a person does."""
        return delcia(*argv, "--root", str(self.root))

    def tick(self, *argv: str) -> int:
        """Run what a timer runs: for all unless said."""
        return scheduled.main([*(argv or FOR_ALL), "--root", str(self.root)])


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Host:
    """Return a host with a plan that is not due for hours, and the environment that systemd gives the service."""
    (tmp_path / "plans").mkdir()
    made = Host(tmp_path / "root", tmp_path / "plans")
    made.apply()
    monkeypatch.setenv("STATE_DIRECTORY", str(made.paths.state))
    return made


@pytest.fixture
def calm(host: Host) -> Host:
    """Return the host after a run that had nothing to do."""
    assert host.tick() == 0
    assert is_quiet(FOR_ALL)
    return host


def test_what_a_killed_run_left_beside_it_does_not_stay(host: Host) -> None:
    left, written = host.file.with_name(f".{NAME}.4711"), host.file.with_name(f".{NAME}.4712")
    for file in (left, written):
        file.write_text("", encoding="ascii")
    long_ago = time.time() - 2 * 3600
    os.utime(left, (long_ago, long_ago))
    assert host.tick() == 0
    assert host.file.exists()
    assert not left.exists()
    assert written.exists(), "somebody may be writing it"


def test_what_was_cut_short_in_the_spool_does_not_stay(host: Host) -> None:
    host.paths.spool.mkdir(parents=True, exist_ok=True)
    left = host.paths.spool / ".word.new"
    left.write_text("{", encoding="ascii")
    long_ago = time.time() - 2 * 3600
    os.utime(left, (long_ago, long_ago))
    assert host.tick() == 0
    assert not left.exists()


def test_before_the_first_run_nothing_is_quiet(host: Host) -> None:
    assert not host.file.exists()
    assert not is_quiet(FOR_ALL)


def test_a_calm_run_says_until_when_it_is_quiet(calm: Host) -> None:
    until, generation, _ = calm.file.read_text(encoding="ascii").split()
    assert 0 < float(until) - time.time() < LONGEST_S
    assert generation == calm.paths.current.read_text(encoding="ascii").strip()


@pytest.mark.parametrize(
    "argv",
    [
        ["charge", "nights", "--scheduled"],
        ["charge", "--all"],
        ["charge", "--all", "--dry-run"],
        ["status"],
        [],
        [*FOR_ALL, "--root", "/"],
    ],
    ids=" ".join,
)
@pytest.mark.usefixtures("calm")
def test_only_the_run_for_all_takes_the_shortcut(argv: list[str]) -> None:
    assert not is_quiet(argv)


@pytest.mark.usefixtures("calm")
def test_a_clock_that_is_set_by_hand_is_never_quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DELCIA_NOW", datetime.now(UTC).isoformat())
    assert not is_quiet(FOR_ALL)


@pytest.mark.parametrize("word", [("boost",), ("pause",), ("stop",), ("start",), ("resume",)], ids=" ".join)
def test_a_persons_word_voids_it(calm: Host, word: tuple[str, ...]) -> None:
    assert calm.delcia(*word, "spring").status == 0
    assert not is_quiet(FOR_ALL)


def test_a_word_that_waits_in_the_spool_voids_it(calm: Host) -> None:
    calm.paths.spool.mkdir()
    assert is_quiet(FOR_ALL)
    (calm.paths.spool / "word.json").write_text("{}", encoding="utf-8")
    assert not is_quiet(FOR_ALL)


def test_whoever_else_writes_the_state_voids_it(calm: Host) -> None:
    with closing(open_store(calm.paths.database)) as store:
        log_override(store, "spring", datetime.now(UTC), None)
        assert isinstance(last_overrides(store, "spring", 1)[0], LoggedOverride)
    assert not is_quiet(FOR_ALL)


def test_looking_at_the_state_does_not_void_it(calm: Host) -> None:
    assert calm.delcia("status").status == 0
    assert calm.delcia("report").status == 0
    assert calm.delcia("charge", "--all", "--dry-run").status == 0
    assert is_quiet(FOR_ALL)


def test_a_new_generation_voids_it(calm: Host) -> None:
    calm.apply(to_soc=70)
    assert not is_quiet(FOR_ALL)
    calm.tick()
    assert is_quiet(FOR_ALL)


def test_an_apply_that_changes_nothing_leaves_it(calm: Host) -> None:
    assert calm.delcia("apply", str(calm.plans), "--yes").status == 0
    assert is_quiet(FOR_ALL)


@pytest.mark.parametrize(
    "until_s",
    [pytest.param(-1, id="over"), pytest.param(LONGEST_S + 60, id="the clock was set back since")],
)
def test_a_time_that_is_over_or_too_far_away_is_not_quiet(calm: Host, until_s: float) -> None:
    _, generation, stamp = calm.file.read_text(encoding="ascii").split()
    calm.file.write_text(f"{time.time() + until_s:.0f} {generation} {stamp}\n", encoding="ascii")
    assert not is_quiet(FOR_ALL)


@pytest.mark.parametrize("rubbish", ["", "nan 1 2", "soon", "1 2", "inf 1 1", "\x00" * 40, "ä"])
def test_rubbish_is_not_quiet(calm: Host, rubbish: str) -> None:
    calm.file.write_text(rubbish, encoding="utf-8")
    assert not is_quiet(FOR_ALL)


@pytest.mark.parametrize("name", ["database", "current"])
def test_what_is_gone_is_not_quiet(calm: Host, name: str) -> None:
    getattr(calm.paths, name).unlink()
    assert not is_quiet(FOR_ALL)


def test_a_run_for_one_plan_writes_nothing(host: Host) -> None:
    assert host.tick("charge", "nights", "--scheduled") == 0
    assert not host.file.exists()


def test_a_run_that_gives_a_command_writes_nothing(host: Host) -> None:
    host.apply(ahead_h=-1)
    assert host.delcia("stop", "spring").status == 0
    car = host.paths.state / "car-spring.json"
    life = json.loads(car.read_text(encoding="utf-8"))
    life["condition"] |= {"charging": False, "pending": []}
    car.write_text(json.dumps(life), encoding="utf-8")
    with closing(open_store(host.paths.database)) as store:
        remember(store, "spring", Memory())
    host.tick()
    with closing(open_store(host.paths.database)) as store:
        order = memory_of(store, "spring").command
    assert order is not None
    assert order.kind == "start"
    assert not is_quiet(FOR_ALL)


def test_a_run_in_trouble_writes_nothing(host: Host) -> None:
    host.apply(ahead_h=-1)
    (host.paths.state / "car-spring.json").write_text("rubbish", encoding="utf-8")
    assert host.tick() == Exit.BROKEN
    assert not host.file.exists()


def test_the_quiet_ends_before_a_window_opens(host: Host) -> None:
    host.apply(ahead_h=0.5)
    host.tick()
    until = float(host.file.read_text(encoding="ascii").split()[0]) if host.file.exists() else 0
    assert until < time.time() + 21 * 60


@pytest.mark.parametrize(("hold", "days"), [(False, 7), (True, 3)], ids=["free", "hold"])
def test_a_life_with_the_shortcut_has_the_commands_of_one_without(*, hold: bool, days: int) -> None:
    every, runs = _commands(days, hold=hold, skipping=False)
    some, fewer = _commands(days, hold=hold, skipping=True)
    assert some == every
    assert len(every) >= 2 * days - 2
    assert fewer < runs * 0.7


def _commands(days: int, *, hold: bool, skipping: bool) -> tuple[list[tuple[datetime, str]], int]:
    """Return the commands that a commuter's car is given, and how many runs it took."""
    start = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
    vehicle = SPRING if hold else replace(SPRING, hold=False, minimum_soc_pct=None)
    home = replace(site(plan(ready_by_min=7 * 60)), vehicles={"spring": vehicle})
    life = Life(Condition(start, 60.0), Daily(home.timezone), habits=Habits(begins_on_plug=hold))
    car = SimulatedCar(vehicle.battery, SOCKET, life)
    own = set(fires(RECONCILE, start, start + timedelta(days=days)))
    commands: list[tuple[datetime, str]] = []
    quiet, runs = start, 0
    with closing(open_store(None)) as store:
        job = Job(home, vehicle, store, lambda: car, (0.0, 0.0))
        for now in ticks(home, "spring", start, start + timedelta(days=days)):
            if skipping and now in own and now < quiet:
                continue
            outcome = run(job, now)
            runs += 1
            action = outcome.decision.action if outcome.decision else "none"
            if action != "none":
                commands.append((now, action))
            if now in own:
                calm = outcome.status is Exit.OK and action == "none"
                memory = settle(home, vehicle, memory_of(store, "spring"), now)
                quiet = quiet_until(home, vehicle, memory, now) if calm else now
    return commands, runs
