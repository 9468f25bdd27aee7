"""A plan as a form holds it, and the keys of the plan language that say it.

A form cannot hold everything: `once`, `except`, `season` and `between` are not in it, and stay as they were written.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any, assert_never

from delcia.config.quantities import WEEKDAYS, clock_text, weekdays
from delcia.core.model import (
    DAY_MIN,
    EVERY_DAY,
    Duration,
    Energy,
    InBands,
    InWindows,
    Once,
    Plan,
    Policy,
    StartAt,
    Target,
    ToSoc,
    When,
)

UNSHOWN = ("once", "except", "season", "between")
"""Keys that no form holds."""
_HALF_HOUR_MIN = 30
_RANGE = 3
"""So many days in a row are written as a range."""


@dataclass(frozen=True, slots=True)
class Cheapest:
    """In the cheapest band of a tariff, whichever that is."""

    tariff: str


@dataclass(frozen=True, slots=True)
class Wish:
    """What a form says of a plan. `when` is None where it stays as it is written, which no form shows.

    `weekdays` count from Monday, 0; `calendars` are the named sets of dates that count like weekdays.
    """

    vehicle: str
    charger: str
    target: Target
    when: When | Cheapest | None
    weekdays: tuple[int, ...] = EVERY_DAY
    calendars: tuple[str, ...] = ()
    ready_by_min: int | None = None
    policy: Policy = "asap"
    guarantee: bool = False
    enabled: bool = True


def wish_of(plan: Plan, document: Mapping[str, Any]) -> Wish:
    """Return what a form shows of a plan, which was written as this document."""
    words = [str(word) for word in document.get("days", ())]
    named = tuple(word for word in words if weekdays(word) is None)
    days = {day for word in words for day in weekdays(word) or ()}
    every = not words or len(days) == len(EVERY_DAY)
    return Wish(
        vehicle=plan.vehicle,
        charger=plan.charger,
        target=plan.target,
        when=_when(plan.when, document),
        weekdays=EVERY_DAY if every else tuple(sorted(days)),
        calendars=() if every else named,
        ready_by_min=plan.ready_by_min,
        policy=plan.policy,
        guarantee=plan.guarantee,
        enabled=plan.enabled,
    )


def unshown(document: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the keys of a plan that no form shows."""
    keys = {*document, *document["when"]}
    return tuple(key for key in UNSHOWN if key in keys)


def document_of(wish: Wish) -> dict[str, Any]:
    """Return a new plan as plain data."""
    found = {key: value for key, value in _keys(wish).items() if value is not None}
    return found if wish.enabled else {**found, "enabled": False}


def changed_document(document: Mapping[str, Any], before: Wish, after: Wish) -> dict[str, Any]:
    """Return a plan as plain data in which everything that the form has not changed is as it was written."""
    old, new = _keys(before), _keys(after)
    changed = {key: value for key, value in new.items() if key not in old or value != old[key]}
    if before.enabled != after.enabled:
        changed["enabled"] = after.enabled
    for key, usual in (("policy", "asap"), ("guarantee", False)):
        if key in changed and changed[key] is None and key in document:
            changed[key] = usual
    merged = {**document, **changed}
    return {key: value for key, value in merged.items() if value is not None}


def _keys(wish: Wish) -> dict[str, Any]:
    """Return what each key but `enabled` says; None where it is not written."""
    found = {
        "vehicle": wish.vehicle,
        "charger": wish.charger,
        "charge": _charge(wish.target),
        "days": None if wish.weekdays == EVERY_DAY else [*day_words(wish.weekdays), *wish.calendars],
        "ready_by": None if wish.ready_by_min is None else clock_text(wish.ready_by_min),
        "policy": None if wish.policy == "asap" else wish.policy,
        "guarantee": True if wish.guarantee else None,
    }
    return found if wish.when is None else {**found, "when": _times(wish.when)}


def day_words(days: Iterable[int]) -> list[str]:
    """Return weekdays as a plan names them, three in a row as a range."""
    words = []
    for _, run in groupby(enumerate(sorted(days)), key=lambda pair: pair[1] - pair[0]):
        names = [WEEKDAYS[day] for _, day in run]
        words.extend([f"{names[0]}-{names[-1]}"] if len(names) >= _RANGE else names)
    return words


def _charge(target: Target) -> dict[str, Any]:
    match target:
        case ToSoc(soc_pct):
            return {"to_soc": soc_pct}
        case Energy(energy_kwh):
            return {"energy_kwh": int(energy_kwh) if energy_kwh.is_integer() else energy_kwh}
        case Duration(minutes):
            return {"hours": hours_of(minutes)}
        case _:
            assert_never(target)


def hours_of(minutes: int) -> float | str:
    """Return a time of charging as a plan says it."""
    if minutes % _HALF_HOUR_MIN:
        return f"{minutes // 60}h{minutes % 60:02}"
    return minutes / 60 if minutes % 60 else minutes // 60


def _when(when: When, document: Mapping[str, Any]) -> When | Cheapest | None:
    match when:
        case Once():
            return None
        case InBands(tariff) if "bands" not in document["when"]:
            return Cheapest(tariff)
        case _:
            return when


def _times(when: When | Cheapest) -> dict[str, Any]:
    match when:
        case Cheapest(tariff):
            return {"tariff": tariff}
        case InBands(tariff, bands):
            return {"tariff": tariff, "bands": list(bands)}
        case InWindows(spans, tariff):
            texts = [f"{clock_text(span.begins_min)}-{clock_text(_end(span.ends_min))}" for span in spans]
            return {"windows": texts, **_priced(tariff)}
        case StartAt(begins_min, tariff):
            return {"start_at": clock_text(begins_min), **_priced(tariff)}
        case Once():
            raise ValueError("no form holds a plan for once")
        case _:
            assert_never(when)


def _end(ends_min: int) -> int:
    """Return the minute of the day at which a span ends; midnight is 24:00."""
    return ends_min if ends_min <= DAY_MIN else ends_min - DAY_MIN


def _priced(tariff: str | None) -> dict[str, Any]:
    return {} if tariff is None else {"tariff": tariff}
