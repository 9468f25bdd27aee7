"""A car that does not exist, as a pure function of time: its battery fills, it is driven, it obeys or does not.

`advance` carries a condition forward through the events on its way. It knows no clock and keeps nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Literal

from delcia.core.clock import DAY, MINUTE, begin_instant, zone
from delcia.core.energy import FULL, Curve, charging_minutes, soc_after, wall_kwh_after
from delcia.core.intervals import Interval, union
from delcia.core.model import Tariff
from delcia.core.replacing import replace
from delcia.core.tariffs import band_windows

LOWEST_PCT = 5.0
"""A drive ends here at the latest: people charge elsewhere rather than strand."""

What = Literal["plug", "unplug", "start", "stop", "power", "cut"]
"""The last two are the charger's: it gives power, or none, whatever is plugged in."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens to the car; plugging in says the SoC, or what a drive has used of it, and where it is."""

    at: datetime
    what: What
    soc_pct: float | None = None
    used_pct: float = 0.0
    at_home: bool = True


@dataclass(frozen=True, slots=True)
class Daily:
    """A life of commuting: home and plugged in from one wall time to the other, a share of the battery used between.

    `used_by_weekday` has seven shares, from Monday on, for the days on which the car comes home; given, it holds.
    """

    timezone: str
    plugged_min: int = 18 * 60 + 30
    unplugged_min: int = 7 * 60 + 30
    used_pct: float = 25.0
    used_by_weekday: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Habits:
    """How the car behaves; as given, it is one that obeys after 20 s and tells the truth every minute.

    `silent`: it reports nothing, asleep or out of reach. `outages`: the service does not answer at all.
    `resumes_after_min`: it goes on charging by itself so long after a stop, as some do.
    """

    begins_on_plug: bool = True
    lag_s: int = 20
    ignores: tuple[What, ...] = ()
    resumes_after_min: int | None = None
    soc_limit_pct: int = 100
    reports_every_min: int = 1
    silent: tuple[Interval, ...] = ()
    outages: tuple[Interval, ...] = ()


@dataclass(frozen=True, slots=True)
class Condition:
    """The car at an instant. `pending` are commands that it has yet to obey, and its own resuming.

    `powered`: whether its charger gives power now; without, nothing makes the car charge.
    `parked_at` is when it last came to where it stands, and told its place.
    """

    at: datetime
    soc_pct: float
    plugged: bool = False
    charging: bool = False
    ended: bool = False
    balanced_min: float = 0.0
    at_home: bool = True
    pending: tuple[Event, ...] = ()
    powered: bool = True
    parked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Life:
    """A car with all that will happen to it."""

    condition: Condition
    daily: Daily | None = None
    events: tuple[Event, ...] = ()
    habits: Habits = Habits()


@dataclass(frozen=True, slots=True)
class Charged:
    """A stretch of charging without a break, with the curve by which it fills and the tariff that prices it."""

    interval: Interval
    soc_from_pct: float
    soc_to_pct: float
    energy_wall_kwh: float
    curve: Curve | None = None
    tariff: str | None = None


def kwh_by(item: Charged, instant: datetime) -> float:
    """Return how much of a stretch has flowed by an instant: its end takes less; without its curve, evenly."""
    if item.curve is None:
        return item.energy_wall_kwh * ((instant - item.interval.start) / MINUTE) / item.interval.minutes
    return wall_kwh_after(item.curve, item.soc_from_pct / 100, (instant - item.interval.start) / MINUTE)


def daily_events(daily: Daily, after: datetime, until: datetime) -> Iterator[Event]:
    """Yield the plugging and unplugging of a life in (after, until], in order."""
    # The dates of UTC are cheaper than those of the home, and never more than a day from them.
    for event in _events_on(daily, after.date() - DAY, until.date() + DAY):
        if after < event.at <= until:
            yield event


@lru_cache(maxsize=64)
def _events_on(daily: Daily, day: date, last: date) -> tuple[Event, ...]:
    """Return the plugging and unplugging from one day to another, in order."""
    days = (day + n * DAY for n in range((last - day).days + 1))
    return tuple(event for each in days for event in _events_of(daily, each))


@lru_cache(maxsize=64)
def _events_of(daily: Daily, day: date) -> tuple[Event, ...]:
    """Return the plugging and unplugging of one day, in order."""
    tz = zone(daily.timezone)
    used_pct = daily.used_by_weekday[day.weekday()] if daily.used_by_weekday else daily.used_pct
    plug = Event(begin_instant(day, daily.plugged_min, tz), "plug", used_pct=used_pct)
    unplug = Event(begin_instant(day, daily.unplugged_min, tz), "unplug")
    return tuple(sorted((plug, unplug), key=_when))


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact of the meter before a charger: it gives power in these bands of a tariff, and at no other time."""

    tariff: Tariff
    bands: tuple[str, ...]


def is_powered(contact: Contact, instant: datetime) -> bool:
    """Return whether a contact gives power at an instant."""
    return bool(band_windows(contact.tariff, contact.bands, instant, instant + MINUTE / 60))


def contact_events(contact: Contact, after: datetime, until: datetime) -> Iterator[Event]:
    """Yield when a contact gives power and takes it, in (after, until], in order."""
    for item in union(band_windows(contact.tariff, contact.bands, after - MINUTE, until + MINUTE)):
        if after < item.start <= until:
            yield Event(item.start, "power")
        if after < item.end <= until:
            yield Event(item.end, "cut")


def with_power(car: Condition, habits: Habits, *, on: bool) -> Condition:
    """Return the condition once its charger gives power, or none."""
    return car if car.powered is on else _happen(car, Event(car.at, "power" if on else "cut"), habits)


def advance(
    car: Condition, to: datetime, curve: Curve, habits: Habits, events: tuple[Event, ...]
) -> tuple[Condition, tuple[Charged, ...]]:
    """Return the condition at `to`, and the charging on the way; `events` are those after `car.at`, in any order."""
    charged: list[Charged] = []
    while car.at < to:
        ahead = sorted((event for event in (*events, *car.pending) if car.at < event.at <= to), key=_when)
        car, stretch = _charge(car, ahead[0].at if ahead else to, curve, habits)
        charged.extend(stretch)
        for event in ahead:
            if event.at == car.at:
                car = _happen(car, event, habits)
        if car.pending:
            car = replace(car, pending=tuple(event for event in car.pending if event.at > car.at))
    return car, tuple(charged)


def reported_at(now: datetime, habits: Habits) -> datetime:
    """Return when the car last reported, by `now`."""
    for gap in sorted(habits.silent, reverse=True):
        if gap.contains(now):
            now = gap.start
    step = timedelta(minutes=habits.reports_every_min)
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + (now - midnight) // step * step


def _when(event: Event) -> datetime:
    return event.at


def _happen(car: Condition, event: Event, habits: Habits) -> Condition:
    if event.what == "unplug":
        return replace(car, plugged=False, charging=False, ended=False, balanced_min=0.0)
    if event.what == "plug":
        soc_pct = max(min(car.soc_pct, LOWEST_PCT), car.soc_pct - event.used_pct)
        soc_pct = soc_pct if event.soc_pct is None else event.soc_pct
        car = replace(car, plugged=True, soc_pct=soc_pct, at_home=event.at_home, ended=False, balanced_min=0.0)
        car = replace(car, parked_at=event.at)
        return _begin(car, habits) if habits.begins_on_plug else car
    if event.what == "start":
        return _begin(car, habits)
    if event.what == "power":
        car = replace(car, powered=True)
        return _begin(car, habits) if car.plugged and not car.ended and habits.begins_on_plug else car
    if event.what == "cut":
        return replace(car, powered=False, charging=False)
    stopped = replace(car, charging=False)
    if not car.charging or habits.resumes_after_min is None:
        return stopped
    again = Event(event.at + timedelta(minutes=habits.resumes_after_min), "start")
    return replace(stopped, pending=(*car.pending, again))


def _begin(car: Condition, habits: Habits) -> Condition:
    able = car.plugged and car.soc_pct < habits.soc_limit_pct
    return replace(car, charging=able and car.powered, ended=car.plugged and not able)


def _charge(car: Condition, to: datetime, curve: Curve, habits: Habits) -> tuple[Condition, tuple[Charged, ...]]:
    """Return the condition at `to`, before what happens then."""
    if not car.charging:
        return replace(car, at=to), ()
    soc, limit = car.soc_pct / 100, habits.soc_limit_pct / 100
    balancing_min = curve.factor * curve.balancing_min if limit >= FULL else 0.0
    to_limit_min = charging_minutes(curve, soc, limit) - balancing_min if soc < limit else 0.0
    left_min = to_limit_min + balancing_min - car.balanced_min
    minutes = min((to - car.at) / MINUTE, left_min)
    after = min(soc_after(curve, soc, minutes), limit) if minutes < to_limit_min else max(soc, limit)
    full = minutes >= left_min
    later = replace(
        car,
        at=to,
        soc_pct=after * 100,
        charging=not full,
        ended=full,
        balanced_min=car.balanced_min + max(0.0, minutes - to_limit_min),
    )
    end = car.at + minutes * MINUTE
    if end <= car.at:
        return later, ()
    energy_kwh = wall_kwh_after(curve, soc, minutes)
    return later, (Charged(Interval(car.at, end), car.soc_pct, later.soc_pct, energy_kwh, curve),)
