"""Plans side by side: the same days of the same car, by the plans as they are and by each named plan alone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import tzinfo

from delcia.cli.months import by_month
from delcia.core.model import Site, Vehicle
from delcia.errors import DelciaError, Exit
from delcia.report.columns import aligned
from delcia.report.numbers import money
from delcia.runtime.billing import Bill, bill_of, joined
from delcia.runtime.simulate import Simulated

AS_THEY_ARE = "the plans"


@dataclass(frozen=True, slots=True)
class Compared:
    """What a vehicle came to under a site; `only` is the plan that it had alone, None for the plans as they are."""

    site: Site
    only: str | None
    result: Simulated


def alone(site: Site, name: str) -> Site:
    """Return the site in which a plan is enabled and the only one of its vehicle. Raises `unknown-name`."""
    plan = site.plans.get(name)
    if plan is None:
        known = ", ".join(sorted(site.plans))
        raise DelciaError(f"no plan '{name}'", slug="unknown-name", hint=f"there are: {known}", status=Exit.USAGE)
    others = {key: other for key, other in site.plans.items() if other.vehicle != plan.vehicle}
    return replace(site, plans={**others, name: replace(plan, enabled=True)})


def side_by_side(vehicle: Vehicle, found: Sequence[Compared], tz: tzinfo, *, is_long: bool) -> Iterator[str]:
    """Yield a column for each way: the cost month by month where `is_long`, then what it comes to."""
    rows = [[vehicle.name, *(item.only or AS_THEY_ARE for item in found)]]
    if is_long:
        split = [by_month(item.result.charged, tz) for item in found]
        for month in sorted({month for months in split for month in months}):
            bills = [
                bill_of(item.site, vehicle, months.get(month, ())) for item, months in zip(found, split, strict=True)
            ]
            rows.append([month, *(_worth(bill, item) for bill, item in zip(bills, found, strict=True))])
    rows += [
        ["energy", *(f"{item.result.bill.energy_wall_kwh:.1f} kWh" for item in found)],
        ["cost", *(_cost(item.result.bill, item) for item in found)],
        ["per kWh", *(_average(item.result.bill, item) for item in found)],
        ["charges", *(str(len(joined(item.result.charged))) for item in found)],
        ["in time", *(_in_time(item.result) for item in found)],
        ["on plug-in", *(_worth(item.result.plain, item) for item in found)],
    ]
    yield from aligned([row for row in rows if any(row[1:])], "l" + "r" * len(found))


def _worth(bill: Bill, item: Compared) -> str:
    return _cost(bill, item) or f"{bill.energy_wall_kwh:.1f} kWh"


def _cost(bill: Bill, item: Compared) -> str:
    return "" if bill.cost is None else f"{money(bill.cost)} {item.result.currency}"


def _average(bill: Bill, item: Compared) -> str:
    if bill.cost is None or not bill.energy_wall_kwh:
        return ""
    return f"{float(bill.cost) / bill.energy_wall_kwh:.4f} {item.result.currency}"


def _in_time(result: Simulated) -> str:
    judged = [ready for ready in result.ready if ready.plugged and ready.target_soc_pct is not None]
    return f"{sum(not ready.missed for ready in judged)} of {len(judged)}" if judged else ""
