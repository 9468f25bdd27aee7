"""A simulated year month by month: energy, cost, what a kWh cost, and the same without delcia."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import tzinfo

from delcia.car.simulation import Charged
from delcia.core.model import Site, Vehicle
from delcia.report.columns import aligned
from delcia.report.counts import number
from delcia.report.numbers import money
from delcia.runtime.billing import Bill, bill_of, joined
from delcia.runtime.simulate import Simulated


def months(site: Site, vehicle: Vehicle, item: Simulated, tz: tzinfo) -> list[str]:
    """Return a line for each month of the home's calendar in which anything was charged."""
    rows = []
    missed = Counter(f"{ready.at.astimezone(tz):%Y-%m}" for ready in item.ready if ready.missed)
    own, plain = by_month(item.charged, tz), by_month(item.plain_charged, tz)
    for month in sorted({*own, *plain}):
        charged = own.get(month, ())
        found, other = bill_of(site, vehicle, charged), bill_of(site, vehicle, plain.get(month, ()))
        rows.append(
            [
                month,
                f"{found.energy_wall_kwh:.0f} kWh",
                _cost(found, item.currency),
                _average(found, item.currency),
                number(len(joined(charged)), "charge"),
                f"{missed[month]} missed",
                f"on plug-in {_cost(other, item.currency) or f'{other.energy_wall_kwh:.0f} kWh'}",
            ]
        )
    return aligned(rows, "lrrrrrr")


def by_month(charged: Sequence[Charged], tz: tzinfo) -> Mapping[str, Sequence[Charged]]:
    """Return charging by the month of the home's calendar in which it began, such as 2026-11."""
    found: dict[str, list[Charged]] = {}
    for piece in charged:
        found.setdefault(f"{piece.interval.start.astimezone(tz):%Y-%m}", []).append(piece)
    return found


def _cost(found: Bill, currency: str | None) -> str:
    return "" if found.cost is None else f"{money(found.cost)} {currency}"


def _average(found: Bill, currency: str | None) -> str:
    if found.cost is None or not found.energy_wall_kwh:
        return ""
    return f"{float(found.cost) / found.energy_wall_kwh:.4f} {currency}/kWh"
