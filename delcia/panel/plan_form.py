"""The form of a plan as it is shown, and the change that it asks for when it is sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import zip_longest

from delcia.config.quantities import weekdays
from delcia.core.model import EVERY_DAY, Site, Tariff, ToSoc
from delcia.editing.changes import Add, Alter, Change, Disable, Enable, Remove
from delcia.editing.form import fields_of, free_name, name_in, wish_in
from delcia.editing.proposals import Proposal, propose
from delcia.editing.views import Shown, View, shown_plans
from delcia.editing.wish import Cheapest, Wish
from delcia.errors import DelciaError

Lists = Mapping[str, list[str]]
USUAL_PCT, USUAL_MIN = 80, 7 * 60
"""What the form of a new plan begins with: a target, and ready by seven."""
LEAST_ROWS = 3
SIMPLE: Mapping[str, type[Disable] | type[Enable] | type[Remove]] = {
    "disable": Disable,
    "enable": Enable,
    "remove": Remove,
}


@dataclass(frozen=True, slots=True)
class Form:
    """A plan's form as it is shown: what is in its fields, what can be chosen, and what is wrong.

    `mark` is that of the plan which the fields were filled in for; `remark` names the text that stands above.
    """

    vehicle: str
    name: str
    is_new: bool
    mark: str
    fields: Lists
    faults: Mapping[str, str]
    kept: bool
    unshown: tuple[str, ...]
    chargers: tuple[str, ...]
    tariffs: Mapping[str, tuple[str, ...]]
    calendars: tuple[str, ...]
    remark: str = ""

    def one(self, name: str) -> str:
        """Return what is in a field."""
        return one_of(self.fields, name)

    def has(self, name: str, value: str) -> bool:
        """Tell whether a field has a value among its own."""
        return value in self.fields.get(name, ())

    @property
    def windows(self) -> tuple[tuple[str, str], ...]:
        """The rows for windows: all that there are, and one more; a beginning and an end each."""
        rows = zip_longest(*(self.fields.get(name, ()) for name in ("begins", "ends")), fillvalue="")
        said = [(begin, end) for begin, end in rows if begin or end]
        return (*said, *[("", "")] * max(1, LEAST_ROWS - len(said)))


def one_of(lists: Lists, name: str) -> str:
    """Return the first value of a field, "" when it is not there."""
    return next(iter(lists.get(name, ())), "")


def form_of(view: View, name: str) -> Form:
    """Return the form of a plan. Raises `unknown-plan`."""
    shown = shown_plan(view, name)
    return _form(view, _site(view), shown.wish.vehicle, shown, fields_of(shown.wish))


def new_form(view: View, vehicle: str) -> Form:
    """Return the form of a new plan, with what is usual."""
    site = _site(view)
    if vehicle not in site.vehicles or not site.chargers:
        raise DelciaError("no such vehicle", slug="unknown-plan")
    tariff = next(iter(sorted(site.tariffs)), None)
    wish = Wish(
        vehicle,
        min(site.chargers),
        ToSoc(USUAL_PCT),
        Cheapest(tariff) if tariff else None,
        EVERY_DAY,
        ready_by_min=USUAL_MIN,
    )
    return _form(view, site, vehicle, None, {**fields_of(wish), "name": [free_name(vehicle, list(view.plans))]})


def asked_for(view: View, name: str, new_for: str | None, lists: Lists) -> Proposal | Form:
    """Return the change that a form asks for; the form again, with its faults, where it asks for none.

    `new_for` is the vehicle of a new plan. A plan that was changed since its form was shown is one to look at again.
    """
    site = _site(view)
    action = one_of(lists, "action")
    if action in SIMPLE:
        return propose(view, SIMPLE[action](name))
    shown = None if new_for is not None else shown_plan(view, name)
    wish, found = wish_in(lists, kept_when=shown is not None and shown.wish.when is None)
    faults = dict(found)
    vehicle = one_of(lists, "vehicle") if new_for is None else new_for
    if new_for is not None:
        name, fault = name_in(lists, list(view.plans))
        if fault:
            faults["name"] = fault
    if shown is not None and one_of(lists, "seen") != shown.mark:
        return _form(view, site, vehicle, shown, lists, faults, remark="plan_changed")
    if wish is None or faults:
        return _form(view, site, vehicle, shown, lists, faults)
    change: Change = Add(name, wish) if shown is None else Alter(name, wish, shown.mark)
    return propose(view, change)


def shown_plan(view: View, name: str) -> Shown:
    """Return a plan as a form shows it. Raises `unknown-plan`."""
    _site(view)
    found = next((shown for shown in shown_plans(view) if shown.name == name), None)
    if found is None:
        raise DelciaError(f"there is no plan '{name}' any more", slug="unknown-plan", hint="look at the plans")
    return found


def _form(
    view: View,
    site: Site,
    vehicle: str,
    shown: Shown | None,
    fields: Lists,
    faults: Mapping[str, str] | None = None,
    remark: str = "",
) -> Form:
    named = [str(word) for item in view.plans.values() for word in item.document.get("days", ())]
    return Form(
        vehicle=vehicle,
        name=shown.name if shown else one_of(fields, "name"),
        is_new=shown is None,
        mark=shown.mark if shown else "",
        fields=fields,
        faults=faults or {},
        kept=shown is not None and shown.wish.when is None,
        unshown=shown.unshown if shown else (),
        chargers=tuple(sorted(site.chargers)),
        tariffs={name: _bands(tariff) for name, tariff in sorted(site.tariffs.items())},
        calendars=tuple(dict.fromkeys(word for word in named if weekdays(word) is None)),
        remark=remark,
    )


def _bands(tariff: Tariff) -> tuple[str, ...]:
    return tuple(dict.fromkeys(band.name for band in tariff.bands))


def _site(view: View) -> Site:
    site = view.loaded.site
    if site is None:
        raise DelciaError("the plans have errors", slug="bad-plans", hint="correct them first: delcia validate")
    return site
