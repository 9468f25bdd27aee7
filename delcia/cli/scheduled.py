"""`delcia charge NAME --scheduled` and `charge --all --scheduled`: what timers run, without a command line library.

Silent when there is nothing new; else one line a decision for the journal, with its priority in front.
"""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from delcia.cli.clock import now as clock_now
from delcia.cli.drifting import look_by_now
from delcia.cli.leaving import settled
from delcia.cli.quieting import Watch
from delcia.cli.running import Applied, applied, as_service_user, named_vehicles, run_each, worst
from delcia.errors import DelciaError, Exit
from delcia.outside.leftovers import drop_old
from delcia.runtime.job import Outcome

if TYPE_CHECKING:
    from delcia.core.request import Answer

TICK_S = 300
INFO, WARNING, ERROR = "<6>", "<4>", "<3>"


def main(argv: Sequence[str], *, plain: bool = False, begun: Callable[[Applied], None] = lambda _applied: None) -> int:
    """Run `charge` for the vehicle of a plan, or for all; return the worst exit status.

    `plain`: without priorities, for syslog. `begun` is called once the run has become the user of the service.
    """
    name, root = _arguments(list(argv[1:]))
    now = clock_now()
    host = applied(root)
    look = look_by_now(host.paths, now) if name is None else None
    as_service_user(host.paths)
    begun(host)
    if name is None:
        if not os.path.exists(f"{host.paths.state}/rules"):  # noqa: PTH110 - ticks are many, and pathlib is slow
            from delcia.cli.upgraded import tell_of_upgrade

            tell_of_upgrade(host, now)
        for answer in _spooled(host, now):
            told = f"{answer.words} [{answer.slug}]" if answer.slug else answer.words
            sys.stdout.write(f"{'' if plain else WARNING if answer.slug else INFO}{told}\n")
        for outcome in settled(host, now):
            sys.stdout.write(f"{'' if plain else _priority(outcome)}{_line(outcome)}\n")
    try:
        vehicles = named_vehicles(host.site, name)
    except DelciaError as error:
        # A timer may outlive its plan by the moment in which `apply` replaces it.
        sys.stdout.write(f"{'' if plain else WARNING}{error.message}\n")
        return Exit.OK
    # Each in turn is first: a car whose service hangs must not always use up the time of the same other one.
    first = int(now.timestamp()) // TICK_S % len(vehicles) if vehicles else 0
    vehicles = (*vehicles[first:], *vehicles[:first])
    statuses = []
    watch = Watch(host, now)
    for outcome in run_each(host, vehicles, watch.run, now):
        statuses.append(outcome.status)
        if outcome.news:
            sys.stdout.write(f"{'' if plain else _priority(outcome)}{_line(outcome)}\n")
            sys.stdout.flush()
    for said in watch.tell(everything=name is None, well=set(statuses) <= {Exit.OK}, look=look):
        sys.stdout.write(f"{'' if plain else WARNING}{said}\n")
    if watch.unkept:
        return worst([*statuses, Exit.TRY_AGAIN])
    if name is None and set(statuses) <= {Exit.OK}:
        watch.write()
    return worst(statuses)


def _arguments(words: list[str]) -> tuple[str | None, Path | None]:
    root = None
    if "--root" in words:
        at = words.index("--root")
        root = Path(words[at + 1]) if at + 1 < len(words) else None
        del words[at : at + 2]
    names = [word for word in words if word not in {"--scheduled", "--all"}]
    everything = "--all" in words
    if len(names) > 1 or everything == bool(names) or any(name.startswith("-") for name in names):
        message = "usage: delcia charge (PLAN | --all) --scheduled [--root DIR]"
        raise DelciaError(message, slug="usage", status=Exit.USAGE)
    return (names[0] if names else None), root


def _spooled(host: Applied, now: datetime) -> "Iterator[Answer]":
    """Carry out the words that wait in the spool, the oldest first; those that are being written have other names."""
    try:
        found = [Path(entry.path) for entry in os.scandir(host.paths.spool)]
    except OSError:
        return
    files = [path for path in found if path.suffix == ".json"]
    drop_old(path for path in found if path.suffix == ".new")
    if files:
        from delcia.cli.spooled import carried_out  # words wait seldom, and ticks are many

        files.sort(key=lambda file: (file.lstat().st_mtime_ns if file.exists() else 0, file.name))
        yield from carried_out(host, files, now)


def _priority(outcome: Outcome) -> str:
    if outcome.status in {Exit.OK, Exit.TRY_AGAIN}:
        return WARNING if outcome.error or (outcome.decision and outcome.decision.notice) else INFO
    return ERROR


def _line(outcome: Outcome) -> str:
    if outcome.error is None:
        return outcome.words
    hint = f"; {outcome.error.hint}" if outcome.error.hint else ""
    return f"{outcome.words} [{outcome.error.slug}]{hint}"
