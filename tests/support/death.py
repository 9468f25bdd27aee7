"""Processes that are killed before their nth change of a file."""

import os
import resource
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

TOUCHES = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod", "os.chown", "shutil.copyfile", "shutil.rmtree"}
"""Audit events of Python that change files; opening a file for writing is the other one."""


def killed_at(event_number: int, run: Callable[[], object]) -> bool:
    """Run in a child that is killed before its nth change of a file; tell whether it was, or ended before."""
    pid = os.fork()
    if pid:
        _, status = os.waitpid(pid, 0)
        assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
        return os.WIFSIGNALED(status)
    seen = 0

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal seen
        writes = event == "open" and isinstance(flags := arguments[2], int) and flags & (os.O_WRONLY | os.O_RDWR)
        if writes or event in TOUCHES:
            seen += 1
            if seen == event_number:
                os.kill(os.getpid(), signal.SIGKILL)

    status = 1
    try:
        sys.addaudithook(hook)
        run()
        status = 0
    finally:
        os._exit(status)


def starved_beyond(octets: int, run: Callable[[], object]) -> None:
    """Run in a child that is killed, as is each git of its own, at once when it writes further into any file."""
    pid = os.fork()
    if pid:
        os.waitpid(pid, 0)
        return
    try:
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_FSIZE, (octets, octets))
        run()
    finally:
        os._exit(0)


def copies_of(folder: Path, begin: Callable[[Path], None]) -> Iterator[tuple[int, Path]]:
    """Yield the number of an event and a folder begun afresh, as long as anybody asks."""
    begin(folder / "model")
    for event_number in range(1, 1000):
        shutil.rmtree(folder / "copy", ignore_errors=True)
        shutil.copytree(folder / "model", folder / "copy", symlinks=True)
        yield event_number, folder / "copy"
