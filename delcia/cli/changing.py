"""What is shown of a change before it is made: units, timers and plans, one line each."""

import difflib
from collections.abc import Iterator
from typing import assert_never

from delcia.compile.generation import load
from delcia.core.changes import Change, Create, Delete, Keep, Update
from delcia.core.differences import Action, Difference
from delcia.core.differences import differences as differences_of
from delcia.core.model import Site
from delcia.errors import DelciaError
from delcia.host.preview import Preview


def lines(view: Preview) -> Iterator[str]:
    """Yield the changes, what is in their way, and what apply repairs."""
    for difference in differences(view):
        yield f"{difference.action}  {difference.kind} {difference.name}".rstrip()
    for change in view.changes.to_make:
        yield f"{action(change)}  {change.name}" + (f"  ({change.drift})" if change.drift else "")
    for name in view.changes.foreign:
        yield f"refuse  {name}  (in the way, and not delcia's)"
    for choice in view.choices:
        yield f"leave   {choice.words}"
    for fault in view.faults:
        yield f"repair  {fault}"


def action(change: Create | Update | Delete) -> Action:
    """Return what is done to a file, in a word."""
    match change:
        case Create():
            return "create"
        case Update():
            return "update"
        case Delete():
            return "delete"
        case _:
            assert_never(change)


def unified(change: Change) -> str:
    """Return the difference of a file's text as `diff -u` shows it."""
    match change:
        case Keep():
            return ""
        case Create():
            before, after = "", change.artifact.text
        case Update():
            before, after = change.before, change.artifact.text
        case Delete():
            before, after = change.before or "", ""
        case _:
            assert_never(change)
    old, new = (side.encode("utf-8", "replace").decode().splitlines(keepends=True) for side in (before, after))
    source, target = (f"{change.name} ({side})" for side in ("on disk", "wanted"))
    found = difflib.unified_diff(old, new, source if before else "/dev/null", target if after else "/dev/null")
    return "".join(line if line.endswith("\n") else f"{line}\n" for line in found)


def differences(view: Preview) -> tuple[Difference, ...]:
    """Return what differs between the applied plans and the new ones; not where they stand in their files."""
    return differences_between(view.plans_before, view.plans_after)


def differences_between(before: str | None, after: str | None) -> tuple[Difference, ...]:
    """Return what differs between two generations' plans, as JSON text."""
    if before == after:
        return ()
    found = differences_of(_site(before), _site(after))
    return found or (Difference("update", "places", "of the plans in their files"),)


def _site(text: str | None) -> Site | None:
    """Return the site of a generation; what another delcia wrote may be unreadable, and then all of it is new."""
    if not text:
        return None
    try:
        return load(text)
    except DelciaError:
        return None
