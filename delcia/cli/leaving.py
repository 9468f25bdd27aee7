"""Cars that no plan speaks of any more: settled at once where there is a network, else by the next run for all cars.

What waits is a file beside the state: the plans that were left, and since when. A run tries each until it is done, or
a day has gone by; a car that has plans again is none of them.
"""

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from delcia.cli.running import Applied, run_each
from delcia.compile.generation import load
from delcia.core.model import Site, Vehicle
from delcia.errors import DelciaError
from delcia.host.files import drop_temporaries, read, unlink, write
from delcia.host.paths import Paths
from delcia.runtime.charge import leave
from delcia.runtime.job import Job, Outcome
from delcia.store.memory import memory_of
from delcia.store.notices import queue_notice

PATIENCE = timedelta(days=1)

Left = tuple[Site, tuple[Vehicle, ...]]
"""A site without the plans of some vehicles, and these."""


def left_behind(old: Site, new: Site | None) -> Left:
    """Return the vehicles that had plans and have none any more, and the old site without those plans."""
    left = [name for name in old.vehicles if old.plans_of(name) and not (new and new.plans_of(name))]
    site = replace(old, plans={name: plan for name, plan in old.plans.items() if plan.vehicle not in left})
    return site, tuple(old.vehicles[name] for name in sorted(left))


def settle_later(paths: Paths, before: str, now: datetime) -> None:
    """Have the next run for all cars settle those that the plans `before` (JSON text) had and others now have not."""
    waiting = _waiting(paths)
    if not any(entry.get("plans") == before for entry in waiting):
        _put(paths, [*waiting, {"since": now.isoformat(), "plans": before}])


def settled(host: Applied, now: datetime) -> Iterator[Outcome]:
    """Settle what waits, and yield how it ended for each car."""
    waiting = _waiting(host.paths)
    if not waiting:
        return
    done = []
    for entry in waiting:
        try:
            site, vehicles = left_behind(load(entry["plans"]), host.site)
            is_young = now - datetime.fromisoformat(entry["since"]) < PATIENCE
        except (DelciaError, KeyError, TypeError, ValueError):
            done.append(entry)
            continue
        work = partial(_leave, now=now, last=not is_young)
        outcomes = list(run_each(Applied(host.paths, site, 0, in_the_clear=True), vehicles, work, now))
        if not is_young or all(outcome.error is None for outcome in outcomes):
            done.append(entry)
        yield from outcomes
    # A sync may have added to them meanwhile.
    _put(host.paths, [entry for entry in _waiting(host.paths) if entry not in done])


def _leave(job: Job, now: datetime, *, last: bool) -> Outcome:
    """Settle one car; when it is not tried again, tell its owner what stays changed in it."""
    outcome = leave(job, now)
    if last and outcome.error is not None and memory_of(job.store, job.vehicle.name).loans:
        words = f"{outcome.words}; look in its app, and at its charger"
        queue_notice(job.store, job.vehicle.name, "not-given-back", words, now)
    return outcome


def _file(paths: Paths) -> Path:
    return paths.state / "left.json"


def _waiting(paths: Paths) -> list[dict[str, Any]]:
    with suppress(ValueError, DelciaError):
        data = json.loads(read(_file(paths)) or "[]")
        return [entry for entry in data if isinstance(entry, dict)] if isinstance(data, list) else []
    return []


def _put(paths: Paths, waiting: list[dict[str, Any]]) -> None:
    drop_temporaries(_file(paths))
    if waiting:
        write(_file(paths), json.dumps(waiting) + "\n", mode=0o640)
    else:
        unlink(_file(paths))
