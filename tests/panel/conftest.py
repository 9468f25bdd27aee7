"""A host with a car that stands plugged in and is held, at eight in the evening, and its panel."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from support.checkouts import git
from support.cli_home import CliHome, cli_home
from support.evenings import COMMENT, PASSWORD, Evening
from support.home import at
from support.panels import Visitor, served


@contextmanager
def evening_at(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[CliHome]:
    """Give such a host, its clock the process's."""
    with cli_home(folder) as made:
        made.move_in()
        made.car.plug()
        made.live(at("Mon 18:35"), at("Mon 18:40"), at("Mon 18:45"))
        made.world.go_to(at("Mon 20:00"))
        for name, value in made.environment.items():
            monkeypatch.setenv(name, value)
        yield made


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[CliHome]:
    """Return the host, its clock the test's."""
    with evening_at(tmp_path, monkeypatch) as made:
        yield made


@pytest.fixture(scope="module")
def fort(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Evening]:
    """Return a host with a password and its owner, logged in, for the tests that leave both as they were."""
    folder = tmp_path_factory.mktemp("fort")
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setenv("HOME", str(folder))
        with evening_at(folder, monkeypatch) as made:
            assert made.delcia("panel", "--set-password", stdin=f"{PASSWORD}\n").status == 0
            with served(made.root) as port:
                found = Visitor(port)
                assert found.log_in(PASSWORD).status == 303
                yield Evening(made, found)


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


@pytest.fixture
def planned(house: CliHome) -> Iterator[Evening]:
    """Return a home whose plans are in git, and its panel, which may change them."""
    file = house.plans / "home.yaml"
    file.write_text(COMMENT + file.read_text(encoding="utf-8"), encoding="utf-8")
    git(house.plans, "init", "--quiet", "--initial-branch=main")
    git(house.plans, "add", "--all")
    git(house.plans, "commit", "--quiet", "--message=Begin")
    house.paths.host_file.write_text(f"panel: {{plans: {{folder: {house.plans}}}}}\n", encoding="utf-8")
    with served(house.root) as port:
        yield Evening(house, Visitor(port))
