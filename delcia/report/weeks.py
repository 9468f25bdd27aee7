"""The consequence of a change in words, the same in every form that people read."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from decimal import Decimal
from typing import assert_never

from delcia.core.consequence import Assumed, Consequence, Night, Pair, PlanWeek, Ready, TimerChange, VehicleWeek
from delcia.core.intervals import Interval
from delcia.core.model import EVERY_DAY, Duration, Energy, Plan, Target, ToSoc
from delcia.core.windows import Window
from delcia.errors import Problem
from delcia.report.numbers import cents, money
from delcia.report.words import clock

OFFSET = re.compile(r" \(UTC[^)]*\)")
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Review:
    """A change to be looked at: what it brings about, from where to where, and what is wrong with the plans after it.

    `digest` is what `apply --expect` takes; None when the plans have errors.
    """

    found: Consequence
    before: str
    after: str
    problems: tuple[Problem, ...]
    digest: str | None

    @property
    def is_broken(self) -> bool:
        """Whether the plans after the change cannot be used."""
        return any(problem.level == "error" for problem in self.problems)

    @property
    def is_same(self) -> bool:
        """Whether the plans are sound, and say what they said before."""
        return self.found.is_empty and not self.is_broken


@dataclass(frozen=True, slots=True)
class Row:
    """One quantity of a plan or a vehicle, before and after."""

    what: str
    before: str
    after: str

    @property
    def changed(self) -> bool:
        """Whether it becomes another."""
        return self.before != self.after

    @property
    def is_known(self) -> bool:
        """Whether there is anything to say of it."""
        return {self.before, self.after} != {NOTHING}


def assumed_words(assumed: Assumed) -> str:
    """Return what the coming week is reckoned with."""
    times = (assumed.plugged_min, assumed.unplugged_min)
    plugged, unplugged = (f"{minute // 60:02}:{minute % 60:02}" for minute in times)
    return (
        f"a simulated car, {assumed.soc_pct:.0f} % when first plugged in, "
        f"plugged in {plugged}–{unplugged}, {assumed.used_pct:.0f} points used each day"
    )


def timer_words(change: TimerChange) -> Iterator[str]:
    """Yield `- start 01:38 Europe/Paris` and the like: what a timer fires at no more, and what from now on."""
    before, after = (
        list(dict.fromkeys(OFFSET.sub("", line.words) for line in side or ())) for side in (change.before, change.after)
    )
    yield from (f"- {words}" for words in before if words not in after)
    yield from (f"+ {words}" for words in after if words not in before)


def plan_rows(pair: Pair[PlanWeek], tz: tzinfo) -> list[Row]:
    """Return what the coming week of a plan is, before and after; nothing of what is known of neither side."""
    old, new = pair.before, pair.after
    rows = [
        Row("target", *(target_words(side.plan) if side else NOTHING for side in (old, new))),
        Row("windows", *(windows_words(side.windows, tz) if side else NOTHING for side in (old, new))),
        Row("ready in time", *(met(side.ready, tz) if side else NOTHING for side in (old, new))),
        *_amounts(old, new),
    ]
    return [row for row in rows if row.is_known]


def vehicle_rows(pair: Pair[VehicleWeek], tz: tzinfo) -> list[Row]:
    """Return what the coming week of a vehicle comes to, before and after; nothing of what is known of neither side."""
    old, new = pair.before, pair.after
    rows = [
        Row("ready in time", *(met(side.ready, tz) if side else NOTHING for side in (old, new))),
        *_amounts(old, new),
    ]
    return [row for row in rows if row.is_known]


def night_rows(pair: Pair[VehicleWeek], tz: tzinfo) -> list[Row]:
    """Return the nights of a vehicle, before and after; those of either side begin at the same times."""
    sides = [{night.stay.start: night for night in side.nights} if side else {} for side in (pair.before, pair.after)]
    currencies = [side.currency if side else None for side in (pair.before, pair.after)]
    return [
        Row(
            f"{start.astimezone(tz):%a %d %b}",
            *(_night(side.get(start), currency, tz) for side, currency in zip(sides, currencies, strict=True)),
        )
        for start in sorted(sides[0].keys() | sides[1].keys())
    ]


def target_words(plan: Plan) -> str:
    """Return `80 %, ready by 07:00`: what a plan charges to, and until when."""
    text = _amount(plan.target)
    if plan.ready_by_min is not None:
        text += f", ready by {plan.ready_by_min // 60:02}:{plan.ready_by_min % 60:02}"
    return text if plan.enabled else f"{text}, disabled"


def _amount(target: Target) -> str:
    match target:
        case ToSoc(soc_pct):
            return f"{soc_pct} %"
        case Energy(energy_kwh):
            return f"{energy_kwh:g} kWh"
        case Duration(minutes):
            return f"{minutes // 60} h {minutes % 60:02} min"
        case _ as never:
            assert_never(never)


def windows_words(windows: Sequence[Window], tz: tzinfo) -> str:
    """Return `daily 01:38–06:38, 12:38–14:38` or `Mon–Fri 22:00–06:00`: the windows of a week by their days."""
    spans: dict[str, set[int]] = {}
    for window in windows:
        start, end = window.start.astimezone(tz), window.end.astimezone(tz)
        spans.setdefault(f"{start:%H:%M}–{end:%H:%M}".replace("–00:00", "–24:00"), set()).add(start.weekday())
    days: dict[tuple[int, ...], list[str]] = {}
    for span, weekdays in sorted(spans.items()):
        days.setdefault(tuple(sorted(weekdays)), []).append(span)
    return "; ".join(f"{_days(key)} {', '.join(found)}" for key, found in sorted(days.items())) or "none"


def met(ready: Iterable[Ready], tz: tzinfo) -> str:
    """Return `7 of 7 days, 80–81 % at 07:00`: how often a target was reached in time, and what there was then."""
    judged = [item for item in ready if item.plugged and item.target_soc_pct is not None]
    if not judged:
        return NOTHING
    in_time = sum(not item.missed for item in judged)
    had = sorted({round(item.soc_pct) for item in judged})
    soc = f"{had[0]} %" if len(had) == 1 else f"{had[0]}–{had[-1]} %"
    times = ", ".join(sorted({f"{item.at.astimezone(tz):%H:%M}" for item in judged}))
    return f"{in_time} of {len(judged)} days, {soc} at {times}"


def is_met_otherwise(pair: Pair[VehicleWeek]) -> bool:
    """Return whether targets are missed on more days, or on fewer."""
    sides = [sum(item.missed for item in side.ready) if side else 0 for side in (pair.before, pair.after)]
    return sides[0] != sides[1]


def cost_words(cost: Decimal | None, currency: str | None) -> str:
    """Return an amount with its currency."""
    return NOTHING if cost is None else f"{money(cost)} {currency}"


def _amounts(old: PlanWeek | VehicleWeek | None, new: PlanWeek | VehicleWeek | None) -> list[Row]:
    """Return energy and cost; a difference of the cost stands beside the new one."""
    kwh = (f"{side.energy_wall_kwh:.1f} kWh" if side else NOTHING for side in (old, new))
    before, after = (cost_words(side.cost, side.currency) if side else NOTHING for side in (old, new))
    if old and new and old.cost is not None and new.cost is not None and old.currency == new.currency:
        more = cents(new.cost) - cents(old.cost)
        after += f" ({'+' if more >= 0 else '-'}{money(abs(more))})" if before != after else ""
    return [Row("energy", *kwh), Row("cost", before, after)]


def _night(night: Night | None, currency: str | None, tz: tzinfo) -> str:
    if night is None:
        return NOTHING
    spans = ", ".join(_span(part, tz) for part in night.charged) or "nothing charged"
    ready = [
        f"{item.soc_pct:.0f} % at {item.at.astimezone(tz):%H:%M}{' (missed)' if item.missed else ''}"
        for item in night.ready
    ] or [f"{night.soc_to_pct:.0f} % at the end"]
    cost = [] if night.cost is None else [cost_words(night.cost, currency)]
    return " · ".join([spans, *dict.fromkeys(ready), *cost])


def _span(part: Interval, tz: tzinfo) -> str:
    return f"{part.start.astimezone(tz):%H:%M}–{clock(part.end, part.end, tz)}"


def _days(days: tuple[int, ...]) -> str:
    if days == EVERY_DAY:
        return "daily"
    runs: list[list[int]] = []
    for day in days:
        if runs and day == runs[-1][-1] + 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return ", ".join(
        f"{DAYS[run[0]]}–{DAYS[run[-1]]}" if len(run) > len(("from", "to")) else ", ".join(DAYS[day] for day in run)
        for run in runs
    )
