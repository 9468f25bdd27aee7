"""A commit in somebody's checkout: the branch has it first and whole, then the file and git's index follow.

What is killed between is finished by the next one who looks: a journal beside the repository says what was under way.
"""

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from delcia.editing.locks import index_locked, let_go, let_go_of_branch, stage
from delcia.errors import DelciaError, Exit
from delcia.host.files import drop_temporaries, read, unlink, write
from delcia.host.git import ask, unfiltered
from delcia.host.repository import Author, Entry, commit_file, content, demand, entry, store

Checkpoint = Callable[[str], None]
"""Called after each step with its name; tests end the process there."""
JOURNAL = "delcia-editing.json"
_UNDER_WAY = ("MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "rebase-merge", "rebase-apply", "BISECT_LOG")


@dataclass(frozen=True, slots=True)
class Checkout:
    """A working tree, its git directory, and where in it the plans are; "" is all of it."""

    top: Path
    git: Path
    folder: str

    @property
    def journal(self) -> Path:
        """There while a commit is under way, or was cut short."""
        return self.git / JOURNAL

    def path(self, path: str) -> str:
        """Return a plan file's path in the checkout."""
        return f"{self.folder}/{path}" if self.folder else path


@dataclass(frozen=True, slots=True)
class _Journal:
    """A commit under way: the branch and what it gets, the file, and what that had and gets, as git keeps it."""

    branch: str
    made: str
    path: str
    mode: str
    old_blob: str
    new_blob: str
    crlf: bool
    """Whether the file ends its lines otherwise than what git keeps."""


def checkout_of(folder: Path) -> Checkout | None:
    """Return the checkout in which git knows a plan directory, None when there is none."""
    found = ask(folder, "rev-parse", "--show-toplevel", "--absolute-git-dir")
    if found is None or found.count("\n") != 1:
        return None
    top, git = (Path(path) for path in found.split("\n"))
    here = folder.resolve()
    if not here.is_relative_to(top):
        return None
    inside = here.relative_to(top).as_posix()
    within = "" if inside == "." else inside
    known = ask(top, "ls-tree", "--full-tree", "--name-only", "HEAD", *([f"{within}/"] if within else []))
    return Checkout(top, git, within) if known else None


def head(checkout: Checkout) -> str | None:
    """Return the commit that the checkout is at."""
    return ask(checkout.top, "rev-parse", "--verify", "--quiet", "HEAD^{commit}")


def commit(
    checkout: Checkout,
    path: str,
    *,
    before: bytes,
    after: bytes,
    message: str,
    author: Author,
    now: datetime,
    checkpoint: Checkpoint = lambda _step: None,
) -> str:
    """Return the commit that gives a file other octets, which it has then. The file must be as it was committed."""
    branch, parent, known, crlf = _sound(checkout, path, before)
    blob = store(checkout.top, _kept(after, crlf=crlf))
    checkpoint("blob")
    made = commit_file(checkout.top, parent, checkout.path(path), blob, message, author, now)
    checkpoint("commit")
    journal = _Journal(branch, made, checkout.path(path), known.mode, known.id, blob, crlf)
    write(checkout.journal, json.dumps(asdict(journal)), mode=0o600)
    checkpoint("journal")
    subject = message.partition("\n")[0]
    demand(checkout.top, "update-ref", "--create-reflog", "-m", f"commit: {subject}", branch, made, parent)
    checkpoint("branch")
    # The commit is made, whatever becomes of the rest now: the journal tells the next one to finish it.
    with suppress(DelciaError, OSError):
        _follow(checkout, journal, checkpoint)
    return made


def recover(checkout: Checkout, checkpoint: Checkpoint = lambda _step: None) -> None:
    """Finish a commit that was cut short; what had not reached the branch never happened."""
    text = read(checkout.journal)
    drop_temporaries(checkout.journal)
    if text is None:
        return
    try:
        journal = _Journal(**json.loads(text))
    except (ValueError, TypeError):
        unlink(checkout.journal)
        return
    drop_temporaries(checkout.top / journal.path)
    known = entry(checkout.top, "HEAD", journal.path)
    let_go(checkout.git)
    let_go_of_branch(checkout.top, checkout.git, journal.branch, journal.made)
    if ask(checkout.top, "symbolic-ref", "HEAD") == journal.branch and known and known.id == journal.new_blob:
        _follow(checkout, journal, checkpoint)
    unlink(checkout.journal)


def _follow(checkout: Checkout, journal: _Journal, checkpoint: Checkpoint) -> None:
    """Give the file and the index what the branch has, each only if it is still as it was."""
    file = checkout.top / journal.path
    old, new = (content(checkout.top, blob) for blob in (journal.old_blob, journal.new_blob))
    if file.is_file() and _kept(file.read_bytes(), crlf=journal.crlf) == old:
        text = _written(new, crlf=journal.crlf).decode("utf-8", "surrogateescape")
        write(file, text, mode=file.stat().st_mode & 0o7777)
    checkpoint("file")
    with index_locked(checkout.git):
        checkpoint("lock")
        if _staged(checkout, journal.path) == (journal.mode, journal.old_blob):
            item = f"{journal.mode},{journal.new_blob},{journal.path}"
            # Git looks into files that were changed in the same moment, through the filters of the repository.
            stage(checkout.top, checkout.git, item, unfiltered(checkout.top))
        checkpoint("index")
    unlink(checkout.journal)
    checkpoint("done")


def _sound(checkout: Checkout, path: str, before: bytes) -> tuple[str, str, Entry, bool]:
    """Return branch, commit, what git has of the file, and whether its lines end otherwise; refuse what is unclear."""
    branch, parent = ask(checkout.top, "symbolic-ref", "--quiet", "HEAD"), head(checkout)
    if branch is None or parent is None:
        raise DelciaError("the checkout of the plans is on no branch", slug="detached", hint="run: git switch main")
    if any((checkout.git / name).exists() for name in _UNDER_WAY):
        message = "a merge or rebase is under way in the checkout of the plans"
        raise DelciaError(message, slug="merging", hint="finish it, then save again", status=Exit.TRY_AGAIN)
    known = entry(checkout.top, parent, checkout.path(path))
    if known is None or not known.is_file or _staged(checkout, checkout.path(path)) != (known.mode, known.id):
        raise _uncommitted(path)
    kept = content(checkout.top, known.id)
    crlf = kept != before and before.replace(b"\r\n", b"\n") == kept
    if kept != before and not crlf:
        raise _uncommitted(path)
    return branch, parent, known, crlf


def _uncommitted(path: str) -> DelciaError:
    message = f"{path} has changes that are not committed"
    return DelciaError(message, slug="uncommitted", hint="commit them or undo them, then save again")


def _staged(checkout: Checkout, path: str) -> tuple[str, str] | None:
    """Return mode and content of a file in git's index, None when it is not there or torn between two."""
    found = ask(checkout.top, "ls-files", "-s", "-z", "--", f":(literal){path}") or ""
    items = [item for item in found.split("\0") if item]
    if len(items) != 1 or not items[0].partition("\t")[0].endswith(" 0"):
        return None
    mode, blob, _stage = items[0].partition("\t")[0].split(" ")
    return mode, blob


def _kept(data: bytes, *, crlf: bool) -> bytes:
    """Return a file's octets as git keeps them."""
    return data.replace(b"\r\n", b"\n") if crlf else data


def _written(data: bytes, *, crlf: bool) -> bytes:
    """Return what git keeps as the file has it."""
    return data.replace(b"\n", b"\r\n") if crlf else data
