"""What was learned of a vehicle at a charger from its charges there, or the prior where nothing was."""

from dataclasses import dataclass

from delcia.core.energy import BALANCING_MIN, SPREAD


@dataclass(frozen=True, slots=True)
class Learned:
    """How much longer, or shorter, a vehicle charges at a charger than by the model; as it stands: nothing learned.

    `entries` are the charges that count, `full_entries` those to 100 %; `listed` are those of the first that only the
    car's own list tells, which names no place. `clamped`: the factor seen was beyond what a car can be, so the charger
    or the battery is described wrongly.
    """

    charger: str
    factor: float = 1.0
    entries: int = 0
    spread: float = SPREAD
    clamped: bool = False
    balancing_min: float = BALANCING_MIN
    full_entries: int = 0
    listed: int = 0
