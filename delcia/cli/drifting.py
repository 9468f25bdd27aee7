"""The daily look whether the host still is as it was applied. What differs is told once, until it is mended."""

import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from delcia.core.causes import DRIFT
from delcia.errors import DelciaError
from delcia.host.generations import current_number
from delcia.host.paths import Paths
from delcia.store.connection import Store
from delcia.store.notices import clear_notice, queue_notice, withdraw_notices

FILE = "drift"
"""The file in the state whose time says when it was last looked, and whose text at what."""
EVERY = timedelta(hours=24)
SHOWN = 3


@dataclass(frozen=True, slots=True)
class Look:
    """What a look found not as it was applied, in words; or why it could not be told. `stamp` says of what it holds."""

    stamp: str
    amiss: tuple[str, ...] = ()
    mishap: str = ""


def look_by_now(paths: Paths, now: datetime) -> Look | None:
    """Look whether the host is as it was applied, if it is time: once a day, and after whatever changed the host.

    To be called while the run still is who cron started: some crontabs only root may read. While somebody changes the
    host it is neither as before nor as after, and nothing is said.
    """
    stamp = _stamp(paths)
    if not stamp or _is_fresh(paths, stamp, now):
        return None
    # Loaded once a day: what asks systemd and cron.
    from delcia.cli.machines import host_at, met_quietly
    from delcia.host.preview import visible_drift_of

    host = host_at(paths)
    if met_quietly(host):
        return None
    try:
        number = current_number(paths)
        look = Look(stamp) if number is None else Look(stamp, visible_drift_of(host, number).amiss)
    except (DelciaError, OSError) as error:
        look = Look(stamp, mishap=f"it cannot be told whether the host is as it was applied: {error}")
    return None if met_quietly(host) or stamp != _stamp(paths) else look


def note_look(store: Store, paths: Paths, look: Look, now: datetime) -> None:
    """Keep what was found for the owner, or that there is nothing any more, and when it was looked.

    What was found before another change of the host is of no use: the next run looks again.
    """
    if look.stamp != _stamp(paths):
        return
    if look.amiss:
        more = f"; and {len(look.amiss) - SHOWN} more" if len(look.amiss) > SHOWN else ""
        words = f"this host is not as it was applied: {'; '.join(look.amiss[:SHOWN])}{more}"
        queue_notice(store, "", DRIFT, f"{words}; 'delcia diff' shows it, 'delcia apply' repairs it", now)
    elif not look.mishap:
        withdraw_notices(store, "", DRIFT)
        clear_notice(store, "", DRIFT, now)
    file, seconds = paths.state / FILE, int(now.timestamp())
    with suppress(OSError):
        file.write_text(look.stamp, encoding="ascii")
        file.chmod(0o640)
        os.utime(file, (seconds, seconds))


def _is_fresh(paths: Paths, stamp: str, now: datetime) -> bool:
    file = paths.state / FILE
    try:
        age = now - datetime.fromtimestamp(file.stat().st_mtime, now.tzinfo)
        return timedelta() <= age < EVERY and file.read_text(encoding="ascii") == stamp
    except (OSError, ValueError):
        return False


def _stamp(paths: Paths) -> str:
    """Return what is another after each change of the host; nothing when delcia has written nothing here."""
    try:
        return str(paths.manifest.stat().st_mtime_ns)
    except OSError:
        return ""
