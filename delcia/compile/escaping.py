"""Values on their way into a unit file: each passes a filter for its place, or is refused."""

import re
from unicodedata import category

from delcia.errors import DelciaError

ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,40}")
PATH = re.compile(r"/[A-Za-z0-9._+@/-]+")
REFUSED = {"Cc", "Cs", "Zl", "Zp"}
"""Unicode's controls, halves of pairs and separators of lines: where a reader may see a new line."""
BIDI = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""What makes text look other than it is."""


class Filtered(str):
    """Text that a filter has let through; templates put nothing else into a unit."""

    __slots__ = ()


def unit_text(value: object) -> Filtered:
    """Return text for a comment or a setting, `%` doubled. Raises `unsafe-text` for what could begin another line."""
    text = str(value)
    if text.endswith("\\") or any(category(char) in REFUSED or char in BIDI for char in text):
        message = f"{text!a} has a character that no unit file may hold"
        raise DelciaError(message, slug="unsafe-text", hint="take control characters and a last '\\' out of it")
    return Filtered(text.replace("%", "%%"))


def exec_argument(value: object) -> Filtered:
    """Return one word of a command line or a user's name. Raises `unsafe-argument` for all but ids and plain paths."""
    text = str(value)
    if not (ID.fullmatch(text) or PATH.fullmatch(text)):
        message = f"{text!a} cannot stand in a command line of systemd"
        hint = "install delcia in a folder named with letters, digits and any of . _ + @ - only"
        raise DelciaError(message, slug="unsafe-argument", hint=hint)
    return Filtered(text)


def only_filtered(value: object) -> object:
    """Return a value that a filter has let through. Raises ValueError for any other: a template forgot the filter."""
    if not isinstance(value, Filtered):
        msg = f"not filtered for a unit: {value!r}"
        raise ValueError(msg)  # noqa: TRY004 - the type is how it is known, the missing filter is the fault
    return value
