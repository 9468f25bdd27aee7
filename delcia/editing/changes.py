"""What a person may change for good: a plan more, another one, one that rests, one less."""

from dataclasses import dataclass
from typing import assert_never

from delcia.editing.plan_text import Document, document, with_plan
from delcia.editing.views import View, Written
from delcia.editing.wish import Wish, changed_document, document_of, wish_of
from delcia.errors import DelciaError


@dataclass(frozen=True, slots=True)
class Add:
    """A new plan."""

    name: str
    wish: Wish


@dataclass(frozen=True, slots=True)
class Alter:
    """Another wish in a plan. `seen` is the mark of the plan as it was when the form was shown."""

    name: str
    wish: Wish
    seen: str


@dataclass(frozen=True, slots=True)
class Enable:
    """A plan that acts again."""

    name: str


@dataclass(frozen=True, slots=True)
class Disable:
    """A plan that rests, for now."""

    name: str


@dataclass(frozen=True, slots=True)
class Remove:
    """A plan that is no more."""

    name: str


Change = Add | Alter | Enable | Disable | Remove


def changed_text(view: View, change: Change) -> tuple[str, str]:
    """Return the path of the file that a change is about, and its text with it.

    Raises DelciaError: `unknown-plan`, `plan-exists`, `plan-changed` since the form was shown, `cannot-edit`.
    """
    path, plan = _wanted(view, change)
    return path, with_plan(path, view.texts[path], change.name, plan)


def _wanted(view: View, change: Change) -> tuple[str, Document | None]:
    """Return where a plan is to be written, and as what."""
    if isinstance(change, Add):
        return _file_for(view, change), document_of(change.wish)
    written = view.plans.get(change.name)
    if written is None:
        raise DelciaError(f"there is no plan '{change.name}' any more", slug="unknown-plan", hint="look at the plans")
    match change:
        case Enable() if "enabled" not in written.document:
            return written.path, written.document
        case Enable():
            return written.path, {**written.document, "enabled": True}
        case Disable():
            return written.path, {**written.document, "enabled": False}
        case Remove():
            return written.path, None
        case Alter():
            return written.path, _altered(view, change, written)
        case _:
            assert_never(change)


def _altered(view: View, change: Alter, written: Written) -> Document:
    site = view.loaded.site
    if site is None:
        raise DelciaError("the plans have errors", slug="bad-plans", hint="correct them first")
    if written.mark != change.seen:
        message = f"the plan '{change.name}' was changed meanwhile"
        raise DelciaError(message, slug="plan-changed", hint="look at it as it is now, and change it again")
    return changed_document(written.document, wish_of(site.plans[change.name], written.document), change.wish)


def _file_for(view: View, change: Add) -> str:
    """Return the file for a new plan: where its vehicle's plans are, else any plans, else its vehicle."""
    if change.name in view.plans:
        message = f"there is a plan '{change.name}' already"
        raise DelciaError(message, slug="plan-exists", hint="choose another name")
    own = [item.path for item in view.plans.values() if item.document.get("vehicle") == change.wish.vehicle]
    any_plans = [item.path for item in view.plans.values()]
    said = {path: document(path, text) or {} for path, text in view.texts.items()}
    cars = [path for path, file in said.items() if change.wish.vehicle in (file.get("vehicles") or {})]
    for paths in (own, any_plans, cars):
        if paths:
            return paths[-1]
    raise DelciaError("there is no plan file that can be read", slug="no-plans", hint="see: delcia validate")
