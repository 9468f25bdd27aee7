"""A command on a terminal of its own, and what a person sees there."""

import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

PATIENCE_S = 20.0
_ROOT = Path(__file__).parents[2]


DELCIA = (sys.executable, "-m", "delcia")


class Terminal:
    """A run of `delcia`, or of another program, that is asked and answered."""

    def __init__(self, *argv: str, cwd: Path, program: Sequence[str] = DELCIA, **env: str) -> None:
        self._master, slave = pty.openpty()
        self.seen = ""
        self._running = subprocess.Popen(
            [*program, *argv],
            cwd=cwd,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env={**os.environ, "PYTHONPATH": str(_ROOT), **env},
            start_new_session=True,
        )
        os.close(slave)

    def answer(self, question: str, words: str) -> None:
        """Wait for a question, and type."""
        before, deadline = len(self.seen), time.monotonic() + PATIENCE_S
        while question not in self.seen[before:]:
            assert time.monotonic() < deadline, f"no '{question}' in: {self.seen}"
            self._look()
        os.write(self._master, f"{words}\n".encode())

    def end(self) -> int:
        """Wait for the end and return the exit status."""
        deadline = time.monotonic() + PATIENCE_S
        while self._running.poll() is None and time.monotonic() < deadline:
            self._look()
        self._look()
        self._running.kill()
        os.close(self._master)
        return self._running.wait()

    def _look(self) -> None:
        if select.select([self._master], [], [], 0.1)[0]:
            with suppress(OSError):  # Linux says so when the other side is closed
                self.seen += os.read(self._master, 65536).decode("utf-8", "replace")
