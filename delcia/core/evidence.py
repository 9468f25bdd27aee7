"""What a reading is worth: whether it is news, when it was made, whether it tells of now, and whether its SoC can be.

Two clocks are at work, which may be hours apart. The car's orders its own reports; how long something has lasted is
told by when the host asked. A report that came between two of these times was made between them.
"""

from datetime import datetime, timedelta

from delcia.core.energy import curve
from delcia.core.model import Site, Vehicle
from delcia.core.replacing import replace
from delcia.core.state import Charge, Command, Memory, Plug, Reading

FRESH = timedelta(minutes=15)
"""A report that was first read longer ago than this is stale: the car may sleep."""
ASLEEP = timedelta(minutes=15)
"""A car whose report is as old as this, or of any age, may sleep."""
UNASKED = timedelta(minutes=40)
"""A car that was not asked for longer than this may have reported at any time in between; and left, and come back."""
SEEN_LATE = timedelta(minutes=20)
"""A charge may have begun this long before it was seen, where one answer did not tell of it."""
AGREE = 2.0
"""Two gains agree of which neither is more than so many times as fast as the other."""
DROP_PCT = 2.0
FAST = 1.5
"""So many times as fast as its plans' strongest charger, a charge is somewhere else."""
ROUNDING_PCT = 1.0
"""SoC comes in whole points: one of them may be rounding."""


def heard(before: Reading | None, reading: Reading) -> Reading:
    """Return a reading with when its report was first read, and made: between then and the reading before.

    The car's own time is believed within these bounds, where it can be off by minutes only, and never beyond.
    """
    if before is not None and before.reported_at == reading.reported_at:
        return replace(reading, heard_at=before.heard_at or before.read_at, told_at=before.at, unsure=before.unsure)
    since = before.read_at if before is not None else reading.reported_at
    told_at = min(max(reading.reported_at, since), reading.read_at)
    unsure = before is None or reading.read_at - since > UNASKED
    return replace(reading, heard_at=reading.read_at, told_at=told_at, unsure=unsure)


def is_fresh(reading: Reading | None, now: datetime) -> bool:
    """Return whether a reading tells the present state of the plug and of charging."""
    return is_new(reading, now) and reading is not None and not reading.unsure


def is_new(reading: Reading | None, now: datetime) -> bool:
    """Return whether a report was first read just now, however old it was then: the next reading tells more."""
    return reading is not None and now - (reading.heard_at or reading.read_at) <= FRESH


def is_silent(reading: Reading, now: datetime) -> bool:
    """Return whether a car has not reported for a while, as far as is known: it may sleep."""
    return reading.unsure or now - (reading.heard_at or reading.read_at) > ASLEEP


def is_out_of_order(memory: Memory, reading: Reading) -> bool:
    """Return whether a report is older than one that is known, by the car's clock.

    Two such reports, the second younger than the first, are of a car whose clock was set back: that one is believed.
    """
    last = memory.reading
    if last is None or reading.reported_at >= last.reported_at:
        return False
    return memory.passed_over is None or reading.reported_at <= memory.passed_over


def is_answer(command: Command, reading: Reading) -> bool:
    """Return whether a report is younger than all that were known when a command was sent."""
    if command.known is None:
        return (reading.heard_at or reading.read_at) > command.sent_at
    return reading.reported_at > command.known


def is_seen_throughout(before: Memory, reading: Reading) -> bool:
    """Return whether the car was asked all the time and never said that it was unplugged: it has not been driven."""
    last = before.reading
    return before.left_at is None and last is not None and reading.read_at - last.read_at <= UNASKED


def is_driven(site: Site, vehicle: Vehicle, before: Memory, reading: Reading) -> bool:
    """Return whether a car may have been driven since its last report, and stand elsewhere than its fix says.

    One that was plugged in all the time was not; nor one with the level it had, but for what its charger gave since.
    """
    last, known = before.reading, before.soc_reading
    if last is None or last.reported_at == reading.reported_at:
        return False
    stood = last.plug is Plug.PLUGGED and reading.plug is Plug.PLUGGED
    if stood and reading.read_at - last.read_at <= UNASKED:
        return False
    if known is None or known.soc_pct is None or reading.soc_pct is None:
        return True
    given_pct = 0.0
    if reading.charge is Charge.CHARGING:
        span = max(reading.read_at - last.read_at, SEEN_LATE)
        given_pct = ROUNDING_PCT + _most_pct(site, vehicle, span)
    return not known.soc_pct <= reading.soc_pct <= known.soc_pct + given_pct


def is_lower(before: Memory, reading: Reading) -> bool:
    """Return whether the battery lost charge since the last level: the car has been driven, seen or not."""
    last = before.soc_reading
    if last is None or last.soc_pct is None or reading.soc_pct is None or before.plugged_since is None:
        return False
    return reading.soc_pct <= last.soc_pct - DROP_PCT


def is_faster(site: Site, vehicle: Vehicle, last: Reading | None, reading: Reading) -> bool:
    """Return whether the battery gained more between two readings than the chargers of the plans could have given."""
    if last is None or last.soc_pct is None or reading.soc_pct is None:
        return False
    span = max(reading.at - last.at, timedelta(0))
    return reading.soc_pct - last.soc_pct - ROUNDING_PCT > _most_pct(site, vehicle, span)


def is_steady(one: Reading, two: Reading, three: Reading) -> bool:
    """Return whether the levels of three reports rose twice, and about as fast: that is a charge, and no lie."""
    if one.soc_pct is None or two.soc_pct is None or three.soc_pct is None:
        return False
    first = _gain(one.soc_pct, two.soc_pct, two.at - one.at)
    second = _gain(two.soc_pct, three.soc_pct, three.at - two.at)
    return 0 < first <= AGREE * second and 0 < second <= AGREE * first


def _gain(start_pct: float, end_pct: float, span: timedelta) -> float:
    return (end_pct - start_pct) / max(span / timedelta(hours=1), 1 / 60)


def _most_pct(site: Site, vehicle: Vehicle, span: timedelta) -> float:
    """Return the most that the chargers of the plans give in a span of time, and half as much again."""
    chargers = {plan.charger for plan in site.plans_of(vehicle.name)} or set(site.chargers)
    rate = max((curve(vehicle.battery, site.chargers[name]).rate_per_h for name in chargers), default=0.0)
    return FAST * 100 * rate * (span / timedelta(hours=1))


def is_possible(site: Site, vehicle: Vehicle, before: Memory, reading: Reading) -> bool:
    """Return whether a car that stands plugged in can have this level, after the last one that it told."""
    known = before.soc_reading
    if known is not None and known.reported_at == reading.reported_at and known.soc_pct != reading.soc_pct:
        return False  # however often a report is read, it tells one level
    if before.plugged_since is None or reading.plug is Plug.UNPLUGGED:
        return True
    if is_lower(before, reading):
        # One that charges after a stop, with less than before, has been away however short: that tells a drive.
        stopped = before.stop_confirmed_at is not None and before.session is None
        return not is_seen_throughout(before, reading) or (stopped and reading.charge is Charge.CHARGING)
    return not is_faster(site, vehicle, before.soc_reading, reading)
