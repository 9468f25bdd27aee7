"""Addresses of the net: one of IPv4 is the same, also where a socket for both kinds writes it as one of IPv6."""

import ipaddress

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def address_in(text: str) -> Address | None:
    """Return the address that a text is, whatever interface it names; None when it is none."""
    try:
        found = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return mapped or found
