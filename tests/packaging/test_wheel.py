"""The built wheel, in an environment that has never seen the checkout."""

import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from delcia import __version__
from delcia.resources import resource

CHECKOUT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(clone: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    argv = [sys.executable, "-m", "build", "--wheel", f"--outdir={out}", str(clone)]
    subprocess.run(argv, check=True, capture_output=True, text=True)
    return next(out.glob("*.whl"))


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a virtual environment with the wheel, and the packages that the tests' own one has."""
    folder = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    pip = [sys.executable, "-m", "pip", f"--python={folder}", "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*pip, str(wheel)], check=True)
    own = next(folder.glob("lib/python*/site-packages"))
    (own / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return folder


def files_in(clone: Path, *folders: str) -> set[str]:
    """Return the files below folders of a clone."""
    return {
        path.relative_to(clone).as_posix() for name in folders for path in (clone / name).rglob("*") if path.is_file()
    }


def test_the_wheel_has_every_module_schema_template_and_table(wheel: Path, clone: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert files_in(clone, "delcia") <= names
    assert {f"delcia/_share/{name}" for name in files_in(clone, "schemas", "templates")} <= names


def test_the_wheel_has_nothing_else(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert tops == {"delcia", f"delcia-{__version__}.dist-info"}


def test_the_wheel_runs_in_a_fresh_environment(environment: Path, tmp_path: Path) -> None:
    for argv in (["--version"], ["--help"]):
        done = subprocess.run([environment / "bin/delcia", *argv], check=True, capture_output=True, cwd=tmp_path)
        assert done.stderr == b""
    script = "import delcia, delcia.resources as r; print(delcia.__file__); print(r.resource('schemas'))"
    done = subprocess.run([environment / "bin/python", "-c", script], check=True, capture_output=True, cwd=tmp_path)
    module, schemas = map(Path, done.stdout.decode().split())
    assert module.is_relative_to(environment)
    assert schemas == module.parent / "_share/schemas"
    assert schemas.is_dir()


def test_in_a_checkout_the_resources_are_those_that_are_edited() -> None:
    assert resource("schemas", "delcia.schema.json") == CHECKOUT / "schemas/delcia.schema.json"
