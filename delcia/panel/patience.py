"""How many wrong passwords are borne: few from one place, some more in all; then nobody may try for a while."""

import ipaddress
from collections import OrderedDict, deque

from delcia.panel.addresses import address_in

WINDOW_S = 15 * 60.0
FROM_ONE, IN_ALL = 5, 40
MOST_PLACES = 500


class Patience:
    """The failures of the last quarter of an hour, by the place that they came from; within bounds."""

    def __init__(self) -> None:
        self._all: deque[float] = deque(maxlen=IN_ALL)
        self._places: OrderedDict[str, deque[float]] = OrderedDict()

    def wait_s(self, address: str, now_s: float) -> float:
        """Return for how long nobody may try from an address; 0 when they may."""
        here = self._places.get(_place(address), deque())
        return max(_wait(here, FROM_ONE, now_s), _wait(self._all, IN_ALL, now_s))

    def failed(self, address: str, now_s: float) -> None:
        """Note a wrong password."""
        place = _place(address)
        self._places.setdefault(place, deque(maxlen=FROM_ONE)).append(now_s)
        self._places.move_to_end(place)
        while len(self._places) > MOST_PLACES:
            self._places.popitem(last=False)
        self._all.append(now_s)

    def succeeded(self, address: str) -> None:
        """Forget the failures from an address: its owner mistyped."""
        self._places.pop(_place(address), None)

    def is_counting(self, now_s: float) -> bool:
        """Return whether a failure is young enough to count: who forgot it would let its maker begin anew."""
        return bool(self._all) and now_s < self._all[-1] + WINDOW_S


def _wait(times: deque[float], most: int, now_s: float) -> float:
    if len(times) < most:
        return 0.0
    return max(0.0, times[0] + WINDOW_S - now_s)


def _place(address: str) -> str:
    """Return what stands for an address: of IPv6 the network, for one machine has many of those."""
    found = address_in(address)
    if found is None:
        return address[:64]
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)
