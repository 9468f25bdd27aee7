"""What some charging cost, by the energy that flows in the real minutes of each band."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby, islice

from delcia.car.simulation import Charged, kwh_by
from delcia.core.clock import MINUTE
from delcia.core.intervals import Interval, clip
from delcia.core.model import Plan, Site, Tariff, Vehicle, tariff_of
from delcia.core.tariffs import priced


@dataclass(frozen=True, slots=True)
class Bill:
    """Energy at the wall and what it cost; no cost without a tariff."""

    energy_wall_kwh: float
    cost: Decimal | None


def bill_of(site: Site, vehicle: Vehicle, charged: Sequence[Charged]) -> Bill:
    """Return what some charging of a vehicle cost, each stretch by the tariff that it names."""
    energy = sum(item.energy_wall_kwh for item in charged)
    if currency_of(site, site.plans_of(vehicle.name)) is None:
        return Bill(energy, None)
    cost = Decimal(0)
    for name, items in groupby(charged, key=lambda item: item.tariff):
        found = bill(site.tariffs[name] if name is not None else None, list(items))
        if found.cost is None:
            return Bill(energy, None)
        cost += found.cost
    return Bill(energy, cost)


def bill(tariff: Tariff | None, charged: Sequence[Charged]) -> Bill:
    """Return what some charging cost by one tariff: the end of a charge, which takes little, costs little."""
    energy = sum(item.energy_wall_kwh for item in charged)
    if tariff is None:
        return Bill(energy, None)
    cost = Decimal(0)
    for item, part, price in _priced(tariff, charged):
        flowed = item.energy_wall_kwh
        if part != item.interval:
            flowed = kwh_by(item, part.end) - kwh_by(item, part.start)
        cost += Decimal(str(round(flowed, 9))) * price
    return Bill(energy, cost)


def _priced(tariff: Tariff, charged: Sequence[Charged]) -> Iterator[tuple[Charged, Interval, Decimal]]:
    """Yield the parts of some charging, which is in order, each in one band and with its price."""
    bands = priced(tariff, charged[0].interval.start, charged[-1].interval.end) if charged else ()
    at = 0
    for item in charged:
        while bands[at].interval.end <= item.interval.start:
            at += 1
        for band in islice(bands, at, None):
            part = clip(band.interval, item.interval.start, item.interval.end)
            if part is None:
                break
            yield item, part, band.price_per_kwh


def joined(charged: Sequence[Charged]) -> tuple[Charged, ...]:
    """Return charging as a person sees it: stretches that touch are one."""
    found: list[Charged] = []
    for item in charged:
        if found and item.interval.start - found[-1].interval.end < MINUTE:
            last = found.pop()
            span = Interval(last.interval.start, item.interval.end)
            energy = last.energy_wall_kwh + item.energy_wall_kwh
            found.append(Charged(span, last.soc_from_pct, item.soc_to_pct, energy))
        else:
            found.append(item)
    return tuple(found)


def currency_of(site: Site, plans: Sequence[Plan]) -> str | None:
    """Return the currency in which these plans are priced; None when none is, or not all in the same."""
    names = {name for plan in plans if (name := tariff_of(plan.when)) is not None}
    found = {site.tariffs[name].currency for name in names}
    return found.pop() if len(found) == 1 else None
