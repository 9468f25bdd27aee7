"""The one planner: from a SoC and an instant to the segments in which a plan charges until its target.

`project` is what report and simulate show and what `core.deciding` asks, so they cannot disagree.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from delcia.core.clock import DAY, begin_instant, local_date, zone
from delcia.core.energy import RESUME_MIN, SPREAD, Curve, charging_minutes, curve, soc_after, wall_kwh_after
from delcia.core.model import Duration, Energy, Plan, Site, ToSoc, tariff_of
from delcia.core.projection import Projection, Segment, Situation
from delcia.core.tariffs import priced
from delcia.core.windows import Window, windows_of

HORIZON = 8 * DAY
FAR = 400 * DAY
RESUME_BELOW_PCT = 2
"""A latched target, and `minimum_soc`, are left by this much before charging begins, or ends, again."""
NOON_MIN = 720
TINY_MIN = 1e-6
"""Rounding of floating minutes: less than this is nothing."""


@dataclass(frozen=True, slots=True)
class Slot:
    """Time in which a plan may charge, clipped to now."""

    start: datetime
    end: datetime
    window: Window
    minimum: bool = False


@dataclass(frozen=True, slots=True)
class Fill:
    """A slot as used: charging from `start` to `end`, being minutes `begins_min` to `ends_min` of the whole charge."""

    start: datetime
    end: datetime
    slot: Slot
    begins_min: float
    ends_min: float


def project(site: Site, plan: Plan, situation: Situation, now: datetime) -> Projection:
    """Return the coming charge of a plan, from `now` to its target; `now` and all instants are UTC."""
    model = curve_of(site, plan, situation.factor)
    soc = situation.soc_pct / 100
    slots = _slots(site, plan, situation, now)
    need_min = _need_minutes(site, plan, situation, model, slots)
    spread = 0.0 if isinstance(plan.target, Duration) else SPREAD
    slow = _fill(slots, need_min * (1 + spread))
    fills, quick = _cut(slow, need_min), _cut(slow, need_min * (1 - spread))
    total_min = fills[-1].ends_min if fills else 0.0
    segments = _segments(site, plan, model, soc, fills)
    done = total_min >= need_min - TINY_MIN
    plan_slots = [slot for slot in slots if not slot.minimum]
    deadline = plan_slots[0].window.deadline if plan_slots else None
    at_deadline = None
    if deadline is not None:
        at_deadline = 100 * soc_after(model, soc, _minutes_before(fills, deadline)) if fills else situation.soc_pct
    tariff = tariff_of(plan.when)
    costs = [segment.cost for segment in segments]
    completes = fills[-1].end if fills and done else None
    return Projection(
        plan=plan.name,
        vehicle=plan.vehicle,
        charger=plan.charger,
        situation=situation,
        target_soc_pct=_target_soc(plan, model, soc, need_min),
        segments=segments,
        completes_at=completes,
        completes_earliest=_end_of(quick, need_min * (1 - spread)),
        completes_latest=_end_of(slow, need_min * (1 + spread)),
        minutes=total_min,
        energy_wall_kwh=wall_kwh_after(model, soc, total_min),
        energy_battery_kwh=model.usable_kwh * (soc_after(model, soc, total_min) - soc),
        deadline=deadline,
        soc_at_deadline_pct=at_deadline,
        reaches_target=done and (completes is None or deadline is None or completes <= deadline),
        cost=None if tariff is None else sum((cost for cost in costs if cost is not None), Decimal(0)),
        currency=None if tariff is None else site.tariffs[tariff].currency,
        next_window=(plan_slots[0].window.start, plan_slots[0].window.end) if plan_slots else None,
    )


def curve_of(site: Site, plan: Plan, factor: float = 1.0) -> Curve:
    """Return how the plan's vehicle charges at the plan's charger."""
    return curve(site.vehicles[plan.vehicle].battery, site.chargers[plan.charger], factor)


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


def minimum_wanted(minimum_soc_pct: int | None, soc_pct: float, *, active: bool) -> bool:
    """Return whether the car must charge at once: below its minimum, or on the way to two points above it."""
    if minimum_soc_pct is None:
        return False
    return soc_pct < minimum_soc_pct + (RESUME_BELOW_PCT if active else 0)


def _slots(site: Site, plan: Plan, situation: Situation, now: datetime) -> list[Slot]:
    vehicle = site.vehicles[plan.vehicle]
    slots: list[Slot] = []
    cursor = now
    if minimum_wanted(vehicle.minimum_soc_pct, situation.soc_pct, active=situation.minimum_active):
        model = curve_of(site, plan, situation.factor)
        goal = (vehicle.minimum_soc_pct or 0) + RESUME_BELOW_PCT
        need = timedelta(minutes=charging_minutes(model, situation.soc_pct / 100, min(goal, 100) / 100))
        cursor = now + need
        slots.append(Slot(now, cursor, Window(now, cursor, None), minimum=True))
    windows = windows_of(site, plan, now, now + HORIZON) or windows_of(site, plan, now, now + FAR)
    if not vehicle.control.stop and windows:
        # Nothing ends a charge of this car: it takes power from plugging in until it is full.
        windows = (Window(now, now + HORIZON, windows[0].deadline),)
    for window in windows:
        start = max(cursor, window.start)
        if start < window.end and not _is_latched(plan, window, situation):
            slots.append(Slot(start, window.end, window))
            cursor = window.end
    return slots


def _is_latched(plan: Plan, window: Window, situation: Situation) -> bool:
    if (plan.name, window.end) not in situation.latched or not isinstance(plan.target, ToSoc):
        return False
    return situation.soc_pct > plan.target.soc_pct - RESUME_BELOW_PCT


def _need_minutes(site: Site, plan: Plan, situation: Situation, model: Curve, slots: list[Slot]) -> float:
    """Return the minutes of charging still wanted, and cut the slots to the noon-to-noon day they are counted in."""
    soc = situation.soc_pct / 100
    minimum = (slots[0].end - slots[0].start) / timedelta(minutes=1) if slots and slots[0].minimum else 0.0
    full = charging_minutes(model, soc, 1.0)
    match plan.target:
        case ToSoc(soc_pct):
            return max(minimum, charging_minutes(model, soc, soc_pct / 100))
        case Duration() | Energy():
            wanted = _keep_one_day(site, plan, situation, model, slots)
            return min(full, max(minimum, wanted))


def _keep_one_day(site: Site, plan: Plan, situation: Situation, model: Curve, slots: list[Slot]) -> float:
    """Keep the slots of the first noon-to-noon day with something left to deliver; return those minutes."""
    pieces = [piece for slot in slots for piece in _cut_at_noons(site, slot)]
    for noon in dict.fromkeys(noon_before(site, piece.start) for piece in pieces):
        left = _left_minutes(plan, situation, model, noon)
        if left > TINY_MIN:
            slots[:] = [piece for piece in pieces if piece.minimum or noon_before(site, piece.start) == noon]
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
    pieces = []
    start = slot.start
    while start < slot.end:
        end = min(slot.end, noon_after(site, start))
        pieces.append(Slot(start, end, slot.window, slot.minimum))
        start = end
    return pieces


def _fill(slots: list[Slot], need_min: float) -> list[Fill]:
    fills: list[Fill] = []
    used = 0.0
    for slot in slots:
        if used >= need_min - TINY_MIN:
            break
        lost = RESUME_MIN if fills and slot.start > fills[-1].end else 0.0
        available = (slot.end - slot.start) / timedelta(minutes=1) - lost
        take = min(available, need_min - used)
        if take > 0:
            fills.append(Fill(slot.start, slot.start + timedelta(minutes=take + lost), slot, used, used + take))
            used += take
    return fills


def _cut(fills: list[Fill], need_min: float) -> list[Fill]:
    """Return the fills of a shorter charge in the same slots."""
    kept = [fill for fill in fills if fill.begins_min < need_min - TINY_MIN]
    if kept and kept[-1].ends_min > need_min:
        last = kept[-1]
        spared = timedelta(minutes=last.ends_min - need_min)
        kept[-1] = replace(last, end=last.end - spared, ends_min=need_min)
    return kept


def _segments(site: Site, plan: Plan, model: Curve, soc: float, fills: list[Fill]) -> tuple[Segment, ...]:
    tariff = tariff_of(plan.when)
    segments = []
    had_kwh = 0.0
    for fill in fills:
        pieces: list[tuple[datetime, datetime, str | None, Decimal | None]]
        if tariff is None:
            pieces = [(fill.start, fill.end, None, None)]
        else:
            bands = priced(site.tariffs[tariff], fill.start, fill.end)
            pieces = [(p.interval.start, p.interval.end, p.band, p.price_per_kwh) for p in bands]
        for start, end, band, price in pieces:
            last = _minute_at(fill, end)
            all_kwh = wall_kwh_after(model, soc, last)
            energy, had_kwh = all_kwh - had_kwh, all_kwh
            cost = None if price is None else Decimal(str(round(energy, 6))) * price
            soc_pct = 100 * soc_after(model, soc, last)
            slot = fill.slot
            segments.append(
                Segment(start, end, slot.window.end, slot.minimum, band, price, energy, cost, soc_pct),
            )
    return tuple(segments)


def _minute_at(fill: Fill, instant: datetime) -> float:
    share = (instant - fill.start) / (fill.end - fill.start)
    return fill.begins_min + share * (fill.ends_min - fill.begins_min)


def _minutes_before(fills: list[Fill], instant: datetime) -> float:
    return max((_minute_at(fill, min(instant, fill.end)) for fill in fills if fill.start < instant), default=0.0)


def _end_of(fills: list[Fill], need_min: float) -> datetime | None:
    return fills[-1].end if fills and fills[-1].ends_min >= need_min - TINY_MIN else None


def _target_soc(plan: Plan, model: Curve, soc: float, need_min: float) -> float:
    if isinstance(plan.target, ToSoc):
        return float(plan.target.soc_pct)
    return 100 * soc_after(model, soc, need_min)
