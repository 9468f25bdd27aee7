"""A tariff laid over real time: which band holds at an instant, and what energy costs in an interval."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from delcia.core.clock import DAY, begin_instant, end_instant, local_date, zone
from delcia.core.days import matches
from delcia.core.guards import guarded
from delcia.core.intervals import Interval, clip, subtract, union
from delcia.core.model import DAY_MIN, Band, Guard, Tariff

Layer = Literal["bands", "surcharges"]
LAYERS: tuple[Layer, ...] = ("bands", "surcharges")
REACH = 3 * DAY
"""No piece of a band is longer."""


@dataclass(frozen=True, slots=True)
class Priced:
    """An interval in one band, at one price in the tariff's currency per kWh, surcharges included."""

    interval: Interval
    band: str
    price_per_kwh: Decimal


def priced(tariff: Tariff, start: datetime, end: datetime) -> tuple[Priced, ...]:
    """Return the bands between two instants, in order, without hole or overlap.

    Pieces are those of single days: two neighbours may have the same band. A surcharge splits a band.
    """
    found = tuple(_laid(tariff, "bands", start, end))
    if not tariff.surcharges:
        return found
    extras = tuple(_laid(tariff, "surcharges", start, end))
    return tuple(part for piece in found for part in _with_extras(piece, extras))


def band_windows(tariff: Tariff, names: tuple[str, ...], start: datetime, end: datetime) -> tuple[Interval, ...]:
    """Return the whole windows of these bands or surcharges that overlap a stretch of time, in order, never merged.

    They keep clear of the tariff's guard times.
    """
    margin = REACH if tariff.guard != Guard() else 0 * DAY
    windows = _windows_on(tariff, names, *_days(tariff, start - margin, end + margin))
    return tuple(item for item in windows if item.start < end and item.end > start)


def spans_of(tariff: Tariff, band: Band) -> tuple[tuple[int, int], ...]:
    """Return the spans of a band in minutes after midnight of the date on which the tariff's day begins."""
    if not band.spans:
        return ((tariff.day_starts_min, tariff.day_starts_min + DAY_MIN),)
    found = []
    for span in band.spans:
        shift = DAY_MIN if span.begins_min < tariff.day_starts_min else 0
        found.append((span.begins_min + shift, span.ends_min + shift))
    return tuple(found)


def _laid(tariff: Tariff, layer: Layer, start: datetime, end: datetime) -> Iterator[Priced]:
    """Yield the pieces of the bands of a layer between two instants, in order, without overlap."""
    cursor = start
    for piece in _pieces_on(tariff, layer, *_days(tariff, start, end)):
        if piece.interval.end <= cursor:
            continue
        if piece.interval.start >= end:
            break
        # A day that ends in a repeated hour overlaps the next one, which begins at the first pass.
        part = clip(piece.interval, cursor, end)
        if part is not None:
            yield Priced(part, piece.band, piece.price_per_kwh)
            cursor = part.end


def _with_extras(piece: Priced, extras: tuple[Priced, ...]) -> Iterator[Priced]:
    """Yield a piece of a band cut where the surcharge changes, each part at the whole price."""
    cursor = piece.interval.start
    for extra in extras:
        part = clip(extra.interval, cursor, piece.interval.end)
        if part is None:
            continue
        if part.start > cursor:
            yield Priced(Interval(cursor, part.start), piece.band, piece.price_per_kwh)
        yield Priced(part, piece.band, piece.price_per_kwh + extra.price_per_kwh)
        cursor = part.end
    if cursor < piece.interval.end:
        yield Priced(Interval(cursor, piece.interval.end), piece.band, piece.price_per_kwh)


def _days(tariff: Tariff, start: datetime, end: datetime) -> tuple[date, date]:
    """Return the first and the last day of a tariff of which a band may reach into a stretch of time."""
    tz = zone(tariff.zone)
    return local_date(start, tz) - (2 * DAY if tariff.day_starts_min else DAY), local_date(end, tz)


@lru_cache(maxsize=64)
def _windows_on(tariff: Tariff, names: tuple[str, ...], day: date, last: date) -> tuple[Interval, ...]:
    """Return the windows of some bands that begin on these days: whoever looks every minute finds the same."""
    pieces = (piece for layer in LAYERS for piece in _pieces_on(tariff, layer, day, last))
    return guarded(sorted(piece.interval for piece in pieces if piece.band in names), tariff.guard)


@lru_cache(maxsize=64)
def _pieces_on(tariff: Tariff, layer: Layer, day: date, last: date) -> tuple[Priced, ...]:
    """Return the pieces of the bands of a layer that begin on these days, in order."""
    pieces: list[Priced] = []
    while day <= last:
        pieces.extend(_pieces_of(tariff, layer, day))
        day += DAY
    return tuple(sorted(pieces, key=lambda piece: piece.interval.start))


@lru_cache(maxsize=4096)
def _pieces_of(tariff: Tariff, layer: Layer, day: date) -> tuple[Priced, ...]:
    """Return what each band that begins on a day of the tariff keeps beside the bands before it."""
    pieces: list[Priced] = []
    taken: tuple[Interval, ...] = ()
    for band in tariff.bands if layer == "bands" else tariff.surcharges:
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
    for begins_min, ends_min in spans_of(tariff, band):
        start, end = begin_instant(day, begins_min, tz), end_instant(day, ends_min, tz)
        if start < end:
            found.append(Interval(start, end))
    return union(found)
