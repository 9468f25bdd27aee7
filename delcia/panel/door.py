"""The way in for connections: not too many, none for long, and a host that is left alone by itself goes away."""

import asyncio
import time
from collections.abc import Callable
from typing import cast

LIFE_S = 30.0
"""The longest that a connection may take, but for an answer that is being made: a push may take longer."""
LOOKS_AGAIN_S = 1.0
MOST = 256
"""More than these push out whoever has kept still for longest."""
LONGEST_ASK = 64 * 1024
"""More octets than these no connection sends before it is answered: four times what a form may be."""


class Hall:
    """All connections that are open, the oldest first."""

    def __init__(self, life_s: float = LIFE_S, most: int = MOST) -> None:
        self.life_s = life_s
        self._most = most
        self.remembers: Callable[[float], bool] = lambda _now_s: False
        """Whether something is known at a time that must not be forgotten."""
        self._open: dict[asyncio.BaseTransport, bool] = {}
        self._unanswered: dict[asyncio.BaseTransport, int] = {}
        self._last_s = time.monotonic()

    def entered(self, transport: asyncio.Transport) -> None:
        """Let one in; when that is one too many, another one goes that asks for nothing just now."""
        self._last_s = time.monotonic()
        if len(self._open) >= self._most:
            still = next((other for other, busy in self._open.items() if not busy), None)
            cast("asyncio.Transport", still or transport).abort()
        self._open[transport] = False

    def left(self, transport: asyncio.BaseTransport) -> None:
        """Forget one that is gone."""
        self._last_s = time.monotonic()
        self._open.pop(transport, None)
        self._unanswered.pop(transport, None)

    def has_room(self, transport: asyncio.BaseTransport, octets: int) -> bool:
        """Note octets that come, and return whether they are still few enough to be kept until they are answered."""
        self._unanswered[transport] = self._unanswered.get(transport, 0) + octets
        return self._unanswered[transport] <= LONGEST_ASK

    def busy(self, transport: asyncio.BaseTransport | None, *, busy: bool) -> None:
        """Note that a request of a connection is being answered, or was."""
        self._last_s = time.monotonic()
        if transport in self._open:
            self._open[transport] = busy
            self._unanswered[transport] = 0

    def is_busy(self, transport: asyncio.BaseTransport) -> bool:
        """Return whether a request of a connection is being answered."""
        return self._open.get(transport, False)

    def idle_s(self) -> float:
        """Return for how long nobody has been here; 0 while somebody is, or what was here must be remembered."""
        now_s = time.monotonic()
        return 0.0 if any(self._open.values()) or self.remembers(now_s) else now_s - self._last_s


class Door(asyncio.Protocol):
    """One connection: all that happens on it is passed to the server's own protocol, until its time is over."""

    def __init__(self, hall: Hall, inner: asyncio.Protocol) -> None:
        self._hall = hall
        self._inner = inner
        self._transport: asyncio.Transport | None = None
        self._end: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self._transport = cast("asyncio.Transport", transport)
        self._end = asyncio.get_running_loop().call_later(self._hall.life_s, self._over)
        self._inner.connection_made(transport)
        self._hall.entered(self._transport)

    def _over(self) -> None:
        """End it, as soon as no answer is being made."""
        if self._transport is not None and self._hall.is_busy(self._transport):
            self._end = asyncio.get_running_loop().call_later(LOOKS_AGAIN_S, self._over)
        elif self._transport is not None:
            self._transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        if self._end is not None:
            self._end.cancel()
        if self._transport is not None:
            self._hall.left(self._transport)
        self._inner.connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Pass on what is little enough: who asks without end would fill the memory."""
        if self._transport is not None and not self._hall.has_room(self._transport, len(data)):
            self._transport.abort()
            return
        self._inner.data_received(data)

    def eof_received(self) -> bool | None:
        """Pass on."""
        return self._inner.eof_received()

    def pause_writing(self) -> None:
        """Pass on."""
        self._inner.pause_writing()

    def resume_writing(self) -> None:
        """Pass on."""
        self._inner.resume_writing()


async def until_idle(hall: Hall, idle_s: float, stop: asyncio.Event, pause: Callable[[], float] = lambda: 1.0) -> None:
    """Return when nobody has come for a while, or when told to stop."""
    while not stop.is_set() and not (idle_s and hall.idle_s() >= idle_s):
        with_patience = asyncio.wait_for(stop.wait(), pause())
        try:
            await with_patience
        except TimeoutError:
            continue
