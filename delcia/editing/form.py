"""A plan's form: what its fields say, and what is wrong with them, field by field.

The fields are texts as a browser sends them, several under one name: `vehicle`, `charger`; `far` (`80`, `100`, `soc`,
`hours`, `kwh`) with `soc`, `hours`, `kwh`; `when` (`bands`, `cheapest`, `windows`, `start_at`, and `kept` where it
stays as it is written) with `tariff`, `bands`, `begins` and `ends`, `start_at`; `days` (mon to sun, and calendars);
`ready_by`, `policy`, `guarantee`, `enabled`, `name`. A fault is a slug, which the page has words for.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeVar

from delcia.config.quantities import WEEKDAYS, clock_text, minute_of_day, span
from delcia.core.model import (
    DAY_MIN,
    EVERY_DAY,
    Duration,
    Energy,
    InBands,
    InWindows,
    Policy,
    Span,
    StartAt,
    Target,
    ToSoc,
    When,
)
from delcia.editing.wish import Cheapest, Wish, hours_of

Fields = Mapping[str, Sequence[str]]
Value = TypeVar("Value")
SOME_PCT = (80, 100)
"""Targets with a button of their own."""
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,40}")
_OWN_NAMES = frozenset({"reconcile", "notify"})
_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_HOURS = re.compile(r"([01]?[0-9]|2[0-4])(?:h([0-5][0-9])?|:([0-5][0-9]))")
_NUMBER = re.compile(r"[0-9]{1,3}([.,][0-9]{1,20})?")
_POLICIES: tuple[Policy, ...] = ("asap", "late", "cheapest")
_MOST_KWH = 200
_FULL_PCT = 100


@dataclass(slots=True)
class _Reader:
    """The fields, and the faults found in them so far."""

    fields: Fields
    faults: dict[str, str] = field(default_factory=dict)

    def one(self, name: str) -> str:
        """Return the text of a field, "" when it is not there."""
        return next(iter(self.fields.get(name, ())), "").strip()

    def all(self, name: str) -> tuple[str, ...]:
        """Return the texts of a field that may be there several times, each once."""
        return tuple(dict.fromkeys(text.strip() for text in self.fields.get(name, ()) if text.strip()))

    def read(self, name: str, convert: Callable[[str], Value], slug: str) -> Value | None:
        """Return what a field says, or None after noting its fault."""
        try:
            return convert(self.one(name))
        except ValueError:
            self.faults[name] = slug
            return None


def wish_in(fields: Fields, *, kept_when: bool = False) -> tuple[Wish | None, Mapping[str, str]]:
    """Return the wish that a form says, and the slug of what is wrong with each field; None when something is.

    `kept_when` is whether the form belongs to a plan whose times it does not show.
    """
    reader = _Reader(fields)
    vehicle, charger = (reader.read(name, _name, "no-choice") for name in ("vehicle", "charger"))
    target, when = _target(reader), _when(reader, kept=kept_when)
    days = reader.all("days")
    weekdays = tuple(day for day, name in enumerate(WEEKDAYS) if name in days)
    calendars = tuple(word for word in days if word not in WEEKDAYS and _NAME.fullmatch(word))
    if not weekdays and not calendars:
        reader.faults["days"] = "no-day"
    ready_by_min = reader.read("ready_by", _time, "bad-time") if reader.one("ready_by") else None
    policy = reader.read("policy", _policy, "no-choice")
    guarantee = bool(reader.one("guarantee"))
    if ready_by_min is None and "ready_by" not in reader.faults and (guarantee or policy in {"late", "cheapest"}):
        reader.faults["ready_by"] = "needs-ready-by"
    if reader.faults or not (vehicle and charger and target and policy):
        return None, reader.faults
    found = Wish(
        vehicle=vehicle,
        charger=charger,
        target=target,
        when=when,
        weekdays=weekdays,
        calendars=() if weekdays == EVERY_DAY else calendars,
        ready_by_min=ready_by_min,
        policy=policy,
        guarantee=guarantee,
        enabled=bool(reader.one("enabled")),
    )
    return found, reader.faults


def name_in(fields: Fields, taken: Sequence[str]) -> tuple[str, str]:
    """Return the name of a new plan and the slug of what is wrong with it, "" for nothing."""
    name = _Reader(fields).one("name")
    if not _NAME.fullmatch(name):
        return name, "bad-name"
    return name, "reserved-name" if name in _OWN_NAMES else "plan-exists" if name in taken else ""


def free_name(vehicle: str, taken: Sequence[str]) -> str:
    """Return a name for a new plan of a vehicle."""
    names = (f"{vehicle[:38]}-{number}" for number in range(1, len(taken) + 2))
    return next(name for name in names if name not in taken)


def fields_of(wish: Wish) -> dict[str, list[str]]:
    """Return the fields of a form that says a wish."""
    return {
        "vehicle": [wish.vehicle],
        "charger": [wish.charger],
        **_target_fields(wish.target),
        **_when_fields(wish.when),
        "days": [*(WEEKDAYS[day] for day in wish.weekdays), *wish.calendars],
        "ready_by": [] if wish.ready_by_min is None else [clock_text(wish.ready_by_min)],
        "policy": [wish.policy],
        "guarantee": ["on"] * wish.guarantee,
        "enabled": ["on"] * wish.enabled,
    }


def _target(reader: _Reader) -> Target | None:
    match reader.one("far"):
        case "80" | "100" as known:
            return ToSoc(int(known))
        case "soc":
            return reader.read("soc", _soc, "bad-soc")
        case "hours":
            return reader.read("hours", _duration, "bad-duration")
        case "kwh":
            return reader.read("kwh", _energy, "bad-energy")
        case _:
            reader.faults["far"] = "no-choice"
            return None


def _when(reader: _Reader, *, kept: bool) -> When | Cheapest | None:
    tariff = reader.one("tariff") or None
    match reader.one("when"):
        case "kept" if kept:
            return None
        case "bands" | "cheapest" as choice:
            named, bands = reader.read("tariff", _name, "no-choice"), reader.all("bands")
            if choice == "bands" and not (bands and all(map(_NAME.fullmatch, bands))):
                reader.faults["bands"] = "no-choice"
            return None if named is None else Cheapest(named) if choice == "cheapest" else InBands(named, bands)
        case "windows":
            return InWindows(_windows(reader), tariff)
        case "start_at":
            begins_min = reader.read("start_at", _time, "bad-time")
            return None if begins_min is None else StartAt(begins_min, tariff)
        case _:
            reader.faults["when"] = "no-choice"
            return None


def _windows(reader: _Reader) -> tuple[Span, ...]:
    """Return the windows, from rows of a beginning and an end; empty rows are none."""
    begins, ends = (list(reader.fields.get(name, ())) for name in ("begins", "ends"))
    found = []
    for begin, end in zip(begins, ends, strict=False):
        if not begin.strip() and not end.strip():
            continue
        times = _TIME.fullmatch(begin.strip()) and (_TIME.fullmatch(end.strip()) or end.strip() == "24:00")
        # A field for a time has no 24:00: of a window that begins at midnight, that is what its end says.
        last = "24:00" if begin.strip() == end.strip() == "00:00" else end.strip()
        one = span(f"{begin.strip()}-{last}") if times else None
        if one is None:
            reader.faults["windows"] = "bad-span"
        else:
            found.append(one)
    if not found:
        reader.faults.setdefault("windows", "no-window")
    return tuple(dict.fromkeys(found))


def _target_fields(target: Target) -> dict[str, list[str]]:
    match target:
        case ToSoc(soc_pct) if soc_pct in SOME_PCT:
            return {"far": [str(soc_pct)]}
        case ToSoc(soc_pct):
            return {"far": ["soc"], "soc": [str(soc_pct)]}
        case Energy(energy_kwh):
            return {"far": ["kwh"], "kwh": [f"{Decimal(repr(energy_kwh)).normalize():f}"]}
        case Duration(minutes):
            return {"far": ["hours"], "hours": [str(hours_of(minutes))]}


def _when_fields(when: When | Cheapest | None) -> dict[str, list[str]]:
    tariff = getattr(when, "tariff", None)
    priced = {"tariff": [tariff]} if tariff else {}
    match when:
        case Cheapest():
            return {"when": ["cheapest"], **priced}
        case InBands(_, bands):
            return {"when": ["bands"], "bands": list(bands), **priced}
        case InWindows(spans):
            rows = [(clock_text(one.begins_min), clock_text(one.ends_min % DAY_MIN)) for one in spans]
            begins, ends = ([row[side] for row in rows] for side in (0, 1))
            return {"when": ["windows"], "begins": begins, "ends": ends, **priced}
        case StartAt(begins_min):
            return {"when": ["start_at"], "start_at": [clock_text(begins_min)], **priced}
        case _:
            return {"when": ["kept"]}


def _name(text: str) -> str:
    if not _NAME.fullmatch(text):
        raise ValueError(text)
    return text


def _time(text: str) -> int:
    if not _TIME.fullmatch(text):
        raise ValueError(text)
    return minute_of_day(text)


def _policy(text: str) -> Policy:
    for known in _POLICIES:
        if text in {known, ""}:
            return known
    raise ValueError(text)


def _soc(text: str) -> ToSoc:
    number = int(text.removesuffix("%").strip())
    if not 1 <= number <= _FULL_PCT:
        raise ValueError(text)
    return ToSoc(number)


def _energy(text: str) -> Energy:
    number = _number(text)
    if number > _MOST_KWH:
        raise ValueError(text)
    return Energy(number)


def _duration(text: str) -> Duration:
    """Return hours: 2, 2.5, 2,5, 2h30 or 2:30."""
    found = _HOURS.fullmatch(text.replace(" ", ""))
    minutes = int(found[1]) * 60 + int(found[2] or found[3] or 0) if found else round(_number(text) * 60)
    if not 1 <= minutes <= DAY_MIN:
        raise ValueError(text)
    return Duration(minutes)


def _number(text: str) -> float:
    """Return a number above nothing."""
    if not _NUMBER.fullmatch(text) or not float(text.replace(",", ".")):
        raise ValueError(text)
    return float(text.replace(",", "."))
