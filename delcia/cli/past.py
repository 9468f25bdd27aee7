"""The sessions that a host remembers, for the commands that show them."""

from datetime import datetime
from pathlib import Path

from delcia.core.model import Site
from delcia.core.sessions import PastSession
from delcia.errors import DelciaError


def sessions_of(site: Site, database: Path, start: datetime, end: datetime) -> dict[str, tuple[PastSession, ...]]:
    """Return the sessions of each vehicle of a site between two instants; none where there is no state to read."""
    from delcia.store.opening import open_readonly
    from delcia.store.sessions import sessions_between

    try:
        store = open_readonly(database)
    except DelciaError:
        return {}
    try:
        return {name: sessions_between(store, name, start, end) for name in site.vehicles}
    finally:
        store.close()
