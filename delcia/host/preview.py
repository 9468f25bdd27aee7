"""What a transaction would do to a host, and when it is refused; reads only."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from delcia.core.changes import Artifact, Changes, Create, Delete, Keep, compare, plans_in
from delcia.errors import DelciaError
from delcia.host.backend import Choice
from delcia.host.cronplaces import CronPlace
from delcia.host.files import FOLDER, read
from delcia.host.generations import Content, Origin, content, current_number, manifest
from delcia.host.machine import Host
from delcia.host.paths import Paths
from delcia.host.standing import Standing, standing, standing_text
from delcia.host.units import DISABLED, LASTING, MASK


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
class Stand:
    """The plans as they are, and this beside them."""

    standing: Standing


@dataclass(frozen=True, slots=True)
class Nothing:
    """No artifact of delcia's at all."""


Target = New | Earlier | Stand | Nothing


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a target puts on the host: a generation's content, None when there is none, and what stands beside it."""

    content: Content | None = None
    standing: Standing = field(default_factory=dict)

    @property
    def artifacts(self) -> tuple[Artifact, ...]:
        """All of both."""
        own = self.content.artifacts if self.content else ()
        return (*own, *(artifact for its in self.standing.values() for artifact in its))


@dataclass(frozen=True, slots=True)
class Preview:
    """What a transaction would do."""

    changes: Changes
    faults: tuple[str, ...]
    """What keeps artifacts that are there from having their effect, in words."""
    plans_before: str | None
    plans_after: str | None
    standing_changes: bool = False
    """Whether something is switched on or off."""
    choices: tuple[Choice, ...] = ()
    """What the owner of the host decided about artifacts, which stays."""

    @property
    def differences(self) -> tuple[tuple[str, str], ...]:
        """The artifacts that are not as wanted, and how."""
        changes = ((change.name, change.drift or "differs from what was applied") for change in self.changes.to_make)
        return (*changes, *((name, "is in the way, and not delcia's") for name in self.changes.foreign))

    @property
    def amiss(self) -> tuple[str, ...]:
        """All that is not as wanted, in words."""
        return (*(f"{name} {how}" for name, how in self.differences), *self.faults)

    @property
    def resting(self) -> frozenset[str]:
        """The artifacts that are to have no effect."""
        return frozenset(choice.name for choice in self.choices if choice.rests)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to do."""
        busy = self.changes.to_make or self.changes.foreign or self.faults or self.standing_changes
        return not busy and self.plans_before == self.plans_after


def wanted(paths: Paths, target: Target) -> Wanted:
    """Return what a target puts on the host."""
    match target:
        case New():
            return Wanted(target.content, standing(paths))
        case Earlier():
            return Wanted(content(paths, target.number), standing(paths))
        case Stand():
            number = current_number(paths)
            return Wanted(None if number is None else content(paths, number), target.standing)
        case Nothing():
            return Wanted()


def preview(host: Host, after: Wanted, hidden: Collection[str] = ()) -> Preview:
    """Return what would change on the host; reads only, and of the artifacts `hidden` nothing."""
    paths = host.paths
    artifacts = tuple(artifact for artifact in after.artifacts if artifact.name not in hidden)
    owned = {name: digest for name, digest in manifest(paths).items() if name not in hidden}
    texts = {artifact.name: artifact.text for artifact in artifacts}
    disk = {name: host.backend_of(name).read(name) for name in owned.keys() | texts.keys()}
    choices = _choices(host, after, owned)
    masked = {choice.name for choice in choices if choice.rests and disk[choice.name] == MASK}
    kept = {name: text for name, text in owned.items() if name in texts or disk[name] != MASK}
    changes = compare(artifacts, kept, {**disk, **{name: texts[name] for name in masked}})
    resting = {choice.name for choice in choices if choice.rests}
    there = [
        change.name
        for change in changes.changes
        if not isinstance(change, (Create, Delete)) and change.name not in resting
    ]
    return Preview(
        changes,
        tuple(fault for backend, its in host.shared(there) for fault in backend.faults(its)),
        _current_plans(paths),
        after.content.plans_text if after.content else None,
        read(paths.standing) != standing_text(after.standing),
        choices,
    )


def drift_of(host: Host, number: int) -> Preview:
    """Return what would bring the host back to a generation that is applied."""
    return preview(host, wanted(host.paths, Earlier(number)))


def visible_drift_of(host: Host, number: int) -> Preview:
    """Return the same as far as this user may see it: a crontab of busybox's only root may read."""
    after = wanted(host.paths, Earlier(number))
    names = {artifact.name for artifact in after.artifacts} | manifest(host.paths).keys()
    return preview(host, after, {name for name in names if not _is_visible(host, name)})


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


def _is_visible(host: Host, name: str) -> bool:
    try:
        host.backend_of(name).read(name)
    except PermissionError:
        return False
    except DelciaError as error:
        if error.slug != "not-allowed":
            raise
        return False
    return True


def _choices(host: Host, after: Wanted, owned: Mapping[str, str]) -> tuple[Choice, ...]:
    """Return what the owner decided about what is wanted.

    A unit that is new is enabled by nobody yet; where none of them is, they never were: their files were written while
    this systemd did not run. What stands beside the plans is switched off by delcia's own commands: there only a mask
    counts.
    """
    own = {artifact.name for artifact in after.content.artifacts} & owned.keys() if after.content else set()
    names = [artifact.name for artifact in after.artifacts]
    found = [choice for backend, its in host.shared(names) for choice in backend.choices(its)]
    disabled = {choice.name for choice in found if choice.how == DISABLED} & own
    if all(name in disabled for name in own if name.endswith(LASTING)):
        disabled = set()
    return tuple(choice for choice in found if choice.how != DISABLED or choice.name in disabled)


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
