"""The status of the cars for other programs, schema delcia/panel/1: what a home automation shows, and nothing more."""

from typing import Any

from delcia.core.state import Memory
from delcia.panel.house import Seen
from delcia.panel.view import override_kind
from delcia.report.data import estimate_data
from delcia.report.holding import standing_data
from delcia.report.numbers import money
from delcia.report.rows import VehicleRow
from delcia.report.words import instant

SCHEMA = "delcia/panel/1"


def api_data(seen: Seen) -> dict[str, Any]:
    """Return the data of `GET /api/status`."""
    return {
        "schema": SCHEMA,
        "now": instant(seen.status.now),
        "vehicles": {row.vehicle.name: _vehicle(row) for row in seen.report.rows},
    }


def _vehicle(row: VehicleRow) -> dict[str, Any]:
    memory = row.memory or Memory()
    reading, told, session = memory.reading, memory.soc_reading, memory.session
    known = row.situation.basis != "assumed"
    coming = [plan for plan in row.plans if plan.projection.segments]
    plan = min(coming, key=lambda found: found.projection.segments[0].start, default=None)
    nearest = plan and plan.projection
    return {
        "soc_pct": round(row.situation.soc_pct, 1) if known else None,
        "soc_basis": row.situation.basis if known else None,
        "range_km": told.range_km if told else None,
        "plug": reading.plug.value if reading else "unknown",
        "charge": reading.charge.value if reading else "unknown",
        "charging": session is not None,
        "owner": session.owner.value if session else None,
        "reported_at": instant(row.situation.soc_at) if known else None,
        "hold": standing_data(row.vehicle, row.standing),
        "override": override_kind(memory),
        "override_until": instant(memory.override.until) if memory.override else None,
        "next_start": instant(nearest.segments[0].start) if nearest else None,
        "completes_at": instant(nearest.completes_at) if nearest else None,
        "estimate": plan and estimate_data(row, plan),
        "energy_wall_kwh": round(nearest.energy_wall_kwh, 3) if nearest else None,
        "cost": money(nearest.cost) if nearest else None,
        "currency": nearest.currency if nearest else None,
    }
