"""Under `verify` each commit that comes is vouched for, by a key for everything or by one for plans alone."""

from pathlib import Path

import pytest
from support.command import delcia
from support.home import NIGHTS, SITE, SPRING
from support.repositories import Remote, git, remote, signing_key

from delcia.host.offers import word
from delcia.host.paths import Paths

FIRST = SITE % {"vehicle": SPRING, "more": "", "plans": NIGHTS, "chargers": ""}
PLANS = FIRST.replace("to_soc: 80", "to_soc: 70")
MORE = PLANS.replace("hold: true", "hold: false")


@pytest.fixture
def origin(tmp_path: Path) -> Remote:
    """Return a remote whose checkout signs by ssh keys."""
    made = remote(tmp_path)
    git(made.work, "config", "gpg.format", "ssh")
    return made


@pytest.fixture
def paths(origin: Remote, tmp_path: Path) -> Paths:
    """Return a host that follows the remote and knows the keys of an owner and of a panel."""
    found = Paths.system(tmp_path / "host")
    found.config.mkdir(parents=True)
    found.host_file.write_text(f"sync: {{remote: '{origin.url}', folder: plans, verify: true}}\n", encoding="utf-8")
    for file, name in (("allowed_signers", "owner"), ("plans_only_signers", "panel")):
        public = signing_key(tmp_path, name).with_suffix(".pub").read_text(encoding="utf-8")
        (found.config / file).write_text(f"{name} {public}", encoding="utf-8")
    signing_key(tmp_path, "stranger")
    return found


def push(origin: Remote, by: str | None, text: str) -> str:
    git(origin.work, "config", "user.signingkey", str(origin.work.parent / str(by)))
    return origin.push(*(() if by is None else ("-S",)), home=text)


def followed(paths: Paths) -> tuple[str | None, str]:
    delcia("sync", "--now", "--root", str(paths.root))
    said = word(paths)
    return said.commit, said.slug


def test_the_first_commit_needs_a_key_for_everything(origin: Remote, paths: Paths) -> None:
    (paths.config / "allowed_signers").rename(paths.config / "aside")
    push(origin, None, FIRST)
    assert followed(paths) == (None, "no-signers")
    (paths.config / "aside").rename(paths.config / "allowed_signers")
    assert followed(paths) == (None, "not-signed")
    for by in ("stranger", "panel"):
        push(origin, by, PLANS)
        assert followed(paths) == (None, "not-signed"), by
    first = push(origin, "owner", FIRST)
    assert followed(paths) == (first, "")


def test_a_commit_between_that_nobody_vouches_for_is_refused_however_the_last_is_signed(
    origin: Remote, paths: Paths
) -> None:
    first = push(origin, "owner", FIRST)
    assert followed(paths) == (first, "")
    for by in (None, "stranger"):
        push(origin, by, MORE)
        push(origin, "owner", PLANS)
        assert followed(paths) == (first, "not-signed"), by
        git(origin.work, "reset", "--quiet", "--hard", first)


def test_a_key_for_plans_changes_plans_and_nothing_else(origin: Remote, paths: Paths) -> None:
    first = push(origin, "owner", FIRST)
    assert followed(paths) == (first, "")
    second = push(origin, "panel", PLANS)
    assert followed(paths) == (second, "")
    push(origin, "panel", MORE)
    assert followed(paths) == (second, "beyond-plans")
    push(origin, "panel", PLANS)
    assert followed(paths) == (second, "beyond-plans"), "what was changed and changed back was signed all the same"
    git(origin.work, "reset", "--quiet", "--hard", second)
    git(origin.work, "checkout", "--quiet", "-b", "side", first)
    push(origin, "panel", FIRST.replace("to_soc: 80", "to_soc: 75"))
    git(origin.work, "checkout", "--quiet", "-")
    git(origin.work, "merge", "--quiet", "-S", "--strategy=ours", "--message=both", "side")
    git(origin.work, "push", "--quiet", "--force", "origin", "HEAD:main")
    assert followed(paths) == (second, "beyond-plans"), "a merge by it"
    push(origin, "owner", MORE)
    assert followed(paths) == (second, "beyond-plans"), "and whatever comes upon it"
    git(origin.work, "reset", "--quiet", "--hard", second)
    third = push(origin, "owner", MORE)
    assert followed(paths) == (third, "")


def test_roots_part_judges_again_from_the_commit_that_it_applied(origin: Remote, paths: Paths) -> None:
    first = push(origin, "owner", FIRST)
    assert followed(paths) == (first, "")
    assert delcia("sync", "--enable", "--root", str(paths.root)).status == 0
    forged = push(origin, None, MORE)
    delcia("sync", "--fetch", "--root", str(paths.root))
    git(paths.pulled / "clone.git", "update-ref", "refs/delcia/seen", forged)
    delcia("sync", "--fetch", "--root", str(paths.root))
    delcia("sync", "--take", "--root", str(paths.root))
    assert (word(paths).commit, word(paths).slug) == (first, "not-signed")
