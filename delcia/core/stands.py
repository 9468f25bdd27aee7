"""Where a car is taken to stand: at the charger of the plan that wants it, else of the one that comes next.

No car tells at which charger it is. A person who has plans for two of them plugs in where the next plan charges.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from delcia.core.clock import DAY, MINUTE
from delcia.core.energy import curve
from delcia.core.model import Charger, Plan, Site, Vehicle, tariff_of
from delcia.core.windows import windows_of

AHEAD = 8 * DAY


@dataclass(frozen=True, slots=True)
class Stand:
    """A charger, and the name of the tariff that prices what is charged there; None where no plan has one."""

    charger: Charger
    tariff: str | None


def stand_of(site: Site, vehicle: Vehicle, now: datetime, wanting: Iterable[str] = ()) -> Stand | None:
    """Return where a vehicle stands while these plans want it; None where there is no charger."""
    plans = [plan for plan in site.plans_of(vehicle.name) if plan.charger in site.chargers]
    names = set(wanting)
    wanted = [plan for plan in plans if plan.name in names]
    if not wanted and has_choice(site, vehicle):
        wanted = [min(plans, key=lambda plan: (_opens(site, plan, now), *_rank(site, vehicle, plan)))]
    found = min(wanted or plans, key=lambda plan: _rank(site, vehicle, plan), default=None)
    if found is None:
        return Stand(site.chargers[min(site.chargers)], None) if site.chargers else None
    return Stand(site.chargers[found.charger], _tariff_at(plans, found))


def has_choice(site: Site, vehicle: Vehicle) -> bool:
    """Return whether a vehicle may stand at one charger or another, or be priced by one tariff or another."""
    plans = [plan for plan in site.plans_of(vehicle.name) if plan.charger in site.chargers]
    return len({(plan.charger, tariff_of(plan.when)) for plan in plans}) > 1


def stand_changes(site: Site, vehicle: Vehicle, after: datetime, until: datetime) -> Iterator[datetime]:
    """Yield when a vehicle for which there is a choice may stand elsewhere, in (after, until]."""
    for plan in site.plans_of(vehicle.name):
        for window in windows_of(site, plan, after, until + MINUTE):
            yield from (edge for edge in (window.start, window.end) if after < edge <= until)


def _opens(site: Site, plan: Plan, now: datetime) -> tuple[bool, datetime]:
    """Return when the next window of a plan begins, now for one that is open; a plan with none comes last."""
    ahead = windows_of(site, plan, now, now + AHEAD)
    return (False, max(now, ahead[0].start)) if ahead else (True, now)


def _rank(site: Site, vehicle: Vehicle, plan: Plan) -> tuple[float, bool, str, str]:
    """Return the order among plans that want a car at a time, whatever their names: the strongest charger first."""
    power_kw = curve(vehicle.battery, site.chargers[plan.charger]).battery_kw
    tariff = tariff_of(plan.when)
    return -power_kw, tariff is None, plan.charger, tariff or ""


def _tariff_at(plans: list[Plan], found: Plan) -> str | None:
    """Return the tariff of a plan; one without has that of the others at its charger, or of any other."""
    own = tariff_of(found.when)
    if own is not None:
        return own
    beside = [tariff for plan in plans if plan.charger == found.charger and (tariff := tariff_of(plan.when))]
    return min(beside or [tariff for plan in plans if (tariff := tariff_of(plan.when))], default=None)
