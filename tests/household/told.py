"""What the owner hears, and the story of a life in lines that a person can read."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from household.bill import shown


@dataclass(frozen=True, slots=True)
class Notice:
    """One message, as it reached the owner."""

    at: datetime
    cause: str
    text: str


@dataclass(slots=True)
class Timeline:
    """Everything that happened, in order."""

    lines: list[tuple[datetime, str]] = field(default_factory=list)

    def add(self, instant: datetime, words: str) -> None:
        """Note what happened."""
        self.lines.append((instant, words))

    def around(self, instant: datetime, before: timedelta, after: timedelta) -> str:
        """Return the lines near an instant."""
        near = [(at, words) for at, words in self.lines if instant - before <= at <= instant + after]
        return "\n".join(f"  {shown(at)}  {words}" for at, words in sorted(near, key=lambda line: line[0]))
