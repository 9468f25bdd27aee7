"""The units of the panel, word for word, and what holds for all of them."""

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from support.systemd_calendar import needs_systemd_analyze
from support.unit_files import ALLOWED, directives

from delcia.compile.panel import UNITS, PanelUnits, render
from delcia.core.changes import digest, is_marked
from delcia.errors import DelciaError

GOLDEN = Path(__file__).parent / "golden/panel"
SECTION = {"panel": {"hosts": ["car.home"], "plans": {"folder": "/srv/car"}}}
SETTINGS = PanelUnits("/opt/delcia/bin/delcia", "127.0.0.1:8470", SECTION, "/srv/car")
PUSHING = replace(SETTINGS, writable=None, shown=("/etc/delcia/known_hosts",), network=True)
BEYOND = {
    "Unit": {"CollectMode", "Requires"},
    "Socket": {
        *("ListenStream", "DirectoryMode", "SocketUser", "SocketGroup", "SocketMode", "Accept", "MaxConnections"),
        *("RemoveOnStop", "Backlog", "NoDelay"),
    },
    "Service": {
        *("StandardInput", "StandardOutput", "StandardError", "RuntimeMaxSec", "SupplementaryGroups"),
        *("SetCredential", "TemporaryFileSystem", "BindReadOnlyPaths", "BindPaths", "ReadWritePaths"),
        *("MemoryMax", "TasksMax", "PrivateNetwork", "IPAddressDeny"),
    },
}
"""What they have beside the directives of the other units; all in the manual of systemd 247."""


def test_the_units_are_those_of_the_golden_files(golden: Callable[[Path, str], None]) -> None:
    for artifact in render(SETTINGS):
        golden(GOLDEN / artifact.name, artifact.text)


def of_the_panel(settings: PanelUnits) -> dict[str, list[str]]:
    """Return the directives of the panel's service, each with its values in their order."""
    found: dict[str, list[str]] = {}
    for artifact in render(settings):
        if artifact.name == "delcia-panel.service":
            for _, key, value in directives(artifact.text):
                found.setdefault(key, []).append(value)
    return found


def test_the_panel_has_no_network_unless_it_pushes_plans() -> None:
    alone, pushing = of_the_panel(SETTINGS), of_the_panel(PUSHING)
    assert (alone["RestrictAddressFamilies"], alone["PrivateNetwork"]) == (["AF_UNIX"], ["yes"])
    assert (pushing["RestrictAddressFamilies"], "PrivateNetwork" in pushing) == (["AF_UNIX AF_INET AF_INET6"], False)


def test_of_the_folder_of_the_settings_the_panel_sees_its_password_alone() -> None:
    found = of_the_panel(SETTINGS)
    assert found["TemporaryFileSystem"] == ["/etc/delcia:ro"]
    assert found["BindReadOnlyPaths"] == ["-/etc/delcia/panel"]
    assert of_the_panel(PUSHING)["BindReadOnlyPaths"] == ["-/etc/delcia/panel", "-/etc/delcia/known_hosts"]
    there = replace(SETTINGS, writable="/etc/delcia/plans")
    assert of_the_panel(there)["BindPaths"] == of_the_panel(there)["ReadWritePaths"] == ["-/etc/delcia/plans"]


def test_neither_the_panel_nor_what_it_asks_for_takes_the_memory_of_the_host() -> None:
    for artifact in render(SETTINGS):
        if artifact.name.endswith(".service"):
            found = {key: value for _, key, value in directives(artifact.text)}
            assert (found["MemoryMax"], found["TasksMax"]) == ("256M", "64"), artifact.name
        elif artifact.name == "delcia-request.socket":
            assert "MaxConnections=8\n" in artifact.text


@pytest.mark.parametrize("text", ["car.home", "50 %", "a\\b", "été", "%n", '"', "'a b'"])
def test_the_section_of_the_settings_comes_through_the_unit_as_it_is(text: str) -> None:
    (value,) = of_the_panel(replace(SETTINGS, section={"panel": {"hosts": [text]}}))["SetCredential"]
    assert "%" not in value
    read_by_systemd = value.removeprefix("host:").encode().decode("unicode_escape")
    assert json.loads(read_by_systemd) == {"panel": {"hosts": [text]}}


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
    settings = PanelUnits(
        shutil.which("true") or "/bin/true", "127.0.0.1:8470", SECTION, "/srv", user="root", panel_user="root"
    )
    for artifact in render(settings):
        (tmp_path / artifact.name).write_text(artifact.text, encoding="utf-8")
    files = [str(tmp_path / name) for name in UNITS]
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *files], capture_output=True, text=True, check=False, timeout=60
    )
    assert [line for line in done.stderr.splitlines() if "delcia" in line] == []
