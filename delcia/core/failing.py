"""What could not be done, kept until it is done: told once, not tried at every look, and not forgotten meanwhile."""

from dataclasses import replace
from datetime import datetime
from typing import Literal

from delcia.core.commands import RESEND
from delcia.core.means import Means
from delcia.core.state import Failure, Memory
from delcia.errors import DelciaError, Exit

DENIED = frozenset({"access-denied"})
REFUSED = frozenset({*DENIED, "charger-failed"})
"""Orders that were answered, though what kept them from being obeyed may pass by itself."""

Ending = Literal["lasts", "over", "moot"]


def failure_of(error: DelciaError, doing: Literal["ask", "start", "stop"], now: datetime) -> Failure:
    """Return what failed now: an order that was refused, else whatever the service was asked."""
    refused = error.status is Exit.BROKEN or error.slug in REFUSED
    return Failure(doing if refused else "ask", now, error.slug, error.message, error.hint, int(error.status))


def error_of(failure: Failure) -> DelciaError:
    """Return the error that it was."""
    return DelciaError(failure.message, slug=failure.slug, hint=failure.hint, status=Exit(failure.status))


def with_failure(memory: Memory, failure: Failure) -> Memory:
    """Return the memory with what failed last; an order that was refused stays so through trouble that passes."""
    known = memory.failure
    if known is not None and known.what != "ask" and failure.what == "ask" and failure.status == Exit.TRY_AGAIN:
        return memory
    return memory if known == failure else replace(memory, failure=failure)


def is_too_soon(memory: Memory, kind: Literal["start", "stop"], now: datetime) -> bool:
    """Return whether an order was refused so lately that it would be refused again."""
    failure = memory.failure
    if failure is None or failure.what != kind or not (failure.status == Exit.BROKEN or failure.slug in DENIED):
        return False
    return now - failure.at < RESEND


def ending(memory: Memory, found: Means, now: datetime) -> Ending:
    """Return what has become of what failed, after a run at `now` in which nothing did: "over" when it was done now.

    "moot": nobody needs it any more, as the car charges, or has ended, without it.
    """
    failure, reading = memory.failure, memory.reading
    if failure is None:
        return "lasts"
    asked = reading is not None and reading.read_at == now
    if failure.what == "ask":
        return "over" if asked else "lasts"
    command = memory.command
    if command is not None and command.kind == failure.what and command.sent_at > failure.at:
        return "over"
    start = failure.what == "start"
    if not (found.start if start else found.stop) or (asked and (memory.session is not None) is start):
        return "moot"
    return "lasts"
