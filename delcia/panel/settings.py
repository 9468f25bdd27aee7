"""Where the panel listens, and by which names it may be called: `panel:` in the host's settings."""

import ipaddress
import socket
from dataclasses import dataclass
from typing import Any

from delcia.errors import DelciaError, Exit

PORT = 8470
LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class PanelSettings:
    """`hosts` are names beside the host's own; `proxy`: a reverse proxy on this host stands before it."""

    address: str = LOOPBACK
    port: int = PORT
    hosts: tuple[str, ...] = ()
    proxy: bool = False

    @property
    def is_local(self) -> bool:
        """Whether only this host can reach it."""
        return ipaddress.ip_address(self.address).is_loopback


def panel_settings(found: object) -> PanelSettings:
    """Return what `panel:` says, for example `{listen: "0.0.0.0:8470", hosts: [car.home], proxy: false}`.

    Raises DelciaError 78.
    """
    if found is None:
        return PanelSettings()
    if not isinstance(found, dict):
        raise _wrong("it must be a mapping of listen, hosts and proxy")
    if unknown := sorted(str(key) for key in found.keys() - {"listen", "hosts", "proxy"}):
        raise _wrong(f"unknown key '{unknown[0]}'")
    address, port = _listen(found.get("listen", f"{LOOPBACK}:{PORT}"))
    hosts = found.get("hosts", [])
    if not isinstance(hosts, list) or not all(isinstance(name, str) and name and name.isprintable() for name in hosts):
        raise _wrong("'hosts' must be a list of names")
    proxy = found.get("proxy", False)
    if not isinstance(proxy, bool):
        raise _wrong("'proxy' must be true or false")
    return PanelSettings(address, port, tuple(name.lower().rstrip(".") for name in hosts), proxy)


def names_of_host() -> frozenset[str]:
    """Return the names that this host has by itself; no stranger can make a browser use one of them for another."""
    name = socket.gethostname().lower()
    short = name.partition(".")[0]
    return frozenset({"localhost", name, short, f"{short}.local"} - {""})


def _listen(given: Any) -> tuple[str, int]:  # noqa: ANN401 - YAML has no better type
    words = str(given)
    address, _, port = words.rpartition(":")
    try:
        number = int(port)
        found = ipaddress.ip_address(address.strip("[]"))
    except ValueError:
        raise _wrong("'listen' must be an address and a port, such as \"0.0.0.0:8470\"") from None
    if not 0 < number < 2**16:
        raise _wrong("the port of 'listen' must be 1 to 65535")
    return str(found), number


def _wrong(why: str) -> DelciaError:
    message = f"'panel:' in the host's settings: {why}"
    return DelciaError(message, slug="host-file-broken", hint="correct host.yaml", status=Exit.BROKEN)
