"""A host as 0.1 left it, and 0.1 itself: its code from git, run in processes of its own."""

import os
import shutil
import subprocess
import sys
import tarfile
from io import BytesIO
from pathlib import Path

import pytest
from support.cli_home import EMAIL, PASSWORD, TICK, CliHome
from support.command import Ran

COMMIT = "beb585f"
"""The last of 0.1 that the fixtures were made with."""
ROOT = Path(__file__).parents[2]
LEFT = ROOT / "tests/data/from-0.1"


def settle_in(house: CliHome, name: str) -> None:
    """Put what 0.1 left on a host in its place, and log in, since no secret is kept with it."""
    shutil.copytree(LEFT / name, house.root)
    words = ("login", "--email", EMAIL, "--plans", str(house.paths.plans), "--home", "here")
    assert house.delcia(*words, stdin=f"{PASSWORD}\n").status == 0


def code_of_0_1(folder: Path) -> Path:
    """Return a folder with the code of 0.1; skip, loudly, where no history of it is there."""
    git = shutil.which("git")
    packed = git and subprocess.run(
        [git, "-C", str(ROOT), "archive", COMMIT, "delcia", "schemas", "templates"], capture_output=True, check=False
    )
    if not packed or packed.returncode:
        pytest.skip(f"NOT TESTED with 0.1 itself: its commit {COMMIT} is not in the history here")
    with tarfile.open(fileobj=BytesIO(packed.stdout)) as archive:
        archive.extractall(folder, filter="data")
    return folder


def by_0_1(house: CliHome, code: Path, *argv: str) -> Ran:
    """Run a command of 0.1 on the host, at its time."""
    done = subprocess.run(
        [sys.executable, "-m", "delcia", *argv, "--root", str(house.root)],
        env={**os.environ, **house.environment, "PYTHONPATH": str(code)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def tick_by_0_1(house: CliHome, code: Path) -> Ran:
    """Run what the reconcile timer of 0.1 runs."""
    return by_0_1(house, code, *TICK)
