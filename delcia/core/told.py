"""Where a person says that a car charges now: at one of the site's chargers, or at a current."""

from delcia.core.model import Charger, Site, Vehicle
from delcia.core.replacing import replace

VOLTS = 230


def told_charger(site: Site, vehicle: Vehicle, charger: str | None, amps: float | None) -> Charger | None:
    """Return the charger that was named, or that of the plans at another current; None where nothing was said.

    Where it stands at another current, what was learned of the charger says nothing of it: so it has another name.
    """
    if charger is not None:
        return site.chargers.get(charger)
    if amps is None:
        return None
    names = [plan.charger for plan in site.plans_of(vehicle.name)] or sorted(site.chargers)
    place = site.chargers[names[0]] if names else Charger("", 0.0)
    return replace(place, name=f"{amps:g} A", power_kw=amps * VOLTS / 1000, phases=1)
