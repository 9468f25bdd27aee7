"""Half-open intervals of UTC instants and their arithmetic."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """From `start` up to, not including, `end`; never empty."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        """Refuse an empty or backward interval."""
        if self.start >= self.end:
            msg = f"empty interval: {self.start} to {self.end}"
            raise ValueError(msg)

    def contains(self, instant: datetime) -> bool:
        """Return whether an instant lies inside."""
        return self.start <= instant < self.end

    @property
    def minutes(self) -> float:
        """Return the real length in minutes."""
        return (self.end - self.start) / timedelta(minutes=1)


def union(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """Return the same instants as sorted intervals that neither overlap nor touch."""
    merged: list[Interval] = []
    for item in sorted(intervals):
        if merged and item.start <= merged[-1].end:
            if item.end > merged[-1].end:
                merged[-1] = Interval(merged[-1].start, item.end)
        else:
            merged.append(item)
    return tuple(merged)


def subtract(item: Interval, cuts: Iterable[Interval]) -> tuple[Interval, ...]:
    """Return what is left of an interval without the cuts, which are sorted and do not overlap."""
    left: list[Interval] = []
    start = item.start
    for cut in cuts:
        if cut.end <= start:
            continue
        if cut.start >= item.end:
            break
        if cut.start > start:
            left.append(Interval(start, cut.start))
        start = max(start, cut.end)
    if start < item.end:
        left.append(Interval(start, item.end))
    return tuple(left)


def clip(item: Interval, start: datetime, end: datetime) -> Interval | None:
    """Return the part of an interval between two instants, or None."""
    low, high = max(item.start, start), min(item.end, end)
    return Interval(low, high) if low < high else None
