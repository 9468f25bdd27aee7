"""What is chosen is the cheapest there is: against every other choice on small cases, and by hand."""

from decimal import Decimal
from itertools import combinations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from delcia.core.choosing import SHORTEST_MIN, Offer, Run, choose, joined, rank_sum

CELL = 15.0
"""On a grid of quarter hours no run is too short, so the cheapest cells are the cheapest runs."""
FINE = 5.0


def offers(*pieces: tuple[float, float, str]) -> list[Offer]:
    return [Offer(start, end, (0, Decimal(price))) for start, end, price in pieces]


def cells(prices: list[int | None], width: float) -> list[Offer]:
    """Return the offers of a row of prices, None being a time that is not on offer."""
    return [
        Offer(index * width, (index + 1) * width, (0, Decimal(price)))
        for index, price in enumerate(prices)
        if price is not None
    ]


def every_choice(given_offers: list[Offer], count: int) -> list[list[Run]]:
    """Return all ways to take so many whole cells."""
    return [joined((offer.start, offer.end) for offer in some) for some in combinations(given_offers, count)]


ROWS = st.lists(st.one_of(st.none(), st.integers(1, 3)), min_size=4, max_size=10)


@settings(max_examples=300)
@given(prices=ROWS, count=st.integers(1, 6), active=st.booleans())
def test_no_choice_of_quarter_hours_is_cheaper_or_begins_later_in_fewer_runs(
    prices: list[int | None], count: int, *, active: bool
) -> None:
    found = cells(prices, CELL)
    runs = choose(found, count * CELL, since=0.0 if active else None)
    wanted = min(count, len(found))
    assert sum(end - start for start, end in runs) == pytest.approx(wanted * CELL)
    least = min((rank_sum(found, other) for other in every_choice(found, wanted)), default=rank_sum(found, []))
    assert rank_sum(found, runs) == least
    if not active and wanted:
        equals = [other for other in every_choice(found, wanted) if rank_sum(found, other) == least]
        latest = max(other[0][0] for other in equals)
        assert runs[0][0] == latest
        assert len(runs) == min(len(other) for other in equals if other[0][0] == latest)


PIECES = st.lists(st.tuples(st.one_of(st.none(), st.integers(1, 3)), st.integers(4, 9)), min_size=2, max_size=5)
"""Prices and how many cells they last: no band is shorter than twenty minutes."""


@settings(max_examples=300)
@given(PIECES, st.integers(3, 15))
def test_no_run_is_shorter_than_a_quarter_of_an_hour_and_no_other_such_choice_is_cheaper(
    pieces: list[tuple[int | None, int]], count: int
) -> None:
    prices = [price for price, length in pieces for _ in range(length)]
    found = cells(prices, FINE)
    least = cheapest_of_long_runs(prices, count)
    if len(found) <= count or least is None:
        return
    runs = choose(found, count * FINE)
    assert all(end - start >= SHORTEST_MIN - 1e-6 for start, end in runs)
    assert sum(end - start for start, end in runs) == pytest.approx(count * FINE)
    assert rank_sum(found, runs)[1] == least * Decimal(FINE)


def cheapest_of_long_runs(prices: list[int | None], count: int) -> int | None:
    """Return the least sum of prices of so many cells in runs of three or more; None where there is no such choice."""
    best: dict[tuple[int, int], int] = {(0, 0): 0}  # (cells taken, length of the run that stands, at most three)
    for price in [*prices, None]:
        after: dict[tuple[int, int], int] = {}
        for (taken, length), cost in best.items():
            if length in {0, 3}:
                after[taken, 0] = min(cost, after.get((taken, 0), cost))
            if price is not None and taken < count:
                key = (taken + 1, min(3, length + 1))
                after[key] = min(cost + price, after.get(key, cost + price))
        best = after
    return best.get((count, 0))


@settings(max_examples=300)
@example(prices=[3, None, 1, 3], count=3, share=0.0, reserve=True)
@example(prices=[2, None, 1, 1, 2, 1], count=5, share=0.0, reserve=True)
@given(prices=ROWS, count=st.integers(1, 6), share=st.floats(0.0, 1.0), reserve=st.booleans())
def test_a_choice_stays_as_it_is_while_time_passes(
    prices: list[int | None], count: int, share: float, *, reserve: bool
) -> None:
    """Before its first run it is chosen again; within that run, with what is left to charge, it goes on."""
    found = cells(prices, 2 * CELL)
    need = count * 2 * CELL * 0.93
    if sum(offer.minutes for offer in found) <= need:
        return
    first = choose(found, need, reserve=0.1 * need if reserve else 0.0)[0]
    before = first[0] * share
    again = choose(_from(found, before), need, reserve=0.1 * need if reserve else 0.0)
    assert again[0] == pytest.approx((first[0] - before, first[1] - before))
    within = first[0] + (first[1] - first[0]) * share * 0.99
    left = need - (within - first[0])
    rest = choose(_from(found, within), left, reserve=0.1 * left if reserve else 0.0, since=first[0] - within)
    assert rest[0] == pytest.approx((0.0, first[1] - within), abs=1e-5)


def _from(found: list[Offer], minute: float) -> list[Offer]:
    return [Offer(max(o.start, minute) - minute, o.end - minute, o.rank) for o in found if o.end > minute]


@pytest.mark.parametrize(
    ("pieces", "need", "expected"),
    [
        # A night with one price: the end of it.
        ([(0, 300, "0.16")], 120, [(180, 300)]),
        # The cheap hour, and what touches it rather than what is later.
        ([(0, 60, "0.20"), (60, 120, "0.10"), (120, 300, "0.20")], 90, [(60, 150)]),
        # Too little of the cheap hour is left after its start: begin before it, at its edge.
        ([(0, 60, "0.20"), (60, 120, "0.10")], 90, [(30, 120)]),
        # A gap is bridged rather than a third run begun.
        ([(0, 30, "0.10"), (30, 60, "0.20"), (60, 90, "0.10"), (120, 180, "0.20")], 90, [(0, 90)]),
        # Seven minutes alone in an hour of their own are none: they stand beside the others at a dearer price.
        ([(0, 60, "0.20"), (100, 160, "0.10"), (160, 300, "0.21")], 67, [(100, 167)]),
        # Where nothing stands beside, a quarter of an hour is taken and the cheapest hour is not used up.
        ([(0, 60, "0.20"), (100, 160, "0.10")], 67, [(45, 60), (108, 160)]),
    ],
)
def test_hand_made_choices(pieces: list[tuple[float, float, str]], need: float, expected: list[Run]) -> None:
    assert choose(offers(*pieces), need) == expected


def test_room_is_left_for_a_car_that_takes_longer_where_that_costs_nothing() -> None:
    assert choose(offers((0, 300, "0.16")), 120, reserve=12) == [(168, 288)]


def test_what_is_outside_of_the_windows_is_used_last_whatever_its_price() -> None:
    inside, outside = Offer(60, 120, (0, Decimal("0.30"))), Offer(120, 300, (1, Decimal("0.10")))
    assert choose([inside, outside], 90) == [(60, 150)]


EVCC_CASES = [
    # Hours and their prices, minutes needed, and what evcc's planner makes of it by its rules: the slots sorted by
    # price, later ones first among equals, the last of them used in part; computed by hand.
    ([0.30, 0.20, 0.10, 0.20, 0.30], 90, Decimal("0.20")),
    ([0.30, 0.20, 0.10, 0.20, 0.30], 60, Decimal("0.10")),
    ([0.15, 0.15, 0.15, 0.15], 150, Decimal("0.375")),
    ([0.25, 0.12, 0.25, 0.12, 0.25], 135, Decimal("0.3025")),
    ([0.40, 0.10, 0.40, 0.10, 0.40, 0.10], 200, Decimal("0.433333333")),
]


@pytest.mark.parametrize(("prices", "need", "evcc"), EVCC_CASES)
def test_it_is_never_dearer_than_by_the_rules_of_evcc(prices: list[float], need: float, evcc: Decimal) -> None:
    hours = [Offer(60.0 * i, 60.0 * (i + 1), (0, Decimal(str(price)))) for i, price in enumerate(prices)]
    _, cost = rank_sum(hours, choose(hours, need))
    assert cost / 60 <= evcc + Decimal("1e-8")
