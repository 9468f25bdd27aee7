"""A report as JSON-able data, schema delcia/report/1: instants in UTC, money as decimal text, unknown is null."""

from typing import Any

from delcia.core.projection import Projection, Segment
from delcia.report.holding import standing_data
from delcia.report.numbers import money
from delcia.report.rows import PlanRow, Report, VehicleRow, basis_of, range_km
from delcia.report.words import instant


def data_of(report: Report) -> dict[str, Any]:
    """Return the data of `report --json`."""
    return {
        "schema": "delcia/report/1",
        "now": instant(report.now),
        "plans": [_plan(vehicle, row) for vehicle in report.rows for row in vehicle.plans],
        "vehicles": [_together(row) for row in report.rows],
    }


def _plan(vehicle: VehicleRow, row: PlanRow) -> dict[str, Any]:
    found: Projection = row.projection
    situation = vehicle.situation
    return {
        "plan": found.plan,
        "vehicle": found.vehicle,
        "charger": found.charger,
        "means": row.means,
        "not_enforced": list(row.not_enforced),
        "soc_pct": _tenth(situation.soc_pct),
        "soc_at": instant(situation.soc_at),
        "soc_basis": situation.basis,
        "target_soc_pct": _tenth(found.target_soc_pct),
        "starts_at": instant(found.starts_at),
        "completes_at": instant(found.completes_at),
        "completes_earliest": instant(found.completes_earliest),
        "completes_latest": instant(found.completes_latest),
        "estimate": estimate_data(vehicle, row),
        "charging_minutes": _tenth(found.minutes),
        "energy_wall_kwh": _milli(found.energy_wall_kwh),
        "energy_battery_kwh": _milli(found.energy_battery_kwh),
        "ready_by": instant(found.deadline),
        "soc_at_ready_by_pct": None if found.soc_at_deadline_pct is None else _tenth(found.soc_at_deadline_pct),
        "range_at_ready_by_km": range_km(row, found.soc_at_deadline_pct),
        "reaches_target": found.reaches_target,
        "cost": money(found.cost),
        "currency": found.currency,
        "segments": [_segment(item) for item in found.segments],
    }


def _together(row: VehicleRow) -> dict[str, Any]:
    """Return what the plans of a vehicle come to together; one plan alone is the vehicle's total."""
    found = row.together
    return {
        "vehicle": row.vehicle.name,
        "plans": [item.plan.name for item in row.plans],
        "hold": standing_data(row.vehicle, row.standing),
        "together": None
        if found is None
        else {
            "intervals": [{"starts_at": instant(item.start), "ends_at": instant(item.end)} for item in found.intervals],
            "energy_wall_kwh": _milli(found.energy_wall_kwh),
            "cost": money(found.cost),
            "currency": found.currency,
            "ready_by": instant(found.ready_by),
            "soc_at_ready_by_pct": None if found.soc_at_ready_by_pct is None else _tenth(found.soc_at_ready_by_pct),
            "range_at_ready_by_km": range_km(row, found.soc_at_ready_by_pct),
        },
    }


def estimate_data(vehicle: VehicleRow, row: PlanRow) -> dict[str, Any]:
    """Return on what the times rest: the model or the owner's numbers alone, or charges that were seen."""
    known = basis_of(row)
    return {
        "basis": "learned" if known.entries else "own" if vehicle.vehicle.model is None else "prior",
        "factor": round(known.factor, 3),
        "charges": known.entries,
        "charges_of_list": known.listed,
        "spread_pct": round(100 * known.spread, 1),
        "held": known.clamped,
    }


def _segment(item: Segment) -> dict[str, Any]:
    return {
        "starts_at": instant(item.start),
        "ends_at": instant(item.end),
        "band": item.band,
        "price_per_kwh": None if item.price_per_kwh is None else str(item.price_per_kwh),
        "energy_wall_kwh": _milli(item.energy_wall_kwh),
        "cost": money(item.cost),
    }


def _tenth(number: float) -> float:
    return round(number, 1)


def _milli(number: float) -> float:
    return round(number, 3)
