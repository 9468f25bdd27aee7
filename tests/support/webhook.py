"""A web server on loopback that keeps what it is sent, and answers as a test says."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Hook:
    """What it answers with, and what it was sent: `POST /path body`, with the headers beside it."""

    url: str = ""
    status: int = 200
    drips_s: float = 0.0
    sent: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)


@contextmanager
def webhook() -> Iterator[Hook]:
    """Serve while the block runs."""
    hook = Hook()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            hook.sent.append(f"{self.command} {self.path} {body}".strip())
            hook.headers.append(dict(self.headers))
            if hook.drips_s:
                self.wfile.write(b"HTTP/1.0 200 OK\r\n")
                for _ in range(200):
                    time.sleep(hook.drips_s)
                    self.wfile.write(b"X-Drip: x\r\n")
            self.send_response(hook.status)
            self.send_header("Location", "/elsewhere")
            self.end_headers()

        do_GET = do_POST = answer  # noqa: N815 - the library's names

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """Keep quiet: who was told long enough hangs up."""

    with Server(("127.0.0.1", 0), Handler) as server:
        hook.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield hook
        finally:
            server.shutdown()
            thread.join()
