"""`delcia doctor`: look for what could keep the car from charging."""

import json
import os
import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from delcia.cli.clock import now as clock_now
from delcia.cli.diagnosis import findings
from delcia.cli.hosts import agree, host_to_see, root_option, yes_option
from delcia.cli.running import Applied, applied, as_service_user, run_each
from delcia.core.model import Site, Vehicle
from delcia.errors import DelciaError, Exit
from delcia.host.finding import Finding
from delcia.report.counts import levels
from delcia.runtime.job import Job, Outcome

if TYPE_CHECKING:
    from delcia.runtime.trial import Tried

SCHEMA = "delcia/doctor/1"
COLOURS = {"ok": "green", "warning": "yellow", "error": "red"}


@click.command(epilog="Example: sudo delcia doctor")
@click.option("--json", "as_json", is_flag=True, help="Print JSON (schema delcia/doctor/1).")
@click.option("--offline", is_flag=True, help="Do not ask Renault.")
@click.option("--live", is_flag=True, help="Also start and stop a car once, and say what it did.")
@click.option("--vehicle", help="Which car --live is about, where there are several.")
@yes_option
@root_option
def command(*, as_json: bool, offline: bool, live: bool, vehicle: str | None, yes: bool, root: Path | None) -> int:
    """Look for what could keep the car from charging, and say how to mend it.

    Looks at the host, what was applied, the login and, unless --offline, the cars at Renault. Changes nothing, except
    that --live makes the car charge for some minutes. Exits 1 when there is an error.
    """
    now = clock_now()
    host = host_to_see(root)
    found: list[Finding] = []
    for finding in findings(host, now, offline=offline):
        found.append(finding)
        if not as_json:
            _show(finding)
    if live:
        on_host = applied(root)
        car = _chosen(on_host.site, vehicle)
        agree(f"start '{car.name}' and stop it again? It takes up to 12 min", yes=yes)
        for finding in _live(on_host, car):
            found.append(finding)
            if not as_json:
                _show(finding)
    if as_json:
        instant = now.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        data = {"schema": SCHEMA, "now": instant, "findings": [asdict(finding) for finding in found]}
        click.echo(json.dumps(data, indent=2))
    errors = sum(finding.level == "error" for finding in found)
    warnings = sum(finding.level == "warning" for finding in found)
    click.echo(levels(errors, warnings), err=True)
    return Exit.PROBLEMS if errors else Exit.OK


def _show(finding: Finding) -> None:
    level = click.style(f"{finding.level:<8}", fg=COLOURS[finding.level])
    click.echo(f"{level} {finding.check:<12} {finding.message}")
    if finding.hint:
        click.echo(f"{'':<8} {'':<12} hint: {finding.hint}")


def _chosen(site: Site, name: str | None) -> Vehicle:
    """Return the vehicle that is meant: the named one, or the only one."""
    known = ", ".join(sorted(site.vehicles))
    if name is None and len(site.vehicles) == 1:
        return next(iter(site.vehicles.values()))
    if name is None or name not in site.vehicles:
        message = "name the vehicle: --vehicle" if name is None else f"no vehicle '{name}' is applied on this host"
        raise DelciaError(message, slug="unknown-name", hint=f"there are: {known}", status=Exit.USAGE)
    return site.vehicles[name]


def _live(host: Applied, vehicle: Vehicle) -> list[Finding]:
    """Try a car, under its lock and as the user who owns the state."""
    from delcia.runtime.trial import trial

    name = vehicle.name
    if not (vehicle.control.start and vehicle.control.stop):
        hint = "nothing is wrong: delcia charges it by other means, see 'delcia report'"
        return [Finding("live", "warning", f"'{name}' cannot be both started and stopped from afar", hint)]
    as_service_user(host.paths)
    clock, wait = _clock()
    found: list[Finding] = []

    def work(job: Job) -> Outcome:
        found.extend(_told(name, tried) for tried in trial(job, clock, wait))
        return Outcome(name, Exit.OK, "", None, news=False)

    ended = [outcome.error for outcome in run_each(host, (vehicle,), work, clock())]
    return found + [Finding("live", "error", error.message, error.hint) for error in ended if error is not None]


def _told(name: str, tried: "Tried") -> Finding:
    if tried.after is None:
        hint = "is it at home, awake and in reach of the network? its own app may know more"
        return Finding("live", "error", f"'{name}' did not {tried.asked} within 6 min", hint)
    seconds = tried.after.total_seconds()
    return Finding("live", "ok", f"'{name}' did {tried.asked}, and said so {seconds:.0f} s later")


def _clock() -> tuple[Callable[[], datetime], Callable[[timedelta], None]]:
    """Return a clock and a way to wait; where `DELCIA_NOW` stands in for the clock, waiting moves it."""
    if not os.environ.get("DELCIA_NOW"):
        return clock_now, lambda span: time.sleep(span.total_seconds())
    passed = [clock_now()]

    def wait(span: timedelta) -> None:
        passed[0] += span

    return lambda: passed[0], wait
