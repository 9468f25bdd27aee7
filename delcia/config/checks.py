"""What a well-formed plan may still get wrong, found once everything it refers to is known.

What is disabled is not judged, nor is anything that already has an error: its own numbers may be wrong.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from delcia.config.calendars import Calendars
from delcia.config.findings import Findings
from delcia.config.gaps import check_plan_times, check_tariff_times
from delcia.config.means import check_hold, check_means
from delcia.config.merge import Merged
from delcia.config.never import check_bands
from delcia.config.nodes import Entry, Mapping, Node, Scalar, Sequence
from delcia.config.reach import check_reach
from delcia.config.reading import place
from delcia.config.uncovered import check_covered
from delcia.core.clock import DAY, begin_instant, local_date, zone
from delcia.core.days import last_date
from delcia.core.model import Once, Place, Plan, Site, tariff_of
from delcia.core.windows import Window, windows_of


@dataclass(frozen=True, slots=True)
class _Sound:
    """Tells the items without an error in them from the others."""

    merged: Merged
    faults: frozenset[Place]
    faulty: frozenset[str]
    """Calendars with an error: on which days they hold is not known."""

    def item(self, section: str, name: str) -> bool:
        """Return whether an item has no error."""
        entry = self.merged.maps[section].get(name)
        if entry is None or (self.faults and _touched(entry, self.faults)):
            return False
        return not self.faulty or self.faulty.isdisjoint(_named_days(entry.node))


def check_site(site: Site, merged: Merged, calendars: Calendars, now: datetime, findings: Findings) -> None:
    """Report what the items say together; `now` begins the year that is looked at."""
    faults = frozenset(Place(p.path, p.line, p.column) for p in findings.problems if p.level == "error")
    sound = _Sound(merged, faults, calendars.faulty)
    for name, vehicle in site.vehicles.items():
        if sound.item("vehicles", name):
            check_hold(site, vehicle, _node(merged, "vehicles", name), findings)
    for name, tariff in site.tariffs.items():
        if sound.item("tariffs", name):
            node = _node(merged, "tariffs", name)
            check_tariff_times(tariff, node, now, findings)
            check_bands(tariff, node, now, findings)
    for name, plan in site.plans.items():
        if plan.enabled and _judged(site, plan, sound):
            _check_plan(site, plan, _node(merged, "plans", name), now, findings)
    for name, vehicle in site.vehicles.items():
        # Any error may be of a plan that would hold the car.
        if vehicle.hold and not findings.failed:
            check_covered(site, name, _node(merged, "vehicles", name), merged, now, findings)


def _judged(site: Site, plan: Plan, sound: _Sound) -> bool:
    charger = site.chargers.get(plan.charger)
    supply = charger.supply if charger is not None else None
    tariffs = {tariff_of(plan.when), supply.tariff if supply is not None else None}
    return (
        sound.item("plans", plan.name)
        and plan.vehicle in site.vehicles
        and sound.item("vehicles", plan.vehicle)
        and charger is not None
        and sound.item("chargers", plan.charger)
        and all(tariff in site.tariffs and sound.item("tariffs", tariff) for tariff in tariffs if tariff is not None)
    )


def _check_plan(site: Site, plan: Plan, node: Mapping, now: datetime, findings: Findings) -> None:
    check_means(site, plan, node, findings)
    if isinstance(plan.when, Once) and _only_window(site, plan, plan.when) is None:
        hint = "write times that the clock shows that night"
        findings.error(place(node, "when"), "empty-window", "the clock skips all of this window", hint)
    elif _is_past(site, plan, now):
        hint = "remove the plan, or give it new dates"
        findings.warning(plan.place, "past-plan", f"'{plan.name}' is over and does nothing", hint)
    else:
        check_plan_times(site, plan, node, now, findings)
        check_reach(site, plan, node, now, findings)


def _is_past(site: Site, plan: Plan, now: datetime) -> bool:
    if isinstance(plan.when, Once):
        window = _only_window(site, plan, plan.when)
        return window is not None and window.end <= now
    last = last_date(plan.days)
    return last is not None and last < local_date(now, zone(site.timezone))


def _only_window(site: Site, plan: Plan, once: Once) -> Window | None:
    """Return the window of a plan that happens once; None when the clock skips all of it."""
    start = begin_instant(once.begins.date(), 0, zone(site.timezone))
    windows = windows_of(site, plan, start, start + 2 * DAY)
    return windows[0] if windows else None


def _node(merged: Merged, section: str, name: str) -> Mapping:
    node = merged.maps[section][name].node
    return node if isinstance(node, Mapping) else Mapping(node.place, {})


def _named_days(node: Node) -> Iterator[str]:
    """Yield the words of every `days` and `except` in a plan or a tariff."""
    if isinstance(node, Sequence):
        for item in node.items:
            yield from _named_days(item)
    if isinstance(node, Mapping):
        for key, entry in node.entries.items():
            if key in {"days", "except"} and isinstance(entry.node, Sequence):
                yield from (item.text for item in entry.node.items if isinstance(item, Scalar))
            else:
                yield from _named_days(entry.node)


def _touched(entry: Entry, faults: frozenset[Place]) -> bool:
    return entry.place in faults or _inside(entry.node, faults)


def _inside(node: Node, faults: frozenset[Place]) -> bool:
    if node.place in faults:
        return True
    if isinstance(node, Mapping):
        return any(_touched(entry, faults) for entry in node.entries.values())
    return isinstance(node, Sequence) and any(_inside(item, faults) for item in node.items)
