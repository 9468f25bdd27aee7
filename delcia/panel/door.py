"""The way in for connections: not too many, none for long, and a host that is left alone by itself goes away."""

import asyncio
import socket
import time
from collections.abc import Callable
from typing import cast

LIFE_S = 30.0
"""The longest that a connection may take, but for an answer that is being made: a push may take longer."""
LOOKS_AGAIN_S = 1.0
MOST = 256
"""No more than these are open; whoever comes then pushes out those that have kept still for longest."""
MOST_AT_ONCE = 32
"""So many come in, or are pushed out, before those who are in have their turn; of the latter first one, then two …"""
LONGEST_ASK = 64 * 1024
"""More octets than these no connection sends before it is answered: four times what a form may be."""


class Hall:
    """All connections that are open, the oldest first."""

    def __init__(self, life_s: float = LIFE_S, most: int = MOST) -> None:
        self.life_s = life_s
        self._most = most
        self.remembers: Callable[[float], bool] = lambda _now_s: False
        """Whether something is known at a time that must not be forgotten."""
        self.has_changed: Callable[[], None] = lambda: None
        """Called when there may be room again."""
        self._expected = 0
        self._open: dict[asyncio.BaseTransport, bool] = {}
        self._pushed_out: set[asyncio.BaseTransport] = set()
        self._to_push_out = 1
        self._unanswered: dict[asyncio.BaseTransport, int] = {}
        self._last_s = time.monotonic()

    def room(self) -> int:
        """Return how many may come in now. In a full hall some that ask for nothing are pushed out, for the next ones.

        One that was pushed out takes its place until it is closed, a turn of the loop later: in between nobody is let
        in, so the bound holds however many come at once.
        """
        free = self._most - len(self._open) - len(self._pushed_out) - self._expected
        if free > 0:
            return min(free, MOST_AT_ONCE)
        if not self._pushed_out:
            for still in [one for one, busy in self._open.items() if not busy][: self._to_push_out]:
                self._pushed_out.add(still)
                del self._open[still]
                cast("asyncio.Transport", still).abort()
            self._to_push_out = min(2 * self._to_push_out, MOST_AT_ONCE)
        return 0

    def nobody_waits(self) -> None:
        """Note that all who came are in: the next time that the hall is full, one goes first and not many."""
        self._to_push_out = 1

    def expect(self, change: int) -> None:
        """Note that a connection was accepted that has not entered yet (1), or did not or has (-1)."""
        self._expected += change
        if change < 0:
            self.has_changed()

    def entered(self, transport: asyncio.BaseTransport) -> None:
        """Note one that is in."""
        self._last_s = time.monotonic()
        self._open[transport] = False

    def left(self, transport: asyncio.BaseTransport) -> None:
        """Forget one that is gone."""
        self._last_s = time.monotonic()
        self._open.pop(transport, None)
        self._pushed_out.discard(transport)
        self._unanswered.pop(transport, None)
        self.has_changed()

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
            if not busy:
                self.has_changed()

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
        self._hall.entered(self._transport)
        self._inner.connection_made(transport)

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


class Entrance:
    """Sockets that listen: they are accepted from while the hall has room; who comes then waits in the system's queue.

    asyncio's own server accepts a hundred at a time, before any of them can be counted.
    """

    def __init__(self, hall: Hall, sockets: list[socket.socket], inner: Callable[[], asyncio.Protocol]) -> None:
        self._hall = hall
        self._sockets = sockets
        self._inner = inner
        self._loop = asyncio.get_running_loop()
        self._coming: set[asyncio.Task[None]] = set()
        self._is_open = False
        hall.has_changed = self.open

    def open(self) -> None:
        """Accept from all sockets, unless that is done already."""
        if not self._is_open:
            self._is_open = True
            for one in self._sockets:
                one.setblocking(False)  # noqa: FBT003 - it takes no keyword
                self._loop.add_reader(one, self._accept, one)

    def _wait(self) -> None:
        """Accept from none until somebody has left."""
        self._is_open = False
        for one in self._sockets:
            self._loop.remove_reader(one)

    def close(self) -> None:
        """Accept nobody any more."""
        self._hall.has_changed = lambda: None
        self._wait()
        for one in self._sockets:
            one.close()

    def _accept(self, one: socket.socket) -> None:
        room = self._hall.room()
        if not room:
            self._wait()
        for _ in range(room):
            try:
                accepted, _address = one.accept()
            except (BlockingIOError, InterruptedError, ConnectionAbortedError):
                self._hall.nobody_waits()
                return
            except OSError:
                # No descriptor or no memory is left on this host: somebody has to go first.
                self._wait()
                self._loop.call_later(LOOKS_AGAIN_S, self._look_again)
                return
            self._hall.expect(1)
            task = self._loop.create_task(self._welcome(accepted))
            self._coming.add(task)
            task.add_done_callback(self._coming.discard)

    def _look_again(self) -> None:
        self._hall.has_changed()

    async def _welcome(self, accepted: socket.socket) -> None:
        accepted.setblocking(False)  # noqa: FBT003 - it takes no keyword
        try:
            await self._loop.connect_accepted_socket(lambda: Door(self._hall, self._inner()), accepted)
        except OSError:
            accepted.close()
        finally:
            self._hall.expect(-1)


async def until_idle(hall: Hall, idle_s: float, stop: asyncio.Event, pause: Callable[[], float] = lambda: 1.0) -> None:
    """Return when nobody has come for a while, or when told to stop."""
    while not stop.is_set() and not (idle_s and hall.idle_s() >= idle_s):
        with_patience = asyncio.wait_for(stop.wait(), pause())
        try:
            await with_patience
        except TimeoutError:
            continue
