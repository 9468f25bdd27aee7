"""What every request passes first: the name it calls, where it comes from, its size; and what every answer says."""

import re
from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import HttpVersion11, web

from delcia.panel.addresses import address_in
from delcia.panel.settings import PanelSettings

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

LONGEST_BODY = 16 * 1024
MISDIRECTED = 421
HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self';"
    " manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Server": "delcia",
}
"""Attributes may style (the places in a time line are such); no script of any kind runs."""


HOST = re.compile(r"(?:\[(?P<address>[0-9a-f:.%]+)\]|(?P<name>[^\[\]:/@\s]+))(?::[0-9]*)?")
"""A `Host` header: an address of IPv6 in brackets, or a name or another address; a port, and nothing after it."""
PASSED_ON = frozenset({"forwarded", "via", "x-real-ip"})
"""Headers that a proxy adds, beside `X-Forwarded-…`."""


class HTTPMisdirected(web.HTTPClientError):
    """Called by a name that is not this host's."""

    status_code = MISDIRECTED


def check(request: web.Request, settings: PanelSettings, names: frozenset[str]) -> None:
    """Raise the answer to a request that is refused before anybody looks at it."""
    if not is_own_name(request.headers.get("Host", ""), settings, names, _own_address(request)):
        raise HTTPMisdirected
    if (request.content_length or 0) > LONGEST_BODY:
        raise web.HTTPRequestEntityTooLarge(LONGEST_BODY, request.content_length or 0)
    if request.method not in {"GET", "HEAD", "POST"}:
        raise web.HTTPMethodNotAllowed(request.method, ["GET", "HEAD", "POST"])
    if request.method == "POST" and not _is_from_here(request):
        raise web.HTTPForbidden


async def arrival(request: web.Request) -> None:
    """Wait until all of a request is there: whoever sends slowly is not served yet. Raises the answer to a bad one."""
    try:
        await request.read()
    except web.HTTPException:
        raise
    except Exception as error:
        # Hung up, or broken off: no fault of delcia's, whatever the server calls it.
        raise web.HTTPBadRequest from error


def is_own_name(host: str, settings: PanelSettings, names: frozenset[str], address: str) -> bool:
    """Return whether a `Host` header names this host; a name that an attacker's DNS leads here does not."""
    found = HOST.fullmatch(host.lower())
    if found is None:
        return False
    name = (found["address"] or found["name"] or "").rstrip(".")
    if name in names or name in settings.hosts:
        return True
    called = address_in(name)
    # No DNS is asked for an address, so a browser that uses it has been told to.
    return called is not None and (called.is_loopback or called == address_in(address))


def came_from(request: web.Request, settings: PanelSettings) -> str:
    """Return the address of who asks: by the word of the proxy, if there is one."""
    if _is_by_proxy(request, settings):
        return request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()[:64] or "unknown"
    return request.remote or "unknown"


def is_encrypted(request: web.Request, settings: PanelSettings) -> bool:
    """Return whether the browser speaks TLS, to the proxy that then stands before."""
    return _is_by_proxy(request, settings) and request.headers.get("X-Forwarded-Proto", "") == "https"


def is_passed_on(request: web.Request) -> bool:
    """Return whether a proxy stands before the panel, by what it adds; browsers speak no HTTP/1.0, and proxies do."""
    added = any(name.lower() in PASSED_ON or name.lower().startswith("x-forwarded-") for name in request.headers)
    return added or request.version < HttpVersion11


def is_of_this_host(request: web.Request, settings: PanelSettings) -> bool:
    """Return whether it comes from the host itself."""
    return not settings.proxy and _is_loopback(request)


def _is_by_proxy(request: web.Request, settings: PanelSettings) -> bool:
    """Return whether it comes from the proxy, whose word counts; strangers who come past it have none."""
    return settings.proxy and _is_loopback(request)


def _is_loopback(request: web.Request) -> bool:
    found = address_in(request.remote or "")
    return found is not None and found.is_loopback


async def dress(_request: web.Request, response: web.StreamResponse) -> None:
    """Put on every answer what keeps a browser careful."""
    for name, value in HEADERS.items():
        response.headers[name] = value
    response.headers.setdefault("Cache-Control", "no-store")


def _is_from_here(request: web.Request) -> bool:
    """Return whether a form was sent by a page of this panel; browsers always say where a form comes from."""
    origin, site = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site")
    if site is not None and site not in {"same-origin", "none"}:
        return False
    if origin is None:
        return True  # no browser of these years; the token of the form still counts
    scheme, _, host = origin.partition("://")
    return scheme in {"http", "https"} and host.lower() == request.headers.get("Host", "").lower()


def _own_address(request: web.Request) -> str:
    transport = request.transport
    name = transport.get_extra_info("sockname") if transport is not None else None
    return str(name[0]) if isinstance(name, tuple) else ""
