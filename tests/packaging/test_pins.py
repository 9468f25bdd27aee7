"""What an installation takes from a package index: each package at one version, and only files whose hash is known."""

import hashlib
import json
import re
import subprocess
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from support import image
from support.told import ROOT

PYTHONS = ("3.11", "3.12", "3.13", "3.14")
LINE = re.compile(r"([a-z0-9-]+)==([A-Za-z0-9.]+)((?: \\\n    --hash=sha256:[0-9a-f]{64})+)\n")


def pins(name: str) -> dict[str, tuple[str, int]]:
    """Return the version and the number of hashes that each package has in a file of pins."""
    text = (ROOT / "install" / name).read_text(encoding="utf-8")
    found = {package: (version, hashes.count("--hash")) for package, version, hashes in LINE.findall(text)}
    rest = LINE.sub("", text)
    assert all(line.startswith("#") for line in rest.splitlines() if line), "no address, and no option but hashes"
    return found


def test_all_that_pyproject_asks_for_is_pinned_at_a_version_that_fits() -> None:
    ran = subprocess.run(
        [sys.executable, str(ROOT / "install/pins.py"), "--check"], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout


def test_a_version_that_no_longer_fits_is_named(tmp_path: Path) -> None:
    source = image.source_in(tmp_path)
    file = source / "pyproject.toml"
    file.write_text(file.read_text(encoding="utf-8").replace('"click>=8.1"', '"click>=99"'), encoding="utf-8")
    argv = [sys.executable, str(source / "install/pins.py"), "--check"]
    ran = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert (ran.returncode, "not pinned: click>=99" in ran.stdout) == (1, True)


@pytest.mark.parametrize("name", ["requirements.txt", "build.txt"])
def test_what_the_pinned_packages_need_is_pinned_too_for_every_python(name: str) -> None:
    pinned = pins(name)
    assert len(pinned) >= 4
    for package in pinned:
        try:
            needed = [Requirement(text) for text in requires(package) or ()]
        except PackageNotFoundError:
            continue  # this Python does without it
        for each in needed:
            environments = [{"python_version": python, "extra": ""} for python in PYTHONS]
            if each.marker is None or any(each.marker.evaluate(environment) for environment in environments):
                assert canonicalize_name(each.name) in pinned, f"{package} needs {each}"


def test_what_is_compiled_has_a_file_for_each_python_and_machine_and_the_build_backend_is_pinned() -> None:
    pinned = pins("requirements.txt")
    for compiled in ("aiohttp", "markupsafe", "multidict", "rpds-py", "yarl"):
        assert pinned[compiled][1] >= len(PYTHONS) * 3, compiled
    backend = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["build-system"]["requires"]
    assert {canonicalize_name(Requirement(text).name) for text in backend} <= pins("build.txt").keys()


def test_a_bundle_has_the_pinned_packages_their_hashes_and_a_bill_of_materials() -> None:
    bundle = image.bundle("bookworm")
    sums = dict(line.split("  ./")[::-1] for line in (bundle / "SHA256SUMS").read_text(encoding="ascii").splitlines())
    files = {str(path.relative_to(bundle)) for path in bundle.rglob("*") if path.is_file()}
    assert sums.keys() == files - {"SHA256SUMS"}
    assert all(hashlib.sha256((bundle / name).read_bytes()).hexdigest() == value for name, value in sums.items())
    bill = json.loads((bundle / "sbom.cdx.json").read_text(encoding="utf-8"))
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.5")
    told = {item["name"]: item for item in bill["components"]}
    assert {name: item["version"] for name, item in told.items()} == {
        name: version for name, (version, _) in pins("requirements.txt").items()
    }
    assert {item["hashes"][0]["content"] for item in told.values()} <= set(sums.values())
    assert {item["purl"] for item in told.values()} == {*bill["dependencies"][0]["dependsOn"]}
    assert all(item["licenses"] for item in told.values())


def index(folder: Path, packages: list[Path]) -> str:
    """Make a package index of files, and return its address."""
    for file in packages:
        page = folder / "simple" / canonicalize_name(file.name.split("-")[0]) / "index.html"
        page.parent.mkdir(parents=True, exist_ok=True)
        with page.open("a", encoding="utf-8") as out:
            out.write(f'<a href="file://{file}">{file.name}</a>\n')
    return f"file://{folder}/simple"


@pytest.mark.slow
def test_no_file_but_a_pinned_one_is_installed_and_no_index_asked_that_is_added(tmp_path: Path) -> None:
    good = sorted(image.wheels("bookworm").iterdir())
    (holidays,) = (file for file in good if file.name.startswith("holidays-"))
    evil = tmp_path / "evil"
    evil.mkdir()
    forged = evil / holidays.name
    forged.write_bytes(holidays.read_bytes() + b"x")
    newer = evil / "holidays-99.0-py3-none-any.whl"
    newer.write_bytes(holidays.read_bytes())
    clone, home = image.source_in(tmp_path / "clone"), tmp_path / "home"
    added = index(tmp_path / "added", [forged, newer])
    settings = {"PIP_INDEX_URL": index(tmp_path / "index", good), "PIP_EXTRA_INDEX_URL": added}
    ran = install(clone, home, **settings)
    assert ran.returncode == 0, ran.stderr
    argv = [str(home / ".local/share/delcia/venv/bin/python"), "-m", "pip", "freeze"]
    frozen = subprocess.run(argv, capture_output=True, text=True, check=True).stdout.lower().splitlines()
    versions = {f"{name}=={version}" for name, (version, _) in pins("requirements.txt").items()}
    installed = {line.replace("_", "-").replace("ruamel.", "ruamel-") for line in frozen if "==" in line}
    assert {line for line in installed if not line.startswith(("pip==", "setuptools=="))} == versions
    swapped = index(tmp_path / "swapped", [*(file for file in good if file != holidays), forged])
    ran = install(clone, home, "--upgrade", PIP_INDEX_URL=swapped)
    assert (ran.returncode, "DO NOT MATCH THE HASHES" in ran.stderr) == (1, True), ran.stderr
    assert subprocess.run([home / ".local/bin/delcia", "--version"], check=True, capture_output=True).stdout


def install(clone: Path, home: Path, *argv: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run install.sh as somebody who is not root."""
    home.mkdir(exist_ok=True)
    (home / "id").write_text("#!/bin/sh\necho 1000\n", encoding="ascii")
    (home / "id").chmod(0o755)
    environment = {"HOME": str(home), "PATH": f"{home}:/usr/bin:/bin", "PYTHON": sys.executable, **settings}
    return subprocess.run([clone / "install.sh", *argv], env=environment, capture_output=True, text=True, check=False)


def test_a_bundle_that_was_damaged_on_its_way_is_not_installed(tmp_path: Path) -> None:
    bundle = image.bundle("bookworm")
    copy = tmp_path / "bundle"
    subprocess.run(["cp", "-R", bundle, copy], check=True)
    wheel = next(copy.glob("wheels/holidays-*.whl"))
    wheel.write_bytes(wheel.read_bytes() + b"x")
    ran = install(copy, tmp_path)
    assert ran.returncode == 1
    assert f"files of this bundle are not as they were made: ./wheels/{wheel.name}: FAILED" in ran.stderr
    assert not (tmp_path / ".local").exists()
