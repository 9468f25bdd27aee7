"""Git's locks in a checkout, by which it is known whose they are: a kill never leaves the owner's git locked out."""

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from delcia.errors import DelciaError, Exit
from delcia.host.git import ask
from delcia.host.repository import demand

_MARK, _NEW = "delcia-index.mark", "delcia-index"


def stage(top: Path, git: Path, item: str, env: Mapping[str, str]) -> None:
    """Give the index another entry, in the form `MODE,OBJECT,PATH`; the caller holds its lock."""
    index, new = git / "index", git / _NEW
    shutil.copy(index, new)
    demand(top, "update-index", "--cacheinfo", item, env={**env, "GIT_INDEX_FILE": str(new)})
    new.replace(index)


@contextmanager
def index_locked(git: Path) -> Iterator[None]:
    """Hold git's lock on the index. Raises `index-locked` while another git has it."""
    let_go(git)
    mark = git / _MARK
    mark.touch(mode=0o600)
    try:
        os.link(mark, git / "index.lock")
    except FileExistsError:
        mark.unlink()
        message = "another git is at work in the checkout of the plans, or was killed there"
        hint = f"save again; if no git is at work, remove {git / 'index.lock'}"
        raise DelciaError(message, slug="index-locked", hint=hint, status=Exit.TRY_AGAIN) from None
    try:
        yield
    finally:
        let_go(git)


def let_go(git: Path) -> None:
    """Remove the lock on the index if it is delcia's, also one that a kill has left; it is another name of the mark."""
    mark, lock = git / _MARK, git / "index.lock"
    if mark.exists() and lock.exists() and mark.samefile(lock):
        lock.unlink()
    for leftover in (git / f"{_NEW}.lock", git / _NEW, mark):
        leftover.unlink(missing_ok=True)


def let_go_of_branch(top: Path, git: Path, branch: str, made: str) -> None:
    """Remove the locks that a git of delcia's has left which was killed while it gave a branch a commit just made.

    Nobody else gives it that commit. Git locks HEAD beside the branch, with nothing in that lock.
    """
    found = ask(top, "rev-parse", "--git-path", f"{branch}.lock")
    lock, beside = top / (found or ""), git / "HEAD.lock"
    if lock.is_file() and lock.read_bytes().strip() == made.encode():
        lock.unlink()
        if beside.is_file() and not beside.stat().st_size:
            beside.unlink()
