"""The stay at a charger: where one begins and ends, and what is over with it."""

from delcia.core.evidence import is_lower
from delcia.core.replacing import replace
from delcia.core.state import Boost, Charge, Memory, Pause, Reading

UNHEARD, BY_HAND = "start-unheard", "by-hand"
"""Why the car is not held: it did not hear a start; and so it was plugged in again by hand, to charge."""


def is_back(before: Memory, reading: Reading) -> bool:
    """Return whether a car that charges after a confirmed stop has been away since, and was plugged in anew.

    One reading said so, or its level is lower than it was at the stop; where it may be an answer to a start, neither
    says anything.
    """
    if reading.charge is not Charge.CHARGING or before.stop_confirmed_at is None or before.session is not None:
        return False
    command = before.command
    if before.interrupted is not None:
        return is_lower(before, reading)  # else one answer did not show what goes on
    if command is not None and command.kind == "start" and command.confirmed_at is None:
        return False
    level = reading.soc_pct
    lower = level is not None and before.stop_soc_pct is not None and level <= before.stop_soc_pct - 1
    return lower or before.left_at is not None


def is_stopped(memory: Memory) -> bool:
    """Return whether a car that is plugged in stands as delcia's last stop left it, and has not charged since."""
    last, charging_at = memory.command, memory.charging_at
    if last is None or last.kind != "stop" or last.confirmed_at is None or memory.plugged_since is None:
        return False
    return memory.session is None and (charging_at is None or charging_at <= last.confirmed_at)


def plugged_in(memory: Memory, before: Memory, reading: Reading) -> Memory:
    """Return the memory of a car that was plugged in: a new stay begins, with nothing of the last one but its start."""
    fresh = unplugged(memory) if before.plugged_since is not None or before.unplugged_at else memory
    known, level = before.soc_reading, reading.soc_pct
    driven = known is not None and known.soc_pct is not None and level is not None and level < known.soc_pct
    return replace(
        _left(fresh),
        plugged_since=reading.at,
        plugged_reported_at=reading.reported_at,
        asleep=None,
        command=memory.command,
        # By hand is not what was driven in between: that is another day's charge.
        hold_ended=BY_HAND if memory.hold_ended == UNHEARD and not driven else "",
    )


def unplugged(memory: Memory) -> Memory:
    """Return the memory of a car that has left its charger: everything that lasts until unplugged is over."""
    lasting = memory.override
    of_charge = isinstance(lasting, Boost) or (isinstance(lasting, Pause) and lasting.of_charge)
    over = lasting is not None and (of_charge or lasting.until is None)
    # What was asked of a car not yet plugged in is meant for the plug-in to come.
    over = over and memory.plugged_since is not None
    return replace(
        _left(memory),
        plugged_since=None,
        plugged_reported_at=None,
        session=None,
        command=None,
        minimum_active=False,
        override=None if over else lasting,
    )


def _left(memory: Memory) -> Memory:
    """Return the memory without what belongs to one stay only."""
    return replace(
        memory,
        unplugged_at=None,
        left_at=None,
        stop_confirmed_at=None,
        stop_soc_pct=None,
        self_resumes=0,
        restarts=0,
        ended_at=None,
        idle_at=None,
        charging_at=None,
        own="",
        interrupted=None,
        whereabouts=None,
    )
