"""By what means delcia has its way with a car, and what it cannot enforce there."""

from delcia.core.model import Control, Plan, Site, ToSoc

FULL_PCT = 100


def means(control: Control) -> str:
    """Return the strongest means of a car, in words."""
    if control.start and control.stop:
        return "start and stop by the car"
    if control.start:
        return "start by the car; nothing stops it before it is full"
    if control.stop:
        return "stop by the car; nothing starts it"
    return "no means: it charges from plugging in"


def not_enforced(site: Site, plan: Plan) -> tuple[str, ...]:
    """Return what of a plan nothing enforces: start, window-end, target."""
    control = site.vehicles[plan.vehicle].control
    missing = [] if control.start else ["start"]
    if not control.stop:
        missing.append("window-end")
        if not isinstance(plan.target, ToSoc) or plan.target.soc_pct < FULL_PCT:
            missing.append("target")
    return tuple(missing)
