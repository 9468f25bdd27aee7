"""A household's days, drawn by lot from a seed: when they drive and plug in, what fails, and how the car behaves."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from random import Random
from typing import Literal

from household.bill import DAY, HOME, MINUTE, WALL_KW, Span, at
from household.service import LIES, Manners

BEGINS = datetime(2026, 11, 23, 12, 0, tzinfo=HOME).astimezone(UTC)
"""A Monday noon."""
WORK_KW, PUBLIC_KW, MOTORWAY_KW = 3.7, 6.6, 30.0
SKEWS = (0, 0, 0, 30, -30, 300, -300, 3 * 3600, -3 * 3600, 86400, -86400)

Deed = Literal["plug", "unplug", "come", "leave", "arrive", "cut", "restore", "app"]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that somebody, or the world, does to the car."""

    at: datetime
    deed: Deed
    what: tuple[object, ...] = ()


@dataclass(frozen=True, slots=True)
class Life:
    """What will happen, all of it; only what delcia does is not in here."""

    seed: str
    nights: int
    level_pct: float
    events: tuple[Event, ...] = ()
    off: tuple[Span, ...] = ()
    """When the host is without power. It boots at the end of each."""
    manners: Manners = field(default_factory=Manners)
    vigour: float = 1.0
    traits: tuple[str, ...] = ()
    hold: str = "true"
    names_home: bool = False
    begins: datetime = BEGINS

    @property
    def ends(self) -> datetime:
        """Return the noon after the last night."""
        return self.begins + self.nights * DAY


@dataclass
class _Draw:
    lot: Random
    events: list[Event] = field(default_factory=list)
    off: list[Span] = field(default_factory=list)

    def add(self, instant: datetime, deed: Deed, *what: object) -> None:
        self.events.append(Event(instant, deed, what))

    def chance(self, share: float) -> bool:
        return self.lot.random() < share

    def minutes(self, low: float, high: float) -> timedelta:
        return self.lot.uniform(low, high) * MINUTE


def ordinary(seed: str, nights: int = 14) -> Life:
    """Return the life of a car that does what it is told, of people who come home every evening."""
    draw = _Draw(Random(f"ordinary {seed}"))  # noqa: S311 - a lot that can be drawn again
    for number in range(nights):
        day = (BEGINS + number * DAY).astimezone(HOME).date()
        home_at = at(day, time(17, 40)) + draw.minutes(0, 90)
        draw.add(home_at, "come", draw.lot.uniform(8, 28))
        draw.add(home_at + draw.minutes(0.5, 4), "plug", WALL_KW, 20.0)
        draw.add(at(day + DAY, time(7, 25)) + draw.minutes(0, 30), "leave", 0.0)
    events = tuple(sorted(draw.events, key=lambda event: event.at))
    return Life(f"ordinary {seed}", nights, draw.lot.uniform(70, 90), events)


def every_arrival(seed: str, levels: Sequence[float], begins: datetime = BEGINS) -> Life:
    """Return as many days as there are levels, each with that level on coming home at 18:30."""
    draw = _Draw(Random(f"arrivals {seed}"))  # noqa: S311 - as above
    for number, level in enumerate(levels):
        day = (begins + number * DAY).astimezone(HOME).date()
        home_at = at(day, time(18, 25)) + draw.minutes(0, 10)
        draw.add(home_at, "arrive", level)
        draw.add(home_at + MINUTE, "plug", WALL_KW, 20.0)
        draw.add(at(day + DAY, time(7, 30)), "leave", 0.0)
    return Life(f"arrivals {seed}", len(levels), levels[0], tuple(draw.events), begins=begins)


def bad(seed: str, nights: int = 15) -> Life:
    """Return a fortnight in which much goes wrong, each kind of it in some of the lives."""
    lot = Random(f"bad {seed}")  # noqa: S311 - as above
    draw = _Draw(lot)
    traits = tuple(sorted(name for name in TRAITS if lot.random() < TRAITS[name]))
    outages: list[Span] = []
    stale: list[Span] = []
    for number in range(nights):
        day = (BEGINS + number * DAY).astimezone(HOME).date()
        _evening(draw, traits, at(day, time(17, 20)) + draw.minutes(0, 160))
        _mishaps(draw, traits, at(day, time(18, 0)), outages, stale)
        leaves = at(day + DAY, time(7, 10)) + draw.minutes(0, 50)
        stays_home = (day + DAY).isoweekday() > 5
        if not stays_home or draw.chance(0.5):
            _away(draw, traits, leaves)
    manners = Manners(
        skew=timedelta(seconds=lot.choice(SKEWS)) if "skew" in traits else timedelta(),
        obeys_s=(15.0, 1500.0) if "slow" in traits else (15.0, 60.0),
        ignores=0.06 if "ignores" in traits else 0.0,
        level=lot.choice(("steps", "lags")) if "level" in traits else "true",
        lies=tuple((kind, 0.03) for kind in LIES if kind in traits),
        stale=tuple(sorted(stale)),
        outages=tuple(sorted(outages)),
    )
    events = tuple(sorted(draw.events, key=lambda event: event.at))
    life = Life(f"bad {seed}", nights, lot.uniform(40, 90), events, tuple(sorted(draw.off)), manners)
    return replace(
        life,
        vigour=lot.uniform(0.95, 1.05),
        traits=traits,
        names_home=lot.random() < 0.5,
        hold="anywhere" if "anywhere" in traits else "true",
    )


TRAITS = {
    "skew": 0.6,
    "slow": 0.3,
    "ignores": 0.3,
    "level": 0.3,
    "level-missing": 0.3,
    "level-jumps": 0.3,
    "level-impossible": 0.2,
    "status-flaps": 0.4,
    "plug-flaps": 0.3,
    "cuts": 0.4,
    "blackouts": 0.3,
    "reboots": 0.4,
    "outages": 0.3,
    "stale": 0.2,
    "errands": 0.5,
    "app": 0.5,
    "public": 0.5,
    "late": 0.4,
}
"""What may go wrong in a life, and in how many of them it does."""


def _evening(draw: _Draw, traits: tuple[str, ...], home_at: datetime) -> None:
    """Come home and plug in, perhaps late, perhaps with an errand."""
    draw.add(home_at, "come", draw.lot.uniform(4, 30))
    if "late" in traits and draw.chance(0.12):
        home_at += draw.minutes(180, 520)
    elif "late" in traits and draw.chance(0.05):
        return
    plugged_at = home_at + draw.minutes(0.5, 5)
    draw.add(plugged_at, "plug", WALL_KW, draw.lot.uniform(10, 120))
    if "errands" in traits and draw.chance(0.25):
        out_at = plugged_at + draw.minutes(25, 90)
        back_at = out_at + draw.minutes(8, 40)
        draw.add(out_at, "unplug")
        draw.add(back_at - MINUTE, "come", draw.lot.uniform(1, 3))
        draw.add(back_at, "plug", WALL_KW, draw.lot.uniform(10, 120))


def _mishaps(draw: _Draw, traits: tuple[str, ...], evening: datetime, outages: list[Span], stale: list[Span]) -> None:
    """Let things fail in the night that begins."""
    if "cuts" in traits and draw.chance(0.25):
        begins = evening + draw.minutes(30, 720)
        draw.add(begins, "cut")
        draw.add(begins + draw.minutes(8, 90), "restore")
    elif "blackouts" in traits and draw.chance(0.2):
        begins = evening + draw.minutes(30, 720)
        ends = begins + draw.minutes(8, 90)
        draw.add(begins, "cut")
        draw.add(ends, "restore")
        draw.off.append((begins, ends + draw.minutes(1, 4)))
    elif "reboots" in traits and draw.chance(0.25):
        begins = evening + draw.minutes(0, 780)
        draw.off.append((begins, begins + draw.minutes(2, 40)))
    if "outages" in traits and draw.chance(0.3):
        begins = evening + draw.minutes(0, 780)
        outages.append((begins, begins + draw.minutes(10, 240)))
    if "stale" in traits and draw.chance(0.3):
        begins = evening + draw.minutes(0, 780)
        stale.append((begins, begins + draw.minutes(20, 180)))
    if "app" in traits and draw.chance(0.3):
        draw.add(evening + draw.minutes(0, 900), "app")


def _away(draw: _Draw, traits: tuple[str, ...], leaves: datetime) -> None:
    """Drive to where one works, and perhaps charge there or on the way."""
    draw.add(leaves, "leave", draw.lot.uniform(3, 8))
    if "public" in traits and draw.chance(0.5):
        wall_kw = draw.lot.choice((WORK_KW, PUBLIC_KW, MOTORWAY_KW))
        plugged_at = leaves + draw.minutes(30, 120)
        draw.add(plugged_at, "plug", wall_kw, draw.lot.uniform(10, 60))
        draw.add(plugged_at + draw.minutes(20, 45 if wall_kw == MOTORWAY_KW else 400), "unplug")
