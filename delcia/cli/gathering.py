"""Gathering what `status` tells, from systemd, the files and the state; the panel shows the same."""

import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta

from delcia.cli.following import following
from delcia.cli.lasttick import last_tick
from delcia.compile.generation import load
from delcia.core.model import Site
from delcia.core.timetable import live_plans, triggers_of
from delcia.core.triggers import RECONCILE, fires
from delcia.errors import DelciaError
from delcia.host.generations import Generation
from delcia.host.homes import homeless_accounts
from delcia.host.machine import Host
from delcia.host.preview import drift_of
from delcia.host.systemctl import RunningSystemd
from delcia.report.rows import VehicleRow, build
from delcia.report.status import Applied, Calls, Decided, Sent, Status, Timer, Timers, Told, Units, VehicleStatus
from delcia.store.budget import calls_left, circuit_open_until
from delcia.store.connection import Store
from delcia.store.log import last_commands, last_decisions
from delcia.store.memory import memory_of, remembered_vehicles
from delcia.store.notices import shown_notices
from delcia.store.opening import open_readonly, open_store

DECISIONS, COMMANDS = 3, 2
AHEAD = timedelta(days=400)


def gathered(host: Host, generation: Generation, now: datetime) -> Status:
    """Return all that there is to tell. Trouble with one source is told on stderr and leaves its part empty."""
    site = load(generation.plans_text)
    receipt = generation.receipt
    origin = receipt.origin
    with closing(_state(host)) as store:
        known = remembered_vehicles(store)
        memories = {name: memory_of(store, name) for name in site.vehicles if name in known}
        homeless = homeless_accounts(host.paths)
        report = build(site, memories, now, source="", plan=None, soc_pct=None, homeless=homeless)
        return Status(
            now=now,
            site=site,
            applied=Applied(
                receipt.number,
                receipt.applied_at,
                origin.source,
                origin.commit,
                origin.clean,
                origin.author,
                receipt.version,
            ),
            units=_units(host, generation),
            timers=_timers(host, generation, site, now),
            vehicles=tuple(_vehicle(store, row) for row in report.rows),
            notices=tuple(Told(item.at, item.vehicle, item.slug, item.text) for item in shown_notices(store, now)),
            calls=tuple(
                Calls(name, calls_left(store, name, now), circuit_open_until(store, name, now))
                for name in sorted({vehicle.account for vehicle in site.vehicles.values()})
            ),
            following=following(host.paths),
        )


def _state(host: Host) -> Store:
    """Return the state for reading; an empty one, and words on stderr, when it cannot be read."""
    try:
        return open_readonly(host.paths.database)
    except DelciaError as error:
        sys.stderr.write(f"{error.text()}\n")
        return open_store(None)


def _units(host: Host, generation: Generation) -> Units:
    try:
        view = drift_of(host, generation.number)
    except DelciaError as error:
        return Units(faults=(error.message,))
    return Units(view.differences, view.faults, tuple(choice.words for choice in view.choices))


def _timers(host: Host, generation: Generation, site: Site, now: datetime) -> Timers:
    """Return what systemd has waiting; without one, what it would have."""
    place = generation.receipt.place
    why = "no systemd was asked" if place is None else f"cron runs them, {place.name}"
    if place is None and isinstance(host.systemd, RunningSystemd):
        try:
            runs = host.systemd.next_runs()
            return Timers(tuple(Timer(run.timer, run.service, run.next_at, run.last_at) for run in runs))
        except DelciaError as error:
            why = error.message
    rows = [timer if place is None else _of_cron(timer, host) for timer in _computed(site, now)]
    return Timers(tuple(sorted(rows, key=lambda timer: timer.next_at or now + AHEAD)), why)


def _of_cron(timer: Timer, host: Host) -> Timer:
    """Return a timer as what cron runs in its place; of the run for all it is known when it last was."""
    name = timer.name.removeprefix("delcia-plan-").removesuffix(".timer")
    if name == "delcia-reconcile":
        return Timer("charge --all", "charge --all", timer.next_at, last_tick(host.paths))
    return Timer(f"charge {name}", f"charge {name}", timer.next_at)


def _computed(site: Site, now: datetime) -> Iterator[Timer]:
    after = now + timedelta(seconds=1)
    yield Timer("delcia-reconcile.timer", "delcia-reconcile.service", next(fires(RECONCILE, after, now + AHEAD), None))
    for plan in live_plans(site, now):
        firsts = [next(fires(trigger, after, now + AHEAD), None) for trigger in triggers_of(site, plan, now)]
        first = min((instant for instant in firsts if instant is not None), default=None)
        yield Timer(f"delcia-plan-{plan.name}.timer", f"delcia-plan-{plan.name}.service", first)


def _vehicle(store: Store, row: VehicleRow) -> VehicleStatus:
    name = row.vehicle.name
    return VehicleStatus(
        row,
        tuple(
            Decided(item.at, item.words, item.action, item.wanted) for item in last_decisions(store, name, DECISIONS)
        ),
        tuple(
            Sent(item.kind, item.sent_at, item.reason, item.outcome, item.confirmed_at)
            for item in last_commands(store, name, COMMANDS)
        ),
    )
