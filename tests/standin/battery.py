"""How the stand-in's batteries fill: numerically and in small steps, from the published constants of the model.

Written apart from delcia's closed form on purpose, so that the two check each other.
"""

from dataclasses import dataclass

from standin.models import Cell

SLOPE = 0.92
"""What the car's charger makes of each kW at the wall, before its fixed loss."""
FLOOR_PER_H = 0.30
TAPER = 1.0
LEAST_KW = 0.05
BALANCING_S = 900.0
STEP_S = 30.0


@dataclass(frozen=True, slots=True)
class Wall:
    """What the charger offers."""

    power_kw: float = 2.3
    phases: int = 1


def drawn_kw(cell: Cell, wall: Wall) -> float:
    """Return the power at the wall: a single-phase car on a three-phase box gets a third of it."""
    if wall.phases == 3 and cell.ac_3phase_kw:
        return min(wall.power_kw, cell.ac_3phase_kw)
    return min(wall.power_kw / wall.phases, cell.ac_1phase_kw)


def step(cell: Cell, wall: Wall, soc: float, seconds: float) -> float:
    """Return the SoC (a fraction) after a short time of charging; above the knee the battery takes less."""
    offered_kw = max(SLOPE * drawn_kw(cell, wall) - cell.overhead_kw, LEAST_KW)
    accepted_kw = cell.usable_kwh * (FLOOR_PER_H + TAPER * (1 - soc))
    return min(1.0, soc + min(offered_kw, accepted_kw) * seconds / 3600 / cell.usable_kwh)
