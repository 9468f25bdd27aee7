"""A page of documentation told anew: its `console` blocks are run, and show what really comes out."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
NOW = "2026-11-23T19:41:00+01:00"
"""The Monday evening on which all of it is read."""
BLOCK = re.compile(r"(?P<indent> *)```(?P<kind>yaml|console)\n(?P<body>.*?)(?P=indent)```\n", re.DOTALL)
RUN = ("delcia ", "git ", "sed ", "cat ", "sudo delcia ")
"""What is run. All else shows what the tests with a real systemd, or a real crontab, have seen."""
HOST = "--root host"
"""Stands in for being root on a host: a folder, and no service manager."""
WHO = {f"GIT_{who}_{what}": "You" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
WHEN = {f"GIT_{who}_DATE": NOW for who in ("AUTHOR", "COMMITTER")}


def retold(text: str, place: Path) -> str:
    """Return a part of a page anew, its commands run in a folder, its plans there as plans/home.yaml."""

    def replaced(block: re.Match[str]) -> str:
        indent, kind, body = block["indent"], block["kind"], block["body"]
        if kind == "yaml":
            if body.startswith("timezone:"):
                (place / "plans").mkdir(exist_ok=True)
                (place / "plans/home.yaml").write_text(body, encoding="utf-8")
            return block[0]
        lines = [line.removeprefix(indent) for line in body.splitlines()]
        told = "".join(f"{indent}{line}".rstrip() + "\n" for line in shown(lines, place))
        return f"{indent}```{kind}\n{told}{indent}```\n"

    place.mkdir(exist_ok=True)
    return BLOCK.sub(replaced, text)


def shown(lines: list[str], place: Path) -> Iterator[str]:
    """Yield the lines of a block: each command of ours with its present output, all else as it is."""
    ours = False
    for line in lines:
        if line.startswith("$ "):
            command = line.removeprefix("$ ")
            ours = command.startswith(RUN)
            yield line
            if ours:
                yield from run(command, place)
        elif not ours:
            yield line


def run(command: str, place: Path) -> list[str]:
    """Run a command as a reader would, and return what the terminal shows."""
    if command.startswith("sudo "):
        first, *more = command.removeprefix("sudo ").split(" | ")
        yes = " --yes" if first.startswith(("delcia apply", "delcia rollback", "delcia remove")) else ""
        command = " | ".join([f"{first}{yes} {HOST}", *more])
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    env = {**os.environ, **WHO, **WHEN, "DELCIA_NOW": NOW, "PATH": path, "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8"}
    done = subprocess.run(
        ["sh", "-c", command],
        cwd=place,
        env=env | {"GIT_CONFIG_GLOBAL": "/dev/null"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    # 1 is how delcia says that something differs.
    assert done.returncode == 0 or (done.returncode == 1 and " diff " in command), f"'{command}': {done.stdout}"
    return done.stdout.replace(str(place), "/home/you/car").splitlines()
