"""The charges that happened: what reports of cost, and learning from them, rest on."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Literal

from delcia.core.clock import MINUTE
from delcia.core.energy import FULL, charging_minutes, curve, wall_kwh_after
from delcia.core.model import Site, tariff_of
from delcia.core.state import Owner
from delcia.core.tariffs import priced

Source = Literal["readings", "car", "both"]
"""From what a session is known: delcia's readings, the car's own list, or the first completed by the second."""


@dataclass(frozen=True, slots=True)
class PastSession:
    """A charge from its first to its last sight. Energy at the wall is the model's, for no car measures it.

    `power_kw` is the power at the wall with which the model reckoned.
    """

    vehicle: str
    owner: Owner
    began_at: datetime
    ended_at: datetime
    reason: str
    plan: str | None = None
    charger: str | None = None
    soc_start_pct: float | None = None
    soc_end_pct: float | None = None
    energy_wall_kwh: float | None = None
    power_kw: float | None = None
    energy_battery_kwh: float | None = None
    """What the battery took by the car's own list."""
    source: Source = "readings"


def cost_of(site: Site, session: PastSession) -> tuple[Decimal, str] | None:
    """Return what a session cost by the tariff of its plan, and the currency; None where either is not known.

    Its energy is laid over its real minutes as the battery takes it: the end of a charge to 100 % takes little.
    """
    plan = site.plans.get(session.plan or "")
    name = tariff_of(plan.when) if plan is not None else None
    if name is None or session.energy_wall_kwh is None or session.ended_at <= session.began_at:
        return None
    tariff, cost, had = site.tariffs[name], Decimal(0), 0.0
    for piece in priced(tariff, session.began_at, session.ended_at):
        share = _share(site, session, piece.interval.end)
        cost += Decimal(str(round(session.energy_wall_kwh * (share - had), 9))) * piece.price_per_kwh
        had = share
    return cost, tariff.currency


def _share(site: Site, session: PastSession, instant: datetime) -> float:
    """Return which share of its energy a session had by an instant; evenly where the car or charger is not known."""
    minutes, whole = ((moment - session.began_at) / MINUTE for moment in (instant, session.ended_at))
    vehicle, charger = site.vehicles.get(session.vehicle), site.chargers.get(session.charger or "")
    start, end = session.soc_start_pct, session.soc_end_pct
    if vehicle is None or charger is None or start is None or end is None or not start < end:
        return minutes / whole
    model = curve(vehicle.battery, charger)
    modelled = charging_minutes(model, start / 100, end / 100)
    if end < 100 * FULL or whole < modelled:
        # As fast as it was: only the time at 100 % lasts as long as it does.
        model = replace(model, factor=whole / modelled)
    return wall_kwh_after(model, start / 100, minutes) / wall_kwh_after(model, start / 100, whole)
