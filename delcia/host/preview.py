"""What a transaction would do to a host, and when it is refused; reads only."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from delcia.core.changes import Changes, Create, Delete, Keep, compare, plans_in
from delcia.errors import DelciaError
from delcia.host.cronplaces import CronPlace
from delcia.host.files import FOLDER, read
from delcia.host.generations import Content, Origin, content, current_number, manifest
from delcia.host.machine import Host
from delcia.host.paths import Paths


@dataclass(frozen=True, slots=True)
class New:
    """A generation to be made; `place` says which crontab it is for, None for systemd."""

    content: Content
    origin: Origin
    version: str
    applied_at: datetime
    place: CronPlace | None = None


@dataclass(frozen=True, slots=True)
class Earlier:
    """A generation that was applied before."""

    number: int


@dataclass(frozen=True, slots=True)
class Nothing:
    """No artifact of delcia's at all."""


Target = New | Earlier | Nothing


@dataclass(frozen=True, slots=True)
class Preview:
    """What a transaction would do."""

    changes: Changes
    faults: tuple[str, ...]
    """What keeps artifacts that are there from having their effect, in words."""
    plans_before: str | None
    plans_after: str | None

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to do."""
        busy = self.changes.to_make or self.changes.foreign or self.faults
        return not busy and self.plans_before == self.plans_after


def wanted(paths: Paths, target: Target) -> Content | None:
    """Return what a target puts on the host."""
    match target:
        case New():
            return target.content
        case Earlier():
            return content(paths, target.number)
        case Nothing():
            return None


def preview(host: Host, after: Content | None) -> Preview:
    """Return what would change on the host; reads only."""
    paths = host.paths
    artifacts = after.artifacts if after else ()
    owned = manifest(paths)
    names = owned.keys() | {artifact.name for artifact in artifacts}
    changes = compare(artifacts, owned, {name: host.backend_of(name).read(name) for name in names})
    there = [change.name for change in changes.changes if not isinstance(change, (Create, Delete))]
    return Preview(
        changes,
        tuple(fault for backend, its in host.shared(there) for fault in backend.faults(its)),
        _current_plans(paths),
        after.plans_text if after else None,
    )


def refuse(view: Preview, target: Target, *, allow_empty: bool) -> None:
    """Raise when the changes are such that the owner cannot have meant them."""
    if view.changes.foreign:
        names = ", ".join(view.changes.foreign)
        what = f"{len(view.changes.foreign)} of the files in the way are not delcia's: {names}"
        raise DelciaError(what, slug="foreign-unit", hint="move them away, or give the plans other names")
    to_make = view.changes.to_make
    folders = [change.name for change in to_make if not isinstance(change, Create) and change.before == FOLDER]
    if folders:
        raise DelciaError(f"{folders[0]} is a folder", slug="foreign-unit", hint="move it away")
    before = plans_in(_texts_before(view.changes))
    if isinstance(target, New) and not allow_empty and before and not plans_in(_texts_after(view.changes)):
        gone = sum(isinstance(change, Delete) for change in to_make)
        files = f", {gone} unit files" if gone else ""
        what = f"no plan is left: this would remove all {len(before)} plans{files}"
        raise DelciaError(what, slug="empty-plans", hint="if you mean it, add --allow-empty")


def _current_plans(paths: Paths) -> str | None:
    """Return the applied plans as text; a damaged generation has none, so that applying again repairs it."""
    try:
        number = current_number(paths)
    except DelciaError as error:
        if error.slug == "generation-damaged":
            return ""
        raise
    return None if number is None else read(paths.generations / str(number) / "plans.json") or ""


def _texts_before(changes: Changes) -> Iterator[str]:
    for change in changes.changes:
        if isinstance(change, Keep):
            yield change.artifact.text
        elif not isinstance(change, Create):
            yield change.before or ""


def _texts_after(changes: Changes) -> Iterator[str]:
    return (change.artifact.text for change in changes.changes if not isinstance(change, Delete))
