"""Telling the owner what waits: by every way there is, the urgent first, and the rest when the quiet hours are over."""

import json
import time
from collections.abc import Iterable
from datetime import datetime, tzinfo

from delcia.core.causes import URGENT
from delcia.core.switching import WebCall
from delcia.core.telling import TOLD_WITHIN, Telling, due_at, public
from delcia.outside.program import run_program
from delcia.outside.web import call
from delcia.store.connection import Store
from delcia.store.notices import Notice, mark_sent, pending_notices

LONGEST_S = 30.0
"""What one run may spend on sending: what is left waits for the next."""


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


def tell_each(store: Store, telling: Telling, tz: tzinfo, now: datetime) -> tuple[datetime | None, str]:
    """Tell all that is due; return when more may be, None when nothing waits, and what failed, in words."""
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
