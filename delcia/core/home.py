"""The home, without which nothing is held: for which vehicles it must be known, and the words that ask for it."""

from collections.abc import Sequence

from delcia.core.model import Site, Vehicle

HOW = (
    "while the car stands there: delcia login --home here; from anywhere: delcia login --home LAT,LON; "
    "or write latitude and longitude under home: in the plans"
)


def needs_home(site: Site, vehicle: Vehicle) -> bool:
    """Return whether a host must know a place for this vehicle that the plans do not say.

    A simulated car is at home. Under `hold: anywhere` nobody asks, unless the plans act at home only.
    """
    if vehicle.driver != "renault" or (site.home is not None and site.home.latitude is not None):
        return False
    return site.home is not None or (vehicle.hold and not vehicle.hold_anywhere)


def home_unknown(site: Site, vehicles: Sequence[Vehicle]) -> str:
    """Return what follows for vehicles that need a home as long as none is known."""
    held = [f"'{vehicle.name}'" for vehicle in vehicles if vehicle.hold and not vehicle.hold_anywhere]
    why = "no home is known on this host" if site.home is None else "the plans name a home, but not where it is"
    if not held:
        return why
    is_held, charges = ("are", "they charge") if len(held) > 1 else ("is", "it charges")
    plugged = "they are" if len(held) > 1 else "it is"
    return f"{why}, so {' and '.join(held)} {is_held} not held: {charges} whenever {plugged} plugged in"
