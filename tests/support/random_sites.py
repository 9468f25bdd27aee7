"""Sites and lives by a number: plans, tariffs, chargers, contacts, cars and days as odd as owners may write them."""

import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random

from delcia.car.simulation import Condition, Daily, Life
from delcia.core.model import (
    Account,
    Band,
    Battery,
    Charger,
    Control,
    Days,
    Duration,
    Energy,
    InBands,
    InWindows,
    Plan,
    Policy,
    Site,
    Span,
    StartAt,
    Supply,
    Target,
    Tariff,
    ToSoc,
    Vehicle,
    When,
)

LAWS = int(os.environ.get("DELCIA_LAWS", "200"))
"""How many random sites the laws are held against; by hand, thousands."""
BATTERIES = (
    Battery(24.8, 6.6, 0, 0.25),
    Battery(26.8, 6.6, 0, 0.17),
    Battery(21.4, 7.4, 22, 0.37),
    Battery(52.0, 7.4, 22, 0.37),
    Battery(40.0, 7.4, 0, 0.17),
    Battery(87.0, 7.4, 11, 0.17),
)
CHARGERS = ((1.84, 1), (2.3, 1), (3.7, 1), (7.4, 1), (11.0, 3))
DAYS = (
    (Days(), 6),
    (Days(weekdays=(0, 1, 2, 3, 4)), 2),
    (Days(weekdays=(5, 6)), 1),
    (Days(weekdays=(0, 2, 4, 6)), 1),
    (Days(weekdays=(6,)), 1),
)
POLICIES: tuple[Policy, ...] = ("asap", "late", "cheapest")


@dataclass(frozen=True, slots=True)
class Drawn:
    """A site with one vehicle, and the SoC and instant with which it is first plugged in; `daily` is how it lives."""

    site: Site
    soc_pct: float
    start: datetime
    daily: Daily

    @property
    def vehicle(self) -> Vehicle:
        """The only one."""
        return self.site.vehicles["car"]

    @property
    def life(self) -> Life:
        """The car begins to charge when it is plugged in, as cars do."""
        return Life(Condition(self.start, self.soc_pct, plugged=True, charging=True), self.daily)


def drawn(number: int) -> Drawn:
    """Return the site, and the life, of a number: always the same."""
    draw = Random(number)  # noqa: S311 - not for secrets
    tariffs = {f"t{index}": _tariff(draw, f"t{index}") for index in range(draw.choice((1, 1, 2)))}
    supply = Supply(draw.choice(sorted(tariffs)), ("low",)) if draw.random() < 0.25 else None
    chargers = {f"c{index}": _charger(draw, f"c{index}", supply) for index in range(draw.choice((1, 1, 1, 2)))}
    names = [f"p{index}" for index in range(draw.choice((1, 1, 2, 2, 3)))]
    stop = draw.random() < 0.85
    site = Site(
        timezone=draw.choice(("Europe/Paris", "Europe/London")),
        vehicles={
            "car": Vehicle(
                name="car",
                model=None,
                battery=draw.choice(BATTERIES),
                control=Control(start=stop or draw.random() < 0.7, stop=stop, soc_limit=False),
                hold=stop and draw.random() < 0.75,
                minimum_soc_pct=draw.choice((None, 20, 20, 35)),
            )
        },
        chargers=chargers,
        tariffs=tariffs,
        plans={name: _plan(draw, name, chargers, tariffs) for name in names},
        accounts={"default": Account("default")},
    )
    start = datetime(2027, 10, 18, tzinfo=UTC) + timedelta(days=draw.randrange(20), minutes=5 * draw.randrange(288))
    plugged_min = 5 * draw.randrange(288)
    unplugged_min = (plugged_min + 5 * draw.randrange(60, 280)) % 1440
    daily = Daily(site.timezone, plugged_min, unplugged_min, draw.choice((0.0, 5.0, 10.0, 25.0, 45.0)))
    return Drawn(site, float(draw.randrange(8, 97)), start, daily)


def _times(draw: Random, low_min: int, high_min: int) -> Span:
    """Return a span of some hours, more often at night than not, on odd minutes."""
    begins = draw.choice((draw.randrange(20 * 60, 28 * 60), draw.randrange(1440))) % 1440
    return Span(begins, begins + min(draw.randrange(low_min, high_min), 1440))


def _apart(draw: Random, count: int, low_min: int, high_min: int) -> tuple[Span, ...]:
    """Return some spans that do not overlap."""
    found: list[Span] = []
    for _ in range(count):
        one = _times(draw, low_min, high_min)
        if all(_is_apart(one, other) for other in found):
            found.append(one)
    return tuple(found)


def _is_apart(one: Span, other: Span) -> bool:
    return all(
        one.ends_min + shift <= other.begins_min or other.ends_min <= one.begins_min + shift
        for shift in (-1440, 0, 1440)
    )


def _tariff(draw: Random, name: str) -> Tariff:
    cheap = Band("low", _price(draw, 5, 18), _apart(draw, draw.choice((1, 1, 2)), 60, 540))
    middle = (Band("mid", _price(draw, 12, 24), _apart(draw, 1, 60, 600)),) if draw.random() < 0.4 else ()
    return Tariff(name, "Europe/Paris", "EUR", (cheap, *middle, Band("peak", _price(draw, 18, 40))))


def _price(draw: Random, low: int, high: int) -> Decimal:
    return Decimal(draw.randrange(100 * low, 100 * high)) / 10000


def _charger(draw: Random, name: str, supply: Supply | None) -> Charger:
    power_kw, phases = draw.choice(CHARGERS)
    return Charger(name, power_kw, phases, supply=supply)


def _plan(draw: Random, name: str, chargers: dict[str, Charger], tariffs: dict[str, Tariff]) -> Plan:
    ready_by_min = draw.choice((None, 5 * draw.randrange(48, 120), 5 * draw.randrange(288)))
    return Plan(
        name=name,
        vehicle="car",
        charger=draw.choice(sorted(chargers)),
        target=_target(draw),
        when=_when(draw, tariffs),
        days=draw.choices([days for days, _ in DAYS], [weight for _, weight in DAYS])[0],
        ready_by_min=ready_by_min,
        policy=draw.choice(POLICIES) if ready_by_min is not None else "asap",
        guarantee=ready_by_min is not None and draw.random() < 0.3,
    )


def _target(draw: Random) -> Target:
    match draw.choice(("soc", "soc", "soc", "soc", "hours", "energy")):
        case "hours":
            return Duration(draw.choice((45, 90, 150, 240)))
        case "energy":
            return Energy(draw.choice((2.0, 5.0, 9.5)))
        case _:
            return ToSoc(draw.choice((50, 60, 70, 80, 80, 90, 100)))


def _when(draw: Random, tariffs: dict[str, Tariff]) -> When:
    tariff = draw.choice(sorted(tariffs))
    match draw.choice(("bands", "bands", "bands", "windows", "start")):
        case "windows":
            return InWindows(_apart(draw, draw.choice((1, 2)), 60, 720), tariff)
        case "start":
            return StartAt(draw.randrange(1440), tariff)
        case _:
            return InBands(tariff, ("low",))
