"""The README's `console` blocks are run, section by section, and must show what really comes out."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

README = Path(__file__).parents[2] / "README.md"
NOW = "2026-11-23T19:41:00+01:00"
"""The Monday evening on which the README is read."""
BLOCK = re.compile(r"(?P<indent> *)```(?P<kind>yaml|console)\n(?P<body>.*?)(?P=indent)```\n", re.DOTALL)


def test_every_block_shows_what_really_happens(golden: Callable[[Path, str], None], tmp_path: Path) -> None:
    golden(README, "".join(retold(README.read_text(encoding="utf-8"), tmp_path)))


def retold(text: str, folder: Path) -> Iterator[str]:
    """Yield the README anew, each section in an empty folder of its own, its YAML there as plans/home.yaml."""
    for number, section in enumerate(re.split(r"(?m)^(?=## )", text)):
        place = folder / str(number)
        place.mkdir()

        def replaced(block: re.Match[str], place: Path = place) -> str:
            indent, kind, body = block["indent"], block["kind"], block["body"]
            if kind == "yaml":
                (place / "plans").mkdir()
                (place / "plans/home.yaml").write_text(body, encoding="utf-8")
                return block[0]
            lines = [line.removeprefix(indent) for line in body.splitlines()]
            told = "".join(f"{indent}{line}".rstrip() + "\n" for line in shown(lines, place))
            return f"{indent}```{kind}\n{told}{indent}```\n"

        yield BLOCK.sub(replaced, section)


def shown(lines: list[str], place: Path) -> Iterator[str]:
    """Yield the lines of a block: each `$ delcia` command with its present output, all else as it is."""
    ours = False
    for line in lines:
        if line.startswith("$ "):
            ours = line.startswith("$ delcia ")
            yield line
            if ours:
                yield from run(line.removeprefix("$ "), place)
        elif not ours:
            yield line


def run(command: str, place: Path) -> list[str]:
    """Run a command as a reader would, and return what the terminal shows."""
    root = README.parent
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    env = {**os.environ, "DELCIA_NOW": NOW, "PATH": path, "PYTHONPATH": str(root), "LANG": "C.UTF-8"}
    done = subprocess.run(
        ["sh", "-c", command],
        cwd=place,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"'{command}' ended with {done.returncode}: {done.stdout}"
    return done.stdout.splitlines()
