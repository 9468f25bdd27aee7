"""What a tick with nothing to do loads: the standard library and delcia, and none of delcia's parts that need more."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.cli_home import TICK, CliHome, cli_home
from support.home import at

LOADED = """
import sys
from delcia.__main__ import main
status = 0
try:
    main()
except SystemExit as ended:
    status = int(ended.code or 0)
print(status, *sorted(sys.modules))
"""
HEAVY = {"yaml", "jsonschema", "jinja2", "tabulate", "aiohttp", "renault_api", "click", "jwt", "marshmallow", "tzdata"}
SELDOM = {
    "delcia.core.changes",
    "delcia.core.request",
    "delcia.core.telling",
    "delcia.core.switching",
    "delcia.host.folders",
    "delcia.host.preview",
    "delcia.host.systemctl",
}
"""Parts for artifacts, for a person's words and for telling the owner: where there is none of these, no tick pays.

The first tick of a day does: it looks whether the host is as it was applied.
"""
FREE = "{model: spring-26, hold: false}"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[CliHome]:
    """Return a host with a car without hold, in the evening, hours before the window."""
    with cli_home(tmp_path, vehicle=FREE) as made:
        made.move_in()
        made.world.calls.clear()
        yield made


def loaded(house: CliHome, *argv: str) -> tuple[int, set[str]]:
    """Run a command line in a process of its own; return its status and the names of the modules it loaded."""
    done = subprocess.run(
        [sys.executable, "-c", LOADED, *argv],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), **house.environment},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    status, *names = done.stdout.splitlines()[-1].split()
    return int(status), set(names)


def foreign(names: set[str]) -> set[str]:
    """Return the packages that are neither the standard library's nor delcia's."""
    own = {*sys.stdlib_module_names, "delcia", "__main__", "sitecustomize", "usercustomize"}
    # What an editable installation or a coverage measurement brings along is not delcia's doing.
    packages = {name.partition(".")[0] for name in names if not name.startswith("_sysconfigdata")}
    return packages - own - set(_at_start())


def _at_start() -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", "import sys; print(*{name.partition('.')[0] for name in sys.modules})"],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return done.stdout.split()


def test_an_idle_tick_loads_nothing_but_delcia_and_the_standard_library(house: CliHome) -> None:
    status, names = loaded(house, *TICK, "--root", str(house.root))
    assert status == 0
    assert foreign(names) == set()
    assert not HEAVY & names
    assert not {name for name in names if name.startswith(("delcia.config", "delcia.report", "delcia.car.renault."))}
    assert "asyncio" not in names
    assert house.world.calls == []
    status, names = loaded(house, *TICK, "--root", str(house.root))
    assert (status, SELDOM & names) == (0, set()), "the second of a day"


def test_a_tick_between_two_readings_of_a_charge_loads_no_more(house: CliHome) -> None:
    house.car.manners.starts_on_plug_in = False
    house.car.plug()
    house.live(at("Tue 01:38"), at("Tue 01:45"))
    assert house.car.charging
    house.world.calls.clear()
    house.world.go_to(at("Tue 01:50"))
    status, names = loaded(house, *TICK, "--root", str(house.root))
    assert (status, foreign(names), house.world.calls) == (0, set(), [])


def test_a_tick_that_reads_the_car_loads_the_client_and_no_yaml(house: CliHome) -> None:
    house.tick()
    house.car.plug()
    house.world.go_to(at("Tue 01:38"))
    status, names = loaded(house, *TICK, "--root", str(house.root))
    assert status == 0
    assert {"renault_api", "aiohttp"} <= names
    assert not {"yaml", "jsonschema", "jinja2", "tabulate", "click"} & names
    assert not SELDOM & names


@pytest.mark.parametrize("argv", [["--version"], ["-V"]])
def test_the_version_loads_next_to_nothing(house: CliHome, argv: list[str]) -> None:
    status, names = loaded(house, *argv)
    assert (status, foreign(names)) == (0, set())
    assert {name for name in names if name.startswith("delcia.")} == {"delcia.__main__"}
