"""A machine for each module of tests, booted from one Debian with delcia installed by the real `install.sh`."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from support import image
from support.house import House
from support.machine import Machine

_HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder, and skip it with the reason where no machine can be booted."""
    reason = image.missing()
    for item in items:
        if item.path.is_relative_to(_HERE):
            item.add_marker(pytest.mark.systemd)
            if reason:
                item.add_marker(pytest.mark.skip(reason=f"NOT TESTED on a real systemd: {reason}"))


@pytest.fixture(scope="session")
def layers() -> tuple[Path, ...]:
    """Return the disks of an installed machine; the first time takes a minute."""
    return image.layers()


@pytest.fixture(scope="module")
def machine(layers: tuple[Path, ...], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """Return a running machine of this module's own."""
    booted = Machine(layers, tmp_path_factory.mktemp("machine"))
    try:
        booted.boot()
        yield booted
    finally:
        booted.remove()


@pytest.fixture(scope="module")
def house(machine: Machine) -> Iterator[House]:
    """Return the module's house: one long story, in which every test goes on where the last one ended."""
    home = House(machine)
    try:
        home.move_in()
        yield home
    finally:
        home.close()


@pytest.fixture
def own_house(layers: tuple[Path, ...], tmp_path: Path) -> Iterator[House]:
    """Return a house of this test's own."""
    booted = Machine(layers, tmp_path / "machine")
    home = House(booted)
    try:
        booted.boot()
        home.move_in()
        yield home
    finally:
        home.close()
        booted.remove()
