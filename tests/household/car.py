"""The car: a battery that fills by the constants of its model, a cable, orders that it obeys, and reports."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from typing import Any, Literal

Cause = Literal["car", "delcia", "person"]
"""Who began a charge: the car by itself (plugged in, or the power is back), delcia's order, a person in the app."""

USABLE_KWH, SLOPE, OVERHEAD_KW = 26.8, 0.92, 0.16
"""The Spring's battery, what its charger makes of a kW at the wall, and its fixed loss."""
BALANCING = timedelta(minutes=15)
REPORTS_EVERY = timedelta(minutes=10)
IDLE, ENDED, WAITS, CHARGING = 0.0, 0.2, 0.3, 1.0


def points_per_hour(wall_kw: float) -> float:
    """Return how fast the level rises, in points an hour; no home or work socket meets the battery's taper."""
    return (SLOPE * wall_kw - OVERHEAD_KW) / USABLE_KWH * 100


@dataclass(slots=True)
class Stretch:
    """A time in which it charged without a break; `end` and `end_pct` follow the present while it lasts."""

    start: datetime
    start_pct: float
    cause: Cause
    at_home: bool
    end: datetime
    end_pct: float
    resumed: bool = False
    """Goes on with what a power cut broke off."""


@dataclass(frozen=True, slots=True)
class Stay:
    """A time at one place; `plugged` with the cable in."""

    start: datetime
    at_home: bool
    plugged: bool
    level_pct: float


@dataclass(frozen=True, slots=True)
class Report:
    """What the car told the service, truthfully, at an instant of the home's clock."""

    at: datetime
    level_pct: float
    plugged: bool
    status: float


@dataclass(slots=True)
class Car:
    """Everything happens in `live`, in order. `stretches` and `stays` are the truth that the judge goes by."""

    now: datetime
    level_pct: float
    vigour: float = 1.0
    """How its charging compares with the model's."""
    plugged: bool = False
    at_home: bool = True
    powered: bool = True
    charging: bool = False
    ended: bool = False
    parked_at: datetime = field(init=False)
    stretches: list[Stretch] = field(default_factory=list)
    stays: list[Stay] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)
    powers: list[tuple[datetime, bool]] = field(default_factory=list)
    """When the socket lost its power, and had it again."""
    _rate: float = 0.0
    _full_since: datetime | None = None
    _broken_off: Cause | None = None
    _heap: list[tuple[datetime, int, Callable[..., None], tuple[Any, ...]]] = field(default_factory=list)
    _order: "count[int]" = field(default_factory=count)

    def __post_init__(self) -> None:
        """Begin parked at home."""
        self.parked_at = self.now
        self._stay()
        self._report()

    def later(self, instant: datetime, deed: Callable[..., None], *what: object) -> None:
        """Have something happen at an instant."""
        heappush(self._heap, (instant, next(self._order), deed, what))

    def live(self, until: datetime) -> None:
        """Let everything happen up to and with an instant."""
        while self._heap and self._heap[0][0] <= until:
            instant, _, deed, what = heappop(self._heap)
            self._pass(max(instant, self.now))
            deed(*what)
        self._pass(until)

    # what people and the world do

    def plug(self, wall_kw: float, wakes_s: float) -> None:
        """Put the cable in; a moment later it begins by itself."""
        if self.plugged:
            return
        self.plugged, self.ended, self._rate = True, False, points_per_hour(wall_kw) * self.vigour
        self._stay()
        self._report()
        self.later(self.now + timedelta(seconds=wakes_s), self._begin, "car")

    def unplug(self) -> None:
        """Pull the cable."""
        if self.plugged:
            self._end()
            self.plugged, self.ended, self._broken_off = False, False, None
            self._stay()
            self._report()

    def come(self, points: float) -> None:
        """Drive home."""
        self._drive(points, to_home=True)

    def leave(self, points: float) -> None:
        """Drive somewhere else."""
        self._drive(points, to_home=False)

    def arrive(self, level_pct: float) -> None:
        """Come home with so much."""
        self.come(self.level_pct - level_pct)

    def cut(self) -> None:
        """Take the power of the home's socket."""
        if self.powered and self.charging and self.at_home:
            self._broken_off = self.stretches[-1].cause
            self._end()
        self._powered(on=False)

    def restore(self) -> None:
        """Give it back: a car that stands plugged in begins, whatever it did before."""
        if not self.powered and self.plugged and self.at_home:
            self.later(self.now + timedelta(seconds=40), self._begin, self._broken_off or "car", self._broken_off)
            self._broken_off = None
        self._powered(on=True)

    def obey(self, kind: Literal["start", "stop"], cause: Cause) -> None:
        """Do as told, now."""
        if kind == "start":
            self._begin(cause)
        else:
            self._end()

    def press_start(self) -> None:
        """Have a person start it in the maker's app."""
        self.obey("start", "person")

    def tell(self) -> None:
        """Report because somebody asked for it."""
        self._report()

    def _drive(self, points: float, *, to_home: bool) -> None:
        self.unplug()
        self.level_pct = max(3.0, self.level_pct - points)
        self.at_home, self.parked_at, self._full_since = to_home, self.now, None
        self._stay()
        self._report()

    def _powered(self, *, on: bool) -> None:
        if on != self.powered:
            self.powered = on
            self.powers.append((self.now, on))
            if self.plugged and self.at_home:
                self._report()

    # how time passes

    def _pass(self, until: datetime) -> None:
        while self.charging and self.now < until:
            due = self.reports[-1].at + REPORTS_EVERY
            step = min(until, max(due, self.now + timedelta(seconds=1)))
            if self._full_since is None:
                full_in = timedelta(hours=(100 - self.level_pct) / self._rate)
                step = min(step, self.now + max(full_in, timedelta(seconds=1)))
                hours = (step - self.now).total_seconds() / 3600
                self.level_pct = min(100.0, self.level_pct + self._rate * hours)
            else:
                step = min(step, max(self._full_since + BALANCING, self.now + timedelta(seconds=1)))
            self.now = step
            last = self.stretches[-1]
            last.end, last.end_pct = self.now, self.level_pct
            if self.level_pct >= 100 and self._full_since is None:
                self._full_since = self.now
            if self._full_since is not None and self.now >= self._full_since + BALANCING:
                self.ended = True
                self._end()
            elif self.now >= due:
                self._report()
        self.now = max(self.now, until)

    def _begin(self, cause: Cause, broken_off: Cause | None = None) -> None:
        if not self.plugged or self.charging or self.ended or not (self.powered or not self.at_home):
            return
        self.charging = True
        now, level, resumed = self.now, self.level_pct, broken_off is not None
        self.stretches.append(Stretch(now, level, cause, self.at_home, now, level, resumed))
        self._report()

    def _end(self) -> None:
        if self.charging:
            self.charging = False
            self._report()

    def _stay(self) -> None:
        self.stays.append(Stay(self.now, self.at_home, self.plugged, self.level_pct))

    def _report(self) -> None:
        status = IDLE
        if self.charging:
            status = CHARGING
        elif self.plugged and self.ended:
            status = ENDED
        elif self.plugged and self.at_home and not self.powered:
            status = WAITS
        self.reports.append(Report(self.now, self.level_pct, self.plugged, status))
