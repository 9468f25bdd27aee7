"""Who vouches for what a host follows: the branch, which goes forward, and under `verify` the keys of its commits.

Two files beside host.yaml name the keys. Those in `allowed_signers` may change everything; those in
`plans_only_signers`, such as the panel's, only what stands below `plans:`, on top of what the host follows already.
"""

from datetime import datetime
from pathlib import Path

from delcia.config.only_plans import only_plans_changed
from delcia.errors import DelciaError, Exit
from delcia.host.commits import Commit, brought, commit, is_signed
from delcia.host.folders import Account
from delcia.host.objects import Objects
from delcia.host.syncing import Sync
from delcia.host.tree import changed_files

FULL, PLANS_ONLY = "allowed_signers", "plans_only_signers"


def vouched(
    objects: Objects,
    before: str | None,
    name: str,
    sync: Sync,
    keys: Path,
    now: datetime,
    judge: Account | None = None,
) -> None:
    """Raise unless a commit may follow the one before: `not-fast-forward`, and under `verify` who signed what is new.

    `judge` says as whom root has signatures judged. What does not follow `before`, and the first of all, must itself be
    signed by a key that may change everything.
    """
    new = None if before is None else brought(objects, before, name)
    if before is not None and new is None and not sync.force:
        message = f"{sync.branch} was rewritten: {name[:10]} does not follow {before[:10]}"
        hint = "if that was meant, set force: true below sync: in host.yaml until it has been followed"
        raise DelciaError(message, slug="not-fast-forward", hint=hint)
    if not sync.verify:
        return
    full, plans_only = keys / FULL, keys / PLANS_ONLY
    if not full.is_file():
        hint = f"write one line 'NAME ssh-ed25519 AAAA…' per key into {full}"
        raise DelciaError(f"there is no {full}", slug="no-signers", hint=hint, status=Exit.BROKEN)
    if new is None and not is_signed(commit(objects, name), full, now, judge):
        raise _not_signed(name, full)
    for each in new or ():
        if is_signed(each, full, now, judge):
            continue
        if not plans_only.is_file() or not is_signed(each, plans_only, now, judge):
            raise _not_signed(each.name, full)
        _check_plans_only(objects, each)


def _check_plans_only(objects: Objects, each: Commit) -> None:
    if len(each.parents) != 1:
        message = f"{each.name[:10]} merges, and its key may change plans alone"
        raise DelciaError(message, slug="beyond-plans", hint="have it merged by somebody else")
    problems = only_plans_changed(*changed_files(objects, each.parents[0], each.name))
    if problems:
        first = problems[0]
        message = f"{each.name[:10]}: {first.path}:{first.line}: {first.message}"
        raise DelciaError(message, slug=first.slug, hint=first.hint)


def _not_signed(name: str, signers: Path) -> DelciaError:
    hint = f"have it signed with a key that is valid now in {signers}: git commit --amend -S"
    return DelciaError(f"the commit {name[:10]} is not signed by an allowed key", slug="not-signed", hint=hint)
