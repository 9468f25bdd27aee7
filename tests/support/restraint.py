"""How often Renault may be asked (DESIGN.md §4), judged from outside: the stand-in's calls and its car's true life."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from support.home import PARIS, Home

TICK = timedelta(minutes=5)
POLL = timedelta(minutes=9, seconds=30)
HOUR = timedelta(hours=1)
JWT_LIFE = timedelta(minutes=15)
WATCHED = timedelta(minutes=25)
"""After a command: until it is confirmed, and a quarter of an hour in which a car may take up its charge again."""
AWAITED = timedelta(minutes=30)
"""After a command that no reading confirms: until it would be sent again, and judged once more."""
LAST_MINUTES = timedelta(minutes=20)
"""Before a charge is ended: the last ten minutes before its expected end, which moves by as much."""
SECOND_LOOK = timedelta(minutes=20)
"""After the car was plugged in: a charge that begins by itself is looked at twice before it is held."""


def within(instant: datetime, others: Sequence[datetime], *, before: timedelta, after: timedelta) -> bool:
    """Return whether an instant lies close to one of others: at most `before` earlier, or `after` later, than it."""
    return any(other - before <= instant <= other + after for other in others)


def readings_too_often(house: Home, plugged_in: Sequence[datetime]) -> list[str]:
    """Return the readings made sooner than ten minutes after the one before, without one of the reasons for that.

    Tries of one run are one reading; a run after one that failed may be sooner, so this is for readings that succeed.
    """
    reads = sorted({call.at for call in house.calls("battery-status")})
    orders = [call.at for call in house.calls("pause-resume")]
    return [
        f"{this.astimezone(PARIS):%a %H:%M}"
        for last, this in pairwise(reads)
        if this - last < POLL
        and not within(this, orders, before=timedelta(0), after=max(WATCHED, AWAITED))
        and not within(this, orders, before=LAST_MINUTES, after=timedelta(0))
        and not within(this, plugged_in, before=timedelta(0), after=SECOND_LOOK)
    ]


def busiest_hour(house: Home) -> int:
    """Return the most calls that any hour had, to the login service and the car API together."""
    calls = [call.at for call in house.world.calls]
    return max(sum(first <= later < first + HOUR for later in calls[at : at + 200]) for at, first in enumerate(calls))


def shortest_gap(house: Home, endpoint: str) -> timedelta:
    """Return the shortest time between two calls of an endpoint; tries of one run are one call."""
    calls = sorted({call.at for call in house.calls(endpoint)})
    return min(later - earlier for earlier, later in pairwise(calls))
