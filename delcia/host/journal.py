"""The journal of a transaction: what was before, written before anything is touched, so that it can be put back."""

import json
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from delcia.core.changes import file_name
from delcia.errors import DelciaError
from delcia.host.backend import Step
from delcia.host.files import TEMPORARY, read, sync_folder, unlink, write
from delcia.host.machine import Host
from delcia.host.paths import Paths

Checkpoint = Callable[[str], None]
"""Called after each step with its name; tests end the process there."""


@dataclass(frozen=True, slots=True)
class Journal:
    """What was before a transaction."""

    touched: tuple[str, ...]
    """The artifacts that it writes or removes."""
    existed: tuple[str, ...]
    """Those of them that were there; copies are kept."""
    started: tuple[str, ...]
    """The artifacts that had taken effect beyond being there: timers that ran, or would at boot."""
    manifest: str | None
    current: str | None
    made: int | None
    """The number of the generation that it adds."""
    standing: str | None = None


def keep(host: Host, names: Iterable[str]) -> None:
    """Copy the artifacts that a transaction is going to touch."""
    kept = host.paths.kept
    shutil.rmtree(kept, ignore_errors=True)
    kept.mkdir(mode=0o700)
    for name in names:
        host.backend_of(name).keep(name, kept / file_name(name))
    sync_folder(host.paths.data)


def record(paths: Paths, journal: Journal) -> None:
    """Begin a transaction: from here on it is undone unless it ends."""
    write(paths.journal, json.dumps({"schema": "delcia/journal/1", **asdict(journal)}, indent=1) + "\n", mode=0o600)


def met(paths: Paths) -> Journal | None:
    """Return the journal of a transaction that was cut short, None when there is none."""
    text = read(paths.journal)
    if text is None:
        return None
    try:
        data = json.loads(text)
        return Journal(
            touched=tuple(data["touched"]),
            existed=tuple(data["existed"]),
            started=tuple(data["started"]),
            manifest=data["manifest"],
            current=data["current"],
            made=data["made"],
            standing=data.get("standing"),
        )
    except (ValueError, KeyError, TypeError):
        hint = f"what it kept of them is in {paths.kept}; put that back and remove both, then apply again"
        raise DelciaError(f"{paths.journal} cannot be read", slug="journal-damaged", hint=hint) from None


def clear(paths: Paths) -> None:
    """Remove what is of no use without a journal."""
    for folder in (paths.kept, paths.stage, paths.trial, paths.pruned):
        if folder.exists():
            shutil.rmtree(folder)
    for leftover in paths.data.glob(f".*{TEMPORARY}"):
        leftover.unlink()


def undo(host: Host, journal: Journal, checkpoint: Checkpoint) -> None:
    """Put back what was before; may be repeated, and be cut short itself. The journal stays when somebody refuses."""
    paths = host.paths
    refusals: list[DelciaError] = []

    def ask(step: str, request: Callable[[], None]) -> None:
        try:
            request()
        except DelciaError as error:
            refusals.append(error)
        checkpoint(f"undo {step}")

    new = [name for name in journal.touched if name not in journal.existed]
    for backend, names in host.shared(new):
        ask("stop", partial(backend.stop, names))
    for name in journal.touched:
        ask(name, partial(_put_back, host, name, existed=name in journal.existed))
    earlier = ((paths.current, journal.current), (paths.standing, journal.standing), (paths.manifest, journal.manifest))
    for path, text in earlier:
        put(path, text, host.gid)
        checkpoint(f"undo {path.name}")
    if journal.made is not None:
        shutil.rmtree(paths.generations / str(journal.made), ignore_errors=True)
        checkpoint("undo generation")
    for step, request in _steps_back(host, journal):
        ask(step, request)
    for backend, names in host.shared(new):
        ask("settle", partial(backend.forget, names))
    if refusals:
        hint = "when the host answers again, run the same command to finish the way back"
        raise DelciaError("; ".join(error.message for error in refusals), slug="undo-failed", hint=hint)
    unlink(paths.journal)
    checkpoint("undo done")
    clear(paths)


def _put_back(host: Host, name: str, *, existed: bool) -> None:
    backend = host.backend_of(name)
    if existed:
        backend.put_back(name, host.paths.kept / file_name(name))
    else:
        backend.remove(name)


def _steps_back(host: Host, journal: Journal) -> Iterator[Step]:
    """Yield the steps after which everything has the effect that it had."""
    for backend, touched in host.shared(journal.touched):
        started = [name for name in journal.started if backend.owns(name) and backend.read(name) is not None]
        if touched or started:
            yield from backend.activate(started, changed=True)


def put(path: Path, text: str | None, gid: int) -> None:
    """Make a file of root's that the group may read, or with None remove it."""
    if text is None:
        unlink(path)
    else:
        write(path, text, mode=0o640, gid=gid)
