"""The two halves of `delcia sync`: one looks at the remote as a user of its own, the other applies, without network."""

import os
import tempfile
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from delcia import __version__
from delcia.cli.afterwards import after_change, as_owner_of_state
from delcia.cli.intended import executable
from delcia.cli.targets import Wish, chosen_place, renderer
from delcia.core.model import Site
from delcia.errors import DelciaError, Exit
from delcia.host.apply import apply
from delcia.host.folders import Account, prepare
from delcia.host.generations import Content, Origin
from delcia.host.git import author_of
from delcia.host.machine import Host
from delcia.host.offers import Offer, Word, put_word, read_offer, word, write_offer
from delcia.host.paths import Paths
from delcia.host.preview import New
from delcia.host.remote import Means, accept, fetch, verify
from delcia.host.syncing import Sync
from delcia.host.tree import export
from delcia.store.connection import Store
from delcia.store.notices import clear_notice, queue_notice, withdraw_notices
from delcia.store.opening import open_store

CLONE = "clone.git"
NOTICE = "sync-refused"


def means_of(paths: Paths) -> Means:
    """Return the files by which a remote is reached: as systemd handed them over, else beside host.yaml."""
    given = os.environ.get("CREDENTIALS_DIRECTORY")
    key, token = (Path(given, name) if given else paths.config / f"sync.{name}" for name in ("key", "token"))
    return Means(paths.config / "known_hosts", paths.config / "allowed_signers", key, token)


def pull(paths: Paths, sync: Sync, now: datetime) -> Offer:
    """Look at the remote, and leave an offer: its commit if the plans there are sound, else what is wrong."""
    clone, commit = paths.pulled / CLONE, None
    try:
        commit = fetch(clone, sync, means_of(paths))
        with tempfile.TemporaryDirectory(dir=paths.pulled, prefix=".checked-") as folder:
            checked(clone, commit, sync, Path(folder), now)
        accept(clone, commit)
        offer = Offer(now, commit)
    except DelciaError as error:
        hint = f"; {error.hint}" if error.hint else ""
        offer = Offer(now, commit, error.slug, f"{error.message}{hint}", again=error.status == Exit.TRY_AGAIN)
    write_offer(paths.pulled, offer)
    return offer


def checked(clone: Path, commit: str, sync: Sync, folder: Path, now: datetime, owner: Account | None = None) -> Site:
    """Write the plans at a commit into a folder, as data, and return what they say. Raises `bad-plans`."""
    from delcia.config import load

    tree = export(clone, commit, folder, within=sync.folder, owner=owner)
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


def take(host: Host, sync: Sync, now: datetime, owner: Account | None) -> Word:
    """Apply the commit that was offered, judged again, and keep how it ended; a failure changes nothing on the host."""
    prepare(host.paths, host.owner)
    before = word(host.paths)
    if before.suspended:
        return before
    offer = read_offer(host.paths.pulled)
    if offer is None:
        offer = Offer(now, None, "no-offer", "the remote was not looked at yet; see: journalctl -u delcia-sync-fetch")
    if not offer.slug and offer.commit is not None:
        try:
            _apply(host, sync, offer.commit, now, owner)
        except DelciaError as error:
            hint = f"; {error.hint}" if error.hint else ""
            again = error.status == Exit.TRY_AGAIN
            offer = replace(offer, slug=error.slug, message=f"{error.message}{hint}", again=again)
    since = None if not offer.slug else before.since if before.slug == offer.slug else now
    commit = offer.commit if not offer.slug else before.commit
    said = Word(now, commit, offer.slug, offer.message, looked=offer.at, since=since)
    put_word(host.paths, said, host.gid)
    if not offer.again:
        as_owner_of_state(host.paths, lambda: _tell(host.paths, said, now))
    return said


def _apply(host: Host, sync: Sync, commit: str, now: datetime, owner: Account | None) -> None:
    from delcia.compile.generation import dump

    paths = host.paths
    clone = paths.pulled / CLONE
    if sync.verify:
        verify(clone, commit, paths.config / "allowed_signers", owner)
    with tempfile.TemporaryDirectory(dir=paths.data, prefix=".pulled-") as folder:
        site = checked(clone, commit, sync, Path(folder), now, owner)
    place = chosen_place(paths, Wish())
    made = Content(dump(site), renderer(paths, place, executable(), now)(site))
    origin = Origin(sync.shown, commit, clean=True, author=author_of(clone, commit, owner))
    outcome = apply(host, New(made, origin, __version__, now, place), allow_empty=bool(site.plans))
    view = outcome.preview
    after_change(paths, view.plans_before, view.plans_after, now)


def _tell(paths: Paths, said: Word, now: datetime) -> None:
    with closing(open_store(paths.database)) as store:
        _note(store, said, now)


def _note(store: Store, said: Word, now: datetime) -> None:
    if said.slug:
        queue_notice(store, "", NOTICE, f"the pushed plans are not followed: {said.message}", now)
    else:
        withdraw_notices(store, "", NOTICE)
        clear_notice(store, "", NOTICE, now)
