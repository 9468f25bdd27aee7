"""How much of the host each unit could reach, by systemd's own measure: 0 is nothing, 10 everything."""

import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.small_site import plan, site
from support.systemd_calendar import needs_systemd_analyze

from delcia.compile.panel import PanelUnits
from delcia.compile.panel import render as panel
from delcia.compile.sync import SyncUnits
from delcia.compile.sync import render as sync
from delcia.compile.systemd import UnitSettings, render

PROGRAM, LISTEN = "/opt/delcia/bin/delcia", "127.0.0.1:8470"
NOW = datetime(2026, 11, 23, 18, 41, tzinfo=UTC)
LEVEL = re.compile(r"Overall exposure level for .*: ([0-9.]+) ")
MOST = 1.3
ROOTS, ROOTS_MOST = "delcia-sync.service", 1.5
"""It writes units and becomes other users."""
ALONE_MOST = 0.5
"""Of a panel that pushes no plans, and has no network."""

UNITS = {
    artifact.name: artifact.text
    for artifact in (
        *render(site(plan()), UnitSettings(PROGRAM, NOW)),
        *sync(SyncUnits(PROGRAM, "file:///srv/plans.git (main)", 15)),
        *panel(PanelUnits(PROGRAM, LISTEN, network=True)),
    )
    if artifact.name.endswith(".service")
}


def exposure(folder: Path, name: str, text: str) -> float:
    """Return how systemd judges a unit that is not installed."""
    file = folder / name
    file.write_text(text, encoding="utf-8")
    argv = ["systemd-analyze", "security", "--offline=true", "--no-pager", str(file)]
    done = subprocess.run(argv, capture_output=True, text=True, check=False, timeout=60)
    (level,) = LEVEL.findall(done.stdout)
    return float(level)


@needs_systemd_analyze
@pytest.mark.parametrize("name", sorted(UNITS))
def test_each_unit_reaches_little_of_the_host(tmp_path: Path, name: str) -> None:
    assert exposure(tmp_path, name, UNITS[name]) <= (ROOTS_MOST if name == ROOTS else MOST)


@needs_systemd_analyze
def test_a_panel_that_pushes_no_plans_reaches_nothing_over_the_network(tmp_path: Path) -> None:
    (text,) = (unit.text for unit in panel(PanelUnits(PROGRAM, LISTEN)) if unit.name == "delcia-panel.service")
    assert exposure(tmp_path, "delcia-panel.service", text) <= ALONE_MOST
