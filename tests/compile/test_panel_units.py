"""The units of the panel, word for word, and what holds for all of them."""

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from support.systemd_calendar import needs_systemd_analyze
from support.unit_files import ALLOWED, directives

from delcia.compile.panel import UNITS, PanelUnits, render
from delcia.core.changes import digest, is_marked
from delcia.errors import DelciaError

GOLDEN = Path(__file__).parent / "golden/panel"
SETTINGS = PanelUnits("/opt/delcia/bin/delcia", "127.0.0.1:8470", "/srv/car")
BEYOND = {
    "Unit": {"CollectMode", "Requires"},
    "Socket": {
        *("ListenStream", "DirectoryMode", "SocketUser", "SocketGroup", "SocketMode", "Accept", "MaxConnections"),
        *("RemoveOnStop", "Backlog", "NoDelay"),
    },
    "Service": {
        *("StandardInput", "StandardOutput", "StandardError", "RuntimeMaxSec", "SupplementaryGroups"),
        *("InaccessiblePaths", "MemoryMax", "TasksMax", "ReadWritePaths"),
    },
}
"""What they have beside the directives of the other units; all in the manual of systemd 247."""


def test_the_units_are_those_of_the_golden_files(golden: Callable[[Path, str], None]) -> None:
    for artifact in render(SETTINGS):
        golden(GOLDEN / artifact.name, artifact.text)


def test_every_directive_is_one_that_systemd_247_knows() -> None:
    for artifact in render(SETTINGS):
        for section, key, _ in directives(artifact.text):
            assert key in ALLOWED.get(section, set()) | BEYOND.get(section, set()), (artifact.name, key)


def test_they_carry_the_mark_with_the_digest_of_their_text() -> None:
    for artifact in render(SETTINGS):
        assert is_marked(artifact.text)
        (written,) = re.findall(r"^# X-Delcia: .*sha256=([0-9a-f]{64})$", artifact.text, re.MULTILINE)
        assert digest(artifact.text.replace(written, "0" * 64)) == written
    assert tuple(artifact.name for artifact in render(SETTINGS)) == UNITS


def test_a_place_that_is_none_is_refused() -> None:
    with pytest.raises(DelciaError, match="no unit file may hold"):
        render(PanelUnits("/opt/delcia/bin/delcia", "127.0.0.1:1\nExecStart=/bin/sh"))


@needs_systemd_analyze
def test_systemd_has_nothing_to_say_against_them(tmp_path: Path) -> None:
    settings = PanelUnits(shutil.which("true") or "/bin/true", "127.0.0.1:8470", "/srv", "root", "root")
    for artifact in render(settings):
        (tmp_path / artifact.name).write_text(artifact.text, encoding="utf-8")
    files = [str(tmp_path / name) for name in UNITS]
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *files], capture_output=True, text=True, check=False, timeout=60
    )
    assert [line for line in done.stderr.splitlines() if "delcia" in line] == []
