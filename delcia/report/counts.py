"""How many there are, in words: problems of a plan directory, files, cars."""

from collections.abc import Sequence

from delcia.errors import Problem


def count(problems: Sequence[Problem], files: int) -> str:
    """Return how many problems there are: `2 errors, 1 warning in 3 files`, `no problems in 1 file`."""
    errors = sum(problem.level == "error" for problem in problems)
    return f"{levels(errors, len(problems) - errors)} in {number(files, 'file')}"


def levels(errors: int, warnings: int) -> str:
    """Return `2 errors, 1 warning`, without what there is none of."""
    said = [number(found, word) for found, word in ((errors, "error"), (warnings, "warning")) if found]
    return ", ".join(said) or "no problems"


def number(found: int, word: str) -> str:
    """Return `1 file`, `2 files`."""
    return f"{found} {word}" if found == 1 else f"{found} {word}s"
