"""What the plans of one vehicle come to together: their segments laid over each other, no minute charged twice.

Each plan is projected as if it were alone. Here one battery fills through all of them, in the order of time, in each
stretch up to the highest target of the plans that want it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from delcia.core.clock import MINUTE
from delcia.core.energy import RESUME_MIN, charging_minutes, soc_after, wall_kwh_after
from delcia.core.intervals import Interval, union
from delcia.core.model import Plan, Site, ToSoc, tariff_of
from delcia.core.projection import Projection, Segment, Situation
from delcia.core.slots import curve_of
from delcia.core.tariffs import priced


@dataclass(frozen=True, slots=True)
class Together:
    """The coming charge of a vehicle. Cost is None without a price, or where plans have other currencies.

    `intervals` are half-open and apart; `ready_by` is the next one of all plans. `soc_pct` is the SoC at the end.
    """

    intervals: tuple[Interval, ...]
    energy_wall_kwh: float
    cost: Decimal | None
    currency: str | None
    ready_by: datetime | None
    soc_at_ready_by_pct: float | None
    soc_pct: float


LEAST_MIN = 1 / 60
"""What is less than a second is the rounding of a battery that has what it should."""


@dataclass(frozen=True, slots=True)
class _Piece:
    interval: Interval
    soc_pct: float
    energy_wall_kwh: float
    cost: Decimal | None
    currency: str | None


def together(site: Site, situation: Situation, plans: Sequence[tuple[Plan, Projection]]) -> Together:
    """Return what several plans of one vehicle come to, from the situation that each was projected from."""
    pieces: list[_Piece] = []
    soc_pct = situation.soc_pct
    edges = sorted({edge for _, found in plans for item in found.segments for edge in (item.start, item.end)})
    # Of one that is past the SoC is not told.
    ahead = [found for _, found in plans if found.soc_at_deadline_pct is not None]
    deadline = min((found.deadline for found in ahead if found.deadline is not None), default=None)
    if deadline is not None:
        edges = sorted({*edges, deadline})
    for start, end in pairwise(edges):
        wanted = [
            (plan, item) for plan, found in plans for item in found.segments if item.start <= start and end <= item.end
        ]
        if wanted:
            taken_up = bool(pieces) and pieces[-1].interval.end < start
            piece = _piece(site, situation, wanted, Interval(start, end), soc_pct, RESUME_MIN if taken_up else 0.0)
            if piece is not None:
                pieces.append(piece)
                soc_pct = piece.soc_pct
    costs = [piece.cost for piece in pieces if piece.cost is not None]
    currencies = {piece.currency for piece in pieces}
    whole = len(costs) == len(pieces) and len(currencies) == 1
    before = [piece.soc_pct for piece in pieces if deadline is not None and piece.interval.end <= deadline]
    return Together(
        intervals=union(piece.interval for piece in pieces),
        energy_wall_kwh=sum(piece.energy_wall_kwh for piece in pieces),
        cost=sum(costs, Decimal(0)) if whole else None,
        currency=currencies.pop() if whole else None,
        ready_by=deadline,
        soc_at_ready_by_pct=None if deadline is None else (before[-1] if before else situation.soc_pct),
        soc_pct=soc_pct,
    )


def _piece(
    site: Site,
    situation: Situation,
    wanted: Sequence[tuple[Plan, Segment]],
    span: Interval,
    soc_pct: float,
    lost_min: float,
) -> _Piece | None:
    """Return what is charged in a stretch from a SoC on; None when the battery has all that is wanted by then."""
    goal_pct = max(_goal_pct(plan, item) for plan, item in wanted)
    model = max((curve_of(site, plan, situation.learned) for plan, _ in wanted), key=lambda found: found.battery_kw)
    need_min = charging_minutes(model, soc_pct / 100, goal_pct / 100)
    minutes = min(span.minutes - lost_min, need_min)
    if minutes < LEAST_MIN:
        return None
    energy = wall_kwh_after(model, soc_pct / 100, minutes)
    interval = Interval(span.start, span.start + timedelta(minutes=minutes + lost_min))
    named = [name for plan, _ in wanted if (name := tariff_of(plan.when)) is not None]
    cost = None
    if named:
        cost = Decimal(0)
        for part in priced(site.tariffs[named[0]], interval.start, interval.end):
            share = (part.interval.end - part.interval.start) / MINUTE / interval.minutes
            cost += Decimal(str(round(energy * share, 9))) * part.price_per_kwh
    currency = site.tariffs[named[0]].currency if named else None
    return _Piece(interval, 100 * soc_after(model, soc_pct / 100, minutes), energy, cost, currency)


def _goal_pct(plan: Plan, item: Segment) -> float:
    """Return up to which SoC a plan charges in a segment; what is asked for by time or energy has no such end."""
    if item.minimum:
        return item.soc_pct
    return float(plan.target.soc_pct) if isinstance(plan.target, ToSoc) else 100.0
