"""The plain files of a folder at a commit, written out as data: nothing in the repository is run or followed.

No checkout is made: git lists the commit's objects (`ls-tree`) and gives their bytes (`cat-file`), as the owner of the
repository, and delcia writes them. So hooks, filters, attributes, submodules and links have no part in it.
"""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Timer

from delcia.errors import DelciaError
from delcia.host.folders import Account
from delcia.host.git import ask, started

PLAIN = ("100644", "100755")
OTHERS = {"120000": "a link", "160000": "a submodule"}
LONGEST_PATH_BYTES = 1000


@dataclass(frozen=True, slots=True)
class Limits:
    """What a folder of plans may be: its files, the bytes of one and of all of them, and how long git may take."""

    files: int = 10_000
    file_bytes: int = 1_000_000
    total_bytes: int = 32_000_000
    time_s: float = 30

    @property
    def listing_bytes(self) -> int:
        """How long the list of the files may be."""
        return self.files * 400


@dataclass(frozen=True, slots=True)
class Tree:
    """What was written: the commit, how many files, and in words, by path, what was left out as it is no plain file.

    Hidden files are not written and not told: they are no part of a plan directory.
    """

    commit: str
    files: int
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Entry:
    path: bytes
    mode: str
    name: str
    """The object's, in hex."""
    size: int


def export(
    repository: Path,
    rev: str,
    target: Path,
    *,
    within: str = "",
    limits: Limits | None = None,
    owner: Account | None = None,
) -> Tree:
    """Write the files of a folder at a revision into `target`, an empty folder, and return what was done.

    `repository` is a bare repository, or any folder of a checkout: then it is this folder as it was at the revision.
    `within` goes on from there; `owner` says as whom root reads. Raises `no-commit`, `no-folder`, `too-large`, or
    `git` when git does not answer.
    """
    bounds = limits or Limits()
    repository = repository if owner else repository.resolve()
    commit = commit_of(repository, rev, owner)
    prefix = ask(repository, "rev-parse", "--show-prefix", owner=owner) or ""
    inside = f"{prefix}{within}".strip("/")
    folder = ask(repository, "rev-parse", "--verify", "--quiet", f"{commit}:{inside}", owner=owner)
    if folder is None or ask(repository, "cat-file", "-t", folder, owner=owner) != "tree":
        raise DelciaError(f"the commit {commit[:10]} has no folder '{_shown(inside.encode())}'", slug="no-folder")
    entries, left_out = _chosen(_listed(repository, folder, bounds, owner), bounds)
    _write(repository, entries, target, bounds, owner)
    return Tree(commit, len(entries), tuple(left_out))


def commit_of(repository: Path, rev: str, owner: Account | None = None) -> str:
    """Return the full name of the commit that a revision means. Raises `no-commit`."""
    found = None
    if rev and rev.isprintable() and not rev.startswith("-"):
        found = ask(repository, "rev-parse", "--verify", "--quiet", f"{rev}^{{commit}}", owner=owner)
    if found is None:
        inside = ask(repository, "rev-parse", "--git-dir", owner=owner) is not None
        hint = "see: git log" if inside else "make it one with 'git init', or name a folder in one"
        message = f"git knows no commit {rev!a} there" if inside else f"{repository} is not in a git repository"
        raise DelciaError(message, slug="no-commit", hint=hint)
    return found


def _listed(repository: Path, folder: str, limits: Limits, owner: Account | None) -> Iterator[_Entry]:
    """Yield all entries below a folder's object, whatever they are, as long as the list is bearable."""
    with _git(repository, limits, owner, "ls-tree", "--full-tree", "-r", "-z", "-l", folder) as process:
        assert process.stdout is not None  # noqa: S101 - `started` makes it a pipe
        listing = process.stdout.read(limits.listing_bytes + 1)
        if len(listing) > limits.listing_bytes:
            raise _too_large(f"the folder has more than {limits.files:,} files")
    for line in listing.split(b"\0")[:-1]:
        about, _, path = line.partition(b"\t")
        mode, _kind, name, size = about.decode("ascii").split()
        yield _Entry(path, mode, name, int(size) if size.isdecimal() else 0)


def _chosen(entries: Iterator[_Entry], limits: Limits) -> tuple[list[_Entry], list[str]]:
    """Return the plain files, and in words what else is there."""
    chosen, left_out = [], []
    for entry in entries:
        parts = entry.path.split(b"/")
        if any(part.startswith(b".") and part not in {b".", b".."} for part in parts):
            continue
        if why := _why_not(entry, parts, limits):
            left_out.append(f"{_shown(entry.path)}: {why}")
        else:
            chosen.append(entry)
    if len(chosen) > limits.files:
        raise _too_large(f"the folder has {len(chosen):,} files, allowed are {limits.files:,}")
    total = sum(entry.size for entry in chosen)
    if total > limits.total_bytes:
        raise _too_large(f"the folder has {_mb(total)} of files, allowed are {_mb(limits.total_bytes)}")
    return chosen, left_out


def _why_not(entry: _Entry, parts: list[bytes], limits: Limits) -> str | None:
    """Return why an entry is not written; a repository made by hand can have names that lead out of any folder."""
    if entry.mode not in PLAIN:
        return OTHERS.get(entry.mode, "no plain file")
    if any(part in {b"", b".", b".."} for part in parts) or len(entry.path) > LONGEST_PATH_BYTES:
        return "no path for a file"
    if entry.size > limits.file_bytes:
        return f"{_mb(entry.size)}, larger than {_mb(limits.file_bytes)}"
    return None


def _write(repository: Path, entries: list[_Entry], target: Path, limits: Limits, owner: Account | None) -> None:
    """Write the files one after the other as git gives their bytes."""
    with _git(repository, limits, owner, "cat-file", "--batch") as process:
        assert process.stdin is not None  # noqa: S101 - as above
        assert process.stdout is not None  # noqa: S101 - as above
        for entry in entries:
            process.stdin.write(f"{entry.name}\n".encode("ascii"))
            process.stdin.flush()
            head = process.stdout.readline(LONGEST_PATH_BYTES)
            is_there = head == f"{entry.name} blob {entry.size}\n".encode("ascii")
            data = process.stdout.read(entry.size + 1) if is_there else b""
            if data[entry.size :] != b"\n":
                raise DelciaError(f"git does not give {_shown(entry.path)}", slug="git", hint="see: git fsck")
            _put(target / os.fsdecode(entry.path), data[: entry.size], entry)


def _put(path: Path, data: bytes, entry: _Entry) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o644)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
    except (FileExistsError, NotADirectoryError):
        raise DelciaError(f"the commit has {_shown(entry.path)} twice", slug="git", hint="see: git fsck") from None


@contextmanager
def _git(repository: Path, limits: Limits, owner: Account | None, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """Give a git that is ended when it takes too long. Raises `git` when it fails."""
    try:
        with started(repository, *arguments, owner=owner) as process:
            timer = Timer(limits.time_s, process.kill)
            timer.start()
            try:
                yield process
                assert process.stdin is not None  # noqa: S101 - as above
                process.stdin.close()
                failed = process.wait() != 0
            finally:
                timer.cancel()
                process.kill()
    except BrokenPipeError:
        failed = True
    if failed:
        raise DelciaError(f"git {arguments[0]} fails in {repository}", slug="git", hint="see: git fsck")


def _too_large(message: str) -> DelciaError:
    return DelciaError(message, slug="too-large", hint="give the plans a folder of their own in the repository")


def _shown(path: bytes) -> str:
    text = path.decode("utf-8", "backslashreplace")
    return text if text.isprintable() else text.encode("unicode_escape").decode("ascii")


def _mb(size: int) -> str:
    return f"{size / 1_000_000:,.1f} MB"
