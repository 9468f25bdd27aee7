"""The charges that happened: what reports of cost, and learning from them, rest on."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

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

    Its energy is spread evenly over its real minutes.
    """
    plan = site.plans.get(session.plan or "")
    name = tariff_of(plan.when) if plan is not None else None
    if name is None or session.energy_wall_kwh is None or session.ended_at <= session.began_at:
        return None
    tariff, whole = site.tariffs[name], session.ended_at - session.began_at
    cost = Decimal(0)
    for piece in priced(tariff, session.began_at, session.ended_at):
        share = (piece.interval.end - piece.interval.start) / whole
        cost += Decimal(str(round(session.energy_wall_kwh * share, 9))) * piece.price_per_kwh
    return cost, tariff.currency
