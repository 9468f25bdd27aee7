"""What follows a change of the applied plans: a car that delcia stopped, and that no plan will start, is started again.

That is said before the change is made, and done after it.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime

import click

from delcia.car.protocol import Car
from delcia.cli.leaving import Left, left_behind, settle_later
from delcia.cli.running import Applied, as_service_user, run_each
from delcia.compile.generation import load
from delcia.core.model import Site, Vehicle
from delcia.errors import DelciaError, Exit
from delcia.host.paths import Paths
from delcia.runtime.charge import explain, leave
from delcia.runtime.job import Job
from delcia.store.opening import open_readonly


def after_change(paths: Paths, before: str | None, after: str | None, now: datetime) -> None:
    """Bring cars in order that the plans `before` (JSON text, None: there were none) leave behind under `after`."""
    left = _left(paths, before, after)
    if before is None or left is None:
        return

    def let_go() -> None:
        if not _let_go(paths, *left, now) and after is not None:
            settle_later(paths, before, now)

    as_owner_of_state(paths, let_go)


def starts(paths: Paths, before: str | None, after: str | None, now: datetime) -> Iterator[str]:
    """Yield a line for each car that will be started again, by what is remembered of it: no car is asked."""
    left = _left(paths, before, after)
    if left is None:
        return
    site, vehicles = left
    try:
        store = open_readonly(paths.database)
    except DelciaError:
        return
    with closing(store):
        for vehicle in vehicles:
            decision = explain(Job(site, vehicle, store, _unasked), now).decision
            if decision is not None and decision.action == "start" and decision.slug == "let-go":
                yield f"start   vehicle {vehicle.name}  (delcia stopped its charge, and it is plugged in)"


def _unasked() -> Car:
    msg = "a car was to be asked where nothing is done"
    raise ValueError(msg)


def settle_after(paths: Paths, before: str | None, after: str, now: datetime) -> None:
    """Have the next run bring those cars in order: who applies what was pulled has no network."""
    if before and _left(paths, before, after) is not None:
        as_owner_of_state(paths, lambda: settle_later(paths, before, now))


def _left(paths: Paths, before: str | None, after: str | None) -> Left | None:
    """Return the cars that are left behind; None when there are none, or when nothing can be read of before."""
    if not before or not paths.database.exists():
        return None
    try:
        old = load(before)
    except DelciaError:
        return None
    left = left_behind(old, None if after is None else load(after))
    return left if left[1] else None


def as_owner_of_state(paths: Paths, work: Callable[[], None]) -> None:
    """Do some work on the state as the service's user: what root writes there, the service could not write any more."""
    if os.geteuid() != 0 or paths.root is not None:
        work()
        return
    child = os.fork()
    if child == 0:
        try:
            as_service_user(paths)
            work()
        finally:
            os._exit(Exit.OK)
    os.waitpid(child, 0)


def _let_go(paths: Paths, site: Site, vehicles: tuple[Vehicle, ...], now: datetime) -> bool:
    """Return whether every car could be left as it should be; say which could not."""
    well = True
    for outcome in run_each(Applied(paths, site, 0, in_the_clear=True), vehicles, lambda job: leave(job, now), now):
        if outcome.error is not None:
            well = False
            click.echo(f"{outcome.words} [{outcome.error.slug}]; is it charging as you wish?", err=True)
        elif outcome.decision is not None and outcome.decision.action != "none":
            click.echo(outcome.words)
        elif outcome.decision is not None and outcome.decision.slug == "just-changed":
            click.echo(f"{outcome.vehicle}: stopped by delcia less than 10 min ago: start it in its app", err=True)
    return well
