"""How a battery fills: the charging model of the project, in closed form.

The car's charger takes a fixed overhead off what the wall gives, which is why a socket wastes most; beyond a
knee the battery takes less and less. Source and limits: the charging facts behind `tests/core/test_energy.py`
(published times of Renault and Dacia cars; ADAC 2022 and DTU lab for the form `A * wall - overhead`).
SoC is a fraction here, time is in minutes, power in kW before ("wall") or after ("battery") the car's charger.
"""

from dataclasses import dataclass
from functools import lru_cache
from math import exp, log
from typing import TYPE_CHECKING

from delcia.core.model import Battery, Charger

if TYPE_CHECKING:
    from delcia.core.learned import Learned

CONVERTER = 0.92
TAPER_FLOOR = 0.30
TAPER_SLOPE = 1.0
BALANCING_MIN = 15.0
"""Minutes that a charge to 100 % lasts longer, for the cells are equalised."""
FULL = 0.995
RESUME_MIN = 1.0
"""Minutes lost whenever a charge is taken up again (20 to 75 s were seen)."""

SPREAD = 0.10
"""The share by which a charging time may be off either way: covers 84 % of published home charges."""


@dataclass(frozen=True, slots=True)
class Curve:
    """One car at one charger. `factor` stretches time and wall energy; it and `balancing_min` are learned."""

    usable_kwh: float
    wall_kw: float
    battery_kw: float
    overhead_kw: float
    factor: float = 1.0
    balancing_min: float = BALANCING_MIN

    @property
    def rate_per_h(self) -> float:
        """Return the SoC gained per hour below the knee."""
        return self.battery_kw / self.usable_kwh

    @property
    def knee(self) -> float:
        """Return the SoC from which the battery takes less; 1 when it never does at this power."""
        return min(1.0, 1 - (self.rate_per_h - TAPER_FLOOR) / TAPER_SLOPE)


@lru_cache(maxsize=64)
def curve(battery: Battery, charger: Charger, learned: "Learned | None" = None) -> Curve:
    """Return how this car charges there; a single-phase car on three phases gets a third."""
    if charger.phases > 1 and battery.ac_3phase_kw > 0:
        wall_kw = min(charger.power_kw, battery.ac_3phase_kw)
    else:
        wall_kw = min(charger.power_kw / charger.phases, battery.ac_1phase_kw)
    battery_kw = max(CONVERTER * wall_kw - battery.overhead_kw, 0.05)
    factor, balancing_min = (learned.factor, learned.balancing_min) if learned else (1.0, BALANCING_MIN)
    return Curve(battery.usable_kwh, wall_kw, battery_kw, battery.overhead_kw, factor, balancing_min)


def charging_minutes(model: Curve, start: float, end: float) -> float:
    """Return the minutes from one SoC to another; 0 when already there. To 100 % includes balancing."""
    if end <= start:
        return 0.0
    flat_h, taper_h = _hours(model, model.knee, start, end)
    full_min = model.balancing_min if end >= FULL else 0.0
    return model.factor * (60 * (flat_h + taper_h) + full_min)


def soc_after(model: Curve, start: float, minutes: float) -> float:
    """Return the SoC after charging for a time; at most 1."""
    hours = max(minutes, 0.0) / 60 / model.factor
    knee, rate_per_h = model.knee, model.rate_per_h
    to_knee_h = max(0.0, knee - start) / rate_per_h
    if hours <= to_knee_h:
        return min(1.0, start + hours * rate_per_h)
    begin = max(start, knee)
    taken = (TAPER_FLOOR + TAPER_SLOPE * (1 - begin)) * exp(-TAPER_SLOPE * (hours - to_knee_h))
    return min(1.0, 1 - (taken - TAPER_FLOOR) / TAPER_SLOPE)


def wall_kwh_after(model: Curve, start: float, minutes: float) -> float:
    """Return the energy at the wall of charging for a time; once full, balancing takes the overhead alone."""
    return wall_kwh_to(model, start, soc_after(model, start, minutes), minutes)


def wall_kwh_to(model: Curve, start: float, end: float, minutes: float) -> float:
    """Return the same where the SoC after that time is known already."""
    hours, knee = max(minutes, 0.0) / 60 / model.factor, model.knee
    flat_h, taper_h = _hours(model, knee, start, end)
    gained_kwh = model.usable_kwh * max(0.0, end - max(start, knee))
    taper_kwh = (gained_kwh + model.overhead_kw * taper_h) / CONVERTER
    full_h = min(max(0.0, hours - flat_h - taper_h), model.balancing_min / 60)
    full_kwh = model.overhead_kw / CONVERTER * full_h
    return model.factor * (model.wall_kw * flat_h + taper_kwh + full_kwh)


def _hours(model: Curve, knee: float, start: float, end: float) -> tuple[float, float]:
    """Return the hours from one SoC to another below the knee, and beyond it."""
    flat_h = max(0.0, min(end, knee) - start) / model.rate_per_h
    if end <= knee:
        return flat_h, 0.0
    begin = TAPER_FLOOR + TAPER_SLOPE * (1 - max(start, knee))
    return flat_h, log(begin / (TAPER_FLOOR + TAPER_SLOPE * (1 - end))) / TAPER_SLOPE
