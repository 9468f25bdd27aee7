"""Rehearsal: whether a held car still hears a start is tried, before somebody counts on it.

A car that was stopped is started and stopped once more: at its first hold, after a login, after a start that nothing
came of, and every twelve hours of a longer hold. One that does not hear it is held no longer.
"""

from datetime import datetime, timedelta

from delcia.core.clock import zone
from delcia.core.hold import is_above, is_holding
from delcia.core.means import means_for
from delcia.core.model import Site, Vehicle
from delcia.core.plugging import is_stopped
from delcia.core.state import Charge, Memory, Plug
from delcia.core.wishes import Wish

EVERY = timedelta(hours=12)
BEFORE_A_START = timedelta(minutes=45)
"""So shortly before a plan starts the car, that start is rehearsal enough."""
DAYTIME = range(7, 22)
"""The hours in which a longer hold is rehearsed: whoever is told of trouble is awake."""
STOPS = frozenset(
    {"hold", "self-resume", "resumed", "target", "later", "window-end", "minimum-end", "skipped", "rehearsal-end"}
)
"""Reasons of a stop after which a car stands held."""


def is_rehearsal(memory: Memory) -> bool:
    """Return whether a start of a rehearsal is out, and nothing has come of it yet."""
    last = memory.command
    return last is not None and last.kind == "start" and last.reason == "rehearsal" and last.confirmed_at is None


def is_due(site: Site, vehicle: Vehicle, memory: Memory, wish: Wish, now: datetime) -> bool:
    """Return whether a car that stands stopped is to be started and stopped once more."""
    last, reading = memory.command, memory.reading
    if vehicle.driver == "simulated":
        return False  # it hears whatever it is asked
    if is_rehearsal(memory):
        return True
    if reading is not None and reading.charge is Charge.ENDED:
        return False  # a full car hears no start
    if last is None or last.reason not in STOPS or not is_stopped(memory):
        return False
    if memory.stop_confirmed_at is None or reading is None or reading.plug is not Plug.PLUGGED:
        return False
    found = means_for(site, vehicle)
    if not (found.start and found.stop) or not is_holding(site, vehicle, memory, now):
        return False
    if is_above(site, vehicle, memory, now):
        return False  # nobody waits for a start of it, and each one would bring it farther above
    if wish.next_start is not None and wish.next_start - now < BEFORE_A_START:
        return False
    if memory.start_heard_at is None:
        return last.reason == "hold"
    since = max(memory.stop_confirmed_at, memory.start_heard_at)
    return now - since >= EVERY and now.astimezone(zone(site.timezone)).hour in DAYTIME
