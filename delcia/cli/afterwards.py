"""What follows a change of the applied plans: cars that are left in the middle of something."""

from datetime import datetime

from delcia.host.paths import Paths


def after_change(paths: Paths, before: str | None, after: str | None, now: datetime) -> None:
    """Bring cars in order that the plans `before` (JSON text, None: there were none) leave behind under `after`."""
    del paths, before, after, now
