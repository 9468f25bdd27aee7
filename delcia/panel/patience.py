"""How wrong passwords are borne: a few at once, then each try takes longer; nobody is ever shut out.

Strangers share what they have: so many from one place, so many in all. A device that has logged in before has an
allowance of its own, which no stranger can use up.
"""

import ipaddress
from collections import Counter, OrderedDict, deque
from dataclasses import dataclass

from delcia.panel.addresses import address_in

WINDOW_S = 15 * 60.0
FROM_ONE, IN_ALL = 5, 40
"""So many failures within the window cost nothing: from one place or device, and of all strangers together."""
SLOWEST_S = 20.0
"""Beyond the first, tries from one place wait for 2 s, 4 s, 8 s and so on, up to this."""
PACE_S = 10.0
"""Beyond the second, strangers are looked at one by one, at this distance: 360 an hour."""
MOST_PLACES = 500
MOST_FROM_ONE, MOST_WAITING, MOST_TRYING = 2, 4, 8
"""So many tries may be under way at once: of one place, of those that wait, of strangers or of known devices."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A try that is under way: where it comes from, whether that is a device that is known, how long it waits first."""

    place: str
    known: bool
    wait_s: float


class Patience:
    """The failures of the last quarter of an hour, by the place that they came from; within bounds."""

    def __init__(self) -> None:
        self._all: deque[float] = deque(maxlen=IN_ALL)
        self._places: OrderedDict[str, deque[float]] = OrderedDict()
        self._under_way: Counter[Turn] = Counter()
        self._next_s = 0.0
        self._last_s: float | None = None

    def turn(self, address: str, device: str, now_s: float) -> Turn | None:
        """Begin a try from an address, or from a device (empty: none that is known); None: too many are under way.

        End it by `over`, whatever becomes of it.
        """
        place, known = (f"device {device}", True) if device else (_place(address), False)
        wait_s = self._own_wait_s(place, now_s)
        paced = not known and _young(self._all, now_s) >= IN_ALL
        if paced:
            wait_s = max(wait_s, self._next_s - now_s)
        if not self._has_room(place, known=known, waits=wait_s > 0 or paced):
            return None
        if paced:
            self._next_s = max(now_s, self._next_s) + PACE_S
        begun = Turn(place, known, max(wait_s, 0.0))
        self._under_way[begun] += 1
        return begun

    def over(self, turn: Turn) -> None:
        """End a try."""
        self._under_way[turn] -= 1
        self._under_way += Counter()  # drops what has come to nothing

    def failed(self, turn: Turn, now_s: float) -> None:
        """Note a wrong password."""
        self._places.setdefault(turn.place, deque(maxlen=IN_ALL)).append(now_s)
        self._places.move_to_end(turn.place)
        while len(self._places) > MOST_PLACES:
            self._places.popitem(last=False)
        if not turn.known:
            self._all.append(now_s)
        self._last_s = now_s

    def succeeded(self, turn: Turn) -> None:
        """Forget the failures from a place: its owner mistyped."""
        self._places.pop(turn.place, None)

    def is_counting(self, now_s: float) -> bool:
        """Return whether a failure is young enough to count: who forgot it would let its maker begin anew."""
        return self._last_s is not None and now_s < self._last_s + WINDOW_S

    def _own_wait_s(self, place: str, now_s: float) -> float:
        beyond = _young(self._places.get(place, deque()), now_s) - FROM_ONE
        return 0.0 if beyond < 0 else min(2.0 ** (beyond + 1), SLOWEST_S)

    def _has_room(self, place: str, *, known: bool, waits: bool) -> bool:
        alike = [turn for turn in self._under_way.elements() if turn.known == known]
        from_here = sum(turn.place == place for turn in alike)
        waiting = sum(turn.wait_s > 0 for turn in alike)
        return from_here < MOST_FROM_ONE and len(alike) < MOST_TRYING and not (waits and waiting >= MOST_WAITING)


def _young(times: deque[float], now_s: float) -> int:
    return sum(now_s < time_s + WINDOW_S for time_s in times)


def _place(address: str) -> str:
    """Return what stands for an address: of IPv6 the network, for one machine has many of those.

    Link-local addresses (`fe80::`) are all of one network, which every machine of the house shares: they stand alone.
    """
    found = address_in(address)
    if found is None:
        return address[:64]
    if isinstance(found, ipaddress.IPv6Address) and not found.is_link_local:
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)
