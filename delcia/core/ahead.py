"""Looking ahead for the owner: what keeps tonight's plan from being kept, while something can be done about it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from delcia.core.clock import DAY, MINUTE, begin_instant, local_date, past_clock, zone
from delcia.core.commands import RESEND
from delcia.core.evidence import is_fresh
from delcia.core.model import Site, ToSoc, Vehicle
from delcia.core.projection import Projection
from delcia.core.state import Memory, Plug
from delcia.core.together import expected
from delcia.core.unheld import running_of
from delcia.core.wishes import counts_from, situation_of

EVENING_MIN = (19 * 60, 22 * 60)
"""When the owner is at home and awake, and the cheap hours are still to come; in minutes after midnight."""
LOOKS_MIN = (19 * 60, 21 * 60 + 15)
"""When the car is asked for it: as the evening begins, and once more while there is time to plug it in."""
PATIENCE = timedelta(minutes=30)
"""How long the car may be out of reach at that hour before the owner is told."""
TONIGHT = timedelta(hours=18)
SHORT_PCT, FAR_SHORT_PCT = 2.0, 20.0
"""How far from the target the owner hears of it, and is woken for it; and by how much it grows to be told again."""
UNHEEDED = 3
"""So many starts that nothing answered, and nobody counts on the next one."""


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A plan that will not be ready: by which instant, and in words and points."""

    plan: str
    deadline: datetime
    words: str
    missing_pct: float

    @property
    def far(self) -> bool:
        """Whether a night can be saved by whoever knows of it."""
        return self.missing_pct >= FAR_SHORT_PCT


def look_began(site: Site, memory: Memory, now: datetime) -> datetime | None:
    """Return when the look ahead was due that has not been done; None when there is none."""
    done, tz = memory.looked_ahead_at, zone(site.timezone)
    end = begin_instant(local_date(now, tz), EVENING_MIN[1], tz)
    for due in _looks(site, now):
        if due <= now < min(due + 2 * PATIENCE, end) and not (done is not None and due <= done <= now):
            return due
    return None


def next_look(site: Site, now: datetime) -> datetime:
    """Return when the next look ahead begins."""
    tomorrow = _looks(site, now + DAY)
    return next(look for look in (*_looks(site, now), *tomorrow) if look > now)


def evening_began(site: Site, now: datetime) -> datetime | None:
    """Return when the evening began in which the owner is told what keeps the night from going well; else None."""
    tz = zone(site.timezone)
    begin, end = (begin_instant(local_date(now, tz), minute, tz) for minute in EVENING_MIN)
    return begin if begin <= now < end else None


def _looks(site: Site, now: datetime) -> tuple[datetime, ...]:
    tz = zone(site.timezone)
    return tuple(begin_instant(local_date(now, tz), minute, tz) for minute in LOOKS_MIN)


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
    heard_at, before = seen.heard_at or seen.read_at, memory.asleep
    same = before is not None and seen.reported_at == before.reported_at
    unheard = heard_at < woken_at or (heard_at == woken_at and same)
    return seen.plug is not Plug.PLUGGED and unheard and woken_at >= began


def unplugged_words(site: Site, memory: Memory, found: Projection, now: datetime) -> str:
    """Return `spring: not plugged in; needs 3 h 50 from 01:38`; an empty text when it is, or may be, plugged in."""
    reading = memory.reading
    if reading is None or reading.plug is not Plug.UNPLUGGED or found.starts_at is None:
        return ""
    tz = zone(site.timezone)
    said = "not plugged in"
    if not is_fresh(reading, now):
        said = f"said at {past_clock(reading.at, now, tz)} that it is not plugged in; not heard of since"
    hours, minutes = divmod(round(found.minutes), 60)
    needs = f"{hours} h {minutes:02}" if hours else f"{minutes} min"
    if found.situation.basis == "assumed":
        needs = "to be charged"
    return f"{found.vehicle}: {said}; needs {needs} from {found.starts_at.astimezone(tz):%H:%M}"


def shortfalls(
    site: Site, vehicle: Vehicle, memory: Memory, now: datetime, *, stuck: bool = False
) -> tuple[Shortfall, ...]:
    """Return the plans of a car that is plugged in which will miss their target at their `ready_by`.

    `stuck`: it does not charge though it should, and will not unless something changes. While it has yet to answer its
    first starts, a few points are no finding.
    """
    if memory.reading is None or memory.reading.plug is not Plug.PLUGGED:
        return ()
    if counts_from(memory, now) is None:
        return ()
    command = memory.command
    asked = memory.session is None and command is not None and command.kind == "start" and command.confirmed_at is None
    unheeded = asked and command is not None and command.tries >= UNHEEDED and now - command.sent_at >= RESEND
    least = FAR_SHORT_PCT if asked and not unheeded else SHORT_PCT
    found = []
    for item in _projections(site, vehicle, memory, now):
        at_end, deadline, plan = item.soc_at_deadline_pct, item.deadline, site.plans[item.plan]
        if deadline is None or item.situation.basis == "assumed" or not isinstance(plan.target, ToSoc):
            continue
        unless = stuck or unheeded
        at_end = item.situation.soc_pct if unless else at_end
        missing = 0.0 if at_end is None else plan.target.soc_pct - at_end
        if at_end is None or missing < least or not now + MINUTE < deadline <= now + TONIGHT:
            continue
        hour, target = f"{deadline.astimezone(zone(site.timezone)):%H:%M}", plan.target.soc_pct
        words = f"{vehicle.name}: will be {at_end:.0f} % at {hour}, not {target} %"
        if unless:
            words = f"{vehicle.name}: will be {at_end:.0f} % at {hour}, not {target} %, unless it begins to charge"
        found.append(Shortfall(plan.name, deadline, words, missing))
    return tuple(found)


def news_of(found: tuple[Shortfall, ...], told: tuple[tuple[str, datetime, float], ...]) -> tuple[Shortfall, ...]:
    """Return what of it is to be told: what was not told of its night, is far now, or has grown by as much again."""
    known: dict[tuple[str, datetime], float] = {}
    for plan, deadline, points in told:
        known[plan, deadline] = max(points, known.get((plan, deadline), 0.0))
    return tuple(
        item
        for item in found
        if (last := known.get((item.plan, item.deadline))) is None
        or (item.far and last < FAR_SHORT_PCT)
        or item.missing_pct >= last + FAR_SHORT_PCT
    )


def _projections(site: Site, vehicle: Vehicle, memory: Memory, now: datetime) -> list[Projection]:
    situation, plans_at = situation_of(site, vehicle, memory, now), max(now, counts_from(memory, now) or now)
    running = running_of(site, vehicle, memory, now)
    return expected(site, vehicle, situation, plans_at, site.plans_of(vehicle.name), running=running)
