"""How far apart the readings of an unplugged car are: calls are counted, and every other one needs a new token.

A JWT lasts for fourteen minutes, so two readings ten minutes apart share one, and a third would need the next. Taken in
pairs, with fifteen minutes from pair to pair, an hour has 4.8 readings and 2.4 tokens instead of 6 and 3:

    minute  0   10        25   35        50   60 …
    token   a    a         b    b         c    c

In the hours in which most people come home, and plug in at the peak price, it is read every ten minutes all the same.
"""

from datetime import UTC, datetime, timedelta

from delcia.core.clock import zone
from delcia.core.model import Site
from delcia.core.state import Memory, Plug

COMING_HOME = range(16, 20)
"""Hours of the home's clock."""

PAIR = timedelta(minutes=25)
WITHIN = timedelta(minutes=9, seconds=30)
BETWEEN = timedelta(minutes=14, seconds=30)
"""Half a minute less than ten and fifteen: the timers' accuracy."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def is_spaced(memory: Memory) -> bool:
    """Return whether the car stands unplugged, as far as it says, and nothing is awaited of it."""
    last = memory.reading
    return last is not None and last.plug is Plug.UNPLUGGED and memory.plugged_since is None and memory.session is None


def after_unplugged(site: Site, read_at: datetime) -> timedelta:
    """Return how long after a reading of an unplugged car the next one is due."""
    next_at = (read_at + BETWEEN).astimezone(zone(site.timezone))
    return WITHIN if next_at.hour in COMING_HOME or (read_at - EPOCH) % PAIR < WITHIN else BETWEEN
