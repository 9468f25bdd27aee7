"""`delcia notify`: try the way to the owner; and what systemd runs when one of delcia's units failed."""

import os
import re
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, tzinfo
from pathlib import Path

import click

from delcia.cli.clock import now
from delcia.cli.following import NAME as SYNC
from delcia.cli.places import host_paths
from delcia.cli.running import as_service_user
from delcia.cli.sending import send_due
from delcia.cli.telling import tell
from delcia.cli.unkept import send_or_tell, tell_unkept
from delcia.compile.generation import load
from delcia.core.causes import OF_HOST, SYNC_FAILED
from delcia.core.clock import zone
from delcia.core.model import Site
from delcia.errors import DelciaError, Exit
from delcia.host.generations import Generation, current_generation
from delcia.host.notifying import telling_of
from delcia.host.paths import Paths, in_service
from delcia.host.standing import standing
from delcia.store.notices import Notice, open_notices, queue_notice
from delcia.store.opening import open_store

UNIT = re.compile(r"[A-Za-z0-9@:._\\-]{1,255}")
PLAN = re.compile(r"delcia-plan-(?P<plan>.+)\.service")
ERROR, WARNING = "<3>", "<4>"
"""The journal's priorities."""
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


@click.command(epilog="Example: sudo delcia notify --test")
@click.option("--test", is_flag=True, help="Tell the owner, now, that this way works.")
@click.option("--unit", hidden=True, help="The unit that failed; 'sync': only send what waits.")
@click.option("--root", type=click.Path(path_type=Path), help="Use the files below this folder.")
def command(*, test: bool, unit: str | None, root: Path | None) -> None:
    """Try the way by which the owner is told: 'notify:' in the host's host.yaml.

    Under systemd it also says in the journal why a unit failed, and tells the owner.
    """
    if test == (unit is not None):
        message = "say --test"
        raise click.UsageError(message)
    paths = in_service(host_paths(root), os.environ)
    if unit is None:
        _test(paths)
    elif unit == SYNC:
        # What root's part of it has kept, which has no network.
        as_service_user(paths)
        _send(paths, UTC)
    else:
        _failed(paths, unit)


def _test(paths: Paths) -> None:
    telling = telling_of(paths.host_file)
    if telling is None or (telling.webhook is None and telling.program is None):
        message = f"{paths.host_file} names no way to tell the owner anything"
        hint = "write there: notify: {webhook: https://ntfy.sh/TOPIC}"
        raise DelciaError(message, slug="no-notify", hint=hint, status=Exit.PROBLEMS)
    as_service_user(paths)
    words = "this is a test: delcia can tell you what you should know"
    told, mishap = tell(telling, Notice(0, "", "test", words, now()))
    if mishap:
        hint = f"correct notify: in {paths.host_file}"
        said = f"the owner {'was told, but' if told else 'could not be told:'} {mishap}"
        raise DelciaError(said, slug="not-told", hint=hint, status=Exit.UNAVAILABLE)
    ways = [("the webhook", telling.webhook), ("the command", telling.program)]
    click.echo(f"told by {' and '.join(name for name, way in ways if way is not None)}")


def _failed(paths: Paths, unit: str) -> None:
    """Say in the journal why a unit failed, keep it for 'delcia status', and tell the owner.

    How the unit ended stands in the environment from systemd 251 on.
    """
    if not UNIT.fullmatch(unit):
        raise DelciaError("that is no name of a unit", slug="bad-unit", status=Exit.USAGE)
    status, words = ending(unit, os.environ)
    click.echo(f"{ERROR}{words}")
    generation = current_generation(paths)
    if generation is None and SYNC not in standing(paths):
        return  # nothing runs here: a unit that was left over
    site = _site(generation) if generation else None
    vehicle = _vehicle(unit, site)
    as_service_user(paths)
    at, of_sync = now(), unit.startswith(f"delcia-{SYNC}")
    cause = SYNC_FAILED if of_sync else f"unit-failed-{'otherwise' if status is None else status}"
    tz = zone(site.timezone) if site else UTC
    try:
        with closing(open_store(paths.database)) as store:
            told = status in TOLD_BY_CHARGE and any(
                item.slug not in OF_HOST and (not vehicle or item.vehicle in {vehicle, ""})
                for item in open_notices(store)
            )
            if of_sync or not told:
                queue_notice(store, vehicle, cause, words, at)
            mishap = send_or_tell(store, paths, tz, at)
    except DelciaError as error:
        mishap = tell_unkept(
            paths, {(vehicle, cause): words, ("", error.slug): f"{error.message}; {error.hint}"}, tz, at
        )
    if mishap:
        click.echo(f"{WARNING}{mishap}")


def _send(paths: Paths, tz: tzinfo) -> None:
    _, mishap = send_due(paths, tz, now())
    if mishap:
        click.echo(f"{WARNING}{mishap}")


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


def _site(generation: Generation) -> Site | None:
    """Return what is applied, None when it cannot be read."""
    try:
        return load(generation.plans_text)
    except DelciaError:
        return None


def _vehicle(unit: str, site: Site | None) -> str:
    """Return the vehicle of a plan's unit; nothing for the other units, and when the plans cannot be read."""
    found = PLAN.fullmatch(unit)
    plan = site.plans.get(found["plan"]) if found and site else None
    return plan.vehicle if plan else ""
