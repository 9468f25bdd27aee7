"""The one place that reads the clock; `DELCIA_NOW` stands in for it."""

import os
from datetime import UTC, datetime

from delcia.errors import DelciaError, Exit


def now() -> datetime:
    """Return the present instant in UTC, or what `DELCIA_NOW` says. Raises `bad-now` when that is no instant."""
    given = os.environ.get("DELCIA_NOW")
    if not given:
        return datetime.now(UTC)
    try:
        instant = datetime.fromisoformat(given)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        message = f"DELCIA_NOW is '{given}', which is no instant with its offset"
        raise DelciaError(message, slug="bad-now", hint="write DELCIA_NOW=2026-11-23T19:41:00+01:00", status=Exit.USAGE)
    return instant.astimezone(UTC)
