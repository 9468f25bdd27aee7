"""What a host keeps of the repository that it follows: a bare clone, brought up to date without trusting what comes.

A clone is made without a template and never names its remote: its settings are git's own, and nothing that a remote
sends is a setting. No hook, no submodule, no checkout. What is fetched stays in a repository of its own, `NEW_CLONE`,
until `accept` takes it into the clone: what is refused never counts towards the clone. `MARK`, a file beside both, has
the commit that the next one must descend from, and outlives them.
"""

import shutil
from pathlib import Path

from delcia.errors import DelciaError, Exit
from delcia.host.files import read, write
from delcia.host.git import ask
from delcia.host.offers import COMMIT
from delcia.host.remote import LARGEST_PACK_BYTES, Means, fetch_into, run, tip
from delcia.host.syncing import Sync

CLONE, NEW_CLONE, MARK = "clone.git", "new.git", "seen"
NEW, SEEN = "refs/delcia/new", "refs/delcia/seen"
ALTERNATES = "objects/info/alternates"
LARGEST_CLONE_BYTES = 256_000_000


def fetch(
    folder: Path,
    sync: Sync,
    means: Means,
    *,
    largest_bytes: int = LARGEST_PACK_BYTES,
    largest_clone_bytes: int = LARGEST_CLONE_BYTES,
) -> tuple[Path, str]:
    """Bring what is new of a branch into a folder; return the repository that has its commit, and the commit's name.

    The repository is the clone for what was accepted before, else `NEW_CLONE`. Raises `remote-away` (try again) when
    the remote does not answer, `no-branch`, and `bad-objects` when git does not take what it sends.
    """
    at, clone, new, seen = tip(sync, means), folder / CLONE, folder / NEW_CLONE, last_seen(folder)
    if at == seen and _has(clone, at):
        return clone, at
    # What was refused is fetched once, not at every look, and goes as soon as the branch is elsewhere.
    if _ref(new, NEW) != at or not _has(new, at):
        _make(new, clone if _is_whole(clone) and _size(clone) <= largest_clone_bytes else None, seen)
        fetch_into(new, sync, means, NEW, largest_bytes)
    commit = _ref(new, NEW)
    if commit is None:
        raise DelciaError("the branch has no commit", slug="remote-away", status=Exit.TRY_AGAIN)
    return new, commit


def last_seen(folder: Path) -> str | None:
    """Return the commit that was accepted last, whatever became of the clone since; delcia 0.1 noted it there alone."""
    noted = (read(folder / MARK) or "").strip()
    return noted if COMMIT.fullmatch(noted) else _ref(folder / CLONE, SEEN)


def accept(folder: Path, repository: Path, commit: str) -> None:
    """Keep a commit that was fetched, and note it as the one that the next must follow.

    Whenever this is cut short, the next look fetches it again.
    """
    clone = folder / CLONE
    if repository != clone and (repository / ALTERNATES).exists():
        packs = sorted((repository / "objects/pack").iterdir(), key=lambda file: file.suffix == ".idx")
        for file in packs:  # a pack is known by its index, which comes last
            file.replace(clone / "objects/pack" / file.name)
        shutil.rmtree(repository)
    elif repository != clone:
        shutil.rmtree(clone, ignore_errors=True)
        repository.rename(clone)
    if ask(clone, "update-ref", SEEN, commit) is None:
        raise DelciaError(f"git could not keep {commit[:10]}", slug="git", hint="try again", status=Exit.TRY_AGAIN)
    write(folder / MARK, f"{commit}\n", mode=0o600)


def _make(new: Path, clone: Path | None, seen: str | None) -> None:
    """Make a repository for what comes, beside the clone if there is one: what is refused never gets into that."""
    shutil.rmtree(new, ignore_errors=True)
    if run(["git", "init", "--quiet", "--bare", "--template=", str(new)], {}) is not None:
        hint = "install git (Debian: apt install git)"
        raise DelciaError("git could not make a repository", slug="no-git", hint=hint, status=Exit.BROKEN)
    if clone is not None:
        for leftover in clone.rglob("*.lock"):
            leftover.unlink(missing_ok=True)
        (new / ALTERNATES).write_text(f"../../{CLONE}/objects\n", encoding="utf-8")
        if seen is not None:
            ask(new, "update-ref", SEEN, seen)  # so that git asks for what comes after it alone


def _is_whole(repository: Path) -> bool:
    return repository.is_dir() and ask(repository, "rev-parse", "--git-dir") is not None


def _has(repository: Path, commit: str) -> bool:
    return _is_whole(repository) and ask(repository, "cat-file", "-e", f"{commit}^{{commit}}") is not None


def _size(repository: Path) -> int:
    return sum(path.lstat().st_size for path in repository.rglob("*") if path.is_file())


def _ref(repository: Path, name: str) -> str | None:
    """Return the commit that a repository notes under a name."""
    return ask(repository, "rev-parse", "--verify", "--quiet", name) if repository.is_dir() else None
