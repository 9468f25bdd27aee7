"""A flood of connections: opened at an even rate, held for a moment, and never asking for anything."""

import re
import socket
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

HELD = 2000
"""So many of them are open on this side at a time."""
STEP_S = 0.01


@dataclass(slots=True)
class Flood:
    """How many connections were opened so far, and how many the other side has cut off or refused."""

    opened: int = 0


@contextmanager
def flood(port: int, per_s: int) -> Iterator[Flood]:
    """Open connections to a port of this host, so many a second, until the block ends."""
    found, over = Flood(), threading.Event()
    thread = threading.Thread(target=_open, args=(port, per_s, found, over))
    thread.start()
    try:
        yield found
    finally:
        over.set()
        thread.join()


def _open(port: int, per_s: int, found: Flood, over: threading.Event) -> None:
    lines: deque[socket.socket] = deque()
    began = time.monotonic()
    while not over.wait(STEP_S):
        due = int((time.monotonic() - began) * per_s)
        while found.opened < due and not over.is_set():
            line = socket.socket()
            line.setblocking(False)  # noqa: FBT003 - it takes no keyword
            line.connect_ex(("127.0.0.1", port))
            lines.append(line)
            found.opened += 1
            if len(lines) > HELD:
                lines.popleft().close()
    for line in lines:
        line.close()


def descriptors_of(pid: int) -> int:
    """Return how many files and sockets a process has open."""
    return sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())


def memory_mb(pid: int) -> float:
    """Return the memory of a process that is in use now, in MB."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(re.findall(r"VmRSS:\s+(\d+)", status)[0]) / 1024
