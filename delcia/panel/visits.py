"""The panel itself, and what of it stands before the cars: the form for the password, the style, the icon."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from aiohttp import web

from delcia.errors import DelciaError
from delcia.panel import gate, rendering
from delcia.panel.door import Hall
from delcia.panel.ended import Ended
from delcia.panel.house import NOT_ASKED, House, Seen
from delcia.panel.patience import Patience
from delcia.panel.secrets import Secrets, is_password
from delcia.panel.sessions import KNOWN_FOR, Session, form_token, key_of_era, session_from
from delcia.panel.settings import PanelSettings
from delcia.panel.tongue import Tongue, chosen
from delcia.resources import resource

if TYPE_CHECKING:
    from delcia.core.request import Answer, Request
    from delcia.editing.saving import Saved

SESSION: web.RequestKey[Session] = web.RequestKey("session", Session)
MOST_ANSWERS, MOST_SHOWN = 200, 8
STATIC = {
    "panel.css": "text/css",
    "manifest.webmanifest": "application/manifest+json",
    "icon.svg": "image/svg+xml",
    "icon.png": "image/png",
}


@dataclass(slots=True)
class Panel:
    """One panel: the house that it shows, and who may come in.

    `first_key` signs cookies and the tokens of forms as long as nobody has ended all visits; `device_key` signs the
    cookies of devices.
    """

    house: House
    settings: PanelSettings
    secrets: Secrets
    first_key: bytes
    names: frozenset[str]
    lang: str | None = None
    kept: Path | None = None
    """Where compiled templates are kept for the next time."""
    renewed: Callable[[], tuple[Secrets, bytes] | None] = lambda: None
    """The secrets and the key when they are others than they were; None: they are the same."""
    device_key: bytes = b""
    ended: Ended = field(default_factory=Ended)
    hall: Hall = field(default_factory=Hall)
    patience: Patience = field(default_factory=Patience)
    answers: "OrderedDict[str, Answer]" = field(default_factory=OrderedDict)
    """What came of the latest words, by their keys."""
    saved: "OrderedDict[str, Saved]" = field(default_factory=OrderedDict)
    """What came of the latest changes, by the digests of what was looked at."""
    shown: "OrderedDict[str, Mapping[str, str]]" = field(default_factory=OrderedDict)
    """The texts of the plans for which changes were last shown, by the digests of these."""
    saving: asyncio.Lock = field(default_factory=asyncio.Lock)
    hashing: asyncio.Lock = field(default_factory=asyncio.Lock)
    closing: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when the panel ends: nobody who waits keeps it."""

    @property
    def key(self) -> bytes:
        """The key that signs cookies and the tokens of forms."""
        return key_of_era(self.first_key, self.ended.era)

    def renew(self) -> None:
        """Take a new password or token at once, so that old visits end with it."""
        try:
            found = self.renewed()
        except DelciaError as error:
            raise web.HTTPServiceUnavailable(text=error.message) from error
        if found is not None:
            self.secrets, self.first_key = found

    def tongue(self, request: web.Request) -> Tongue:
        """Return the language of whoever asks."""
        return chosen(request.headers.get("Accept-Language", ""), self.lang)

    def html(self, request: web.Request, template: str, status: int = 200, **values: object) -> web.Response:
        """Return a page of this visit."""
        session = request.get(SESSION)
        token = form_token(session, self.key) if session else ""
        guarded = self.secrets.has_password and session is not None and session.kind == "owner"
        text = rendering.page(self.kept, template, self.tongue(request), token=token, guarded=guarded, **values)
        return web.Response(text=text, content_type="text/html", status=status)

    async def look(self) -> Seen | None:
        """Return the house as it is now, None when nothing is applied."""
        try:
            return await asyncio.to_thread(self.house.look)
        except DelciaError as error:
            raise web.HTTPServiceUnavailable(text=error.message) from error

    async def answer(self, key: str) -> "Answer | None":
        """Return what came of a word, if that is known."""
        return self.answers.get(key) or await asyncio.to_thread(self.house.answered, key)

    async def ask(self, word: "Request") -> "Answer | None":
        """Pass a word on that was not passed on yet, and return what came of it; None: it is at work on it."""
        before = await self.answer(word.key)
        if before is not None and before.slug != NOT_ASKED:
            return before
        answer = await self.house.ask(word)
        self.answers.pop(word.key, None)
        if answer is not None:
            self.answers[word.key] = answer  # of one that could not be passed on nobody else knows it
        while len(self.answers) > MOST_ANSWERS:
            self.answers.popitem(last=False)
        return answer

    def note_saved(self, digest: str, saved: "Saved") -> None:
        """Note a change that was saved, so that a form which is sent twice saves once."""
        self.saved[digest] = saved
        while len(self.saved) > MOST_ANSWERS:
            self.saved.popitem(last=False)

    def note_shown(self, digest: str, texts: Mapping[str, str]) -> None:
        """Note for which plans a change was shown, so that what others change meanwhile can be shown too."""
        self.shown[digest] = texts
        while len(self.shown) > MOST_SHOWN:
            self.shown.popitem(last=False)

    def visit(self, cookie: str) -> Session | None:
        """Return the visit that a cookie belongs to, None for one that is over."""
        found = session_from(cookie, self.key, self.house.now())
        return None if found is None or self.ended.has(found) else found

    def device(self, cookie: str) -> str:
        """Return the name of a device that has logged in before; empty for any other."""
        found = session_from(cookie, self.device_key, self.house.now(), KNOWN_FOR)
        return found.name if found is not None and found.kind == "device" else ""

    async def is_let_in(self, request: web.Request, device: str, password: str) -> bool:
        """Return whether it is the password. One try at a time: hashing takes memory and time on purpose."""
        turn = self.patience.turn(gate.came_from(request, self.settings), device, time.monotonic())
        if turn is None:
            raise web.HTTPTooManyRequests
        try:
            await self._wait(turn.wait_s)
            async with self.hashing:
                if await asyncio.to_thread(is_password, self.secrets, password):
                    self.patience.succeeded(turn)
                    return True
                self.patience.failed(turn, time.monotonic())
                return False
        finally:
            self.patience.over(turn)

    async def _wait(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self.closing.wait(), seconds)
        except TimeoutError:
            return
        raise web.HTTPServiceUnavailable


async def static(request: web.Request) -> web.Response:
    """Return the style sheet, the icon, or what a phone wants to know before it puts one on its home screen."""
    name = request.path.lstrip("/")
    body = rendering.style().encode() if name == "panel.css" else resource("templates", "panel", name).read_bytes()
    response = web.Response(body=body, content_type=STATIC[name])
    response.headers["Cache-Control"] = "max-age=3600"
    return response
