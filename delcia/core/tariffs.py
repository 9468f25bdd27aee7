"""A tariff laid over real time: which band holds at an instant, and what energy costs in an interval."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from delcia.core.clock import DAY, begin_instant, end_instant, local_date, zone
from delcia.core.days import matches
from delcia.core.intervals import Interval, clip, subtract, union
from delcia.core.model import DAY_MIN, Band, Span, Tariff

WHOLE_DAY = (Span(0, DAY_MIN),)


@dataclass(frozen=True, slots=True)
class Priced:
    """An interval in one band, at one price in the tariff's currency per kWh."""

    interval: Interval
    band: str
    price_per_kwh: Decimal


def priced(tariff: Tariff, start: datetime, end: datetime) -> tuple[Priced, ...]:
    """Return the bands between two instants, in order, without hole or overlap.

    Pieces are those of single days: two neighbours may have the same band.
    """
    found: list[Priced] = []
    cursor = start
    for piece in sorted(_pieces_between(tariff, start, end), key=lambda piece: piece.interval.start):
        # A day that ends in a repeated hour overlaps the next one, which begins at the first pass.
        part = clip(piece.interval, cursor, end)
        if part is not None:
            found.append(Priced(part, piece.band, piece.price_per_kwh))
            cursor = part.end
    return tuple(found)


def band_windows(tariff: Tariff, names: tuple[str, ...], start: datetime, end: datetime) -> tuple[Interval, ...]:
    """Return the whole windows of these bands that overlap a stretch of time, in order and never merged."""
    return tuple(
        sorted(
            piece.interval
            for piece in _pieces_between(tariff, start, end)
            if piece.band in names and piece.interval.start < end and piece.interval.end > start
        )
    )


def _pieces_between(tariff: Tariff, start: datetime, end: datetime) -> list[Priced]:
    tz = zone(tariff.zone)
    day, last = local_date(start, tz) - DAY, local_date(end, tz)
    pieces: list[Priced] = []
    while day <= last:
        pieces.extend(_pieces_of(tariff, day))
        day += DAY
    return pieces


@lru_cache(maxsize=4096)
def _pieces_of(tariff: Tariff, day: date) -> tuple[Priced, ...]:
    """Return what each band that begins on a day keeps beside the bands before it."""
    pieces: list[Priced] = []
    taken: tuple[Interval, ...] = ()
    for band in tariff.bands:
        own = _occurrences(tariff, band, day)
        pieces.extend(Priced(part, band.name, band.price_per_kwh) for item in own for part in subtract(item, taken))
        around = (*_occurrences(tariff, band, day - DAY), *own, *_occurrences(tariff, band, day + DAY))
        taken = union((*taken, *around))
    return tuple(pieces)


def _occurrences(tariff: Tariff, band: Band, day: date) -> tuple[Interval, ...]:
    tz = zone(tariff.zone)
    if not matches(band.days, day, tz):
        return ()
    found = []
    for span in band.spans or WHOLE_DAY:
        start, end = begin_instant(day, span.begins_min, tz), end_instant(day, span.ends_min, tz)
        if start < end:
            found.append(Interval(start, end))
    return union(found)
