"""Whether the windows of a plan can do what it wants by the time it names."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo
from functools import lru_cache
from itertools import groupby
from math import ceil
from typing import assert_never

from delcia.config.findings import Findings
from delcia.config.horizon import stretches
from delcia.config.nodes import Mapping
from delcia.config.quantities import WEEKDAYS, clock_text
from delcia.config.reading import place
from delcia.core.clock import DAY, begin_instant, local_date, zone
from delcia.core.days import matches
from delcia.core.energy import Curve, charging_minutes, curve
from delcia.core.intervals import Interval, clip, union
from delcia.core.means import means_of
from delcia.core.model import (
    DAY_MIN,
    Charger,
    Duration,
    Energy,
    InBands,
    Once,
    Place,
    Plan,
    Site,
    Supply,
    Tariff,
    ToSoc,
)
from delcia.core.windows import Window, windows_of

NIGHT = timedelta(hours=12)
"""The windows of one night are those that reach into the twelve hours before the car must be ready."""
USUAL_LOW_PCT = 20
"""The SoC from which the target should be reached, where the car has no `minimum_soc`."""
_HALVINGS = 40


def check_reach(site: Site, plan: Plan, node: Mapping, now: datetime, findings: Findings) -> None:
    """Report days without a window, and nights that are too short for the target."""
    looks = _looks(site, plan, now)
    if isinstance(plan.when, InBands):
        if not any(look.windows for look in looks):
            message = f"the bands {', '.join(plan.when.bands)} give this plan no window"
            findings.error(place(node, "when"), "no-window", message, "name other bands, or other days")
            return
        _check_every_day(site, plan, node, looks, findings)
    elif site.chargers[plan.charger].supply is not None and not any(look.windows for look in looks):
        message = f"the charger '{plan.charger}' has no power in any window of this plan"
        findings.error(place(node, "when"), "no-window", message, "choose windows inside the bands of its supply")
        return
    if plan.ready_by_min is not None and not plan.guarantee and means_of(site, plan).ends_windows:
        _check_night(site, plan, looks, findings)


@dataclass(frozen=True, slots=True)
class _Look:
    """Days ahead, the last one included, the windows in them, and the minutes of window of each whole night."""

    first: date
    last: date
    windows: tuple[Window, ...]
    nights: tuple[float, ...]


def _looks(site: Site, plan: Plan, now: datetime) -> tuple[_Look, ...]:
    """Return the days in which all that can happen is seen: every weekday, before and after every change."""
    first = local_date(now, zone(site.timezone))
    if isinstance(plan.when, Once):
        first = plan.when.begins.date() - DAY
    elif plan.days.between is not None:
        first = max(first, plan.days.between[0] - DAY)
    if not plan.days.weekdays:
        first = min((day - DAY for day in plan.days.included if day >= first), default=first)
    supply = site.chargers[plan.charger].supply
    named = {plan.when.tariff} if isinstance(plan.when, InBands) else set()
    named |= {supply.tariff} if supply is not None else set()
    tariffs = tuple(site.tariffs[name] for name in sorted(named))
    bare = replace(plan, name="", vehicle="", charger="", target=ToSoc(100), place=Place("", 1))
    return _seen(site.timezone, tariffs, supply, bare, first)


@lru_cache(maxsize=1024)
def _seen(
    timezone: str, tariffs: tuple[Tariff, ...], supply: Supply | None, plan: Plan, first: date
) -> tuple[_Look, ...]:
    """Look ahead; many plans have the same times, so the answer is kept."""
    tz = zone(timezone)
    chargers = {"": Charger("", 1.0, supply=supply)}
    site = Site(timezone, {}, chargers, {tariff.name: tariff for tariff in tariffs}, {}, {})
    conditions = [(plan.days, timezone)]
    for tariff in tariffs:
        conditions += [(band.days, tariff.zone) for band in (*tariff.bands, *tariff.surcharges)]
    looks = []
    for begin, end in stretches(conditions, first):
        windows = windows_of(site, plan, begin_instant(begin, 0, tz), begin_instant(end + DAY, 0, tz))
        looks.append(_Look(begin, end, windows, tuple(_nights(begin, end, windows, tz))))
    return tuple(looks)


def _check_every_day(site: Site, plan: Plan, node: Mapping, looks: tuple[_Look, ...], findings: Findings) -> None:
    """Report the days on which the car must be ready, but nothing comes before."""
    if plan.ready_by_min is None:
        return
    tz = zone(site.timezone)
    without = []
    for look in looks:
        served = {local_date(window.deadline, tz) for window in look.windows if window.deadline is not None}
        # The windows of the first day may have begun before the look.
        days = (look.first + count * DAY for count in range(1, (look.last - look.first).days + 1))
        without += [day for day in days if day not in served and matches(plan.days, day, tz)]
    if without:
        ready = clock_text(plan.ready_by_min)
        message = f"no window before {ready} on {_weekdays(without)}, first on {without[0]}"
        hint = "name other bands, or keep the plan to other days or a season"
        findings.error(place(node, "ready_by"), "no-window", message, hint)


def _weekdays(days: list[date]) -> str:
    found = sorted({day.weekday() for day in days})
    return ", ".join(WEEKDAYS[day] for day in found)


def _check_night(site: Site, plan: Plan, looks: tuple[_Look, ...], findings: Findings) -> None:
    """Warn when the shortest night ahead is too short for the target."""
    nights = [minutes for look in looks for minutes in look.nights]
    message = _shortage(site, plan, min(nights)) if nights else ""
    if message:
        lower = "lower to_soc" if isinstance(plan.target, ToSoc) else "ask for less"
        hint = f"add windows, {lower}, raise the power, or set guarantee: true"
        findings.warning(plan.place, "short-window", message, hint)


def _shortage(site: Site, plan: Plan, minutes: float) -> str:
    """Return what a night of so many minutes misses, or nothing."""
    ready_min = plan.ready_by_min or 0
    ready, night = clock_text(ready_min), "night" if ready_min <= DAY_MIN // 2 else "day"
    vehicle = site.vehicles[plan.vehicle]
    model = curve(vehicle.battery, site.chargers[plan.charger])
    match plan.target:
        case ToSoc(target):
            low = USUAL_LOW_PCT if vehicle.minimum_soc_pct is None else vehicle.minimum_soc_pct
            from_pct = _lowest_pct(model, target, minutes)
            words = f"one {night} adds {target - from_pct} points; below {from_pct} % it misses {target} % by {ready}"
            return words if from_pct > low else ""
        case Energy(energy_kwh):
            most_kwh = model.wall_kw * minutes / 60
            words = f"one {night} gives {most_kwh:.1f} kWh; it misses {energy_kwh:g} kWh by {ready}"
            return words if energy_kwh > most_kwh else ""
        case Duration(needed):
            words = f"one {night} has {_hours(minutes)} of window; it misses {_hours(needed)} by {ready}"
            return words if needed > minutes else ""
        case _ as never:
            assert_never(never)


def _nights(first: date, last: date, windows: tuple[Window, ...], tz: tzinfo) -> Iterator[float]:
    """Yield the minutes of window of each night that lies wholly in these days and has no clock change."""
    start, end = begin_instant(first, 0, tz), begin_instant(last + DAY, 0, tz)
    ended = [window for window in windows if window.deadline is not None]
    ordered = sorted(ended, key=lambda window: window.deadline or start)
    for deadline, group in groupby(ordered, key=lambda window: window.deadline):
        if deadline is None or deadline - DAY < start or deadline > end:
            continue
        if (deadline - DAY).astimezone(tz).utcoffset() != deadline.astimezone(tz).utcoffset():
            continue
        parts = [clip(Interval(window.start, window.end), window.start, deadline) for window in group]
        night = union(part for part in parts if part is not None and part.end > deadline - NIGHT)
        if night:
            yield sum(part.minutes for part in night)


@lru_cache(maxsize=1024)
def _lowest_pct(model: Curve, target_pct: int, minutes: float) -> int:
    """Return the lowest whole SoC from which the target is reached in a time."""
    low, high = 0.0, target_pct / 100
    if charging_minutes(model, low, high) <= minutes:
        return 0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if charging_minutes(model, middle, target_pct / 100) <= minutes:
            high = middle
        else:
            low = middle
    return ceil(round(high * 100, 6))


def _hours(minutes: float) -> str:
    hours, rest = divmod(round(minutes), 60)
    return f"{hours} h {rest:02} min" if rest else f"{hours} h"
