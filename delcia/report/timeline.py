"""A stretch of time laid out for drawing: price bands, charging, the SoC, the hours, all in per cent of its length."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from delcia.core.clock import DAY, begin_instant, local_date, zone
from delcia.core.model import Plan, Site, tariff_of
from delcia.core.projection import Projection
from delcia.core.sessions import PastSession
from delcia.core.tariffs import priced

AHEAD = timedelta(hours=48)
WEEK = timedelta(days=7)
TICK_MIN = 360
LEVELS = 4
"""The shades in which prices are shown, from the least, 0, to the most."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a time line, in per cent of its length; `level` is its shade, `words` say what it is."""

    left: float
    width: float
    level: int
    words: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A point of a time line, with its label."""

    left: float
    label: str
    day: bool = False


@dataclass(frozen=True, slots=True)
class Timeline:
    """All that is drawn of a stretch of time. `points` are those of the SoC: per cent of the length, per cent."""

    bands: tuple[Piece, ...]
    charges: tuple[Piece, ...]
    ticks: tuple[Mark, ...]
    ready: tuple[Mark, ...]
    points: tuple[tuple[float, float], ...]
    legend: tuple[tuple[int, str], ...]


def ahead(site: Site, plan: Plan, found: Projection, now: datetime) -> Timeline:
    """Return the coming two days of a plan."""
    end, tz = now + AHEAD, zone(site.timezone)
    name = tariff_of(plan.when)
    bands: list[Piece] = []
    legend: dict[int, dict[str, None]] = {}
    if name is not None:
        tariff = site.tariffs[name]
        pieces = priced(tariff, now, end)
        prices = sorted({piece.price_per_kwh for piece in pieces})
        for piece in pieces:
            level = round(prices.index(piece.price_per_kwh) * (LEVELS - 1) / max(1, len(prices) - 1))
            words = f"{piece.band} {piece.price_per_kwh} {tariff.currency} per kWh"
            legend.setdefault(level, {})[words] = None
            left, width = _place(piece.interval.start, piece.interval.end, now, end)
            bands.append(Piece(left, width, level, words))
    return Timeline(
        bands=tuple(bands),
        charges=tuple(_charges(found, now, end, tz)),
        ticks=tuple(_ticks(now, end, tz, TICK_MIN)),
        ready=tuple(
            Mark(_place(at, at, now, end)[0], f"ready by {at.astimezone(tz):%H:%M}")
            for at in [found.deadline]
            if at is not None and now < at < end
        ),
        points=tuple(_points(found, now, end)),
        legend=tuple((level, word) for level, words in sorted(legend.items()) for word in words),
    )


def past(site: Site, sessions: Sequence[PastSession], now: datetime) -> Timeline:
    """Return the past week with its sessions."""
    start, tz = now - WEEK, zone(site.timezone)
    charges = []
    for item in sessions:
        if item.ended_at > start and item.began_at < now:
            left, width = _place(item.began_at, item.ended_at, start, now)
            begin, end = item.began_at.astimezone(tz), item.ended_at.astimezone(tz)
            charges.append(Piece(left, width, 0, f"{begin:%a %H:%M}–{end:%H:%M}"))
    return Timeline((), tuple(charges), tuple(_ticks(start, now, tz, 0)), (), (), ())


def _place(begin: datetime, end: datetime, start: datetime, stop: datetime) -> tuple[float, float]:
    """Return where a piece begins and how long it is, in per cent of the stretch from `start` to `stop`."""
    whole = stop - start
    left = max(0.0, (begin - start) / whole)
    right = min(1.0, (end - start) / whole)
    return round(100 * left, 3), round(100 * max(0.0, right - left), 3)


def _charges(found: Projection, now: datetime, end: datetime, tz: tzinfo) -> Iterator[Piece]:
    for item in found.segments:
        if item.start < end:
            left, width = _place(item.start, item.end, now, end)
            begin, stop = item.start.astimezone(tz), item.end.astimezone(tz)
            words = f"charging {begin:%a %H:%M}–{stop:%H:%M}, {item.energy_wall_kwh:.1f} kWh"
            yield Piece(left, width, 0, words)


def _points(found: Projection, now: datetime, end: datetime) -> Iterator[tuple[float, float]]:
    soc_pct = found.situation.soc_pct
    yield 0.0, round(soc_pct, 1)
    for item in found.segments:
        if item.start >= end:
            break
        yield _place(item.start, item.start, now, end)[0], round(soc_pct, 1)
        whole = (item.end - item.start) / (min(item.end, end) - item.start)
        soc_pct += (item.soc_pct - soc_pct) / whole
        yield round(100 * (min(item.end, end) - now) / (end - now), 3), round(soc_pct, 1)
    yield 100.0, round(soc_pct, 1)


def _ticks(start: datetime, end: datetime, tz: tzinfo, step_min: int) -> Iterator[Mark]:
    """Yield the hours at which the clock is looked at, or the midnights alone; days by their name."""
    day = local_date(start, tz)
    while day <= local_date(end, tz):
        for minute in range(0, 1440, step_min or 1440):
            at = begin_instant(day, minute, tz)
            if start < at < end:
                label = f"{day:%a}" if minute == 0 else f"{minute // 60:02}"
                yield Mark(_place(at, at, start, end)[0], label, day=minute == 0)
        day += DAY
