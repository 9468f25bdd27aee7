"""`install.sh` for one person and for the demonstration; the host's way is tested in tests/systemd."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from support import image

from delcia import __version__

pytestmark = pytest.mark.slow


def program(path: Path, script: str) -> None:
    """Make a small program that stands in for one of the machine's."""
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="ascii")
    path.chmod(0o755)


def install(clone: Path, home: Path, *argv: str, sh: str = "sh", **more: str) -> subprocess.CompletedProcess[str]:
    """Run install.sh as somebody who is not root and whose home is `home`; its packages were fetched once for all."""
    program(home / "fake/id", "echo 1000")
    env = {**os.environ, "HOME": str(home), "PATH": f"{home}/fake:/usr/bin:/bin", "PYTHON": sys.executable}
    env |= {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(packages()), **more}
    return subprocess.run(
        [sh, str(clone / "install.sh"), *argv], env=env, capture_output=True, text=True, check=False, cwd=home
    )


def packages() -> Path:
    """Return the folder with all that the Python of the tests needs."""
    return image.wheels_for(f"{sys.version_info.major}.{sys.version_info.minor}")


def files_in(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.iterdir()}


def test_a_person_installs_it_at_home_upgrades_it_and_removes_it(clone: Path, tmp_path: Path) -> None:
    before = files_in(clone)
    ran = install(clone, tmp_path)
    assert ran.returncode == 0, ran.stderr
    assert f"delcia {__version__} is installed: {tmp_path}/.local/bin/delcia" in ran.stdout
    assert "delcia init plans" in ran.stdout
    assert f"{tmp_path}/.local/bin is not on your PATH" in ran.stdout
    ran = install(
        clone, tmp_path, "--upgrade", PIP_NO_INDEX="1", PIP_CONFIG_FILE="/dev/null", PIP_FIND_LINKS="/nowhere"
    )
    assert ran.returncode == 1
    assert "pip could not install delcia; an earlier installation, if any, is as it was" in ran.stderr
    assert "most often the network is down" in ran.stderr
    assert subprocess.run([tmp_path / ".local/bin/delcia", "--version"], check=True, capture_output=True).stdout
    ran = install(clone, tmp_path, "--upgrade")
    assert ran.returncode == 0, ran.stderr
    done = subprocess.run([tmp_path / ".local/bin/delcia", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout == f"delcia {__version__}\n"
    assert files_in(tmp_path) == {".local", "fake"}
    code = tmp_path / ".local/share/delcia"
    assert {path.name for path in code.iterdir()} == {"venv", "venv-b"}
    gone = f"{code}/venv-".encode()
    programs = [path for path in (code / "venv/bin").iterdir() if path.is_file() and not path.is_symlink()]
    assert not [path for path in programs if gone in path.read_bytes()], "they name no place that will be gone"
    assert install(clone, tmp_path, "--uninstall").returncode == 1, "nobody has agreed"
    ran = install(clone, tmp_path, "--uninstall", "--yes")
    assert ran.returncode == 0, ran.stderr
    assert not [path for path in (tmp_path / ".local").rglob("*") if not path.is_dir()]
    assert files_in(clone) == before


def test_a_program_of_the_same_name_is_not_touched(clone: Path, tmp_path: Path) -> None:
    mine = tmp_path / ".local/bin/delcia"
    mine.parent.mkdir(parents=True)
    mine.write_text("mine\n", encoding="ascii")
    ran = install(clone, tmp_path)
    assert ran.returncode == 1
    assert f"{mine} is there already and is not delcia's link" in ran.stderr
    assert "hint: move it away" in ran.stderr
    assert mine.read_text(encoding="ascii") == "mine\n"


def test_the_demonstration_leaves_nothing_outside_the_clone(clone: Path, tmp_path: Path) -> None:
    # An editable installation needs more than a bundle does: this one asks the package index.
    ran = install(clone, tmp_path, "--demo", sh="dash", PIP_NO_INDEX="0", PIP_FIND_LINKS="")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "nights" in ran.stdout
    assert files_in(tmp_path) == {"fake"}


def test_an_unknown_option_is_a_usage_error(clone: Path, tmp_path: Path) -> None:
    ran = install(clone, tmp_path, "--demmo")
    assert ran.returncode == 2
    assert ran.stderr.startswith("usage: ./install.sh")


@pytest.mark.parametrize("version", ["3.9", "3.10"])
def test_an_old_python_is_refused_with_a_way_out(clone: Path, tmp_path: Path, version: str) -> None:
    fake = tmp_path / "fake"
    for name in ("python3", "python3.11", "python3.12", "python3.13", "python3.14"):
        program(fake / name, f"[ $1 = --version ] && echo Python {version}\nexit 1")
    program(fake / "id", "echo 1000")
    env = {"HOME": str(tmp_path), "PATH": f"{fake}:/nowhere"}
    for tool in ("dirname", "cat", "ls", "readlink"):
        (fake / tool).symlink_to(f"/usr/bin/{tool}")
    elsewhere = shutil.copytree(clone, tmp_path / "clone")
    script = elsewhere / "install/python.sh"
    script.write_text(script.read_text(encoding="utf-8").replace("/usr/bin/python3", "/nowhere/python3"), "utf-8")
    ran = subprocess.run(
        ["/bin/sh", str(elsewhere / "install.sh")], env=env, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 1
    assert f"delcia needs Python 3.11 or newer with its 'venv' module; python3 here: Python {version}" in ran.stderr
    assert "hint: on Debian 12" in ran.stderr
