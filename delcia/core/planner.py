"""The one planner: from a SoC and an instant to the segments in which a plan charges until its target.

`project` is what report and simulate show and what `core.deciding` asks, so they cannot disagree.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from delcia.core.energy import SPREAD, Curve, soc_after, wall_kwh_after, wall_kwh_to
from delcia.core.filling import (
    Fill,
    begun_at,
    choice_of,
    cut,
    deadline_of,
    end_of,
    fill,
    fill_chosen,
    minute_at,
    minutes_before,
)
from delcia.core.model import Duration, Plan, Site, ToSoc, tariff_of
from delcia.core.projection import Projection, Segment, Situation
from delcia.core.slots import (
    HORIZON,
    SLIVER,
    SOON,
    TINY_MIN,
    Slot,
    curve_of,
    learned_at,
    minimum_wanted,
    need_minutes,
    slots_of,
)
from delcia.core.tariffs import priced


def project(site: Site, plan: Plan, situation: Situation, now: datetime) -> Projection:
    """Return the coming charge of a plan, from `now` to its target; `now` and all instants are UTC."""
    model = curve_of(site, plan, situation.learned)
    soc, spread = situation.soc_pct / 100, spread_of(plan, situation)
    slots, need_min, (fills, slow) = _planned(site, plan, situation, now, spread, (1.0, 1 + spread))
    total_min = fills[-1].ends_min if fills else 0.0
    segments = _segments(site, plan, model, soc, fills)
    done = total_min >= need_min - TINY_MIN
    plan_slots = [slot for slot in slots if not slot.minimum]
    deadline = deadline_of(plan_slots, now, charging=begun_at(plan, situation) is not None)
    at_deadline = None
    if deadline is not None and deadline > now:
        at_deadline = 100 * soc_after(model, soc, minutes_before(fills, deadline)) if fills else situation.soc_pct
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
        completes_earliest=end_of(cut(fills, need_min * (1 - spread)), need_min * (1 - spread)),
        completes_latest=_later(completes, end_of(slow, need_min * (1 + spread))),
        minutes=total_min,
        energy_wall_kwh=wall_kwh_after(model, soc, total_min),
        energy_battery_kwh=model.usable_kwh * (soc_after(model, soc, total_min) - soc),
        deadline=deadline,
        soc_at_deadline_pct=at_deadline,
        reaches_target=done and (completes is None or deadline is None or completes - deadline < SLIVER),
        cost=None if tariff is None else sum((cost for cost in costs if cost is not None), Decimal(0)),
        currency=None if tariff is None else site.tariffs[tariff].currency,
        next_window=next(((item.window.start, item.window.end) for item in plan_slots if item.start < item.end), None),
    )


def segments_of(site: Site, plan: Plan, situation: Situation, now: datetime) -> tuple[Segment, ...]:
    """Return the segments that `project` returns, and nothing else: it takes no more to decide."""
    model, soc_pct = curve_of(site, plan, situation.learned), situation.soc_pct
    lowest = site.vehicles[plan.vehicle].minimum_soc_pct
    is_low = minimum_wanted(lowest, soc_pct, active=situation.minimum_active)
    if isinstance(plan.target, ToSoc) and soc_pct >= plan.target.soc_pct and not is_low:
        return ()
    _, _, (fills,) = _planned(site, plan, situation, now, spread_of(plan, situation), (1.0,))
    return _segments(site, plan, model, soc_pct / 100, fills)


def spread_of(plan: Plan, situation: Situation) -> float:
    """Return by which share of it a charge of a plan may take longer, or less long."""
    known = learned_at(plan, situation.learned)
    return 0.0 if isinstance(plan.target, Duration) else known.spread if known else SPREAD


def _later(completes: datetime | None, slow: datetime | None) -> datetime | None:
    """Return when the slowest car is done; where it is chosen otherwise than for the usual one, not before that."""
    return slow if slow is None or completes is None else max(slow, completes)


Filled = tuple[list[Slot], float, list[list[Fill]]]


def _planned(
    site: Site, plan: Plan, situation: Situation, now: datetime, spread: float, paces: Sequence[float]
) -> Filled:
    near = _filled(site, plan, situation, now, spread, paces, SOON)
    found = near or _filled(site, plan, situation, now, spread, paces, HORIZON)
    assert found is not None  # noqa: S101 - there is no further horizon
    return found


def _filled(
    site: Site,
    plan: Plan,
    situation: Situation,
    now: datetime,
    spread: float,
    paces: Sequence[float],
    horizon: timedelta,
) -> Filled | None:
    """Return the slots, the minutes needed, and the slots as filled by cars that take so many times as long.

    None where something further ahead than a near horizon could change it.
    """
    model = curve_of(site, plan, situation.learned)
    slots = slots_of(site, plan, situation, now, horizon)
    need_min = need_minutes(site, plan, situation, model, slots)
    choice = choice_of(site, plan, slots, situation, now)
    found = [
        fill_chosen(slots, choice, need_min, spread, pace) if choice else fill(slots, need_min * pace) for pace in paces
    ]
    if horizon < HORIZON:
        planned = [slot for slot in slots if not slot.minimum]
        done = all(
            (fills[-1].ends_min if fills else 0.0) >= need_min * pace - TINY_MIN
            for fills, pace in zip(found, paces, strict=True)
        )
        if not planned or not done or (planned[0].window.deadline or now) > now + SOON:
            return None
    return slots, need_min, found


def _segments(site: Site, plan: Plan, model: Curve, soc: float, fills: Sequence[Fill]) -> tuple[Segment, ...]:
    tariff = tariff_of(plan.when)
    segments = []
    had_kwh = 0.0
    for part in fills:
        pieces: list[tuple[datetime, datetime, str | None, Decimal | None]]
        if tariff is None:
            pieces = [(part.start, part.end, None, None)]
        else:
            bands = priced(site.tariffs[tariff], part.start, part.end)
            pieces = [(p.interval.start, p.interval.end, p.band, p.price_per_kwh) for p in bands]
        for start, end, band, price in pieces:
            last = minute_at(part, end)
            reached = soc_after(model, soc, last)
            all_kwh = wall_kwh_to(model, soc, reached, last)
            energy, had_kwh = all_kwh - had_kwh, all_kwh
            cost = None if price is None else Decimal(str(round(energy, 6))) * price
            slot = part.slot
            segments.append(
                Segment(start, end, slot.window.end, slot.minimum, band, price, energy, cost, 100 * reached),
            )
    return tuple(segments)


def _target_soc(plan: Plan, model: Curve, soc: float, need_min: float) -> float:
    if isinstance(plan.target, ToSoc):
        return float(plan.target.soc_pct)
    return 100 * soc_after(model, soc, need_min)
