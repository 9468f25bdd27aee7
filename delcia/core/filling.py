"""Slots filled with charging by the plan's policy: as soon as possible, late, or where it is cheapest.

What is chosen is chosen anew wherever a run of charging ends, as `decide` does at every look: so the projection
made in the evening is what the night will bring.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from delcia.core.choosing import Offer, Run, choose
from delcia.core.clock import MINUTE
from delcia.core.energy import RESUME_MIN
from delcia.core.intervals import Interval, clip, subtract, union
from delcia.core.means import means_of
from delcia.core.model import Plan, Site, Tariff, ToSoc, tariff_of
from delcia.core.projection import Situation
from delcia.core.slots import HORIZON, SLIVER, TINY_MIN, Slot, counted_until, noon_of
from delcia.core.tariffs import priced
from delcia.core.windows import Window, powered

OVERRUN = timedelta(hours=5)
TRIES = 4
"""How often it is chosen anew because of the minutes lost between the runs chosen before."""
PAUSE_MIN = 10.0
"""A charge is not interrupted for less: the car would hardly have obeyed."""


@dataclass(frozen=True, slots=True)
class Fill:
    """A slot as used: charging from `start` to `end`, being minutes `begins_min` to `ends_min` of the whole charge."""

    start: datetime
    end: datetime
    slot: Slot
    begins_min: float
    ends_min: float


@dataclass(frozen=True, slots=True)
class Choice:
    """How a plan chooses: by which tariff, whether time outside the windows is on offer, from when and until when.

    `since` is when it began to charge, if it does: what has begun is not put off again. `outside` is when the charger
    has power, windows or not.
    """

    late: bool
    tariff: Tariff | None
    by_price: bool
    guarantee: bool
    now: datetime
    opens: datetime
    closes: datetime | None
    since: datetime | None
    outside: tuple[Interval, ...]


def choice_of(site: Site, plan: Plan, slots: Sequence[Slot], situation: Situation, now: datetime) -> Choice | None:
    """Return how to choose among the slots of a plan; None where it charges as soon as it may."""
    planned = [slot for slot in slots if not slot.minimum]
    late = plan.policy != "asap"
    can_wait = means_of(site, plan).ends_windows and planned and planned[0].window.deadline is not None
    if not (late or plan.guarantee) or not can_wait:
        return None
    name = tariff_of(plan.when)
    # Hours and energy are counted from noon to noon: what is outside of that day would not count.
    noon = None if isinstance(plan.target, ToSoc) else noon_of(site, planned[0])
    closes = noon and counted_until(site, plan, noon)
    return Choice(
        late=late,
        tariff=site.tariffs[name] if name is not None else None,
        by_price=plan.policy == "cheapest",
        guarantee=plan.guarantee,
        now=now,
        opens=max(now, noon or now),
        closes=closes,
        since=begun_at(plan, situation),
        outside=powered(site, plan, Interval(now, now + HORIZON)) if plan.guarantee else (),
    )


def begun_at(plan: Plan, situation: Situation) -> datetime | None:
    """Return when the charge that a plan wants began; None when it wants none."""
    return situation.charging_since if plan.name in situation.charging else None


def deadline_of(slots: Sequence[Slot], now: datetime, *, charging: bool) -> datetime | None:
    """Return by when the car should be ready: what is late goes on as such for hours, then the next `ready_by` counts.

    A window may outlast the `ready_by` that it belongs to.
    """
    first = next((slot.window.deadline for slot in slots if not slot.minimum), None)
    if first is None or first > now or (charging and now - first < OVERRUN):
        return first
    ahead = (slot.window.deadline for slot in slots if not slot.minimum)
    return next((deadline for deadline in ahead if deadline is not None and deadline > now), first)


def fill(slots: Sequence[Slot], need_min: float) -> list[Fill]:
    """Return the slots filled one after the other until the need is met."""
    fills: list[Fill] = []
    used = 0.0
    for slot in slots:
        if used >= need_min - TINY_MIN:
            break
        used = _add(fills, slot, (slot.start, slot.end), used, need_min)
    return fills


def fill_chosen(slots: Sequence[Slot], choice: Choice, need_min: float, spread: float, pace: float = 1.0) -> list[Fill]:
    """Return the chosen time filled until the need is met, by a car that takes `pace` times as long as is reckoned.

    How slow it is shows only in how little it has whenever it is chosen anew.
    """
    fills: list[Fill] = []
    used, cursor, since, goal = 0.0, choice.now, choice.since, need_min * pace
    while used < goal - TINY_MIN:
        ahead = [slot for slot in slots if slot.end - cursor > SLIVER]
        if not ahead:
            break
        left, again, before = (goal - used) / pace, RESUME_MIN if fills else 0.0, used
        for slot, run in _next(ahead, choice, (left, left * spread, again), cursor, since):
            used = _add(fills, slot, run, used, goal)
            cursor = max(cursor, run[1])
        since = _since(fills, cursor, choice)
        if used - before >= left - TINY_MIN:
            # It should be done, and is not: what is left to this car is left, however slow it is.
            pace = 1.0
    return fills


def cut(fills: Sequence[Fill], need_min: float) -> list[Fill]:
    """Return the fills of a shorter charge in the same slots."""
    kept = [item for item in fills if item.begins_min < need_min - TINY_MIN]
    if kept and kept[-1].ends_min > need_min:
        last = kept[-1]
        spared = timedelta(minutes=last.ends_min - need_min)
        kept[-1] = Fill(last.start, last.end - spared, last.slot, last.begins_min, need_min)
    return kept


def minute_at(item: Fill, instant: datetime) -> float:
    """Return how many minutes of the whole charge are done at an instant of a fill."""
    share = (instant - item.start) / (item.end - item.start)
    return item.begins_min + share * (item.ends_min - item.begins_min)


def minutes_before(fills: Sequence[Fill], instant: datetime) -> float:
    """Return how many minutes of the charge are done at an instant."""
    return max((minute_at(item, min(instant, item.end)) for item in fills if item.start < instant), default=0.0)


def end_of(fills: Sequence[Fill], need_min: float) -> datetime | None:
    """Return when the need is met, or None."""
    return fills[-1].end if fills and fills[-1].ends_min >= need_min - TINY_MIN else None


def _since(fills: Sequence[Fill], cursor: datetime, choice: Choice) -> datetime | None:
    """Return since when the plan charges without a break up to an instant; None when it does not charge then."""
    begun = None
    for later in reversed(fills):
        if later.end != (begun or cursor) or later.slot.minimum:
            return begun
        begun = later.start
    return choice.since or begun if begun == choice.now else begun


def _add(fills: list[Fill], slot: Slot, run: tuple[datetime, datetime], used: float, goal_min: float) -> float:
    """Charge in a run of a slot, at most to the goal, and return the minutes used by then."""
    start, end = run
    last = fills[-1] if fills else None
    lost = RESUME_MIN if last is not None and start > last.end else 0.0
    take = min((end - start) / MINUTE - lost, goal_min - used)
    if take <= 0:
        return used
    stop = start + timedelta(minutes=take + lost)
    if last is not None and last.slot == slot and last.end == start:
        fills[-1] = replace(last, end=stop, ends_min=used + take)
    else:
        fills.append(Fill(start, stop, slot, used, used + take))
    return used + take


Parts = list[tuple[Slot, tuple[datetime, datetime]]]


def _next(
    ahead: list[Slot], choice: Choice, minutes: tuple[float, float, float], cursor: datetime, since: datetime | None
) -> Parts:
    """Return the next run of charging, by slots.

    `minutes` are those needed, those to keep in reserve, and those lost if it does not begin at once.
    """
    head, (need_min, reserve_min, again_min) = ahead[0], minutes
    start = max(cursor, head.start)
    deadline = deadline_of(ahead, min(start, head.end - SLIVER), charging=since is not None)
    if deadline is not None and choice.closes is not None:
        deadline = min(deadline, choice.closes)
    if head.minimum or deadline is None or deadline - cursor <= SLIVER:
        return [(head, (start, head.end))]
    before = [slot for slot in ahead if slot.start < deadline]
    spans = [(max(cursor, slot.start), min(slot.end, deadline)) for slot in before]
    whole = union(Interval(*span) for span in spans if span[0] < span[1])
    lost_min = RESUME_MIN * len(whole[1:]) + (again_min if whole and whole[0].start > cursor else 0.0)
    short = sum(span.minutes for span in whole) - lost_min < need_min - TINY_MIN
    opens = max(cursor, choice.opens)
    gaps = _gaps(choice, opens, deadline, whole) if short and choice.guarantee else []
    if not gaps and (short or not choice.late):
        return [(head, (start, min(head.end, deadline) if start < deadline else head.end))]
    offers = [offer for span in spans for offer in _offers(choice, span, cursor, outside=False)]
    if gaps:
        extra = [offer for gap in gaps for offer in _offers(choice, (gap.start, gap.end), cursor, outside=True)]
        offers = sorted([*offers, *extra], key=lambda offer: offer.start)
    begun = None if since is None else (since - cursor) / MINUTE
    begin, end = _first_run(offers, (need_min, reserve_min, again_min), begun)
    if begun is not None and 0 < begin <= PAUSE_MIN and _is_whole(offers, begin):
        begin = 0.0
    return _parts(before, (cursor + begin * MINUTE, cursor + end * MINUTE), deadline)


def _gaps(choice: Choice, opens: datetime, deadline: datetime, whole: Sequence[Interval]) -> list[Interval]:
    """Return the time outside of the windows in which the charger has power, by when the car should be ready."""
    parts = (clip(part, opens, deadline) for part in choice.outside)
    return [gap for part in parts if part is not None for gap in subtract(part, whole)]


def _first_run(offers: Sequence[Offer], minutes: tuple[float, float, float], begun: float | None) -> Run:
    """Return the first of the runs to use; each one that follows another needs what is lost with taking it up again.

    So does the reserve, where a car that takes longer would go on in a later run.
    """
    need_min, reserve_min, again_min = minutes
    runs = choose(offers, need_min, reserve=reserve_min, since=begun)
    lost_min = more_min = 0.0
    for _ in range(TRIES):
        losing = RESUME_MIN * len(runs[1:]) + (again_min if runs[0][0] > TINY_MIN else 0.0)
        later = reserve_min > 0 and any(offer.start > runs[-1][1] + TINY_MIN for offer in offers)
        if losing <= lost_min and later <= (more_min > 0):
            break
        lost_min, more_min = losing, RESUME_MIN if later else 0.0
        runs = choose(offers, need_min + lost_min, reserve=reserve_min + more_min, since=begun)
    return runs[0]


def _is_whole(offers: Sequence[Offer], until: float) -> bool:
    """Return whether there is no gap in what is on offer from now until a minute."""
    reached = 0.0
    for offer in offers:
        if offer.start <= reached + TINY_MIN:
            reached = max(reached, offer.end)
    return reached >= until - TINY_MIN


def _offers(choice: Choice, span: tuple[datetime, datetime], cursor: datetime, *, outside: bool) -> list[Offer]:
    pieces = [(span[0], span[1], Decimal(0))]
    if choice.tariff is not None and (choice.by_price or outside):
        pieces = [(part.interval.start, part.interval.end, part.price_per_kwh) for part in priced(choice.tariff, *span)]
    return [
        Offer((start - cursor) / MINUTE, (end - cursor) / MINUTE, (int(outside), price))
        for start, end, price in pieces
        if start < end
    ]


def _parts(slots: list[Slot], run: tuple[datetime, datetime], deadline: datetime) -> Parts:
    """Return a run cut by the slots that it lies in; between them it is outside of the windows."""
    found: Parts = []
    inside: list[Interval] = []
    for slot in slots:
        begin, end = max(run[0], slot.start), min(run[1], slot.end)
        if begin < end:
            found.append((slot, (begin, end)))
            inside.append(Interval(begin, end))
    for gap in subtract(Interval(*run), inside):
        found.append((Slot(gap.start, gap.end, Window(gap.start, deadline, deadline)), (gap.start, gap.end)))
    return sorted(found, key=lambda part: part[1][0])
