"""Who vouches for what a host follows: under `verify`, every commit since the last is signed by an allowed key.

Two files beside host.yaml name the keys. Those in `allowed_signers` may change everything; those in
`plans_only_signers`, such as the panel's, only what stands below `plans:`, on top of what the host follows already.
"""

from pathlib import Path

from delcia.config.only_plans import only_plans_changed
from delcia.errors import DelciaError
from delcia.host.folders import Account
from delcia.host.remote import check_signers, is_signed, parents_of, since
from delcia.host.repository import changed_files

FULL, PLANS_ONLY = "allowed_signers", "plans_only_signers"


def vouched(clone: Path, before: str | None, commit: str, keys: Path, owner: Account | None = None) -> None:
    """Raise `not-signed` or `beyond-plans` unless the files in `keys` vouch for all commits after `before`.

    What does not follow `before`, and the first of all, must itself be signed by a key that may change everything.
    """
    check_signers(keys / FULL)
    new = None if before is None else since(clone, before, commit, owner)
    if new is None:
        if not is_signed(clone, commit, keys / FULL, owner):
            raise _not_signed(commit, keys / FULL)
        return
    for each in new:
        if is_signed(clone, each, keys / FULL, owner):
            continue
        if not (keys / PLANS_ONLY).is_file() or not is_signed(clone, each, keys / PLANS_ONLY, owner):
            raise _not_signed(each, keys / FULL)
        _check_plans_only(clone, each, owner)


def _check_plans_only(clone: Path, commit: str, owner: Account | None) -> None:
    parents = parents_of(clone, commit, owner)
    if len(parents) != 1:
        message, hint = f"{commit[:10]} merges, and its key may change plans alone", "have it merged by somebody else"
        raise DelciaError(message, slug="beyond-plans", hint=hint)
    problems = only_plans_changed(*changed_files(clone, parents[0], commit, owner))
    if problems:
        first = problems[0]
        message = f"{commit[:10]}: {first.path}:{first.line}: {first.message}"
        raise DelciaError(message, slug=first.slug, hint=first.hint)


def _not_signed(commit: str, signers: Path) -> DelciaError:
    hint = f"have it signed with a key in {signers}: git commit --amend -S"
    return DelciaError(f"the commit {commit[:10]} is not signed by an allowed key", slug="not-signed", hint=hint)
