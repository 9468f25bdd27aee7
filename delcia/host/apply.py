"""The one transaction that changes a host: all of it, or nothing, whenever it is cut short."""

import errno
import os
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from delcia.core.changes import Create, Delete, Update, file_name
from delcia.errors import DelciaError
from delcia.host.backend import Backend, Step
from delcia.host.files import locked, read, sync_folder, unlink, write
from delcia.host.folders import prepare
from delcia.host.generations import Receipt, current_number, manifest_text, numbers, prune, receipt_text
from delcia.host.journal import Checkpoint, Journal, clear, keep, met, put, record, undo
from delcia.host.machine import Host
from delcia.host.paths import Paths
from delcia.host.preview import Earlier, New, Preview, Stand, Target, Wanted, preview, refuse, wanted
from delcia.host.standing import standing_text

WAYS_OUT = {
    errno.ENOSPC: "free some space, then run the same command again",
    errno.EDQUOT: "free some space, then run the same command again",
    errno.EROFS: "make it writable (mount -o remount,rw); a card or disk that fails often becomes read-only: see dmesg",
    errno.EACCES: "run it as root: sudo",
    errno.EBUSY: "in a container, mount the folder that holds this file, not the file itself",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a transaction did; `number` is the generation that is applied now."""

    preview: Preview
    number: int | None
    changed: bool


def recover(host: Host, checkpoint: Checkpoint = lambda _step: None) -> bool:
    """Undo a transaction that was cut short, and tell whether there was one."""
    if met(host.paths) is None:
        return False
    with _as_delcia_errors(), locked(host.paths.lock):
        journal = met(host.paths)
        if journal is not None:
            undo(host, journal, checkpoint)
        return journal is not None


def apply(
    host: Host, target: Target, *, allow_empty: bool = False, checkpoint: Checkpoint = lambda _step: None
) -> Outcome:
    """Bring the host to the target. Any failure, and any crash once `recover` has run, leaves it as it was."""
    with _as_delcia_errors():
        prepare(host.paths, host.owner)
        with locked(host.paths.lock):
            if (journal := met(host.paths)) is not None:
                undo(host, journal, checkpoint)
            clear(host.paths)
            after = wanted(host.paths, target)
            before = preview(host, after)
            refuse(before, target, allow_empty=allow_empty)
            if before.is_empty:
                return Outcome(before, current_number(host.paths), changed=False)
            _run(host, target, after, before, checkpoint)
            prune(host.paths)
            return Outcome(before, current_number(host.paths), changed=True)


def _run(host: Host, target: Target, after: Wanted, view: Preview, checkpoint: Checkpoint) -> None:
    """Do all steps; when one fails, put back what was before."""
    number = max(numbers(host.paths), default=0) + 1
    try:
        for name, step in _steps(host, target, after, view, number):
            step()
            checkpoint(name)
    except BaseException as error:
        if (journal := met(host.paths)) is None:
            clear(host.paths)
            raise
        try:
            undo(host, journal, checkpoint)
        except DelciaError as second:
            both = f"{error}; and on the way back: {second.message}"
            raise DelciaError(both, slug=second.slug, hint=second.hint) from error
        if isinstance(error, DelciaError):
            back = f"{error.message}; all was put back as before"
            raise DelciaError(back, slug=error.slug, hint=error.hint, status=error.status) from error
        raise
    clear(host.paths)


def _steps(host: Host, target: Target, after: Wanted, view: Preview, number: int) -> Iterator[Step]:
    """Yield the steps in their order. Nothing that the host or `charge` can see happens before `journal`."""
    paths, to_make = host.paths, view.changes.to_make
    names = [artifact.name for artifact in after.artifacts]
    working = [name for name in names if name not in view.resting]
    removed = [change.name for change in to_make if isinstance(change, Delete)]
    existed = [change.name for change in to_make if not isinstance(change, Create) and change.before is not None]
    journal = Journal(
        touched=tuple(change.name for change in to_make),
        existed=tuple(existed),
        started=tuple(name for backend, its in host.shared([*working, *removed]) for name in backend.started(its)),
        manifest=read(paths.manifest),
        current=read(paths.current),
        standing=read(paths.standing),
        made=number if isinstance(target, New) else None,
    )
    if isinstance(target, New):
        yield "stage", lambda: _stage(host, target, number)
    if names:
        yield "verify", lambda: _verify(host, after, journal.touched)
    yield "keep", lambda: keep(host, existed)
    yield "journal", lambda: record(paths, journal)
    for backend, its in host.shared(name for name in removed if name in existed):
        yield "stop", partial(backend.stop, its)
    for change in to_make:
        yield f"unit {change.name}", _change_step(host.backend_of(change.name), change)
    if isinstance(target, New):
        yield "generation", lambda: _place(paths, number)
    yield "manifest", lambda: put(paths.manifest, manifest_text(after.artifacts) if names else None, host.gid)
    if view.standing_changes:
        yield "standing", lambda: put(paths.standing, standing_text(after.standing), host.gid)
    # `charge` reads the new plans from here on, before a timer that starts at once can ask for them.
    if not isinstance(target, Stand):
        current = number if isinstance(target, New) else target.number if isinstance(target, Earlier) else None
        yield "current", lambda: put(paths.current, None if current is None else f"{current}\n", host.gid)
    for backend, its in host.shared(working):
        yield from backend.activate(its, changed=any(backend.owns(name) for name in journal.touched))
    for backend, its in host.shared(removed):
        yield "settle", partial(backend.forget, its)
    fresh = journal.touched if isinstance(target, New) else ()
    yield "check", lambda: _check(host, working, fresh)
    yield "done", lambda: unlink(paths.journal)


def _stage(host: Host, target: New, number: int) -> None:
    """Write the generation beside the others, under a name that nobody reads."""
    stage = host.paths.stage
    receipt = Receipt(number, target.applied_at, target.content.digest, target.version, target.origin, target.place)
    for folder in (stage, stage / "units"):
        folder.mkdir()
        folder.chmod(0o750)
        os.chown(folder, -1, host.gid)
    write(stage / "plans.json", target.content.plans_text, mode=0o640, gid=host.gid)
    write(stage / "receipt.json", receipt_text(receipt), mode=0o640, gid=host.gid)
    for artifact in target.content.artifacts:
        write(stage / "units" / file_name(artifact.name), artifact.text, mode=0o640, gid=host.gid)


def _verify(host: Host, after: Wanted, fresh: Collection[str]) -> None:
    """Let each back end judge its artifacts, as files: those in the stage, and the others beside it."""
    stage, trial = host.paths.stage / "units", host.paths.trial
    staged = {}
    for artifact in after.artifacts:
        staged[artifact.name] = stage / file_name(artifact.name)
        if not staged[artifact.name].exists():
            trial.mkdir(mode=0o700, exist_ok=True)
            staged[artifact.name] = trial / file_name(artifact.name)
            write(staged[artifact.name], artifact.text)
    for backend, names in host.shared(staged):
        if names:
            backend.verify({name: staged[name] for name in names}, fresh)


def _change_step(backend: Backend, change: Create | Update | Delete) -> Callable[[], None]:
    if isinstance(change, Delete):
        return partial(backend.remove, change.name)
    return partial(backend.write, change.name, change.artifact.text)


def _place(paths: Paths, number: int) -> None:
    paths.stage.rename(paths.generations / str(number))
    sync_folder(paths.generations)


def _check(host: Host, names: Iterable[str], fresh: Collection[str]) -> None:
    """Raise when something that was applied would not have its effect; plans of an earlier day may be over by now."""
    found = [fault for backend, its in host.shared(names) for fault in backend.faults(its, fresh)]
    if found:
        raise DelciaError("; ".join(found), slug="timer-check", hint="see: systemctl status 'delcia-*'")


@contextmanager
def _as_delcia_errors() -> Iterator[None]:
    """Turn what the file system refuses into words: a full disk is no bug of delcia's."""
    try:
        yield
    except OSError as error:
        where = f": {error.filename}" if error.filename else ""
        hint = WAYS_OUT.get(error.errno or 0, "")
        raise DelciaError(f"{error.strerror or error}{where}", slug="file", hint=hint) from error
