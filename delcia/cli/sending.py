"""Sending what the owner is to be told, after the cars' work: bounded in time, and no harm when it fails.

A notice is sent at least once: a run that dies between sending and noting it has the next one send it again.
"""

import json
import os
import time
from collections.abc import Iterable
from contextlib import closing, suppress
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

from delcia.core.switching import WebCall
from delcia.core.telling import TOLD_WITHIN, URGENT, Telling, due_at, public
from delcia.errors import DelciaError
from delcia.host.paths import Paths
from delcia.outside.program import run_program
from delcia.outside.web import call
from delcia.store.connection import Store
from delcia.store.lock import file_lock
from delcia.store.notices import Notice, mark_sent, pending_notices
from delcia.store.opening import open_store

BEAT = "beat"
"""The file whose time says when the heartbeat was last heard."""
BEATS_EVERY = timedelta(minutes=25)
"""Less than the half hour in which a run for all always looks at everything."""
LONGEST_S = 30.0
"""What one run may spend on sending: what is left waits for the next."""


def send_due(paths: Paths, tz: tzinfo, now: datetime) -> tuple[datetime | None, str]:
    """Send what is due; return when more may be, None when nothing waits, and what failed, in words.

    The settings of the host are read only where something waits to be sent.
    """
    with closing(open_store(paths.database)) as store:
        return send_from(store, paths, tz, now)


def send_from(store: Store, paths: Paths, tz: tzinfo, now: datetime) -> tuple[datetime | None, str]:
    """Send what is due in a state that is open; return as `send_due`."""
    if not any(now - item.at < TOLD_WITHIN for item in pending_notices(store)):
        return None, ""
    from delcia.host.notifying import telling_of

    try:
        telling = telling_of(paths.host_file)
    except DelciaError as error:
        return now, f"the owner cannot be told: {error.message}"
    if telling is None or (telling.webhook is None and telling.program is None):
        return None, ""
    try:
        with file_lock(paths.state / "notices.lock", "the notices", 0):
            return _send_each(store, telling, tz, now)
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
    from delcia.host.notifying import telling_of

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


def tell(telling: Telling, notice: Notice) -> tuple[bool, str]:
    """Tell the owner one thing by every way there is; return whether any took it, and what failed, in words."""
    text = public(notice.text)
    tried = []
    if telling.webhook is not None:
        tried.append(("the webhook", call(_request(telling, notice, text), telling.timeout_s)))
    if telling.program is not None:
        try:
            mishap = run_program(telling.program.argv, telling.timeout_s, f"{text}\n")
        except OSError as error:
            mishap = f"cannot be run: {error.strerror}"
        tried.append(("the command", mishap))
    failed = [f"{who} {mishap}" for who, mishap in tried if mishap]
    return len(failed) < len(tried), "; ".join(failed)


def _send_each(store: Store, telling: Telling, tz: tzinfo, now: datetime) -> tuple[datetime | None, str]:
    began = time.monotonic()
    later: list[datetime] = []
    said = ""
    # Read again: another run may have sent them while this one came to the lock.
    for notice in _urgent_first(pending_notices(store)):
        if now - notice.at >= TOLD_WITHIN:
            continue
        due = due_at(telling, notice.slug, now, tz)
        if due > now:
            later.append(due)
        elif time.monotonic() - began > LONGEST_S:
            later.append(now)
        else:
            told, mishap = tell(telling, notice)
            if not told:
                return now, f"the owner could not be told: {mishap}; the next run tries again"
            # Whoever hears it by one way must not hear it again because another fails.
            mark_sent(store, notice, now)
            said = f"the owner was told, but {mishap}" if mishap else said
    return min(later, default=None), said


def _urgent_first(notices: Iterable[Notice]) -> list[Notice]:
    return sorted(notices, key=lambda item: (item.slug not in URGENT, item.number))


def _request(telling: Telling, notice: Notice, text: str) -> WebCall:
    """Return the request that tells it, as the webhook's form wants it; JSON as in schemas/notice.schema.json."""
    webhook = telling.webhook
    assert webhook is not None  # noqa: S101 - the caller looked
    urgent = notice.slug in URGENT
    if webhook.form == "json":
        data = {
            "schema": "delcia/notice/1",
            "vehicle": notice.vehicle or None,
            "cause": notice.slug,
            "text": text,
            "at": notice.at.isoformat().replace("+00:00", "Z"),
            "urgent": urgent,
        }
        headers = {"Content-Type": "application/json", "User-Agent": "delcia"}
        return WebCall(webhook.url, "POST", json.dumps(data), (*headers.items(), *webhook.headers))
    headers = {"Content-Type": "text/plain; charset=utf-8", "User-Agent": "delcia", "Title": "delcia"}
    if urgent:
        headers["Priority"] = "high"
    return WebCall(webhook.url, "POST", text, (*headers.items(), *webhook.headers))


def _names_heartbeat(path: Path) -> bool:
    """Return whether it is worth to read the settings as YAML, which an idle run never does."""
    try:
        return b"heartbeat" in path.read_bytes()
    except OSError:
        return False
