"""What a transaction would do to a host, and when it is refused; reads only."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from delcia.core.changes import Changes, Create, Delete, compare
from delcia.errors import DelciaError
from delcia.host.files import read
from delcia.host.generations import Content, Origin, content, current_number, manifest
from delcia.host.machine import Host
from delcia.host.paths import Paths
from delcia.host.systemd import faults


@dataclass(frozen=True, slots=True)
class New:
    """A generation to be made."""

    content: Content
    origin: Origin
    version: str
    applied_at: datetime


@dataclass(frozen=True, slots=True)
class Earlier:
    """A generation that was applied before."""

    number: int


@dataclass(frozen=True, slots=True)
class Nothing:
    """No unit of delcia's at all."""


Target = New | Earlier | Nothing


@dataclass(frozen=True, slots=True)
class Preview:
    """What a transaction would do."""

    changes: Changes
    faults: tuple[str, ...]
    """What keeps timers that are there from firing, in words."""
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
    changes = compare(artifacts, owned, {name: read(paths.units / name) for name in names})
    there = [change.name for change in changes.changes if not isinstance(change, (Create, Delete))]
    return Preview(
        changes,
        faults(host.systemd.states(concrete(there)).values()),
        _current_plans(paths),
        after.plans_text if after else None,
    )


def refuse(paths: Paths, view: Preview, target: Target, *, allow_empty: bool) -> None:
    """Raise when the changes are such that the owner cannot have meant them."""
    if view.changes.foreign:
        names = ", ".join(view.changes.foreign)
        what = f"{len(view.changes.foreign)} of the files in the way in {paths.units} are not delcia's: {names}"
        raise DelciaError(what, slug="foreign-unit", hint="move them away, or give the plans other names")
    folders = [change.name for change in view.changes.to_make if _is_folder(paths, change.name)]
    if folders:
        raise DelciaError(f"{paths.units / folders[0]} is a folder", slug="foreign-unit", hint="move it away")
    gone = [change.name for change in view.changes.changes if isinstance(change, Delete)]
    left = [change.name for change in view.changes.changes if not isinstance(change, Delete)]
    if isinstance(target, New) and not allow_empty and _plans(gone) and not _plans(left):
        what = f"no plan is left: this would remove all {_plans(gone)} plans, {len(gone)} unit files"
        raise DelciaError(what, slug="empty-plans", hint="if you mean it, add --allow-empty")


def concrete(names: Iterable[str]) -> list[str]:
    """Return the units that systemd can have: templates have no state."""
    return sorted(name for name in names if "@." not in name)


def _current_plans(paths: Paths) -> str | None:
    """Return the applied plans as text; a damaged generation has none, so that applying again repairs it."""
    try:
        number = current_number(paths)
    except DelciaError as error:
        if error.slug == "generation-damaged":
            return ""
        raise
    return None if number is None else read(paths.generations / str(number) / "plans.json") or ""


def _plans(names: Iterable[str]) -> int:
    return sum(name.startswith("delcia-plan-") and name.endswith(".timer") for name in names)


def _is_folder(paths: Paths, name: str) -> bool:
    path = paths.units / name
    return path.is_dir() and not path.is_symlink()
