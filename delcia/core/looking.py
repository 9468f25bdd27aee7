"""Until when nothing can change for a vehicle, so that the runs before need not even look."""

from datetime import datetime, timedelta

from delcia.core.clock import DAY
from delcia.core.deciding import restart_after
from delcia.core.model import Site, Vehicle
from delcia.core.state import Memory
from delcia.core.watching import NEAR, POLL, is_open, is_watched, needs_reading, poll_of
from delcia.core.windows import windows_of
from delcia.core.wishes import wish_of

LONGEST = timedelta(minutes=29)
"""However sure, delcia looks at everything at least this often."""


def quiet_until(site: Site, vehicle: Vehicle, memory: Memory, now: datetime) -> datetime:
    """Return the instant before which a run would change nothing and make no call; `now` when the next one might.

    The memory is that after a run at `now`. Unsure is early: the timers of the plans look at every boundary anyway.
    """
    if _is_unsettled(memory) or needs_reading(site, vehicle, memory, now):
        return now
    wish = wish_of(site, vehicle, memory, now)
    ahead = [now + LONGEST]
    if memory.reading is not None and is_watched(site, vehicle, memory):
        ahead.append(memory.reading.read_at + poll_of(site, vehicle, memory, memory.reading.read_at))
    if memory.reading is not None and is_open(site, vehicle, memory, now):
        ahead.append(memory.reading.read_at + POLL)
    if wish.next_start is not None:
        ahead.append(wish.next_start - NEAR)
    # What a window finds is looked at as it opens, whether the plan wants it by what is known or not.
    openings = (item for plan in site.plans_of(vehicle.name) for item in windows_of(site, plan, now, now + DAY))
    ahead.extend(item.start - NEAR for item in openings if item.start - NEAR > now)
    ahead.extend(moment for moment in (wish.until, wish.window_end) if moment is not None)
    if memory.session is not None and wish.until is not None:
        ahead.append(wish.until - NEAR)
    if memory.override is not None and memory.override.until is not None:
        ahead.append(memory.override.until)
    if memory.ended_at is not None:
        ahead.append(memory.ended_at + restart_after(memory))
    return max(now, min(ahead))


def _is_unsettled(memory: Memory) -> bool:
    unfinished = memory.trouble_since is not None or any(not loan.left for loan in memory.loans)
    return unfinished or (memory.command is not None and memory.command.confirmed_at is None)
