"""A trip: one charge to a target by a time, asked by a person; it stands beside the plans and ends by itself."""

from dataclasses import replace
from datetime import datetime, timedelta

from delcia.core.clock import MINUTE, zone
from delcia.core.energy import charging_minutes
from delcia.core.means import means_of
from delcia.core.model import Duration, InBands, Once, Plan, Site, ToSoc, Vehicle, tariff_of
from delcia.core.state import Memory, Override, Trip
from delcia.core.told import told_charger
from delcia.core.wishes import charging_curve, soc_now

TRIP = "trip of "
SPARE = timedelta(minutes=30)
SLOWER = 1.1
"""By how much longer than expected a charge may take."""


def trip_plan(vehicle: str) -> str:
    """Return the name that a vehicle's trip has among the plans: no plan of a file can have it."""
    return f"{TRIP}{vehicle}"


def with_trip(site: Site, vehicle: Vehicle, memory: Memory, now: datetime) -> Site:
    """Return the site with the plan that a vehicle's trip is, if there is one."""
    trip = memory.override
    if not isinstance(trip, Trip) or now >= trip.until:
        return site
    plans = [plan for plan in site.plans_of(vehicle.name) if plan.name != trip_plan(vehicle.name)]
    chargers = [plan.charger for plan in plans] or sorted(site.chargers)
    if not chargers:
        return site
    told = told_charger(site, vehicle, trip.charger, trip.amps)
    if told is not None:
        chargers, site = [told.name], replace(site, chargers={**site.chargers, told.name: told})
    named = [name for plan in plans if (name := tariff_of(plan.when)) is not None]
    tz = zone(site.timezone)
    plan = Plan(
        name=trip_plan(vehicle.name),
        vehicle=vehicle.name,
        charger=chargers[0],
        target=ToSoc(trip.to_soc_pct) if trip.minutes is None else Duration(trip.minutes),
        when=InBands("", ()),
        policy="asap" if trip.starts_at is not None else "cheapest" if named else "late",
    )
    begins = trip.starts_at or trip.asked_at
    if trip.starts_at is None and not means_of(site, plan).ends_windows:
        begins = max(begins, _latest_start(site, vehicle, memory, trip, now))
    walls = ((instant.astimezone(tz)).replace(tzinfo=None, second=0, microsecond=0) for instant in (begins, trip.until))
    begin, end = walls
    plan = replace(plan, when=Once(begin, end, named[0] if named else None, by_end=True))
    return replace(site, plans={**site.plans, plan.name: plan})


def is_trip(plans: tuple[str, ...], vehicle: Vehicle) -> bool:
    """Return whether a vehicle's trip is among these plans."""
    return trip_plan(vehicle.name) in plans


def is_by_time(override: Override | None, plans: tuple[str, ...]) -> bool:
    """Return whether a trip that is for so long, whatever SoC that brings, is among the plans that want to charge."""
    timed = isinstance(override, Trip) and override.minutes is not None
    return timed and any(name.startswith(TRIP) for name in plans)


def _latest_start(site: Site, vehicle: Vehicle, memory: Memory, trip: Trip, now: datetime) -> datetime:
    """Return when a car begins at the latest that nothing interrupts: it charges from then on."""
    if trip.minutes is not None:
        return trip.until - trip.minutes * MINUTE
    soc_pct, _, _ = soc_now(site, vehicle, memory, now)
    model = charging_curve(site, vehicle, memory)
    need = charging_minutes(model, soc_pct / 100, trip.to_soc_pct / 100) * SLOWER * MINUTE
    return trip.until - need - SPARE
