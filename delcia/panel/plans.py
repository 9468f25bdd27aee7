"""The pages on which a plan is changed for good: a form, what saving it would do, and the commit."""

import asyncio
import secrets
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import quote

from aiohttp import web

from delcia.config.quantities import WEEKDAYS
from delcia.core.consequence import Assumed
from delcia.core.model import EVERY_DAY, Site, Tariff, ToSoc
from delcia.core.request import Request
from delcia.editing.changes import Add, Alter, Change, Disable, Enable, Remove
from delcia.editing.form import fields_of, free_name, name_in, wish_in
from delcia.editing.homes import looked_at, save
from delcia.editing.proposals import Proposal, propose
from delcia.editing.saving import Conflict, Saved
from delcia.editing.upstream import Upstream, fetch
from delcia.editing.views import Shown, View, shown_plans
from delcia.editing.wish import Cheapest, Wish
from delcia.errors import DelciaError
from delcia.panel.fields import lists_of
from delcia.panel.house import Plans
from delcia.panel.visits import Panel
from delcia.report.review_text import review_lines
from delcia.report.weeks import Review
from delcia.runtime.consequence import consequence

Lists = Mapping[str, list[str]]
USUAL_PCT, USUAL_MIN = 80, 7 * 60
"""What the form of a new plan begins with: a target, and ready by seven."""
Result = TypeVar("Result")
SIMPLE: Mapping[str, type[Disable] | type[Enable] | type[Remove]] = {
    "disable": Disable,
    "enable": Enable,
    "remove": Remove,
}


@dataclass(frozen=True, slots=True)
class Form:
    """A plan's form as it is shown: what is in its fields, what can be chosen, and what is wrong."""

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

    def one(self, name: str) -> str:
        """Return what is in a field."""
        return next(iter(self.fields.get(name, ())), "")

    def has(self, name: str, value: str) -> bool:
        """Tell whether a field has a value among its own."""
        return value in self.fields.get(name, ())


async def edit(panel: Panel, request: web.Request) -> web.Response:
    """Show the form of a plan, or of a new one."""
    view = await _in_thread(panel, lambda plans: _with_view(panel, plans, lambda view: _blank(view, request)))
    return panel.html(request, "plan.html.j2", form=view, days=WEEKDAYS)


async def look(panel: Panel, request: web.Request) -> web.Response:
    """Show what saving a form would do, and save nothing."""
    lists = lists_of(await request.read())

    def work(plans: Plans) -> Proposal | Form:
        return _with_view(panel, plans, lambda view: _proposal(view, request, lists))

    found = await _in_thread(panel, work)
    if isinstance(found, Form):
        return panel.html(request, "plan.html.j2", 400, form=found, days=WEEKDAYS)
    return await _review(panel, request, found, lists, "")


async def keep(panel: Panel, request: web.Request) -> web.Response:
    """Save what was looked at, and nothing else."""
    lists = lists_of(await request.read())

    def work(plans: Plans) -> Proposal | Form | Saved | Conflict:
        found = _with_view(panel, plans, lambda view: _proposal(view, request, lists))
        if isinstance(found, Form) or found.digest != _one(lists, "digest") or found.new is None:
            return found
        return save(plans.home, found, plans.author, panel.house.now())

    found = await _in_thread(panel, work)
    if isinstance(found, Form):
        return panel.html(request, "plan.html.j2", 400, form=found, days=WEEKDAYS)
    if isinstance(found, Proposal):
        return await _review(panel, request, found, lists, "changed_meanwhile" if found.new is not None else "")
    if isinstance(found, Conflict):
        if found.again is None:
            return panel.html(request, "conflict.html.j2", 409, difference=found.difference, reason=found.reason)
        return await _review(panel, request, found.again, lists, "changed_meanwhile", found.difference)
    raise web.HTTPSeeOther(f"/car/{quote(_one(lists, 'vehicle'))}?saved={quote((found.commit or 'file')[:12])}")


async def reset(panel: Panel, request: web.Request) -> web.Response:
    """Pause at once, and disable the plan for good."""
    name = request.match_info["name"]

    def work(plans: Plans) -> tuple[str, Saved | Conflict]:
        def vehicle_and_proposal(view: View) -> tuple[str, Proposal]:
            return _shown(view, name).wish.vehicle, propose(view, Disable(name))

        vehicle, proposal = _with_view(panel, plans, vehicle_and_proposal)
        return vehicle, save(plans.home, proposal, plans.author, panel.house.now())

    vehicle, became = await _in_thread(panel, work)
    word = Request(vehicle, "pause", secrets.token_urlsafe(18))
    answer = await panel.house.ask(word)
    if answer is not None:
        panel.keep(word.key, answer)
    if isinstance(became, Conflict):
        return panel.html(request, "conflict.html.j2", 409, difference=became.difference, reason=became.reason)
    saved = quote((became.commit or "file")[:12])
    raise web.HTTPSeeOther(f"/car/{quote(vehicle)}?asked={quote(word.key)}&since={int(time.time())}&saved={saved}")


async def _review(
    panel: Panel, request: web.Request, proposal: Proposal, lists: Lists, remark: str, difference: str = ""
) -> web.Response:
    """Return the page that shows a change before it is made."""
    lines = await asyncio.to_thread(_consequence, panel, proposal)
    sent = [
        (name, value) for name, values in lists.items() if name not in {"token", "digest", "seen"} for value in values
    ]
    if isinstance(proposal.change, Alter):
        sent.append(("seen", proposal.change.seen))
    return panel.html(
        request,
        "review.html.j2",
        409 if remark else 200,
        proposal=proposal,
        subject=proposal.message.partition("\n")[0],
        lines=lines,
        sent=sent,
        save_at=f"{request.path.rpartition('/')[0]}/save",
        back_at=request.path.rpartition("/")[0],
        remark=remark,
        difference=difference,
    )


def _consequence(panel: Panel, proposal: Proposal) -> list[str]:
    now = panel.house.now()
    if proposal.new is None:
        return []
    found = consequence(proposal.old, proposal.new, now, Assumed())
    return list(review_lines(Review(found, "as it is", "as it would be", (), None)))


async def _in_thread(panel: Panel, work: Callable[[Plans], Result]) -> Result:
    """Return what comes of work on the plans. Raises the answer where there are none to change, or they are away."""
    if panel.house.plans is None:
        raise web.HTTPNotFound
    try:
        return await asyncio.to_thread(work, panel.house.plans)
    except DelciaError as error:
        if error.slug in {"unknown-plan", "no-commit", "remote-away"}:
            raise web.HTTPNotFound from error
        raise web.HTTPConflict(reason=error.slug) from error


def _with_view(panel: Panel, plans: Plans, use: Callable[[View], Result]) -> Result:
    if isinstance(plans.home, Upstream):
        with suppress(DelciaError):
            fetch(plans.home)
    with looked_at(plans.home, panel.house.now()) as view:
        return use(view)


def _blank(view: View, request: web.Request) -> Form:
    """Return the form of the plan that is named, or one with what is usual for a new one."""
    site, name = _site(view), request.match_info["name"]
    if "vehicle" not in request.match_info:
        shown = _shown(view, name)
        return _form(view, site, shown.wish.vehicle, shown, fields_of(shown.wish), {})
    vehicle = request.match_info["vehicle"]
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
    fields = {**fields_of(wish), "name": [free_name(vehicle, list(view.plans))]}
    return _form(view, site, vehicle, None, fields, {})


def _proposal(view: View, request: web.Request, lists: Lists) -> Proposal | Form:
    """Return the change that a form asks for; the form again, with its faults, where it asks for none."""
    site, name = _site(view), request.match_info["name"]
    action = _one(lists, "action")
    if action in SIMPLE:
        return propose(view, SIMPLE[action](name))
    is_new = "vehicle" in request.match_info
    shown = None if is_new else _shown(view, name)
    wish, faults = wish_in(lists, kept_when=shown is not None and shown.wish.when is None)
    faults = dict(faults)
    vehicle = request.match_info["vehicle"] if is_new else _one(lists, "vehicle")
    if is_new:
        name, fault = name_in(lists, list(view.plans))
        if fault:
            faults["name"] = fault
    if wish is None or faults:
        return _form(view, site, vehicle, shown, lists, faults)
    change: Change = Add(name, wish) if is_new else Alter(name, wish, _one(lists, "seen"))
    return propose(view, change)


def _form(view: View, site: Site, vehicle: str, shown: Shown | None, fields: Lists, faults: Mapping[str, str]) -> Form:
    named = [str(word) for item in view.plans.values() for word in item.document.get("days", ())]
    return Form(
        vehicle=vehicle,
        name=shown.name if shown else next(iter(fields.get("name", ())), ""),
        is_new=shown is None,
        mark=shown.mark if shown else "",
        fields=fields,
        faults=faults,
        kept=shown is not None and shown.wish.when is None,
        unshown=shown.unshown if shown else (),
        chargers=tuple(sorted(site.chargers)),
        tariffs={name: _bands(tariff) for name, tariff in sorted(site.tariffs.items())},
        calendars=tuple(dict.fromkeys(word for word in named if word[:3] not in WEEKDAYS)),
    )


def _bands(tariff: Tariff) -> tuple[str, ...]:
    return tuple(dict.fromkeys(band.name for band in tariff.bands))


def _shown(view: View, name: str) -> Shown:
    found = next((shown for shown in shown_plans(view) if shown.name == name), None)
    if found is None:
        raise DelciaError(f"there is no plan '{name}'", slug="unknown-plan", hint="look at the plans")
    return found


def _site(view: View) -> Site:
    site = view.loaded.site
    if site is None:
        raise DelciaError("the plans have errors", slug="bad-plans", hint="correct them first: delcia validate")
    return site


def _one(lists: Lists, name: str) -> str:
    return next(iter(lists.get(name, ())), "")
