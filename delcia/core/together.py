"""What all plans of one vehicle come to together, and what each is then for: no minute is promised twice.

A plan that is alone, of a car that does nothing unwanted, is as `planner.project` says; any other is read off the
course of the vehicle.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from delcia.core.course import Course, Piece, Running, course
from delcia.core.intervals import Interval, union
from delcia.core.model import Plan, Site, ToSoc, Vehicle, tariff_of
from delcia.core.planner import project, spread_of
from delcia.core.projection import Projection, Segment, Situation
from delcia.core.tariffs import priced

REACHED_PCT = 0.01
SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Together:
    """The coming charge of a vehicle. Cost is None without a price, or where plans have other currencies.

    `intervals` are half-open and apart; `ready_by` is the next one of all plans. `soc_pct` is the SoC at the end.
    `unheld_until` is how long a charge goes on that runs now and that no plan wants.
    """

    intervals: tuple[Interval, ...]
    energy_wall_kwh: float
    cost: Decimal | None
    currency: str | None
    ready_by: datetime | None
    soc_at_ready_by_pct: float | None
    soc_pct: float
    unheld_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is expected of a vehicle: each plan with its projection, by when it begins; and all of them together."""

    plans: tuple[tuple[Plan, Projection], ...]
    together: Together


def outlook(
    site: Site,
    vehicle: Vehicle,
    situation: Situation,
    now: datetime,
    plans: Sequence[Plan],
    *,
    running: Running | None = None,
) -> Outlook:
    """Return what is expected of a vehicle from an instant on, and whatever runs then."""
    found = course(site, vehicle, situation, now, plans, running=running)
    alone = [(plan, project(site, plan, situation, now)) for plan in plans]
    if len(alone) > 1 or any(not piece.plans for piece in found.pieces):
        spreads = {spread_of(plan, situation) for plan in plans}
        paces = {pace for spread in spreads for pace in (1 - spread, 1 + spread)}
        paced = {pace: course(site, vehicle, situation, now, plans, running=running, pace=pace) for pace in paces}
        alone = [
            (plan, _in_course(site, plan, one, found, (paced[1 - spread], paced[1 + spread])))
            for plan, one in alone
            for spread in (spread_of(plan, situation),)
        ]
    ordered = sorted(alone, key=lambda item: (item[1].starts_at is None, item[1].starts_at or now, item[0].name))
    return Outlook(tuple(ordered), _together(site, found, situation, [item for _, item in alone], now))


def expected(
    site: Site,
    vehicle: Vehicle,
    situation: Situation,
    now: datetime,
    plans: Sequence[Plan],
    *,
    running: Running | None = None,
) -> list[Projection]:
    """Return the projections of `outlook` without how early and late they may end: it takes no more to look ahead."""
    alone = [(plan, project(site, plan, situation, now)) for plan in plans]
    if len(alone) == 1 and running is None:
        return [alone[0][1]]
    found = course(site, vehicle, situation, now, plans, running=running)
    return [_in_course(site, plan, one, found, (found, found)) for plan, one in alone]


def _in_course(site: Site, plan: Plan, alone: Projection, found: Course, others: tuple[Course, Course]) -> Projection:
    """Return what a plan is for, beside the others: its own stretches, and what the car has by its `ready_by`."""
    done_at = found.done_at.get(plan.name)
    mine = [piece for piece in found.pieces if plan.name in piece.plans and _is_by(piece, done_at)]
    completes = mine[-1].interval.end if mine and done_at is not None else None
    deadline = alone.deadline
    at_deadline = None if alone.soc_at_deadline_pct is None or deadline is None else found.soc_at(deadline)
    ends = [_end_of(plan, course_) for course_ in others]
    tariff = tariff_of(plan.when)
    segments = tuple(segment for piece in mine for segment in segments_of_piece(site, piece, tariff))
    costs = [segment.cost for segment in segments if segment.cost is not None]
    return replace(
        alone,
        segments=segments,
        target_soc_pct=alone.target_soc_pct if isinstance(plan.target, ToSoc) or not mine else mine[-1].soc_pct,
        completes_at=completes,
        completes_earliest=ends[0] if completes else None,
        completes_latest=max(ends[1], completes) if completes and ends[1] else None,
        minutes=sum(piece.minutes for piece in mine),
        energy_wall_kwh=sum(piece.energy_wall_kwh for piece in mine),
        energy_battery_kwh=sum(piece.model.usable_kwh * (piece.soc_pct - piece.soc_from_pct) / 100 for piece in mine),
        soc_at_deadline_pct=at_deadline,
        reaches_target=_reaches(plan, done_at, deadline, at_deadline),
        cost=None if tariff is None else sum(costs, Decimal(0)),
    )


def _reaches(plan: Plan, done_at: datetime | None, deadline: datetime | None, at_deadline: float | None) -> bool:
    if isinstance(plan.target, ToSoc) and at_deadline is not None:
        return at_deadline >= plan.target.soc_pct - REACHED_PCT
    return done_at is not None and (deadline is None or at_deadline is None or done_at - deadline < SECOND)


def _is_by(piece: Piece, done_at: datetime | None) -> bool:
    return done_at is None or piece.interval.start < done_at


def _end_of(plan: Plan, found: Course) -> datetime | None:
    """Return when a plan has had its charge; None when it has it never, or without charging."""
    done_at = found.done_at.get(plan.name)
    mine = [piece for piece in found.pieces if plan.name in piece.plans and _is_by(piece, done_at)]
    return mine[-1].interval.end if mine and done_at is not None else None


def segments_of_piece(site: Site, piece: Piece, tariff: str | None) -> Iterator[Segment]:
    """Yield a stretch cut by the bands of a tariff, each with what flows in its minutes."""
    span = piece.interval
    parts: list[tuple[Interval, str | None, Decimal | None]] = [(span, None, None)]
    if tariff is not None:
        bands = priced(site.tariffs[tariff], span.start, span.end)
        parts = [(part.interval, part.band, part.price_per_kwh) for part in bands]
    had = 0.0
    for part, band, price in parts:
        by, soc_pct = piece.kwh_by(part.end), piece.soc_by(part.end)
        cost = None if price is None else Decimal(str(round(by - had, 6))) * price
        yield Segment(part.start, part.end, piece.window_end, piece.minimum, band, price, by - had, cost, soc_pct)
        had = by


def _together(site: Site, found: Course, situation: Situation, plans: Sequence[Projection], now: datetime) -> Together:
    """Return the sum of a course."""
    segments = [segment for piece in found.pieces for segment in segments_of_piece(site, piece, piece.stand.tariff)]
    costs = [segment.cost for segment in segments if segment.cost is not None]
    named = {piece.stand.tariff for piece in found.pieces}
    currencies = {site.tariffs[name].currency for name in named if name is not None}
    whole = len(costs) == len(segments) and len(currencies) == 1
    # Of one that is past the SoC is not told.
    ahead = [item.deadline for item in plans if item.deadline is not None and item.soc_at_deadline_pct is not None]
    deadline = min(ahead, default=None)
    unheld = [piece.interval.end for piece in _at_once(found, now) if not piece.plans]
    return Together(
        intervals=union(piece.interval for piece in found.pieces),
        energy_wall_kwh=sum(piece.energy_wall_kwh for piece in found.pieces),
        cost=sum(costs, Decimal(0)) if whole else None,
        currency=currencies.pop() if whole else None,
        ready_by=deadline,
        soc_at_ready_by_pct=None if deadline is None else found.soc_at(deadline),
        soc_pct=found.pieces[-1].soc_pct if found.pieces else situation.soc_pct,
        unheld_until=max(unheld, default=None),
    )


def _at_once(found: Course, now: datetime) -> Iterator[Piece]:
    """Yield the stretches from now on without a gap."""
    reached = now
    for piece in found.pieces:
        if piece.interval.start > reached + SECOND:
            return
        yield piece
        reached = piece.interval.end
