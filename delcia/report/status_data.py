"""A host's status as JSON-able data, schema delcia/status/1."""

from datetime import datetime
from typing import Any, assert_never

from delcia.core.ownership import is_left_alone
from delcia.core.state import Boost, Memory, Override, Pause, Trip
from delcia.report.data import estimate_data
from delcia.report.holding import standing_data
from delcia.report.status import Applied, Following, Status, VehicleStatus
from delcia.report.words import instant, word_of

SCHEMA = "delcia/status/1"


def status_data(status: Status) -> dict[str, Any]:
    """Return the data of `status --json`."""
    return {
        "schema": SCHEMA,
        "now": instant(status.now),
        "generation": _applied(status.applied),
        "sync": _following(status.following),
        "panel": {"faults": list(status.panel)},
        "units": {
            "differences": [{"name": name, "how": how} for name, how in status.units.differences],
            "faults": list(status.units.faults),
            "choices": list(status.units.choices),
        },
        "timers": {
            "source": "computed" if status.timers.computed else "systemd",
            "rows": [
                {
                    "timer": timer.name,
                    "service": timer.service,
                    "next_at": instant(timer.next_at),
                    "last_at": instant(timer.last_at),
                }
                for timer in status.timers.rows
            ],
        },
        "vehicles": [_vehicle(item) for item in status.vehicles],
        "notices": [
            {"at": instant(told.at), "vehicle": told.vehicle or None, "slug": told.slug, "text": told.text}
            for told in status.notices
        ],
        "accounts": [
            {
                "account": calls.account,
                "calls_left": calls.left,
                "circuit_open_until": instant(calls.circuit_open_until),
            }
            for calls in status.calls
        ],
    }


def nothing_applied(now: datetime, following: Following | None) -> dict[str, Any]:
    """Return the data of a host on which nothing is applied."""
    return {
        "schema": SCHEMA,
        "now": instant(now),
        "generation": None,
        "sync": _following(following),
        "panel": {"faults": []},
        "units": {"differences": [], "faults": [], "choices": []},
        "timers": {"source": "computed", "rows": []},
        "vehicles": [],
        "notices": [],
        "accounts": [],
    }


def _following(following: Following | None) -> dict[str, Any] | None:
    if following is None:
        return None
    return {
        "remote": following.remote,
        "branch": following.branch,
        "looked_at": instant(following.looked),
        "commit": following.commit,
        "slug": following.slug,
        "message": following.message,
        "since": instant(following.since),
        "suspended": following.suspended,
        "faults": list(following.faults),
    }


def _applied(applied: Applied) -> dict[str, Any]:
    return {
        "number": applied.number,
        "applied_at": instant(applied.at),
        "source": applied.source,
        "commit": applied.commit,
        "clean": applied.clean,
        "author": applied.author,
        "version": applied.version,
    }


def _vehicle(item: VehicleStatus) -> dict[str, Any]:
    row = item.row
    memory = row.memory or Memory()
    reading, session, known = memory.reading, memory.session, row.situation.basis != "assumed"
    return {
        "vehicle": row.vehicle.name,
        "soc_pct": round(row.situation.soc_pct, 1) if known else None,
        "soc_at": instant(row.situation.soc_at) if known else None,
        "soc_basis": row.situation.basis if known else None,
        "plug": reading.plug.value if reading else None,
        "charge": reading.charge.value if reading else None,
        "read_at": instant(reading.read_at) if reading else None,
        "reported_at": instant(reading.reported_at) if reading else None,
        "session": session
        and {
            "owner": session.owner.value,
            "began_at": instant(session.began_at),
            "reason": session.reason,
            "inferred": row.standing.inferred,
            "full_at": instant(row.standing.ends_at),
        },
        "hold": standing_data(row.vehicle, row.standing),
        "means": row.means,
        "not_enforced": [{"plan": plan.plan.name, "what": list(plan.not_enforced)} for plan in row.plans],
        "estimates": list(
            {
                plan.plan.charger: {"charger": plan.plan.charger, **estimate_data(row, plan)} for plan in row.plans
            }.values()
        ),
        "override": _override(memory.override),
        "lent": [
            {"what": loan.what, "since": instant(loan.taken_at)}
            for loan in memory.loans
            if (not loan.left and loan.before != loan.ours) or loan.what == "power"
        ],
        "left_alone": is_left_alone(memory),
        "decisions": [
            {"at": instant(told.at), "words": told.words, "action": told.action, "wanted": told.wanted}
            for told in item.decisions
        ],
        "commands": [
            {
                "kind": sent.kind,
                "sent_at": instant(sent.at),
                "reason": sent.reason,
                "outcome": sent.outcome,
                "confirmed_at": instant(sent.confirmed_at),
            }
            for sent in item.commands
        ],
    }


def _override(override: Override | None) -> dict[str, Any] | None:
    if override is None:
        return None
    data = {"word": word_of(override), "asked_at": instant(override.asked_at), "until": instant(override.until)}
    told: dict[str, Any] = {"to_soc_pct": None, "minutes": None, "starts_at": None, "charger": None, "amps": None}
    match override:
        case Boost(_, _, to_soc_pct, minutes, charger, amps):
            goal = {"to_soc_pct": to_soc_pct, "minutes": minutes, "charger": charger, "amps": amps}
            return {"kind": "boost", **data, **told, **goal}
        case Trip(_, _, to_soc_pct, starts_at, minutes, charger, amps):
            goal = {"to_soc_pct": to_soc_pct if minutes is None else None, "minutes": minutes}
            place = {"starts_at": instant(starts_at), "charger": charger, "amps": amps}
            return {"kind": "trip", **data, **told, **goal, **place}
        case Pause():
            return {"kind": "pause", **data, **told}
        case _ as never:
            assert_never(never)
