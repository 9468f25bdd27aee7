"""The one transaction that changes a host: all of it, or nothing, whenever it is cut short."""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from delcia.core.changes import Create, Delete, Update
from delcia.errors import DelciaError
from delcia.host.files import locked, read, sync_folder, unlink, write
from delcia.host.folders import prepare
from delcia.host.generations import Content, Receipt, current_number, manifest_text, numbers, prune, receipt_text
from delcia.host.journal import Checkpoint, Journal, clear, keep, met, put, record, settle, undo
from delcia.host.machine import Host
from delcia.host.paths import Paths
from delcia.host.preview import Earlier, New, Preview, Target, concrete, preview, refuse, wanted
from delcia.host.systemd import UnitState, faults

Step = tuple[str, Callable[[], None]]


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
            refuse(host.paths, before, target, allow_empty=allow_empty)
            if before.is_empty:
                return Outcome(before, current_number(host.paths), changed=False)
            _run(host, target, after, before, checkpoint)
            prune(host.paths)
            return Outcome(before, current_number(host.paths), changed=True)


def _run(host: Host, target: Target, after: Content | None, view: Preview, checkpoint: Checkpoint) -> None:
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


def _steps(host: Host, target: Target, after: Content | None, view: Preview, number: int) -> Iterator[Step]:
    """Yield the steps in their order. Nothing that systemd or `charge` can see happens before `journal`."""
    paths, systemd, to_make = host.paths, host.systemd, view.changes.to_make
    names = [artifact.name for artifact in after.artifacts] if after else []
    timers = [name for name in names if name.endswith(".timer")]
    removed = [change.name for change in to_make if isinstance(change, Delete)]
    existed = [change.name for change in to_make if not isinstance(change, Create) and change.before is not None]
    known = concrete({*timers, *(name for name in removed if name.endswith(".timer"))})
    states = systemd.states(known)
    journal = Journal(
        touched=tuple(change.name for change in to_make),
        existed=tuple(existed),
        started=tuple(name for name, state in states.items() if _is_started(state)),
        manifest=read(paths.manifest),
        current=read(paths.current),
        made=number if isinstance(target, New) else None,
    )
    if isinstance(target, New):
        yield "stage", lambda: _stage(host, target, number)
    if after is not None:
        yield "verify", lambda: _verify(host, after)
    yield "keep", lambda: keep(paths, existed)
    yield "journal", lambda: record(paths, journal)
    stopped = [name for name in removed if name.endswith(".timer") and name in existed]
    yield "stop", lambda: systemd.disable(stopped)
    for change in to_make:
        yield f"unit {change.name}", _unit_step(paths, change)
    if isinstance(target, New):
        yield "generation", lambda: _place(paths, number)
        current: int | None = number
    else:
        current = target.number if isinstance(target, Earlier) else None
    yield "manifest", lambda: put(paths.manifest, None if after is None else manifest_text(after.artifacts), host.gid)
    # `charge` reads the new plans from here on, before a timer that starts at once can ask for them.
    yield "current", lambda: put(paths.current, None if current is None else f"{current}\n", host.gid)
    yield "enable", lambda: systemd.enable(timers)
    if to_make or any(_needs_reload(state) for state in systemd.states(concrete(names)).values()):
        yield "reload", systemd.reload
    yield "start", lambda: systemd.start(timers)
    yield "settle", lambda: settle(systemd, removed)
    yield "check", lambda: _check(host, timers)
    yield "done", lambda: unlink(paths.journal)


def _stage(host: Host, target: New, number: int) -> None:
    """Write the generation beside the others, under a name that nobody reads."""
    stage = host.paths.stage
    receipt = Receipt(number, target.applied_at, target.content.digest, target.version, target.origin)
    for folder in (stage, stage / "units"):
        folder.mkdir()
        folder.chmod(0o750)
        os.chown(folder, -1, host.gid)
    write(stage / "plans.json", target.content.plans_text, mode=0o640, gid=host.gid)
    write(stage / "receipt.json", receipt_text(receipt), mode=0o640, gid=host.gid)
    for artifact in target.content.artifacts:
        write(stage / "units" / artifact.name, artifact.text, mode=0o640, gid=host.gid)


def _verify(host: Host, after: Content) -> None:
    """Let systemd judge the files where it finds the ones they name: together, in one folder."""
    stage = host.paths.stage / "units"
    if not stage.is_dir():
        stage.mkdir(parents=True, mode=0o700)
        for artifact in after.artifacts:
            write(stage / artifact.name, artifact.text)
    if after.artifacts:
        host.systemd.verify([stage / artifact.name for artifact in after.artifacts])


def _unit_step(paths: Paths, change: Create | Update | Delete) -> Callable[[], None]:
    path = paths.units / change.name
    if isinstance(change, Delete):
        return lambda: unlink(path)
    text = change.artifact.text
    return lambda: write(path, text, mode=0o644)


def _place(paths: Paths, number: int) -> None:
    paths.stage.rename(paths.generations / str(number))
    sync_folder(paths.generations)


def _check(host: Host, timers: Iterable[str]) -> None:
    """Raise when a timer would not fire."""
    found = faults(host.systemd.states(concrete(timers)).values())
    if found:
        raise DelciaError("; ".join(found), slug="timer-check", hint="see: systemctl status 'delcia-*'")


def _needs_reload(state: UnitState) -> bool:
    """Tell whether systemd has an older idea of a unit than the disk: its text, or whether it starts at boot."""
    return state.stale or (state.name.endswith(".timer") and state.enabled != "enabled")


def _is_started(state: UnitState) -> bool:
    return state.active == "active" or state.enabled == "enabled"


@contextmanager
def _as_delcia_errors() -> Iterator[None]:
    """Turn what the file system refuses into words: a full disk is no bug of delcia's."""
    try:
        yield
    except OSError as error:
        where = f": {error.filename}" if error.filename else ""
        raise DelciaError(f"{error.strerror or error}{where}", slug="file") from error
