"""Where the windows of a plan can begin and end, as wall times: what its triggers must hit."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import assert_never

from delcia.core.clock import MINUTE
from delcia.core.model import (
    DAY_MIN,
    Band,
    Days,
    Guard,
    InBands,
    InWindows,
    Once,
    Plan,
    Site,
    Span,
    StartAt,
    Tariff,
)
from delcia.core.offsets import offsets_of, skips_of
from delcia.core.tariffs import spans_of


@dataclass(frozen=True, slots=True)
class Boundary:
    """A wall time, in minutes after midnight of the days named by `days`, in a zone.

    Days after midnight: the window that begins or ends here is judged by the plan's days as many days
    later as `judged` says, both ends included; None means that the plan's days do not matter. It is
    `later_min` real minutes later, or earlier, than the wall time.
    """

    word: str
    minute: int
    zone: str
    days: Days
    judged: tuple[int, int] | None = None
    later_min: int = 0


def boundaries_of(site: Site, plan: Plan, first_year: int, last_year: int) -> tuple[Boundary, ...]:
    """Return all wall times at which a window of a plan may begin or end, and its `ready_by`; maybe a few more.

    A plan for one date only has none: its windows are instants.
    """
    years = (first_year, last_year)
    found = _of_windows(site, plan, years)
    if found and plan.ready_by_min is not None:
        return (*found, Boundary("ready by", plan.ready_by_min, site.timezone, plan.days))
    return tuple(found)


def _of_windows(site: Site, plan: Plan, years: tuple[int, int]) -> list[Boundary]:
    match plan.when:
        case InBands(tariff, names):
            return _of_bands(site, plan, tariff, names, years)
        case InWindows(spans):
            return _of_spans(site, plan, spans, years)
        case StartAt() as when:
            return _of_spans(site, plan, (when.span,), years)
        case Once():
            return []
        case _ as never:
            assert_never(never)


def _of_spans(site: Site, plan: Plan, spans: tuple[Span, ...], years: tuple[int, int]) -> list[Boundary]:
    found = []
    for span in spans:
        judged = _judged(site, plan, site.timezone, (span.begins_min, span.begins_min), years)
        found.append(Boundary("start", span.begins_min, site.timezone, Days(), judged))
        found.append(Boundary("end", span.ends_min, site.timezone, Days(), judged))
    return found


def _of_bands(site: Site, plan: Plan, name: str, names: tuple[str, ...], years: tuple[int, int]) -> list[Boundary]:
    """Return the boundaries of the wanted bands and of the bands before them, which cut pieces out of them."""
    tariff = site.tariffs[name]
    found: list[Boundary] = []
    for layer in (tariff.bands, tariff.surcharges):
        last = max((index for index, band in enumerate(layer) if band.name in names), default=-1)
        for index, band in enumerate(layer[: last + 1]):
            role = _Role(band.name in names, index, last, _neighbours(tariff, layer, names, wanted=band.name in names))
            found += _of_band(site, plan, tariff, band, role, years)
    return found


@dataclass(frozen=True, slots=True)
class _Role:
    """What a band is to a plan: wanted or not, and its place among those up to the last wanted one.

    At the ends of the band a window may touch others in `neighbours`: spans of the tariff's day.
    """

    wanted: bool
    index: int
    last: int
    neighbours: tuple[tuple[int, int], ...]

    @property
    def cuts(self) -> bool:
        """Return whether a wanted band comes after it."""
        return self.index < self.last

    @property
    def may_be_cut(self) -> bool:
        """Return whether any band comes before it."""
        return self.index > 0


def _neighbours(
    tariff: Tariff, layer: tuple[Band, ...], names: tuple[str, ...], *, wanted: bool
) -> tuple[tuple[int, int], ...]:
    """Return the spans whose windows may go on where one band of a layer begins or ends: the guard spares them.

    A band that is not wanted cuts its own layer, and leaves the other one whole.
    """
    if tariff.guard == Guard():
        return ()
    layers = [one for one in (tariff.bands, tariff.surcharges) if wanted or one is not layer]
    return tuple(span for one in layers for band in one if band.name in names for span in spans_of(tariff, band))


def _of_band(
    site: Site, plan: Plan, tariff: Tariff, band: Band, role: _Role, years: tuple[int, int]
) -> Iterator[Boundary]:
    """Yield the boundaries of a band; where a band that is not wanted begins, a window ends.

    A window begins with its band, or with what a cut leaves of it, and keeps clear of the tariff's guard times.
    """
    words = ("start", "end") if role.wanted else ("end", "start")
    guard, skipped_min = tariff.guard, _skipped_min(tariff.zone, years)
    shifts = {"start": guard.start_min, "end": -guard.end_min}
    for (begin, end), first in _chained(spans_of(tariff, band), skipped_min):
        inner = [_is_inner(minute, (begin, end), role.neighbours, skipped_min) for minute in (begin, end)]
        before = begin - DAY_MIN if role.cuts or any(inner) else begin
        after = end if role.cuts or role.may_be_cut else begin
        low = first - DAY_MIN if any(inner) else first if role.wanted else end
        opens = _judged(site, plan, tariff.zone, (before, begin + guard.start_min), years)
        closes = _judged(site, plan, tariff.zone, (low, after + guard.start_min), years)
        for word, minute, judged, touches in zip(words, (begin, end), (opens, closes), inner, strict=True):
            for later_min in sorted({shifts[word], 0} if touches else {shifts[word]}):
                yield Boundary(word, minute, tariff.zone, band.days, judged, later_min)


def _is_inner(minute: int, own: tuple[int, int], spans: tuple[tuple[int, int], ...], skipped_min: int) -> bool:
    """Return whether a span of any day may hold, or touch, a minute at which another one begins or ends."""
    return any(
        begin + shift - skipped_min <= minute <= end + shift + skipped_min
        for begin, end in spans
        for shift in (-2 * DAY_MIN, -DAY_MIN, 0, DAY_MIN, 2 * DAY_MIN)
        if (begin, end, shift) != (*own, 0)
    )


def _chained(spans: tuple[tuple[int, int], ...], skipped_min: int) -> Iterator[tuple[tuple[int, int], int]]:
    """Yield each span with the earliest minute at which a window that ends with it may begin.

    Spans of one band that touch are one window; on the night of a skipped hour those that lie as near do.
    """
    first, end = 0, -DAY_MIN
    for span in sorted(spans):
        if span[0] > end + skipped_min:
            first = span[0]
        end = max(end, span[1])
        yield span, first


def _skipped_min(zone_name: str, years: tuple[int, int]) -> int:
    """Return how many minutes the clock of a zone skips at most, 0 when it never does."""
    offsets = offsets_of(zone_name, *years)
    return offsets[-1].minutes - offsets[0].minutes


def _delay_min(zone_name: str, minute: int, years: tuple[int, int]) -> int:
    """Return how many minutes later than written this minute of the day happens at most, because the clock skips it."""
    delays = [0]
    for skip in skips_of(zone_name, *years):
        length_min = (skip.ends - skip.begins) // MINUTE
        into = (minute - skip.begins.hour * 60 - skip.begins.minute) % DAY_MIN
        if into < length_min:
            delays.append(length_min - into)
    return max(delays)


def _judged(
    site: Site, plan: Plan, zone_name: str, begins: tuple[int, int], years: tuple[int, int]
) -> tuple[int, int] | None:
    """Return how many days after the day of the boundary lies the day by which the plan's days judge its window.

    `begins` are the minutes, in the boundary's zone, between which the window begins. It is judged on the
    site's date of that, or of the first `ready_by` after it.
    """
    if plan.days == Days():
        return None
    own, home = offsets_of(zone_name, *years), offsets_of(site.timezone, *years)
    low, high = begins
    if zone_name != site.timezone:
        low += home[0].minutes - own[-1].minutes
        high += home[-1].minutes - own[0].minutes
    if plan.ready_by_min is None:
        return low // DAY_MIN, (high + _delay_min(zone_name, begins[1], years)) // DAY_MIN
    # In the hour that the clock skips a beginning and the `ready_by` after it are one instant: the next one counts.
    skipped = _skipped_min(site.timezone, years)
    return (low - plan.ready_by_min) // DAY_MIN + 1, (high + skipped - plan.ready_by_min) // DAY_MIN + 1
