"""Windows kept clear of the times at which a meter whose clock drifts may still, or already, be in another band."""

from collections.abc import Sequence
from datetime import timedelta

from delcia.core.intervals import Interval, clip, union
from delcia.core.model import Guard


def guarded(windows: Sequence[Interval], guard: Guard) -> tuple[Interval, ...]:
    """Return sorted windows without the guard times; where one follows another without a gap, nothing is to guard."""
    if guard == Guard():
        return tuple(windows)
    start, end = timedelta(minutes=guard.start_min), timedelta(minutes=guard.end_min)
    whole = union(windows)
    safe = [Interval(item.start + start, item.end - end) for item in whole if item.start + start < item.end - end]
    found = []
    index = 0
    for window in windows:
        while index < len(safe) and safe[index].end <= window.start:
            index += 1
        part = clip(window, safe[index].start, safe[index].end) if index < len(safe) else None
        if part is not None:
            found.append(part)
    return tuple(found)
