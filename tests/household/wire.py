"""The maker's service over loopback: the requests that renault-api makes, answered from the household's car.

It also takes what the host sends to its owner: notices, and the heartbeat that a monitor waits for.
"""

import json
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt

from household.service import OutageError, Service

TOKEN, ACCOUNT, VIN, CODE = "st2.household", "account-household", "VF1HOUSEHOLD00001", "XBG1VE"
KEY = "a household signs with no secret: this is public"
GONE = 403005


@dataclass(slots=True)
class Wire:
    """The address of the service, and what came to the owner's end of it."""

    service: Service
    url: str = ""
    sent: list[str] = field(default_factory=list)
    beats: list[datetime] = field(default_factory=list)
    token_is_good: bool = True
    online: bool = True
    """Whether the host reaches anybody at all."""

    def answer(self, method: str, path: str, body: str) -> tuple[int, dict[str, Any]] | None:
        """Return what the service says; None: nothing, the line is dead."""
        if not self.online:
            return None
        if path == "/beat":
            self.beats.append(self.service.now)
            return 200, {}
        if path == "/hook":
            self.sent.append(body)
            return 200, {}
        if path == "/accounts.getJWT":
            return self._jwt(body)
        try:
            return self._kamereon(method, path, body)
        except OutageError:
            return 503, {"error": "out"}

    def _jwt(self, body: str) -> tuple[int, dict[str, Any]]:
        self.service.calls.append((self.service.now, "getJWT"))
        if not self.token_is_good or parse_qs(body).get("login_token") != [TOKEN]:
            return 200, {"errorCode": GONE, "errorDetails": "Unauthorized user", "statusCode": 403}
        claims = {"sub": "somebody", "exp": int(time.time()) + 900, "jti": uuid.uuid4().hex}
        return 200, {"errorCode": 0, "statusCode": 200, "id_token": jwt.encode(claims, KEY, algorithm="HS256")}

    def _kamereon(self, method: str, path: str, body: str) -> tuple[int, dict[str, Any]]:
        name = path.rpartition("/")[2]
        if method == "GET" and name == "battery-status":
            return 200, _wrapped(self.service.battery())
        if method == "GET" and name == "location":
            return 200, _wrapped(self.service.location())
        if method == "GET" and name == "details":
            self.service.calls.append((self.service.now, "details"))
            return 200, {"vin": VIN, "model": {"code": CODE}, "engineEnergyType": "ELEC"}
        if method == "GET" and name == "charges":
            self.service.calls.append((self.service.now, "charges"))
            return 200, _wrapped({"charges": []})
        given = json.loads(body) if body else {}
        if name == "pause-resume":
            self.service.order("start" if given["data"]["attributes"]["action"] == "resume" else "stop")
            return 200, given
        if name == "refresh-battery-status":
            self.service.wake()
            return 200, given
        self.service.calls.append((self.service.now, f"unknown {method} {path}"))
        return 404, {"errors": [{"errorCode": "err.func.wired.not-found", "errorMessage": "no such path"}]}


def _wrapped(attributes: dict[str, Any]) -> dict[str, Any]:
    return {"data": {"type": "Car", "id": VIN, "attributes": attributes}}


@contextmanager
def wired(service: Service) -> Iterator[Wire]:
    """Serve while the block runs."""
    wire, lock = Wire(service), threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        disable_nagle_algorithm = True
        wbufsize = -1

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            with lock:
                found = wire.answer(self.command, urlsplit(self.path).path, body)
            if found is None:
                self.close_connection = True
                return
            content = json.dumps(found[1]).encode()
            self.send_response(found[0])
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = answer  # noqa: N815 - the library's names

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        wire.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield wire
        finally:
            server.shutdown()
            thread.join()
