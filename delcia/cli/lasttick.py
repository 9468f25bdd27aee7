"""The sign of life that the runs by cron leave behind."""

from datetime import UTC, datetime

from delcia.cli.quiet import TICK
from delcia.host.paths import Paths


def last_tick(paths: Paths) -> datetime | None:
    """Return when cron last ran delcia, None when it never did or nobody may know."""
    try:
        return datetime.fromtimestamp((paths.state / TICK).stat().st_mtime, UTC)
    except OSError:
        return None
