"""How far apart the readings of an unplugged car are: calls are counted, and every other one needs a new token.

A JWT lasts for fourteen minutes, so two readings ten minutes apart share one, and a third would need the next. Taken in
pairs, with fifteen minutes from pair to pair, a day has 116 readings and 58 tokens instead of 144 and 72:

    minute  0   10        25   35        50   60 …
    token   a    a         b    b         c    c
"""

from datetime import UTC, datetime, timedelta

from delcia.core.state import Memory, Plug

PAIR = timedelta(minutes=25)
WITHIN = timedelta(minutes=9, seconds=30)
BETWEEN = timedelta(minutes=14, seconds=30)
"""Half a minute less than ten and fifteen: the timers' accuracy."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def is_spaced(memory: Memory) -> bool:
    """Return whether the car stands unplugged, as far as it says, and nothing is awaited of it."""
    last = memory.reading
    return last is not None and last.plug is Plug.UNPLUGGED and memory.plugged_since is None and memory.session is None


def after_unplugged(read_at: datetime) -> timedelta:
    """Return how long after a reading of an unplugged car the next one is due."""
    return WITHIN if (read_at - EPOCH) % PAIR < WITHIN else BETWEEN
