"""A clone follows a real bare remote: forward only, bounded, and nothing of it is run."""

import os
from dataclasses import replace
from pathlib import Path

import pytest
from support.repositories import Remote, remote, signing_key
from support.sshd import sshd

from delcia.errors import DelciaError
from delcia.host.paths import Paths
from delcia.host.remote import Means, accept, fetch
from delcia.host.syncing import Sync, sync_of


@pytest.fixture
def origin(tmp_path: Path) -> Remote:
    return remote(tmp_path)


@pytest.fixture
def means(tmp_path: Path) -> Means:
    return Means(*(tmp_path / name for name in ("known_hosts", "sync.key", "sync.token")))


def refusal(clone: Path, sync: Sync, means: Means) -> str:
    with pytest.raises(DelciaError) as caught:
        fetch(clone, sync, means)
    assert caught.value.slug == "remote-away"
    return caught.value.message


def fails(clone: Path, sync: Sync, means: Means) -> str:
    with pytest.raises(DelciaError) as caught:
        fetch(clone, sync, means)
    return caught.value.slug


def test_a_clone_follows_its_branch_forward_and_a_rewritten_one_only_when_told(origin: Remote, means: Means) -> None:
    clone, sync = origin.work.parent / "clone.git", Sync(origin.url)
    first = origin.push(home="one")
    assert fetch(clone, sync, means) == first
    accept(clone, first)
    second = origin.push(home="two")
    assert fetch(clone, sync, means) == second
    accept(clone, second)
    third = origin.push("--amend", home="three")
    assert fails(clone, sync, means) == "not-fast-forward"
    assert fetch(clone, replace(sync, force=True), means) == third


def test_a_bad_commit_that_was_never_accepted_may_be_taken_back(origin: Remote, means: Means) -> None:
    clone, sync = origin.work.parent / "clone.git", Sync(origin.url)
    origin.push(home="one")
    accept(clone, fetch(clone, sync, means))
    origin.push(home="broken")
    fetch(clone, sync, means)
    mended = origin.push("--amend", home="mended")
    assert fetch(clone, sync, means) == mended


def test_a_remote_that_is_away_is_tried_again(origin: Remote, means: Means) -> None:
    clone, sync = origin.work.parent / "clone.git", Sync(origin.url)
    commit = origin.push(home="one")
    accept(clone, fetch(clone, sync, means))
    origin.bare.rename(origin.bare.with_name("away"))
    assert fails(clone, sync, means) == "remote-away"
    origin.bare.with_name("away").rename(origin.bare)
    assert fetch(clone, sync, means) == commit


def test_what_is_too_large_is_not_fetched(origin: Remote, means: Means) -> None:
    clone, sync = origin.work.parent / "clone.git", Sync(origin.url)
    origin.push(home="one")
    (origin.work / "big").write_bytes(os.urandom(3_000_000))
    origin.push(home="two")
    for _ in range(2):
        with pytest.raises(DelciaError, match="git does not take what"):
            fetch(clone, sync, means, largest_bytes=1_000_000)
    assert sum(path.stat().st_size for path in clone.rglob("*") if path.is_file()) < 4_000_000


def test_a_damaged_clone_is_made_again(origin: Remote, means: Means) -> None:
    clone, sync = origin.work.parent / "clone.git", Sync(origin.url)
    commit = origin.push(home="one")
    fetch(clone, sync, means)
    (clone / "HEAD").write_text("nonsense", encoding="utf-8")
    assert fetch(clone, sync, means) == commit


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
    assert fails(tmp_path / "clone.git", Sync("ssh://git@127.0.0.1/plans.git"), means) == "remote-away"
    words = seen.read_text(encoding="utf-8").splitlines()
    assert "StrictHostKeyChecking=yes" in words
    assert f"UserKnownHostsFile={means.known_hosts}" in words
    assert words[words.index("-i") + 1] == str(means.key)
    assert words[:2] == ["-F", "/dev/null"]


def test_over_a_real_ssh_the_server_must_be_the_one_that_is_known(origin: Remote, tmp_path: Path) -> None:
    commit, clone = origin.push(home="one"), tmp_path / "clone.git"
    (tmp_path / "sshd").mkdir()
    with sshd(tmp_path / "sshd") as server:
        means = Means(tmp_path / "known_hosts", server.user_key, tmp_path / "sync.token")
        sync = Sync(f"ssh://root@127.0.0.1:{server.port}{origin.bare}")
        unknown = refusal(clone, sync, means)
        other = signing_key(tmp_path, "other").with_suffix(".pub").read_text(encoding="ascii")
        means.known_hosts.write_text(server.known_as(other), encoding="ascii")
        assert (
            unknown
            == refusal(clone, sync, means)
            == f"{sync.shown} could not be fetched: its key is not in known_hosts"
        )
        means.known_hosts.write_text(server.known_as(server.host_key), encoding="ascii")
        assert refusal(clone, sync, replace(means, key=tmp_path / "other")).endswith(": it does not let sync.key in")
        assert fetch(clone, sync, means) == commit


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
