"""`delcia notify`: what systemd runs when one of delcia's units failed."""

import os
import re
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import click

from delcia.cli.clock import now as clock_now
from delcia.cli.places import host_paths
from delcia.cli.running import as_service_user
from delcia.compile.generation import load
from delcia.errors import DelciaError, Exit
from delcia.host.generations import Generation, current_generation
from delcia.host.paths import in_service
from delcia.store.notices import pending_notices, queue_notice
from delcia.store.opening import open_store

UNIT = re.compile(r"[A-Za-z0-9@:._\\-]{1,255}")
PLAN = re.compile(r"delcia-plan-(?P<plan>.+)\.service")
ERROR = "<3>"
"""The journal's priority."""
TODO = {
    Exit.UNAVAILABLE: "for 2 h the car could not be reached when it should have charged; delcia goes on trying",
    Exit.BUG: "a bug in delcia, please report what stands above",
    Exit.LOGIN: "log in again: delcia login",
    Exit.BROKEN: "the set-up is broken, and what stands above says where",
}
SIGNS = {
    "timeout": "it took too long; the next run tries again",
    "oom-kill": "the host has too little memory",
    "resources": "the host could not start it: see 'systemctl status' of it",
    "start-limit-hit": "it failed too often in a short time",
    "watchdog": "it hung",
}
TOLD_BY_CHARGE = frozenset({Exit.UNAVAILABLE, Exit.LOGIN, Exit.BROKEN})
"""Runs of `charge` that end so have mostly left a notice of their own, which says more."""


@click.command(hidden=True, epilog="Example: delcia notify --unit=delcia-plan-nights.service")
@click.option("--unit", required=True, help="The unit that failed.")
@click.option("--root", type=click.Path(path_type=Path), help="Use the files below this folder.")
def command(unit: str, root: Path | None) -> None:
    """Say in the journal why a unit failed and what to do, and keep it for 'delcia status'.

    systemd runs this; how the unit ended stands in the environment from systemd 251 on.
    """
    if not UNIT.fullmatch(unit):
        raise DelciaError("that is no name of a unit", slug="bad-unit", status=Exit.USAGE)
    now = clock_now()
    paths = in_service(host_paths(root), os.environ)
    status, words = ending(unit, os.environ)
    click.echo(f"{ERROR}{words}")
    generation = current_generation(paths)
    if generation is None:
        return  # nothing runs here: a unit that was left over
    vehicle = _vehicle(unit, generation)
    as_service_user(paths)
    with closing(open_store(paths.database)) as store:
        told = status in TOLD_BY_CHARGE and any(
            not vehicle or item.vehicle in {vehicle, ""} for item in pending_notices(store)
        )
        if not told:
            queue_notice(store, vehicle, f"unit-failed-{'otherwise' if status is None else status}", words, now)


def ending(unit: str, env: Mapping[str, str]) -> tuple[int | None, str]:
    """Return the exit status of a unit, None when it has none, and in words how it failed and what to do."""
    result, code, status = (env.get(f"MONITOR_{name}", "") for name in ("SERVICE_RESULT", "EXIT_CODE", "EXIT_STATUS"))
    number = int(status) if code == "exited" and status.isdecimal() else None
    if number is not None:
        how = f"exit status {number}"
    elif code in {"killed", "dumped"} and re.fullmatch(r"[A-Z0-9+]{1,12}", status):
        how = f"killed by SIG{status}"
    else:
        how = ""
    todo = TODO.get(Exit(number), "") if number in set(Exit) else ""
    todo = SIGNS.get(result, "") or todo or f"see: journalctl -u {unit}"
    return number, f"{unit} failed{f', {how}' if how else ''}: {todo}"


def _vehicle(unit: str, generation: Generation) -> str:
    """Return the vehicle of a plan's unit; nothing for the other units, and when the plans cannot be read."""
    found = PLAN.fullmatch(unit)
    if found is None:
        return ""
    try:
        plan = load(generation.plans_text).plans.get(found["plan"])
    except DelciaError:
        return ""
    return plan.vehicle if plan else ""
