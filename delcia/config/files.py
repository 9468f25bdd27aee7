"""The plan files of a directory, found and read without leaving it: hidden files ignored, links and sizes bounded."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from delcia.config.findings import Findings
from delcia.core.model import Place

SUFFIXES = (".yaml", ".yml")
LARGEST_BYTES = 1_000_000
MOST_FILES, MOST_FOLDERS, MOST_LEVELS = 10_000, 10_000, 20
_MIB = 1_000_000


def plan_files(root: Path, findings: Findings) -> Iterator[tuple[str, str]]:
    """Yield path (relative to the directory) and text of every plan file, in order of their paths.

    A link may lead to another place inside the directory; a file that several links lead to is read once.
    """
    base = os.path.realpath(root)
    seen: set[str] = set()
    for relative in sorted(_found(base, findings)):
        real = os.path.realpath(os.path.join(base, relative))  # noqa: PTH118 - pathlib costs a third of the loading time
        if real not in seen:
            seen.add(real)
            text = text_of(real, Place(shown(relative), 1), findings)
            if text is None:
                findings.unread.append(shown(relative))
            else:
                yield shown(relative), text


def shown(path: str) -> str:
    """Return a path as it can be printed on one line."""
    if path.isprintable():
        return path
    return "".join(c if c.isprintable() else c.encode("unicode_escape", "backslashreplace").decode() for c in path)


def _found(base: str, findings: Findings) -> list[str]:
    """Return the paths of the plan files, in no order; none of them where folders or files are more than bearable."""
    waiting, entered, found = [("", 1)], set[str](), list[str]()
    while waiting:
        folder, level = waiting.pop()
        here = os.path.join(base, folder)  # noqa: PTH118 - as above
        real = os.path.realpath(here)
        if real in entered:
            continue
        if level > MOST_LEVELS or len(entered) == MOST_FOLDERS:
            _too_many(folder, f"{MOST_LEVELS} levels" if level > MOST_LEVELS else f"{MOST_FOLDERS:,} folders", findings)
            return []
        entered.add(real)
        for entry in _entries(here, folder, findings):
            if entry.name.startswith("."):
                continue
            relative = os.path.join(folder, entry.name)  # noqa: PTH118 - as above
            if entry.is_symlink() and not _stays_inside(base, relative, findings):
                continue
            if entry.is_dir():
                waiting.append((relative, level + 1))
            elif entry.name.endswith(SUFFIXES):
                found.append(relative)
                if len(found) > MOST_FILES:
                    _too_many(folder, f"{MOST_FILES:,} plan files", findings)
                    return []
    return found


def _entries(here: str, folder: str, findings: Findings) -> list[os.DirEntry[str]]:
    """Return what a folder has; report one that cannot be read."""
    try:
        with os.scandir(here) as listing:
            return list(listing)
    except OSError as error:
        findings.unread.append(shown(folder))
        findings.error(
            Place(shown(folder) or ".", 1), "unreadable", f"cannot be read: {reason(error)}", "check its permissions"
        )
        return []


def _too_many(folder: str, what: str, findings: Findings) -> None:
    findings.unread.append(shown(folder))
    hint = "give the plans a folder of their own"
    findings.error(Place(shown(folder) or ".", 1), "too-large", f"the plan directory has more than {what}", hint)


def _stays_inside(base: str, relative: str, findings: Findings) -> bool:
    """Return whether a link leads to something inside the directory; report where that matters."""
    path = os.path.join(base, relative)  # noqa: PTH118 - as above
    place = Place(shown(relative), 1)
    try:
        target = os.path.realpath(path, strict=True)
    except OSError as error:
        matters = relative.endswith(SUFFIXES) or "." not in relative.rpartition("/")[2]
        if matters:
            findings.unread.append(place.path)
            findings.error(place, "broken-link", f"the link leads nowhere: {reason(error)}", "remove the link")
        return False
    inside = target == base or target.startswith(base + os.sep)
    if not inside and (relative.endswith(SUFFIXES) or os.path.isdir(target)):  # noqa: PTH112 - as above
        findings.unread.append(place.path)
        findings.error(
            place, "link-outside", "the link leads out of the plan directory", "copy the file into the directory"
        )
    return inside


def text_of(path: str, place: Place, findings: Findings) -> str | None:
    """Return the text of a file, or None after reporting at `place` why it cannot be read."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with open(descriptor, "rb") as file:  # noqa: PTH123 - a descriptor, so that a pipe does not block
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                findings.error(place, "not-a-file", "not a regular file", "remove it from the plan directory")
                return None
            data = file.read(LARGEST_BYTES + 1)
    except OSError as error:
        findings.error(place, "unreadable", f"cannot be read: {reason(error)}", "check its permissions")
        return None
    if len(data) > LARGEST_BYTES:
        findings.error(
            place, "too-large", f"larger than {LARGEST_BYTES // _MIB} MB", "split it, or remove what is no plan"
        )
        return None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        good = data[: error.start].decode("utf-8")
        spot = Place(place.path, good.count("\n") + 1, len(good) - good.rfind("\n"))
        findings.error(spot, "not-utf-8", f"the byte 0x{data[error.start]:02x} is not UTF-8", "save the file as UTF-8")
        return None


def reason(error: OSError) -> str:
    """Return what the system said, in lower case and without the path."""
    return (error.strerror or type(error).__name__).lower()
