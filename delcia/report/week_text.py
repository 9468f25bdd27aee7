"""A week of a tariff drawn in a terminal: a row for each day, a letter for each half hour, and what they mean."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from string import ascii_letters, digits

from delcia.core.clock import DAY, begin_instant
from delcia.core.intervals import Interval, clip
from delcia.core.tariffs import Priced
from delcia.report.week import Week

CELL = timedelta(minutes=30)
CELLS = 48
INDENT = " " * 10
RULER = INDENT + "".join(f"{hour:<6}" for hour in range(0, 25, 3)).rstrip()
MOST_SPANS = 3
"""A band with more of them is told by the drawing alone."""
Paint = Callable[[str, int], str]
"""How to colour the text of a band; the number is the rank of its price, from 0, the cheapest, to 4."""
RANKS = 5


@dataclass(frozen=True, slots=True)
class _Key:
    """A letter and what it stands for: a band at a price, of this rank."""

    letter: str
    band: str
    price: Decimal
    rank: int


def text_of(week: Week, paint: Paint) -> str:
    """Return a week as text; `paint` colours the letters."""
    last = week.first + 6 * DAY
    meter = "" if week.zone == week.tariff.zone else f"; the meter's is {week.tariff.zone}"
    keys = _keys(week)
    lines = [f"{week.tariff.name}  {week.first} to {last}, by the clock of {week.zone}{meter}", RULER]
    for count in range(7):
        lines.extend(_rows(week, week.first + count * DAY, keys, paint))
    return "\n".join([*lines, *_legend(week, keys, paint)])


def _keys(week: Week) -> dict[tuple[str, Decimal], _Key]:
    """Return a letter for each band at each of its prices, the cheapest first."""
    known = sorted({(piece.price_per_kwh, piece.band) for piece in week.pieces})
    prices = sorted({price for price, _ in known})
    keys: dict[tuple[str, Decimal], _Key] = {}
    taken: set[str] = set()
    names = [band for _, band in known]
    for price, band in known:
        telling = sorted(filter(str.isalnum, band), key=lambda sign: sum(sign in name for name in names))
        letter = next((sign for sign in (*telling, *ascii_letters, *digits) if sign not in taken), "?")
        taken.add(letter)
        rank = prices.index(price) * (RANKS - 1) // max(1, len(prices) - 1)
        keys[band, price] = _Key(letter, band, price, rank)
    return keys


def _rows(week: Week, day: date, keys: dict[tuple[str, Decimal], _Key], paint: Paint) -> Iterator[str]:
    """Yield the row of a day, skipped hours left blank, and one for the hours that the clock shows again."""
    usual: list[_Key | None] = [None] * CELLS
    again: list[_Key | None] = [None] * CELLS
    at, end = begin_instant(day, 0, week.clock), begin_instant(day + DAY, 0, week.clock)
    while at < end:
        wall = at.astimezone(week.clock)
        row = again if wall.fold else usual
        row[(wall.hour * 60 + wall.minute) // 30] = _key_of(week, at, min(at + CELL, end), keys)
        at += CELL
    yield f"{day:%a %m-%d} " + _painted(usual, paint)
    if any(again):
        yield "    again " + _painted(again, paint)


def _key_of(week: Week, start: datetime, end: datetime, keys: dict[tuple[str, Decimal], _Key]) -> _Key | None:
    """Return what holds for the longest part of a cell."""
    lengths: dict[tuple[str, Decimal], timedelta] = {}
    for piece in week.pieces:
        part = clip(piece.interval, start, end)
        if part is not None:
            name = (piece.band, piece.price_per_kwh)
            lengths[name] = lengths.get(name, timedelta(0)) + (part.end - part.start)
    return keys[max(lengths, key=lambda name: lengths[name])] if lengths else None


def _painted(row: list[_Key | None], paint: Paint) -> str:
    """Return the letters of a row, neighbours of one band painted together."""
    text, start = "", 0
    while start < len(row):
        key, end = row[start], start + 1
        while end < len(row) and row[end] is key:
            end += 1
        text += " " * (end - start) if key is None else paint(key.letter * (end - start), key.rank)
        start = end
    return text.rstrip(" ")


def _legend(week: Week, keys: dict[tuple[str, Decimal], _Key], paint: Paint) -> Iterator[str]:
    width = max(len(key.band) for key in keys.values())
    prices = max(len(f"{key.price:f}") for key in keys.values())
    for key in keys.values():
        own = [piece.interval for piece in week.pieces if (piece.band, piece.price_per_kwh) == (key.band, key.price)]
        hours = sum((item.end - item.start for item in own), timedelta(0)) / timedelta(hours=1)
        spans = ", ".join(_spans(week, key))
        line = f"{key.band:<{width}}  {f'{key.price:f}':>{prices}} {week.tariff.currency}/kWh  {hours:5.1f} h  {spans}"
        yield f"  {paint(key.letter, key.rank)}  {line.rstrip()}"


def _spans(week: Week, key: _Key) -> list[str]:
    """Return from when to when a band holds in the week, each of the few times once; nothing when they are many."""
    runs = [run for run in week.runs if (run.band, run.price_per_kwh) == (key.band, key.price)]
    found = sorted({_span(week, run) for run in runs}, key=lambda span: (not span[0].isdigit(), span))
    return found if len(found) <= MOST_SPANS else []


def _span(week: Week, run: Priced) -> str:
    """Return `22:00-06:00`, with days when it is longer than one."""
    begin, end = (moment.astimezone(week.clock) for moment in (run.interval.start, run.interval.end))
    if run.interval.end - run.interval.start > DAY:
        whole = _is_cut(week, run.interval)
        return "always" if whole else f"{begin:%a %H:%M}-{end:%a %H:%M}"
    return f"{begin:%H:%M}-{end:%H:%M}".replace("-00:00", "-24:00")


def _is_cut(week: Week, run: Interval) -> bool:
    return run.start < week.pieces[0].interval.start and run.end > week.pieces[-1].interval.end
