"""Hold: whether a charge that the car begins by itself is stopped, what holds the car now, and until when.

A car is held by the windows that its plans have ahead of it, whether it needs them tonight or not: above its target,
on a day of rest, in a week of holidays. What never comes holds nothing.
"""

from dataclasses import dataclass
from datetime import datetime

from delcia.core.clock import DAY, local_date, zone
from delcia.core.commands import OPPOSITE
from delcia.core.days import matches
from delcia.core.evidence import is_fresh
from delcia.core.model import Days, Once, Plan, Site, ToSoc, Vehicle
from delcia.core.slots import RESUME_BELOW_PCT
from delcia.core.state import Boost, Memory, Owner, Pause, Plug
from delcia.core.whereabouts import at_home
from delcia.core.windows import windows_of
from delcia.core.wishes import Wish, soc_now, wish_of

AHEAD = 14 * DAY
"""A window that begins within this time holds the car."""
NEAR = DAY
"""The same for what comes but once, or after a season without it."""


@dataclass(frozen=True, slots=True)
class Held:
    """What keeps a car that is plugged in from charging by itself, and until when.

    `slug` is "above-target" where its level is at or above all targets, else "waits". `until` is when the next segment
    begins, None when nothing says. `again_below_pct` is the SoC below which a plan wants it again.
    """

    slug: str
    soc_pct: float
    target_soc_pct: int | None
    until: datetime | None
    again_below_pct: float | None


def holding_plans(site: Site, vehicle: Vehicle, now: datetime) -> tuple[Plan, ...]:
    """Return the plans of a vehicle that hold it, whatever its level: those with a window open or ahead."""
    return tuple(plan for plan in site.plans_of(vehicle.name) if _holds(site, plan, now))


def _holds(site: Site, plan: Plan, now: datetime) -> bool:
    near = isinstance(plan.when, Once) or not _is_in_season(site, plan, now)
    return bool(windows_of(site, plan, now, now + (NEAR if near else AHEAD)))


def _is_in_season(site: Site, plan: Plan, now: datetime) -> bool:
    """Return whether a plan counts today, but for its weekdays and the dates that it leaves out."""
    tz = zone(site.timezone)
    return matches(Days(season=plan.days.season, between=plan.days.between), local_date(now, tz), tz)


def is_holding(site: Site, vehicle: Vehicle, memory: Memory, now: datetime) -> bool:
    """Return whether a vehicle is held at all, at its charger, at this time."""
    return vehicle.hold and not memory.hold_ended and bool(holding_plans(site, vehicle, now))


def is_above(site: Site, vehicle: Vehicle, memory: Memory, now: datetime) -> bool:
    """Return whether a car has what all plans that hold it want."""
    plans = holding_plans(site, vehicle, now)
    targets = [plan.target.soc_pct for plan in plans if isinstance(plan.target, ToSoc)]
    return bool(plans) and len(targets) == len(plans) and soc_now(site, vehicle, memory, now)[0] >= max(targets)


def why_hold(site: Site, vehicle: Vehicle, memory: Memory, wish: Wish, now: datetime) -> tuple[str, bool]:
    """Return why a charge of the car's own is held until a plan wants it, or is not; and whether it is.

    Whether the car is at home is asked last, by the caller: it costs a call.
    """
    reading, session = memory.reading, memory.session
    assert reading is not None and session is not None  # noqa: S101, PT018 - a charge was read
    if memory.hold_ended:
        return "hold-ended", False
    if memory.doubted is not None:
        return "soc-doubted", False
    soc_pct, _, basis = soc_now(site, vehicle, memory, now)
    if basis == "assumed" or reading.soc_pct is None:
        return "soc-unknown", False
    if soc_pct < (vehicle.minimum_soc_pct or 0):
        return "below-minimum", False
    if not holding_plans(site, vehicle, now):
        return "nothing-planned", False
    if wish.next_start is not None and wish.next_start - now <= OPPOSITE:
        return "soon", False
    if not is_fresh(reading, now):
        return "second-look" if reading.unsure else "stale", False
    if vehicle.hold_anywhere and at_home(vehicle, memory) is None and reading.reported_at == session.reported_at:
        # Of a car that tells no place, only its slowness tells a home charge from a motorway's.
        return "second-look", False
    return "hold", True


def _is_let_be(memory: Memory) -> bool:
    """Return whether a person has said what is to happen now, and that is not that the plans rest."""
    override = memory.override
    return isinstance(override, Boost) or (isinstance(override, Pause) and not override.skip)


def held(site: Site, vehicle: Vehicle, memory: Memory, now: datetime) -> Held | None:
    """Return what holds a car that stands plugged in and idle, or that delcia is about to stop; else None."""
    session, reading = memory.session, memory.reading
    if not vehicle.hold or memory.hold_ended or _is_let_be(memory) or reading is None:
        return None
    if reading.plug is Plug.UNPLUGGED or memory.plugged_since is None:
        return None
    if session is not None and session.owner is Owner.PERSON:
        return None
    if at_home(vehicle, memory) is False:
        return None
    plans, wish = holding_plans(site, vehicle, now), wish_of(site, vehicle, memory, now)
    soc_pct, _, basis = soc_now(site, vehicle, memory, now)
    if not plans or wish.wanted or basis == "assumed" or soc_pct < (vehicle.minimum_soc_pct or 0):
        return None
    targets = [plan.target.soc_pct for plan in plans if isinstance(plan.target, ToSoc)]
    highest = max(targets, default=None)
    above = highest is not None and len(targets) == len(plans) and soc_pct >= highest
    again = highest - RESUME_BELOW_PCT if highest is not None else None
    return Held("above-target" if above else "waits", soc_pct, highest, wish.next_start, again)
