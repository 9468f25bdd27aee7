"""Where the login service and the car API are, and who may be sent the secrets."""

import re
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from delcia.core.access import Access
from delcia.errors import DelciaError, Exit

GIGYA_URL, GIGYA_KEY = "gigya-root-url", "gigya-api-key"
KAMEREON_URL, KAMEREON_KEY = "kamereon-root-url", "kamereon-api-key"
STANDIN_KEY = "stand-in"


@dataclass(frozen=True, slots=True)
class Service:
    """The addresses and public keys of one locale, or of a stand-in on this machine."""

    locale: str
    details: tuple[tuple[str, str], ...]
    origin: str
    loopback: bool = False


def service_of(locale: str, base_url: str | None) -> Service:
    """Return Renault's service for a locale, or the stand-in at `base_url`, which must be on this machine."""
    from renault_api.const import AVAILABLE_LOCALES

    known = AVAILABLE_LOCALES.get(locale)
    if known is None:
        hint = "use one of: " + ", ".join(sorted(AVAILABLE_LOCALES))
        raise DelciaError(f"Renault has no locale '{locale}'", slug="unknown-locale", hint=hint, status=Exit.BROKEN)
    if not base_url:
        return Service(locale, tuple(sorted(known.items())), _origin(urlsplit(known[GIGYA_URL])))
    origin, base = _loopback(base_url)
    details = {GIGYA_URL: base, GIGYA_KEY: STANDIN_KEY, KAMEREON_URL: base, KAMEREON_KEY: STANDIN_KEY}
    return Service(locale, tuple(sorted(details.items())), origin, loopback=True)


def check_origin(access: Access, service: Service) -> None:
    """Refuse to send secrets to anybody but the one that issued them."""
    if access.origin != service.origin:
        message = f"the login was made at {access.origin} and is not sent to {service.origin}"
        hint = "unset DELCIA_RENAULT_URL, or run 'delcia login' for the service that is meant"
        raise DelciaError(message, slug="wrong-origin", hint=hint, status=Exit.BROKEN)


def _loopback(url: str) -> tuple[str, str]:
    """Return origin and base of an address on this machine, put together anew from what was understood of it."""
    with suppress(ValueError):  # a port that is none, half an IPv6 address
        parts = urlsplit(url)
        plain = not (parts.username or parts.password or parts.query or parts.fragment)
        tidy = parts.scheme in {"http", "https"} and re.fullmatch(r"[\w./-]*", parts.path) is not None
        if plain and tidy and _is_here(parts.hostname or ""):
            origin = _origin(parts)
            return origin, origin + parts.path.rstrip("/")
    hint = "it is for a stand-in on this machine, such as http://127.0.0.1:8400; unset it to reach Renault"
    message = "DELCIA_RENAULT_URL is no address of this machine"
    raise DelciaError(message, slug="not-loopback", hint=hint, status=Exit.BROKEN)


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _origin(parts: SplitResult) -> str:
    host = parts.hostname or ""
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://[{host}]{port}" if ":" in host else f"{parts.scheme}://{host}{port}"
