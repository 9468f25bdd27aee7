"""The consequence of a change for programs: schema delcia/consequence/1, instants in UTC, money as decimal text."""

from dataclasses import asdict
from typing import Any

from delcia.core.consequence import Night, Pair, PlanWeek, Ready, TimerLine, VehicleWeek
from delcia.core.intervals import Interval
from delcia.report.numbers import money
from delcia.report.weeks import Review
from delcia.report.words import instant

SCHEMA = "delcia/consequence/1"


def review_data(review: Review) -> dict[str, Any]:
    """Return the data of `diff --against REV --format json` (schemas/consequence.schema.json)."""
    found = review.found
    return {
        "schema": SCHEMA,
        "now": instant(found.now),
        "before": review.before,
        "after": review.after,
        "same": review.is_same,
        "digest": review.digest,
        "problems": [asdict(problem) for problem in review.problems],
        "assumed": {**asdict(found.assumed), "from": instant(found.week.start), "to": instant(found.week.end)},
        "differences": [asdict(item) for item in found.differences],
        "timers": [
            {
                "name": change.name,
                "action": change.action,
                "before": _timer(change.before),
                "after": _timer(change.after),
            }
            for change in found.timers
        ],
        "plans": [_pair(pair, _plan(pair.before), _plan(pair.after)) for pair in found.plans],
        "vehicles": [_pair(pair, _vehicle(pair.before), _vehicle(pair.after)) for pair in found.vehicles],
    }


def _pair(pair: Pair[Any], before: dict[str, Any] | None, after: dict[str, Any] | None) -> dict[str, Any]:
    return {"name": pair.name, "changed": pair.changed, "before": before, "after": after}


def _timer(lines: tuple[TimerLine, ...] | None) -> list[dict[str, str]] | None:
    return None if lines is None else [asdict(line) for line in lines]


def _plan(week: PlanWeek | None) -> dict[str, Any] | None:
    if week is None:
        return None
    return {
        "vehicle": week.plan.vehicle,
        "enabled": week.plan.enabled,
        "windows": [
            {"starts_at": instant(item.start), "ends_at": instant(item.end), "ready_by": instant(item.deadline)}
            for item in week.windows
        ],
        "charged": [_interval(part) for part in week.charged],
        **_sums(week),
    }


def _vehicle(week: VehicleWeek | None) -> dict[str, Any] | None:
    return None if week is None else {"nights": [_night(night) for night in week.nights], **_sums(week)}


def _sums(week: PlanWeek | VehicleWeek) -> dict[str, Any]:
    return {
        "energy_wall_kwh": round(week.energy_wall_kwh, 3),
        "cost": money(week.cost),
        "currency": week.currency,
        "ready": [_ready(item) for item in week.ready],
    }


def _night(night: Night) -> dict[str, Any]:
    return {
        "plugged_at": instant(night.stay.start),
        "unplugged_at": instant(night.stay.end),
        "soc_from_pct": round(night.soc_from_pct, 1),
        "soc_to_pct": round(night.soc_to_pct, 1),
        "charged": [_interval(part) for part in night.charged],
        "energy_wall_kwh": round(night.energy_wall_kwh, 3),
        "cost": money(night.cost),
    }


def _ready(item: Ready) -> dict[str, Any]:
    return {
        "plan": item.plan,
        "at": instant(item.at),
        "soc_pct": round(item.soc_pct, 1),
        "target_soc_pct": item.target_soc_pct,
        "plugged": item.plugged,
        "missed": item.missed,
    }


def _interval(part: Interval) -> dict[str, Any]:
    return {"starts_at": instant(part.start), "ends_at": instant(part.end)}
