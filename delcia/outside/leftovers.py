"""What writes of a file leave beside it when they are killed: temporary files named `.NAME.PID`."""

import os
import time
from collections.abc import Iterable
from contextlib import suppress
from glob import escape
from pathlib import Path

OLD_S = 3600.0
"""Nobody writes for so long: what is older belongs to a process that was killed."""


def temporary(path: Path, ending: str = "") -> Path:
    """Return the name under which this process writes a file before it is moved to its place.

    What was left there by others, long ago, is removed: it would stay for good.
    """
    with suppress(OSError):
        drop_old(path.parent.glob(f".{escape(path.name)}.[0-9]*{ending}"))
    return path.with_name(f".{path.name}.{os.getpid()}{ending}")


def drop_old(files: Iterable[Path]) -> None:
    """Remove those of some temporary files that nobody writes any more."""
    for file in files:
        with suppress(OSError):
            if not 0 <= time.time() - file.lstat().st_mtime < OLD_S:
                file.unlink()
