"""Plans that live in a repository elsewhere: a change is a commit that is pushed, onto the very commit it was made for.

The clone has no working tree. Whatever is killed, it has objects that nothing names, and the remote all or nothing.
"""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from delcia.editing.checkouts import Checkpoint
from delcia.editing.proposals import Proposal
from delcia.editing.saving import Conflict, Saved, alone, conflict
from delcia.editing.views import View, view_of
from delcia.errors import DelciaError, Exit
from delcia.host.git import ask
from delcia.host.repository import Author, commit_file, demand, entry, store
from delcia.host.tree import export

NETWORK_LIMIT_S = 60
_PROTOCOLS = "https:ssh:file"
_QUIET = ("gc.auto=0", "maintenance.auto=false", "fetch.recurseSubmodules=false", "transfer.fsckObjects=true")
_TRIES = 3


@dataclass(frozen=True, slots=True)
class Upstream:
    """A branch of a remote repository, and the folder of the plans in it ("" for all of it).

    `clone` is a folder of the panel's own. `settings` and `environment` are git's for the way there: keys, known hosts.
    """

    url: str
    branch: str
    folder: str
    clone: Path
    settings: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def ref(self) -> str:
        """The branch as git calls it, here as there."""
        return f"refs/heads/{self.branch}"


def fetch(upstream: Upstream) -> str:
    """Return the commit that the branch is at. Raises DelciaError `remote-away` when that is not to be learned."""
    with _alone(upstream.clone):
        return _fetch(upstream)


@contextmanager
def view_there(upstream: Upstream, now: datetime) -> Iterator[View]:
    """Give the plans as they were at the last fetch; `no-commit` is raised when there was none."""
    commit = _known(upstream) if upstream.clone.is_dir() else None
    if commit is None:
        raise DelciaError("the plans were never fetched", slug="no-commit", hint="try again when the remote answers")
    with _view(upstream, commit, now) as view:
        yield view


def save_there(
    upstream: Upstream,
    proposal: Proposal,
    author: Author,
    now: datetime,
    checkpoint: Checkpoint = lambda _step: None,
) -> Saved | Conflict:
    """Push a proposal as a commit, if the plans are still those that it was made for.

    Raises DelciaError: `remote-away` when nobody answers, `push-refused` when the remote does not want it.
    """
    with _alone(upstream.clone):
        for _ in range(_TRIES):
            parent = _known(upstream)
            if parent is None or _state(upstream, parent) != proposal.state:
                with _view(upstream, _fetch(upstream), now) as view:
                    return conflict(proposal, view)
            blob = store(upstream.clone, proposal.after.encode())
            checkpoint("blob")
            path = f"{upstream.folder}/{proposal.path}" if upstream.folder else proposal.path
            made = commit_file(upstream.clone, parent, path, blob, proposal.message, author, now)
            checkpoint("commit")
            refusal = _pushed(upstream, made, parent)
            checkpoint("pushed")
            tip = made if refusal is None else _fetch(upstream)
            if tip == made:
                demand(upstream.clone, "update-ref", upstream.ref, made)
                checkpoint("noted")
                return Saved(made, proposal.message)
            if tip == parent:
                raise _refused(refusal)
    raise DelciaError("the branch changes all the time", slug="remote-busy", hint="save again", status=Exit.TRY_AGAIN)


@contextmanager
def _alone(clone: Path) -> Iterator[None]:
    """Hold the only right to change the clone, made where there is none, without what was cut short in it."""
    clone.mkdir(parents=True, exist_ok=True, mode=0o700)
    with alone(clone):
        if not (clone / "objects").is_dir() or ask(clone, "rev-parse", "--git-dir") is None:
            demand(clone, "init", "--quiet", "--bare", "--template=", ".")
        for leftover in (*clone.rglob("*.lock"), *clone.rglob("tmp_*")):
            if leftover.is_file():
                leftover.unlink()
        yield


def _fetch(upstream: Upstream) -> str:
    words = ("--no-tags", "--no-recurse-submodules", "--quiet", "--", upstream.url, f"+{upstream.ref}:{upstream.ref}")
    try:
        _network(upstream, "fetch", *words)
    except DelciaError as error:
        message = f"the repository of the plans does not give its branch: {error.message}"
        raise DelciaError(message, slug="remote-away", hint="try again later", status=Exit.TRY_AGAIN) from None
    found = _known(upstream)
    if found is None:
        raise DelciaError("the branch of the plans is gone", slug="remote-away", hint="look at the repository")
    return found


def _pushed(upstream: Upstream, commit: str, onto: str) -> DelciaError | None:
    """Push a commit onto the one that it follows, and no other; return why the remote did not take it."""
    lease = f"--force-with-lease={upstream.ref}:{onto}"
    try:
        _network(
            upstream,
            "push",
            "--quiet",
            "--no-recurse-submodules",
            lease,
            "--",
            upstream.url,
            f"{commit}:{upstream.ref}",
        )
    except DelciaError as error:
        return error
    return None


def _network(upstream: Upstream, *arguments: str) -> None:
    demand(
        upstream.clone,
        *arguments,
        settings=(*_QUIET, *upstream.settings),
        env={"GIT_ALLOW_PROTOCOL": _PROTOCOLS, **upstream.environment},
        limit_s=NETWORK_LIMIT_S,
    )


def _refused(refusal: DelciaError | None) -> DelciaError:
    why = refusal.message if refusal else "it says nothing"
    message = f"the repository of the plans does not take the change: {why}"
    return DelciaError(message, slug="push-refused", hint="the key of the panel needs the right to push to the branch")


def _known(upstream: Upstream) -> str | None:
    return ask(upstream.clone, "rev-parse", "--verify", "--quiet", f"{upstream.ref}^{{commit}}")


def _state(upstream: Upstream, commit: str) -> str:
    """Return what names the content of the plan directory at a commit, "" where there is none."""
    if not upstream.folder:
        return ask(upstream.clone, "rev-parse", f"{commit}^{{tree}}") or ""
    found = entry(upstream.clone, commit, upstream.folder)
    return found.id if found else ""


@contextmanager
def _view(upstream: Upstream, commit: str, now: datetime) -> Iterator[View]:
    with tempfile.TemporaryDirectory(prefix="delcia-plans-") as folder:
        export(upstream.clone, commit, Path(folder), within=upstream.folder)
        yield view_of(Path(folder), upstream.folder, now, commit=commit, state=_state(upstream, commit))
