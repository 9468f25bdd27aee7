"""The pages of the cars: what is shown of each, and what is done when a form is sent."""

import asyncio
import json
import secrets
import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING
from urllib.parse import quote

from aiohttp import web

from delcia import __version__
from delcia.core.clock import zone
from delcia.errors import DelciaError
from delcia.host.finding import Finding
from delcia.panel.api import api_data
from delcia.panel.fields import FormError, fields_of
from delcia.panel.forms import request_of
from delcia.panel.logview import log_view
from delcia.panel.secrets import is_token
from delcia.panel.tongue import Tongue
from delcia.panel.view import view_of
from delcia.panel.visits import Panel

if TYPE_CHECKING:
    from delcia.report.logbook import Entry

LOOKS_AGAIN_S = 4
LOST_S = 600
LONGEST_TIME = 60


async def start(panel: Panel, request: web.Request) -> web.Response:
    """Lead to the first vehicle."""
    seen = await panel.look()
    if seen is None or not seen.status.vehicles:
        return panel.html(request, "empty.html.j2", applied=seen is not None)
    raise web.HTTPSeeOther(f"/car/{quote(seen.status.vehicles[0].row.vehicle.name)}")


async def vehicle(panel: Panel, request: web.Request) -> web.Response:
    """Show a vehicle, and what came of the word that was said last."""
    state, words = "", ""
    if asked := request.query.get("asked", "")[:60]:
        state, words = await _became(panel, asked, request.query.get("since", "")[:12], panel.tongue(request))
    return await _page(panel, request, state, words)


async def say(panel: Panel, request: web.Request) -> web.StreamResponse:
    """Pass a word on, and lead back to the vehicle: a reload then says nothing again."""
    name, action = request.match_info["name"], request.match_info["action"]
    fields = fields_of(await request.read())
    try:
        word = request_of(name, action, fields)
    except FormError:
        words = panel.tongue(request).texts["ui"]["bad_form"]
        return await _page(panel, request, "wrong", words, fields, status=400)
    await panel.ask(word)
    raise web.HTTPSeeOther(f"/car/{quote(name)}?asked={quote(word.key)}&since={int(time.time())}")


async def log(panel: Panel, request: web.Request) -> web.Response:
    """Show the log of a vehicle, and what was in force at a time that is asked about."""
    name, tongue, at = request.match_info["name"], panel.tongue(request), request.query.get("at", "")[:LONGEST_TIME]
    seen = await panel.look()
    if seen is None or name not in seen.status.site.vehicles:
        raise web.HTTPNotFound
    entries: Sequence[Entry] = ()
    then, wrong = None, ""
    try:
        entries, then = await asyncio.to_thread(panel.house.log, name, at)
    except DelciaError as error:
        wrong = tongue.said(error.message)
    return panel.html(request, "log.html.j2", log=log_view(seen, name, entries, then, tongue), at=at, wrong=wrong)


async def status(panel: Panel, request: web.Request) -> web.Response:
    """Answer another program that has the token."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    # Wrong ones are not counted: nobody guesses 256 bits, and counting would let a stranger keep the right one out.
    if kind != "Bearer" or not is_token(panel.secrets, token.strip()):
        raise web.HTTPUnauthorized(headers={"WWW-Authenticate": "Bearer"})
    seen = await panel.look()
    if seen is None:
        raise web.HTTPServiceUnavailable
    return web.Response(text=json.dumps(api_data(seen), indent=1), content_type="application/json")


async def _page(
    panel: Panel,
    request: web.Request,
    state: str,
    words: str,
    fields: Mapping[str, str] | None = None,
    status: int = 200,
) -> web.Response:
    """Return the page of the vehicle that is named, `state` and `words` telling of what was sent."""
    name, tongue = request.match_info["name"], panel.tongue(request)
    seen = await panel.look()
    if seen is None or name not in seen.status.site.vehicles:
        raise web.HTTPNotFound
    findings = await asyncio.to_thread(panel.house.check)
    return panel.html(
        request,
        "vehicle.html.j2",
        status=status,
        car=view_of(seen, name, tongue),
        others=[item.row.vehicle.name for item in seen.status.vehicles],
        findings=_shown(findings, tongue),
        state=state,
        state_words=words,
        again_s=LOOKS_AGAIN_S if state == "pending" else 0,
        key=secrets.token_urlsafe(18),
        form=fields or {},
        number=seen.status.applied.number,
        as_of=f"{seen.status.now.astimezone(zone(seen.status.site.timezone)):%H:%M}",
        release=__version__,
        editable=panel.house.plans is not None,
        plan_names=sorted(plan.name for plan in seen.status.site.plans.values() if plan.vehicle == name),
        saved="".join(sign for sign in request.query.get("saved", "")[:12] if sign.isalnum()),
    )


async def _became(panel: Panel, key: str, since: str, tongue: Tongue) -> tuple[str, str]:
    """Return how it stands with a word that was said, and the words for it."""
    ui, answer = tongue.texts["ui"], await panel.answer(key)
    if answer is None:
        began_s = int(since) if since.isascii() and since.isdigit() else 0
        state = "pending" if abs(time.time() - began_s) < LOST_S else "lost"
        return state, ui[f"said_{state}"]
    said = tongue.said(answer.words.removeprefix(f"{answer.vehicle}: "))
    state = "ok" if not answer.slug else "kept" if answer.kept else "wrong"
    return state, ui[f"said_{state}"].format(words=said)


def _shown(findings: Sequence[Finding], tongue: Tongue) -> list[tuple[str, str, str]]:
    return [(item.level, tongue.said(item.message), tongue.said(item.hint)) for item in findings if item.level != "ok"]
