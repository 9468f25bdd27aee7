"""What a run is composed of on a host: the applied plans, the state, the lock, and the car behind each vehicle."""

import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from delcia.car.protocol import Car
from delcia.cli.places import host_paths
from delcia.compile.generation import is_of_0_1, load
from delcia.core.model import Site, Vehicle
from delcia.errors import DelciaError, Exit
from delcia.host.generations import current_generation
from delcia.host.paths import Paths, in_service
from delcia.host.uptime import booted_at
from delcia.runtime.job import Job, Outcome
from delcia.store.connection import Store
from delcia.store.lock import vehicle_lock
from delcia.store.notices import queue_notice
from delcia.store.opening import open_store, open_unkept

BEGUN_WITHIN_S = 100.0
"""A run has 300 s, and one vehicle may need two questions and an order of 90 s each, less what they share."""
UNWRITABLE = frozenset({"state-failed", "state-read-only"})
GRAVITY = (Exit.BUG, Exit.BROKEN, Exit.LOGIN, Exit.UNAVAILABLE, Exit.TRY_AGAIN, Exit.OK)
"""Worst first: of several vehicles the worst ending wins."""


@dataclass(frozen=True, slots=True)
class Applied:
    """What was applied on this host: the site and its generation's number.

    `in_the_clear`: a charger's web address on the internet may be a plain one. 0.1 took those: until the next `apply`
    refuses them, and wherever something is given back, they are asked as before.
    """

    paths: Paths
    site: Site
    number: int
    in_the_clear: bool = False


def applied(root: Path | None) -> Applied:
    """Return what was applied. Raises `nothing-applied`."""
    paths = in_service(host_paths(root), os.environ)
    found = current_generation(paths)
    if found is None:
        hint = "run: delcia apply DIR"
        raise DelciaError("nothing is applied on this host", slug="nothing-applied", hint=hint, status=Exit.BROKEN)
    return Applied(paths, load(found.plans_text), found.number, in_the_clear=is_of_0_1(found.plans_text))


def named_vehicles(site: Site, name: str | None) -> tuple[Vehicle, ...]:
    """Return the vehicle of a plan, or the vehicle of that name; all vehicles for None. Raises `unknown-name`."""
    if name is None:
        return tuple(vehicle for _, vehicle in sorted(site.vehicles.items()))
    if name in site.plans:
        return (site.vehicles[site.plans[name].vehicle],)
    if name in site.vehicles:
        return (site.vehicles[name],)
    known = ", ".join([*sorted(site.plans), *sorted(site.vehicles)]) or "none"
    message = f"no plan or vehicle '{name}' is applied on this host"
    raise DelciaError(message, slug="unknown-name", hint=f"there are: {known}", status=Exit.BROKEN)


def as_service_user(paths: Paths) -> None:
    """Become the user of the service when root, so that nothing in the state is ever root's."""
    if os.geteuid() != 0 or paths.root is not None:
        return
    import pwd

    try:
        entry = pwd.getpwnam("delcia")
    except KeyError:
        return
    os.setgroups([])
    os.setgid(entry.pw_gid)
    os.setuid(entry.pw_uid)
    os.umask(0o027)


def run_each(
    host: Applied, vehicles: tuple[Vehicle, ...], work: Callable[[Job], Outcome], now: datetime
) -> Iterator[Outcome]:
    """Yield how `work` ended for each vehicle, one after the other; one's trouble does not keep the next from its turn.

    What is not begun within `BEGUN_WITHIN_S` waits for the next run: systemd gives one run five minutes.
    """
    began = time.monotonic()
    for vehicle in vehicles:
        if time.monotonic() - began > BEGUN_WITHIN_S:
            error = DelciaError("no time was left in this run", slug="no-time", status=Exit.TRY_AGAIN)
            yield Outcome(vehicle.name, error.status, f"{vehicle.name}: {error.message}", None, news=True, error=error)
            continue
        outcome = _ran(host, vehicle, work, now)
        if outcome.error is not None and outcome.error.slug in UNWRITABLE:
            # The disk fails: that must not keep a car from being charged.
            outcome = _ran(host, vehicle, work, now, _unkept)
        yield outcome


def _unkept(path: Path) -> Store:
    return open_unkept(path, "the disk fails")


def _ran(
    host: Applied,
    vehicle: Vehicle,
    work: Callable[[Job], Outcome],
    now: datetime,
    opened: Callable[[Path], Store] = open_store,
) -> Outcome:
    """Return how `work` ended for one vehicle, with its state as it is opened."""
    try:
        with _job(host, vehicle, now, opened) as job:
            outcome = work(job)
        if outcome.error is not None and outcome.error.slug == "state-damaged":
            # Found in the middle of the run: the store that was open is gone, a fresh one lies there.
            with closing(open_store(host.paths.database)) as store:
                _keep_damage([outcome.error], store, now)
    except DelciaError as error:
        words = f"{vehicle.name}: {error.message}"
        return Outcome(vehicle.name, error.status, words, None, news=True, error=error)
    except Exception as cause:  # noqa: BLE001 - the next car must have its turn, whatever happens here
        from delcia.cli.ending import bug

        found = DelciaError("a bug in delcia", slug="bug", hint="report what stands on stderr", status=bug(cause))
        return Outcome(vehicle.name, found.status, f"{vehicle.name}: {found.message}", None, news=True, error=found)
    return outcome


def worst(statuses: list[Exit]) -> Exit:
    """Return the gravest of some endings."""
    return next((status for status in GRAVITY if status in statuses), max(statuses, default=Exit.OK))


@contextmanager
def _job(host: Applied, vehicle: Vehicle, now: datetime, opened: Callable[[Path], Store]) -> Iterator[Job]:
    with vehicle_lock(host.paths.state, vehicle.name):
        store = opened(host.paths.database)
        try:
            _keep_damage(store.remarks, store, now)
            yield Job(
                host.site,
                vehicle,
                store,
                lambda: open_car(host, vehicle, now),
                _home(host, vehicle),
                lambda name, on: _switch(host, name, on=on),
                None if "DELCIA_NOW" in os.environ else booted_at(now),  # that clock tells nothing of this machine
            )
        finally:
            _tell(store)
            store.close()


def _keep_damage(found: Iterable[DelciaError], store: Store, now: datetime) -> None:
    """Let `status` show that the state was lost: nobody reads the journal of that run."""
    for error in found:
        if error.slug == "state-damaged":
            queue_notice(store, "", error.slug, f"{error.message}; {error.hint}", now)


def open_car(host: Applied, vehicle: Vehicle, now: datetime) -> Car:
    """Connect to the car behind a vehicle."""
    if vehicle.driver == "simulated":
        from delcia.car.simulated import simulated_at

        plans = host.site.plans_of(vehicle.name)
        charger = host.site.chargers[plans[0].charger if plans else min(host.site.chargers)]
        file = host.paths.state / f"car-{vehicle.name}.json"
        return simulated_at(file, vehicle.battery, charger, host.site.timezone, now, _home(host, vehicle) or (0.0, 0.0))
    from delcia.car.renault import connect
    from delcia.host.credentials import load as load_access

    access = load_access(host.paths, vehicle.account)
    account = host.site.accounts.get(vehicle.account)
    return connect(
        vehicle,
        access,
        locale=account.locale if account else "fr_FR",
        cache_folder=host.paths.cache,
        base_url=os.environ.get("DELCIA_RENAULT_URL"),
    )


def _switch(host: Applied, name: str, *, on: bool) -> None:
    """Give power to a charger, or take it, by the commands of this host."""
    from delcia.car.charger import switch
    from delcia.host.settings import switch_of

    switch(switch_of(host.paths, name, in_the_clear=host.in_the_clear), on=on)


def _home(host: Applied, vehicle: Vehicle) -> tuple[float, float] | None:
    """Return the home's coordinates: from the plans, else from what `login` stored on the host for any account."""
    home = host.site.home
    if home is not None and home.latitude is not None and home.longitude is not None:
        return home.latitude, home.longitude
    if vehicle.driver == "simulated":
        return 0.0, 0.0
    from delcia.host.credentials import home_of
    from delcia.host.homes import note_home

    found = home_of(host.paths, vehicle.account)
    note_home(host.paths, vehicle.account, known=found is not None)
    return (found.latitude, found.longitude) if found is not None else None


def _tell(store: Store) -> None:
    import sys

    for remark in store.remarks:
        sys.stderr.write(f"{remark.text()}\n")
