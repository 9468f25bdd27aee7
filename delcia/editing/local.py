"""Plans in a folder of this machine: saved by a commit where git knows them, else by writing the file."""

import os
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from delcia.editing.checkouts import Checkpoint, checkout_of, commit, head, recover
from delcia.editing.proposals import Proposal
from delcia.editing.saving import Conflict, Saved, alone, conflict
from delcia.editing.views import View, view_of
from delcia.errors import DelciaError
from delcia.host.files import drop_temporaries, write
from delcia.host.repository import Author


def view_here(folder: Path, now: datetime) -> View:
    """Return the plans of a folder as they are; what an earlier save left behind is finished first."""
    checkout = checkout_of(folder)
    if checkout is None:
        return view_of(folder, folder.resolve().name, now)
    if checkout.journal.exists():
        with suppress(DelciaError, OSError), alone(folder):
            recover(checkout)
    return view_of(folder, checkout.folder, now, commit=head(checkout))


def save_here(
    folder: Path,
    proposal: Proposal,
    author: Author,
    now: datetime,
    checkpoint: Checkpoint = lambda _step: None,
) -> Saved | Conflict:
    """Save a proposal in the folder that it was made for. Raises DelciaError when that is not possible there."""
    with alone(folder):
        checkout = checkout_of(folder)
        if checkout is not None:
            recover(checkout)
        view = view_of(folder, checkout.folder if checkout else folder.resolve().name, now)
        if view.state != proposal.state:
            return conflict(proposal, view)
        file = _file(folder, proposal.path)
        if checkout is None:
            drop_temporaries(file)
            write(file, proposal.after, mode=file.stat().st_mode & 0o7777)
            checkpoint("file")
            return Saved(None, proposal.message)
        made = commit(
            checkout,
            file.relative_to(folder.resolve()).as_posix(),
            before=proposal.before[proposal.path].encode(),
            after=proposal.after.encode(),
            message=proposal.message,
            author=author,
            now=now,
            checkpoint=checkpoint,
        )
        return Saved(made, proposal.message)


def _file(folder: Path, path: str) -> Path:
    """Return the file that a plan file's path leads to; a link is followed, but never out of the folder."""
    file = (folder / path).resolve()
    if not file.is_relative_to(folder.resolve()) or not file.is_file():
        raise DelciaError(f"{path} is not a file of the plan directory", slug="cannot-edit", hint="edit it by hand")
    if file.stat().st_uid != os.geteuid() or not os.access(file.parent, os.W_OK):
        message = f"{path} cannot be changed by this user"
        raise DelciaError(message, slug="not-allowed", hint="run delcia as the owner of the plans")
    return file
