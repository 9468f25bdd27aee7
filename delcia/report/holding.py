"""What holds a car and until when, or what leaves it unheld; and where a charge ends that a person began."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from typing import Any

from delcia.core.energy import charging_minutes
from delcia.core.hold import Held, held, holding_plans
from delcia.core.home import HOW, home_unknown, needs_home
from delcia.core.model import Site, Vehicle
from delcia.core.state import Charge, Memory, Owner, Plug, Reading
from delcia.core.wishes import charging_curve, soc_now
from delcia.report.words import clock, instant, when

ASKED = frozenset({"boost", "trip", "start"})
"""Reasons of a person's charge that they gave to delcia themselves; any other is inferred."""
UNCOVERED = (
    "not held: no window of its plans begins within 14 days, in their season; it charges whenever it is plugged in"
)


@dataclass(frozen=True, slots=True)
class Standing:
    """How it stands with a vehicle's hold. `supposed`: as if it were plugged in at home now, for nobody knows.

    `homeless`: it is to be held at home, and its host knows none. `uncovered`: no plan holds it. `inferred`: the charge
    that runs is taken for a person's; `ends_at` is then when it is full at the charger of its plans, if that is known.
    """

    held: Held | None = None
    supposed: bool = False
    homeless: bool = False
    uncovered: bool = False
    inferred: bool = False
    ends_at: datetime | None = None


NOTHING = Standing()


def standing_of(
    site: Site, vehicle: Vehicle, memory: Memory | None, now: datetime, soc_pct: float | None, *, homeless: bool
) -> Standing:
    """Return the standing of a vehicle whose memory is settled; `soc_pct` stands in for what the car said.

    `homeless`: the host is known to know no home.
    """
    where = memory.whereabouts if memory is not None else None
    homeless = needs_home(site, vehicle) and (homeless or (where is not None and where.homeless))
    standing = Standing(homeless=homeless, uncovered=vehicle.hold and not holding_plans(site, vehicle, now))
    known = memory if memory is not None and memory.reading is not None and soc_pct is None else None
    if known is None:
        supposed = Reading(now, now, Plug.PLUGGED, Charge.IDLE, soc_pct)
        as_if = Memory(reading=supposed, soc_reading=supposed, plugged_since=now)
        found = held(site, vehicle, as_if, now) if soc_pct is not None and not homeless else None
        return replace(standing, held=found, supposed=found is not None)
    session = known.session
    if session is not None and session.owner is Owner.PERSON and session.reason not in ASKED:
        return replace(standing, inferred=True, ends_at=_full_at(site, vehicle, known, now))
    return replace(standing, held=None if homeless else held(site, vehicle, known, now))


def standing_words(site: Site, vehicle: Vehicle, standing: Standing, now: datetime, tz: tzinfo) -> Iterator[str]:
    """Yield what a person must know of it."""
    if standing.homeless:
        yield home_unknown(site, [vehicle])
        yield HOW
    if standing.held is not None:
        words = held_words(standing.held, now, tz)
        yield f"plugged in at home, it is {words}" if standing.supposed else words
    if standing.uncovered:
        yield UNCOVERED
    if standing.inferred:
        full = f"full, about {clock(standing.ends_at, now, tz)}" if standing.ends_at is not None else "full"
        ends = f"'delcia stop {vehicle.name}' ends it"
        yield f"a person started this charge: it goes on until {full}, or its own limit; {ends}"


def held_words(found: Held, now: datetime, tz: tzinfo) -> str:
    """Return `held until Tue 01:38`, or `held, above its target of 80 %: charges again below 78 %`."""
    if found.slug == "above-target" and found.target_soc_pct is not None and found.again_below_pct is not None:
        where = "above" if round(found.soc_pct) > found.target_soc_pct else "at"
        again = f"charges again below {found.again_below_pct:.0f} %"
        return f"held, {where} its target of {found.target_soc_pct} %: {again}"
    return "held until a plan wants it" if found.until is None else f"held until {when(found.until, now, tz)}"


def standing_data(vehicle: Vehicle, standing: Standing) -> dict[str, Any]:
    """Return the same as JSON-able data."""
    found = standing.held
    why = "homeless" if standing.homeless else "uncovered" if standing.uncovered else None
    return {
        "wanted": vehicle.hold,
        "held": found is not None,
        "supposed": standing.supposed,
        "why": found.slug if found is not None else why,
        "until": None if found is None else instant(found.until),
        "target_soc_pct": None if found is None else found.target_soc_pct,
        "again_below_pct": None if found is None or found.again_below_pct is None else round(found.again_below_pct, 1),
    }


def _full_at(site: Site, vehicle: Vehicle, memory: Memory, now: datetime) -> datetime | None:
    """Return when the charge that runs is full; None where the SoC is not known, or it runs at another charger."""
    soc_pct, _, basis = soc_now(site, vehicle, memory, now)
    away = memory.whereabouts is not None and memory.whereabouts.at_home is False
    fast = memory.session is not None and memory.session.reason == "fast"
    if basis == "assumed" or away or fast or not site.plans_of(vehicle.name):
        return None
    return now + timedelta(minutes=charging_minutes(charging_curve(site, vehicle, memory), soc_pct / 100, 1.0))
