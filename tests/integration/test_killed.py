"""`delcia charge` killed at random moments, all through a night: nothing is lost, and the car ends as planned.

The stand-in's clock stands still while a run lasts, so a killed run costs its tick and no more.
"""

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from support.cli_home import TICK, CliHome, cli_home
from support.home import at

from delcia.host.credentials import load
from delcia.store.log import last_commands
from delcia.store.memory import memory_of
from delcia.store.opening import open_store

FIVE = timedelta(minutes=5)
BLOCKS = (("Mon 18:35", "Mon 19:10"), ("Tue 01:30", "Tue 02:15"), ("Tue 05:20", "Tue 06:35"))
"""When every run is killed: as the car is held, started, and stopped at its target."""


def run(house: CliHome, kill_after_s: float | None = None) -> bool:
    """Run the reconcile timer's command in a process; return whether it was killed before its end."""
    process = subprocess.Popen(
        [sys.executable, "-m", "delcia", *TICK, "--root", str(house.root)],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), **house.environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        with suppress(subprocess.TimeoutExpired):
            process.wait(kill_after_s if kill_after_s is not None else 60)
    finally:
        process.kill()
    return process.wait() < 0


def timed(house: CliHome) -> float:
    """Return how many seconds a run takes that reads the car; ten minutes pass with it."""
    begun = time.monotonic()
    run(house)
    took_s = time.monotonic() - begun
    house.world.advance(2 * FIVE)
    return took_s


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[CliHome, int]]:
    """Live the night; return the house in the morning and how many runs were killed."""
    chance = random.Random(20261123)  # noqa: S311 - chooses moments, protects nothing
    with cli_home(tmp_path_factory.mktemp("night")) as house:
        house.move_in()
        house.car.later(at("Mon 18:30"), "plug")
        house.world.fault(endpoint="pause-resume", times=None, delay_s=0.1)
        took_s = min(timed(house) for _ in range(2))  # the first one may be slow for other reasons
        killed, least_s = 0, took_s / 2
        for first, last in BLOCKS:
            quiet = [house.world.clock.now() + number * 2 * FIVE for number in range(1, 60)]
            house.live(*(instant for instant in quiet if instant < at(first)))
            house.world.go_to(at(first))
            while house.world.clock.now() <= at(last):
                begun = time.monotonic()
                if run(house, chance.uniform(0.3, 1.1) * took_s):
                    killed += 1
                else:  # it was measured on a machine that had more to do
                    took_s = max(least_s, min(took_s, time.monotonic() - begun))
                house.world.advance(FIVE)
        house.live(*(at("Tue 06:38") + number * FIVE for number in range(8)))
        yield house, killed


def test_most_runs_were_killed_and_the_night_ended_as_planned(night: tuple[CliHome, int]) -> None:
    house, killed = night
    assert killed >= 15
    assert 80 <= 100 * house.car.soc < 92
    assert not house.car.charging
    assert house.tick().status == 0


def test_no_order_follows_its_opposite_within_ten_minutes(night: tuple[CliHome, int]) -> None:
    house, _ = night
    apart = [later[0] - earlier[0] for earlier, later in pairwise(house.car.orders) if earlier[1] != later[1]]
    assert min(apart) >= timedelta(minutes=10)
    assert len(house.car.orders) < 12


def test_every_order_that_reached_the_car_is_in_the_log(night: tuple[CliHome, int]) -> None:
    house, _ = night
    with closing(open_store(house.paths.database)) as store:
        logged = {(command.sent_at, command.kind) for command in last_commands(store, "spring", 100)}
        assert store.remarks == []
        assert memory_of(store, "spring").reading is not None
        assert store.connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert set(house.car.orders) <= logged


def test_the_login_and_the_applied_plans_are_whole(night: tuple[CliHome, int]) -> None:
    house, _ = night
    assert load(house.paths, "default").vehicles["spring"].vin == house.car.vin
    assert house.delcia("diff", str(house.plans)).status == 0
    assert house.world.counts()["details"] <= 3, "what was learned of the car is kept"
