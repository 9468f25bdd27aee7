"""Times that the clock skips within the coming year: said beforehand, with what delcia will use instead."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from delcia.config.findings import Findings
from delcia.config.horizon import clock_changes
from delcia.config.nodes import Mapping, Scalar
from delcia.config.quantities import clock_text, minute_of_day
from delcia.config.reading import scalar, scalars
from delcia.config.tariffs import written_bands
from delcia.core.clock import Gap, local_date, resolve, zone
from delcia.core.days import matches
from delcia.core.model import DAY_MIN, Days, Once, Plan, Site, Tariff

_STEP_MIN = 5


@dataclass(frozen=True, slots=True)
class Skipped:
    """The minutes of a day that the clock skips, half-open, and the time that it shows afterwards."""

    day: date
    first_min: int
    end_min: int


def check_tariff_times(tariff: Tariff, node: Mapping, now: datetime, findings: Findings) -> None:
    """Warn of the hours of bands that a clock change skips."""
    for key, layer in (("bands", tariff.bands), ("surcharges", tariff.surcharges)):
        for band, written in zip(layer, written_bands(node, key), strict=True):
            for item in scalars(written, "hours", findings) or ():
                is_next_date = minute_of_day(item.text[:5]) < tariff.day_starts_min
                _check_span(item, tariff.zone, band.days, now, findings, later=int(is_next_date))


def check_plan_times(site: Site, plan: Plan, node: Mapping, now: datetime, findings: Findings) -> None:
    """Warn of the times of a plan that a clock change skips."""
    when = node.get("when")
    if not isinstance(when, Mapping):
        return
    if isinstance(plan.when, Once):
        for key in ("once", "until"):
            _check_once(scalar(when, key, findings), plan.when, site.timezone, findings)
    for item in scalars(when, "windows", findings) or ():
        _check_span(item, site.timezone, plan.days, now, findings)
    for single in (scalar(when, "start_at", findings), scalar(node, "ready_by", findings)):
        if single is not None:
            _check_minute(single, minute_of_day(single.text), site.timezone, plan.days, now, findings)


def _check_span(item: Scalar, name: str, days: Days, now: datetime, findings: Findings, later: int = 0) -> None:
    """Warn of a span that begins so many days later than the days it belongs to."""
    begins, ends = (minute_of_day(text) for text in item.text.split("-"))
    earlier = timedelta(days=later)
    _check_minute(item, begins, name, days, now, findings, earlier=earlier)
    _check_minute(item, ends, name, days, now, findings, earlier=earlier, is_end=True)


def _check_minute(
    item: Scalar,
    minute: int,
    name: str,
    days: Days,
    now: datetime,
    findings: Findings,
    *,
    earlier: timedelta = timedelta(0),
    is_end: bool = False,
) -> None:
    """Warn when a time is skipped on a day that matters.

    An end at the very beginning of a gap loses nothing: 02:00 is the same instant as 03:00 then.
    """
    tz = zone(name)
    for gap in skipped(name, local_date(now, tz)):
        # A span may have begun on the day before.
        concerned = any(matches(days, gap.day - earlier - timedelta(days=back), tz) for back in (0, 1))
        hidden = gap.first_min < minute if is_end else gap.first_min <= minute
        if concerned and hidden and minute < gap.end_min:
            _warn(item, minute, gap, name, findings)


def _check_once(item: Scalar | None, once: Once, name: str, findings: Findings) -> None:
    """Warn of one end of a window that happens once; `item` is how it was written."""
    for moment in (once.begins, once.ends):
        if item is None or moment is None or f"{moment:%H:%M}" != item.text[-5:]:
            continue
        minute = moment.hour * 60 + moment.minute
        for gap in skipped(name, moment.date() - timedelta(days=1)):
            if gap.day == moment.date() and gap.first_min <= minute < gap.end_min:
                _warn(item, minute, gap, name, findings)


def _warn(item: Scalar, minute: int, gap: Skipped, name: str, findings: Findings) -> None:
    message = f"{clock_text(minute)} does not exist on {gap.day} in {name}"
    hint = f"delcia uses {clock_text(gap.end_min % DAY_MIN)} that night"
    findings.warning(item.place, "dst-gap", message, hint)


@lru_cache(maxsize=64)
def skipped(name: str, first: date) -> tuple[Skipped, ...]:
    """Return what the clock of a zone skips in the year from a date."""
    return tuple(_gaps(name, first))


def _gaps(name: str, first: date) -> Iterator[Skipped]:
    tz = zone(name)
    for day in clock_changes(name, first):
        hidden = [m for m in range(0, DAY_MIN, _STEP_MIN) if isinstance(resolve(day, m, tz), Gap)]
        if hidden:
            yield Skipped(day, hidden[0], hidden[-1] + _STEP_MIN)
