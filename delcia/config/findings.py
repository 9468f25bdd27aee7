"""Where problems are gathered while a plan directory is read, and how they quote what the user wrote."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from itertools import islice

from delcia.config.nodes import Node
from delcia.core.model import Place
from delcia.errors import Level, Problem

LONGEST_QUOTE = 60
LONGEST_LIST = 10
LONGEST_WORDS = 400
MOST_GUESSES = 100
MOST_NAMES = 1000
"""Problems, and names to choose from, beyond which a guess costs more than it helps."""
VIN = re.compile(r"(?<![A-Z0-9])[A-HJ-NPR-Z0-9]{12}[0-9]{5}(?![A-Z0-9])", re.IGNORECASE)
ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,20}://[^\s']*|[^\s@']{1,64}@[^\s@']{1,64}\.[A-Za-z]+")
_HIDDEN = "…"
_TOKEN = re.compile(r"(?=[^\s0-9]*[0-9])(?=[^\sA-Za-z]*[A-Za-z])[A-Za-z0-9+/_.=|-]{32,}")


@dataclass(frozen=True, slots=True)
class Findings:
    """The problems found so far, and the values that are wrong and must not be built upon."""

    problems: list[Problem] = field(default_factory=list)
    wrong: dict[int, Node] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)
    """Files that could not be read, in which any name that seems missing may stand."""

    def error(self, place: Place, slug: str, message: str, hint: str = "") -> None:
        """Record something that keeps the plans from being used."""
        self._add(place, "error", slug, message, hint)

    def warning(self, place: Place, slug: str, message: str, hint: str = "") -> None:
        """Record something that the owner should know."""
        self._add(place, "warning", slug, message, hint)

    def reject(self, node: Node) -> None:
        """Mark a value as wrong, already reported."""
        self.wrong[id(node)] = node

    def rejected(self, node: Node) -> bool:
        """Return whether a value was found wrong."""
        return id(node) in self.wrong

    def nearest(self, word: str, known: Collection[str], otherwise: str = "", cutoff: float = 0.6) -> str:
        """Return a hint at the nearest known word, or the other hint; guessing ends when there is too much of it."""
        if len(self.problems) > MOST_GUESSES or len(known) > MOST_NAMES:
            return otherwise
        names = [name for name in known if name != word]
        from difflib import get_close_matches

        close = get_close_matches(word[:LONGEST_QUOTE].lower(), names, n=1, cutoff=cutoff)
        return f"did you mean '{close[0]}'?" if close else otherwise

    @property
    def failed(self) -> bool:
        """Return whether there is an error among the problems."""
        return any(problem.level == "error" for problem in self.problems)

    def _add(self, place: Place, level: Level, slug: str, message: str, hint: str) -> None:
        words = (_presentable(message), _presentable(hint))
        self.problems.append(Problem(place.path, place.line, place.column, level, slug, *words))


def is_private(text: str) -> bool:
    """Return whether a text looks like a VIN, an address, or a token: it is then never shown."""
    start = text[:LONGEST_WORDS]
    return bool(VIN.search(start) or ADDRESS.search(start) or _TOKEN.search(start))


def quoted(text: str) -> str:
    """Return a text in single quotes, on one line, shortened; something private is not shown."""
    if is_private(text):
        return "'…' (not shown)"
    clean = _printable(text[: LONGEST_QUOTE + 1])
    return f"'{clean[:LONGEST_QUOTE]}…'" if len(clean) > LONGEST_QUOTE else f"'{clean}'"


def _presentable(words: str) -> str:
    """Return words for one line, whatever names the owner chose: nothing private, nothing endless."""
    known = ADDRESS.sub(_HIDDEN, VIN.sub(_HIDDEN, words[:LONGEST_WORDS]))
    return _printable(known) + ("…" if len(words) > LONGEST_WORDS else "")


def _printable(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def listed(names: Collection[str]) -> str:
    """Return names after one another, the first ten of many."""
    more = ", …" if len(names) > LONGEST_LIST else ""
    return ", ".join(islice(names, LONGEST_LIST)) + more
