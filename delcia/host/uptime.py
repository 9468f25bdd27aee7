"""When this machine was switched on: after a power cut the cars at its house charge on by themselves."""

from datetime import datetime, timedelta
from pathlib import Path

UPTIME = Path("/proc/uptime")


def booted_at(now: datetime, uptime: Path = UPTIME) -> datetime | None:
    """Return when this machine was switched on, by the clock that `now` is of; None where that cannot be told."""
    try:
        return now - timedelta(seconds=float(uptime.read_text(encoding="ascii").split()[0]))
    except (OSError, ValueError, IndexError, OverflowError):
        return None
