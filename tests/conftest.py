"""What every test stands on: an environment of its own, and golden files that one option rewrites."""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings
from support.interrupted import heed

if TYPE_CHECKING:
    from support.browser import HeadlessBrowser

heed()
Golden = Callable[[Path, str], None]
SETTINGS = ("DELCIA_NOW", "DELCIA_PLANS", "DELCIA_RENAULT_URL")
_MEMORY = Path("/dev/shm")  # noqa: S108 - the folder made in it has a random name

# Other tests run beside it: how long an example takes by the clock says nothing of the code.
settings.register_profile("delcia", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("delcia")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--update-golden`: write what came out instead of comparing; the review is git's diff."""
    parser.addoption("--update-golden", action="store_true", help="rewrite the golden files")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Measure no coverage of what computes for long: it takes twice the time, for lines that quick tests reach too."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()) or item.get_closest_marker("slow") is not None:
            item.add_marker("no_cover")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """Return `check(path, text)`, which compares a text with the golden file, or rewrites it."""
    update = bool(request.config.getoption("--update-golden"))

    def check(path: Path, text: str) -> None:
        if update:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert text == path.read_text(encoding="utf-8"), f"differs from {path}; see pytest --update-golden"

    return check


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[HeadlessBrowser]":
    """Return a browser that is started once; each visit has a profile of its own."""
    from support.browser import headless

    with headless(tmp_path_factory.mktemp("browser")) as running:
        yield running


@pytest.fixture
def quick_path(tmp_path: Path) -> Iterator[Path]:
    """Return a folder in memory where there is one: a thousand transactions wait for a disk ten thousand times."""
    if not _MEMORY.is_dir():
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(prefix="delcia-", dir=_MEMORY) as folder:
        yield Path(folder)


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep a developer's settings out of the tests, and the tests out of a developer's home."""
    for name in (
        "DELCIA_NOW",
        "DELCIA_PLANS",
        "DELCIA_RENAULT_URL",
        "NO_COLOR",
        "CREDENTIALS_DIRECTORY",
        "GITHUB_ACTIONS",
    ):
        monkeypatch.delenv(name, raising=False)
    for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "100")  # whatever the developer's terminal is
    monkeypatch.setenv("HOME", str(tmp_path_factory.mktemp("home", numbered=True)))
