"""A change in the words of a person who commits it: "Charge spring to 80 % off-peak on weekdays, ready by 07:00"."""

from typing import assert_never

from delcia.config.quantities import clock_text
from delcia.core.model import (
    EVERY_DAY,
    Duration,
    Energy,
    InBands,
    InWindows,
    Once,
    Span,
    StartAt,
    Target,
    ToSoc,
    When,
)
from delcia.editing.changes import Add, Alter, Change, Disable, Enable, Remove
from delcia.editing.wish import Cheapest, Wish, day_words

LONGEST = 72
_WORKDAYS, _WEEKEND = (0, 1, 2, 3, 4), (5, 6)
_POLICIES = {"asap": "", "late": ", as late as possible", "cheapest": ", at the cheapest hours"}


def message(change: Change, path: str) -> str:
    """Return the message of the commit, with a line that says which plan it is and in which file."""
    match change:
        case Add(name, wish):
            return f"{subject(wish)}\n\nThe new plan '{name}' in {path}.\n"
        case Alter(name, wish):
            return f"{subject(wish)}\n\nThe plan '{name}' in {path}.\n"
        case Enable(name):
            return f"Enable the plan '{name}'\n\nIn {path}.\n"
        case Disable(name):
            return f"Disable the plan '{name}'\n\nIn {path}.\n"
        case Remove(name):
            return f"Remove the plan '{name}'\n\nFrom {path}.\n"
        case _:
            assert_never(change)


def subject(wish: Wish) -> str:
    """Return a plan in one sentence, the less important left out where it gets too long."""
    head = f"Charge {wish.vehicle} {_target(wish.target)}"
    ready = "" if wish.ready_by_min is None else f", ready by {clock_text(wish.ready_by_min)}"
    rests = "" if wish.enabled else ", for now disabled"
    sentence = head
    sure = ", guaranteed" if wish.guarantee else ""
    for part in (_times(wish.when), _days(wish), ready, _POLICIES[wish.policy], sure):
        if len(sentence) + len(part) + len(rests) <= LONGEST:
            sentence += part
    return sentence + rests


def _target(target: Target) -> str:
    match target:
        case ToSoc(soc_pct):
            return f"to {soc_pct} %"
        case Energy(energy_kwh):
            return f"with {energy_kwh:g} kWh"
        case Duration(minutes):
            hours, rest = divmod(minutes, 60)
            return "for " + " ".join([f"{hours} h"] * (hours > 0) + [f"{rest} min"] * (rest > 0))
        case _:
            assert_never(target)


def _times(when: When | Cheapest | None) -> str:
    match when:
        case None | Once():
            return ""
        case Cheapest():
            return " at the cheapest price"
        case InBands(_, ("off-peak",)):
            return " off-peak"
        case InBands(_, bands):
            return f" in {_listed(bands)}"
        case InWindows(windows):
            return f" {_listed([_span(window) for window in windows])}"
        case StartAt(begins_min):
            return f" from {clock_text(begins_min)}"
        case _:
            assert_never(when)


def _span(span: Span) -> str:
    return f"{clock_text(span.begins_min)}-{clock_text(span.ends_min % 1440)}"


def _days(wish: Wish) -> str:
    match wish.weekdays, wish.calendars:
        case days, _ if days == EVERY_DAY:
            return ""
        case days, () if days == _WORKDAYS:
            return " on weekdays"
        case days, () if days == _WEEKEND:
            return " at weekends"
        case days, calendars:
            return f" on {_listed([*day_words(days), *calendars])}"


def _listed(words: list[str] | tuple[str, ...]) -> str:
    *some, last = words
    return f"{', '.join(some)} and {last}" if some else last
