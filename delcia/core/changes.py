"""What apply would do to each unit or crontab: wanted, what delcia last wrote, what is there, compared three ways."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

MARK = "# X-Delcia:"
"""The line by which a file says that delcia wrote it."""


def digest(text: str) -> str:
    """Return the SHA-256 of a text, in hex; bytes that were not UTF-8 on disk count as they were."""
    return sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


def is_marked(text: str) -> bool:
    """Tell whether a text carries delcia's line."""
    return any(line.startswith(MARK) for line in text.splitlines())


def plans_in(texts: Iterable[str]) -> frozenset[str]:
    """Return the names of the plans that run by these units or crontabs."""
    start = f"{MARK} plan="
    lines = (line for text in texts for line in text.splitlines() if line.startswith(start))
    return frozenset(line.removeprefix(start).partition(" ")[0] for line in lines)


@dataclass(frozen=True, slots=True, order=True)
class Artifact:
    """One file to be, or delcia's part of one, with its whole text.

    A unit's name has no folder; a crontab's is its absolute path, or says in words whose it is.
    """

    name: str
    text: str

    def __post_init__(self) -> None:
        """Refuse a name that could leave its folder, and a path with detours."""
        parts = self.name.removeprefix("/").split("/")
        leaves = len(parts) > 1 and not self.name.startswith("/")
        if leaves or "\0" in self.name or any(not part or part.startswith(".") for part in parts):
            msg = f"not a file name: {self.name!r}"
            raise ValueError(msg)

    @property
    def sha256(self) -> str:
        """The SHA-256 of the text, in hex."""
        return digest(self.text)


def file_name(name: str) -> str:
    """Return an artifact's name as one of a file in a folder of copies."""
    return name.replace("%", "%25").replace("/", "%2F")


def name_of(file: str) -> str:
    """Return the name of an artifact whose copy has this file name."""
    return file.replace("%2F", "/").replace("%25", "%")


class Drift(StrEnum):
    """How a file differs from what delcia last wrote there, in words for the owner."""

    EDITED = "edited by hand"
    DELETED = "deleted by hand"
    UNRECORDED = "delcia's, but not in its manifest"


@dataclass(frozen=True, slots=True)
class Create:
    """A file that is not there yet; with drift DELETED, not there any more."""

    artifact: Artifact
    drift: Drift | None = None

    @property
    def name(self) -> str:
        """The file's name."""
        return self.artifact.name


@dataclass(frozen=True, slots=True)
class Update:
    """A file whose text on disk, `before`, is not the wanted one."""

    artifact: Artifact
    before: str
    drift: Drift | None = None

    @property
    def name(self) -> str:
        """The file's name."""
        return self.artifact.name


@dataclass(frozen=True, slots=True)
class Delete:
    """A file of delcia's that is wanted no more; `before` is None when it is already gone."""

    name: str
    before: str | None
    drift: Drift | None = None


@dataclass(frozen=True, slots=True)
class Keep:
    """A file that is as wanted."""

    artifact: Artifact

    @property
    def name(self) -> str:
        """The file's name."""
        return self.artifact.name


Change = Create | Update | Delete | Keep


@dataclass(frozen=True, slots=True)
class Changes:
    """One change per file, by name; `foreign` names files in the way that delcia did not write."""

    changes: tuple[Change, ...]
    foreign: tuple[str, ...] = ()

    @property
    def to_make(self) -> tuple[Create | Update | Delete, ...]:
        """The changes that do something."""
        return tuple(change for change in self.changes if not isinstance(change, Keep))

    @property
    def drifted(self) -> tuple[Create | Update | Delete, ...]:
        """The changes whose file somebody else touched."""
        return tuple(change for change in self.to_make if change.drift is not None)


def compare(wanted: Iterable[Artifact], owned: Mapping[str, str], disk: Mapping[str, str | None]) -> Changes:
    """Return what leads from `disk` to `wanted`.

    `owned` has the SHA-256 of each file as delcia last wrote it; `disk` the present text of every name
    in `wanted` or `owned`, None or nothing when there is no file. Files in neither are nobody's business.
    """
    by_name = {artifact.name: artifact for artifact in wanted}
    changes: list[Change] = []
    foreign: list[str] = []
    for name in sorted(by_name.keys() | owned.keys()):
        text = disk.get(name)
        if (artifact := by_name.get(name)) is None:
            changes.append(Delete(name, text, _drift(owned.get(name), text)))
        elif text is None:
            changes.append(Create(artifact, _drift(owned.get(name), text)))
        elif text == artifact.text:
            changes.append(Keep(artifact))
        elif name in owned or is_marked(text):
            changes.append(Update(artifact, text, _drift(owned.get(name), text)))
        else:
            foreign.append(name)
    return Changes(tuple(changes), tuple(foreign))


def _drift(written: str | None, text: str | None) -> Drift | None:
    """Return how a text differs from what was written, `written` being its SHA-256."""
    if written is None:
        return None if text is None else Drift.UNRECORDED
    if text is None:
        return Drift.DELETED
    return None if digest(text) == written else Drift.EDITED
