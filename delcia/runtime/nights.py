"""A simulated life night by night, and what was charged for each plan."""

from collections.abc import Iterator
from datetime import datetime

from delcia.car.simulation import Charged
from delcia.core.consequence import Night
from delcia.core.intervals import Interval
from delcia.core.model import Site, Vehicle
from delcia.runtime.billing import bill_of, joined
from delcia.runtime.simulate import Simulated


def nights_of(site: Site, vehicle: Vehicle, item: Simulated, end: datetime) -> Iterator[Night]:
    """Yield each time that a simulated car was plugged in, the last one up to `end`."""
    for stay in _stays(item, end):
        pieces = [piece for piece in item.charged if stay.start <= piece.interval.start < stay.end]
        arrived = next(moment.soc_pct for moment in item.moments if moment.at == stay.start and moment.what == "plug")
        cost = bill_of(site, vehicle, pieces)
        yield Night(
            stay,
            soc_from_pct=arrived,
            soc_to_pct=pieces[-1].soc_to_pct if pieces else arrived,
            charged=tuple(piece.interval for piece in joined(pieces)),
            energy_wall_kwh=cost.energy_wall_kwh,
            cost=cost.cost,
            ready=tuple(ready for ready in item.ready if stay.start < ready.at <= stay.end),
        )


def charged_for(plan: str, item: Simulated) -> list[Charged]:
    """Return what was charged while a plan wanted it, as the car charged it."""
    found = []
    for piece in item.charged:
        wanted = [wish for wish in item.wanted if wish.at <= piece.interval.start]
        if wanted and plan in wanted[-1].plans:
            found.append(piece)
    return found


def _stays(item: Simulated, end: datetime) -> Iterator[Interval]:
    began: datetime | None = None
    for moment in item.moments:
        if moment.what == "plug":
            began = moment.at
        elif began is not None:
            yield Interval(began, moment.at)
            began = None
    if began is not None and began < end:
        yield Interval(began, end)
