"""Wishes that this car cannot be made to obey: said before the night, with the ways out."""

from delcia.config.catalogue import HOLD_ANYWHERE, models, tells_no_place
from delcia.config.findings import Findings
from delcia.config.nodes import Entry, Mapping
from delcia.config.reading import place
from delcia.core.means import FULL_PCT, LIMITS_PCT, Means, ends_at_target, means_at, means_of
from delcia.core.model import Plan, Site, ToSoc, Vehicle

_WAY_OUT = "name commands of its charger, or set control: {stop: true} on the car if it does obey a stop"


def check_hold(site: Site, vehicle: Vehicle, node: Mapping, findings: Findings) -> None:
    """Report a hold of a car that nothing can stop, or that is asked for a place that it never tells."""
    places = [means_of(site, plan) for plan in site.plans_of(vehicle.name) if plan.charger in site.chargers]
    kept = all(found.ends_windows for found in places) if places else means_at(vehicle, None).stop
    model = models().get(vehicle.model or "")
    placeless = model is not None and model.placeless
    if vehicle.hold and not kept:
        message = f"'{vehicle.name}' cannot be stopped from afar, so hold cannot be kept"
        findings.error(place(node, "hold"), "not-enforceable", message, f"set hold: false, {_WAY_OUT}")
    elif vehicle.hold and placeless and not vehicle.hold_anywhere:
        findings.error(place(node, "hold"), "not-enforceable", tells_no_place(vehicle.name), HOLD_ANYWHERE)
    elif vehicle.hold_anywhere and model is not None and not placeless:
        message = f"'{vehicle.name}' tells where it is, and hold: anywhere holds it away from home too"
        findings.warning(place(node, "hold"), "hold-anywhere", message, "write hold: true")


def check_means(site: Site, plan: Plan, node: Mapping, findings: Findings) -> None:
    """Report what a plan wants of a car that nothing can start, stop or end."""
    found, name = means_of(site, plan), plan.vehicle
    if not (found.start or found.supplied):
        message = f"'{name}' cannot be started from afar, so the plan cannot charge it"
        hint = "name commands of its charger, set control: {start: true} if it does obey a start, or remove the plan"
        findings.error(place(node, "vehicle"), "not-enforceable", message, hint)
    if not ends_at_target(found, plan):
        _report_target(found, plan, node, findings)
    elif not found.ends_windows:
        until = "until it is full" if plan.target == ToSoc(FULL_PCT) else "up to its own SoC limit"
        message = f"nothing can stop '{name}' at the end of a window: it charges from plugging in {until}"
        hint = f"plug it in when the window begins, {_WAY_OUT}"
        findings.warning(place(node, "when"), "window-end-not-enforced", message, hint)


def _report_target(found: Means, plan: Plan, node: Mapping, findings: Findings) -> None:
    where = _target(node)
    spot, name = where.place if where else node.place, plan.vehicle
    if found.limit and isinstance(plan.target, ToSoc):
        message = (
            f"'{name}' is stopped by its own SoC limit, which is 55 to 100 % in steps of 5, not {plan.target.soc_pct} %"
        )
        nearest = min(LIMITS_PCT, key=lambda limit: abs(limit - _wanted_pct(plan)))
        findings.error(spot, "not-enforceable", message, f"charge to_soc: {nearest}, {_WAY_OUT}")
        return
    message = f"'{name}' cannot be stopped from afar, so '{where.key if where else 'charge'}' cannot be kept"
    instead = "to_soc, which its own SoC limit keeps" if found.limit else f"to_soc: {FULL_PCT}"
    findings.error(spot, "not-enforceable", message, f"charge {instead}, {_WAY_OUT}")


def _wanted_pct(plan: Plan) -> int:
    return plan.target.soc_pct if isinstance(plan.target, ToSoc) else FULL_PCT


def _target(node: Mapping) -> Entry | None:
    """Return the key of what is to be charged."""
    charge = node.get("charge")
    return next(iter(charge.entries.values())) if isinstance(charge, Mapping) else None
