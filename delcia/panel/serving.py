"""Serving the panel: on sockets that systemd has opened, or on one of its own; until idle or told to stop."""

import asyncio
import logging
import os
import signal
import socket
from collections.abc import Callable

from aiohttp import web

from delcia.errors import DelciaError, Exit
from delcia.panel.door import Entrance, Hall, until_idle
from delcia.panel.settings import PanelSettings

FIRST_SOCKET = 3
"""The first of the file descriptors that systemd hands over (sd_listen_fds(3))."""
KEEPALIVE_S = 10.0


def sockets_given() -> list[socket.socket]:
    """Return the listening sockets that systemd has opened for this process, none when it was not started so."""
    if os.environ.pop("LISTEN_PID", "") != str(os.getpid()):
        return []
    count = int(os.environ.pop("LISTEN_FDS", "0"))
    os.environ.pop("LISTEN_FDNAMES", None)
    return [socket.socket(fileno=FIRST_SOCKET + number) for number in range(count)]


def own_socket(settings: PanelSettings) -> socket.socket:
    """Return a socket that listens as the settings say. Raises `cannot-listen`."""
    try:
        family = socket.AF_INET6 if ":" in settings.address else socket.AF_INET
        return socket.create_server((settings.address, settings.port), family=family, backlog=128)
    except OSError as error:
        message = f"cannot listen on {settings.address}:{settings.port}: {error.strerror}"
        hint = "is another panel running? name another port under panel: listen: in the host's settings"
        raise DelciaError(message, slug="cannot-listen", hint=hint, status=Exit.UNAVAILABLE) from error


async def serve_until_signal(
    app: web.Application,
    hall: Hall,
    sockets: list[socket.socket],
    idle_s: float,
    ready: Callable[[], None] = lambda: None,
) -> None:
    """Answer until nobody has come for `idle_s` (0: for ever), or until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await serve(app, hall, sockets, idle_s, stop, ready)


async def serve(
    app: web.Application,
    hall: Hall,
    sockets: list[socket.socket],
    idle_s: float,
    stop: asyncio.Event,
    ready: Callable[[], None] = lambda: None,
) -> None:
    """Answer until nobody has come for `idle_s` (0: for ever), or until told to stop."""
    silent = logging.getLogger("delcia.panel")
    silent.addHandler(logging.NullHandler())
    silent.propagate = False
    runner = web.AppRunner(
        app, access_log=None, logger=silent, keepalive_timeout=KEEPALIVE_S, lingering_time=1.0, handle_signals=False
    )
    await runner.setup()
    server = runner.server
    assert server is not None  # noqa: S101 - made by setup
    entrance = Entrance(hall, sockets, server)
    try:
        entrance.open()
        ready()
        await until_idle(hall, idle_s, stop)
    finally:
        entrance.close()
        await runner.cleanup()
