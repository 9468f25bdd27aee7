"""Bands that can never hold: no day has them, or those before them take all of their hours."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import chain

from delcia.config.findings import Findings
from delcia.config.nodes import Mapping
from delcia.config.tariffs import written_bands
from delcia.core.clock import zone
from delcia.core.days import last_date, matches
from delcia.core.model import DAY_MIN, Band, Days, Tariff
from delcia.core.tariffs import spans_of

YEARS = 4
"""Every day of a year comes within so many years; a band that begins later is not judged."""
_Minutes = tuple[int, int]


def check_bands(tariff: Tariff, node: Mapping, now: datetime, findings: Findings) -> None:
    """Warn of each band and surcharge that can hold at no instant.

    Bands of the past are history and not judged, nor is the last band, which must be there for what others leave.
    """
    for key, layer in (("bands", tariff.bands), ("surcharges", tariff.surcharges)):
        unseen = _unseen(tariff, layer, now.date())
        unseen.discard(len(tariff.bands) - 1 if key == "bands" else -1)
        for index, written in enumerate(written_bands(node, key)):
            if index in unseen:
                what = "this band" if key == "bands" else "this surcharge"
                message = f"{what} can never hold: no day has it, or those before it take all of its hours"
                hint = "move it up, give it other hours or days, or remove it"
                findings.warning(written.place, "band-never", message, hint)


def _unseen(tariff: Tariff, layer: Sequence[Band], today: date) -> set[int]:
    """Return which bands of a layer hold on none of the days to come."""
    unseen = {index for index, band in enumerate(layer) if _is_judged(band.days, today)}
    done: set[tuple[tuple[bool, ...], ...]] = set()
    for day in _days(layer, today):
        if not unseen:
            break
        around = tuple(_pattern(tariff, layer, day + timedelta(days=shift)) for shift in (-1, 0, 1))
        if around not in done:
            done.add(around)
            unseen -= {index for index in unseen if _shows(tariff, layer, index, around)}
    return unseen


def _is_judged(days: Days, today: date) -> bool:
    last = last_date(days)
    begins = days.between[0] if days.between else today
    return (last is None or last >= today or last == date.min) and begins.year < today.year + YEARS


def _days(layer: Sequence[Band], today: date) -> Iterator[date]:
    """Yield dates among which every band has one, if it has any: first those of a week, mostly enough."""
    named = (day for band in layer for day in band.days.included if day > date.min)
    begins = (band.days.between[0] for band in layer if band.days.between and band.days.between[0] > date.min)
    coming = (today + timedelta(days=count) for count in range(YEARS * 366))
    return chain(coming, named, begins)


def _pattern(tariff: Tariff, layer: Sequence[Band], day: date) -> tuple[bool, ...]:
    return tuple(matches(band.days, day, zone(tariff.zone)) for band in layer)


def _shows(tariff: Tariff, layer: Sequence[Band], index: int, around: tuple[tuple[bool, ...], ...]) -> bool:
    """Return whether a band keeps a minute of a day beside those before it; clock changes left aside."""
    if not around[1][index]:
        return False
    taken = sorted(
        (begin + shift, end + shift)
        for pattern, shift in zip(around, (-DAY_MIN, 0, DAY_MIN), strict=True)
        for band, holds in zip(layer[:index], pattern, strict=False)
        if holds
        for begin, end in spans_of(tariff, band)
    )
    return any(_is_left(own, taken) for own in spans_of(tariff, layer[index]))


def _is_left(own: _Minutes, taken: Sequence[_Minutes]) -> bool:
    begin, end = own
    for first, last in taken:
        if first > begin:
            break
        begin = max(begin, last)
    return begin < end
