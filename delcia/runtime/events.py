"""Which runs of a simulation may change anything: from event to event, where looking between them shows nothing new.

A real car may do anything at any time, so the timers look every five minutes. Of a simulated one all is known.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from delcia.car.simulated import SimulatedCar
from delcia.car.simulation import Habits, reported_at
from delcia.core.clock import DAY, MINUTE
from delcia.core.commands import OPPOSITE
from delcia.core.deciding import restart_after
from delcia.core.model import Duration, Energy, Site, Vehicle
from delcia.core.ownership import SELF_RESUME
from delcia.core.planner import segments_of
from delcia.core.replacing import replace
from delcia.core.slots import noon_after
from delcia.core.state import Memory, Owner
from delcia.core.watching import HELD_POLL, NEAR, POLL, is_open, is_watched, poll_of
from delcia.core.windows import windows_of
from delcia.core.wishes import Wish, situation_of
from delcia.errors import Exit
from delcia.runtime.job import Outcome

SECOND = timedelta(seconds=1)
SETTLED = HELD_POLL + NEAR
"""How long after an event every run counts: a car that is held is not read sooner, and some takes two readings."""
UNSURE_PCT = 2.0
"""SoC comes in whole points: near its end a charge is looked at as often as a real one is."""
WATCHED = SELF_RESUME + OPPOSITE / 2
"""How long a stop is watched, at every look."""


def next_look(
    site: Site, vehicle: Vehicle, outcome: Outcome, memory: Memory, car: SimulatedCar, now: datetime
) -> datetime:
    """Return the instant from which on the next run may change something; `now` when it is the very next."""
    decision, condition = outcome.decision, car.life.condition
    happened = [event.at for event in (*car.events(now - SETTLED, now + DAY), *condition.pending)]
    if outcome.status is not Exit.OK or decision is None or decision.action != "none":
        return now
    own = memory.session is not None and memory.session.owner is Owner.DELCIA
    if outcome.news and decision.slug != "idle" and not (own and decision.slug == "charging"):
        return now
    if memory.unplugged_at is not None or (memory.command is not None and memory.command.confirmed_at is None):
        return now
    if any(now - SETTLED < at <= now and not _is_known(memory, car, at) for at in happened):
        return now
    wish = decision.wish
    ahead = [now + DAY, *(at for at in happened if at > now)]
    if condition.charging != (memory.session is not None):
        return now
    if memory.session is not None:
        unsure = max(NEAR, UNSURE_PCT / 100 / car.curve.rate_per_h * 60 * MINUTE)
        ends = _ends(site, vehicle, memory, wish, now) if wish.wanted else ()
        ahead.append(max(now, min(ends, default=now) - unsure))
    elif wish.wanted and condition.plugged:
        return now
    ahead.extend(at for at in (wish.next_start, wish.window_end) if at is not None and at > now)
    if memory.ended_at is not None and memory.ended_at + restart_after(memory) > now:
        ahead.append(memory.ended_at + restart_after(memory))
    if any(isinstance(plan.target, Duration | Energy) for plan in site.plans_of(vehicle.name)):
        ahead.append(noon_after(site, now))
    return min(ahead)


def next_turn(
    site: Site, vehicle: Vehicle, memory: Memory, looks: Sequence[datetime], turn: int, due: datetime
) -> tuple[int, Memory]:
    """Return which of the looks from a `turn` on is the next to be done, if nothing can change before an instant.

    A car that is read all the while is read every ten minutes, counted from the reading before: so that this comes
    round on the minutes on which it does tick by tick, the last of the readings left out is done while the car charges,
    and else only remembered, for it tells nothing new.
    """
    last = bisect_left(looks, due, turn)
    if last == turn or memory.reading is None:
        return turn, memory
    opened = memory.session is not None
    if not opened:
        # From edge to edge of its windows a car is read at the same distance.
        opens = _opening(site, vehicle, looks[turn - 1], due)
        last = bisect_left(looks, opens, turn, last)
        opened = is_open(site, vehicle, memory, looks[turn - 1])
        if not opened and not is_watched(site, vehicle, memory):
            return last, memory
    read_at = memory.reading.read_at
    since = memory.stop_confirmed_at
    watched_until = read_at if since is None else since + WATCHED
    found = last
    for index in range(turn, last):
        if looks[index] <= watched_until or looks[index] - read_at >= (
            POLL if opened else poll_of(site, vehicle, memory, read_at)
        ):
            found, read_at = index, looks[index]
    if memory.session is not None or read_at == memory.reading.read_at:
        return found, memory
    return last, _read(memory, read_at)


def _read(memory: Memory, now: datetime) -> Memory:
    """Return the memory of a car that does not charge once it is read, and says what it said before."""
    assert memory.reading is not None  # noqa: S101 - what was never read is read at every look
    at = reported_at(now, Habits())
    soc_reading = memory.soc_reading and replace(memory.soc_reading, read_at=now, reported_at=at, told_at=at)
    return replace(
        memory,
        reading=replace(memory.reading, read_at=now, reported_at=at, heard_at=now, told_at=at, unsure=False),
        soc_reading=soc_reading,
        idle_at=now,
    )


def _opening(site: Site, vehicle: Vehicle, now: datetime, due: datetime) -> datetime:
    """Return when a window first makes a car worth a reading that is not watched; `due` where none does before."""
    found = (
        edge
        for plan in site.plans_of(vehicle.name)
        for window in windows_of(site, plan, now, due + NEAR)
        for edge in (window.start - NEAR + SECOND, window.end)  # it is near from just after that instant on
    )
    return min((edge for edge in found if now < edge < due), default=due)


def _ends(site: Site, vehicle: Vehicle, memory: Memory, wish: Wish, now: datetime) -> Iterator[datetime]:
    """Yield when the charge ends that is wanted, and before that each time at which others want it than before."""
    if wish.until is not None:
        yield wish.until
    if len(wish.plans) > 1:
        situation = situation_of(site, vehicle, memory, now)
        for plan in site.plans_of(vehicle.name):
            yield from (item.end for item in segments_of(site, plan, situation, now) if item.end > now)


def _is_known(memory: Memory, car: SimulatedCar, at: datetime) -> bool:
    """Return whether the car has told what happened to it at an instant, and is believed."""
    told = memory.reading is not None and memory.reading.reported_at >= at
    plugged, charging = memory.plugged_since is not None, memory.session is not None
    sure = memory.unplugged_at is None and plugged is car.life.condition.plugged
    return told and sure and charging is car.life.condition.charging
