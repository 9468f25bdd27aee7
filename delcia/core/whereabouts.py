"""Where the car is: what a fix says of being at home, and what that changes in whose charge it is."""

from datetime import datetime, timedelta
from math import asin, cos, radians, sin, sqrt

from delcia.core.model import Vehicle
from delcia.core.state import Fix, Memory, Whereabouts

ARRIVAL = timedelta(minutes=20)
"""A fix elsewhere that is older than this at plugging in may be of the way home."""
EARTH_M = 6_371_000


def place(home: tuple[float, float], radius_m: int, fix: Fix | None, memory: Memory, now: datetime) -> Whereabouts:
    """Return what a fix says of being home; one from before the last drive says nothing."""
    if fix is None or (memory.last_away_at is not None and fix.reported_at <= memory.last_away_at):
        return Whereabouts(now)
    at_home = distance_m(home, (fix.latitude, fix.longitude)) <= radius_m
    plugged = memory.plugged_reported_at
    if not at_home and plugged is not None and plugged - fix.reported_at > ARRIVAL:
        return Whereabouts(now)  # from the way: at home in a garage without sky the car would say the same
    return Whereabouts(now, fix.reported_at, at_home)


def distance_m(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return the great-circle distance of two (latitude, longitude) in degrees, in metres."""
    lat1, lon1, lat2, lon2 = map(radians, (*one, *other))
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_M * asin(sqrt(half))


def at_home(vehicle: Vehicle, memory: Memory) -> bool | None:
    """Return whether the car is at home; None when that is not known. A simulated car is, unless it says otherwise."""
    found = memory.whereabouts.at_home if memory.whereabouts is not None else None
    return True if found is None and vehicle.driver == "simulated" else found


def is_moved(known: Whereabouts | None, found: Whereabouts) -> bool:
    """Return whether a fix is newer than the one known: the car has been driven since."""
    if known is None or known.reported_at is None or found.reported_at is None:
        return False
    return found.reported_at > known.reported_at
