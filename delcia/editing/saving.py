"""What comes of saving: it is done, or somebody else was there first."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from delcia.editing.proposals import Proposal, difference, propose
from delcia.editing.views import View
from delcia.errors import DelciaError, Exit

WAIT_S = 5.0
POLL_S = 0.05


@dataclass(frozen=True, slots=True)
class Saved:
    """It is done. `commit` is None where the plans are not in git."""

    commit: str | None
    message: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """The plans were changed meanwhile; nothing was written. `difference` shows what changed.

    `again` is the same change of the plans as they are now, to be looked at and saved; it is None when just that plan
    was changed, or the change has become impossible: `reason` says why.
    """

    difference: str
    again: Proposal | None
    reason: str = ""


def conflict(proposal: Proposal, view: View) -> Conflict:
    """Return what to show of a change that was made for plans which have changed since."""
    changed = difference(proposal.before, view)
    try:
        again = propose(view, proposal.change)
    except DelciaError as error:
        return Conflict(changed, None, error.message)
    return Conflict(changed, again)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold the only right to change what is below a folder; a crash lets go of it, once all of it has died."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        deadline = time.monotonic() + WAIT_S
        while not _locked(handle):
            if time.monotonic() > deadline:
                message = "somebody else is saving plans at this moment"
                raise DelciaError(message, slug="locked", hint="save again", status=Exit.TRY_AGAIN)
            time.sleep(POLL_S)
        yield
    finally:
        os.close(handle)


def _locked(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
