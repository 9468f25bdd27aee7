"""A simulated year month by month: energy, cost, what a kWh cost, and the same without delcia."""

from collections.abc import Sequence
from datetime import tzinfo

from delcia.car.simulation import Charged
from delcia.core.model import Site, Vehicle
from delcia.report.columns import aligned
from delcia.report.data import money
from delcia.runtime.billing import Bill, bill_of, joined
from delcia.runtime.simulate import Simulated


def months(site: Site, vehicle: Vehicle, item: Simulated, tz: tzinfo) -> list[str]:
    """Return a line for each month of the home's calendar in which anything was charged."""
    rows = []
    for month in sorted({_month(piece, tz) for piece in (*item.charged, *item.plain_charged)}):
        own, plain = (_of(pieces, month, tz) for pieces in (item.charged, item.plain_charged))
        found, other = bill_of(site, vehicle, own), bill_of(site, vehicle, plain)
        missed = sum(ready.missed for ready in item.ready if f"{ready.at.astimezone(tz):%Y-%m}" == month)
        rows.append(
            [
                month,
                f"{found.energy_wall_kwh:.0f} kWh",
                _cost(found, item.currency),
                _average(found, item.currency),
                f"{len(joined(own))} charges",
                f"{missed} missed",
                f"on plug-in {_cost(other, item.currency) or f'{other.energy_wall_kwh:.0f} kWh'}",
            ]
        )
    return aligned(rows, "lrrrrrr")


def _month(piece: Charged, tz: tzinfo) -> str:
    return f"{piece.interval.start.astimezone(tz):%Y-%m}"


def _of(pieces: Sequence[Charged], month: str, tz: tzinfo) -> list[Charged]:
    return [piece for piece in pieces if _month(piece, tz) == month]


def _cost(found: Bill, currency: str | None) -> str:
    return "" if found.cost is None else f"{money(found.cost)} {currency}"


def _average(found: Bill, currency: str | None) -> str:
    if found.cost is None or not found.energy_wall_kwh:
        return ""
    return f"{float(found.cost) / found.energy_wall_kwh:.4f} {currency}/kWh"
