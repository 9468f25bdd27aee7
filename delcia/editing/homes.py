"""Where the plans live: a folder of this machine, or a repository elsewhere. One way to look at them and to save."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from delcia.editing.local import save_here, view_here
from delcia.editing.proposals import Proposal
from delcia.editing.saving import Conflict, Saved
from delcia.editing.upstream import Upstream, save_there, view_there
from delcia.editing.views import View
from delcia.errors import DelciaError, Exit
from delcia.host.repository import Author


@dataclass(frozen=True, slots=True)
class Folder:
    """A plan directory of this machine, in git or not."""

    path: Path


Home = Folder | Upstream


@contextmanager
def looked_at(home: Home, now: datetime) -> Iterator[View]:
    """Give the plans of a home as they are; of a repository elsewhere, as they were at the last `fetch`."""
    if isinstance(home, Folder):
        yield view_here(home.path, now)
    else:
        with view_there(home, now) as view:
            yield view


def save(home: Home, proposal: Proposal, author: Author, now: datetime) -> Saved | Conflict:
    """Save a proposal where it was made for, if the plans there are still the same.

    Raises DelciaError: `bad-plans` when the plans would have errors, `no-change` when nothing would change, and what
    keeps it from being saved in this home.
    """
    if proposal.new is None:
        raise DelciaError("the plans would have errors", slug="bad-plans", hint="correct what is shown at their lines")
    if proposal.is_empty:
        raise DelciaError("the plans say that already", slug="no-change")
    try:
        if isinstance(home, Folder):
            return save_here(home.path, proposal, author, now)
        return save_there(home, proposal, author, now)
    except OSError as error:
        message = f"the plans cannot be written: {(error.strerror or 'the disk refuses').lower()}"
        hint = "look at the disk, then save again"
        raise DelciaError(message, slug="cannot-write", hint=hint, status=Exit.TRY_AGAIN) from None
