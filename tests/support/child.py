"""A Python process of its own, for what only another process can show: being killed, being in the way, being nobody."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import delcia


@contextmanager
def child(script: str, *argv: object) -> Iterator[subprocess.Popen[str]]:
    """Run a script beside the test; it is killed when the block ends."""
    root = str(Path(delcia.__file__).parents[1])
    process = subprocess.Popen(
        [sys.executable, "-c", script, *map(str, argv)],
        env={**os.environ, "PYTHONPATH": root},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def says(process: subprocess.Popen[str]) -> str:
    """Return the next line of a child, waiting for it."""
    assert process.stdout is not None
    return process.stdout.readline().strip()
