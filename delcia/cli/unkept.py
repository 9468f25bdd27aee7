"""Telling the owner where nothing can be kept: at once, each cause at most every six hours, by marks outside the state.

A state that cannot be written forgets that somebody was told. The mark is an empty file, for which even a full disk
has room; on a read-only one it lies in memory.
"""

import hashlib
import os
import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

from delcia.cli.sending import MARK, send_from
from delcia.cli.telling import tell
from delcia.core.telling import due_at
from delcia.errors import DelciaError
from delcia.host.notifying import telling_of
from delcia.host.paths import Paths
from delcia.store.connection import Store
from delcia.store.notices import Notice, pending_notices

AGAIN = timedelta(hours=6)
NOT_KEPT = "state-not-kept"
IN_MEMORY = Path("/dev/shm")  # noqa: S108 - a mark that is not its own user's counts as none
LONGEST_S = 30.0
RUNS_EVERY_S = 300
"""A run that can leave no mark at all tells in the first of the runs of six hours."""

Causes = dict[tuple[str, str], str]
"""What is to be told, by (vehicle, slug)."""


def causes_in(store: Store, now: datetime) -> Causes:
    """Return what a store that is not kept has to tell; nothing of one that is."""
    if store.kept:
        return {}
    found = {("", item.slug): f"{item.message}; {item.hint}" for item in store.remarks if item.slug == NOT_KEPT}
    waiting = (item for item in pending_notices(store) if now - item.at < AGAIN)
    return {**found, **{(item.vehicle, item.slug): item.text for item in waiting}}


def send_or_tell(store: Store, paths: Paths, tz: tzinfo, now: datetime) -> str:
    """Send what waits in an open state, or tell it at once where that is not kept; return what failed, in words."""
    if store.kept:
        return send_from(store, paths, tz, now)[1]
    return tell_unkept(paths, causes_in(store, now), tz, now)


def tell_unkept(paths: Paths, causes: Mapping[tuple[str, str], str], tz: tzinfo, now: datetime) -> str:
    """Tell the owner what was not told lately, by every way there is; return what failed, in words."""
    try:
        telling = telling_of(paths.host_file)
    except DelciaError as error:
        return f"the owner cannot be told: {error.message}"
    if telling is None or (telling.webhook is None and telling.program is None):
        return ""
    began, failed = time.monotonic(), ""
    for (vehicle, slug), text in causes.items():
        marks = _marks(paths, vehicle, slug)
        late = time.monotonic() - began > LONGEST_S
        if late or due_at(telling, slug, now, tz) > now or _is_marked(marks, now):
            continue
        if not _mark(marks, now) and int(now.timestamp()) // RUNS_EVERY_S % (AGAIN // timedelta(minutes=5)):
            continue
        told, mishap = tell(telling, Notice(0, vehicle, slug, text, now))
        if not told:
            _unmark(marks)
        failed = f"the owner could not be told: {mishap}" if mishap else failed
    return failed


def _places(paths: Paths) -> tuple[tuple[Path, str], ...]:
    ours = hashlib.sha256(str(paths.state.absolute()).encode()).hexdigest()[:12]
    return (paths.state, MARK), (IN_MEMORY, f"delcia-{ours}-")


def _marks(paths: Paths, vehicle: str, slug: str) -> tuple[Path, ...]:
    """Return where the mark of a cause may lie, the first place that can be written counts."""
    name = hashlib.sha256(f"{vehicle} {slug}".encode()).hexdigest()[:12]
    return tuple(folder / f"{start}{name}" for folder, start in _places(paths))


def _is_marked(marks: tuple[Path, ...], now: datetime) -> bool:
    for mark in marks:
        with suppress(OSError):
            found = mark.lstat()
            if found.st_uid == os.geteuid() and 0 <= now.timestamp() - found.st_mtime < AGAIN.total_seconds():
                return True
    return False


def _mark(marks: tuple[Path, ...], now: datetime) -> bool:
    for mark in marks:
        with suppress(OSError):
            os.close(os.open(mark, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600))
            os.utime(mark, (now.timestamp(), now.timestamp()), follow_symlinks=False)
            return True
    return False


def _unmark(marks: tuple[Path, ...]) -> None:
    for mark in marks:
        with suppress(OSError):
            mark.unlink()
