"""What some charging cost, by the real minutes in each band."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice

from delcia.car.simulation import Charged
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
    """Return what some charging of a vehicle cost by the tariff of its plans."""
    return bill(tariff_of_plans(site, list(site.plans_of(vehicle.name))), charged)


def bill(tariff: Tariff | None, charged: Sequence[Charged]) -> Bill:
    """Return what some charging cost, by the real minutes in each band."""
    energy = sum(item.energy_wall_kwh for item in charged)
    if tariff is None:
        return Bill(energy, None)
    cost = Decimal(0)
    for item, part, price in _priced(tariff, charged):
        share = part.minutes / item.interval.minutes
        cost += Decimal(str(round(item.energy_wall_kwh * share, 9))) * price
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


def tariff_of_plans(site: Site, plans: list[Plan]) -> Tariff | None:
    """Return the tariff that prices these plans, the first one named; None when none is."""
    names = [name for plan in plans if (name := tariff_of(plan.when)) is not None]
    return site.tariffs[names[0]] if names else None
