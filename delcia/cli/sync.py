"""`delcia sync`: this host follows the plans of a branch by itself."""

import json
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path

import click

from delcia.cli.changing import lines
from delcia.cli.clock import now as clock_now
from delcia.cli.following import NAME, is_by_units, rendered
from delcia.cli.hosts import host_to_change, host_to_see, root_option, with_account
from delcia.cli.places import host_paths, own_settings
from delcia.cli.still import known_word, rest_for_good, sync_still
from delcia.cli.targets import Wish, chosen_place
from delcia.core.causes import OF_SYNC
from delcia.errors import DelciaError, Exit
from delcia.host.cronplaces import place_of_user
from delcia.host.machine import Host
from delcia.host.offers import Offer, Word, put_word, word
from delcia.host.paths import Paths
from delcia.host.standing import standing
from delcia.host.syncing import sync_of
from delcia.report.words import instant

USER, UNIT = "delcia-sync", "delcia-sync.service"
SCHEMA = "delcia/sync/1"


@click.command(epilog="Example: sudo delcia sync --enable")
@click.option("--enable/--disable", "on", default=None, help="Follow the branch by a timer or cron, or no more.")
@click.option("--now", "at_once", is_flag=True, help="Look at the remote now, and apply what is new.")
@click.option("--suspend/--resume", "suspend", default=None, help="Apply nothing until it is resumed, or go on.")
@click.option("--scheduled", is_flag=True, hidden=True)
@click.option("--fetch", is_flag=True, hidden=True)
@click.option("--take", "taking", is_flag=True, hidden=True)
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@root_option
def command(
    *,
    on: bool | None,
    at_once: bool,
    suspend: bool | None,
    scheduled: bool,
    fetch: bool,
    taking: bool,
    as_json: bool,
    root: Path | None,
) -> int:
    """Follow the plans of a branch of a git remote, as 'sync:' in /etc/delcia/host.yaml says; tell how it stands.

    A commit is applied only if its plans are sound; one that is not changes nothing, and the owner is told.
    """
    now = clock_now()
    if fetch:
        offer = _looked(host_paths(root), now)
        if offer.slug:
            click.echo(f"{offer.message} [{offer.slug}]")
        return Exit.OK
    if (on, suspend) == (None, None) and not (at_once or taking):
        _show(host_to_see(root), as_json=as_json)
        return Exit.OK
    host = host_to_change(root, "sync")
    if host.paths.personal:
        raise DelciaError("sync is for a host, and root's", slug="need-root", hint="run it as root: sudo delcia sync")
    if on is not None:
        with sync_still(host.paths):
            switch(host, root, now, on=on)
    if suspend is not None:
        suspended = f"by hand, {now:%Y-%m-%d %H:%M} UTC" if suspend else ""
        with sync_still(host.paths):
            put_word(host.paths, replace(word(host.paths), suspended=suspended), host.gid)
    before = said = word(host.paths)
    if taking:
        said = _taken(host, now, stood=True)
    elif at_once:
        said = _now(host, now)
    if not scheduled or (said.commit, said.slug, said.suspended) != (before.commit, before.slug, before.suspended):
        _show(host, as_json=as_json)
    return Exit.PROBLEMS if at_once and said.slug else Exit.OK


def would_bring_back(host: Host) -> bool:
    """Tell whether sync is on, and would bring back at once what a person goes back from."""
    is_on = NAME in standing(host.paths) or is_started_by_others(host)
    return is_on and not known_word(host.paths).suspended


def is_started_by_others(host: Host) -> bool:
    """Tell whether a NAS's own scheduler may start sync: what delcia has not switched on, it cannot switch off."""
    return NAME not in standing(host.paths) and known_word(host.paths).at is not None and _is_by_cron(host)


def _looked(paths: Paths, now: datetime) -> Offer:
    from delcia.cli.pulling import pull

    return pull(paths, sync_of(own_settings(paths)), now)


def _taken(host: Host, now: datetime, *, stood: bool) -> Word:
    from delcia.cli.pulling import take
    from delcia.host.folders import account

    owner = None if host.paths.root is not None else account(USER)
    return take(with_account(host), sync_of(host.paths.host_file), now, owner, stood=stood)


def _now(host: Host, now: datetime) -> Word:
    """Look and apply: by the units in their sandboxes; here and now below a root folder, and where cron does it."""
    stood = NAME in standing(host.paths)
    if host.paths.root is not None:
        host.paths.pulled.mkdir(mode=0o700, parents=True, exist_ok=True)
        _looked(host.paths, now)
        return _taken(host, now, stood=stood)
    if not stood and not _is_by_cron(host):
        raise DelciaError("sync is not switched on", slug="sync-off", hint="run: sudo delcia sync --enable")
    if not is_by_units(host.paths):
        from delcia.cli.apart import look_apart
        from delcia.host.folders import made_account

        look_apart(host.paths, made_account(USER, str(host.paths.pulled)))
        return _taken(host, now, stood=stood)
    host.systemd.start([UNIT])
    said = word(host.paths)
    is_done = said.looked is not None and said.looked >= now
    if is_done or said.suspended or NAME not in standing(host.paths):
        return said
    host.systemd.start([UNIT])  # the first start only waited for a run that had begun before
    return word(host.paths)


def _is_by_cron(host: Host) -> bool:
    """Tell whether it is for cron to look: the host's own task scheduler may do it without a line of delcia's."""
    return chosen_place(host.paths, Wish()) is not None


def switch(host: Host, root: Path | None, now: datetime, *, on: bool) -> None:
    """Follow the branch from now on, as the host's settings are now, or no more."""
    from delcia.cli.intended import check_executable
    from delcia.cli.pulling import nothing_to_tell
    from delcia.host.apply import apply
    from delcia.host.folders import made_account
    from delcia.host.preview import Stand, preview, wanted

    kept = {name: units for name, units in standing(host.paths).items() if name != NAME}
    if on:
        sync = sync_of(host.paths.host_file)
        if root is None:
            check_executable(host.paths, place_of_user(USER) if _is_by_cron(host) else None)
            made_account(USER, str(host.paths.pulled))
        kept = {**kept, NAME: rendered(host.paths, sync)}
        host = with_account(host)
    target = Stand(kept)
    for line in lines(preview(host, wanted(host.paths, target))):
        click.echo(line)
    was_on = NAME in standing(host.paths)
    if not apply(host, target).changed:
        click.echo("nothing to change")
    if not on:
        rest_for_good(host)
        nothing_to_tell(host.paths, OF_SYNC, now)
    elif not was_on and (said := known_word(host.paths)).suspended:
        put_word(host.paths, replace(said, suspended=""), host.gid)


def _show(host: Host, *, as_json: bool) -> None:
    said, on = word(host.paths), NAME in standing(host.paths)
    if as_json:
        click.echo(json.dumps({"schema": SCHEMA, "on": on, **_data(said)}, indent=2))
        return
    if not on:
        click.echo("off; switch it on: sudo delcia sync --enable", err=host.paths.root is not None)
    if said.suspended:
        click.echo(f"suspended {said.suspended}; go on: sudo delcia sync --resume")
    if said.at is None:
        click.echo(f"last at {said.commit[:10]}" if said.commit else "never synced")
    elif said.slug:
        click.echo(f"{said.at:%Y-%m-%d %H:%M} UTC: {said.message} [{said.slug}]")
    else:
        click.echo(f"{said.at:%Y-%m-%d %H:%M} UTC: at {(said.commit or '')[:10]}")


def _data(said: Word) -> dict[str, object]:
    return {key: instant(value) if isinstance(value, datetime) else value for key, value in asdict(said).items()}
