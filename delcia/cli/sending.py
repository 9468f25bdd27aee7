"""Sending what the owner is to be told, after the cars' work: bounded in time, and no harm when it fails.

A notice is sent at least once: a run that dies between sending and noting it has the next one send it again.
"""

import os
from contextlib import closing, suppress
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

from delcia.errors import DelciaError
from delcia.host.paths import Paths
from delcia.store.connection import Store
from delcia.store.lock import file_lock
from delcia.store.notices import pending_notices
from delcia.store.opening import open_store

BEAT = "beat"
"""The file whose time says when the heartbeat was last heard."""
MARK = ".untold-"
"""How the names of the files begin that say what was told while the state could not be written: see `cli.unkept`."""
BEATS_EVERY = timedelta(minutes=25)
"""Less than the half hour in which a run for all always looks at everything."""


def send_due(paths: Paths, tz: tzinfo, now: datetime) -> tuple[datetime | None, str]:
    """Send what is due; return when more may be, None when nothing waits, and what failed, in words.

    The settings of the host are read only where something waits to be sent.
    """
    with closing(open_store(paths.database)) as store:
        return send_from(store, paths, tz, now)


def send_from(store: Store, paths: Paths, tz: tzinfo, now: datetime) -> tuple[datetime | None, str]:
    """Send what is due in a state that is open; return as `send_due`."""
    waiting = pending_notices(store)
    if not waiting:
        return None, ""
    from delcia.cli.telling import tell_each
    from delcia.core.telling import TOLD_WITHIN
    from delcia.host.notifying import telling_of

    if not any(now - item.at < TOLD_WITHIN for item in waiting):
        return None, ""

    try:
        telling = telling_of(paths.host_file)
    except DelciaError as error:
        return now, f"the owner cannot be told: {error.message}"
    if telling is None or (telling.webhook is None and telling.program is None):
        return None, ""
    try:
        with file_lock(paths.state / "notices.lock", "the notices", 0):
            return tell_each(store, telling, tz, now)
    except DelciaError as error:
        return now, "" if error.slug == "locked" else f"the owner cannot be told: {error.message}"


def beat(paths: Paths, now: datetime) -> str:
    """Give the sign of life that the owner's settings ask for, if it is time; return what failed, in words."""
    file = paths.state / BEAT
    with suppress(OSError):
        if timedelta() <= now - datetime.fromtimestamp(file.stat().st_mtime, now.tzinfo) < BEATS_EVERY:
            return ""
    if not _names_heartbeat(paths.host_file):
        return ""
    from delcia.core.switching import WebCall
    from delcia.host.notifying import telling_of
    from delcia.outside.web import call

    try:
        telling = telling_of(paths.host_file)
    except DelciaError as error:
        return f"no heartbeat: {error.message}"
    if telling is None or telling.heartbeat is None:
        return ""
    mishap = call(WebCall(telling.heartbeat), telling.timeout_s)
    with suppress(OSError):
        file.touch(mode=0o640)
        os.utime(file, (now.timestamp(), now.timestamp()))
    return f"the heartbeat {mishap}" if mishap else ""


def _names_heartbeat(path: Path) -> bool:
    """Return whether it is worth to read the settings as YAML, which an idle run never does."""
    try:
        return b"heartbeat" in path.read_bytes()
    except OSError:
        return False
