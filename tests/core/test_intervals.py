"""Laws of intervals, against sets of minutes."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from delcia.core.intervals import Interval, clip, subtract, union

ORIGIN = datetime(2026, 10, 24, 22, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def at(minute: int) -> datetime:
    return ORIGIN + minute * MINUTE


def minutes_of(*items: Interval) -> set[int]:
    return {m for item in items for m in range((item.start - ORIGIN) // MINUTE, (item.end - ORIGIN) // MINUTE)}


INTERVALS = st.builds(
    lambda start, length: Interval(at(start), at(start + length)), st.integers(0, 120), st.integers(1, 40)
)
MANY = st.lists(INTERVALS, max_size=8)


@given(MANY)
def test_a_union_has_the_same_minutes_and_neither_overlaps_nor_touches(items: list[Interval]) -> None:
    merged = union(items)
    assert minutes_of(*merged) == minutes_of(*items)
    assert all(one.end < other.start for one, other in pairwise(merged))


@given(INTERVALS, MANY)
def test_subtraction_is_that_of_the_sets_of_minutes(item: Interval, cuts: list[Interval]) -> None:
    left = subtract(item, union(cuts))
    assert minutes_of(*left) == minutes_of(item) - minutes_of(*cuts)
    assert all(one.end < other.start for one, other in pairwise(left))


@given(INTERVALS, st.integers(0, 160), st.integers(0, 160))
def test_a_clip_keeps_the_minutes_between_two_instants(item: Interval, start: int, end: int) -> None:
    part = clip(item, at(start), at(end))
    assert minutes_of(*([part] if part else [])) == minutes_of(item) & set(range(start, end))


@given(INTERVALS, st.integers(-5, 170))
def test_an_interval_contains_its_start_and_not_its_end(item: Interval, minute: int) -> None:
    assert item.contains(at(minute)) is (minute in minutes_of(item))
    assert item.minutes == len(minutes_of(item))


def test_an_interval_is_never_empty() -> None:
    with pytest.raises(ValueError, match="empty interval"):
        Interval(ORIGIN, ORIGIN)
