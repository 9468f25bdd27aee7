"""Locks between processes: at most one delcia works on a vehicle at a time."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from delcia.errors import DelciaError, Exit

WAIT_S = 60.0
POLL_S = 0.1


def vehicle_lock(state_dir: Path, vehicle: str, wait_s: float = WAIT_S) -> AbstractContextManager[None]:
    """Hold the lock of a vehicle. Raise DelciaError 75 when another delcia keeps it for longer than `wait_s`."""
    return file_lock(state_dir / f"vehicle-{vehicle}.lock", f"'{vehicle}'", wait_s)


@contextmanager
def file_lock(path: Path, what: str, wait_s: float = WAIT_S) -> Iterator[None]:
    """Hold a lock between processes; `what` is its purpose, in words for who waits in vain.

    The kernel lets go of it when the process ends, however it ends; the file itself stays, for removing it would race.
    """
    descriptor = _open(path)
    try:
        if not _acquire(descriptor, wait_s):
            msg = f"another delcia is at work on {what} and was not done within {wait_s:g} s"
            raise DelciaError(msg, slug="locked", hint="try again in a minute", status=Exit.TRY_AGAIN)
        yield
    finally:
        os.close(descriptor)


def _open(path: Path) -> int:
    """Return a descriptor to lock: of the file, or of its folder where no file can be made (a read-only disk)."""
    try:
        path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
        return os.open(path, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o640)
    except PermissionError as error:
        msg = f"no permission to lock {path}"
        hint = "run as root or as the user 'delcia'"
        raise DelciaError(msg, slug="no-permission", hint=hint, status=Exit.BROKEN) from error
    except OSError:
        try:
            return os.open(path.parent, os.O_RDONLY | os.O_CLOEXEC | os.O_DIRECTORY)
        except OSError as error:
            msg = f"cannot lock {path}: {error.strerror}"
            raise DelciaError(msg, slug="no-lock", hint="check the disk", status=Exit.BROKEN) from error


def _acquire(descriptor: int, wait_s: float) -> bool:
    deadline = time.monotonic() + wait_s
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                return False
            time.sleep(POLL_S)
        else:
            return True
