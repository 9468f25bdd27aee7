"""Whose charge is it: what a reading changes in the memory of a vehicle (docs/decides.md has the table).

delcia's: begun after delcia's order by a car that was seen idle before it, or begun at home while a plan wanted it; and
it stays so until delcia's stop of it is confirmed, the car is unplugged, or a person speaks. The person's: asked for,
away from home, or inferred from what nothing else explains. The car's: any other.
"""

from datetime import datetime, timedelta

from delcia.core.evidence import (
    UNASKED,
    heard,
    is_answer,
    is_driven,
    is_faster,
    is_fresh,
    is_lower,
    is_out_of_order,
    is_possible,
    is_seen_throughout,
    is_steady,
)
from delcia.core.loans import loan_of
from delcia.core.model import Site, Vehicle
from delcia.core.plugging import is_back, plugged_in, unplugged
from delcia.core.replacing import replace
from delcia.core.state import Boost, Charge, Command, Memory, Owner, Plug, Reading, Session, Trip, Whereabouts
from delcia.core.trips import is_trip
from delcia.core.waking import judged
from delcia.core.whereabouts import at_home, is_moved
from delcia.core.windows import power_edges, windows_of
from delcia.core.wishes import Wish, settle, soc_now, wish_of

SELF_RESUME = timedelta(minutes=10)
"""A charge that begins after the car was idle for less than this after a stop may be the car's own doing."""
SELF_RESUMES = 2
"""How often a model that resumes by itself is stopped again."""
FULL_PCT = 99
"""What a car may show when it has ended a charge to 100 %."""


def observe(site: Site, vehicle: Vehicle, memory: Memory, reading: Reading, now: datetime) -> Memory:
    """Return the memory after a reading. One that is older than the last changes nothing but when the car was asked."""
    before = memory
    if before.reading is not None and is_out_of_order(before, reading):
        known = replace(before.reading, read_at=reading.read_at)
        return replace(memory, reading=known, passed_over=reading.reported_at)
    if before.reading is not None and reading.reported_at < before.reading.reported_at and memory.command is not None:
        # The car's clock was set back: what it called the time when it was asked says nothing any more.
        memory = replace(memory, command=replace(memory.command, known=None))
    reading = heard(before.reading, reading)
    memory, reading, faster = _with_level(site, vehicle, memory, reading)
    reading = judged(memory, reading)
    if before.reading is None and reading.plug is Plug.UNPLUGGED:
        memory = replace(memory, last_away_at=reading.reported_at)  # nothing is known of the time before
    elif before.reading is not None and is_driven(site, vehicle, before, reading):
        memory = replace(memory, last_away_at=before.reading.reported_at)
    memory = _with_plug(replace(memory, reading=reading, passed_over=None), before, reading, now)
    memory = settle(site, vehicle, memory, now)
    wish = wish_of(site, vehicle, memory, now)
    again = before.reading is not None and reading.reported_at == before.reading.reported_at
    if _is_before(memory.command, reading) or (again and memory.session is None and reading.charge is Charge.CHARGING):
        return memory
    if reading.charge is Charge.CHARGING:
        waited = before.reading is not None and before.reading.charge is Charge.WAITING
        return _charging(site, vehicle, memory, wish, faster=faster, waited=waited)
    if reading.charge is Charge.UNKNOWN:
        return memory
    return _not_charging(_with_gain(site, vehicle, memory, now), wish)


def _with_gain(site: Site, vehicle: Vehicle, memory: Memory, now: datetime) -> Memory:
    """Return the memory with what a charge has brought that ends, where it told no level from its beginning on."""
    session, seen, reading = memory.session, memory.soc_reading, memory.reading
    if session is None or seen is None or reading is None or seen.at >= session.began_at or memory.level_unsure:
        return memory
    soc_pct, _, _ = soc_now(site, vehicle, memory, now)
    return replace(memory, soc_reading=replace(seen, soc_pct=soc_pct, read_at=reading.read_at, told_at=reading.at))


def located(site: Site, vehicle: Vehicle, memory: Memory, found: Whereabouts, now: datetime) -> Memory:
    """Return the memory once it is known, or not to be known, where the car is; and whose charge it is by that."""
    known, memory = memory.whereabouts, replace(memory, whereabouts=found)
    session = memory.session
    if session is None:
        return memory
    if session.reason == "after-stop" and is_moved(known, found) and memory.reading is not None:
        # It has been somewhere since the stop: nobody has overruled that, it was plugged in anew.
        memory = plugged_in(memory, memory, memory.reading)
        session = replace(session, owner=Owner.CAR, reason="plug-in")
        memory = replace(memory, whereabouts=found, session=session)
    return _judged(site, vehicle, memory, wish_of(site, vehicle, memory, now), faster=False)


def sent(memory: Memory, command: Command) -> Memory:
    """Return the memory once a command is about to go out: written before it is sent, so a crash loses nothing."""
    return replace(memory, command=command)


def is_full(memory: Memory) -> bool:
    """Return whether the car says that it has ended by itself, as full as it gets or may: some show 99 % then."""
    seen, loan = memory.soc_reading, loan_of(memory, "limit")
    ended = memory.reading is not None and memory.reading.charge is Charge.ENDED
    most_pct = FULL_PCT if loan is None or loan.left else int(loan.ours.partition("-")[2]) - 1
    return ended and seen is not None and seen.soc_pct is not None and seen.soc_pct >= most_pct


def is_left_alone(memory: Memory) -> bool:
    """Return whether the present charge is taken for a person's who has not said so."""
    return memory.session is not None and is_inferred(memory.session)


def is_inferred(session: Session) -> bool:
    """Return whether a charge is taken for a person's who has not said so."""
    return session.owner is Owner.PERSON and session.reason in {"after-stop", "fast"}


def _is_before(command: Command | None, reading: Reading) -> bool:
    """Return whether a reading shows what was before a command, and not whether the car obeys it."""
    if command is None or command.confirmed_at is not None or is_answer(command, reading):
        return False
    return (reading.charge is Charge.CHARGING) is not (command.kind == "start")


def _with_level(site: Site, vehicle: Vehicle, memory: Memory, reading: Reading) -> tuple[Memory, Reading, bool]:
    """Return the memory with the level that a reading tells, where it can be, and whether it rose too fast twice.

    One that cannot be is waited out for one more reading, and is missing until then.
    """
    if reading.soc_pct is None:
        return memory, reading, False
    doubt = memory.doubted
    if not is_possible(site, vehicle, memory, reading):
        known, news = memory.soc_reading, doubt is not None and doubt.reported_at != reading.reported_at
        if doubt is not None and known is not None and _is_lower_still(known, doubt, reading):
            return replace(memory, doubted=None, soc_reading=reading), reading, False
        risen = is_faster(site, vehicle, doubt, reading)
        steady = known is not None and doubt is not None and is_steady(known, doubt, reading)
        if not news or doubt is None or (risen and not steady):
            return replace(memory, doubted=reading), replace(reading, soc_pct=None), False
        return replace(memory, doubted=None, soc_reading=reading), reading, risen
    return replace(memory, doubted=None, soc_reading=reading), reading, False


def _is_lower_still(known: Reading, doubt: Reading, reading: Reading) -> bool:
    """Return whether a lower level was told twice, if of one report: a car with less is charged, which does no harm.

    None at all is told after a stop, and as long as the car then says nothing new (evcc#13250).
    """
    if known.soc_pct is None or reading.soc_pct is None or doubt.soc_pct != reading.soc_pct:
        return False
    return 0 < reading.soc_pct < known.soc_pct


def _with_plug(memory: Memory, before: Memory, reading: Reading, now: datetime) -> Memory:
    if reading.plug is Plug.PLUGGED or reading.charge is Charge.CHARGING:
        driven = is_lower(before, reading) and not is_seen_throughout(before, reading)
        if memory.plugged_since is None or driven or is_back(before, reading):
            return plugged_in(memory, before, reading)
        # What is charged for delcia or a person goes on: that answer was no truth.
        left_at = None if memory.own or memory.interrupted else memory.left_at
        if (memory.unplugged_at, memory.left_at) == (None, left_at):
            return memory
        return replace(memory, unplugged_at=None, left_at=left_at)
    if reading.plug is not Plug.UNPLUGGED or not is_fresh(reading, now):
        return memory
    if memory.plugged_since is None and memory.session is None:
        return memory
    if memory.unplugged_at is not None or is_lower(before, reading):
        return unplugged(memory)
    return replace(memory, unplugged_at=reading.read_at, left_at=reading.read_at)


def _charging(site: Site, vehicle: Vehicle, memory: Memory, wish: Wish, *, faster: bool, waited: bool) -> Memory:
    reading, command = memory.reading, memory.command
    assert reading is not None  # noqa: S101 - observe has just set it
    obeyed = command if command and command.kind == "start" and command.confirmed_at is None else None
    if obeyed is not None:
        memory = replace(memory, command=replace(obeyed, confirmed_at=reading.at))
        if memory.plugged_since is not None and obeyed.sent_at < memory.plugged_since and not wish.wanted:
            obeyed = None  # it was asked before it was plugged in, and charges as any car does then
        elif memory.session is None:
            ended = memory.hold_ended if obeyed.reason == "let-go" else ""
            memory = replace(memory, start_heard_at=reading.read_at, hold_ended=ended)
    if memory.session is None and memory.interrupted is not None:
        memory = replace(memory, session=memory.interrupted, interrupted=None)
    if memory.session is None:
        owner, reason = _owner(site, vehicle, memory, wish, obeyed, waited=waited)
        soc_pct = reading.soc_pct if memory.soc_reading is None else memory.soc_reading.soc_pct
        memory = replace(
            memory,
            session=Session(owner, reading.at, soc_pct, reason, reading.reported_at),
            # Somebody overruled the stop: what delcia stopped goes on already, and is not started again.
            command=None if reason == "after-stop" else memory.command,
            self_resumes=memory.self_resumes + (reason == "self-resume"),
            ended_at=None,
        )
        if memory.self_resumes > SELF_RESUMES:
            memory = replace(memory, hold_ended="resumes-by-itself")
    return _judged(site, vehicle, replace(memory, charging_at=reading.read_at), wish, faster=faster)


def _owner(
    site: Site, vehicle: Vehicle, memory: Memory, wish: Wish, obeyed: Command | None, *, waited: bool
) -> tuple[Owner, str]:
    """Return whose charge has just begun, and why; `obeyed` is the start that it answers, if any.

    `waited`: until then it waited for current, or for a programme of its own, and went on when that came.
    """
    if isinstance(memory.override, Boost):
        return Owner.PERSON, "boost"
    if obeyed is not None:
        # What delcia lets go on is the car's again: else the next look would stop it as delcia's.
        return (Owner.CAR if obeyed.reason == "let-go" else Owner.DELCIA), obeyed.reason
    if memory.own:
        return Owner.DELCIA, memory.own
    if wish.wanted or memory.counting or _may_have_been_wanted(site, vehicle, memory):
        return Owner.CAR, "window"
    if memory.stop_confirmed_at is None:
        return Owner.CAR, "plug-in"
    if waited or _is_explained(site, vehicle, memory):
        return Owner.CAR, "power-back"
    return (Owner.CAR, "self-resume") if _is_resumed(vehicle, memory) else (Owner.PERSON, "after-stop")


def _may_have_been_wanted(site: Site, vehicle: Vehicle, memory: Memory) -> bool:
    """Return whether a window lay in a time of which delcia may have forgotten what it asked: then it was delcia."""
    reading, idle_at = memory.reading, memory.idle_at
    if reading is None or idle_at is None or reading.read_at - idle_at <= UNASKED:
        return False
    return any(windows_of(site, plan, idle_at, reading.read_at) for plan in site.plans_of(vehicle.name))


def _is_explained(site: Site, vehicle: Vehicle, memory: Memory) -> bool:
    """Return whether power came back about when the charge began: the car goes on by itself then."""
    reading = memory.reading
    assert reading is not None  # noqa: S101 - the caller has just observed it
    since = (memory.idle_at or reading.read_at) - SELF_RESUME
    if memory.booted_at is not None and memory.booted_at >= since:
        return True
    return bool(power_edges(site, vehicle.name, since, reading.read_at))


def _is_resumed(vehicle: Vehicle, memory: Memory) -> bool:
    """Return whether a charge after a confirmed stop may be the car's own doing: it was idle for so short a time.

    Models that are known for it do so again and again; of any other the second one is a person's.
    """
    last, idle_at = memory.charging_at or memory.stop_confirmed_at, memory.idle_at
    assert last is not None  # noqa: S101 - the caller looked
    if not vehicle.resumes and memory.self_resumes:
        return False
    return idle_at is None or idle_at - last < SELF_RESUME


def _judged(site: Site, vehicle: Vehicle, memory: Memory, wish: Wish, *, faster: bool) -> Memory:
    """Return the memory with the owner that a charge has now that more is known of it."""
    session = memory.session
    assert session is not None  # noqa: S101 - the callers looked
    owner, reason = _new_owner(site, vehicle, memory, session, wish, faster=faster)
    own = reason if owner is Owner.DELCIA else ""
    if (owner, reason, own) == (session.owner, session.reason, memory.own):
        return memory
    return replace(memory, session=replace(session, owner=owner, reason=reason), own=own)


def _new_owner(
    site: Site, vehicle: Vehicle, memory: Memory, session: Session, wish: Wish, *, faster: bool
) -> tuple[Owner, str]:
    if isinstance(memory.override, Boost):
        return Owner.PERSON, "boost"
    if isinstance(memory.override, Trip) and is_trip(wish.plans, vehicle):
        return Owner.PERSON, "trip"
    here, cars = at_home(vehicle, memory), session.owner is Owner.CAR
    if here is False and (cars or (site.home is not None and session.owner is Owner.DELCIA)):
        return Owner.PERSON, "away"
    if cars and faster:
        return Owner.PERSON, "fast"
    if is_adoptable(vehicle, memory, wish) and (here or (here is None and _is_seen_anywhere(vehicle, memory))):
        return Owner.DELCIA, wish.slug if wish.wanted else session.reason
    return session.owner, session.reason


def is_adoptable(vehicle: Vehicle, memory: Memory, wish: Wish) -> bool:
    """Return whether the car's charge becomes delcia's, at home: begun while a plan wanted it, or held but for that."""
    session = memory.session
    if session is None or session.owner is not Owner.CAR or session.reason == "self-resume":
        return False
    return session.reason == "window" or (vehicle.hold and wish.slug == "window")


def _is_seen_anywhere(vehicle: Vehicle, memory: Memory) -> bool:
    """Return whether a car that is held wherever it is, as it tells no place, has told twice of its charge."""
    reading, session = memory.reading, memory.session
    twice = reading is not None and session is not None and reading.reported_at != session.reported_at
    return vehicle.hold_anywhere and twice


def _not_charging(memory: Memory, wish: Wish) -> Memory:
    reading, command, session = memory.reading, memory.command, memory.session
    assert reading is not None  # noqa: S101 - observe has just set it
    # A car that begins to charge reports it: at the time of asking it was still idle, however old its report.
    lasting = session if session is not None and session.owner is Owner.PERSON else None
    memory = replace(memory, idle_at=reading.read_at, session=None, interrupted=lasting)
    if command and command.kind == "stop" and command.confirmed_at is None:
        return replace(
            memory,
            command=replace(command, confirmed_at=reading.at),
            stop_confirmed_at=reading.at,
            stop_soc_pct=memory.soc_reading.soc_pct if memory.soc_reading is not None else None,
            own="",
            interrupted=None,
            left_at=None,
        )
    if session is None or session.owner is not Owner.DELCIA or not wish.wanted or is_full(memory):
        return memory
    return replace(memory, ended_at=reading.read_at)
