"""Times, ages and columns as people read them."""

from datetime import timedelta

import pytest
from support.stories import HOME, at

from delcia.core.learned import Learned
from delcia.report.columns import aligned
from delcia.report.words import age, basis_words, clock, when

NOW = at("Mon 19:41")


@pytest.mark.parametrize(
    ("ahead", "words"),
    [
        (timedelta(0), "Mon 19:41"),
        (timedelta(hours=6), "Tue 01:41"),
        (timedelta(days=6), "Sun 19:41"),
        (timedelta(days=7), "Mon 2026-11-30 19:41"),
        (timedelta(days=-8), "Sun 2026-11-15 19:41"),
    ],
)
def test_a_weekday_is_enough_within_a_week(ahead: timedelta, words: str) -> None:
    assert when(NOW + ahead, NOW, HOME) == words


@pytest.mark.parametrize(
    ("ahead", "words"),
    [
        (timedelta(hours=4), "23:41"),
        (timedelta(hours=5), "Tue 00:41"),
        (timedelta(days=9), "Wed 2026-12-02 19:41"),
    ],
)
def test_beside_another_time_the_same_day_needs_no_name(ahead: timedelta, words: str) -> None:
    assert clock(NOW + ahead, NOW, HOME) == words


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=-5), "just now"),
        (timedelta(minutes=1), "1 min ago"),
        (timedelta(minutes=119), "119 min ago"),
        (timedelta(minutes=120), "2 h ago"),
        (timedelta(hours=47), "47 h ago"),
        (timedelta(hours=48), "2 days ago"),
    ],
)
def test_ages(ago: timedelta, words: str) -> None:
    assert age(NOW, NOW - ago) == words


@pytest.mark.parametrize(
    ("listed", "words"),
    [
        (0, "learned from 5 charges: 8 % longer"),
        (2, "learned from 5 charges, 2 of them known from the car's list alone, which names no place: 8 % longer"),
        (5, "learned from 5 charges, known from the car's list alone, which names no place: 8 % longer"),
    ],
)
def test_what_was_learned_says_how_much_of_it_the_cars_list_told(listed: int, words: str) -> None:
    learned = Learned("socket", factor=1.08, entries=5, listed=listed)
    assert basis_words(learned, own_numbers=False) == f"socket: {words} than by the model, give or take 10 %"


def test_columns_stand_three_blanks_apart_and_empty_ones_are_left_out() -> None:
    rows = [["a", "1.0 kWh", "", "end"], ["bb", "10.0 kWh", "", ""]]
    assert aligned(rows, "lrrl") == ["a     1.0 kWh   end", "bb   10.0 kWh"]
    assert aligned([], "lr") == []
    assert aligned([["", ""]], "lr") == [""]
