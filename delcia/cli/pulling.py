"""The two halves of `delcia sync`: one looks at the remote as a user of its own, the other applies, without network."""

import os
import tempfile
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from delcia import __version__
from delcia.cli.afterwards import as_owner_of_state, settle_after
from delcia.cli.following import NAME, is_by_units
from delcia.cli.intended import executable
from delcia.cli.sending import send_due
from delcia.cli.targets import Wish, chosen_place, renderer
from delcia.cli.vouching import vouched
from delcia.compile.sync import FAILED
from delcia.core.causes import SYNC_AWAY, SYNC_FAILED, SYNC_REFUSED
from delcia.core.model import Site
from delcia.errors import DelciaError, Exit
from delcia.host.apply import apply
from delcia.host.clone import CLONE, MARK, accept, fetch, last_seen
from delcia.host.commits import commit as commit_in
from delcia.host.files import drop_temporaries, locked, remove_folder
from delcia.host.folders import Account, prepare
from delcia.host.generations import Content, Origin, current_generation, current_number, is_current
from delcia.host.git import as_shown
from delcia.host.machine import Host
from delcia.host.objects import Objects, reading
from delcia.host.offers import OFFER, Offer, Word, put_word, read_offer, word, write_offer
from delcia.host.paths import Paths
from delcia.host.preview import New, Stand
from delcia.host.remote import Means
from delcia.host.standing import standing
from delcia.host.syncing import Sync
from delcia.host.tree import written
from delcia.store.connection import Store
from delcia.store.notices import clear_notice, pending_notices, queue_notice, withdraw_notices
from delcia.store.opening import open_readonly, open_store

READING_S = 120
NO_OFFER = "no-offer"
PATIENCE = timedelta(hours=24)
"""How long a remote may be away, and what passes by itself may last, before the owner is told."""


def means_of(paths: Paths) -> Means:
    """Return the files by which a remote is reached: as systemd handed them over, else beside host.yaml."""
    given = os.environ.get("CREDENTIALS_DIRECTORY")
    key, token = (Path(given, name) if given else paths.config / f"sync.{name}" for name in ("key", "token"))
    return Means(paths.known_hosts, key, token)


@contextmanager
def alone(folder: Path, name: str) -> Iterator[Path]:
    """Give a new folder to the one run that there is at a time; what one that was cut short left is dropped."""
    with locked(folder / f".{name}.lock", "sync"):
        for leftover in folder.glob(f".{name}-*"):
            remove_folder(leftover)
        with tempfile.TemporaryDirectory(dir=folder, prefix=f".{name}-") as new:
            yield Path(new)


def pull(paths: Paths, sync: Sync, now: datetime) -> Offer:
    """Look at the remote, and leave an offer: its commit if the plans there are sound, else what is wrong."""
    with alone(paths.pulled, "checked") as folder:
        drop_temporaries(paths.pulled / OFFER)
        drop_temporaries(paths.pulled / MARK)
        offer = _looked(paths, sync, folder, now)
        write_offer(paths.pulled, offer)
    return offer


def _looked(paths: Paths, sync: Sync, folder: Path, now: datetime) -> Offer:
    commit = None
    try:
        repository, commit = fetch(paths.pulled, sync, means_of(paths))
        with reading(repository, time_s=READING_S) as objects:
            vouched(objects, last_seen(paths.pulled), commit, sync, paths.config, now)
            checked(objects, commit, sync, folder, now)
        accept(paths.pulled, repository, commit)
    except DelciaError as error:
        hint = f"; {error.hint}" if error.hint else ""
        return Offer(now, commit, error.slug, f"{error.message}{hint}", again=error.status == Exit.TRY_AGAIN)
    return Offer(now, commit)


def checked(objects: Objects, commit: str, sync: Sync, folder: Path, now: datetime) -> Site:
    """Write the plans at a commit into a folder, as data, and return what they say. Raises `bad-plans`."""
    from delcia.config import load

    tree = written(objects, commit, folder, sync.folder)
    if tree.left_out:
        hint = "keep plain files alone in the folder of the plans"
        raise DelciaError(f"{commit[:10]}: {tree.left_out[0]}", slug="not-plain", hint=hint)
    found = load(folder, now)
    if found.site is None:
        errors = [problem for problem in found.problems if problem.level == "error"]
        first = replace(errors[0], path=os.path.relpath(errors[0].path, folder), hint="").text()
        more = f", and {len(errors) - 1} more" if len(errors) > 1 else ""
        hint = "correct it and push; nothing was changed here"
        raise DelciaError(f"the plans at {commit[:10]} have errors: {first}{more}", slug="bad-plans", hint=hint)
    return found.site


def take(host: Host, sync: Sync, now: datetime, owner: Account | None, *, stood: bool) -> Word:
    """Apply the commit that was offered, judged again, and keep how it ended; a failure changes nothing on the host.

    `stood`: sync was switched on when the look began. Switched off since, or suspended, nothing is applied.
    """
    prepare(host.paths, host.owner)
    with alone(host.paths.data, "pulled") as folder:
        before = word(host.paths)
        if stood and NAME not in standing(host.paths):
            click.echo("sync was switched off meanwhile: nothing is applied", err=True)
            return before
        if before.suspended:
            return before
        offer = _offered(host.paths, before, now)
        if not offer.slug and offer.commit is not None:
            try:
                _apply(host, sync, offer.commit, before.commit, folder, now, owner)
            except DelciaError as error:
                hint = f"; {error.hint}" if error.hint else ""
                again = error.status == Exit.TRY_AGAIN
                offer = replace(offer, slug=error.slug, message=f"{error.message}{hint}", again=again)
        since = None if not offer.slug else before.since if before.slug == offer.slug else now
        commit = offer.commit if not offer.slug else before.commit
        said = Word(now, commit, offer.slug, offer.message, looked=offer.at, since=since)
        put_word(host.paths, said, host.gid)
        as_owner_of_state(host.paths, lambda: _tell(host.paths, said, now, again=offer.again))
    if said.slug:
        _send(host, now)
    return said


def _offered(paths: Paths, before: Word, now: datetime) -> Offer:
    """Return what the look of this run offers; one that was there before is none, for this look did not end."""
    offer = read_offer(paths.pulled)
    if offer is None or offer.at == before.looked:
        message = "the look at the remote did not end; see the host's log: journalctl -u delcia-sync-fetch"
        return Offer(before.looked or now, None, NO_OFFER, message, again=True)
    return offer


def _apply(
    host: Host, sync: Sync, commit: str, before: str | None, folder: Path, now: datetime, owner: Account | None
) -> None:
    from delcia.compile.generation import dump

    paths = host.paths
    # Nothing that this user says is believed: not the offer, and not what the clone has under a name.
    with reading(paths.pulled / CLONE, owner, time_s=READING_S) as objects:
        vouched(objects, before, commit, sync, paths.config, now, host.owner)
        site = checked(objects, commit, sync, folder, now)
        about = commit_in(objects, commit)
    place = chosen_place(paths, Wish())
    made = Content(dump(site), renderer(paths, place, executable(), now)(site))
    author, subject = as_shown(about.author, about.subject)
    origin = Origin(sync.shown, commit, clean=True, author=author, subject=subject)
    # A repair is no new generation: one for each would drive out those that a person may want to go back to.
    target = Stand(standing(paths)) if is_current(paths, made) else New(made, origin, __version__, now, place)
    # Noted before as well, for a run that is killed once they are applied; nothing comes of it if they are not.
    settle_after(paths, _applied_plans(paths), made.plans_text, now)
    outcome = apply(host, target, allow_empty=bool(site.plans))
    settle_after(paths, outcome.preview.plans_before, made.plans_text, now)


def _applied_plans(paths: Paths) -> str | None:
    try:
        found = current_generation(paths)
    except DelciaError:
        return None
    return found.plans_text if found else None


def _tell(paths: Paths, said: Word, now: datetime, *, again: bool) -> None:
    with closing(open_store(paths.database)) as store:
        if said.slug != NO_OFFER:
            _over(store, SYNC_FAILED, now)
        if not again:
            _over(store, SYNC_AWAY, now)
        if not said.slug:
            _over(store, SYNC_REFUSED, now)
        elif not again:
            text = f"the pushed plans are not followed: {said.message}"
            # What a good push has ended does not flap: the next bad one is news.
            queue_notice(store, "", SYNC_REFUSED, text, now, again=timedelta(0))
        elif said.since is not None and now - said.since >= PATIENCE:
            text = f"the plans were not followed since {said.since:%Y-%m-%d %H:%M} UTC: {said.message}"
            queue_notice(store, "", SYNC_AWAY, text, now)


def _send(host: Host, now: datetime) -> None:
    """Send what waits to be told where no run of the plans will: none is applied. Root's part has no network."""
    with suppress(DelciaError):
        if current_number(host.paths) is not None:
            return
        with closing(open_readonly(host.paths.database)) as store:
            waits = bool(pending_notices(store))
        if waits and is_by_units(host.paths):
            host.systemd.start([FAILED.replace("@.", f"@{NAME}.")])
        elif waits:
            as_owner_of_state(host.paths, lambda: _send_here(host.paths, now))


def _send_here(paths: Paths, now: datetime) -> None:
    _, mishap = send_due(paths, UTC, now)
    if mishap:
        click.echo(mishap, err=True)


def nothing_to_tell(paths: Paths, causes: Collection[str], now: datetime) -> None:
    """Note that whatever was told of some causes is over, such as those of a remote that is followed no more."""
    if paths.database.exists():
        as_owner_of_state(paths, lambda: _all_over(paths, causes, now))


def _all_over(paths: Paths, causes: Collection[str], now: datetime) -> None:
    with suppress(DelciaError), closing(open_store(paths.database)) as store:
        for slug in sorted(causes):
            _over(store, slug, now)


def _over(store: Store, slug: str, now: datetime) -> None:
    withdraw_notices(store, "", slug)
    clear_notice(store, "", slug, now)
