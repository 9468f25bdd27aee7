"""Under `verify` each commit that comes is vouched for, by a key for everything or by one for plans alone."""

import os
import resource
import shutil
import zlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.command import delcia
from support.home import NIGHTS, SITE, SPRING
from support.repositories import Remote, git, git_octets, remote, signing_key
from support.trees import Maker

from delcia.host.offers import Offer, word, write_offer
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


def test_a_key_that_has_expired_signs_nothing_more_whatever_date_the_commit_has(
    origin: Remote, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DELCIA_NOW", "2026-11-30T12:00:00+00:00")
    signers = paths.config / "allowed_signers"
    name, _, key = signers.read_text(encoding="utf-8").partition(" ")
    backdated = {"GIT_AUTHOR_DATE": "2026-05-01T12:00:00Z", "GIT_COMMITTER_DATE": "2026-05-01T12:00:00Z"}
    for variable, value in backdated.items():
        monkeypatch.setenv(variable, value)
    first = push(origin, "owner", FIRST)
    signers.write_text(f'{name} valid-before="20260601" {key}', encoding="utf-8")
    assert followed(paths) == (None, "not-signed")
    monkeypatch.setenv("DELCIA_NOW", "2026-11-30T12:15:00+00:00")
    signers.write_text(f'{name} valid-after="20260601",valid-before="20270601" {key}', encoding="utf-8")
    assert followed(paths) == (first, ""), "the key is valid now"


def broken_into(origin: Remote, paths: Paths, commit: str) -> Path:
    """Be the user that looks, and offer any commit; return the clone, which has it in files of their own."""
    clone, other = paths.pulled / "clone.git", paths.pulled / "other.git"
    git(paths.pulled, "clone", "--quiet", "--bare", str(origin.bare), str(other))
    for pack in other.glob("objects/pack/*.pack"):
        git(clone, "unpack-objects", "-q", data=pack.read_bytes())
    for pack in other.glob("objects/??/*"):
        (clone / "objects" / pack.parent.name).mkdir(exist_ok=True)
        (clone / "objects" / pack.parent.name / pack.name).write_bytes(pack.read_bytes())
    shutil.rmtree(clone / "objects/pack")
    shutil.rmtree(other)
    write_offer(paths.pulled, Offer(datetime.now(UTC), commit))
    return clone


def loose(clone: Path, name: str) -> Path:
    return clone / "objects" / name[:2] / name[2:]


def forge(clone: Path, name: str, kind: str, data: bytes) -> None:
    """Put other octets under the name of an object."""
    file = loose(clone, name)
    file.unlink()
    file.write_bytes(zlib.compress(f"{kind} {len(data)}\0".encode("ascii") + data))


@pytest.fixture
def switched_on(origin: Remote, paths: Paths) -> str:
    """Have the host follow a first signed commit, and return that."""
    first = push(origin, "owner", FIRST)
    assert followed(paths) == (first, "")
    assert delcia("sync", "--enable", "--root", str(paths.root)).status == 0
    return first


def taken(paths: Paths) -> tuple[str | None, str]:
    delcia("sync", "--take", "--root", str(paths.root))
    return word(paths).commit, word(paths).slug


def test_roots_part_judges_again_from_the_commit_that_it_applied(
    origin: Remote, paths: Paths, switched_on: str
) -> None:
    unsigned = push(origin, None, MORE)
    clone = broken_into(origin, paths, unsigned)
    git(clone, "update-ref", "refs/delcia/seen", unsigned)
    (paths.pulled / "seen").write_text(unsigned, encoding="ascii")
    assert taken(paths) == (switched_on, "not-signed")


@pytest.mark.parametrize("kind", ["blob", "tree", "commit"])
def test_root_applies_nothing_that_is_forged_below_a_signed_commit(
    origin: Remote, paths: Paths, switched_on: str, kind: str
) -> None:
    evil = push(origin, None, MORE)
    git(origin.work, "reset", "--quiet", "--hard", switched_on)
    signed = push(origin, "owner", PLANS)
    git(origin.work, "push", "--quiet", "--force", "origin", f"{evil}:refs/heads/evil")
    clone = broken_into(origin, paths, signed)
    what = {"blob": ":plans/home.yaml", "tree": ":plans", "commit": ""}[kind]
    name, other = (git(clone, "rev-parse", f"{commit}{what}") for commit in (signed, evil))
    data = git_octets(clone, "cat-file", kind, other)
    forge(clone, name, kind, data)
    assert taken(paths) == (switched_on, "forged")
    assert '"hold":false' not in (paths.generations / "1/plans.json").read_text(encoding="utf-8")
    assert sorted(path.name for path in paths.generations.iterdir()) == ["1"]


def test_root_goes_back_to_no_earlier_signed_commit_that_is_offered(
    origin: Remote, paths: Paths, switched_on: str
) -> None:
    second = push(origin, "owner", PLANS)
    assert followed(paths) == (second, "")
    broken_into(origin, paths, switched_on)
    assert taken(paths) == (second, "not-fast-forward")


@pytest.mark.parametrize("lost", ["clone.git", "*"])
def test_who_runs_the_git_server_sets_nothing_back_whatever_becomes_of_the_clone(
    origin: Remote, paths: Paths, switched_on: str, lost: str
) -> None:
    second = push(origin, "owner", PLANS)
    assert followed(paths) == (second, "")
    for path in paths.pulled.glob(lost):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    git(origin.bare, "update-ref", "refs/heads/main", switched_on)
    assert followed(paths) == (second, "not-fast-forward")
    git(origin.bare, "update-ref", "refs/heads/main", second)
    assert followed(paths) == (second, "")
    paths.host_file.write_text(
        paths.host_file.read_text(encoding="utf-8").replace("verify", "force: true, verify"), encoding="utf-8"
    )
    git(origin.bare, "update-ref", "refs/heads/main", switched_on)
    assert followed(paths) == (switched_on, ""), "the owner of the host may"


@pytest.mark.no_cover
@pytest.mark.parametrize("shape", ["deep", "bomb"])
def test_a_few_kilobytes_that_are_folders_without_number_are_refused_at_once(
    origin: Remote, paths: Paths, switched_on: str, shape: str
) -> None:
    """Both for a key for plans alone, whose commits are compared with what they follow, and for one for everything."""
    maker = Maker(origin.work.parent)
    tree = maker.chain(5_000) if shape == "deep" else maker.bomb(12, 10)
    for file in (maker.repository / "objects").glob("??/*"):
        if file.stat().st_size < 10_000:
            (origin.work / ".git/objects" / file.parent.name).mkdir(exist_ok=True)
            shutil.copy(file, origin.work / ".git/objects" / file.parent.name)
    before = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    for by, slug in (("panel", "too-large"), ("owner", "too-large")):
        git(origin.work, "config", "user.signingkey", str(origin.work.parent / by))
        top = git(origin.work, "mktree", data=f"040000 tree {tree}\tplans\n".encode())
        made = git(origin.work, "commit-tree", "-S", top, "-p", switched_on, "-m", "many")
        git(origin.work, "push", "--quiet", "--force", "origin", f"{made}:refs/heads/main")
        assert followed(paths) == (switched_on, slug), by
    after = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    assert sum(b.ru_utime + b.ru_stime - a.ru_utime - a.ru_stime for a, b in zip(before, after, strict=True)) < 20


def test_refused_commits_do_not_count_towards_the_clone(origin: Remote, paths: Paths, switched_on: str) -> None:
    def size() -> int:
        return sum(path.stat().st_size for path in paths.pulled.rglob("*") if path.is_file())

    before = size()
    for number in range(4):
        (origin.work / f"big-{number}").write_bytes(os.urandom(1_000_000))
        push(origin, None, FIRST)
        assert followed(paths) == (switched_on, "not-signed")
        git(origin.work, "reset", "--quiet", "--hard", switched_on)
    assert size() < before + 1_500_000
