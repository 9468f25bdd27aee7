"""The journal of a transaction: what was before, written before anything is touched, so that it can be put back."""

import json
import shutil
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from delcia.errors import DelciaError
from delcia.host.files import TEMPORARY, copy, drop_temporaries, read, sync_folder, unlink, write
from delcia.host.machine import Host
from delcia.host.paths import Paths
from delcia.host.systemd import Systemd

Checkpoint = Callable[[str], None]
"""Called after each step with its name; tests end the process there."""


@dataclass(frozen=True, slots=True)
class Journal:
    """What was before a transaction."""

    touched: tuple[str, ...]
    """The unit files that it writes or removes."""
    existed: tuple[str, ...]
    """Those of them that were there; copies are kept."""
    started: tuple[str, ...]
    """The timers that ran, or would at boot."""
    manifest: str | None
    current: str | None
    made: int | None
    """The number of the generation that it adds."""


def keep(paths: Paths, names: Iterable[str]) -> None:
    """Copy the unit files that a transaction is going to touch."""
    shutil.rmtree(paths.kept, ignore_errors=True)
    paths.kept.mkdir(mode=0o700)
    for name in names:
        copy(paths.units / name, paths.kept / name)
    sync_folder(paths.data)


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
        )
    except (ValueError, KeyError, TypeError):
        hint = f"what it kept of the units is in {paths.kept}; put that back and remove both, then apply again"
        raise DelciaError(f"{paths.journal} cannot be read", slug="journal-damaged", hint=hint) from None


def clear(paths: Paths) -> None:
    """Remove what is of no use without a journal."""
    for folder in (paths.kept, paths.stage):
        if folder.exists():
            shutil.rmtree(folder)
    for leftover in paths.data.glob(f".*{TEMPORARY}"):
        leftover.unlink()


def undo(host: Host, journal: Journal, checkpoint: Checkpoint) -> None:
    """Put back what was before; may be repeated, and be cut short itself. The journal stays when systemd refuses."""
    paths, systemd = host.paths, host.systemd
    refusals: list[DelciaError] = []

    def ask(step: str, request: Callable[[], None]) -> None:
        try:
            request()
        except DelciaError as error:
            refusals.append(error)
        checkpoint(f"undo {step}")

    new = [name for name in journal.touched if name not in journal.existed]
    ask("stop", lambda: systemd.disable([name for name in _timers(new) if (paths.units / name).exists()]))
    for name in journal.touched:
        drop_temporaries(paths.units / name)
        if name in journal.existed:
            copy(paths.kept / name, paths.units / name)
        else:
            unlink(paths.units / name)
        checkpoint(f"undo {name}")
    for path, text in ((paths.current, journal.current), (paths.manifest, journal.manifest)):
        put(path, text, host.gid)
        checkpoint(f"undo {path.name}")
    if journal.made is not None:
        shutil.rmtree(paths.generations / str(journal.made), ignore_errors=True)
        checkpoint("undo generation")
    started = [name for name in journal.started if (paths.units / name).exists()]
    ask("enable", lambda: systemd.enable(started))
    ask("reload", systemd.reload)
    ask("start", lambda: systemd.start(started))
    ask("settle", lambda: settle(systemd, new))
    if refusals:
        hint = "the files are as before; when systemd answers again, run the same command to finish the way back"
        raise DelciaError("; ".join(error.message for error in refusals), slug="undo-failed", hint=hint)
    unlink(paths.journal)
    checkpoint("undo done")
    clear(paths)


def put(path: Path, text: str | None, gid: int) -> None:
    """Make a file of root's that the group may read, or with None remove it."""
    if text is None:
        unlink(path)
    else:
        write(path, text, mode=0o640, gid=gid)


def settle(systemd: Systemd, removed: Iterable[str]) -> None:
    """Let systemd forget the failures of units that are no more; what runs of them goes on."""
    instances = [name.replace("@.", "@*.") for name in removed if "@." in name]
    states = systemd.states([name for name in removed if "@." not in name])
    systemd.reset_failed([*instances, *(name for name, state in states.items() if state.active == "failed")])


def _timers(names: Iterable[str]) -> list[str]:
    return [name for name in names if name.endswith(".timer")]
