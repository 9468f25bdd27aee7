"""The days on which nothing holds a car that its owner wants held, and a plan that would."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache
from itertools import accumulate

from delcia.config.findings import Findings
from delcia.config.horizon import WEEK, YEAR
from delcia.config.merge import Merged
from delcia.config.nodes import Mapping, plain
from delcia.config.reading import place
from delcia.config.wording import flow
from delcia.core.clock import DAY, begin_instant, local_date, zone
from delcia.core.days import matches
from delcia.core.hold import AHEAD, NEAR
from delcia.core.model import Charger, ClockSeason, Days, MonthDays, Once, Place, Plan, Site, Supply, Tariff, ToSoc
from delcia.core.windows import windows_of

EVENING_MIN = 18 * 60
"""When a day is looked at: a car that comes home then waits for the night."""
SHOWN = 3
_Stretch = tuple[date, date]


def check_covered(site: Site, vehicle: str, node: Mapping, merged: Merged, now: datetime, findings: Findings) -> None:
    """Warn of the days of the coming year on which a held car charges whenever it is plugged in."""
    plans = site.plans_of(vehicle)
    first = local_date(now, zone(site.timezone))
    last = first + (YEAR - 1) * DAY
    gaps = list(_gaps([_held_days(site, plan, first) for plan in plans], first))
    if not gaps:
        return
    message = f"no plan holds '{vehicle}'{_days_words(gaps, first, last)}: it charges whenever it is plugged in"
    findings.warning(place(node, "hold"), "hold-gap", message, _hint(site, vehicle, plans, merged))


def _gaps(held: Sequence[frozenset[date]], first: date) -> Iterator[_Stretch]:
    """Yield the stretches of days of a year on which no plan holds."""
    begin: date | None = None
    for count in range(YEAR + 1):
        day = first + count * DAY
        free = count < YEAR and not any(day in days for days in held)
        if free and begin is None:
            begin = day
        elif not free and begin is not None:
            yield begin, day - DAY
            begin = None


def _held_days(site: Site, plan: Plan, first: date) -> frozenset[date]:
    supply = site.chargers[plan.charger].supply if plan.charger in site.chargers else None
    named = (plan.when.tariff, supply.tariff if supply is not None else None)
    tariffs = tuple(site.tariffs[name] for name in dict.fromkeys(named) if name is not None)
    bare = replace(plan, name="", vehicle="", charger="", target=ToSoc(100), place=Place("", 1))
    return _year_of(site.timezone, tariffs, supply, bare, first)


@lru_cache(maxsize=256)
def _year_of(
    timezone: str, tariffs: tuple[Tariff, ...], supply: Supply | None, plan: Plan, first: date
) -> frozenset[date]:
    """Return the days on whose evenings a plan holds, as `core.hold` has it; many plans have the same times."""
    tz = zone(timezone)
    chargers = {"": Charger("", 1.0, supply=supply)}
    site = Site(timezone, {}, chargers, {tariff.name: tariff for tariff in tariffs}, {}, {})
    days = [plan.days, *(band.days for tariff in tariffs for band in tariff.bands)]
    if not isinstance(plan.when, Once) and all(_is_weekly(each) for each in days):
        # Every week is alike: one window in it holds the car all the year.
        soon = windows_of(site, plan, begin_instant(first, 0, tz), begin_instant(first + WEEK * DAY, 0, tz))
        return frozenset(first + count * DAY for count in range(YEAR) if soon)
    whole = Days(season=plan.days.season, between=plan.days.between)
    stop = begin_instant(first + YEAR * DAY, 0, tz) + AHEAD
    windows = sorted(windows_of(site, plan, begin_instant(first, 0, tz), stop), key=lambda window: window.end)
    ends = [window.end for window in windows]
    # Windows may overlap: of those that end after a moment, the one that begins first decides.
    firsts = list(accumulate((window.start for window in reversed(windows)), min))[::-1]
    held = set()
    for count in range(YEAR):
        day = first + count * DAY
        at = begin_instant(day, EVENING_MIN, tz)
        near = isinstance(plan.when, Once) or not matches(whole, day, tz)
        index = bisect_right(ends, at)
        if index < len(firsts) and firsts[index] < at + (NEAR if near else AHEAD):
            held.add(day)
    return frozenset(held)


def _is_weekly(days: Days) -> bool:
    return days == Days(weekdays=days.weekdays)


def _days_words(gaps: Sequence[_Stretch], first: date, last: date) -> str:
    """Return when; nothing for always."""
    if gaps[0] == (first, last):
        return ""
    more = f" and {len(gaps) - SHOWN} times more" if len(gaps) > SHOWN else ""
    return f" {', '.join(_stretch_words(gap, first, last) for gap in gaps[:SHOWN])}{more}"


def _stretch_words(gap: _Stretch, first: date, last: date) -> str:
    begin, end = gap
    if end == last:
        return f"from {begin} on"
    if begin == first:
        return f"from now to {end}"
    return f"on {begin}" if begin == end else f"from {begin} to {end}"


def _hint(site: Site, vehicle: str, plans: Sequence[Plan], merged: Merged) -> str:
    """Return a plan that covers the gaps, to be pasted below `plans:`: one like the first, on the other days."""
    like = next((plan for plan in plans if not isinstance(plan.when, Once)), None)
    keys: dict[str, object]
    if like is not None:
        node = merged.maps["plans"][like.name].node
        said = plain(node)
        keys = dict(said) if isinstance(said, dict) else {}
        keys = {key: value for key, value in keys.items() if key not in {"season", "between", "days", "except"}}
        keys |= _other_season(like.days)
    else:
        charger = plans[0].charger if plans else min(site.chargers, default="socket")
        when: dict[str, object] = {"tariff": min(site.tariffs)} if site.tariffs else {"windows": ["22:00-06:00"]}
        keys = {"vehicle": vehicle, "charger": charger, "charge": {"to_soc": 80}, "when": when}
    base = f"{like.name}-rest" if like is not None else f"{vehicle}-nights"
    name = next(name for name in (base, *(f"{base}-{count}" for count in range(2, 1000))) if name not in site.plans)
    return f"add below plans: {name}: {flow(keys)}"


def _other_season(days: Days) -> dict[str, object]:
    """Return the rest of the year beside the season of a plan; nothing where only the whole year is the rest."""
    match days.season:
        case MonthDays(begin, end):
            # A leap year, so that 29 February is a day of one of the two.
            before, after = date(2028, *begin) - DAY, date(2028, *end) + DAY
            return {"season": [f"{after:%m-%d}", f"{before:%m-%d}"]}
        case ClockSeason(summer):
            return {"season": "standard-time" if summer else "summer-time"}
        case None:
            return {}
