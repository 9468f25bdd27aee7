"""A plan directory as it is at one moment: its texts, what they say, and what a form shows of each plan."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path

from delcia.config import Loaded, load
from delcia.config.files import plan_files
from delcia.config.findings import Findings
from delcia.core.model import Plan
from delcia.editing.plan_text import Document, document
from delcia.editing.wish import Wish, unshown, wish_of

_NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True)
class View:
    """The plans below `root`. `label` is how the paths of problems begin; `state` names this content and no other."""

    root: Path
    label: str
    state: str
    commit: str | None
    texts: Mapping[str, str]
    now: datetime

    @cached_property
    def loaded(self) -> Loaded:
        """What they say, or their problems."""
        return self.loaded_with(_NOTHING)

    @cached_property
    def plans(self) -> Mapping[str, "Written"]:
        """The plans of all files that can be read, by name."""
        found: dict[str, Written] = {}
        for path, text in self.texts.items():
            said = document(path, text) or {}
            for name, plan in (said.get("plans") or {}).items():
                if isinstance(plan, dict):
                    found.setdefault(name, Written(path, plan))
        return found

    def place(self, path: str) -> str:
        """Return how a file is called in problems and differences."""
        return f"{self.label}/{path}" if self.label else path

    def loaded_with(self, instead: Mapping[str, str]) -> Loaded:
        """Return what they would say with other texts in place of some."""
        found = load(self.root, self.now, {**self.texts, **instead})
        problems = (
            replace(problem, path=self.place(str(Path(problem.path).relative_to(self.root))))
            for problem in found.problems
        )
        return replace(found, problems=tuple(problems))


@dataclass(frozen=True, slots=True)
class Written:
    """A plan as it is written: in which file, and as plain data."""

    path: str
    document: Document

    @property
    def mark(self) -> str:
        """What tells this plan from the same plan with any other content."""
        return digest(json.dumps(self.document, sort_keys=True))


@dataclass(frozen=True, slots=True)
class Shown:
    """A plan as a form shows it; `unshown` are its keys that the form does not hold, and which stay as they are."""

    name: str
    path: str
    line: int
    wish: Wish
    unshown: tuple[str, ...]
    mark: str


def view_of(root: Path, label: str, now: datetime, *, commit: str | None = None, state: str | None = None) -> View:
    """Return the plan directory as it is now. Without a `state` of its own, its texts are what tells it apart."""
    texts = dict(plan_files(root, Findings()))
    return View(root, label, state or digest(json.dumps(texts, sort_keys=True)), commit, texts, now)


def shown_plans(view: View, vehicle: str | None = None) -> tuple[Shown, ...]:
    """Return the plans of a vehicle (None: of all), by name; none while the plans have errors."""
    site = view.loaded.site
    plans = [] if site is None else [plan for _, plan in sorted(site.plans.items()) if vehicle in {None, plan.vehicle}]
    return tuple(_shown(plan, view.plans[plan.name]) for plan in plans)


def _shown(plan: Plan, written: Written) -> Shown:
    wish, keys = wish_of(plan, written.document), unshown(written.document)
    return Shown(plan.name, written.path, plan.place.line, wish, keys, written.mark)


def digest(text: str) -> str:
    """Return a short name of a content, which no other content has."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
