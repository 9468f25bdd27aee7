"""What can go wrong, as values: exit statuses, problems in plans, and the one exception that delcia raises."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Literal

Level = Literal["error", "warning"]


class Exit(IntEnum):
    """Every exit status of the `delcia` command (sysexits.h where it has a word)."""

    OK = 0
    PROBLEMS = 1
    USAGE = 2
    UNAVAILABLE = 69
    BUG = 70
    OUTPUT = 74
    TRY_AGAIN = 75
    LOGIN = 77
    BROKEN = 78
    INTERRUPTED = 130


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One finding in a plan directory; line and column count from 1. Sorts by place."""

    path: str
    line: int
    column: int
    level: Level
    slug: str
    message: str
    hint: str = ""

    def text(self) -> str:
        """Return `path:line:col: level: message [slug]`, with the hint on a line of its own."""
        head = f"{self.path}:{self.line}:{self.column}: {self.level}: {self.message} [{self.slug}]"
        return f"{head}\n    hint: {self.hint}" if self.hint else head


class DelciaError(Exception):
    """A mishap with a cause and a way out, shown as `delcia: error: message [slug]`; never a bug."""

    def __init__(self, message: str, *, slug: str, hint: str = "", status: Exit = Exit.PROBLEMS) -> None:
        super().__init__(message)
        self.message = message
        self.slug = slug
        self.hint = hint
        self.status = status

    def text(self) -> str:
        """Return the words for stderr, with the hint on a line of its own."""
        head = f"delcia: error: {self.message} [{self.slug}]"
        return f"{head}\n    hint: {self.hint}" if self.hint else head
