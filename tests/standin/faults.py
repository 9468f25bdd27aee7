"""What goes wrong on demand: at which endpoint, how often, and in which way."""

import json
import zlib
from dataclasses import dataclass, field
from random import Random
from typing import Any

from aiohttp import web

HTML = "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"


@dataclass
class Fault:
    """One fault. It strikes `times` times (None: until cleared), after letting `skip` calls pass.

    What happens is the first of `drop`, `redirect`, `packed_mb`, `body`, `html`, `code` (a Kamereon error, or a Gigya
    one when it is a number), `status` alone; a `delay_s` before it, or alone. With `obeyed` the order reaches the car
    all the same, before the delay.
    """

    endpoint: str = "*"
    times: int | None = 1
    share: float = 1.0
    """Of the calls that it could strike, how many it does, by lot."""
    skip: int = 0
    method: str | None = None
    status: int | None = None
    code: str | int | None = None
    message: str = "made to fail"
    html: bool = False
    body: str | None = None
    packed_mb: int | None = None
    """A JSON object of so many MB behind gzip, in which the packed bytes are few."""
    redirect: str | None = None
    drop: bool = False
    delay_s: float = 0.0
    obeyed: bool = False
    missing: list[str] = field(default_factory=list)
    """Attributes left out of an answer."""
    fields: dict[str, Any] = field(default_factory=dict)
    """Attributes put into an answer."""

    @property
    def answers(self) -> bool:
        """Whether the fault stands in place of the answer."""
        stands = self.drop or self.redirect or self.html or self.packed_mb or self.code or self.status
        return bool(stands or self.body is not None)


class Faults:
    """The faults that are set, in order; the first that fits a call strikes."""

    def __init__(self) -> None:
        self._set: list[Fault] = []
        self._lot = Random(20261123)  # noqa: S311 - the same lots in every run

    def add(self, fault: Fault) -> None:
        """Set a fault."""
        self._set.append(fault)

    def clear(self) -> None:
        """Let everything go well again."""
        self._set.clear()

    def striking(self, endpoint: str, method: str) -> Fault | None:
        """Return the fault for this call, and count it."""
        for fault in self._set:
            if fault.endpoint not in {"*", endpoint} or fault.method not in {None, method}:
                continue
            if fault.skip > 0:
                fault.skip -= 1
                continue
            if fault.share < 1 and self._lot.random() >= fault.share:
                continue
            if fault.times is not None:
                if fault.times <= 0:
                    continue
                fault.times -= 1
            return fault
        return None


def answer(fault: Fault) -> web.Response:
    """Return what a fault says in place of the answer (all but a dropped connection)."""
    if fault.redirect is not None:
        return web.Response(status=fault.status or 302, headers={"Location": fault.redirect})
    if fault.packed_mb is not None:
        headers = {"Content-Encoding": "gzip", "Content-Type": "application/json"}
        return web.Response(status=fault.status or 200, body=_packed(fault.packed_mb), headers=headers)
    if fault.body is not None:
        return web.Response(status=fault.status or 200, text=fault.body, content_type="application/json")
    if fault.html:
        return web.Response(status=fault.status or 502, text=HTML, content_type="text/html")
    if isinstance(fault.code, int):
        return gigya_error(fault.code, fault.message, fault.status or 200)
    if fault.code is not None:
        return kamereon_error(fault.code, fault.message, fault.status or 400)
    return web.Response(status=fault.status or 500, text=json.dumps({"error": fault.message}))


def _packed(megabytes: int) -> bytes:
    """Return `{   …   }` behind gzip, made a megabyte at a time."""
    packer = zlib.compressobj(wbits=31)
    parts = [packer.compress(b"{"), *(packer.compress(b" " * 1_000_000) for _ in range(megabytes))]
    return b"".join([*parts, packer.compress(b"}"), packer.flush()])


def gigya_error(code: int, details: str, status: int = 200) -> web.Response:
    """Return an error as the login service words it."""
    return web.json_response({"errorCode": code, "errorDetails": details, "statusCode": 403}, status=status)


def kamereon_error(code: str, message: str, status: int) -> web.Response:
    """Return an error as the car API words it."""
    error = {"errorCode": code, "errorMessage": message}
    return web.json_response({"type": "FUNCTIONAL", "messages": [], "errors": [error]}, status=status)
