"""When the car is asked: in windows, while a command is awaited, while there is something to end or to hold."""

from datetime import datetime, timedelta

from delcia.core.commands import OPPOSITE, RESEND
from delcia.core.evidence import is_fresh
from delcia.core.means import means_for
from delcia.core.model import Site, Vehicle
from delcia.core.ownership import SELF_RESUME
from delcia.core.spacing import after_unplugged, is_spaced
from delcia.core.state import Boost, Charge, Memory, Owner, Pause, Plug
from delcia.core.windows import power_edges, windows_of
from delcia.core.wishes import wish_of

POLL = timedelta(minutes=9, seconds=30)
"""At most one reading in ten minutes; the half minute is the timers' accuracy."""
HELD_POLL = timedelta(minutes=29, seconds=30)
"""A car that stands stopped does nothing by itself, mostly, and calls are counted."""
GOES_ON = timedelta(minutes=4)
"""How soon after its charger is given power a car has begun to charge, and said so, mostly."""
SETTLES = timedelta(minutes=20)
"""How long after that it may still begin."""
NEAR = timedelta(minutes=10)
AWAITED = RESEND + NEAR
"""How long a command is looked after at every run: long enough to judge it by a reading before it is sent again."""


def needs_reading(site: Site, vehicle: Vehicle, memory: Memory, now: datetime) -> str:
    """Return why the car must be asked now, or an empty text: an idle run makes no call."""
    command, last = memory.command, memory.reading
    if last is None:
        return "first reading" if is_watched(site, vehicle, memory) or is_open(site, vehicle, memory, now) else ""
    if command and command.confirmed_at is None and now - command.sent_at < AWAITED:
        return "confirmation"
    if memory.stop_confirmed_at and now - memory.stop_confirmed_at <= SELF_RESUME + OPPOSITE / 2:
        return "watching a stop"
    watched = is_watched(site, vehicle, memory)
    if watched and now - last.read_at >= poll_of(site, vehicle, memory, last.read_at):
        return "watched"
    wish = wish_of(site, vehicle, memory, now)
    if memory.session and wish.wanted and wish.until and timedelta(0) <= wish.until - now <= NEAR:
        return "nearly done"
    if watched and _is_doubtful(vehicle, memory, now):
        return "second look"
    return "window" if now - last.read_at >= POLL and is_open(site, vehicle, memory, now) else ""


def poll_of(site: Site, vehicle: Vehicle, memory: Memory, read_at: datetime) -> timedelta:
    """Return how long after a reading the next one is due of a car that matters at any hour.

    One that stands stopped is read seldom, but soon after its charger is given power: it goes on by itself then.
    """
    if is_spaced(memory):
        return after_unplugged(site, read_at)
    last = memory.reading
    stands = memory.stop_confirmed_at is not None and memory.session is None and memory.unplugged_at is None
    if not stands or last is None or last.plug is not Plug.PLUGGED:
        return POLL
    edges = power_edges(site, vehicle.name, read_at - SETTLES, read_at + HELD_POLL)
    if not edges:
        return HELD_POLL
    return POLL if edges[0] <= read_at else max(edges[0] + GOES_ON - read_at, GOES_ON)


def is_open(site: Site, vehicle: Vehicle, memory: Memory, now: datetime) -> bool:
    """Return whether a segment is, or may be, open or about to open, or a charge runs that is delcia's to end."""
    wish = wish_of(site, vehicle, memory, now)
    soon = wish.next_start is not None and wish.next_start - now <= NEAR
    return wish.wanted or soon or _is_to_end(memory) or _may_want(site, vehicle, memory, now)


def is_watched(site: Site, vehicle: Vehicle, memory: Memory) -> bool:
    """Return whether the car matters at any hour: it may be plugged in, unplugged or started by its owner."""
    pause = memory.override if isinstance(memory.override, Pause) else None
    until_unplugged = pause is not None and (pause.until is None or pause.stop)
    return (
        vehicle.hold
        or vehicle.minimum_soc_pct is not None
        or isinstance(memory.override, Boost)
        or until_unplugged
        or bool(memory.loans)
        or means_for(site, vehicle).limit
    )


def _may_want(site: Site, vehicle: Vehicle, memory: Memory, now: datetime) -> bool:
    """Return whether a window is open, or about to, of which nobody knows what it finds: the car may have been driven.

    The SoC of another day says nothing of what is wanted today, and a reading without one nothing at all; and a car
    that was away may come.
    """
    last, level = memory.reading, memory.soc_reading
    for plan in site.plans_of(vehicle.name):
        for window in windows_of(site, plan, now, now + NEAR):
            if last is None or last.plug is not Plug.PLUGGED:
                return True
            if level is None or level.read_at < window.start - NEAR:
                return True
    return False


def _is_to_end(memory: Memory) -> bool:
    session = memory.session
    return session is not None and (session.owner is Owner.DELCIA or session.reason in {"boost", "trip", "self-resume"})


def _is_doubtful(vehicle: Vehicle, memory: Memory, now: datetime) -> bool:
    """Return whether one more reading tells what one alone does not: a level, the plug, a charge to be held."""
    last, session = memory.reading, memory.session
    if last is None or now - (last.heard_at or last.read_at) > NEAR:
        return False
    if memory.doubted is not None or memory.unplugged_at is not None:
        return True
    held = vehicle.hold and session is not None and session.owner is Owner.CAR and last.charge is Charge.CHARGING
    once = session is not None and vehicle.hold_anywhere and last.reported_at == session.reported_at
    return held and (last.unsure or last.soc_pct is None or (once and is_fresh(last, now)))
