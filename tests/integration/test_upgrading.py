"""0.1 to this delcia, and back: nothing is forgotten, and nothing stays changed in the car.

The oracle is the stand-in: what its car does, and what its settings are in truth. The hosts are those that 0.1 left.
"""

import copy
import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest
from standin.clock import Clock
from standin.serving import serving
from standin.world import household
from support.cli_home import CliHome, cli_home
from support.home import at
from support.old import LEFT, code_of_0_1, settle_in, tick_by_0_1

from delcia.core import learned, state
from delcia.core.codec import from_data, to_data
from delcia.store.connection import rows
from delcia.store.memory import memory_of, remember
from delcia.store.opening import open_readonly, open_store
from delcia.store.schema import STEPS

MINUTES = timedelta(minutes=1)
PROGRAMMES = [
    {"programActivationStatus": on, "programType": kind, "programDepartureTime": departure}
    for on, kind, departure in (
        (True, "CHARGE", "06:30"),
        (False, "CHARGE", "16:00"),
        (True, "PRECONDITIONING", "07:00"),
    )
]


@contextmanager
def host_of_0_1(folder: Path, name: str, *, code: str, soc: float, plugged: str, now: str) -> Iterator[CliHome]:
    """Give a host that 0.1 left, its car plugged in, at the time at which it was left."""
    with serving(household(Clock(at(plugged)), soc=soc, code=code)) as served:
        house = CliHome(served, folder / "root", folder / "root/etc/delcia/plans")
        house.car.plug()
        house.world.go_to(at(now))
        settle_in(house, name)
        yield house


@pytest.fixture
def held(tmp_path: Path) -> Iterator[CliHome]:
    """Return the host whose car was held at 18:05; it is Mon 19:00."""
    with host_of_0_1(tmp_path, "held", code="XBG1VE", soc=0.5, plugged="Mon 18:00", now="Mon 18:05") as house:
        house.car.order("stop")
        house.world.go_to(at("Mon 19:00"))
        house.car.orders.clear()
        yield house


@pytest.fixture
def limited(tmp_path: Path) -> Iterator[CliHome]:
    """Return the host whose car charges with a limit of 80 % of delcia's in the place of 90 %; it is Mon 18:30."""
    with host_of_0_1(tmp_path, "limit", code="R5E1VE", soc=0.7, plugged="Mon 18:00", now="Mon 18:30") as house:
        house.car.soc_min_pct, house.car.soc_target_pct = 25, 80
        yield house


@pytest.fixture
def unscheduled(tmp_path: Path) -> Iterator[CliHome]:
    """Return the host whose car charges with its own programmes off; it is Tue 00:25."""
    with host_of_0_1(tmp_path, "programmes", code="R5E1VE", soc=0.83, plugged="Mon 23:40", now="Tue 00:25") as house:
        ours = [{**each, "programActivationStatus": each["programType"] != "CHARGE"} for each in PROGRAMMES]
        house.car.settings.update(programs=copy.deepcopy(ours), chargeModeRq="ALWAYS")
        yield house


def live(house: CliHome, until: str, tick: Callable[[], object] | None = None, every: timedelta = 5 * MINUTES) -> None:
    """Let the timers fire every few minutes, and at the beginning and end of the night."""
    instant = house.world.clock.now()
    edges = [edge for edge in (at("Tue 01:38"), at("Tue 06:38")) if instant < edge <= at(until)]
    instants: list[datetime] = []
    while (instant := instant + every) <= at(until):
        instants.append(instant)
    for moment in sorted([*instants, *edges]):
        house.world.go_to(moment)
        (tick or house.tick)()


def settings(house: CliHome) -> Any:  # noqa: ANN401 - as the service has it
    """Return the car's programmes as they are."""
    return house.car.settings["programs"]


def loans(house: CliHome) -> list[str]:
    """Return what is still to be given back."""
    with closing(open_readonly(house.paths.database)) as store:
        return [loan.what for loan in memory_of(store, "spring").loans]


def test_a_held_car_stays_held_after_the_upgrade_and_charges_at_night(held: CliHome) -> None:
    live(held, "Tue 01:35")
    assert not held.car.charging
    assert [kind for _, kind in held.car.orders] == ["start", "stop"], "0.1 never tried whether it hears a start"
    live(held, "Tue 07:00")
    assert held.car.soc == pytest.approx(0.8, abs=0.015)
    assert all("cannot be read" not in ran.stderr for _, ran in held.ran)


def test_a_limit_that_0_1_borrowed_is_given_back(limited: CliHome) -> None:
    live(limited, "Mon 20:00")
    assert (limited.car.soc_min_pct, limited.car.soc_target_pct) == (25, 80)
    limited.car.unplug()
    live(limited, "Mon 20:30")
    assert (limited.car.soc_min_pct, limited.car.soc_target_pct) == (25, 90)
    assert loans(limited) == []


def test_programmes_that_0_1_switched_off_come_back_after_the_charge(unscheduled: CliHome) -> None:
    live(unscheduled, "Tue 00:40")
    assert [each["programActivationStatus"] for each in settings(unscheduled)] == [False, False, True]
    unscheduled.car.unplug()
    live(unscheduled, "Tue 01:30")
    assert [each["programActivationStatus"] for each in settings(unscheduled)] == [True, False, True]
    assert loans(unscheduled) == []


def test_there_and_back_a_held_car_is_not_forgotten(held: CliHome, tmp_path: Path) -> None:
    old = code_of_0_1(tmp_path / "old")
    live(held, "Mon 19:30")
    held.delcia("skip", "spring", "--until", "22:00")  # a word that 0.1 did not know
    said = []
    live(held, "Tue 07:00", lambda: said.append(tick_by_0_1(held, old)), 30 * MINUTES)
    assert {ran.status for ran in said} == {0}
    assert [ran.stderr for ran in said if ran.stderr] == []
    assert held.car.soc == pytest.approx(0.8, abs=0.04), "looked at every half hour only"


def test_there_and_back_a_borrowed_limit_is_given_back_by_0_1(limited: CliHome, tmp_path: Path) -> None:
    old = code_of_0_1(tmp_path / "old")
    live(limited, "Mon 19:00")
    limited.delcia("start", "spring", "--to-soc", "80", "--amps", "10")
    limited.car.unplug()
    said = []
    live(limited, "Mon 19:30", lambda: said.append(tick_by_0_1(limited, old)))
    assert [ran.stderr for ran in said if ran.stderr] == []
    assert (limited.car.soc_min_pct, limited.car.soc_target_pct) == (25, 90)
    assert loans(limited) == []


NAMES_OF_0_1 = {"Boost", "Charge", "Command", "Delivered", "Failure", "Fix", "Learned", "Loan", "Memory", "Owner"} | {
    *("Pause", "Plug", "Reading", "Session", "Trip", "Whereabouts"),
}
"""The classes that its codec reads; at an unknown one it forgets the whole memory, and what is to be given back."""
VALUES_OF_0_1 = {
    "Plug": {"plugged", "unplugged", "unknown"},
    "Charge": {"charging", "waiting", "ended", "idle", "error", "unknown"},
    "Owner": {"person", "delcia", "car"},
}


def told(house: CliHome) -> list[str]:
    """Return what the owner is told of the upgrade."""
    with closing(open_readonly(house.paths.database)) as store:
        return [words for (words,) in rows(store, "SELECT text FROM notices WHERE slug = 'upgraded'")]


def test_the_owner_is_told_once_what_behaves_differently(held: CliHome) -> None:
    live(held, "Mon 19:30")
    (words,) = told(held)
    assert "delcia was upgraded" in words
    assert "'delcia stop V --until unplugged'" in words
    assert held.delcia("apply", str(held.plans), "--yes").status == 0
    live(held, "Mon 20:00")
    assert len(told(held)) == 1
    assert "upgraded" not in held.delcia("status").stdout.partition("notices")[0]


def test_after_an_upgrade_the_plans_are_applied_and_rolled_back(held: CliHome) -> None:
    assert held.delcia("apply", str(held.plans), "--yes").status == 0
    assert held.delcia("rollback", "1", "--yes").status == 0
    assert held.tick().status == 0
    assert "generation 3" in held.delcia("status").stdout or "generation 1" in held.delcia("status").stdout
    live(held, "Mon 19:30")
    assert not held.car.charging


def test_words_that_the_panel_of_0_1_left_are_obeyed(held: CliHome) -> None:
    for word, line in (
        ("boost", "start: to 60 %"),
        ("pause", "left alone until Mon 22:00"),
        ("trip", "trip: 100 % by Wed 06:00"),
        ("stop", "stopped until Tue 01:38"),
    ):
        held.paths.spool.mkdir(exist_ok=True)
        shutil.copy(LEFT / f"spool/{word}.json", held.paths.spool / "1.json")
        assert held.tick().status == 0
        assert list(held.paths.spool.iterdir()) == []
        assert line in held.delcia("status").stdout


def test_a_new_host_is_told_of_no_upgrade(tmp_path: Path) -> None:
    with cli_home(tmp_path) as house:
        house.move_in()
        house.live(at("Mon 18:05"), at("Mon 18:10"))
        assert told(house) == []


def test_what_is_remembered_has_no_name_that_0_1_cannot_read() -> None:
    made = {
        name: kind
        for module in (state, learned)
        for name, kind in vars(module).items()
        if isinstance(kind, type) and kind.__module__ == module.__name__
    }
    assert made.keys() - NAMES_OF_0_1 == set()
    for name, values in VALUES_OF_0_1.items():
        kind = made[name]
        assert issubclass(kind, StrEnum)
        assert {item.value for item in kind} == values, name
    assert len(STEPS) == 5, "0.1 refuses a file that has had more steps"


@pytest.mark.parametrize("word", sorted(path.stem for path in (LEFT / "memory").iterdir()))
def test_a_memory_of_0_1_is_written_as_0_1_reads_it(word: str) -> None:
    data = json.loads((LEFT / f"memory/{word}.json").read_text(encoding="utf-8"))
    again = json.loads(json.dumps(to_data(from_data(data))))
    assert {key: again[key] for key in data} == data


def test_what_cannot_be_read_of_a_memory_takes_nothing_else_with_it(tmp_path: Path) -> None:
    with closing(open_readonly(LEFT / "limit/var/lib/delcia/state/delcia.db")) as store:
        memory = memory_of(store, "spring")
    with closing(open_store(tmp_path / "delcia.db")) as store:
        remember(store, "spring", memory)
        ((text,),) = store.connection.execute("SELECT data FROM memory")
        data = json.loads(text) | {"override": {"": "Holiday", "until": None}}
        store.connection.execute("UPDATE memory SET data = ?", (json.dumps(data),))
        found = memory_of(store, "spring")
        assert found == memory
        (remark,) = store.remarks
    assert remark.slug == "memory-unreadable"
    assert remark.message == "part of what was remembered of 'spring' cannot be read and is forgotten: override"
