"""What is asked of a back end: where its artifacts stand on a host, and how they take effect there."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

Step = tuple[str, Callable[[], None]]
"""Something that a transaction does, and its name."""


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

    def verify(self, staged: Mapping[str, Path]) -> None:
        """Raise when these texts, by artifact, would not do."""
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

    def faults(self, names: Sequence[str]) -> tuple[str, ...]:
        """Return in words what keeps artifacts that are there from having their effect."""
        ...
