"""The one planner: from a SoC and an instant to the segments in which a plan charges until its target.

`project` is what report and simulate show and what `core.deciding` asks, so they cannot disagree.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from delcia.core.energy import SPREAD, Curve, soc_after, wall_kwh_after
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
from delcia.core.slots import TINY_MIN, curve_of, learned_at, need_minutes, slots_of
from delcia.core.tariffs import priced


def project(site: Site, plan: Plan, situation: Situation, now: datetime) -> Projection:
    """Return the coming charge of a plan, from `now` to its target; `now` and all instants are UTC."""
    model = curve_of(site, plan, situation.learned)
    soc = situation.soc_pct / 100
    slots = slots_of(site, plan, situation, now)
    need_min = need_minutes(site, plan, situation, model, slots)
    known = learned_at(plan, situation.learned)
    spread = 0.0 if isinstance(plan.target, Duration) else known.spread if known else SPREAD
    choice = choice_of(site, plan, slots, situation, now)
    slow = fill_chosen(slots, choice, need_min, spread) if choice else fill(slots, need_min * (1 + spread))
    fills, quick = cut(slow, need_min), cut(slow, need_min * (1 - spread))
    total_min = fills[-1].ends_min if fills else 0.0
    segments = _segments(site, plan, model, soc, fills)
    done = total_min >= need_min - TINY_MIN
    plan_slots = [slot for slot in slots if not slot.minimum]
    deadline = deadline_of(plan_slots, now, charging=begun_at(plan, situation) is not None)
    if choice is not None and choice.deadlines and deadline is not None:
        deadline = min(deadline, choice.deadlines[0])
    at_deadline = None
    if deadline is not None:
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
        completes_earliest=end_of(quick, need_min * (1 - spread)),
        completes_latest=end_of(slow, need_min * (1 + spread)),
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
            all_kwh = wall_kwh_after(model, soc, last)
            energy, had_kwh = all_kwh - had_kwh, all_kwh
            cost = None if price is None else Decimal(str(round(energy, 6))) * price
            soc_pct = 100 * soc_after(model, soc, last)
            slot = part.slot
            segments.append(
                Segment(start, end, slot.window.end, slot.minimum, band, price, energy, cost, soc_pct),
            )
    return tuple(segments)


def _target_soc(plan: Plan, model: Curve, soc: float, need_min: float) -> float:
    if isinstance(plan.target, ToSoc):
        return float(plan.target.soc_pct)
    return 100 * soc_after(model, soc, need_min)
