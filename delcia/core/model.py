"""The site as the owner described it: vehicles, chargers, tariffs and plans, resolved and free of text.

Everything here is frozen and made by `config` from YAML, or by `core.codec` from an applied generation.
Wall times are minutes since midnight; instants are aware UTC datetimes; money is Decimal.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)
DAY_MIN = 1440
"""Minutes in a wall-clock day."""
HELD_MINIMUM_KWH = 8.0
HELD_MINIMUM_LEAST_PCT, HELD_MINIMUM_MOST_PCT = 20, 50
NOON_MIN = 720


@dataclass(frozen=True, slots=True)
class Place:
    """Where something was written: a path relative to the plan directory, line and column from 1."""

    path: str
    line: int
    column: int = 1


@dataclass(frozen=True, slots=True)
class Span:
    """A recurring wall-clock span, half-open, in minutes after midnight of the day on which it begins.

    `ends_min` is above `begins_min` and at most a day later, so 22:00-06:00 is (1320, 1800).
    """

    begins_min: int
    ends_min: int

    def __post_init__(self) -> None:
        """Refuse what cannot be a span."""
        if not (0 <= self.begins_min < DAY_MIN and self.begins_min < self.ends_min <= self.begins_min + DAY_MIN):
            msg = f"not a span: {self.begins_min}-{self.ends_min}"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True)
class MonthDays:
    """A season from one (month, day) to another, both included; it may wrap the year."""

    first: tuple[int, int]
    last: tuple[int, int]


@dataclass(frozen=True, slots=True)
class ClockSeason:
    """The part of the year in which the zone's clock is, or is not, on summer time at noon."""

    summer: bool


@dataclass(frozen=True, slots=True)
class Days:
    """Which dates: all conditions must hold. Weekdays count from Monday, 0; `between` includes both ends.

    Dates of calendars were resolved when the plans were read: those `included` count like the weekdays, those
    `excluded` never.
    """

    weekdays: tuple[int, ...] = EVERY_DAY
    season: MonthDays | ClockSeason | None = None
    between: tuple[date, date] | None = None
    included: tuple[date, ...] = ()
    excluded: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class Band:
    """A priced part of a tariff. No spans: the whole day. A span belongs to the tariff's day in which it begins."""

    name: str
    price_per_kwh: Decimal
    spans: tuple[Span, ...] = ()
    days: Days = Days()


@dataclass(frozen=True, slots=True)
class Guard:
    """Real minutes by which the windows of bands are shorter than the bands, for meters whose clock drifts."""

    start_min: int = 0
    end_min: int = 0


@dataclass(frozen=True, slots=True)
class Tariff:
    """Bands in order: the first that matches an instant names and prices it; the last one matches always.

    `zone` is an IANA name, or a fixed offset such as `+01:00` for meters that ignore summer time. The price of the
    first of the `surcharges` that matches adds to that of the band; where none does, nothing adds. The tariff's day
    begins `day_starts_min` minutes after midnight and has the date on which it began.
    """

    name: str
    zone: str
    currency: str
    bands: tuple[Band, ...]
    surcharges: tuple[Band, ...] = ()
    day_starts_min: int = 0
    guard: Guard = Guard()

    def __hash__(self) -> int:
        """Return a hash that costs the same however many dates the bands name: tariffs are asked for all the time."""
        return hash((self.name, self.zone))


@dataclass(frozen=True, slots=True)
class Supply:
    """The bands of a tariff in which a charger has power, and at no other time."""

    tariff: str
    bands: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Charger:
    """What the wall offers: `power_kw` over `phases` (1 or 3). `commands`: what the host calls its switching."""

    name: str
    power_kw: float
    phases: int = 1
    commands: str | None = None
    supply: Supply | None = None


@dataclass(frozen=True, slots=True)
class Battery:
    """The charging model's numbers of a car (facts: usable kWh, AC limits, overhead). 0 kW: not on that many phases."""

    usable_kwh: float
    ac_1phase_kw: float
    ac_3phase_kw: float
    overhead_kw: float

    @property
    def held_minimum_pct(self) -> int:
        """Return the `minimum_soc` of a car under hold whose owner says none: 8 kWh, in percent, rounded up.

        At least 20 %. At most 50 %, as half of a small battery (of a plug-in hybrid) is to be had at the plan's hours.
        """
        share = math.ceil(100 * HELD_MINIMUM_KWH / self.usable_kwh)
        return min(max(share, HELD_MINIMUM_LEAST_PCT), HELD_MINIMUM_MOST_PCT)


@dataclass(frozen=True, slots=True)
class Control:
    """What can be asked of the car from afar: to start, to stop, to keep a SoC limit of its own."""

    start: bool
    stop: bool
    soc_limit: bool


@dataclass(frozen=True, slots=True)
class Vehicle:
    """A car. `model` is a catalogue id or None with own numbers; `minimum_soc_pct` None means no floor.

    `hold`: a charge that the car begins by itself at home is stopped until a plan wants it. `hold_anywhere`: held
    wherever it is, for it tells no place; never without `hold`. `resumes`: its model goes on by itself after a stop.
    """

    name: str
    model: str | None
    battery: Battery
    control: Control
    hold: bool
    minimum_soc_pct: int | None = None
    account: str = "default"
    driver: Literal["renault", "simulated"] = "renault"
    hold_anywhere: bool = False
    resumes: bool = False


@dataclass(frozen=True, slots=True)
class ToSoc:
    """Charge to a state of charge, in percent."""

    soc_pct: int


@dataclass(frozen=True, slots=True)
class Energy:
    """Charge an energy at the wall, in kWh, counted from noon to noon."""

    energy_kwh: float


@dataclass(frozen=True, slots=True)
class Duration:
    """Charge for a time, in minutes, counted from noon to noon."""

    minutes: int


Target = ToSoc | Energy | Duration


@dataclass(frozen=True, slots=True)
class InBands:
    """When the tariff is in one of these bands (names, never empty: the loader fills in the cheapest)."""

    tariff: str
    bands: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InWindows:
    """In wall-clock spans of the site's zone, priced by a tariff if there is one."""

    spans: tuple[Span, ...]
    tariff: str | None = None


@dataclass(frozen=True, slots=True)
class StartAt:
    """From a wall time (minutes after midnight) until the target, `ready_by`, or the next noon."""

    begins_min: int
    tariff: str | None = None

    @property
    def span(self) -> Span:
        """Return from when to when it lasts at the longest."""
        return Span(self.begins_min, NOON_MIN if self.begins_min < NOON_MIN else NOON_MIN + DAY_MIN)


@dataclass(frozen=True, slots=True)
class Once:
    """One window: naive wall times of the site's zone. Without an end: `ready_by`, or 24 h."""

    begins: datetime
    ends: datetime | None = None
    tariff: str | None = None
    by_end: bool = False
    """Its end is also when the car must be ready, as `ready_by` is for plans."""


When = InBands | InWindows | StartAt | Once
Policy = Literal["asap", "late", "cheapest"]


@dataclass(frozen=True, slots=True)
class Plan:
    """A wish: charge this vehicle at that charger to a target, at these times, ready by then.

    `days` are the days of `ready_by` where there is one, else those on which a window begins.
    `ready_by_min` counts minutes after midnight. `policy`: which part of the windows to use when not all of it is
    needed; `guarantee`: when they cannot reach the target by then, all of them and the cheapest hours outside.
    """

    name: str
    vehicle: str
    charger: str
    target: Target
    when: When
    days: Days = Days()
    ready_by_min: int | None = None
    policy: Policy = "asap"
    guarantee: bool = False
    enabled: bool = True
    place: Place = Place("", 1)


@dataclass(frozen=True, slots=True)
class Home:
    """The place in which plans act. Without coordinates here, the host knows them from `delcia login`."""

    radius_m: int = 300
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """An account at the car's maker; the secrets belong to the host."""

    name: str
    locale: str = "fr_FR"


@dataclass(frozen=True, slots=True)
class Site:
    """All that a plan directory says, each map by name. `timezone` is an IANA name."""

    timezone: str
    vehicles: Mapping[str, Vehicle]
    chargers: Mapping[str, Charger]
    tariffs: Mapping[str, Tariff]
    plans: Mapping[str, Plan]
    accounts: Mapping[str, Account]
    home: Home | None = None

    def plans_of(self, vehicle: str) -> tuple[Plan, ...]:
        """Return the enabled plans of a vehicle, by name."""
        names = [name for name, plan in self.plans.items() if plan.vehicle == vehicle and plan.enabled]
        return tuple([self.plans[name] for name in sorted(names)])


def tariff_of(when: When) -> str | None:
    """Return the name of the tariff that prices these times, or None."""
    return when.tariff
