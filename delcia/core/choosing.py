"""Which of the time on offer to use when not all of it is needed: the best ranks, the latest, in few pieces.

Time is in minutes from an instant of the caller's. The choice is the same at any later instant before its first run,
and goes on as it was once that run has begun, so that planning anew at every look does not change one's mind.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

SHORTEST_MIN = 15.0
"""No run of charging is planned that is shorter, unless less is needed in all."""
TINY_MIN = 1e-6
MENDINGS = 3
"""How many runs that are too short are done away with, one after the other."""

Rank = tuple[int, Decimal]
"""Outside of the windows (1) or not (0), then the price: the least is used first."""
Run = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Offer:
    """Minutes on offer, half-open, all of one rank."""

    start: float
    end: float
    rank: Rank

    @property
    def minutes(self) -> float:
        """Return its length."""
        return self.end - self.start


def choose(offers: Sequence[Offer], need: float, *, reserve: float = 0.0, since: float | None = None) -> list[Run]:
    """Return the minutes to use, in order; offers are sorted and do not overlap. All of them where that is too little.

    First of all the best ranks; among equals the latest beginning, with `reserve` minutes left free for a car that
    takes longer; then the fewest runs. A charge that runs `since` a minute not after 0 goes on where that is as good.
    """
    merged = _merged(offers)
    taken = [(since, 0.0)] if since is not None and merged and merged[0].start <= TINY_MIN else []
    runs = _mended(merged, need, _best(merged, need, reserve, taken), reserve, taken, MENDINGS)
    return [(max(start, 0.0), end) for start, end in runs if end > TINY_MIN]


def rank_sum(offers: Sequence[Offer], runs: Iterable[Run]) -> tuple[float, Decimal]:
    """Return what runs come to: minutes outside, and minutes times price."""
    outside, cost = 0.0, Decimal(0)
    for start, end in runs:
        for offer in offers:
            minutes = min(end, offer.end) - max(start, offer.start)
            if minutes > 0:
                outside += minutes * offer.rank[0]
                cost += Decimal(repr(minutes)) * offer.rank[1]
    return round(outside, 6), round(cost, 9)


def joined(runs: Iterable[Run]) -> list[Run]:
    """Return runs in order, those that touch made one."""
    found: list[Run] = []
    for start, end in sorted(runs):
        if found and start <= found[-1][1] + TINY_MIN:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def _merged(offers: Sequence[Offer]) -> list[Offer]:
    found: list[Offer] = []
    for offer in offers:
        if found and found[-1].rank == offer.rank and offer.start <= found[-1].end + TINY_MIN:
            found[-1] = Offer(found[-1].start, offer.end, offer.rank)
        else:
            found.append(offer)
    return found


def _best(offers: Sequence[Offer], need: float, reserve: float, taken: Sequence[Run]) -> list[Run]:
    """Return the best runs with those `taken` in any case, which are not on offer any more."""
    chosen, left = list(taken), need
    for _, tier in groupby(sorted(offers, key=lambda offer: (offer.rank, offer.start)), key=lambda offer: offer.rank):
        same = [(offer.start, offer.end) for offer in tier]
        whole = _sum(same)
        if whole > left + TINY_MIN:
            chosen += _part(same, left, reserve, joined(chosen))
            break
        chosen += same
        left -= whole
        if left <= TINY_MIN:
            break
    return [run for run in joined(chosen) if run[1] > run[0]]


def _part(same: list[Run], need: float, reserve: float, chosen: list[Run]) -> list[Run]:
    """Return some of the offers of one rank, more than enough, beside what was chosen before."""
    if not chosen:
        spare = min(reserve, _sum(same) - need)
        return _head(_tail(same, need + spare), need)
    first = chosen[0][0]
    after = [(max(start, first), end) for start, end in same if end > first]
    room = _sum(after)
    if room >= need - TINY_MIN:
        return _beside(after, need, reserve, chosen)
    before, left = [(start, min(end, first)) for start, end in same if start < first], need - room
    # What goes over into the first of them leaves nothing free in between.
    spare = 0.0 if _near(first, [end for _, end in before]) else min(reserve, _sum(before) - left)
    # Of what is left free as much as can be is later: a charge that has begun goes on to the end of its offer.
    later = min(spare, room - _sum(_bridges(after, chosen)))
    return [*_head(_tail(before, left + spare), left + later), *_beside(after, room - later, reserve, chosen)]


def _beside(same: list[Run], need: float, reserve: float, anchors: list[Run]) -> list[Run]:
    """Return offers of one rank so that there are few runs: between others, then beside them, then the latest."""
    begins, ends = [start for start, _ in anchors], [end for _, end in anchors]
    found: list[Run] = []
    left = need
    for run in _bridges(same, anchors):
        if run[1] - run[0] <= left + TINY_MIN:
            found.append(run)
            left -= run[1] - run[0]
    rest = [run for run in same if run not in found]
    for start, end in [run for run in rest if _near(run[0], ends)]:
        found.append((start, start + min(left, end - start)))
        left -= min(left, end - start)
    for start, end in [run for run in rest if _near(run[1], begins) and not _near(run[0], ends)]:
        found.append((end - min(left, end - start), end))
        left -= min(left, end - start)
    free = [run for run in rest if not _near(run[0], ends) and not _near(run[1], begins)]
    while left > TINY_MIN and free:
        wide = [run for run in free if run[1] - run[0] >= left - TINY_MIN]
        start, end = max(wide) if wide else max(free, key=lambda run: (run[1] - run[0], run))
        take = min(left, end - start)
        begin = end - take - min(reserve, end - start - take)
        found.append((begin, begin + take))
        left -= take
        free.remove((start, end))
    return found


def _bridges(same: list[Run], anchors: list[Run]) -> list[Run]:
    """Return the offers that fill all of the time between two anchors."""
    begins, ends = [start for start, _ in anchors], [end for _, end in anchors]
    return [run for run in same if _near(run[0], ends) and _near(run[1], begins)]


def _mended(
    offers: Sequence[Offer], need: float, runs: list[Run], reserve: float, taken: list[Run], mendings: int
) -> list[Run]:
    """Return runs none of which is too short: the short one made longer, or done without, whichever is better."""
    shortest = min(SHORTEST_MIN, need + _sum(taken))
    short = [run for run in runs if run[1] - run[0] < shortest - TINY_MIN]
    if not short or mendings == 0 or _sum((o.start, o.end) for o in offers) <= need + TINY_MIN:
        return runs
    found = [runs]
    for run in short:
        for without in _without(offers, run):
            if _sum((offer.start, offer.end) for offer in without) >= need - TINY_MIN:
                other = _best(without, need, reserve, taken)
                found.append(_mended(without, need, other, reserve, taken, mendings - 1))
        for longer in sorted(_longer([*taken, *((o.start, o.end) for o in offers)], run, shortest)):
            extra = _sum([longer]) - sum(_overlap(longer, one) for one in taken)
            if extra <= need + TINY_MIN:
                rest = [part for offer in offers for part in _outside(offer, longer)]
                left, held = max(0.0, need - extra), joined([longer, *taken])
                found.append(_mended(rest, left, _best(rest, left, reserve, held), reserve, held, mendings - 1))
    return min(
        found,
        key=lambda made: (
            _shorts(made, shortest),
            rank_sum(offers, made),
            _missing(offers, need, made, reserve),
            -made[0][0],
            len(made),
        ),
    )


def _missing(offers: Sequence[Offer], need: float, runs: list[Run], reserve: float) -> float:
    """Return how many minutes of the reserve are not left from the beginning of the first run on."""
    room = sum(max(0.0, offer.end - max(offer.start, runs[0][0])) for offer in offers)
    return max(0.0, round(need + reserve - room, 6))


def _shorts(runs: list[Run], shortest: float) -> int:
    return sum(end - start < shortest - TINY_MIN for start, end in runs)


def _longer(spans: list[Run], run: Run, minutes: float) -> set[Run]:
    """Return runs of so many minutes round a shorter one, within some spans: stretched to later, and to earlier."""
    whole = next(span for span in joined(spans) if span[0] <= run[0] + TINY_MIN < span[1])
    if whole[1] - whole[0] < minutes - TINY_MIN:
        return set()
    end, start = min(whole[1], run[0] + minutes), max(whole[0], run[1] - minutes)
    return {(max(whole[0], end - minutes), end), (start, start + minutes)}


def _overlap(one: Run, other: Run) -> float:
    return max(0.0, min(one[1], other[1]) - max(one[0], other[0]))


def _without(offers: Sequence[Offer], run: Run) -> list[list[Offer]]:
    """Return the offers without those that a run uses up, and without all that it uses in part."""
    beside = [offer for offer in offers if offer.end <= run[0] + TINY_MIN or offer.start >= run[1] - TINY_MIN]
    whole = [o for o in offers if o.start < run[0] - TINY_MIN or o.end > run[1] + TINY_MIN]
    return [beside] if len(whole) in {len(beside), len(offers)} else [whole, beside]


def _outside(offer: Offer, run: Run) -> list[Offer]:
    parts = ((offer.start, min(offer.end, run[0])), (max(offer.start, run[1]), offer.end))
    return [Offer(start, end, offer.rank) for start, end in parts if end - start > TINY_MIN]


def _near(minute: float, others: list[float]) -> bool:
    return any(abs(minute - other) <= TINY_MIN for other in others)


def _sum(runs: Iterable[Run]) -> float:
    return sum(end - start for start, end in runs)


def _head(runs: Sequence[Run], minutes: float) -> list[Run]:
    """Return the first minutes of runs."""
    found: list[Run] = []
    for start, end in runs:
        if minutes > TINY_MIN:
            found.append((start, min(end, start + minutes)))
            minutes -= found[-1][1] - start
    return found


def _tail(runs: Sequence[Run], minutes: float) -> list[Run]:
    """Return the last minutes of runs, in order."""
    found: list[Run] = []
    for start, end in reversed(runs):
        if minutes > TINY_MIN:
            found.append((max(start, end - minutes), end))
            minutes -= end - found[-1][0]
    return found[::-1]
