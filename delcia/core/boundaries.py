"""Where the windows of a plan can begin and end, as wall times: what its triggers must hit."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import assert_never

from delcia.core.clock import MINUTE
from delcia.core.model import DAY_MIN, Band, Days, InBands, InWindows, Once, Plan, Site, Span, StartAt
from delcia.core.offsets import offsets_of, skips_of
from delcia.core.tariffs import WHOLE_DAY


@dataclass(frozen=True, slots=True)
class Boundary:
    """A wall time, in minutes after midnight of the days named by `days`, in a zone.

    Days after midnight: the window that begins or ends here is judged by the plan's days as many days
    later as `judged` says, both ends included; None means that the plan's days do not matter.
    """

    word: str
    minute: int
    zone: str
    days: Days
    judged: tuple[int, int] | None = None


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
        case StartAt(begins_min):
            start, end = _of_spans(site, plan, (Span(begins_min, begins_min + DAY_MIN),), years)
            return [start, end] if plan.ready_by_min is None else [start]
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


def _of_bands(site: Site, plan: Plan, tariff: str, names: tuple[str, ...], years: tuple[int, int]) -> list[Boundary]:
    """Return the boundaries of the wanted bands and of the bands before them, which cut pieces out of them."""
    bands = site.tariffs[tariff].bands
    last = max(index for index, band in enumerate(bands) if band.name in names)
    return [
        boundary
        for index, band in enumerate(bands[: last + 1])
        for boundary in _of_band(
            site, plan, site.tariffs[tariff].zone, band, _Role(band.name in names, index, last), years
        )
    ]


@dataclass(frozen=True, slots=True)
class _Role:
    """What a band is to a plan: wanted or not, and its place among those up to the last wanted one."""

    wanted: bool
    index: int
    last: int

    @property
    def cuts(self) -> bool:
        """Return whether a wanted band comes after it."""
        return self.index < self.last

    @property
    def may_be_cut(self) -> bool:
        """Return whether any band comes before it."""
        return self.index > 0


def _of_band(site: Site, plan: Plan, zone_name: str, band: Band, role: _Role, years: tuple[int, int]) -> list[Boundary]:
    """Return the boundaries of a band; where a band that is not wanted begins, a window ends.

    A window begins with its band, or with what a cut leaves of it.
    """
    found = []
    words = ("start", "end") if role.wanted else ("end", "start")
    for span, first in _chained(band.spans or WHOLE_DAY, _skipped_min(zone_name, years)):
        begin, end = span.begins_min, span.ends_min
        before = begin - DAY_MIN if role.cuts else begin
        after = end if role.cuts or role.may_be_cut else begin
        opens = _judged(site, plan, zone_name, (before, begin), years)
        closes = _judged(site, plan, zone_name, (first if role.wanted else end, after), years)
        found.append(Boundary(words[0], begin, zone_name, band.days, opens))
        found.append(Boundary(words[1], end, zone_name, band.days, closes))
    return found


def _chained(spans: tuple[Span, ...], skipped_min: int) -> Iterator[tuple[Span, int]]:
    """Yield each span with the earliest minute at which a window that ends with it may begin.

    Spans of one band that touch are one window; on the night of a skipped hour those that lie as near do.
    """
    first, end = 0, -DAY_MIN
    for span in sorted(spans, key=lambda span: (span.begins_min, span.ends_min)):
        if span.begins_min > end + skipped_min:
            first = span.begins_min
        end = max(end, span.ends_min)
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
