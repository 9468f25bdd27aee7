"""The time in which a plan may charge, and how many minutes of it its target takes."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from delcia.core.clock import DAY, MINUTE, begin_instant, local_date, zone
from delcia.core.energy import Curve, charging_minutes, curve
from delcia.core.intervals import Interval
from delcia.core.learned import Learned
from delcia.core.means import means_of
from delcia.core.model import NOON_MIN, Duration, Energy, Once, Plan, Site, ToSoc
from delcia.core.projection import Situation
from delcia.core.windows import Window, powered, windows_of

HORIZON = 8 * DAY
SOON = 2 * DAY
"""Most charges are done by then: only where they are not, more of the time ahead is looked at."""
FAR = 400 * DAY
LOOK_BACK = timedelta(hours=26)
"""A window that is over belongs to a `ready_by` still to come for less than a day, and never for longer than this."""
RESUME_BELOW_PCT = 2
"""A latched target, and `minimum_soc`, are left by this much before charging begins, or ends, again."""
TINY_MIN = 1e-6
"""Rounding of floating minutes: less than this is nothing."""
SLIVER = timedelta(milliseconds=1)
"""The same of instants."""


@dataclass(frozen=True, slots=True)
class Slot:
    """Time in which a plan may charge, clipped to now; one without length is an end of the time outside windows."""

    start: datetime
    end: datetime
    window: Window
    minimum: bool = False


def curve_of(site: Site, plan: Plan, learned: tuple[Learned, ...] = ()) -> Curve:
    """Return how the plan's vehicle charges at the plan's charger, by what was learned of it there."""
    return curve(site.vehicles[plan.vehicle].battery, site.chargers[plan.charger], learned_at(plan, learned))


def learned_at(plan: Plan, learned: tuple[Learned, ...]) -> Learned | None:
    """Return what was learned at the charger of a plan, or None."""
    return next((item for item in learned if item.charger == plan.charger), None)


def noon_before(site: Site, instant: datetime) -> datetime:
    """Return the last noon of the site's zone at or before an instant."""
    tz = zone(site.timezone)
    day = local_date(instant, tz)
    noon = begin_instant(day, NOON_MIN, tz)
    return noon if noon <= instant else begin_instant(day - DAY, NOON_MIN, tz)


def noon_after(site: Site, instant: datetime) -> datetime:
    """Return the first noon of the site's zone after an instant."""
    tz = zone(site.timezone)
    noon = begin_instant(local_date(instant, tz), NOON_MIN, tz)
    return noon if noon > instant else begin_instant(local_date(instant, tz) + DAY, NOON_MIN, tz)


def counted_since(site: Site, plan: Plan | None, instant: datetime) -> datetime:
    """Return since when hours and energy are counted: from noon to noon, those of a trip from its beginning on."""
    if plan is None or not _is_counted_once(plan):
        return noon_before(site, instant)
    assert isinstance(plan.when, Once)  # noqa: S101 - narrows the type
    begins = plan.when.begins
    return begin_instant(begins.date(), 60 * begins.hour + begins.minute, zone(site.timezone))


def counted_until(site: Site, plan: Plan, since: datetime) -> datetime | None:
    """Return when a count that began at an instant ends; None for a trip, which is counted until it is over."""
    return None if _is_counted_once(plan) else noon_after(site, since)


def _is_counted_once(plan: Plan) -> bool:
    return isinstance(plan.when, Once) and plan.when.by_end


def noon_of(site: Site, slot: Slot) -> datetime:
    """Return the noon with which the day of a slot begins; one that ends at noon is of the day before."""
    return noon_before(site, min(slot.start, slot.end - SLIVER))


def minimum_wanted(minimum_soc_pct: int | None, soc_pct: float, *, active: bool) -> bool:
    """Return whether the car must charge at once: below its minimum, or on the way to two points above it."""
    if minimum_soc_pct is None:
        return False
    return soc_pct < minimum_soc_pct + (RESUME_BELOW_PCT if active else 0)


def slots_of(site: Site, plan: Plan, situation: Situation, now: datetime, horizon: timedelta = HORIZON) -> list[Slot]:
    """Return the time in which a plan may charge from now on, in order, without overlap."""
    vehicle = site.vehicles[plan.vehicle]
    slots: list[Slot] = []
    cursor = now
    if minimum_wanted(vehicle.minimum_soc_pct, situation.soc_pct, active=situation.minimum_active):
        model = curve_of(site, plan, situation.learned)
        goal = (vehicle.minimum_soc_pct or 0) + RESUME_BELOW_PCT
        need = timedelta(minutes=charging_minutes(model, situation.soc_pct / 100, min(goal, 100) / 100))
        slots = _minimum_slots(site, plan, Interval(now, now + horizon), need)
        cursor = slots[-1].end if slots else now
    windows = windows_of(site, plan, now, now + horizon)
    if not windows and horizon == HORIZON:
        windows = windows_of(site, plan, now, now + FAR)
    if not means_of(site, plan).ends_windows and windows:
        # Nothing ends a charge of this car with its window: it takes power from plugging in until it ends by itself.
        # One that is plugged in and stands waits for a start: it begins with its window.
        done = windows[0].start <= now and is_latched(plan, windows[0].end, situation)
        begins = max(now, windows[0].start) if situation.waits else now
        windows = windows[1:] if done else (Window(begins, begins + HORIZON, windows[0].deadline),)
    for window in windows:
        start = max(cursor, window.start)
        if start < window.end and not is_latched(plan, window.end, situation):
            slots.append(Slot(start, window.end, window))
            cursor = window.end
    ends = guaranteed(site, plan, situation, now)
    late = [end for end in ends if not any(slot.start < end.end <= slot.end for slot in slots if not slot.minimum)]
    return sorted([*slots, *late], key=lambda slot: (slot.start, slot.end)) if late else slots


def _minimum_slots(site: Site, plan: Plan, span: Interval, need: timedelta) -> list[Slot]:
    """Return the first time in a stretch in which the charger has power, as much as the minimum needs."""
    found: list[Slot] = []
    for part in powered(site, plan, span):
        end = min(part.end, part.start + need)
        if part.start < end:
            found.append(Slot(part.start, end, Window(part.start, end, None), minimum=True))
            need -= end - part.start
    return found


def guaranteed(site: Site, plan: Plan, situation: Situation, now: datetime) -> tuple[Slot, ...]:
    """Return by when the target of a plan is guaranteed, in order, as slots without length.

    That is each `ready_by` to come that has a window, also where its windows are over. What is counted from noon to
    noon ends at noon as well.
    """
    if not plan.guarantee or plan.ready_by_min is None or not means_of(site, plan).ends_windows:
        return ()
    found = set()
    for window in windows_of(site, plan, now - LOOK_BACK, now + SOON):
        if window.deadline is None or window.deadline <= now or is_latched(plan, window.deadline, situation):
            continue
        ends = {window.deadline}
        if not isinstance(plan.target, ToSoc):
            days = (noon_after(site, window.start), noon_after(site, window.end - SLIVER))
            ends = {min(noon, window.deadline) for noon in days}
        found |= {(end, window.deadline) for end in ends if end > now}
    return tuple(Slot(end, end, Window(end, deadline, deadline)) for end, deadline in sorted(found))


def need_minutes(site: Site, plan: Plan, situation: Situation, model: Curve, slots: list[Slot]) -> float:
    """Return the minutes of charging still wanted, and cut the slots to the noon-to-noon day they are counted in."""
    soc = situation.soc_pct / 100
    minimum = sum((slot.end - slot.start) / MINUTE for slot in slots if slot.minimum)
    full = charging_minutes(model, soc, 1.0)
    match plan.target:
        case ToSoc(soc_pct):
            return max(minimum, charging_minutes(model, soc, soc_pct / 100))
        case Duration() | Energy():
            # Charging to the minimum is nobody's: no plan counts it.
            return min(full, minimum + _keep_one_day(site, plan, situation, model, slots))


def is_latched(plan: Plan, end: datetime, situation: Situation) -> bool:
    """Return whether the target was reached in the window of this end, and is not left by much since."""
    if (plan.name, end) not in situation.latched or not isinstance(plan.target, ToSoc):
        return False
    return situation.soc_pct > plan.target.soc_pct - RESUME_BELOW_PCT


def _keep_one_day(site: Site, plan: Plan, situation: Situation, model: Curve, slots: list[Slot]) -> float:
    """Keep the slots of the first noon-to-noon day with something left to deliver; return those minutes."""
    if _is_counted_once(plan):
        left = _left_minutes(plan, situation, model, counted_since(site, plan, slots[0].start)) if slots else 0.0
        slots[:] = [slot for slot in slots if left > TINY_MIN or slot.minimum]
        return max(left, 0.0)
    pieces = [piece for slot in slots for piece in _cut_at_noons(site, slot)]
    for noon in dict.fromkeys(noon_of(site, piece) for piece in pieces if not piece.minimum):
        left = _left_minutes(plan, situation, model, noon)
        if left > TINY_MIN:
            slots[:] = [piece for piece in pieces if piece.minimum or noon_of(site, piece) == noon]
            return left
    slots[:] = [piece for piece in pieces if piece.minimum]
    return 0.0


def _left_minutes(plan: Plan, situation: Situation, model: Curve, noon: datetime) -> float:
    had = next((d for d in situation.delivered if d.plan == plan.name and d.since == noon), None)
    if isinstance(plan.target, Duration):
        return plan.target.minutes - (had.minutes if had else 0.0)
    assert isinstance(plan.target, Energy)  # noqa: S101 - narrows the type; the caller matched
    return 60 * model.factor * (plan.target.energy_kwh - (had.energy_wall_kwh if had else 0.0)) / model.wall_kw


def _cut_at_noons(site: Site, slot: Slot) -> list[Slot]:
    pieces = [slot] if slot.start == slot.end else []
    start = slot.start
    while start < slot.end:
        end = min(slot.end, noon_after(site, start))
        pieces.append(Slot(start, end, slot.window, slot.minimum))
        start = end
    return pieces
