"""A host in a folder, with a systemd that is asked for real and remembers."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.fake_systemd import FakeSystemd

from delcia.host.machine import Host
from delcia.host.paths import Paths

_MEMORY = Path("/dev/shm")  # noqa: S108 - the folder made in it has a random name


@pytest.fixture
def quick_path(tmp_path: Path) -> Iterator[Path]:
    """Return a folder in memory where there is one: a thousand transactions wait for a disk ten thousand times."""
    if not _MEMORY.is_dir():
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(prefix="delcia-", dir=_MEMORY) as folder:
        yield Path(folder)


@pytest.fixture
def systemd(quick_path: Path) -> FakeSystemd:
    return FakeSystemd(quick_path / "host/etc/systemd/system", quick_path / "systemd.json")


@pytest.fixture
def host(quick_path: Path, systemd: FakeSystemd) -> Host:
    return Host(Paths.system(quick_path / "host"), systemd)
