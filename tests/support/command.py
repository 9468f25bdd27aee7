"""The `delcia` command, run as a shell would, with its answer and its remarks apart."""

import contextlib
import io
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from delcia.__main__ import main


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command ended and what it said."""

    status: int
    stdout: str
    stderr: str


def delcia(*argv: str) -> Ran:
    """Run a command line in this process, which is quick; the environment is the test's."""
    stdout, stderr, status = io.StringIO(), io.StringIO(), 0
    before, sys.argv = sys.argv, ["delcia", *argv]
    try:
        with contextlib.redirect_stdout(stdout), contextlib.redirect_stderr(stderr):
            main()
    except SystemExit as ended:
        status = ended.code if isinstance(ended.code, int) else 0
    finally:
        sys.argv = before
    return Ran(status, stdout.getvalue(), stderr.getvalue())


def delcia_process(*argv: str, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> Ran:
    """Run a command line in a process of its own, through the real way in; `env` adds to the test's."""
    done = subprocess.run(
        [sys.executable, "-m", "delcia", *argv],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(_ROOT), **(env or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


_ROOT = Path(__file__).parents[2]
