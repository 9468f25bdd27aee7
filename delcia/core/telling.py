"""How the owner is told: by which way, what may be said there, and at which hours."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from typing import Literal

from delcia.core.causes import URGENT
from delcia.core.clock import DAY, begin_instant, local_date
from delcia.core.switching import Program

QUIET = (22 * 60, 7 * 60)
"""The hours, in minutes after midnight of the home's clock, in which nobody is told what can wait."""
TOLD_WITHIN = DAY
"""What could not be sent for so long is old news: 'delcia status' has it."""
PRIVATE = (
    re.compile(r"\b[A-HJ-NPR-Z0-9]{17}\b"),
    re.compile(r"[^\s@]+@[^\s@]+"),
    re.compile(r"[-+]?\d{1,3}\.\d{3,}(\s*,\s*[-+]?\d{1,3}\.\d{3,})?"),
)
"""A VIN, an e-mail address, a place: they never leave the house, whatever a text came from."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """An address that gets each notice, in the form of ntfy or as JSON. It may hold a secret and is never shown."""

    url: str = field(repr=False)
    form: Literal["ntfy", "json"] = "ntfy"
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Telling:
    """The ways to the owner: any of a webhook and a program. `quiet` is None when every hour will do.

    `wakes`: what is urgent does not wait for the end of the quiet hours. `heartbeat` is an address that is asked
    about every half hour while delcia runs.
    """

    webhook: Webhook | None = None
    program: Program | None = None
    quiet: tuple[int, int] | None = QUIET
    wakes: bool = True
    heartbeat: str | None = field(default=None, repr=False)
    timeout_s: float = 10.0


def due_at(telling: Telling, slug: str, now: datetime, tz: tzinfo) -> datetime:
    """Return when a notice may be sent: now, or at the end of the quiet hours that hold now."""
    if telling.quiet is None or (telling.wakes and slug in URGENT):
        return now
    begins, ends = telling.quiet
    day = local_date(now, tz) - timedelta(days=1)
    for _ in range(2):
        start, end = begin_instant(day, begins, tz), begin_instant(day, ends + (24 * 60 if ends <= begins else 0), tz)
        if start <= now < end:
            return end
        day += timedelta(days=1)
    return now


def public(text: str) -> str:
    """Return a text without what must not leave the house."""
    for pattern in PRIVATE:
        text = pattern.sub("…", text)
    return text
