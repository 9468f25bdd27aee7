"""Whose charge is it: what a reading changes in the memory of a vehicle (DESIGN.md §3).

The person's: asked by boost; begun ten minutes or more after a confirmed stop; away from home; or rising faster
than 1.5 times what the charger can give. delcia's: started by delcia, or begun at home inside a wanted segment.
The car's: any other.
"""

from datetime import datetime, timedelta
from math import asin, cos, radians, sin, sqrt

from delcia.core.energy import curve
from delcia.core.loans import loan_of
from delcia.core.model import Site, Vehicle
from delcia.core.replacing import replace
from delcia.core.state import (
    Boost,
    Charge,
    Command,
    Fix,
    Memory,
    Owner,
    Pause,
    Plug,
    Reading,
    Session,
    Trip,
    Whereabouts,
)
from delcia.core.trips import is_trip
from delcia.core.waking import judged
from delcia.core.wishes import Wish, settle, wish_of

FRESH = timedelta(minutes=15)
"""A reading reported longer ago than this is stale: the car may sleep."""
SELF_RESUME = timedelta(minutes=10)
"""A charge that begins sooner after a confirmed stop is the car's own doing."""
TWO_LOOKS = timedelta(minutes=4)
"""Two readings of being unplugged must be at least this far apart to count as two."""
ARRIVAL = timedelta(minutes=20)
"""A fix elsewhere that is older than this at plugging in may be of the way home."""
UNSEEN = timedelta(minutes=25)
"""Between two reports not farther apart than this no drive goes unseen."""
DROP_PCT = 2.0
FULL_PCT = 99
"""What a car may show when it has ended a charge to 100 %."""
FAST = 1.5
EARTH_M = 6_371_000


def is_fresh(reading: Reading | None, now: datetime) -> bool:
    """Return whether a reading tells the present state of the plug and of charging."""
    return reading is not None and now - reading.reported_at <= FRESH


def observe(site: Site, vehicle: Vehicle, memory: Memory, reading: Reading, now: datetime) -> Memory:
    """Return the memory after a reading. A reading older than the last one changes nothing but its own time."""
    before, reading = memory, judged(memory, reading)
    if before.reading is not None and reading.reported_at < before.reading.reported_at:
        return replace(memory, reading=replace(before.reading, read_at=reading.read_at))
    soc_reading = memory.soc_reading if reading.soc_pct is None else reading
    memory = _plug(replace(memory, reading=reading, soc_reading=soc_reading), before, reading, now)
    memory = settle(site, vehicle, memory, now)
    wish = wish_of(site, vehicle, memory, now)
    again = before.reading is not None and reading.reported_at == before.reading.reported_at
    if _is_before(memory.command, reading) or (again and memory.session is None and reading.charge is Charge.CHARGING):
        return memory
    if reading.charge is Charge.CHARGING:
        return _charging(site, vehicle, memory, before, wish)
    if reading.charge is Charge.UNKNOWN:
        return memory
    return _not_charging(memory, wish)


def _is_before(command: Command | None, reading: Reading) -> bool:
    """Return whether a reading shows what was before a command, and not whether the car obeys it."""
    if command is None or command.confirmed_at is not None or reading.reported_at > command.sent_at:
        return False
    return (reading.charge is Charge.CHARGING) is not (command.kind == "start")


def place(home: tuple[float, float], radius_m: int, fix: Fix | None, memory: Memory, now: datetime) -> Whereabouts:
    """Return what a fix says of being home; one from before the last drive says nothing."""
    if fix is None or (memory.last_away_at is not None and fix.reported_at <= memory.last_away_at):
        return Whereabouts(now)
    at_home = distance_m(home, (fix.latitude, fix.longitude)) <= radius_m
    plugged = memory.plugged_since
    if not at_home and plugged is not None and plugged - fix.reported_at > ARRIVAL:
        return Whereabouts(now)  # from the way: at home in a garage without sky the car would say the same
    return Whereabouts(now, fix.reported_at, at_home)


def distance_m(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return the great-circle distance of two (latitude, longitude) in degrees, in metres."""
    lat1, lon1, lat2, lon2 = map(radians, (*one, *other))
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_M * asin(sqrt(half))


def sent(memory: Memory, command: Command) -> Memory:
    """Return the memory once a command is about to go out: written before it is sent, so a crash loses nothing."""
    return replace(memory, command=command)


def is_full(memory: Memory) -> bool:
    """Return whether the car says that it has ended by itself, as full as it gets or may: some show 99 % then."""
    seen, loan = memory.soc_reading, loan_of(memory, "limit")
    ended = memory.reading is not None and memory.reading.charge is Charge.ENDED
    most_pct = FULL_PCT if loan is None or loan.left else int(loan.ours.partition("-")[2]) - 1
    return ended and seen is not None and seen.soc_pct is not None and seen.soc_pct >= most_pct


def _plug(memory: Memory, before: Memory, reading: Reading, now: datetime) -> Memory:
    if reading.plug is Plug.PLUGGED or reading.charge is Charge.CHARGING:
        if memory.plugged_since is None or (_dropped(before, reading) and not _seen_throughout(before, reading)):
            return _plugged_in(memory, before, reading)
        return memory if memory.unplugged_at is None else replace(memory, unplugged_at=None)
    if reading.plug is not Plug.UNPLUGGED or not is_fresh(reading, now):
        return memory
    if memory.plugged_since is None and memory.session is None:
        return memory
    second = memory.unplugged_at is not None and reading.read_at - memory.unplugged_at >= TWO_LOOKS
    if second or _dropped(before, reading):
        return _unplugged(memory)
    return memory if memory.unplugged_at else replace(memory, unplugged_at=reading.read_at)


def _dropped(before: Memory, reading: Reading) -> bool:
    """Return whether the battery lost charge since the last reading: the car has been driven, seen or not."""
    last = before.soc_reading
    if last is None or last.soc_pct is None or reading.soc_pct is None or before.plugged_since is None:
        return False
    return reading.soc_pct <= last.soc_pct - DROP_PCT


def _seen_throughout(before: Memory, reading: Reading) -> bool:
    """Return whether the car reported all the time and never that it was unplugged: it was preheated, not driven."""
    last = before.reading
    return before.unplugged_at is None and last is not None and reading.reported_at - last.reported_at <= UNSEEN


def _plugged_in(memory: Memory, before: Memory, reading: Reading) -> Memory:
    fresh = _unplugged(memory) if before.plugged_since is not None or before.unplugged_at else memory
    away = before.reading.reported_at if before.reading else None
    if before.asleep is not None and (reading.soc_pct or 0) >= (before.asleep.soc_pct or FULL_PCT):
        # Asked to report, it did so where it stands: not driven since, or it would have less.
        away = before.asleep.reported_at
    return replace(
        fresh,
        plugged_since=reading.reported_at,
        last_away_at=away,
        asleep=None,
        whereabouts=None,
        unplugged_at=None,
        command=memory.command,
        stop_confirmed_at=None,
        self_resumes=0,
        restarts=0,
        released=False,
        ended_at=None,
        idle_at=None,
    )


def _unplugged(memory: Memory) -> Memory:
    """Return the memory of a car that has left its charger: everything that lasts until unplugged is over."""
    lasting = memory.override
    of_charge = isinstance(lasting, Boost) or (isinstance(lasting, Pause) and lasting.of_charge)
    over = lasting is not None and (of_charge or lasting.until is None)
    # What was asked of a car not yet plugged in is meant for the plug-in to come.
    over = over and memory.plugged_since is not None
    return replace(
        memory,
        plugged_since=None,
        unplugged_at=None,
        session=None,
        command=None,
        stop_confirmed_at=None,
        self_resumes=0,
        restarts=0,
        released=False,
        ended_at=None,
        idle_at=None,
        whereabouts=None,
        minimum_active=False,
        override=None if over else lasting,
    )


def _charging(site: Site, vehicle: Vehicle, memory: Memory, before: Memory, wish: Wish) -> Memory:
    reading = memory.reading
    assert reading is not None  # noqa: S101 - observe has just set it
    command = memory.command
    obeyed = command if command and command.kind == "start" and command.confirmed_at is None else None
    if obeyed and memory.plugged_since is not None and obeyed.sent_at < memory.plugged_since:
        obeyed = None  # it was asked before it was plugged in, and charges as any car does then
    elif obeyed and obeyed.tries == 1 and reading.reported_at <= obeyed.sent_at:
        # It charged already when it was asked. A report between two tries may answer the first of them.
        memory, obeyed = replace(memory, command=replace(obeyed, confirmed_at=reading.reported_at)), None
    elif obeyed:
        memory = replace(memory, command=replace(obeyed, confirmed_at=reading.reported_at))
    if memory.session is None:
        owner, reason = _owner(memory, wish, obeyed)
        resumed = reason == "self-resume"
        soc_pct = reading.soc_pct if memory.soc_reading is None else memory.soc_reading.soc_pct
        memory = replace(
            memory,
            session=Session(owner, reading.reported_at, soc_pct, reason),
            # Somebody overruled the stop: what delcia stopped goes on already, and is not started again.
            command=None if reason == "after-stop" else memory.command,
            self_resumes=memory.self_resumes + resumed,
            ended_at=None,
        )
    session = memory.session
    assert session is not None  # noqa: S101 - made above
    owner, reason = _new_owner(site, vehicle, memory, before, session, wish)
    if (owner, reason) == (session.owner, session.reason):
        return memory
    return replace(memory, session=replace(session, owner=owner, reason=reason))


def _new_owner(
    site: Site, vehicle: Vehicle, memory: Memory, before: Memory, session: Session, wish: Wish
) -> tuple[Owner, str]:
    """Return whose charge it is now that more is known of it, and why."""
    reading, where = memory.reading, memory.whereabouts
    if isinstance(memory.override, Boost):
        return Owner.PERSON, "boost"
    if isinstance(memory.override, Trip) and is_trip(wish.plans, vehicle):
        return Owner.PERSON, "trip"
    if session.owner is not Owner.PERSON and where is not None and where.at_home is False:
        return Owner.PERSON, "away"
    if session.owner is not Owner.PERSON and reading and _too_fast(site, vehicle, memory, before, reading):
        return Owner.PERSON, "fast"
    at_home = where is not None and where.at_home
    if site.home is None and reading is not None:
        at_home = reading.reported_at >= session.began_at + TWO_LOOKS
    if at_home and is_adoptable(vehicle, memory, wish):
        return Owner.DELCIA, wish.slug
    return session.owner, session.reason


def is_adoptable(vehicle: Vehicle, memory: Memory, wish: Wish) -> bool:
    """Return whether the car's charge becomes delcia's, at home: under hold, and wanted by a plan by now."""
    session = memory.session
    cars = session is not None and session.owner is Owner.CAR and session.reason != "self-resume"
    return cars and vehicle.hold and wish.slug == "window"


def _owner(memory: Memory, wish: Wish, obeyed: Command | None) -> tuple[Owner, str]:
    """Return whose charge has just begun, and why; `obeyed` is the start that it answers, if any."""
    if isinstance(memory.override, Boost):
        return Owner.PERSON, "boost"
    if memory.whereabouts is not None and memory.whereabouts.at_home is False:
        return Owner.PERSON, "away"
    if obeyed:
        # What delcia lets go on is the car's again: else the next look would stop it as delcia's.
        return (Owner.CAR if obeyed.reason == "let-go" else Owner.DELCIA), obeyed.reason
    if memory.stop_confirmed_at is not None:
        earliest = max(memory.stop_confirmed_at, memory.idle_at or memory.stop_confirmed_at)
        if earliest - memory.stop_confirmed_at >= SELF_RESUME:
            return Owner.PERSON, "after-stop"
        return Owner.CAR, "self-resume"
    return (Owner.DELCIA, wish.slug) if wish.wanted else (Owner.CAR, "plug-in")


def _too_fast(site: Site, vehicle: Vehicle, memory: Memory, before: Memory, reading: Reading) -> bool:
    last = before.soc_reading
    if last is None or last.soc_pct is None or reading.soc_pct is None or reading.reported_at <= last.reported_at:
        return False
    if memory.plugged_since is None or last.reported_at < memory.plugged_since:
        return False  # gained elsewhere, on the way here: it says nothing of this charger
    chargers = {plan.charger for plan in site.plans_of(vehicle.name)} or set(site.chargers)
    rate = max(curve(vehicle.battery, site.chargers[name]).rate_per_h for name in chargers)
    hours = (reading.reported_at - last.reported_at) / timedelta(hours=1)
    # SoC comes in whole points: one of them may be rounding.
    return reading.soc_pct - last.soc_pct - 1 > FAST * 100 * rate * hours


def _not_charging(memory: Memory, wish: Wish) -> Memory:
    reading, command, session = memory.reading, memory.command, memory.session
    assert reading is not None  # noqa: S101 - observe has just set it
    # A car that begins to charge reports it: at the time of asking it was still idle, however old its report.
    memory = replace(memory, idle_at=reading.read_at, session=None)
    if command and command.kind == "stop" and command.confirmed_at is None:
        done = replace(command, confirmed_at=reading.reported_at)
        return replace(memory, command=done, stop_confirmed_at=reading.reported_at)
    if session is None or session.owner is not Owner.DELCIA or not wish.wanted or is_full(memory):
        return memory
    if memory.restarts:
        return replace(memory, released=True, ended_at=reading.reported_at)
    return replace(memory, ended_at=reading.reported_at)
