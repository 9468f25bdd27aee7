"""A memory made while the clock was ahead: boards without a clock of their own wake in the wrong hour.

What is said to have happened later than now is taken to have happened just now, so that nothing waits for it.
"""

from dataclasses import fields, is_dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

from delcia.core.state import Memory

AHEAD = frozenset({"until", "window_end", "latched", "shortfalls", "started_windows", "ready_by", "by", "starts_at"})
"""Fields that speak of the future by right."""


def not_ahead(memory: Memory, now: datetime) -> Memory:
    """Return the memory with no past in the future; the same object when there is none."""
    found = _bounded(memory, now)
    return found if isinstance(found, Memory) else memory


@cache
def _names(kind: type) -> tuple[str, ...]:
    """Return the fields of a class that speak of the past."""
    return tuple(field.name for field in fields(kind) if field.name not in AHEAD)


def _bounded(value: Any, now: datetime) -> Any:  # noqa: ANN401 - any field of a memory
    if value is None or isinstance(value, str | bool | float):
        return value
    if isinstance(value, datetime):
        return min(value, now)
    if isinstance(value, tuple):
        items = tuple(_bounded(item, now) for item in value)
        return value if all(new is old for new, old in zip(items, value, strict=True)) else items
    if not is_dataclass(value) or isinstance(value, type):
        return value
    changed = {
        name: new for name in _names(type(value)) if (new := _bounded(old := getattr(value, name), now)) is not old
    }
    return replace(value, **changed) if changed else value
