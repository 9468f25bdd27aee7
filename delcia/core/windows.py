"""When a plan may charge: its windows as real intervals, each with the deadline it belongs to."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import assert_never

from delcia.core.clock import DAY, MINUTE, begin_instant, end_instant, local_date, zone
from delcia.core.days import matches
from delcia.core.intervals import Interval, clip
from delcia.core.model import InBands, InWindows, Once, Plan, Site, Span, StartAt
from delcia.core.tariffs import band_windows

MARGIN = timedelta(days=2)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAY_S = 86400
MOST_KNOWN = 64


@dataclass(frozen=True, slots=True)
class Window:
    """One window of a plan, half-open, in UTC; `deadline` is the first `ready_by` after its beginning."""

    start: datetime
    end: datetime
    deadline: datetime | None


def windows_of(site: Site, plan: Plan, start: datetime, end: datetime) -> tuple[Window, ...]:
    """Return the windows of a plan that overlap a stretch of time, in order of their beginning."""
    first, last = (int(instant.timestamp()) // DAY_S for instant in (start, end))
    key = (id(site), id(plan), first, last)
    known = _KNOWN.get(key)
    if known is None:
        if len(_KNOWN) >= MOST_KNOWN:
            _KNOWN.clear()
        found = _windows_on(site, plan, EPOCH + first * DAY, EPOCH + (last + 1) * DAY)
        known = _KNOWN[key] = (site, plan, found)
    return tuple([window for window in known[2] if window.start < end and window.end > start])


_KNOWN: dict[tuple[int, int, int, int], tuple[Site, Plan, tuple[Window, ...]]] = {}
"""The windows of whole days: whoever looks every minute finds the same. What they are known by is kept with them, so
that nothing else can have its identity."""


def powered(site: Site, plan: Plan, span: Interval) -> tuple[Interval, ...]:
    """Return the parts of a stretch of time in which the charger of a plan has power, in order, never merged."""
    charger = site.chargers.get(plan.charger)
    if charger is None or charger.supply is None:
        return (span,)
    tariff = site.tariffs[charger.supply.tariff]
    pieces = band_windows(tariff, charger.supply.bands, span.start, span.end)
    parts = (clip(piece, span.start, span.end) for piece in pieces)
    return tuple(part for part in parts if part is not None)


def power_edges(site: Site, vehicle: str, start: datetime, end: datetime) -> tuple[datetime, ...]:
    """Return when, in [start, end], a charger of a vehicle's plans is given power: a car there goes on by itself."""
    edges: set[datetime] = set()
    for plan in site.plans_of(vehicle):
        charger = site.chargers.get(plan.charger)
        if charger is not None and charger.supply is not None:
            pieces = band_windows(site.tariffs[charger.supply.tariff], charger.supply.bands, start, end + MINUTE)
            edges |= {piece.start for piece in pieces if start <= piece.start <= end}
    return tuple(sorted(edges))


def _windows_on(site: Site, plan: Plan, start: datetime, end: datetime) -> tuple[Window, ...]:
    tz = zone(site.timezone)
    found = []
    for item in _spans(site, plan, tz, start, end):
        if item.start >= end or item.end <= start:
            continue
        deadline = _deadline(plan, item.start, tz)
        if matches(plan.days, local_date(deadline or item.start, tz), tz):
            found.extend(_supplied(site, plan, Window(item.start, item.end, deadline), start, end))
    return tuple(sorted(found, key=lambda window: (window.start, window.end)))


def _supplied(site: Site, plan: Plan, window: Window, start: datetime, end: datetime) -> list[Window]:
    """Return the parts of a window, in a stretch of time, in which the charger has power."""
    parts = powered(site, plan, Interval(window.start, window.end))
    found = [Window(part.start, part.end, window.deadline) for part in parts]
    return [part for part in found if part.start < end and part.end > start]


def _spans(site: Site, plan: Plan, tz: tzinfo, start: datetime, end: datetime) -> list[Interval]:
    match plan.when:
        case InBands(tariff, bands):
            return list(band_windows(site.tariffs[tariff], bands, start, end))
        case InWindows(spans):
            return _recurring(spans, tz, start, end)
        case StartAt() as when:
            days = _recurring((when.span,), tz, start, end)
            return [Interval(day.start, min(day.end, _deadline(plan, day.start, tz) or day.end)) for day in days]
        case Once(begins, ends):
            return _once(plan, begins, ends, tz)
        case _ as never:
            assert_never(never)


def _once(plan: Plan, begins: datetime, ends: datetime | None, tz: tzinfo) -> list[Interval]:
    start = begin_instant(begins.date(), begins.hour * 60 + begins.minute, tz)
    if ends is not None:
        end = end_instant(ends.date(), ends.hour * 60 + ends.minute, tz)
    else:
        end = _deadline(plan, start, tz) or start + DAY
    return [Interval(start, end)] if start < end else []


def _recurring(spans: tuple[Span, ...], tz: tzinfo, start: datetime, end: datetime) -> list[Interval]:
    found: list[Interval] = []
    day, last = local_date(start - MARGIN, tz), local_date(end, tz)
    while day <= last:
        found.extend(_beginning_on(day, spans, tz))
        day += DAY
    return found


@lru_cache(maxsize=4096)
def _beginning_on(day: date, spans: tuple[Span, ...], tz: tzinfo) -> tuple[Interval, ...]:
    found = ((begin_instant(day, span.begins_min, tz), end_instant(day, span.ends_min, tz)) for span in spans)
    return tuple(Interval(begin, stop) for begin, stop in found if begin < stop)


def _deadline(plan: Plan, begin: datetime, tz: tzinfo) -> datetime | None:
    if isinstance(plan.when, Once) and plan.when.by_end and plan.when.ends is not None:
        return end_instant(plan.when.ends.date(), plan.when.ends.hour * 60 + plan.when.ends.minute, tz)
    return None if plan.ready_by_min is None else _first_after(begin, plan.ready_by_min, tz)


@lru_cache(maxsize=4096)
def _first_after(begin: datetime, minute: int, tz: tzinfo) -> datetime:
    """Return the first instant after another at which the clock shows a time of day."""
    day = local_date(begin, tz) - DAY
    while (ready := begin_instant(day, minute, tz)) <= begin:
        day += DAY
    return ready
