"""A host in a folder, with a systemd that is asked for real and remembers."""

from pathlib import Path

import pytest
from support.fake_systemd import FakeSystemd

from delcia.host.machine import Host
from delcia.host.paths import Paths


@pytest.fixture
def systemd(quick_path: Path) -> FakeSystemd:
    return FakeSystemd(quick_path / "host/etc/systemd/system", quick_path / "systemd.json")


@pytest.fixture
def host(quick_path: Path, systemd: FakeSystemd) -> Host:
    return Host(Paths.system(quick_path / "host"), systemd)
