"""Wishes that this car cannot be made to obey: said before the night, with the ways out."""

from delcia.config.findings import Findings
from delcia.config.nodes import Mapping
from delcia.config.reading import place
from delcia.core.model import Plan, ToSoc, Vehicle

FULL_PCT = 100
_WAY_OUT = "or set control: {stop: true} on the car if it does obey a stop"


def check_hold(vehicle: Vehicle, node: Mapping, findings: Findings) -> None:
    """Report a hold of a car that cannot be stopped."""
    if vehicle.hold and not vehicle.control.stop:
        message = f"'{vehicle.name}' cannot be stopped from afar, so hold cannot be kept"
        findings.error(place(node, "hold"), "not-enforceable", message, f"set hold: false, {_WAY_OUT}")


def check_means(vehicle: Vehicle, plan: Plan, node: Mapping, findings: Findings) -> None:
    """Report what a plan wants of a car that cannot be started or stopped."""
    if not vehicle.control.start:
        message = f"'{vehicle.name}' cannot be started from afar, so the plan cannot charge it"
        hint = "set control: {start: true} on the car if it does obey a start, or remove the plan"
        findings.error(place(node, "vehicle"), "not-enforceable", message, hint)
    if vehicle.control.stop:
        return
    if plan.target != ToSoc(FULL_PCT):
        charge = node.get("charge")
        where = next(iter(charge.entries.values())) if isinstance(charge, Mapping) else None
        message = (
            f"'{vehicle.name}' cannot be stopped from afar, so '{where.key if where else 'charge'}' cannot be kept"
        )
        hint = f"charge to_soc: {FULL_PCT}, {_WAY_OUT}"
        findings.error(where.place if where else node.place, "not-enforceable", message, hint)
        return
    message = f"nothing can stop '{vehicle.name}' at the end of a window: it charges until it is full"
    hint = f"choose windows long enough to fill it, {_WAY_OUT}"
    findings.warning(place(node, "when"), "window-end-not-enforced", message, hint)
