"""A change before it is made: its diff, and what the plans would say, with the problems at their lines."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass

from delcia.core.model import Site
from delcia.editing.changes import Change, changed_text
from delcia.editing.sentences import message
from delcia.editing.views import View, digest
from delcia.errors import Problem


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change of one file's text, `path` being relative to the plan directory. `new` is None when it has errors."""

    change: Change
    path: str
    before: Mapping[str, str]
    """The texts of all files, as they are."""
    after: str
    """The text of the file that is changed."""
    diff: str
    message: str
    old: Site | None
    new: Site | None
    problems: tuple[Problem, ...]
    state: str
    """The content of the plan directory that it was made for."""
    commit: str | None

    @property
    def digest(self) -> str:
        """What tells it from any other: whoever saves says by it which one they have seen."""
        return digest(f"{self.state}\0{self.path}\0{self.after}")

    @property
    def is_empty(self) -> bool:
        """Whether it changes nothing."""
        return self.before[self.path] == self.after


def propose(view: View, change: Change) -> Proposal:
    """Return what a change would do to the plans; nothing is written. Raises what `changed_text` does."""
    path, after = changed_text(view, change)
    loaded = view.loaded_with({path: after})
    place = view.place(path)
    return Proposal(
        change=change,
        path=path,
        before=view.texts,
        after=after,
        diff=unified(view.texts[path], after, place),
        message=message(change, place),
        old=view.loaded.site,
        new=loaded.site,
        problems=loaded.problems,
        state=view.state,
        commit=view.commit,
    )


def unified(before: str, after: str, place: str) -> str:
    """Return the difference of two texts as `git diff` shows it; a line's end is not shown."""
    old, new = (text.splitlines() for text in (before, after))
    return "".join(f"{line}\n" for line in difflib.unified_diff(old, new, f"a/{place}", f"b/{place}", lineterm=""))


def difference(before: Mapping[str, str], view: View) -> str:
    """Return how the texts of a plan directory differ from what they were."""
    paths = sorted(before.keys() | view.texts.keys())
    return "".join(unified(before.get(path, ""), view.texts.get(path, ""), view.place(path)) for path in paths)
