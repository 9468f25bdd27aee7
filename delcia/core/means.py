"""By what means delcia has its way with a car at a charger, and what it cannot enforce there: the one place that knows.

The strongest means counts: start and stop by the car; start by the car and its own SoC limit; commands of the charger.
What a car lacks, a charger that has commands, or has power in some bands only, may give it.
"""

from dataclasses import dataclass
from functools import lru_cache

from delcia.core.model import Charger, Control, Plan, Site, ToSoc, Vehicle

FULL_PCT = 100
LIMITS_PCT = range(55, 101, 5)
"""The targets that a car's own SoC limit can have."""


@dataclass(frozen=True, slots=True)
class Means:
    """What ends up being possible. `commands` names the charger's commands that stand in for the car's start or stop.

    `limit`: the car's own limit ends a charge at its target. `supplied`: the charger has power in some bands only.
    """

    start: bool
    stop: bool
    limit: bool
    commands: str | None
    supplied: bool
    control: Control

    @property
    def ends_windows(self) -> bool:
        """Return whether a charge ends with its window."""
        return self.stop or self.supplied


@lru_cache(maxsize=64)
def means_at(vehicle: Vehicle, charger: Charger | None) -> Means:
    """Return the means of a vehicle at a charger; None is one of which nothing is known."""
    control = vehicle.control
    commands = charger.commands if charger is not None else None
    needed = commands is not None and not (control.start and control.stop)
    supplied = charger is not None and charger.supply is not None
    return Means(
        start=control.start or needed,
        stop=control.stop or needed,
        limit=control.soc_limit and not (control.stop or needed),
        commands=commands if needed else None,
        supplied=supplied,
        control=control,
    )


def means_of(site: Site, plan: Plan) -> Means:
    """Return the means of a plan: of its vehicle at its charger."""
    return means_at(site.vehicles[plan.vehicle], site.chargers.get(plan.charger))


def means_for(site: Site, vehicle: Vehicle, wanting: tuple[str, ...] = ()) -> Means:
    """Return the means of a vehicle now: at the charger of the plans that want it, else at the one that gives most."""
    plans = site.plans_of(vehicle.name)
    names = [plan.charger for plan in plans if plan.name in wanting] or [plan.charger for plan in plans]
    chargers = [site.chargers[name] for name in names if name in site.chargers]
    switched = next((charger for charger in chargers if charger.commands is not None), None)
    return means_at(vehicle, switched or (chargers[0] if chargers else None))


def means(found: Means) -> str:
    """Return means in words."""
    control, box = found.control, f"the charger's commands '{found.commands}'"
    if control.start and control.stop:
        said = "start and stop by the car"
    elif found.commands is not None:
        said = f"start by the car, stop by {box}" if control.start else f"start and stop by {box}"
        said = f"stop by the car, start by {box}" if control.stop else said
    elif control.start and found.limit:
        said = "start by the car; its own SoC limit ends the charge"
    elif control.start:
        said = "start by the car; nothing stops it before it is full"
    elif control.stop:
        said = "stop by the car; nothing starts it"
    else:
        said = "no means: it charges from plugging in"
    return f"{said}; power in the bands of its charger only" if found.supplied else said


def describe(control: Control) -> str:
    """Return in words what can be had of a car with this control, at a charger of which nothing is known."""
    limit = control.soc_limit and not control.stop
    return means(Means(control.start, control.stop, limit, None, supplied=False, control=control))


def not_enforced(site: Site, plan: Plan) -> tuple[str, ...]:
    """Return what of a plan nothing enforces: start, window-end, target."""
    found = means_of(site, plan)
    missing = [] if found.start or found.supplied else ["start"]
    if not found.ends_windows:
        missing.append("window-end")
    if not ends_at_target(found, plan):
        missing.append("target")
    return tuple(missing)


def ends_at_target(found: Means, plan: Plan) -> bool:
    """Return whether something ends a charge at the plan's target: a full car ends by itself."""
    if found.stop:
        return True
    if not isinstance(plan.target, ToSoc):
        return False
    return plan.target.soc_pct >= FULL_PCT or (found.limit and plan.target.soc_pct in LIMITS_PCT)
