"""A car of the stand-in: a cable, a battery that really fills, a will of its own, and reports now and then."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from typing import Any

from standin.battery import BALANCING_S, STEP_S, Wall, step
from standin.clock import Clock
from standin.listed import entry
from standin.models import Model, model_of

FIX_S = 20.0
CHARGING, WAITS_FOR_PLAN, ENDED, WAITS_FOR_CURRENT = 1.0, 0.1, 0.2, 0.3


@dataclass(frozen=True, slots=True)
class Report:
    """What the car last told the service, and when."""

    at: datetime
    level_pct: int
    plug: int
    status: float
    remaining_min: int | None


@dataclass
class Manners:
    """How this car behaves; all times are seconds of the car's life."""

    starts_on_plug_in: bool = True
    obeys: bool = True
    effect_delay_s: float = 15.0
    wake_s: float = 20.0
    report_every_s: float = 600.0
    """While charging."""
    idle_report_every_s: float | None = None
    """While not charging; None: only when something changes."""
    asleep: bool = False
    """Sends no report until it is asked for one."""
    heeds_limit: bool = True
    takes_levels_s: float = 0.0
    """So much later it takes SoC levels that it was sent, and shows the old ones until then."""
    silent: bool = False
    """Sends no report: the service shows the last one for ever."""
    late_s: float = 0.0
    """So much later its reports arrive."""
    self_resume_s: float | None = None
    """Takes up a stopped charge again, once per stop."""


@dataclass
class Car:
    """One car. Everything happens in `live`, in the order of the car's own time."""

    name: str
    vin: str
    model: Model
    clock: Clock
    soc: float = 0.5
    """A fraction."""
    wall: Wall = field(default_factory=Wall)
    plugged: bool = False
    charging: bool = False
    supplied: bool = True
    """Whether the charger gives power."""
    latitude: float = 48.8566
    longitude: float = 2.3522
    soc_min_pct: int = 15
    soc_target_pct: int = 100
    writes_levels: Callable[[int], object] = int
    """How the service writes the two numbers above: as 20, 20.0, "20"."""
    settings: dict[str, Any] = field(default_factory=dict)
    """The ev/settings as last written."""
    manners: Manners = field(default_factory=Manners)
    charges: list[dict[str, Any]] = field(default_factory=list)
    """The car's list of its charges, as the service words them."""
    orders: list[tuple[datetime, str]] = field(default_factory=list)
    """Every order that the service passed on."""
    _parked_s: float = field(init=False)

    def __post_init__(self) -> None:
        """Begin to live, with a first report."""
        self.lived_s = self.clock.lived_s()
        self._reports: list[Report] = []
        self._later: list[tuple[float, int, str, dict[str, Any]]] = []
        self._order = count()
        self._balanced_s = 0.0
        self._began_s, self._began_soc = self.lived_s, self.soc
        self._reported_s = self.lived_s
        self._ended_by_itself = False
        self._cut = False
        self._parked_s = self.lived_s
        if self.manners.self_resume_s is None:
            self.manners.self_resume_s = self.model.self_resume_s
        if not self.settings:
            self.settings = default_settings(self.clock.now())
        self._report(forced=True)

    # what people and the world do

    def plug(self, power_kw: float = 2.3, phases: int = 1) -> None:
        """Put the cable in; most cars then begin to charge by themselves."""
        self.wall, self.plugged, self._ended_by_itself = Wall(power_kw, phases), True, False
        self._report()
        if self.manners.starts_on_plug_in and not self.scheduled:
            self._in(self.manners.wake_s, "begin")

    def unplug(self) -> None:
        """Pull the cable."""
        self._end()
        self.plugged = self._ended_by_itself = False
        self._later = [item for item in self._later if item[2] != "begin"]
        self._report()

    def drive(self, points: float = 10.0, latitude: float | None = None, longitude: float | None = None) -> None:
        """Drive off and arrive, some points of SoC poorer."""
        if self.plugged:
            self.unplug()
        self.soc = max(0.0, self.soc - points / 100)
        self._balanced_s = 0.0
        self.latitude = self.latitude if latitude is None else latitude
        self.longitude = self.longitude if longitude is None else longitude
        self._parked_s = self.lived_s
        self._report()

    def power(self, *, on: bool) -> None:
        """Cut the charger's power, or give it back: then a car that was charging goes on."""
        was_charging, self.supplied = self.charging, on
        if not on and was_charging:
            self._end()
            self._cut = True
        elif on and self._cut:
            self._cut = False
            self._in(self.manners.wake_s, "begin")
        self._report()

    def press(self, kind: str) -> None:
        """Let the owner start or stop the charge in the app: what the service passes on, at once."""
        self.order(kind)

    # what the service passes on

    def refresh(self) -> None:
        """Report because the service asks for it, unless nothing wakes the car."""
        self.manners.asleep = False
        self._report()

    def order(self, kind: str) -> None:
        """Take an order, `start` or `stop`, to be obeyed later or never."""
        self.orders.append((self.clock.now(), kind))
        if self.manners.obeys:
            self._in(self.manners.effect_delay_s, "begin" if kind == "start" else "stop")

    def take_levels(self, lowest_pct: int, target_pct: int) -> None:
        """Take SoC levels, at once or when the car gets to it."""
        if self.manners.takes_levels_s:
            pcts = {"lowest_pct": lowest_pct, "target_pct": target_pct}
            self._push(self.lived_s + self.manners.takes_levels_s, "levels", pcts)
        else:
            self._take_levels(lowest_pct, target_pct)

    @property
    def scheduled(self) -> bool:
        """Whether the car waits for a programme of its own."""
        active = any(
            program.get("programActivationStatus") and program.get("programType", "").upper() != "PRECONDITIONING"
            for program in self.settings.get("programs", [])
        )
        return active and self.settings.get("chargeModeRq") == "SCHEDULED"

    @property
    def report(self) -> Report:
        """Return the last report that has arrived at the service."""
        latest = self.clock.now() - timedelta(seconds=self.manners.late_s)
        return next((report for report in reversed(self._reports) if report.at <= latest), self._reports[0])

    @property
    def located_at(self) -> datetime:
        """Return when the car sent its place: shortly after it was parked."""
        return self.clock.instant_of(min(self._parked_s + FIX_S, self.clock.lived_s()))

    # how time passes

    def later(self, instant: datetime, do: str, **arguments: Any) -> None:  # noqa: ANN401 - as the method named takes them
        """Have one of the methods above happen at an instant."""
        self._push(self.clock.lived_at(instant), do, arguments)

    def live(self) -> None:
        """Let everything happen up to the present."""
        until_s = self.clock.lived_s()
        while self._later and self._later[0][0] <= until_s:
            at_s, _, do, arguments = heappop(self._later)
            self._fill(at_s)
            self._deeds()[do](**arguments)
        self._fill(until_s)

    def _deeds(self) -> dict[str, Callable[..., None]]:
        return {
            "plug": self.plug,
            "unplug": self.unplug,
            "drive": self.drive,
            "power": self.power,
            "order": self.order,
            "begin": self._begin,
            "stop": self._stop,
            "levels": self._take_levels,
        }

    def _in(self, seconds: float, do: str) -> None:
        self._push(self.lived_s + seconds, do, {})

    def _push(self, at_s: float, do: str, arguments: dict[str, Any]) -> None:
        heappush(self._later, (at_s, next(self._order), do, arguments))

    def _fill(self, until_s: float) -> None:
        """Charge and report up to a second of the car's life."""
        while self.lived_s < until_s:
            every_s = self.manners.report_every_s if self.charging else self.manners.idle_report_every_s
            due_s = until_s if every_s is None else max(self._reported_s + every_s, self.lived_s)
            if not self.charging:
                self.lived_s = min(until_s, due_s)
            else:
                seconds = min(STEP_S, until_s - self.lived_s, max(due_s - self.lived_s, 0.001))
                self.lived_s += seconds
                self._charge(seconds)
            if every_s is not None and self.lived_s >= due_s:
                self._report()

    def _charge(self, seconds: float) -> None:
        limit = self.soc_target_pct / 100 if self.manners.heeds_limit else 1.0
        if self.soc < 1:
            self.soc = step(self.model.cell, self.wall, self.soc, seconds)
        else:
            self._balanced_s += seconds
        if self._balanced_s >= BALANCING_S or (limit < 1 and self.soc >= limit):
            self._ended_by_itself = True
            self._end()

    def _take_levels(self, lowest_pct: int, target_pct: int) -> None:
        self.soc_min_pct, self.soc_target_pct = lowest_pct, target_pct

    def _begin(self) -> None:
        full = self._balanced_s >= BALANCING_S
        limited = self.soc_target_pct < 100 and self.soc >= self.soc_target_pct / 100
        if self.plugged and self.supplied and not self.charging and not full and not limited:
            self.charging, self._ended_by_itself = True, False
            self._began_s, self._began_soc = self.lived_s, self.soc
            self._report()

    def _stop(self) -> None:
        if self.charging:
            self._end()
            if self.manners.self_resume_s is not None:
                self._in(self.manners.self_resume_s, "begin")

    def _end(self) -> None:
        if self.charging:
            self.charging = False
            began, soc = self.clock.instant_of(self._began_s), self._began_soc
            kwh = (self.soc - soc) * self.model.cell.usable_kwh
            self.charges.append(entry(began, self.clock.instant_of(self.lived_s), soc, self.soc, kwh))
            self._report()

    def _report(self, *, forced: bool = False) -> None:
        self._reported_s = self.lived_s
        if (self.manners.silent or self.manners.asleep) and not forced:
            return
        report = Report(
            self.clock.instant_of(self.lived_s),
            int(self.soc * 100 + 1e-6),
            1 if self.plugged else self.model.plug_out,
            self._status(),
            self._remaining_min(),
        )
        self._reports = [*self._reports[-200:], report]

    def _status(self) -> float:
        if self.charging:
            return CHARGING
        if self.plugged and self._ended_by_itself:
            return ENDED
        if self.plugged and not self.supplied:
            return WAITS_FOR_CURRENT
        return WAITS_FOR_PLAN if self.plugged and self.scheduled else self.model.idle_status

    def _remaining_min(self) -> int | None:
        if not self.charging:
            return None
        soc, seconds = self.soc, 0.0
        while soc < 1 and seconds < 4 * 86400:
            soc, seconds = step(self.model.cell, self.wall, soc, 300.0), seconds + 300.0
        return round(seconds / 60)


def default_settings(now: datetime) -> dict[str, Any]:
    """Return ev/settings as a car has them that was never told to wait."""
    return {
        "lastSettingsUpdateTimestamp": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "delegatedActivated": False,
        "chargeModeRq": "ALWAYS",
        "chargeTimeStart": "22:30",
        "chargeDuration": 480,
        "preconditioningTemperature": 21,
        "programs": [],
    }


def new_car(name: str, number: int, code: str, clock: Clock, **what: Any) -> Car:  # noqa: ANN401 - the fields of a Car
    """Return a car of a model code, with a VIN that cannot be a real one."""
    return Car(name=name, vin=f"VF1STANDIN{number:07d}", model=model_of(code), clock=clock, **what)
