"""What a report says of each vehicle and each plan: the values that all of its forms show."""

from dataclasses import dataclass
from datetime import datetime

from delcia.core.learned import Learned
from delcia.core.means import means, means_for, means_of, not_enforced
from delcia.core.model import Plan, Site, Vehicle
from delcia.core.projection import Projection, Situation
from delcia.core.state import Memory
from delcia.core.together import Together, outlook
from delcia.core.trips import with_trip
from delcia.core.unheld import running_of
from delcia.core.wishes import counts_from, settle, situation_of
from delcia.report.holding import NOTHING, Standing, standing_of

TOLD_FROM_PCT = 10
"""Below this SoC the range in whole km tells too little of how far a point goes."""


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One plan and its projection. `km_per_pct` is how far a point of the battery goes, if the car told its range.

    `memory` is that of the vehicle, as in its own row.
    """

    plan: Plan
    projection: Projection
    means: str
    not_enforced: tuple[str, ...]
    km_per_pct: float | None = None
    memory: Memory | None = None


@dataclass(frozen=True, slots=True)
class VehicleRow:
    """One vehicle: what it starts from, what is remembered of it if anything, its plans, and these together."""

    vehicle: Vehicle
    situation: Situation
    memory: Memory | None
    means: str
    plans: tuple[PlanRow, ...]
    together: Together | None = None
    km_per_pct: float | None = None
    standing: Standing = NOTHING


@dataclass(frozen=True, slots=True)
class Report:
    """All rows, as of `now` (UTC); times are shown in the site's zone."""

    site: Site
    now: datetime
    rows: tuple[VehicleRow, ...]
    source: str


def range_km(row: PlanRow | VehicleRow, soc_pct: float | None) -> int | None:
    """Return how far the car goes with a SoC, by what it told of itself; None when it told nothing."""
    return None if row.km_per_pct is None or soc_pct is None else round(row.km_per_pct * soc_pct)


def basis_of(row: PlanRow) -> Learned:
    """Return what was learned where a plan charges, or that nothing was."""
    found = row.projection
    return next((item for item in found.situation.learned if item.charger == found.charger), Learned(found.charger))


def _km_per_pct(memory: Memory | None) -> float | None:
    told = memory.soc_reading if memory is not None else None
    if told is None or told.range_km is None or told.soc_pct is None or told.soc_pct < TOLD_FROM_PCT:
        return None
    return told.range_km / told.soc_pct


def build(
    site: Site,
    memories: dict[str, Memory],
    now: datetime,
    *,
    source: str,
    plan: str | None,
    soc_pct: float | None,
    homeless: frozenset[str] = frozenset(),
) -> Report:
    """Return the report of a site; `soc_pct` stands in for what the cars said, `plan` limits it to one plan.

    `homeless` are the accounts for which this host knows no home.
    """
    rows, applied = [], site
    for _, vehicle in sorted(applied.vehicles.items()):
        site = with_trip(applied, vehicle, memories.get(vehicle.name, Memory()), now)
        plans = [found for found in site.plans_of(vehicle.name) if plan is None or found.name == plan]
        if not plans and plan is not None:
            continue
        memory = memories.get(vehicle.name)
        settled = settle(site, vehicle, memory or Memory(), now)
        situation = situation_of(site, vehicle, settled, now)
        if soc_pct is not None:
            situation = Situation(soc_pct, now, "given", learned=settled.learned)
        plans_at = max(now, counts_from(settled, now) or now) if soc_pct is None else now
        running = None if memory is None or soc_pct is not None else running_of(site, vehicle, settled, now)
        goes_on = running is not None and running.until is None
        found_all = outlook(site, vehicle, situation, plans_at, site.plans_of(vehicle.name), running=running)
        projected = [(found, projection) for found, projection in found_all.plans if found in plans]
        rows.append(
            VehicleRow(
                vehicle=vehicle,
                situation=situation,
                memory=None if memory is None else settled,
                means=means(means_for(site, vehicle)),
                plans=tuple(
                    PlanRow(
                        found,
                        projection,
                        means(means_of(site, found)),
                        not_enforced(site, found),
                        _km_per_pct(memory),
                        None if memory is None else settled,
                    )
                    for found, projection in projected
                ),
                together=found_all.together if len(projected) > 1 or goes_on else None,
                km_per_pct=_km_per_pct(memory),
                standing=standing_of(
                    site,
                    vehicle,
                    None if memory is None else settled,
                    now,
                    soc_pct,
                    homeless=vehicle.account in homeless,
                ),
            )
        )
    return Report(applied, now, tuple(rows), source)
