"""What a plan's timer must hit: each boundary of its windows, as triggers in UTC.

They may fire too often (a run with nothing to do), but every real boundary is among them. A wall time is written
once per UTC offset of its zone, in the months in which that offset occurs, so that no trigger needs a zone.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from delcia.core.boundaries import Boundary, boundaries_of
from delcia.core.clock import DAY, MINUTE, begin_instant, zone
from delcia.core.days import last_date, matches
from delcia.core.model import DAY_MIN, EVERY_DAY, Days, InBands, Once, Plan, Site
from delcia.core.offsets import Skip, offsets_of, skips_of
from delcia.core.seasons import months_of, weekdays_of, years_of
from delcia.core.triggers import Recurring, Single, Trigger
from delcia.core.windows import Window, windows_of

HORIZON_YEARS = 5
"""How far zones are looked ahead: Casablanca's Ramadan wanders; elsewhere the rules repeat every year."""

FAR = timedelta(days=10)
"""A plan that ends later than this still has windows."""


def live_plans(site: Site, now: datetime) -> tuple[Plan, ...]:
    """Return the plans that are enabled and still have windows to come, by name."""
    return tuple(plan for _, plan in sorted(site.plans.items()) if plan.enabled and _has_future(site, plan, now))


def triggers_of(site: Site, plan: Plan, now: datetime) -> tuple[Trigger, ...]:
    """Return the triggers of a plan: an instant for each beginning, end and `ready_by` of its windows."""
    if isinstance(plan.when, Once):
        return _of_once(site, plan, plan.when)
    first, last = now.year, now.year + HORIZON_YEARS
    boundaries = boundaries_of(site, plan, first, last)
    regular = _merged(one for boundary in boundaries for one in _regular(site, plan, boundary, first, last))
    skipped = _merged(one for boundary in boundaries for one in _skipped(site, plan, boundary, first, last))
    return (*regular, *(one for one in skipped if not any(_includes(other, one) for other in regular)))


def _has_future(site: Site, plan: Plan, now: datetime) -> bool:
    """Return whether a plan that ends some day has a window after now; the others always do."""
    if isinstance(plan.when, Once):
        return any(window.end > now for window in _windows_of_once(site, plan, plan.when))
    last = _last_date(site, plan)
    if last is None or last > now.date() + FAR:
        return True
    # A window begins at most three days from the date that it is judged by, whatever the zones and the tariff's day.
    return last > date.min and bool(windows_of(site, plan, now, datetime.combine(last, time(), UTC) + 4 * DAY))


def _last_date(site: Site, plan: Plan) -> date | None:
    """Return the last date that a plan, or every band it waits for, names; None when it goes on."""
    ends = [last_date(plan.days)]
    if isinstance(plan.when, InBands):
        tariff = site.tariffs[plan.when.tariff]
        wanted = [band for band in (*tariff.bands, *tariff.surcharges) if band.name in plan.when.bands]
        lasts = [last_date(band.days) for band in wanted]
        ends.append(None if None in lasts else max(last for last in lasts if last is not None))
    return min((end for end in ends if end is not None), default=None)


def _windows_of_once(site: Site, plan: Plan, once: Once) -> tuple[Window, ...]:
    noon = begin_instant(once.begins.date(), DAY_MIN // 2, zone(site.timezone))
    return windows_of(site, plan, noon - DAY, noon + DAY)


def _of_once(site: Site, plan: Plan, once: Once) -> tuple[Trigger, ...]:
    found: dict[datetime, str] = {}
    for window in _windows_of_once(site, plan, once):
        for word, instant in (("start", window.start), ("end", window.end), ("ready by", window.deadline)):
            if instant is not None:
                wall = instant.astimezone(zone(site.timezone))
                found.setdefault(instant, f"{word} {wall:%Y-%m-%d %H:%M} {site.timezone}")
    return tuple(Single(instant, words) for instant, words in sorted(found.items()))


def _regular(site: Site, plan: Plan, boundary: Boundary, first: int, last: int) -> Iterator[Recurring]:
    """Yield a boundary at each offset of its zone, with the weekdays and months that its UTC dates have."""
    for offset in offsets_of(boundary.zone, first, last):
        shift, minute = divmod(boundary.minute - offset.minutes + boundary.later_min, DAY_MIN)
        for named in _named(site, plan, boundary):
            weekdays = [weekdays_of(days, shift - later) for days, _, later in named]
            months = [months_of(days, name, shift - later, first, last) for days, name, later in named]
            yield Recurring(
                minute,
                tuple(sorted(set(EVERY_DAY).intersection(*weekdays))),
                tuple(sorted(offset.months.intersection(*months))),
                years_of([(days, shift - later) for days, _, later in named]),
                _owner_words(boundary, offset.minutes),
            )


def _skipped(site: Site, plan: Plan, boundary: Boundary, first: int, last: int) -> Iterator[Recurring]:
    """Yield the end of a skipped hour, when the boundary lies in it, by the weekdays and months of such nights."""
    for skip in skips_of(boundary.zone, first, last):
        day = _day_in(skip, boundary.minute)
        if day is None:
            continue
        for named in _named(site, plan, boundary, wider=1):
            if all(matches(days, day + later * DAY, zone(name)) for days, name, later in named):
                at = skip.at + boundary.later_min * MINUTE
                yield Recurring(
                    at.hour * 60 + at.minute,
                    (at.weekday(),),
                    (at.month,),
                    years_of([(days, 0) for days, _, _ in named]),
                    f"{_owner_words(boundary)}, on the night that skips it",
                )


def _day_in(skip: Skip, minute: int) -> date | None:
    """Return the day whose minute lies in the skipped time, or None."""
    for back in range(4):
        day = skip.begins.date() - back * DAY
        if skip.begins <= datetime.combine(day, time()) + minute * MINUTE < skip.ends:
            return day
    return None


def _named(site: Site, plan: Plan, boundary: Boundary, wider: int = 0) -> Iterator[tuple[tuple[Days, str, int], ...]]:
    """Yield all conditions (days, their zone, how many days later) for each day by which the plan may judge."""
    own = (boundary.days, boundary.zone, 0)
    if boundary.judged is None:
        yield (own,)
        return
    low, high = boundary.judged
    for later in range(low - wider, high + wider + 1):
        yield own, (plan.days, site.timezone, later)


def _merged(triggers: Iterable[Recurring]) -> tuple[Recurring, ...]:
    """Return triggers that fire at the same instants, without those that never fire or that another one includes."""
    found: dict[tuple[int, tuple[int, ...], tuple[int, ...]], Recurring] = {}
    for trigger in triggers:
        if trigger.weekdays and trigger.months:
            key = (trigger.minute, trigger.months, trigger.years)
            found[key] = _both(found[key], trigger) if key in found else trigger
    kept: list[Recurring] = []
    for trigger in sorted(found.values(), key=_breadth, reverse=True):
        outer = next((index for index, other in enumerate(kept) if _includes(other, trigger)), None)
        if outer is None:
            kept.append(trigger)
        else:
            kept[outer] = _both(kept[outer], trigger)
    order = list(found)
    return tuple(sorted(kept, key=lambda one: order.index((one.minute, one.months, one.years))))


def _breadth(trigger: Recurring) -> tuple[int, int, bool, int]:
    """Return how much a trigger can include: none includes a broader one."""
    return len(trigger.months), len(trigger.weekdays), not trigger.years, len(trigger.years)


def _both(one: Recurring, other: Recurring) -> Recurring:
    weekdays = tuple(sorted({*one.weekdays, *other.weekdays}))
    words = one.words if other.words in one.words.split("; ") else f"{one.words}; {other.words}"
    return replace(one, weekdays=weekdays, words=words)


def _includes(outer: Recurring, inner: Recurring) -> bool:
    return (
        outer.minute == inner.minute
        and set(inner.weekdays) <= set(outer.weekdays)
        and set(inner.months) <= set(outer.months)
        and (not outer.years or (bool(inner.years) and set(inner.years) <= set(outer.years)))
    )


def _owner_words(boundary: Boundary, offset_min: int | None = None) -> str:
    """Return a boundary as its owner wrote it: `start 01:38 Europe/Paris (UTC+1)`."""
    at_midnight = boundary.word == "end" and boundary.minute % DAY_MIN == 0
    minute = DAY_MIN if at_midnight else boundary.minute % DAY_MIN
    named = "" if boundary.zone[0] in "+-" else f" {boundary.zone}"
    text = f"{boundary.word} {minute // 60:02}:{minute % 60:02}{named}"
    if offset_min is not None:
        sign, (hours, minutes) = "-" if offset_min < 0 else "+", divmod(abs(offset_min), 60)
        text = f"{text} (UTC{sign}{hours}{f':{minutes:02}' if minutes else ''})"
    if boundary.later_min:
        text = f"{text}, {abs(boundary.later_min)} min {'later' if boundary.later_min > 0 else 'earlier'}"
    return text
