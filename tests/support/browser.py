"""A real browser without a screen: opens a page in any width and colour scheme, and tells what it asked of whom."""

import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped] # it has no stubs
from playwright.sync_api import Browser, Page, sync_playwright

T = TypeVar("T")
DESKTOP_PX, PHONE_PX = 1280, 390
BAD = ("serious", "critical")
QUIET = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",  # loopback only
)


@dataclass(frozen=True, slots=True)
class Visit:
    """One page in the browser, what it asked for so far, and the errors that its console told."""

    page: Page
    asked: list[str] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)

    def asked_elsewhere(self, *own: str) -> list[str]:
        """Return the addresses it asked for that begin with none of its own."""
        return [url for url in self.asked if urlsplit(url).scheme != "data" and not url.startswith(own)]

    def overflow_px(self) -> int:
        """Return by how much the page is wider than the window, as on a page that scrolls sideways."""
        found = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        return int(found)

    def barriers(self) -> list[str]:
        """Return what axe-core calls a serious or critical violation: the rule and the places."""
        found = Axe().run(self.page).response["violations"]
        return [
            f"{item['id']}: {item['help']}: {[node['target'] for node in item['nodes']]}"
            for item in found
            if item["impact"] in BAD
        ]


@dataclass(frozen=True, slots=True)
class HeadlessBrowser:
    """A running Chromium in a thread of its own, since its client keeps an event loop running there."""

    thread: ThreadPoolExecutor
    chromium: Browser

    def visit(
        self,
        address: str,
        steps: Callable[[Visit], T],
        *,
        width_px: int = DESKTOP_PX,
        dark: bool = False,
        lang: str = "en",
        scripts: bool = True,
        picture: Path | None = None,
    ) -> T:
        """Open an address in a fresh profile, and return what `steps` returns; a picture of the whole page if asked."""

        def run() -> T:
            size = {"width": width_px, "height": 844}
            scheme = "dark" if dark else "light"
            how = {"viewport": size, "color_scheme": scheme, "locale": lang, "java_script_enabled": scripts}
            with self.chromium.new_context(**how) as context:  # type: ignore[arg-type] # a plain mapping
                context.set_default_timeout(10_000)
                visit = Visit(context.new_page())
                visit.page.on("request", lambda request: visit.asked.append(request.url))
                visit.page.on("pageerror", lambda error: visit.troubles.append(str(error)))
                visit.page.on(
                    "console", lambda said: visit.troubles.append(said.text) if said.type == "error" else None
                )
                visit.page.goto(address)
                try:
                    return steps(visit)
                finally:
                    if picture:
                        visit.page.screenshot(path=picture, full_page=True)

        return self.thread.submit(run).result()


@contextmanager
def headless(home: Path) -> Iterator[HeadlessBrowser]:
    """Start Debian's Chromium with its files in `home`; skip, loudly, where there is none."""
    command = shutil.which("chromium")
    if command is None:
        pytest.skip("NOT TESTED in a browser: chromium is not installed; as root on Debian, install.sh --test does it")
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="browser") as thread:
        client = thread.submit(sync_playwright().start).result()
        try:
            chromium = thread.submit(
                client.chromium.launch,
                executable_path=command,
                args=list(QUIET),
                env={"HOME": str(home), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
            ).result()
            try:
                yield HeadlessBrowser(thread, chromium)
            finally:
                thread.submit(chromium.close).result()
        finally:
            thread.submit(client.stop).result()
