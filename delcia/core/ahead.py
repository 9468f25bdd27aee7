"""Looking ahead for the owner: what keeps tonight's plan from being kept, while something can be done about it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from delcia.core.clock import DAY, MINUTE, begin_instant, local_date, zone
from delcia.core.model import Site, ToSoc, Vehicle
from delcia.core.ownership import is_fresh
from delcia.core.planner import project
from delcia.core.projection import Projection
from delcia.core.state import Memory, Plug
from delcia.core.wishes import counts_from, situation_of

LOOK_MIN = 19 * 60
"""When the owner is at home and awake, and the cheap hours are still to come."""
PATIENCE = timedelta(minutes=30)
"""How long the car may be out of reach at that hour before the owner is told."""
TONIGHT = timedelta(hours=18)
SHORT_PCT, FAR_SHORT_PCT = 2.0, 20.0
"""How far from the target the owner hears of it, and is woken for it."""


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A plan that will not be ready: by which instant, and in words. `far`: by so much that a night can be saved."""

    plan: str
    deadline: datetime
    words: str
    far: bool


def look_began(site: Site, memory: Memory, now: datetime) -> datetime | None:
    """Return when the look ahead was due that has not been done; None when there is none."""
    tz = zone(site.timezone)
    due = begin_instant(local_date(now, tz), LOOK_MIN, tz)
    done = memory.looked_ahead_at is not None and due <= memory.looked_ahead_at <= now
    return due if due <= now < due + 2 * PATIENCE and not done else None


def next_look(site: Site, now: datetime) -> datetime:
    """Return when the next look ahead begins."""
    tz = zone(site.timezone)
    today = local_date(now, tz)
    looks = (begin_instant(day, LOOK_MIN, tz) for day in (today, today + DAY))
    return next(look for look in looks if look > now)


def tonight(site: Site, vehicle: Vehicle, memory: Memory, now: datetime) -> Projection | None:
    """Return the first charge that plans will begin tonight, None when they want none or are set aside."""
    if counts_from(memory, now) is None:
        return None
    coming = [item for item in _projections(site, vehicle, memory, now) if item.starts_at is not None]
    coming = [item for item in coming if item.starts_at is not None and item.starts_at - now < TONIGHT]
    return min(coming, key=lambda item: item.starts_at or now, default=None)


def is_awaited(memory: Memory, began: datetime, now: datetime) -> bool:
    """Return whether the car was asked to report for this look, and has time left to do so."""
    seen, woken_at = memory.reading, memory.woken_at
    if seen is None or woken_at is None or now - began >= PATIENCE:
        return False
    return seen.plug is not Plug.PLUGGED and seen.reported_at < woken_at and woken_at >= began


def unplugged_words(site: Site, memory: Memory, found: Projection, now: datetime) -> str:
    """Return `spring: not plugged in; needs 3 h 50 from 01:38`; an empty text when it is, or may be, plugged in."""
    reading = memory.reading
    if reading is None or reading.plug is not Plug.UNPLUGGED or found.starts_at is None:
        return ""
    tz = zone(site.timezone)
    said = "not plugged in"
    if not is_fresh(reading, now):
        said = f"said at {reading.reported_at.astimezone(tz):%H:%M} that it is not plugged in; not heard of since"
    hours, minutes = divmod(round(found.minutes), 60)
    needs = f"{hours} h {minutes:02}" if hours else f"{minutes} min"
    if found.situation.basis == "assumed":
        needs = "to be charged"
    return f"{found.vehicle}: {said}; needs {needs} from {found.starts_at.astimezone(tz):%H:%M}"


def shortfalls(site: Site, vehicle: Vehicle, memory: Memory, now: datetime) -> tuple[Shortfall, ...]:
    """Return the plans of a car that is plugged in which will miss their target at their `ready_by`."""
    if memory.reading is None or memory.reading.plug is not Plug.PLUGGED:
        return ()
    if counts_from(memory, now) is None:
        return ()
    found = []
    for item in _projections(site, vehicle, memory, now):
        at_end, deadline, plan = item.soc_at_deadline_pct, item.deadline, site.plans[item.plan]
        known = at_end is not None and deadline is not None and item.situation.basis != "assumed"
        if not known or at_end is None or deadline is None or not isinstance(plan.target, ToSoc):
            continue
        missing = plan.target.soc_pct - at_end
        if missing < SHORT_PCT or not now + MINUTE < deadline <= now + TONIGHT:
            continue
        hour = f"{deadline.astimezone(zone(site.timezone)):%H:%M}"
        words = f"{vehicle.name}: will be {at_end:.0f} % at {hour}, not {plan.target.soc_pct} %"
        found.append(Shortfall(plan.name, deadline, words, missing >= FAR_SHORT_PCT))
    return tuple(found)


def _projections(site: Site, vehicle: Vehicle, memory: Memory, now: datetime) -> list[Projection]:
    situation, plans_at = situation_of(site, vehicle, memory, now), max(now, counts_from(memory, now) or now)
    return [project(site, plan, situation, plans_at) for plan in site.plans_of(vehicle.name)]
