"""The pages that change a plan for good: a form, what it would do, and the commit that does it."""

import asyncio
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import quote

from aiohttp import web

from delcia.config.quantities import WEEKDAYS
from delcia.core.consequence import Assumed
from delcia.core.request import Request
from delcia.editing.changes import Alter, Disable
from delcia.editing.homes import looked_at, save
from delcia.editing.proposals import Proposal, difference, propose
from delcia.editing.saving import Conflict, Saved
from delcia.editing.upstream import Upstream, fetch
from delcia.editing.views import View
from delcia.errors import DelciaError
from delcia.panel.brings import Brings, brings_of
from delcia.panel.fields import fields_of, lists_of
from delcia.panel.forms import key_of
from delcia.panel.house import Plans
from delcia.panel.plan_form import Form, Lists, asked_for, form_of, new_form, one_of, shown_plan
from delcia.panel.tongue import Tongue
from delcia.panel.visits import Panel
from delcia.runtime.consequence import consequence

AWAY = frozenset({"no-commit", "remote-away", "remote-busy", "locked", "git"})
"""What another try may mend."""
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Unsaved:
    """A change that was not saved, and why."""

    proposal: Proposal
    why: DelciaError


Became = Proposal | Form | Saved | Conflict | Unsaved


async def edit(panel: Panel, request: web.Request) -> web.Response:
    """Show the form of a plan, or of a new one."""
    name, new_for = request.match_info["name"], request.match_info.get("vehicle")

    def work(plans: Plans) -> Form:
        return _with_view(
            panel, plans, lambda view: form_of(view, name) if new_for is None else new_form(view, new_for)
        )

    try:
        return _form_page(panel, request, await _in_thread(panel, work))
    except DelciaError as error:
        return _trouble(panel, request, error)


async def look(panel: Panel, request: web.Request) -> web.Response:
    """Show what saving a form would do, and save nothing."""
    lists = lists_of(await request.read())
    try:
        found = await _in_thread(
            panel, lambda plans: _with_view(panel, plans, lambda view: _asked(view, request, lists))
        )
    except DelciaError as error:
        return _trouble(panel, request, error, lists)
    if isinstance(found, Form):
        return _form_page(panel, request, found)
    return await _review(panel, request, found, lists)


async def keep(panel: Panel, request: web.Request) -> web.Response:
    """Save what was looked at, and nothing else; what is sent twice is saved once."""
    lists = lists_of(await request.read())
    digest = one_of(lists, "digest")

    def asked(view: View) -> Proposal | Form | Conflict:
        found = _asked(view, request, lists)
        if isinstance(found, Proposal) and found.digest != digest and digest in panel.shown:
            return Conflict(difference(panel.shown[digest], view), found)
        return found

    def work(plans: Plans) -> Became:
        found = _with_view(panel, plans, asked)
        if not isinstance(found, Proposal) or found.digest != digest or found.new is None:
            return found
        try:
            return save(plans.home, found, plans.author, panel.house.now())
        except DelciaError as error:
            return Unsaved(found, error)

    try:
        found = await _once(panel, digest, work)
    except DelciaError as error:
        return _trouble(panel, request, error, lists)
    match found:
        case Saved():
            raise web.HTTPSeeOther(f"/car/{quote(one_of(lists, 'vehicle'))}?saved={_short(found)}")
        case Form():
            return _form_page(panel, request, found)
        case Proposal():
            return await _review(panel, request, found, lists, "changed_meanwhile" if found.new is not None else "")
        case Unsaved(proposal, why):
            return await _review(panel, request, proposal, lists, why=why)
        case Conflict(theirs, again) if again is not None:
            return await _review(panel, request, again, lists, "changed_meanwhile", theirs)
        case _:
            return _conflict(panel, request, found)


async def _once(panel: Panel, digest: str, work: Callable[[Plans], Became]) -> Became | Saved:
    """Return what becomes of a form to be saved; one that is sent again is not done again, and ends as before."""
    async with panel.saving:
        before = panel.saved.get(digest)
        try:
            found = await _in_thread(panel, work)
        except DelciaError:
            if before is None:
                raise
            return before
        if isinstance(found, Saved):
            panel.note_saved(digest, found)
        return before if before is not None and isinstance(found, Form | Proposal | Conflict) else found


async def reset(panel: Panel, request: web.Request) -> web.Response:
    """Pause at once, whatever becomes of the rest; then disable the plan for good."""
    if panel.house.plans is None:
        raise web.HTTPNotFound
    name = request.match_info["name"]
    fields = {"key": secrets.token_urlsafe(18), **fields_of(await request.read())}

    def vehicle_of(plans: Plans) -> str:
        return _with_view(panel, plans, lambda view: shown_plan(view, name).wish.vehicle)

    def disable(plans: Plans) -> Saved | Conflict | None:
        proposal = _with_view(panel, plans, lambda view: propose(view, Disable(name)))
        return None if proposal.is_empty else save(plans.home, proposal, plans.author, panel.house.now())

    again = {name: [value] for name, value in fields.items()}
    try:
        applied = await _applied_for(panel, name)
        vehicle = await _in_thread(panel, vehicle_of) if applied is None else applied
    except DelciaError as error:
        return _trouble(panel, request, error, again)
    word = Request(vehicle, "pause", key_of("reset", {"plan": name, **fields}))
    answer = await panel.ask(word)
    try:
        async with panel.saving:
            became = await _in_thread(panel, disable)
    except DelciaError as error:
        return _trouble(panel, request, error, again, "" if answer and answer.slug else "not_disabled")
    if isinstance(became, Conflict):
        return _conflict(panel, request, became)
    told = f"asked={quote(word.key)}&since={int(time.time())}"
    raise web.HTTPSeeOther(f"/car/{quote(vehicle)}?{told}{f'&saved={_short(became)}' if became else ''}")


async def _applied_for(panel: Panel, name: str) -> str | None:
    """Return the vehicle that an applied plan is for; no remote needs to be asked for that."""
    with suppress(web.HTTPServiceUnavailable):
        seen = await panel.look()
        plan = seen.status.site.plans.get(name) if seen is not None else None
        return plan.vehicle if plan else None
    return None


def _asked(view: View, request: web.Request, lists: Lists) -> Proposal | Form:
    return asked_for(view, request.match_info["name"], request.match_info.get("vehicle"), lists)


def _short(saved: Saved) -> str:
    return quote((saved.commit or "file")[:12])


def _form_page(panel: Panel, request: web.Request, form: Form) -> web.Response:
    status = 409 if form.remark else 400 if form.faults else 200
    key = secrets.token_urlsafe(18)
    return panel.html(request, "plan.html.j2", status, form=form, days=WEEKDAYS, key=key)


def _trouble(
    panel: Panel, request: web.Request, error: DelciaError, lists: Lists | None = None, remark: str = ""
) -> web.Response:
    """Return the page that says why the plans cannot be looked at or changed, and sends the same form again."""
    status = 404 if error.slug == "unknown-plan" else 503 if error.slug in AWAY else 409
    sent = [(name, value) for name, values in (lists or {}).items() if name != "token" for value in values]
    return panel.html(
        request, "trouble.html.j2", status, error=error, sent=sent, at=request.path if sent else "", remark=remark
    )


def _conflict(panel: Panel, request: web.Request, found: Conflict) -> web.Response:
    return panel.html(request, "conflict.html.j2", 409, difference=found.difference, reason=found.reason)


async def _review(
    panel: Panel,
    request: web.Request,
    proposal: Proposal,
    lists: Lists,
    remark: str = "",
    theirs: str = "",
    why: DelciaError | None = None,
) -> web.Response:
    """Return the page that shows a change before it is made, or after it could not be made."""
    panel.note_shown(proposal.digest, proposal.before)
    brings = await asyncio.to_thread(_brings, panel, proposal, panel.tongue(request))
    sent = [
        (name, value) for name, values in lists.items() if name not in {"token", "digest", "seen"} for value in values
    ]
    if isinstance(proposal.change, Alter):
        sent.append(("seen", proposal.change.seen))
    return panel.html(
        request,
        "review.html.j2",
        409 if remark or why else 200,
        proposal=proposal,
        subject=proposal.message.partition("\n")[0],
        brings=brings,
        sent=sent,
        save_at=f"{request.path.rpartition('/')[0]}/save",
        back_at=request.path.rpartition("/")[0],
        remark=remark,
        difference=theirs,
        why=why,
    )


def _brings(panel: Panel, proposal: Proposal, tongue: Tongue) -> Brings | None:
    if proposal.new is None or proposal.is_empty:
        return None
    return brings_of(consequence(proposal.old, proposal.new, panel.house.now(), Assumed()), tongue)


async def _in_thread(panel: Panel, work: Callable[[Plans], Result]) -> Result:
    """Return what comes of work on the plans. Raises the answer where there are none to change, and DelciaError."""
    if panel.house.plans is None:
        raise web.HTTPNotFound
    return await asyncio.to_thread(work, panel.house.plans)


def _with_view(panel: Panel, plans: Plans, use: Callable[[View], Result]) -> Result:
    if isinstance(plans.home, Upstream):
        with suppress(DelciaError):
            fetch(plans.home)
    with looked_at(plans.home, panel.house.now()) as view:
        return use(view)
