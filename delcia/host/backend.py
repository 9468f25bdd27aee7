"""What is asked of a back end: where its artifacts stand on a host, and how they take effect there."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

Step = tuple[str, Callable[[], None]]
"""Something that a transaction does, and its name."""


@dataclass(frozen=True, slots=True, order=True)
class Choice:
    """What the owner of the host decided about an artifact by the host's own means: respected, and no drift.

    `rests`: it is to have no effect until the owner says so. Else it has another one than delcia's text says.
    """

    name: str
    how: str
    rests: bool

    @property
    def words(self) -> str:
        """It in words."""
        return f"{self.name} is {self.how}: the owner's choice"


class Backend(Protocol):
    """One way of running delcia at the right times. Every method may raise DelciaError with the other side's words."""

    def owns(self, name: str) -> bool:
        """Tell by its name whether an artifact is this back end's."""
        ...

    def read(self, name: str) -> str | None:
        """Return the text that is there of an artifact, None when there is none."""
        ...

    def write(self, name: str, text: str) -> None:
        """Put an artifact where it takes effect, all at once."""
        ...

    def remove(self, name: str) -> None:
        """Take an artifact away, if it is there."""
        ...

    def keep(self, name: str, copy: Path) -> None:
        """Copy what is there of an artifact."""
        ...

    def put_back(self, name: str, copy: Path) -> None:
        """Restore an artifact from its copy."""
        ...

    def verify(self, staged: Mapping[str, Path], fresh: Collection[str]) -> None:
        """Raise when these texts, by artifact, would not do; those that are not `fresh` are there already."""
        ...

    def started(self, names: Sequence[str]) -> tuple[str, ...]:
        """Return those of these artifacts that have taken effect beyond being there."""
        ...

    def stop(self, names: Sequence[str]) -> None:
        """Let artifacts have no effect any more; what they started goes on."""
        ...

    def activate(self, names: Sequence[str], *, changed: bool) -> Iterator[Step]:
        """Yield the steps after which artifacts have their effect; `changed` when any was written or removed."""
        ...

    def forget(self, names: Sequence[str]) -> None:
        """Leave no trace of artifacts that are no more."""
        ...

    def choices(self, names: Sequence[str]) -> tuple[Choice, ...]:
        """Return what the owner decided about these artifacts."""
        ...

    def faults(self, names: Sequence[str], fresh: Collection[str] = ()) -> tuple[str, ...]:
        """Return in words what keeps artifacts that are there from having their effect; `fresh` have all of it yet."""
        ...
