"""A web address in the host's settings: by TLS, or within the house. Its words may be a secret and are never shown."""

import re
from ipaddress import IPv6Address, ip_address
from urllib.parse import urlsplit

LOCAL_NAMES = (".local", ".lan", ".home.arpa", ".internal", ".localhost")
NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
"""How the last part of an address of IPv4 may be written for a resolver: `http://134744072/` is 8.8.8.8."""


def fault_of(given: object, hint: str, *, in_the_clear: bool = False) -> tuple[str, str] | None:
    """Return why a text is not an address that delcia would ask, and the way out; None when it is one.

    `in_the_clear`: a plain one on the internet will do.
    """
    if not isinstance(given, str) or not given.isprintable() or not given.isascii() or " " in given:
        return "is no web address", hint
    try:
        parts = urlsplit(given)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        return "is no web address", hint
    if parts.scheme not in {"http", "https"} or not host or parts.username is not None:
        return "is no web address that begins with https:// and has no password in it", hint
    if parts.scheme == "http" and not in_the_clear and not is_near(host):
        return "would send in the clear over the internet", "write https://; http:// is for the house"
    return None


def is_near(host: str) -> bool:
    """Return whether a host is this one or in the house: by its address, or by a name that only a house gives."""
    name = host.lower().rstrip(".")
    try:
        number = ip_address(name)
    except ValueError:
        last = name.rpartition(".")[2]
        return NUMBER.fullmatch(last) is None and ("." not in name or name.endswith(LOCAL_NAMES))
    mapped = number.ipv4_mapped if isinstance(number, IPv6Address) else None
    found = mapped or number
    return found.is_private or found.is_loopback or found.is_link_local
