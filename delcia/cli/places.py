"""Which plan directory a command means when none is named."""

import os
from pathlib import Path

HOST_PLANS = Path("/etc/delcia/plans")


def plan_directory(given: Path | None) -> Path:
    """Return `given`, else `$DELCIA_PLANS`, else the host's plans when they are there, else `./plans`."""
    if given is not None:
        return given
    named = os.environ.get("DELCIA_PLANS")
    if named:
        return Path(named)
    return HOST_PLANS if HOST_PLANS.is_dir() else Path("plans")
