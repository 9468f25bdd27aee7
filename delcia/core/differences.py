"""What differs between two sites, by the names that the owner gave."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from delcia.core.model import Place, Plan, Site

if TYPE_CHECKING:
    from collections.abc import Mapping

Action = Literal["create", "update", "delete"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One named thing of the plans that is new, is another, or is gone. There is only one of what has no name."""

    action: Action
    kind: str
    name: str


def differences(before: Site | None, after: Site | None) -> tuple[Difference, ...]:
    """Return what differs between two sites, by kind and name; not where it stands in its files. None has nothing."""
    old, new = _parts(before), _parts(after)
    return tuple(
        Difference(_action(key in old, key in new), *key)
        for key in sorted(old.keys() | new.keys())
        if old.get(key) != new.get(key)
    )


def without_place(plan: Plan) -> Plan:
    """Return a plan that does not say where it was written."""
    return replace(plan, place=Place("", 1))


def _action(was: bool, will: bool) -> Action:  # noqa: FBT001 - the two sides of a comparison
    return "update" if was and will else "create" if will else "delete"


def _parts(site: Site | None) -> dict[tuple[str, str], object]:
    """Return everything that has a name in the plans, by kind and name."""
    if site is None:
        return {}
    kinds: dict[str, Mapping[str, object]] = {
        "plan": {name: without_place(plan) for name, plan in site.plans.items()},
        "vehicle": site.vehicles,
        "charger": site.chargers,
        "tariff": site.tariffs,
        "account": site.accounts,
    }
    named = {(kind, name): value for kind, values in kinds.items() for name, value in values.items()}
    return {**named, ("timezone", ""): site.timezone, **({("home", ""): site.home} if site.home else {})}
