"""A panel that is served from the test's own process, and a browser of few words that speaks to it."""

import asyncio
import http.client
import os
import queue
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlencode

from support.cli_home import CliHome

from delcia.cli.paneling import panel_of
from delcia.cli.panelplaces import places_of
from delcia.panel.app import application
from delcia.panel.door import Hall
from delcia.panel.serving import serve
from delcia.panel.visits import Panel

ROOT = Path(__file__).parents[2]
ON_A_SOCKET = """
import os, sys
os.environ["LISTEN_PID"] = str(os.getpid())
os.dup2(int(sys.argv.pop(1)), 3)
from delcia.__main__ import main
main()
"""
HIDDEN = re.compile(r'name="(token|key|cheap_until|seen)" value="([^"]*)"')


class _Forms(HTMLParser):
    """Reads what each form of a page sends by its first button without a name, as a browser does."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: dict[str, dict[str, str]] = {}
        self._form: dict[str, str] = {}
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a form, or what of it is sent."""
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = {}
            self.sent.setdefault(given["action"], self._form)
        elif tag == "select":
            self._select = given["name"]
        elif tag == "option" and "selected" in given:
            self._form[self._select] = given.get("value", "")
        elif tag == "input" and (given["type"] not in {"radio", "checkbox"} or "checked" in given):
            self._form.setdefault(given["name"], given.get("value", "on"))


def fields_in(body: str, action: str) -> dict[str, str]:
    """Return what the first form that leads somewhere would send; of several fields alike the first."""
    forms = _Forms()
    forms.feed(body)
    return forms.sent[action]


@dataclass(frozen=True, slots=True)
class Page:
    """An answer."""

    status: int
    headers: Mapping[str, str]
    body: str

    @property
    def hidden(self) -> dict[str, str]:
        """The hidden fields of its first form."""
        found: dict[str, str] = {}
        for name, value in HIDDEN.findall(self.body):
            found.setdefault(name, value)
        return found


@dataclass(slots=True)
class Visitor:
    """Somebody with a browser: keeps its cookie, and follows no redirect by itself."""

    port: int
    cookie: str = ""
    """Of its visit."""
    device: str = ""
    """By which the form for the password knows it again."""
    headers: dict[str, str] = field(default_factory=dict)
    """What else it sends each time."""
    connect: Callable[[int], socket.socket] | None = None
    """How the port is reached, when it is not of this host."""

    def get(self, path: str, **headers: str) -> Page:
        """Ask for a page."""
        return self.ask("GET", path, None, headers)

    def post(self, path: str, fields: Mapping[str, str], **headers: str) -> Page:
        """Send a form as a browser does."""
        given = {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://127.0.0.1:{self.port}"}
        return self.ask("POST", path, urlencode(fields), {**given, **headers})

    def say(self, action: str, **fields: str) -> Page:
        """Load the page of the car, fill one of its forms in, send it, and go where that leads."""
        page = self.get("/car/spring")
        sent = self.post(f"/car/spring/{action}", {**page.hidden, **fields})
        return sent if sent.status != 303 else self.get(sent.headers["Location"])

    def log_in(self, password: str) -> Page:
        """Give a password on the form for it."""
        return self.post("/login", {**self.get("/login").hidden, "password": password})

    def ask(self, method: str, path: str, body: str | None, headers: Mapping[str, str]) -> Page:
        """Send one request."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        if self.connect is not None:
            connection.sock = self.connect(self.port)
        try:
            given = {name.replace("_", "-"): value for name, value in {**self.headers, **headers}.items()}
            cookies = (self.cookie, self.device if path == "/login" else "")
            if any(cookies):
                given["Cookie"] = "; ".join(filter(None, cookies))
            connection.request(method, path, body, given)
            answer = connection.getresponse()
            found = dict(reversed(answer.getheaders()))  # of the cookies that of the visit comes first
            for text in answer.headers.get_all("Set-Cookie", ()):
                cookie = text.partition(";")[0]
                if cookie.startswith("delcia-device="):
                    self.device = cookie
                else:
                    self.cookie = cookie
            return Page(answer.status, found, answer.read().decode("utf-8", "replace"))
        finally:
            connection.close()


@contextmanager
def process_of(host: CliHome, *options: str) -> Iterator[tuple[int, int]]:
    """Serve the panel of a host in a process of its own, on a socket that it is given; give its number and its port."""
    with socket.create_server(("127.0.0.1", 0), backlog=128) as given:
        argv = [str(given.fileno()), "panel", "--served", *options, "--root", str(host.root)]
        process = subprocess.Popen(
            [sys.executable, "-c", ON_A_SOCKET, *argv],
            env={**os.environ, **host.environment, "PYTHONPATH": str(ROOT), "LISTEN_FDS": "1"},
            pass_fds=[given.fileno()],
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            yield process.pid, given.getsockname()[1]
            process.terminate()
            _, said = process.communicate(timeout=20)
            assert (process.returncode, said) == (0, "")
        finally:
            process.kill()
            process.communicate()


@contextmanager
def served(root: Path, *, life_s: float = 30.0, idle_s: float = 0.0, lang: str | None = None) -> Iterator[int]:
    """Serve the panel of the host below a folder, at the test's own clock, and give its port."""
    with serving(panel_of(places_of(root), lang), life_s=life_s, idle_s=idle_s) as port:
        yield port


@contextmanager
def serving(panel: Panel, *, life_s: float = 30.0, idle_s: float = 0.0) -> Iterator[int]:
    """Serve a panel."""
    panel.hall = Hall(life_s)
    sock = socket.create_server(("127.0.0.1", 0), backlog=256)
    running: queue.SimpleQueue[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = queue.SimpleQueue()

    async def work() -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        await serve(application(panel), panel.hall, [sock], idle_s, stop, lambda: running.put((loop, stop)))

    thread = threading.Thread(target=lambda: asyncio.run(work()))
    thread.start()
    loop, stop = running.get(timeout=20)
    try:
        yield sock.getsockname()[1]
    finally:
        with suppress(RuntimeError):  # it may have ended by itself
            loop.call_soon_threadsafe(stop.set)
        thread.join(20)
        sock.close()
