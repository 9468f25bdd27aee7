"""Serves a world from a thread of the test's own process, on a free port of the loopback interface."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from aiohttp import web

from standin.app import application
from standin.world import World


@dataclass(frozen=True, slots=True)
class Served:
    """A world and the address of its service, for `DELCIA_RENAULT_URL`."""

    url: str
    world: World


@contextmanager
def serving(world: World) -> Iterator[Served]:
    """Serve a world until the block ends."""
    loop = asyncio.new_event_loop()
    runner = web.AppRunner(application(world), access_log=None, shutdown_timeout=0.1)

    async def begin() -> int:
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port: int = runner.addresses[0][1]
        return port

    thread = threading.Thread(target=loop.run_forever, name="stand-in", daemon=True)
    thread.start()
    try:
        port = asyncio.run_coroutine_threadsafe(begin(), loop).result(10)
        yield Served(f"http://127.0.0.1:{port}", world)
    finally:
        asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
