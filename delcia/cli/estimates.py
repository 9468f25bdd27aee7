"""How long cars charge at currents and chargers, as rows: `delcia estimate` and the panel show the same."""

from typing import Any

from delcia.core.energy import SPREAD, charging_minutes, curve, wall_kwh_after
from delcia.core.learned import Learned
from delcia.core.model import Battery, Charger, Site, Vehicle
from delcia.core.state import Memory

AMPS = (8, 10, 16, 32)
VOLTS = 230
TARGETS = (80, 100)
UNKNOWN_PCT = 20.0
"""From where it is reckoned for a car that never told its SoC."""

Place = tuple[Charger, Learned | None]
"""Where to charge, and what was learned there."""


def estimates(site: Site, vehicle: Vehicle, memory: Memory | None) -> list[dict[str, Any]]:
    """Return the rows of a vehicle of the plans, from the SoC that it last told."""
    told = soc_told(memory)
    return rows_of(vehicle.battery, places_of(site, memory), UNKNOWN_PCT if told is None else told)


def rows_of(battery: Battery, places: list[Place], soc_pct: float) -> list[dict[str, Any]]:
    """Return a row for each place, as in the JSON of `delcia estimate`."""
    return [_row(battery, charger, learned, soc_pct) for charger, learned in places]


def usual_places() -> list[Place]:
    """Return the usual currents at one phase."""
    return [(Charger(f"{a} A", a * VOLTS / 1000), None) for a in AMPS]


def places_of(site: Site, memory: Memory | None) -> list[Place]:
    """Return the usual currents and the site's own chargers, with what was learned there."""
    learned = {item.charger: item for item in memory.learned} if memory else {}
    return [*usual_places(), *((charger, learned.get(name)) for name, charger in sorted(site.chargers.items()))]


def soc_told(memory: Memory | None) -> float | None:
    """Return the SoC that a car last told, in percent."""
    return memory.soc_reading.soc_pct if memory and memory.soc_reading else None


def _row(battery: Battery, charger: Charger, learned: Learned | None, soc_pct: float) -> dict[str, Any]:
    model = curve(battery, charger, learned)
    spread = learned.spread if learned else SPREAD
    to = {}
    for target in TARGETS:
        minutes = charging_minutes(model, soc_pct / 100, target / 100)
        to[str(target)] = {
            "minutes": round(minutes, 1),
            "least_minutes": round(minutes * (1 - spread), 1),
            "most_minutes": round(minutes * (1 + spread), 1),
            "energy_wall_kwh": round(wall_kwh_after(model, soc_pct / 100, minutes), 3),
        }
    return {
        "charger": charger.name,
        "power_kw": round(model.wall_kw, 3),
        "charges": learned.entries if learned else 0,
        "to": to,
    }
