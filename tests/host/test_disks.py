"""A full disk and a read-only one: refused in words, with the next step, and nothing half done."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
PLANS = """\
timezone: Europe/Paris
vehicles:
  spring: {model: spring-26, hold: true}
chargers:
  socket: {amps: 10}
plans:
  nights: {vehicle: spring, charger: socket, charge: {to_soc: 80}, when: {windows: ["22:00-06:00"]}}
"""
APPLY = 'mount -t tmpfs -o "$1" tmpfs "$2"; shift 2; "$@"; echo "status $?"; find "$TOP" -type f'

pytestmark = pytest.mark.skipif(
    os.geteuid() != 0 or shutil.which("unshare") is None, reason="NOT TESTED on real mounts: they need root and unshare"
)


def applied_on(options: str, folder: Path, target: str) -> tuple[str, str]:
    """Return what apply said on a file system mounted with these options, and what it left there."""
    (folder / "plans").mkdir()
    (folder / "plans/home.yaml").write_text(PLANS, encoding="utf-8")
    top = folder / "host"
    top.mkdir()
    apply = [sys.executable, "-m", "delcia", "apply", str(folder / "plans"), "--yes", "--target", target]
    done = subprocess.run(
        ["unshare", "--mount", "--propagation=private", "sh", "-c", APPLY, "sh", options, top, *apply, "--root", top],
        env={**os.environ, "PYTHONPATH": str(CHECKOUT), "TOP": str(top)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert "status 1\n" in done.stdout, done
    assert "Traceback" not in done.stderr, done.stderr
    return done.stderr, done.stdout.partition("status 1\n")[2]


@pytest.mark.parametrize("target", ["systemd", "crontab"])
def test_a_read_only_file_system_is_said_to_be_one(tmp_path: Path, target: str) -> None:
    said, left = applied_on("ro", tmp_path, target)
    assert "Read-only file system" in said
    assert "hint: make it writable" in said
    assert left == ""


@pytest.mark.parametrize("target", ["systemd", "crontab"])
@pytest.mark.parametrize("inodes", [14, 18, 20])
def test_a_full_disk_leaves_nothing_that_runs(tmp_path: Path, target: str, inodes: int) -> None:
    said, left = applied_on(f"nr_inodes={inodes}", tmp_path, target)
    assert "No space left on device" in said
    assert "hint: free some space" in said
    assert not [line for line in left.splitlines() if "/etc/cron.d/" in line or line.endswith((".timer", "/current"))]
