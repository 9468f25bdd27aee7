"""The maker's service: what it says of the car when asked, with all its lies, and the orders that it passes on."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any, Literal

from household.bill import Span
from household.car import CHARGING, Car, Report

HOME_PLACE, WORK_PLACE = (48.8566, 2.3522), (48.9, 2.6)
GRIEF = timedelta(minutes=25)
"""So long after a lie nobody is blamed for what it may have caused: it takes two polls to see through one."""

LIES = ("level-missing", "level-jumps", "level-impossible", "status-flaps", "plug-flaps")


class OutageError(Exception):
    """The service does not answer."""


@dataclass(frozen=True, slots=True)
class Manners:
    """How car and service behave. A share is of all answers, or of all orders."""

    skew: timedelta = timedelta()
    """How far the car's clock is ahead of the home's."""
    obeys_s: tuple[float, float] = (15.0, 15.0)
    ignores: float = 0.0
    level: Literal["true", "steps", "lags"] = "true"
    lies: tuple[tuple[str, float], ...] = ()
    stale: tuple[Span, ...] = ()
    """When the service shows nothing newer than at the beginning of the span."""
    outages: tuple[Span, ...] = ()

    @property
    def blur_pct(self) -> float:
        """Return by how many points the level that is told may be wrong, one-off lies aside."""
        return {"true": 1.0, "steps": 5.0, "lags": 3.0}[self.level]


@dataclass(frozen=True, slots=True)
class Order:
    """An order as it came, and when the car obeys it (None: never)."""

    at: datetime
    kind: Literal["start", "stop"]
    obeyed_at: datetime | None
    at_home: bool
    plugged: bool
    charging: bool
    level_pct: float


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer about the battery: what it said, and which lie was in it."""

    at: datetime
    reported_at: datetime
    status: object
    plug: object
    level: object
    lie: str = ""


@dataclass(slots=True)
class Service:
    """Between delcia and the car. `calls` counts by kind."""

    car: Car
    manners: Manners
    lot: Random
    now: datetime
    orders: list[Order] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    wakes: list[datetime] = field(default_factory=list)
    calls: list[tuple[datetime, str]] = field(default_factory=list)
    fixes: list[tuple[datetime, datetime]] = field(default_factory=list)
    """When its place was asked for, and of when the answer was."""

    def go_to(self, instant: datetime) -> None:
        """Let time pass."""
        self.now = instant
        self.car.live(instant)

    def battery(self) -> dict[str, Any]:
        """Answer battery-status."""
        self._reached("battery-status")
        report, lie = self._shown(), self._lie()
        level: object = self._level(report)
        status: object = report.status
        plug: object = 1 if report.plugged else 0
        if lie == "level-missing":
            level = None
        elif lie == "level-jumps":
            level = self.lot.choice((0, 100, min(100, int(report.level_pct) + 5)))
        elif lie == "level-impossible":
            level = self.lot.choice((255, -1, "nan", 1e9))
        elif lie == "status-flaps" and report.status == CHARGING:
            status = self.lot.choice((0.3, 0.0, 0.4))
        elif lie == "plug-flaps" and report.plugged:
            plug = self.lot.choice((0, -2147483648, 0))
            status = 0.0
        else:
            lie = ""
        self.answers.append(Answer(self.now, report.at, status, plug, level, lie))
        found: dict[str, Any] = {"timestamp": self._stamp(report.at), "plugStatus": plug, "chargingStatus": status}
        if level is not None:
            found["batteryLevel"] = level
        return found

    def location(self) -> dict[str, Any]:
        """Answer where it is: a fix shortly after it was parked."""
        self._reached("location")
        place = HOME_PLACE if self.car.at_home else WORK_PLACE
        fixed_at = min(self.car.parked_at + timedelta(seconds=30), self.now)
        self.fixes.append((self.now, fixed_at))
        return {"gpsLatitude": place[0], "gpsLongitude": place[1], "lastUpdateTime": self._stamp(fixed_at)}

    def order(self, kind: Literal["start", "stop"]) -> None:
        """Take an order: the car obeys it later, or never."""
        self._reached(kind)
        car, obeyed_at = self.car, None
        if self.lot.random() >= self.manners.ignores:
            low, high = self.manners.obeys_s
            # Mostly soon: the slowest are rare.
            obeyed_at = self.now + timedelta(seconds=low + (high - low) * self.lot.random() ** 3)
            car.later(obeyed_at, car.obey, kind, "delcia")
        self.orders.append(Order(self.now, kind, obeyed_at, car.at_home, car.plugged, car.charging, car.level_pct))

    def wake(self) -> None:
        """Ask the car for a report, which comes a few seconds later."""
        self._reached("wake")
        self.wakes.append(self.now)
        self.car.later(self.now + timedelta(seconds=20), self.car.tell)

    def is_out(self) -> bool:
        """Return whether nobody answers now."""
        return any(a <= self.now < b for a, b in self.manners.outages)

    def _reached(self, kind: str) -> None:
        self.calls.append((self.now, kind))
        if self.is_out():
            raise OutageError(kind)

    def _lie(self) -> str:
        for kind, share in self.manners.lies:
            if self.lot.random() < share and not (kind == "plug-flaps" and self.answers and self.answers[-1].lie):
                return kind  # two readings in a row that say "unplugged" are believed, as they must be
        return ""

    def _shown(self) -> Report:
        """Return the last report that has arrived."""
        limit = min((a for a, b in self.manners.stale if a <= self.now < b), default=self.now)
        return next((item for item in reversed(self.car.reports) if item.at <= limit), self.car.reports[0])

    def _level(self, report: Report) -> int:
        if self.manners.level == "steps":
            return int(report.level_pct / 5 + 1e-9) * 5
        if self.manners.level == "lags":
            older = [item for item in self.car.reports if item.at <= report.at - timedelta(minutes=15)]
            recent = older[-1] if older else report
            # A battery that was driven meanwhile is told as it is: only a charge is told late.
            return int(min(recent.level_pct, report.level_pct) + 1e-9)
        return int(report.level_pct + 1e-9)

    def _stamp(self, instant: datetime) -> str:
        return (instant + self.manners.skew).strftime("%Y-%m-%dT%H:%M:%SZ")
