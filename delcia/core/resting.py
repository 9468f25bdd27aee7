"""When a person lets a charge, or the plans, rest: when the next charge begins, and when the one to come is over."""

from datetime import datetime, timedelta

from delcia.core.clock import DAY, begin_instant, local_date, zone
from delcia.core.model import NOON_MIN, Site, Vehicle
from delcia.core.replacing import replace
from delcia.core.slots import HORIZON
from delcia.core.state import Memory
from delcia.core.windows import Window, windows_of
from delcia.core.wishes import Wish, wish_of

LONGEST_SKIP = 2 * DAY
"""A window that is always open has no end to wait for."""
MORNING_MIN = 7 * 60
"""The usual morning of plans that name none."""
SOONEST = timedelta(hours=1)
"""A morning that is nearer than this is not the one that somebody speaks of."""


def next_window(site: Site, vehicle: Vehicle, memory: Memory, now: datetime) -> datetime | None:
    """Return when the plans want the car after the charge that is theirs now, whatever a person has said; or None."""
    wish = _unasked(site, vehicle, memory, now)
    starts = [window.start for window in _windows(site, vehicle, now, now + HORIZON) if window.start > now]
    if not wish.wanted and wish.next_start is not None:
        starts.append(wish.next_start)
    return min(starts, default=None)


def next_charge(site: Site, vehicle: Vehicle, memory: Memory, since: datetime) -> datetime | None:
    """Return when a charge begins if the plans count from an instant on, with the level that the car has now."""
    wish = _unasked(site, vehicle, memory, since)
    return since if wish.wanted else wish.next_start


def end_of_next(site: Site, vehicle: Vehicle, memory: Memory, now: datetime) -> datetime | None:
    """Return when the charge that runs, or the next one, is over at the latest: the end of its window. Or None."""
    begins = next_charge(site, vehicle, memory, now)
    if begins is None:
        return None
    ends = begins
    windows = _windows(site, vehicle, begins, begins + LONGEST_SKIP)
    for window in windows:
        if window.start <= ends < _end(window):  # of windows that overlap, the last one's
            ends = _end(window)
    if ends == begins:
        # It lies outside of the windows, for a guarantee: their `ready_by` is what it is for.
        ends = min((window.deadline for window in windows if window.deadline), default=begins + DAY)
    return min(ends, begins + LONGEST_SKIP)


def tomorrow_noon(site: Site, now: datetime) -> datetime:
    """Return the noon of tomorrow: what would have the car ready tomorrow has passed by then."""
    tz = zone(site.timezone)
    return begin_instant(local_date(now, tz) + DAY, NOON_MIN, tz)


def next_morning(site: Site, vehicle: Vehicle, now: datetime) -> datetime:
    """Return the next time by which the plans have the car ready; without one, seven o'clock."""
    soonest = now + SOONEST
    found = [window.deadline for window in _windows(site, vehicle, now, now + HORIZON) if window.deadline]
    tz = zone(site.timezone)
    usual = (begin_instant(local_date(now, tz) + days * DAY, MORNING_MIN, tz) for days in range(3))
    return min([moment for moment in found if moment >= soonest] or [day for day in usual if day >= soonest])


def _unasked(site: Site, vehicle: Vehicle, memory: Memory, now: datetime) -> Wish:
    """Return what the plans want of the car at an instant if nobody has said anything."""
    return wish_of(site, vehicle, replace(memory, override=None, session=None), now)


def _windows(site: Site, vehicle: Vehicle, start: datetime, end: datetime) -> list[Window]:
    found = [window for plan in site.plans_of(vehicle.name) for window in windows_of(site, plan, start, end)]
    return sorted(found, key=lambda window: window.start)


def _end(window: Window) -> datetime:
    return min(window.end, window.deadline or window.end)
