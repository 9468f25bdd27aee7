"""The plain files of a folder at a commit, written out as data: nothing in the repository is run or followed.

No checkout is made: the commit's objects are read (`delcia.host.objects`), and delcia writes their octets. So hooks,
filters, attributes, submodules and links have no part in it. Folders are bounded in number and depth: a few objects
that name each other can make millions of them.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from delcia.errors import DelciaError
from delcia.host.commits import commit as commit_in
from delcia.host.commits import commit_of
from delcia.host.git import ask
from delcia.host.objects import AT_ONCE, Entry, Objects, entries, reading

PLAIN = ("100644", "100755")
OTHERS = {"120000": "a link", "160000": "a submodule"}
LONGEST_PATH_BYTES, LONGEST_NAME_BYTES = 1000, 255
LARGEST_LISTS_BYTES = 8_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """What a folder of plans may be: files, folders, levels, bytes of one and of all, and how long git may take."""

    files: int = 10_000
    folders: int = 10_000
    levels: int = 20
    file_bytes: int = 1_000_000
    total_bytes: int = 32_000_000
    time_s: float = 30


@dataclass(frozen=True, slots=True)
class Tree:
    """What was written: the commit, how many files, and in words, by path, what was left out as it is no plain file.

    Hidden files are not written and not told: they are no part of a plan directory.
    """

    commit: str
    files: int
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Found:
    """An entry that is no folder, by its whole path."""

    path: bytes
    entry: Entry
    size: int


@dataclass(slots=True)
class _Walk:
    """How much of a repository was read so far, and how much may be."""

    objects: Objects
    limits: Limits
    folders: int = 0
    listed_bytes: int = 0
    last: dict[int, tuple[str, bytes]] = field(default_factory=dict)
    """By level the last folder and what it holds: many names often lead to the same one."""

    def is_known(self, tree: str) -> bool:
        """Tell whether what a folder holds was read already."""
        return self.objects.has_ahead(tree) or tree in {last for last, _ in self.last.values()}

    def entries(self, tree: str, level: int) -> Iterator[Entry]:
        """Yield what a folder has. Raises `too-large`."""
        self.folders += 1
        if level > self.limits.levels:
            raise _too_large(f"the folder has more than {self.limits.levels} levels")
        if self.folders > self.limits.folders:
            raise _too_large(f"the folder has more than {self.limits.folders:,} folders")
        if self.last.get(level, ("",))[0] != tree:
            self.last[level] = (tree, self.objects.read(tree, "tree", LARGEST_LISTS_BYTES))
        data = self.last[level][1]
        self.listed_bytes += len(data)
        if self.listed_bytes > LARGEST_LISTS_BYTES:
            raise _too_large(f"the lists of its files have more than {_mb(LARGEST_LISTS_BYTES)}")
        return entries(tree, data)


def export(repository: Path, rev: str, target: Path, *, within: str = "", limits: Limits | None = None) -> Tree:
    """Write the files of a folder at a revision into `target`, an empty folder, and return what was done.

    `repository` is a bare repository, or any folder of a checkout: then it is this folder as it was at the revision.
    `within` goes on from there. Raises `no-commit`, `no-folder`, `too-large`, `forged`, or `git` when it fails.
    """
    bounds, repository = limits or Limits(), repository.resolve()
    commit = commit_of(repository, rev)
    prefix = ask(repository, "rev-parse", "--show-prefix") or ""
    with reading(repository, time_s=bounds.time_s) as objects:
        return written(objects, commit, target, f"{prefix}{within}", bounds)


def written(objects: Objects, commit: str, target: Path, within: str = "", limits: Limits | None = None) -> Tree:
    """Write the files of a folder of a commit into `target`, an empty folder. Raises as `export` does."""
    bounds = limits or Limits()
    folder = commit_in(objects, commit).tree
    for name in within.encode("utf-8", "surrogateescape").split(b"/"):
        listed = entries(folder, objects.read(folder, "tree", LARGEST_LISTS_BYTES)) if name else ()
        found = next((entry for entry in listed if entry.name == name), None) if name else Entry("040000", b"", folder)
        if found is None or not found.is_folder:
            shown = _shown(within.strip("/").encode("utf-8", "surrogateescape"))
            raise DelciaError(f"the commit {commit[:10]} has no folder '{shown}'", slug="no-folder")
        folder = found.object
    chosen, left_out = _chosen(_listed(_Walk(objects, bounds), folder), bounds)
    for found_file in chosen:
        _put(target, found_file, objects.read(found_file.entry.object, "blob", bounds.file_bytes))
    return Tree(commit, len(chosen), tuple(left_out))


def changed_files(
    objects: Objects, before: str, after: str, limits: Limits | None = None
) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """Return what the files had that differ between two commits, and what they have, by path.

    What is no plain file of a bearable size, or differs in more than its content, has octets that are no text.
    """
    walk = _Walk(objects, limits or Limits())
    sides: tuple[dict[str, bytes], dict[str, bytes]] = ({}, {})
    trees = (commit_in(objects, before).tree, commit_in(objects, after).tree)
    folders: list[tuple[bytes, int, tuple[str | None, str | None]]] = [(b"", 1, trees)]
    while folders:
        above, level, pair = folders.pop()
        had, has = ({} if tree is None else _by_name(walk, tree, level) for tree in pair)
        differ = [name for name in had.keys() | has.keys() if had.get(name) != has.get(name)]
        objects.expect(entry.object for side in (had, has) for name in differ if (entry := side.get(name)))
        for name in differ:
            both = (had.get(name), has.get(name))
            path = above + name
            below = tuple(entry.object if entry and entry.is_folder else None for entry in both)
            if below != (None, None):
                folders.append((path + b"/", level + 1, (below[0], below[1])))
            files = [entry if entry and not entry.is_folder else None for entry in both]
            modes = {entry.mode for entry in files if entry}
            is_plain = len(modes) == 1 and modes <= {*PLAIN}
            for side, entry, other in zip(sides, files, (b"\xff", b"\xfe"), strict=True):
                if entry is not None:
                    size = objects.size(entry.object, "blob") if is_plain else None
                    is_read = size is not None and size <= walk.limits.file_bytes
                    text = objects.read(entry.object, "blob", walk.limits.file_bytes) if is_read else other
                    side[path.decode("utf-8", "surrogateescape")] = text
            if len(sides[0]) + len(sides[1]) > walk.limits.files:
                raise _too_large(f"more than {walk.limits.files:,} files were changed")
    return sides


def _by_name(walk: _Walk, tree: str, level: int) -> dict[bytes, Entry]:
    """Return what a folder has, by name; what no folder can have is refused."""
    found: dict[bytes, Entry] = {}
    for entry in walk.entries(tree, level):
        if entry.name in found or entry.name in {b"", b".", b".."} or b"/" in entry.name:
            raise DelciaError(f"the folder {tree[:10]} is damaged", slug="git", hint="see: git fsck")
        found[entry.name] = entry
    return found


def _listed(walk: _Walk, folder: str) -> Iterator[_Found]:
    """Yield all that is below a folder and not hidden, whatever it is, but the folders themselves."""
    folders = [(b"", folder, 1)]
    while folders:
        above, tree, level = folders.pop()
        if not walk.is_known(tree):
            walk.objects.read_ahead((tree, *(other for _, other, _ in reversed(folders[-AT_ONCE:]))), "tree")
        for entry in _visible(walk, tree, level):
            path = above + entry.name
            if entry.is_folder and not _is_no_path(path):
                folders.append((path + b"/", entry.object, level + 1))
            else:
                yield _Found(path, entry, walk.objects.size(entry.object, "blob") or 0)


def _visible(walk: _Walk, tree: str, level: int) -> Iterator[Entry]:
    """Yield what a folder has and does not hide; the sizes of some are asked for ahead."""
    listed = (
        entry
        for entry in walk.entries(tree, level)
        if not any(part.startswith(b".") and part not in {b".", b".."} for part in entry.name.split(b"/"))
    )
    while some := list(islice(listed, AT_ONCE)):
        walk.objects.expect(entry.object for entry in some)
        yield from some


def _chosen(found: Iterator[_Found], limits: Limits) -> tuple[list[_Found], list[str]]:
    """Return the plain files, and in words what else is there, both by path."""
    chosen: list[_Found] = []
    left_out: list[tuple[bytes, str]] = []
    total = 0
    for each in found:
        if why := _why_not(each, limits):
            left_out.append((each.path, f"{_shown(each.path)}: {why}"))
        else:
            chosen.append(each)
            total += each.size
        if len(chosen) + len(left_out) > limits.files:
            raise _too_large(f"the folder has more than {limits.files:,} files")
        if total > limits.total_bytes:
            raise _too_large(f"the folder has more than {_mb(limits.total_bytes)} of files")
    return sorted(chosen, key=lambda each: each.path), [words for _, words in sorted(left_out)]


def _why_not(found: _Found, limits: Limits) -> str | None:
    """Return why an entry is not written; a repository made by hand can have names that lead out of any folder."""
    if _is_no_path(found.path):
        return "no path for a file"
    if found.entry.mode not in PLAIN:
        return OTHERS.get(found.entry.mode, "no plain file")
    if found.size > limits.file_bytes:
        return f"{_mb(found.size)}, larger than {_mb(limits.file_bytes)}"
    return None


def _is_no_path(path: bytes) -> bool:
    parts = path.split(b"/")
    return len(path) > LONGEST_PATH_BYTES or any(
        part in {b"", b".", b".."} or len(part) > LONGEST_NAME_BYTES for part in parts
    )


def _put(target: Path, found: _Found, data: bytes) -> None:
    path = target / os.fsdecode(found.path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o644)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
    except (FileExistsError, NotADirectoryError):
        raise DelciaError(f"the commit has {_shown(found.path)} twice", slug="git", hint="see: git fsck") from None


def _too_large(message: str) -> DelciaError:
    return DelciaError(message, slug="too-large", hint="give the plans a folder of their own in the repository")


def _shown(path: bytes) -> str:
    text = path.decode("utf-8", "backslashreplace")
    return text if text.isprintable() else text.encode("unicode_escape").decode("ascii")


def _mb(size: int) -> str:
    return f"{size / 1_000_000:,.1f} MB"
