"""A memory made while the clock was ahead: boards without a clock of their own wake in the wrong hour.

What is said to have happened later than now is taken to have happened just now, so that nothing waits for it.
"""

from dataclasses import is_dataclass
from datetime import datetime
from functools import cache
from typing import Any, get_args, get_type_hints

from delcia.core.replacing import replace
from delcia.core.state import Memory

AHEAD = frozenset({"until", "window_end", "latched", "missed", "started_windows", "ready_by", "by", "starts_at"})
"""Fields that speak of the future by right."""
CARS = frozenset({"reported_at", "known", "last_away_at", "plugged_reported_at", "passed_over"})
"""Fields of the car's own clock, which may be ahead of the host's."""
OTHERS = AHEAD | CARS


def not_ahead(memory: Memory, now: datetime) -> Memory:
    """Return the memory with no past in the future; the same object when there is none."""
    found = _bounded(memory, now)
    return found if isinstance(found, Memory) else memory


def _bounded(value: Any, now: datetime) -> Any:  # noqa: ANN401 - any field of a memory
    if isinstance(value, datetime):
        return min(value, now)
    if isinstance(value, tuple):
        items = tuple(_bounded(item, now) for item in value)
        return value if all(new is old for new, old in zip(items, value, strict=True)) else items
    changed = {}
    for name in _past(value.__class__):
        old = getattr(value, name)
        if not old or (isinstance(old, datetime) and old <= now):
            continue
        if (new := _bounded(old, now)) is not old:
            changed[name] = new
    return replace(value, **changed) if changed else value


@cache
def _past(kind: type) -> tuple[str, ...]:
    """Return the fields of a class in which instants of the past may be."""
    if not is_dataclass(kind):
        return ()
    return tuple(name for name, hint in get_type_hints(kind).items() if name not in OTHERS and _has_instants(hint))


def _has_instants(hint: Any) -> bool:  # noqa: ANN401 - any annotation
    if hint is datetime or (isinstance(hint, type) and _past(hint)):
        return True
    return any(_has_instants(part) for part in get_args(hint))
