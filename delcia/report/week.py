"""One week of a tariff: which band holds when, at what price, by the clock that its owner reads."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo
from typing import Any

from delcia.core.clock import DAY, begin_instant, zone
from delcia.core.intervals import Interval, clip
from delcia.core.model import Tariff
from delcia.core.tariffs import Priced, priced
from delcia.report.words import instant

SCHEMA = "delcia/tariff/1"
MARGIN = 8 * DAY
"""A band is followed so far beyond the week, to say when it really begins and ends."""


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days from `first`, a Monday, by the clock of `zone`; `pieces` follow one another without a gap.

    `runs` are the same pieces as long as they are, beyond the ends of the week.
    """

    tariff: Tariff
    zone: str
    first: date
    pieces: tuple[Priced, ...]
    runs: tuple[Priced, ...]

    @property
    def clock(self) -> tzinfo:
        """Return the zone by whose clock the week is told."""
        return zone(self.zone)


def week_of(tariff: Tariff, day: date, home_zone: str) -> Week:
    """Return the week of a tariff that holds a day; a meter without summer time is told by the clock of the home."""
    name = home_zone if tariff.zone[:1] in "+-" else tariff.zone
    first = day - timedelta(days=day.weekday())
    start, end = (begin_instant(date_, 0, zone(name)) for date_ in (first, first + 7 * DAY))
    runs = _joined(priced(tariff, start - MARGIN, end + MARGIN))
    pieces = []
    for run in runs:
        part = clip(run.interval, start, end)
        if part is not None:
            pieces.append(Priced(part, run.band, run.price_per_kwh))
    shown = tuple(run for run in runs if run.interval.start < end and run.interval.end > start)
    return Week(tariff, name, first, tuple(pieces), shown)


def data_of(week: Week) -> dict[str, Any]:
    """Return a week as JSON-able data (schema delcia/tariff/1)."""
    return {
        "schema": SCHEMA,
        "tariff": week.tariff.name,
        "timezone": week.zone,
        "currency": week.tariff.currency,
        "from": instant(week.pieces[0].interval.start),
        "to": instant(week.pieces[-1].interval.end),
        "segments": [
            {
                "starts_at": instant(piece.interval.start),
                "ends_at": instant(piece.interval.end),
                "band": piece.band,
                "price_per_kwh": f"{piece.price_per_kwh:f}",
            }
            for piece in week.pieces
        ],
    }


def _joined(pieces: Iterable[Priced]) -> tuple[Priced, ...]:
    """Return neighbours of the same band and price as one."""
    found: list[Priced] = []
    for piece in pieces:
        last = found[-1] if found else None
        if last and (last.band, last.price_per_kwh) == (piece.band, piece.price_per_kwh):
            found[-1] = Priced(Interval(last.interval.start, piece.interval.end), piece.band, piece.price_per_kwh)
        else:
            found.append(piece)
    return tuple(found)
