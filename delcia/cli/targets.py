"""What runs delcia on a host, systemd or a crontab: by the owner's word, as before, or by what the host has."""

import os
import pwd
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, TypeVar

import click

from delcia.core.changes import Artifact
from delcia.core.model import Site
from delcia.errors import DelciaError, Exit
from delcia.host import crond
from delcia.host.cronplaces import SYNOLOGY, USER, CronPlace, place_of_file, place_of_user, usual_place
from delcia.host.generations import current_generation
from delcia.host.machine import Host
from delcia.host.paths import Paths
from delcia.host.systemctl import is_running
from delcia.host.zones import host_zone

Command = TypeVar("Command", bound=Callable[..., Any])
XDG = ("XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")


@dataclass(frozen=True, slots=True)
class Wish:
    """What a command line says of the target; None: nothing."""

    target: Literal["systemd", "crontab"] | None = None
    file: str | None = None
    user: str | None = None
    column: bool | None = None
    zone: str | None = None

    @property
    def names_cron(self) -> bool:
        """Whether it asks for a crontab."""
        return self.target == "crontab" or (self.file, self.user, self.column, self.zone) != (None,) * 4


def target_options(command: Command) -> Command:
    """Give a command the options that make a Wish."""
    for option in (
        click.option("--cron-zone", metavar="ZONE", help="Time zone of cron's clock; the host's unless said."),
        click.option("--cron-user-column/--no-cron-user-column", default=None, help="Its lines name their user."),
        click.option("--cron-user", metavar="USER", help="Whom its lines run as: delcia or root."),
        click.option("--cron-file", metavar="FILE", help="The crontab, for example /etc/crontab."),
        click.option("--target", type=click.Choice(["systemd", "crontab"]), help="What runs delcia; as before."),
    ):
        command = option(command)
    return command


def wish_of(options: dict[str, Any]) -> Wish:
    """Return what the options of `target_options` say. Raises `usage` when they contradict each other."""
    wish = Wish(
        options["target"],
        options["cron_file"],
        options["cron_user"],
        options["cron_user_column"],
        options["cron_zone"],
    )
    if wish.target == "systemd" and wish.names_cron:
        message = "the options of a crontab say nothing to systemd"
        raise DelciaError(message, slug="usage", hint="say --target crontab, or leave them out", status=Exit.USAGE)
    return wish


def chosen_place(paths: Paths, wish: Wish) -> CronPlace | None:
    """Return the crontab that is meant, None for systemd."""
    settled = _settled(paths)
    if wish == Wish() and settled is not None:
        return settled[0]
    before = settled[0] if settled else None
    if wish.target == "systemd" or not (wish.names_cron or _has_only_cron(paths)):
        return None
    if paths.personal:
        return _personal(wish)
    if wish.file is not None:
        place = place_of_file(wish.file, wish.user, column=wish.column)
    elif before is not None and wish.user is None and wish.column is None:
        place = before
    else:
        place = usual_place(paths.root or Path("/"), wish.user, busybox=_runs_busybox(paths))
        place = place if wish.column is None else replace(place, column=wish.column)
    if place.user not in {USER, "root"}:
        message = f"lines of '{place.user}' may not touch what delcia remembers"
        hint = f"say --cron-user {USER}; or, as that user and without root: delcia apply --target crontab"
        raise DelciaError(message, slug="cron-user", hint=hint, status=Exit.USAGE)
    return replace(place, zone=wish.zone or place.zone)


def renderer(
    paths: Paths, place: CronPlace | None, program: str, now: datetime
) -> Callable[[Site], tuple[Artifact, ...]]:
    """Return what makes the artifacts of a site for a target."""
    if place is None:
        from delcia.compile.systemd import UnitSettings
        from delcia.compile.systemd import render as units

        return lambda site: units(site, UnitSettings(executable=program, now=now))
    from delcia.compile.crontab import CronSettings, render

    settings = CronSettings(
        name=place.name,
        executable=program,
        now=now,
        zone=zone_of(paths, place),
        user=place.user if place.column else None,
        logger=crond.logger() if paths.root is None else "/usr/bin/logger",
        env=tuple((name, os.environ[name]) for name in XDG if paths.personal and os.environ.get(name)),
    )
    return lambda site: render(site, settings)


def what_is_left(host: Host, place: CronPlace | None) -> Iterator[str]:
    """Yield what the owner still has to do after a crontab was applied."""
    if place is None or host.paths.root is not None:
        return
    if crond.daemon() is None and not (crond.is_generated() and is_running()):
        yield "no cron runs on this host, so nothing happens yet: start it, and see 'delcia doctor'"
    if place.name == SYNOLOGY:
        yield "DSM reads /etc/crontab when its cron starts: synosystemctl restart crond  (not verified without a DSM)"


def zone_of(paths: Paths, place: CronPlace) -> str:
    """Return the zone of the clock that a crontab's daemon goes by."""
    told = place.zone or (crond.daemon_zone() if paths.root is None else None)
    return host_zone(paths.root or Path("/"), told)


def _settled(paths: Paths) -> tuple[CronPlace | None] | None:
    """Return what runs delcia here now, None when nothing does."""
    try:
        generation = current_generation(paths)
    except DelciaError:
        return None
    return None if generation is None else (generation.receipt.place,)


def _has_only_cron(paths: Paths) -> bool:
    """Tell whether there is a cron and no systemd; below a root folder nobody knows, and systemd is usual."""
    if paths.root is not None:
        return False
    return not is_running() and crond.kind() is not None


def _runs_busybox(paths: Paths) -> bool:
    return paths.root is None and crond.kind() == "busybox"


def _personal(wish: Wish) -> CronPlace:
    """Return the user's own crontab: without root there is no other."""
    own = pwd.getpwuid(os.geteuid()).pw_name
    if wish.file is not None or wish.column or wish.user not in {None, own}:
        message = "without root delcia's lines stand in your own crontab only"
        raise DelciaError(message, slug="need-root", hint="leave --cron-file and --cron-user out, or use sudo")
    return replace(place_of_user(own), zone=wish.zone)
