"""Renews the pins: every package that installing delcia takes, at one version, with the hashes of its files.

    python install/pins.py            asks the package index that pip is set up for; some minutes
    python install/pins.py --check    only tells whether both files still fit pyproject.toml

`requirements.txt` has what delcia with its panel needs, `build.txt` what building it takes. A hash is that of the one
file which pip would choose on one of `MACHINES`: a wheel, or where there is none the source, which `build.txt` builds.
"""

import itertools
import json
import subprocess
import sys
import tempfile
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from pip._vendor.packaging.markers import default_environment
from pip._vendor.packaging.requirements import Requirement
from pip._vendor.packaging.utils import canonicalize_name

HERE = Path(__file__).parent
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
OLD, RECENT, MUSL = (
    "manylinux1 manylinux2014 manylinux_2_17",
    "manylinux_2_28 manylinux_2_31 manylinux_2_34",
    "musllinux_1_2",
)
LIBRARIES = (OLD, f"{OLD} {RECENT}", MUSL)
MACHINES = tuple(
    (python, machine, library)
    for python, machine, library in itertools.product(PYTHONS, ("x86_64", "aarch64", "armv7l"), LIBRARIES)
    if (machine, library) != ("armv7l", MUSL)  # some packages have no wheel for it
)
BUILDS_SOURCES = ("setuptools",)
HEAD = """\
# Made by install/pins.py from pyproject.toml: {what}.
# For Python {pythons} on x86_64, aarch64 and armv7l (glibc), x86_64 and aarch64 (musl).
"""
Pins = dict[str, tuple[str, set[str]]]


def wanted() -> dict[str, list[str]]:
    """Return what pyproject.toml asks for, by the file that pins it."""
    found = tomllib.loads((HERE.parent / "pyproject.toml").read_text(encoding="utf-8"))
    project = found["project"]
    return {
        "requirements.txt": [*project["dependencies"], *project["optional-dependencies"]["panel"]],
        "build.txt": [*found["build-system"]["requires"], *BUILDS_SOURCES],
    }


def report(machine: tuple[str, str, str], *arguments: str) -> list[dict]:
    """Return what pip would install on a machine."""
    python, processor, library = machine
    with tempfile.TemporaryDirectory() as folder:
        argv = [sys.executable, "-m", "pip", "install", "--quiet", "--dry-run", "--ignore-installed"]
        argv += [f"--target={folder}", f"--report={folder}/report", f"--python-version={python}"]
        argv += [f"--platform={name}_{processor}" for name in library.split()]
        subprocess.run([*argv, *arguments], check=True)
        return json.loads(Path(folder, "report").read_text(encoding="utf-8"))["install"]


def hash_of(item: dict) -> str:
    """Return the hash of the file that was chosen."""
    return item["download_info"]["archive_info"]["hashes"]["sha256"]


def is_for_all(item: dict) -> bool:
    """Tell whether the file that was chosen runs on every machine."""
    return item["download_info"]["url"].endswith("-none-any.whl")


def needed_elsewhere(found: list[dict]) -> set[str]:
    """Return what some Python needs beyond what was found for another one."""
    names = {canonicalize_name(item["metadata"]["name"]) for item in found}
    missing = set()
    for item, python in itertools.product(found, PYTHONS):
        environment = {**default_environment(), "python_version": python, "python_full_version": f"{python}.0"}
        environment |= {"implementation_name": "cpython", "platform_python_implementation": "CPython", "extra": ""}
        for requirement in map(Requirement, item["metadata"].get("requires_dist", ())):
            applies = requirement.marker is None or requirement.marker.evaluate(environment)
            if applies and canonicalize_name(requirement.name) not in names:
                missing.add(f"{requirement.name}{requirement.specifier}")
    return missing


def pinned(requirements: list[str]) -> Pins:
    """Return a version of everything that is needed, with the hashes of its files."""
    oldest = (PYTHONS[0], "x86_64", LIBRARIES[1])
    found = report(oldest, "--only-binary=:all:", *requirements)
    while more := needed_elsewhere(found):
        found = report(oldest, "--only-binary=:all:", *requirements, *sorted(more))
    pins: Pins = {
        canonicalize_name(item["metadata"]["name"]): (item["metadata"]["version"], {hash_of(item)}) for item in found
    }
    compiled = [item["metadata"] for item in found if not is_for_all(item)]
    exact = [f"{about['name']}=={about['version']}" for about in compiled]
    if exact:
        with ThreadPoolExecutor(4) as workers:
            for chosen in workers.map(lambda machine: report(machine, "--no-deps", *exact), MACHINES):
                for item in chosen:
                    pins[canonicalize_name(item["metadata"]["name"])][1].add(hash_of(item))
    return pins


def text_of(pins: Pins, what: str) -> str:
    """Return the file that pip reads."""
    lines = [HEAD.format(what=what, pythons=f"{PYTHONS[0]} to {PYTHONS[-1]}")]
    for name, (version, hashes) in sorted(pins.items()):
        lines.append(" \\\n".join([f"{name}=={version}", *(f"    --hash=sha256:{each}" for each in sorted(hashes))]))
    return "\n".join(lines) + "\n"


def read(file: Path) -> dict[str, str]:
    """Return the versions that a file pins, by name."""
    lines = [line.split(" ")[0] for line in file.read_text(encoding="utf-8").splitlines() if line[:1].isalnum()]
    return {name: version for name, _, version in (line.partition("==") for line in lines)}


def misfits(requirements: list[str], pins: dict[str, str]) -> list[str]:
    """Return what is asked for and not pinned at a version that fits."""
    asked = [Requirement(text) for text in requirements]
    return [str(each) for each in asked if pins.get(canonicalize_name(each.name), "") not in each.specifier]


def main() -> int:
    """Renew both files, or only check them."""
    for name, requirements in wanted().items():
        file = HERE / name
        if "--check" not in sys.argv[1:]:
            what = "what building it takes" if name == "build.txt" else "what delcia needs"
            file.write_text(text_of(pinned(requirements), what), encoding="utf-8")
        if wrong := misfits(requirements, read(file)):
            print(f"{file}: not pinned: {', '.join(wrong)}; renew it: python install/pins.py")
            return 1
        print(f"{file}: {len(read(file))} packages")
    return 0


if __name__ == "__main__":
    sys.exit(main())
