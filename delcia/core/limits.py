"""Which SoC limit a car should keep for delcia: the way to end a charge of a car that cannot be told to stop."""

from collections.abc import Container
from datetime import datetime

from delcia.core.clock import DAY
from delcia.core.loans import is_away, loan_of
from delcia.core.means import LIMITS_PCT, Means
from delcia.core.model import Site, ToSoc, Vehicle
from delcia.core.state import Boost, Memory, Owner, Pause
from delcia.core.trips import is_by_time
from delcia.core.windows import windows_of
from delcia.core.wishes import Wish

OVER_PCT = 3
"""So far above its limit, a car that still charges does not keep it."""


def limit_words(lowest_pct: int, target_pct: int) -> str:
    """Return a car's SoC limits as a setting has them: what it keeps at least, and where it ends a charge."""
    return f"{lowest_pct}-{target_pct}"


def limits_in(words: str) -> tuple[int, int]:
    """Return the lowest SoC and the target of a setting, in percent. Raises ValueError for anything else."""
    lowest, target = (int(part) for part in words.split("-"))
    return lowest, target


def lent_limit(memory: Memory) -> int | None:
    """Return the SoC at which the car ends a charge for delcia, in percent; None when it was not asked to."""
    loan = loan_of(memory, "limit")
    return None if loan is None or loan.left else limits_in(loan.ours)[1]


def limit_wanted(site: Site, vehicle: Vehicle, found: Means, memory: Memory, wish: Wish, now: datetime) -> int | None:
    """Return the SoC limit that the car should have now, in percent; None to leave it as it is.

    Only while plugged in, and only for a charge that delcia may end: the person's own is not cut short.
    """
    if not found.limit or memory.plugged_since is None or is_away(memory):
        return None
    session, override = memory.session, memory.override
    if isinstance(override, Boost):
        return None if override.to_soc_pct is None else _step(override.to_soc_pct)
    persons = session is not None and session.owner is Owner.PERSON and session.reason != "trip"
    if isinstance(override, Pause) or persons or is_by_time(override, wish.plans):
        return None
    if wish.slug == "minimum" or (session is None and not wish.wanted):
        return None
    if not wish.wanted and not _is_known(site, memory):
        return None
    return limit_of(site, vehicle, wish.plans, now)


def limit_of(site: Site, vehicle: Vehicle, wanting: Container[str], now: datetime) -> int | None:
    """Return the limit with which the plans that want a vehicle, and those of the next day, reach their targets."""
    plans = site.plans_of(vehicle.name)
    near = [plan for plan in plans if plan.name in wanting or windows_of(site, plan, now, now + DAY)]
    targets = [plan.target.soc_pct for plan in near if isinstance(plan.target, ToSoc)]
    return _step(max(targets)) if targets else None


def _is_known(site: Site, memory: Memory) -> bool:
    """Return whether a charge that the car began by itself is known to be one at home, or can be."""
    if site.home is not None:
        return memory.whereabouts is None or bool(memory.whereabouts.at_home)
    seen, session = memory.reading, memory.session
    # Without a home only its slowness tells a home charge from a motorway's: that takes a second look.
    return seen is not None and session is not None and seen.reported_at != session.reported_at


def _step(soc_pct: int) -> int:
    """Return the lowest limit that a car has, at or above a SoC."""
    return next((limit for limit in LIMITS_PCT if limit >= soc_pct), LIMITS_PCT[-1])
