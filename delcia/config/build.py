"""Nodes of all files to one Site: every item is built as far as it can be, so that one run shows every problem."""

from collections.abc import Callable
from typing import TypeVar

from delcia.config.calendars import Calendars
from delcia.config.chargers import charger
from delcia.config.findings import Findings
from delcia.config.merge import Merged
from delcia.config.nodes import Entry, Scalar
from delcia.config.plans import plan
from delcia.config.tariffs import tariff
from delcia.config.vehicles import accounts, home, vehicle
from delcia.config.zones import zone_name
from delcia.core.model import Place, Site

Item = TypeVar("Item")


def build(merged: Merged, first: Place, calendars: Calendars, findings: Findings) -> Site | None:
    """Return what can be built of the site, None without its timezone; `first` is the place of the first file."""
    timezone = _timezone(merged, first, findings)
    tariffs = _built(merged.maps["tariffs"], lambda entry: tariff(entry, timezone, calendars, findings))
    vehicles = _built(merged.maps["vehicles"], lambda entry: vehicle(entry, merged, findings))
    chargers = _built(merged.maps["chargers"], lambda entry: charger(entry, merged, findings))
    plans = _built(merged.maps["plans"], lambda entry: plan(entry, merged, tariffs, calendars, findings))
    known_home, known_accounts = home(merged, findings), accounts(merged, findings)
    if timezone is None:
        return None
    return Site(timezone, vehicles, chargers, tariffs, plans, known_accounts, known_home)


def _built(entries: dict[str, Entry], make: Callable[[Entry], Item | None]) -> dict[str, Item]:
    made = {name: make(entry) for name, entry in entries.items()}
    return {name: item for name, item in made.items() if item is not None}


def _timezone(merged: Merged, first: Place, findings: Findings) -> str | None:
    entry = merged.singles.get("timezone")
    if entry is None and findings.unread:
        return None
    if entry is None:
        hint = "add timezone: with the zone of the home, such as Europe/Paris"
        findings.error(first, "missing-timezone", "no file says the timezone of the home", hint)
        return None
    if not isinstance(entry.node, Scalar) or findings.rejected(entry.node):
        return None
    return zone_name(entry.node, findings)
