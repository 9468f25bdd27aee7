"""Hold: whether a charge that the car begins by itself is stopped, what holds the car now, and until when.

A car is held by the windows that its plans have ahead of it, whether it needs them tonight or not: above its target,
on a day of rest, in a week of holidays. What never comes holds nothing.
"""

from dataclasses import dataclass
from datetime import datetime

from delcia.core.clock import DAY, local_date, zone
from delcia.core.days import matches
from delcia.core.model import Days, Once, Plan, Site, ToSoc, Vehicle
from delcia.core.slots import RESUME_BELOW_PCT
from delcia.core.state import Memory, Owner, Pause, Plug
from delcia.core.windows import windows_of
from delcia.core.wishes import soc_now, wish_of

AHEAD = 14 * DAY
"""A window that begins within this time holds the car."""
NEAR = DAY
"""The same for what comes but once, or after a season without it."""
HOLDS = frozenset({"hold", "self-resume", "minimum-end", "window-end", "later", "target", "rehearsal-end"})
"""Reasons of stops after which a car stands held."""


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


def held(site: Site, vehicle: Vehicle, memory: Memory, now: datetime) -> Held | None:
    """Return what holds a car that stands plugged in and idle, or that delcia is about to stop; else None."""
    session, reading = memory.session, memory.reading
    override = memory.override
    asked = override is not None and not (isinstance(override, Pause) and override.skip)  # its plans rest, it is held
    if not vehicle.hold or memory.hold_ended or asked or reading is None:
        return None
    if reading.plug is Plug.UNPLUGGED or memory.plugged_since is None:
        return None
    if session is not None and session.owner is Owner.PERSON:
        return None
    where = memory.whereabouts
    if where is not None and where.at_home is False and not vehicle.hold_anywhere:
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
