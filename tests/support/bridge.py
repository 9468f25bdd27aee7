"""A port of this host that leads to a port of a machine, for a browser, which cannot enter the machine's network."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress


@contextmanager
def bridge(connect: Callable[[int], socket.socket], port: int) -> Iterator[int]:
    """Listen on this host's loopback, and pass each connection on to a port of the machine; give the own port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=_accept, args=(listener, connect, port), name="bridge", daemon=True)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join(10)


def _accept(listener: socket.socket, connect: Callable[[int], socket.socket], port: int) -> None:
    with suppress(OSError):  # the listener was shut
        while True:
            near, _ = listener.accept()
            threading.Thread(target=_pass_on, args=(near, connect, port), daemon=True).start()


def _pass_on(near: socket.socket, connect: Callable[[int], socket.socket], port: int) -> None:
    with near, suppress(OSError), connect(port) as far:
        back = threading.Thread(target=_copy, args=(far, near), daemon=True)
        back.start()
        _copy(near, far)
        back.join()


def _copy(source: socket.socket, target: socket.socket) -> None:
    """Copy what comes until one of the two hangs up, and hang up at both ends."""
    with suppress(OSError):
        while part := source.recv(65536):
            target.sendall(part)
    for end in (source, target):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
