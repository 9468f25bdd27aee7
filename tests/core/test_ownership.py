"""Whose charge is it: the table, held to its commands and to a text that the owner can read."""

from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest
from conftest import Golden
from support.ownership import TABLE
from support.sequences import Sequence, Told, at, play

GOLDEN = Path(__file__).parent / "ownership.txt"
HEAD = """\
Whose charge is it? What happens to a car, and (after >) what delcia does and says about it; (!) is sent as a notice.
Unless said otherwise: a Spring at home on a socket (7.5 points an hour), 80 % by 07:00 from 01:38-06:38 and
12:38-14:38, hold, a minimum of 20 %, home set. delcia looks every 5 minutes and when a window begins or ends.
"""


@cache
def told_of(number: int) -> Told:
    """Return what comes of a row; a night is some seconds of computing for all of them, so each is lived once."""
    return play(TABLE[number])


@pytest.mark.parametrize("row", TABLE, ids=[row.name for row in TABLE])
def test_delcia_gives_these_commands_and_no_other(row: Sequence) -> None:
    assert told_of(TABLE.index(row)).commands == list(row.commands)


SKEWS = [timedelta(seconds=-30), timedelta(minutes=5), timedelta(hours=-3), timedelta(hours=3), timedelta(days=1)]


@pytest.mark.parametrize("skew", SKEWS, ids=str)
@pytest.mark.parametrize("row", TABLE[::2], ids=[row.name for row in TABLE[::2]])
def test_the_cars_clock_decides_nothing(row: Sequence, skew: timedelta) -> None:
    """A charge ends some minutes sooner or later, as nobody knows how old a level is: the orders are the same."""
    plain, told = told_of(TABLE.index(row)).commands, play(row, skew).commands
    assert [command[10:] for command in told] == [command[10:] for command in plain]
    for one, other in zip(plain, told, strict=True):
        assert abs(at(one[:9]) - at(other[:9])) <= timedelta(minutes=15), (one, other)


def test_the_table_reads_as_it_did(golden: Golden) -> None:
    assert len({row.name for row in TABLE}) == len(TABLE) >= 25
    golden(GOLDEN, "\n".join([HEAD, *(read(number, row) for number, row in enumerate(TABLE, 1))]))


def read(number: int, row: Sequence) -> str:
    told = told_of(number - 1)
    calls = f"{len(told.readings)} readings, {len(told.commands)} commands, {told.locations} locations"
    return "\n".join([f"{number}. {row.name}: {row.why}", *told.lines, f"    ({calls})", ""])
