"""A held car whose plans go is started again; whoever takes them away reads that before it is done."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from support.cli_home import CliHome, cli_home
from support.home import at

STARTS = "start   vehicle spring  (delcia stopped its charge, and it is plugged in)\n"


@pytest.fixture
def held(tmp_path: Path) -> Iterator[CliHome]:
    """Return a host whose car was plugged in at half past six, and is held."""
    with cli_home(tmp_path) as house:
        house.move_in()
        house.live(at("Mon 18:28"))
        house.car.plug()
        house.live(*(at("Mon 18:30") + minutes * timedelta(minutes=5) for minutes in range(9)))
        assert [kind for _, kind in house.car.orders][-1] == "stop"
        yield house


@pytest.mark.parametrize("words", [("remove",), ("apply", "disabled")])
def test_it_is_said_before_a_held_car_is_started_again(held: CliHome, words: tuple[str, ...]) -> None:
    if words[0] == "apply":
        file = held.plans / "home.yaml"
        file.write_text(
            file.read_text(encoding="utf-8").replace("vehicle: spring", "enabled: false, vehicle: spring"),
            encoding="utf-8",
        )
        words = ("apply", str(held.plans))
    orders = len(held.car.orders)
    asked = held.delcia(*words)
    assert STARTS in asked.stdout
    assert (asked.status != 0, len(held.car.orders)) == (True, orders), "nothing is done before its owner agrees"

    done = held.delcia(*words, "--yes")
    assert (done.status, STARTS in done.stdout) == (0, True)
    assert [kind for _, kind in held.car.orders][orders:] == ["start"]


def test_of_a_car_that_is_not_held_nothing_is_said(tmp_path: Path) -> None:
    with cli_home(tmp_path) as house:
        house.move_in()
        house.live(at("Mon 18:30"))
        assert "start   vehicle" not in house.delcia("remove", "--yes").stdout


def test_a_rollback_to_plans_without_it_says_so_too(held: CliHome) -> None:
    file = held.plans / "home.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("vehicle: spring", "enabled: false, vehicle: spring"), encoding="utf-8")
    held.delcia("apply", str(held.plans), "--yes")
    file.write_text(text, encoding="utf-8")
    held.delcia("apply", str(held.plans), "--yes")
    began = held.world.clock.now()
    held.live(*(began + minutes * timedelta(minutes=5) for minutes in range(1, 9)))
    assert [kind for _, kind in held.car.orders][-2:] == ["start", "stop"], "it is held again"
    assert STARTS in held.delcia("rollback").stdout
