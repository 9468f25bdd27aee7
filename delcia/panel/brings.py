"""What a change brings about, as the page shows it: the same words and figures as `diff --against`, in its language."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from delcia.core.clock import zone
from delcia.core.consequence import Consequence
from delcia.panel.tongue import Tongue
from delcia.report.weeks import Row, assumed_words, night_rows, plan_rows, timer_words, vehicle_rows


@dataclass(frozen=True, slots=True)
class Item:
    """Something of the plans or of systemd that becomes another, and what of it."""

    words: str
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Week:
    """The coming week of a plan or a vehicle: its sums, and its nights one by one."""

    words: str
    rows: tuple[Row, ...]
    nights: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Brings:
    """All that a change brings about."""

    items: tuple[Item, ...]
    assumed: str
    weeks: tuple[Week, ...]


def brings_of(found: Consequence, tongue: Tongue) -> Brings:
    """Return what a change of sound plans brings about."""
    assumed = "" if found.is_empty else tongue.said(assumed_words(found.assumed))
    return Brings(tuple(_items(found, tongue)), assumed, tuple(_weeks(found, tongue)))


def _items(found: Consequence, tongue: Tongue) -> Iterator[Item]:
    for difference in found.differences:
        yield Item(tongue.said(f"{difference.action} {difference.kind} {difference.name}".rstrip()))
    for change in found.timers:
        own = f" {found.timezone}"
        details = (f"{words[:1]} {tongue.said(words[2:].replace(own, ''))}" for words in timer_words(change))
        yield Item(tongue.said(f"{change.action} {change.name}"), tuple(details))


def _weeks(found: Consequence, tongue: Tongue) -> Iterator[Week]:
    tz = zone(found.timezone)
    for plan in found.plans:
        if plan.changed:
            yield Week(tongue.said(f"plan {plan.name}"), _rows(plan_rows(plan, tz), tongue))
    for vehicle in found.vehicles:
        if vehicle.changed:
            sums, nights = _rows(vehicle_rows(vehicle, tz), tongue), _rows(night_rows(vehicle, tz), tongue)
            yield Week(tongue.said(f"vehicle {vehicle.name}"), sums, nights)


def _rows(rows: Sequence[Row], tongue: Tongue) -> tuple[Row, ...]:
    said = tongue.said
    return tuple(Row(said(row.what), said(row.before), said(row.after)) for row in rows)
