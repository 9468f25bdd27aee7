"""Where the panel listens, and by which names it may be called: `panel:` in the host's settings."""

import ipaddress
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from delcia.errors import DelciaError
from delcia.host.hostfile import check_keys, section, wrong

PORT = 8470
WHERE = "panel"
LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class PanelSettings:
    """`hosts` are names beside the host's own; `proxy`: a reverse proxy on this host stands before it."""

    address: str = LOOPBACK
    port: int = PORT
    hosts: tuple[str, ...] = ()
    proxy: bool = False
    plans: Mapping[str, str] = field(default_factory=dict)
    """Where plans are changed: `folder`, or `repository` with `branch`, `folder` and `key`."""

    @property
    def is_local(self) -> bool:
        """Whether only this host can reach it."""
        return ipaddress.ip_address(self.address).is_loopback


def panel_settings(path: Path) -> PanelSettings:
    """Return what `panel:` says, for example `{listen: "0.0.0.0:8470", hosts: [car.home], proxy: false}`.

    Raises DelciaError 78.
    """
    found = section(path, "panel")
    if found is None:
        return PanelSettings()
    if not isinstance(found, dict):
        raise _wrong(path, "it takes listen, hosts and proxy")
    check_keys(path, WHERE, found, ("listen", "hosts", "proxy", "plans"))
    address, port = _listen(path, str(found.get("listen", f"{LOOPBACK}:{PORT}")))
    hosts = found.get("hosts", [])
    if not isinstance(hosts, list) or not all(isinstance(name, str) and name and name.isprintable() for name in hosts):
        raise _wrong(path, "'hosts' must be a list of names")
    proxy = found.get("proxy", False)
    if not isinstance(proxy, bool):
        raise _wrong(path, "'proxy' must be true or false")
    plans = found.get("plans", {})
    if not isinstance(plans, dict) or not all(isinstance(text, str) and text for text in plans.values()):
        raise _wrong(path, "'plans' takes folder, or repository with branch, folder and key")
    check_keys(path, f"{WHERE}: plans", plans, ("folder", "repository", "branch", "key"))
    return PanelSettings(address, port, tuple(name.lower().rstrip(".") for name in hosts), proxy, plans)


def names_of_host() -> frozenset[str]:
    """Return the names that this host has by itself; no stranger can make a browser use one of them for another."""
    name = socket.gethostname().lower()
    short = name.partition(".")[0]
    return frozenset({"localhost", name, short, f"{short}.local"} - {""})


def _listen(path: Path, words: str) -> tuple[str, int]:
    address, _, port = words.rpartition(":")
    try:
        number, found = int(port), ipaddress.ip_address(address.strip("[]"))
    except ValueError:
        number, found = 0, ipaddress.ip_address(LOOPBACK)
    if not 0 < number < 2**16:
        raise _wrong(path, f"'listen' is '{words}', which is no address and port")
    return str(found), number


def _wrong(path: Path, why: str) -> DelciaError:
    return wrong(path, WHERE, why, 'write such as: panel: {listen: "0.0.0.0:8470", hosts: [car.home]}')
