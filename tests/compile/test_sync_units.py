"""The units of sync: the look at the remote has a network and no rights, root's part has the rights and no network."""

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from support.crons import fields_of, fired_by_debian
from support.systemd_calendar import needs_systemd_analyze
from support.unit_files import ALLOWED, directives

from delcia.compile.sync import UNITS, SyncLine, SyncUnits, render, render_line
from delcia.core.blocks import taken
from delcia.core.changes import is_marked
from delcia.errors import DelciaError

GOLDEN = Path(__file__).parent / "golden/sync"
SECTION = {"sync": {"remote": "ssh://example.org/plans.git"}}
SETTINGS = SyncUnits(
    "/opt/delcia/bin/delcia", "ssh://example.org/plans.git (main)", 15, (("key", "/etc/delcia/sync.key"),), SECTION
)
LINE = SyncLine("/etc/cron.d/delcia-sync", SETTINGS.executable, SETTINGS.remote, 15, "root")
BEYOND = {
    "Timer": {"OnUnitInactiveSec"},
    "Service": {"LoadCredential", "MemoryMax", "TasksMax", "PrivateNetwork", "IPAddressDeny"}
    | {"PrivateMounts", "ReadWritePaths", "SetCredential", "TemporaryFileSystem", "BindReadOnlyPaths"},
}
"""What other units of delcia's do without; all of it is in the manual of systemd 247 too."""


def test_the_units_are_those_of_the_golden_files(golden: Callable[[Path, str], None]) -> None:
    for artifact in render(SETTINGS):
        golden(GOLDEN / artifact.name, artifact.text)
        assert is_marked(artifact.text)


def test_the_line_for_cron_is_that_of_the_golden_file(golden: Callable[[Path, str], None]) -> None:
    (artifact,) = render_line(LINE)
    golden(GOLDEN / "cron.d", artifact.text)
    assert is_marked(artifact.text)
    assert taken(artifact.text) == artifact.text


@pytest.mark.parametrize("interval_min", [1, 5, 15, 20, 60, 180, 1440])
def test_cron_looks_once_in_every_interval(interval_min: int) -> None:
    (fields,) = fields_of(render_line(replace(LINE, interval_min=interval_min))[0].text)
    start = datetime(2026, 11, 24, tzinfo=UTC)
    fired = sorted(fired_by_debian([fields], "UTC", start, start + timedelta(days=3)))
    assert {later - earlier for earlier, later in pairwise(fired)} == {timedelta(minutes=interval_min)}


@pytest.mark.parametrize("interval_min", [7, 45, 90, 300, 1439])
def test_an_interval_that_cron_cannot_keep_is_refused(interval_min: int) -> None:
    with pytest.raises(DelciaError, match=f"cron cannot look every {interval_min} min"):
        render_line(replace(LINE, interval_min=interval_min))


def test_every_directive_is_one_that_systemd_247_knows() -> None:
    for artifact in render(SETTINGS):
        for section, key, _ in directives(artifact.text):
            assert key in ALLOWED.get(section, set()) | BEYOND.get(section, set()), (artifact.name, key)


def test_only_the_look_at_the_remote_has_a_network_and_only_the_other_part_is_root() -> None:
    texts = {
        artifact.name: {key: value for _, key, value in directives(artifact.text)} for artifact in render(SETTINGS)
    }
    look, root = texts["delcia-sync-fetch.service"], texts["delcia-sync.service"]
    assert (look["User"], "User" in root) == ("delcia-sync", False)
    assert ("PrivateNetwork" in look, root["PrivateNetwork"], root["RestrictAddressFamilies"]) == (
        False,
        "yes",
        "AF_UNIX",
    )


def test_the_look_at_the_remote_has_its_own_section_of_the_settings_and_sees_whom_to_trust() -> None:
    texts = {artifact.name: artifact.text for artifact in render(SETTINGS)}
    text = texts["delcia-sync-fetch.service"]
    assert 'SetCredential=host:{"sync": {"remote": "ssh://example.org/plans.git"}}\n' in text
    assert "host.yaml" not in text
    assert "TemporaryFileSystem=/etc/delcia:ro\n" in text
    assert {value for _, key, value in directives(text) if key == "BindReadOnlyPaths"} == {
        f"-/etc/delcia/{name}" for name in ("known_hosts", "allowed_signers", "plans_only_signers", "plans")
    }


@pytest.mark.parametrize("remote", ["https://a/b\nExecStart=/bin/sh", "a\\"])
def test_a_remote_that_no_unit_can_hold_is_refused(remote: str) -> None:
    with pytest.raises(DelciaError, match="no unit file may hold"):
        render(SyncUnits("/opt/delcia/bin/delcia", remote, 15))


@needs_systemd_analyze
def test_systemd_has_nothing_to_say_against_them(tmp_path: Path) -> None:
    given = (("key", "/etc/hosts"),)
    program = shutil.which("true") or "/bin/true"
    settings = SyncUnits(program, "https://a/b", 15, given, SECTION, user="root", teller="root")
    for artifact in render(settings):
        (tmp_path / artifact.name).write_text(artifact.text, encoding="utf-8")
    argv = ["systemd-analyze", "verify", "--man=no", *(str(tmp_path / name) for name in UNITS)]
    argv.append(str(tmp_path / "delcia-sync-failed@x.service"))
    (tmp_path / "delcia-sync-failed@.service").rename(argv[-1])
    done = subprocess.run(argv, capture_output=True, text=True, check=False, timeout=60)
    assert [line for line in done.stderr.splitlines() if "delcia" in line] == []
