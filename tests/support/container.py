"""What a container engine would do with this checkout's Dockerfile and compose.yaml, in a root folder."""

import json
import os
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import yaml
from support.image import CHECKOUT
from support.roots import Root


@dataclass(slots=True)
class Built:
    """What is left of a Dockerfile once its steps are done."""

    env: dict[str, str] = field(default_factory=dict)
    command: list[str] = field(default_factory=list)
    health: str = ""


def build(root: Root, settings: dict[str, str]) -> Built:
    """Take all steps of the Dockerfile, `settings` being the builder's environment. An unknown step is an error."""
    built = Built()
    for step, words in _steps((CHECKOUT / "Dockerfile").read_text(encoding="utf-8")):
        match step:
            case "FROM":
                assert words.startswith("alpine:"), words
            case "RUN":
                root.run(["sh", "-c", words], env={**settings, **built.env})
            case "COPY":
                _copy(root, *shlex.split(words))
            case "ENV":
                built.env |= dict(word.split("=", 1) for word in shlex.split(words))
            case "HEALTHCHECK":
                built.health = words.partition("CMD ")[2]
            case "CMD":
                built.command = json.loads(words)
            case _:
                raise AssertionError(step)
    return built


def mount_volumes(root: Root, folder: Path) -> dict[str, str]:
    """Mount the volumes of compose.yaml, its paths and names below a folder; return the environment that it sets."""
    compose = yaml.safe_load((CHECKOUT / "compose.yaml").read_text(encoding="utf-8"))
    service = compose["services"]["delcia"]
    for volume in service["volumes"]:
        source, target, *options = volume.split(":")
        place = folder / source
        if source in compose["volumes"] and not place.exists():
            # A new volume begins as the image's folder.
            there = root.place(target)
            if there.is_dir():
                copy(there, place)
            else:
                place.mkdir()
        root.bind(place, target, read_only=options == ["ro"])
    return dict(service["environment"])


def mount_secrets(root: Root, folder: Path) -> None:
    """Mount the secrets of compose.yaml, which are files below a folder."""
    compose = yaml.safe_load((CHECKOUT / "compose.yaml").read_text(encoding="utf-8"))
    for secret in compose["services"]["delcia"]["secrets"]:
        source = folder / compose["secrets"][secret["source"]]["file"]
        root.bind(source, f"/run/secrets/{secret['target']}")


def start(root: Root, built: Built, env: dict[str, str], log: Path) -> subprocess.Popen[bytes]:
    """Start what the image runs, as compose.yaml wants it: without a way to new privileges."""
    argv = ["setpriv", "--no-new-privs", *root.argv(built.command, {**built.env, **env})]
    with log.open("wb") as out:
        return subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=out, stderr=out)


def copy(source: Path, target: Path) -> None:
    """Copy a folder with owners, modes and times."""
    subprocess.run(["cp", "-a", source, target], check=True)


def _steps(dockerfile: str) -> Iterator[tuple[str, str]]:
    for line in dockerfile.replace("\\\n", " ").splitlines():
        if line and not line.startswith("#"):
            step, _, words = line.partition(" ")
            yield step, words


def _copy(root: Root, *paths: str) -> None:
    *sources, target = paths
    for name in sources:
        source = CHECKOUT / name
        place = root.place(target + source.name if target.endswith("/") else target)
        if source.is_dir():
            shutil.copytree(source, place, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(source, place)
            os.chown(place, 0, 0)
