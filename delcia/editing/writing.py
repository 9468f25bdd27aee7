"""Plain data as a plan's YAML: text that a reader of any version of YAML takes for a number or a truth is quoted."""

import json
import re

from delcia.config.nodes import Value

_WORD = re.compile(r"[a-z][a-z0-9_-]*|[0-9]{1,2}h[0-9]{2}")
_TAKEN = frozenset(["null", "true", "false", "yes", "no", "on", "off", "y", "n"])
"""Words that say something else than themselves, to some reader."""


def written(value: object, quote: str = "") -> str:
    """Return a value on one line, a text in the quotes that it is to have."""
    match value:
        case dict():
            return "{" + ", ".join(f"{written(key)}: {written(item)}" for key, item in value.items()) + "}"
        case list():
            return "[" + ", ".join(written(item) for item in value) + "]"
        case str() if quote == "'":
            return "'" + value.replace("'", "''") + "'"
        case str() if quote or not _WORD.fullmatch(value) or value in _TAKEN:
            return json.dumps(value, ensure_ascii=False)
        case str():
            return value
        case _:
            return json.dumps(value)


def line(key: str | None, value: object, *, strict: bool = False) -> str:
    """Return a key with its value on one line, or the item of a list; `strict` is for files that are JSON."""
    words = [written(part) if not strict else json.dumps(part, ensure_ascii=False) for part in (key, value)]
    return words[1] if key is None else ": ".join(words)


def same(one: Value | object, other: Value | object) -> bool:
    """Return whether two values say the same; true is not 1."""
    match one, other:
        case dict(), dict():
            return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
        case list(), list():
            return len(one) == len(other) and all(map(same, one, other))
        case _:
            return isinstance(one, bool) == isinstance(other, bool) and one == other
