"""The way by hand: how a person has a held car charge when delcia cannot have it do so."""

from delcia.core.means import Means, means_for
from delcia.core.model import Site, Vehicle
from delcia.core.state import Memory


def by_hand(found: Means) -> str:
    """Return what to do at the car: most cars begin to charge when they are plugged in; a charger must have power."""
    if found.commands is not None:
        return f"switch '{found.commands}' on, unplug the car and plug it in again: it charges"
    if found.supplied:
        return "unplug it and plug it in again: it charges when its charger has power"
    return "unplug it and plug it in again: it charges"


def with_way(site: Site, vehicle: Vehicle, memory: Memory, words: str) -> str:
    """Return what is told of trouble, and at its end the way by hand where the car is held and does not charge."""
    if not vehicle.hold or memory.session is not None:
        return words
    return f"{words}; {by_hand(means_for(site, vehicle, memory.counting))}"
