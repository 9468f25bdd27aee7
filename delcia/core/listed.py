"""The car's own list of its past charges, and what of it belongs into the log of sessions.

A listed charge that touches a session delcia saw is that session: it fills in what is missing there. Where it was is
not told, so it counts for a charger only if its power is that charger's (renault-api#566, #800).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from delcia.core.clock import DAY, begin_instant, local_date, zone
from delcia.core.energy import CONVERTER, curve
from delcia.core.model import Site, Vehicle
from delcia.core.sessions import PastSession
from delcia.core.state import Memory, Owner

ASKED_MIN = 19 * 60
"""From this hour on the list is asked for, by the first reading there is."""
APART = timedelta(hours=20)
"""At least so long after it was last asked for."""
SHORTEST = timedelta(minutes=2)
"""As long as entries last that gained nothing: the car only looked at the cable."""
LIKE = (0.6, 1.4)
"""How far the power of a charge may be from the model's at a charger where it may have been."""


@dataclass(frozen=True, slots=True)
class ListedCharge:
    """A charge by the car's own list. Energy is what the battery took, in kWh."""

    began_at: datetime
    ended_at: datetime
    soc_start_pct: float | None = None
    soc_end_pct: float | None = None
    energy_battery_kwh: float | None = None

    @property
    def gain_pct(self) -> float | None:
        """Return the points it gained, where both levels are known."""
        if self.soc_start_pct is None or self.soc_end_pct is None:
            return None
        return self.soc_end_pct - self.soc_start_pct


def is_list_due(site: Site, memory: Memory, now: datetime) -> bool:
    """Return whether the car's list is to be asked for: once a day after 19:00, and never after it was refused."""
    if memory.list_refused:
        return False
    tz = zone(site.timezone)
    today = local_date(now, tz)
    latest = max(due for day in (today - DAY, today) if (due := begin_instant(day, ASKED_MIN, tz)) <= now)
    asked = memory.list_asked_at
    return asked is None or asked > now or (asked < latest and now - asked >= APART)


def is_charge(found: ListedCharge) -> bool:
    """Return whether an entry of the list is a charge at all."""
    if found.ended_at <= found.began_at or (found.gain_pct is not None and found.gain_pct < 0):
        return False
    return bool(found.gain_pct or found.energy_battery_kwh) or found.ended_at - found.began_at > SHORTEST


def merged(
    site: Site, vehicle: Vehicle, known: Sequence[PastSession], listed: Sequence[ListedCharge]
) -> Iterator[PastSession]:
    """Yield the sessions that a list adds or completes; those of which it tells nothing new are left out."""
    charges = sorted((item for item in listed if is_charge(item)), key=lambda item: item.began_at)
    for session in known:
        same = [item for item in charges if _touch(session, item)]
        if same and all(sum(_touch(other, item) for other in known) == 1 for item in same):
            completed = _completed(session, same)
            if completed != session:
                yield completed
    for item in charges:
        if not any(_touch(session, item) for session in known):
            yield _session(site, vehicle, item)


def _touch(session: PastSession, item: ListedCharge) -> bool:
    return item.began_at <= session.ended_at and session.began_at <= item.ended_at


def _completed(session: PastSession, same: Sequence[ListedCharge]) -> PastSession:
    """Return a session with what it lacks; what delcia saw itself stays."""
    energies = [item.energy_battery_kwh for item in same if item.energy_battery_kwh is not None]
    energy = sum(energies) if len(energies) == len(same) else None
    completed = replace(
        session,
        soc_start_pct=same[0].soc_start_pct if session.soc_start_pct is None else session.soc_start_pct,
        soc_end_pct=same[-1].soc_end_pct if session.soc_end_pct is None else session.soc_end_pct,
        energy_battery_kwh=energy if session.energy_battery_kwh is None else session.energy_battery_kwh,
    )
    return replace(completed, source="both") if completed != session and session.source == "readings" else completed


def _session(site: Site, vehicle: Vehicle, item: ListedCharge) -> PastSession:
    charger = _charger(site, vehicle, item)
    model = None if charger is None else curve(vehicle.battery, site.chargers[charger])
    wall_kwh = None
    if model is not None and item.energy_battery_kwh is not None:
        wall_kwh = (item.energy_battery_kwh + model.overhead_kw * _hours(item)) / CONVERTER
    return PastSession(
        vehicle=vehicle.name,
        owner=Owner.CAR,
        began_at=item.began_at,
        ended_at=item.ended_at,
        reason="listed",
        charger=charger,
        soc_start_pct=item.soc_start_pct,
        soc_end_pct=item.soc_end_pct,
        energy_wall_kwh=wall_kwh,
        power_kw=None if model is None else model.wall_kw,
        energy_battery_kwh=item.energy_battery_kwh,
        source="car",
    )


def _charger(site: Site, vehicle: Vehicle, item: ListedCharge) -> str | None:
    """Return the one charger of the vehicle's plans whose power the charge had; None for elsewhere, or not known."""
    energy = item.energy_battery_kwh
    if energy is None and item.gain_pct is not None:
        energy = vehicle.battery.usable_kwh * item.gain_pct / 100
    if energy is None:
        return None
    power_kw = energy / _hours(item)
    like = []
    for name in sorted({plan.charger for plan in site.plans_of(vehicle.name)}):
        share = power_kw / curve(vehicle.battery, site.chargers[name]).battery_kw
        if LIKE[0] < share < LIKE[1]:
            like.append(name)
    return like[0] if len(like) == 1 else None


def _hours(item: ListedCharge) -> float:
    return (item.ended_at - item.began_at) / timedelta(hours=1)
