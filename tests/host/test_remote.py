"""A clone follows a real bare remote: forward only, bounded, and nothing of it is run."""

import os
import random
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from support.repositories import Remote, git, remote, signing_key
from support.sshd import sshd

from delcia.errors import DelciaError, Exit
from delcia.host.clone import accept, fetch, last_seen
from delcia.host.commits import brought
from delcia.host.objects import reading
from delcia.host.paths import Paths
from delcia.host.remote import Means
from delcia.host.syncing import Sync, sync_of


@pytest.fixture
def origin(tmp_path: Path) -> Remote:
    return remote(tmp_path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return where a host keeps what it pulls."""
    made = tmp_path / "pulled"
    made.mkdir()
    return made


@pytest.fixture
def means(tmp_path: Path) -> Means:
    return Means(*(tmp_path / name for name in ("known_hosts", "sync.key", "sync.token")))


def followed(folder: Path, sync: Sync, means: Means) -> str:
    """Fetch a branch and accept what came; return its commit."""
    repository, commit = fetch(folder, sync, means)
    accept(folder, repository, commit)
    return commit


def refusal(folder: Path, sync: Sync, means: Means) -> DelciaError:
    with pytest.raises(DelciaError) as caught:
        fetch(folder, sync, means)
    return caught.value


def size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def test_a_remote_that_is_away_is_tried_again(origin: Remote, means: Means, folder: Path) -> None:
    sync = Sync(origin.url)
    commit = origin.push(home="one")
    assert followed(folder, sync, means) == commit
    origin.bare.rename(origin.bare.with_name("away"))
    assert refusal(folder, sync, means).slug == "remote-away"
    origin.bare.with_name("away").rename(origin.bare)
    assert followed(folder, sync, means) == commit


def test_a_branch_that_the_remote_does_not_have_is_named_with_those_that_it_has(
    origin: Remote, means: Means, folder: Path
) -> None:
    error = refusal(folder, Sync(origin.url), means)
    assert (error.message, error.status) == ("the remote has no branch 'main'; it has none yet", Exit.PROBLEMS)
    origin.push(home="one")
    git(origin.work, "push", "--quiet", "origin", "HEAD:master", "HEAD:a/refs/heads/main")
    git(origin.bare, "update-ref", "-d", "refs/heads/main")
    error = refusal(folder, Sync(origin.url), means)
    assert error.message == "the remote has no branch 'main'; it has: a/refs/heads/main, master"
    assert (error.slug, error.status) == ("no-branch", Exit.PROBLEMS)
    git(origin.work, "push", "--quiet", "origin", *(f"HEAD:b{number}" for number in range(5)))
    message = refusal(folder, Sync(origin.url), means).message
    assert message.endswith("it has: a/refs/heads/main, b0, b1, b2, b3 and 2 more")


def test_what_is_too_large_is_not_fetched(origin: Remote, means: Means, folder: Path) -> None:
    sync = Sync(origin.url)
    origin.push(home="one")
    (origin.work / "big").write_bytes(os.urandom(3_000_000))
    origin.push(home="two")
    for _ in range(2):
        with pytest.raises(DelciaError, match="git does not take what"):
            fetch(folder, sync, means, largest_bytes=1_000_000)
    assert size(folder) < 4_000_000


def test_what_is_refused_is_fetched_once_never_gets_into_the_clone_and_goes_with_the_next(
    origin: Remote, means: Means, folder: Path
) -> None:
    sync = Sync(origin.url)
    first = origin.push(home="one")
    assert followed(folder, sync, means) == first
    before = size(folder / "clone.git")
    for name in ("a", "b", "c"):
        (origin.work / name).write_bytes(os.urandom(1_000_000))
        refused = origin.push("--amend")
        assert fetch(folder, sync, means) == (folder / "new.git", refused)
        assert size(folder / "clone.git") == before
        assert size(folder / "new.git") < 3_500_000
    kept = (folder / "new.git").stat().st_ino
    fetch(folder, sync, means)
    assert (folder / "new.git").stat().st_ino == kept, "what was refused is not asked for again"
    git(origin.work, "reset", "--quiet", "--hard", first)
    mended = origin.push(home="two")
    assert followed(folder, sync, means) == mended
    assert sorted(path.name for path in folder.iterdir()) == ["clone.git", "seen"]
    assert size(folder / "clone.git") < before + 100_000
    assert git(folder / "clone.git", "fsck", "--strict", "--no-dangling") == ""


@pytest.mark.parametrize("harm", ["damaged", "gone", "too large"])
def test_the_commit_that_was_seen_outlives_the_clone(origin: Remote, means: Means, folder: Path, harm: str) -> None:
    sync = Sync(origin.url)
    first = origin.push(home="one")
    second = origin.push(home="two")
    assert followed(folder, sync, means) == second
    if harm == "damaged":
        (folder / "clone.git/HEAD").write_text("nonsense", encoding="utf-8")
    elif harm == "gone":
        shutil.rmtree(folder / "clone.git")
    git(origin.bare, "update-ref", "refs/heads/main", first)
    largest_clone_bytes = 1000 if harm == "too large" else 256_000_000
    repository, commit = fetch(folder, sync, means, largest_clone_bytes=largest_clone_bytes)
    assert (commit, last_seen(folder)) == (first, second)
    with reading(repository, time_s=20) as objects:
        assert brought(objects, second, commit) is None
    third = origin.push(home="three")
    assert followed(folder, sync, means) == third
    assert not (folder / "new.git").exists()


def test_a_clone_of_an_earlier_delcia_tells_what_was_seen_by_its_ref_alone(
    origin: Remote, means: Means, folder: Path
) -> None:
    commit = origin.push(home="one")
    followed(folder, Sync(origin.url), means)
    (folder / "seen").unlink()
    assert last_seen(folder) == commit


def test_what_comes_after_a_commit_is_what_git_says_whatever_the_dates(origin: Remote) -> None:
    lot = random.Random(3)  # noqa: S311 - the same history every time
    tree = git(origin.work, "mktree")
    made: list[str] = []
    for number in range(60):
        parents = sorted(lot.sample(made, min(len(made), lot.choice((1, 1, 1, 2, 3)))))
        date = f"{1_700_000_000 + number * 60 + lot.choice((0, 0, -40_000, 40_000))} +0000"
        words = [word for parent in parents for word in ("-p", parent)]
        who = {"GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date}
        made.append(git(origin.work, "commit-tree", tree, "-m", str(number), *words, env=who))
    with reading(origin.work, time_s=60) as objects:
        for _ in range(150):
            before, after = lot.choice(made), lot.choice(made)
            listed = git(origin.work, "rev-list", f"{before}..{after}").split()
            follows = git(origin.work, "merge-base", before, after, check=False) == before
            found = brought(objects, before, after)
            assert (found is not None) == follows
            # A date that lies may make an old commit count as new, never a new one as old.
            assert found is None or {commit.name for commit in found} >= set(listed)


def test_an_ssh_remote_whose_host_is_not_known_is_not_asked(
    means: Means, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = tmp_path / "seen"
    program = tmp_path / "bin/ssh"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" >{seen}\nexit 255\n', encoding="utf-8")
    program.chmod(0o755)
    means.key.write_text("key", encoding="utf-8")
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    assert refusal(tmp_path, Sync("ssh://git@127.0.0.1/plans.git"), means).slug == "remote-away"
    words = seen.read_text(encoding="utf-8").splitlines()
    assert "StrictHostKeyChecking=yes" in words
    assert f"UserKnownHostsFile={means.known_hosts}" in words
    assert words[words.index("-i") + 1] == str(means.key)
    assert words[:2] == ["-F", "/dev/null"]


def test_over_a_real_ssh_the_server_must_be_the_one_that_is_known(origin: Remote, tmp_path: Path, folder: Path) -> None:
    commit = origin.push(home="one")
    (tmp_path / "sshd").mkdir()
    with sshd(tmp_path / "sshd") as server:
        means = Means(tmp_path / "known_hosts", server.user_key, tmp_path / "sync.token")
        sync = Sync(f"ssh://root@127.0.0.1:{server.port}{origin.bare}")
        unknown = refusal(folder, sync, means).message
        other = signing_key(tmp_path, "other").with_suffix(".pub").read_text(encoding="ascii")
        means.known_hosts.write_text(server.known_as(other), encoding="ascii")
        assert (
            unknown
            == refusal(folder, sync, means).message
            == f"{sync.shown} could not be fetched: its key is not in known_hosts"
        )
        means.known_hosts.write_text(server.known_as(server.host_key), encoding="ascii")
        other_key = refusal(folder, sync, replace(means, key=tmp_path / "other"))
        assert other_key.message.endswith(": it does not let sync.key in")
        assert followed(folder, sync, means) == commit


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "has no 'sync:'"),
        ("sync: x", "must be a mapping"),
        ("sync: {remote: 'https://a/b', brnch: x}", "unknown key 'brnch'"),
        ("sync: {remote: 'ext::sh -c x'}", "no address"),
        ("sync: {remote: '--upload-pack=x'}", "no address"),
        ("sync: {remote: 'http://example.org/a.git'}", "no address"),
        ("sync: {remote: 'https://me:secret@example.org/a.git'}", "no address"),
        ("sync: {remote: 'https://a/b', branch: '-x'}", "no name of a branch"),
        ("sync: {remote: 'https://a/b', folder: ../x}", "must be a folder"),
        ("sync: {remote: 'https://a/b', interval_min: 0}", "must be 1 to 1440 min"),
        ("sync: {remote: 'https://a/b', verify: sure}", "neither true nor false"),
    ],
)
def test_settings_that_are_wrong_are_told(tmp_path: Path, text: str, words: str) -> None:
    paths = Paths.system(tmp_path)
    paths.config.mkdir(parents=True)
    paths.host_file.write_text(text, encoding="utf-8")
    with pytest.raises(DelciaError, match=words) as caught:
        sync_of(paths.host_file)
    assert "secret" not in caught.value.text()


@pytest.mark.parametrize(
    ("remote_", "protocol"),
    [("https://example.org/a.git", "https"), ("git@example.org:a.git", "ssh"), ("file:///srv/a.git", "file")],
)
def test_settings_name_the_remote_and_the_one_protocol(tmp_path: Path, remote_: str, protocol: str) -> None:
    paths = Paths.system(tmp_path)
    paths.config.mkdir(parents=True)
    paths.host_file.write_text(f"sync: {{remote: '{remote_}', folder: plans/, verify: true}}", encoding="utf-8")
    found = sync_of(paths.host_file)
    assert found == Sync(remote_, "main", "plans", 15, verify=True)
    assert found.protocol == protocol
