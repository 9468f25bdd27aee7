"""A host with a car that stands plugged in and is held, at eight in the evening, and its panel."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.cli_home import CliHome, cli_home
from support.evenings import PASSWORD, Evening
from support.home import at
from support.panels import Visitor, served


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[CliHome]:
    """Return the host, its clock the test's."""
    with cli_home(tmp_path) as made:
        made.move_in()
        made.car.plug()
        made.live(at("Mon 18:35"), at("Mon 18:40"), at("Mon 18:45"))
        made.world.go_to(at("Mon 20:00"))
        for name, value in made.environment.items():
            monkeypatch.setenv(name, value)
        yield made


@pytest.fixture
def evening(house: CliHome) -> Iterator[Evening]:
    """Return the host with its panel, which has no password."""
    with served(house.root) as port:
        yield Evening(house, Visitor(port))


@pytest.fixture
def locked(house: CliHome) -> Iterator[Evening]:
    """Return the host with its panel, and somebody who has not given the password yet."""
    assert house.delcia("panel", "--set-password", stdin=f"{PASSWORD}\n").status == 0
    with served(house.root) as port:
        yield Evening(house, Visitor(port))
