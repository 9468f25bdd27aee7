"""Plans in a repository elsewhere are changed by commits that are pushed, onto what was looked at and nothing else."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from support.checkouts import checkout_with_plans, git
from support.death import copies_of, killed_at
from support.plans import NOW, SMALLEST

from delcia.core.model import ToSoc
from delcia.editing.changes import Alter, Disable
from delcia.editing.homes import looked_at, save
from delcia.editing.proposals import Proposal, propose
from delcia.editing.saving import Conflict, Saved
from delcia.editing.upstream import Upstream, fetch, save_there
from delcia.editing.views import shown_plans
from delcia.errors import DelciaError
from delcia.host.repository import Author

PANEL = Author("delcia panel", "panel@delcia.invalid")
AFTER = SMALLEST.replace('ready_by: "07:00"}', 'ready_by: "07:00", enabled: false}')


def begin(folder: Path) -> None:
    """Make a remote, the checkout of somebody who works on it too, and nothing of the panel's."""
    checkout_with_plans(folder / "ada")
    git(folder, "clone", "--quiet", "--bare", "ada", "remote.git")
    git(folder / "ada", "remote", "add", "origin", "../remote.git")


@pytest.fixture
def place(quick_path: Path) -> Path:
    begin(quick_path)
    return quick_path


@pytest.fixture
def upstream(place: Path) -> Upstream:
    found = at(place)
    fetch(found)
    return found


def at(place: Path) -> Upstream:
    return Upstream(str(place / "remote.git"), "main", "plans", place / "clone")


def disabled(upstream: Upstream) -> Proposal:
    with looked_at(upstream, NOW) as view:
        return propose(view, Disable("nights"))


def remote_text(place: Path) -> str:
    return git(place / "remote.git", "show", "main:plans/home.yaml") + "\n"


def push(place: Path, name: str, text: str) -> None:
    """Change a file as somebody else does."""
    (place / "ada" / name).write_text(text, encoding="utf-8")
    git(place / "ada", "commit", "--quiet", "--all", f"--message=Change {name}")
    git(place / "ada", "push", "--quiet", "origin", "main")


def test_a_change_is_pushed_as_a_commit(place: Path, upstream: Upstream) -> None:
    saved = save(upstream, disabled(upstream), PANEL, NOW)
    assert saved == Saved(
        git(place / "remote.git", "rev-parse", "main"), "Disable the plan 'nights'\n\nIn plans/home.yaml.\n"
    )
    assert remote_text(place) == AFTER
    assert git(place / "remote.git", "diff-tree", "-r", "--name-status", "main~1", "main") == "M\tplans/home.yaml"
    git(place / "remote.git", "fsck", "--strict")
    with looked_at(upstream, NOW) as view:
        assert propose(view, Disable("nights")).is_empty
        assert view.commit == git(place / "remote.git", "rev-parse", "main")


def test_what_has_nothing_to_do_with_the_plans_is_no_conflict(place: Path, upstream: Upstream) -> None:
    proposal = disabled(upstream)
    push(place, "README.md", "Another car.\n")
    assert isinstance(save(upstream, proposal, PANEL, NOW), Saved)
    assert git(place / "remote.git", "log", "--format=%s", "main") == (
        "Disable the plan 'nights'\nChange README.md\nBegin"
    )
    assert git(place / "remote.git", "show", "main:README.md") == "Another car."


def test_a_change_of_the_plans_meanwhile_is_shown_and_nothing_is_pushed(place: Path, upstream: Upstream) -> None:
    proposal = disabled(upstream)
    slower = SMALLEST.replace("amps: 16", "amps: 10")
    push(place, "plans/home.yaml", slower)
    found = save(upstream, proposal, PANEL, NOW)
    assert isinstance(found, Conflict)
    assert "+  socket: {amps: 10}\n" in found.difference
    assert remote_text(place) == slower
    assert found.again is not None
    assert isinstance(save(upstream, found.again, PANEL, NOW), Saved)
    assert remote_text(place) == AFTER.replace("amps: 16", "amps: 10")


def test_another_change_of_the_same_plan_is_not_overwritten(place: Path, upstream: Upstream) -> None:
    with looked_at(upstream, NOW) as view:
        [shown] = shown_plans(view, "spring")
        proposal = propose(view, Alter("nights", replace(shown.wish, target=ToSoc(90)), shown.mark))
    later = SMALLEST.replace('"07:00"', '"06:00"')
    push(place, "plans/home.yaml", later)
    found = save(upstream, proposal, PANEL, NOW)
    assert isinstance(found, Conflict)
    assert (found.again, found.reason) == (None, "the plan 'nights' was changed meanwhile")
    assert remote_text(place) == later


def test_a_remote_that_takes_no_push_changes_nothing(place: Path, upstream: Upstream) -> None:
    hook = place / "remote.git/hooks/pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho 'main is protected' >&2\nexit 1\n", encoding="utf-8")
    hook.chmod(0o755)
    proposal = disabled(upstream)
    with pytest.raises(DelciaError, match="does not take the change: git push: remote: main is protected") as refused:
        save(upstream, proposal, PANEL, NOW)
    assert refused.value.slug == "push-refused"
    hook.unlink()
    assert isinstance(save(upstream, proposal, PANEL, NOW), Saved), "and the same proposal can be saved when it does"


def test_a_remote_that_is_away_is_said_and_the_plans_are_seen_as_they_were(place: Path, upstream: Upstream) -> None:
    (place / "remote.git").rename(place / "away.git")
    proposal = disabled(upstream)
    with pytest.raises(DelciaError) as away:
        save(upstream, proposal, PANEL, NOW)
    assert away.value.slug == "remote-away"
    (place / "away.git").rename(place / "remote.git")
    assert isinstance(save(upstream, proposal, PANEL, NOW), Saved)


def test_plans_that_were_never_fetched_are_not_there(place: Path) -> None:
    with pytest.raises(DelciaError, match="the plans were never fetched"), looked_at(at(place), NOW):
        pass


def test_the_account_in_an_address_is_not_told(place: Path) -> None:
    secret = Upstream("https://ada:t0ken@127.0.0.1:9/car.git", "main", "plans", place / "clone")
    with pytest.raises(DelciaError) as away:
        fetch(secret)
    assert "t0ken" not in away.value.text()


def test_a_branch_that_was_put_back_is_not_undone(place: Path, upstream: Upstream) -> None:
    push(place, "plans/home.yaml", SMALLEST.replace("amps: 16", "amps: 10"))
    fetch(upstream)
    proposal = disabled(upstream)
    git(place / "remote.git", "update-ref", "refs/heads/main", "main~1")
    found = save(upstream, proposal, PANEL, NOW)
    assert isinstance(found, Conflict)
    assert remote_text(place) == SMALLEST


def test_a_key_signs_what_the_panel_commits(place: Path, upstream: Upstream) -> None:
    key = place / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", key], check=True)
    signers = place / "signers"
    signers.write_text(f"{PANEL.address} {key.with_suffix('.pub').read_text(encoding='utf-8')}", encoding="utf-8")
    saved = save(upstream, disabled(upstream), Author(PANEL.name, PANEL.address, key), NOW)
    assert isinstance(saved, Saved)
    setting = f"gpg.ssh.allowedSignersFile={signers}"
    assert git(place / "remote.git", "-c", setting, "log", "-1", "--format=%G? %GS", "main") == f"G {PANEL.address}"


def test_what_a_killed_git_leaves_in_the_clone_is_in_nobodys_way(place: Path, upstream: Upstream) -> None:
    for name in ("refs/heads/main.lock", "HEAD.lock", "objects/tmp_obj_x"):
        (upstream.clone / name).touch()
    push(place, "README.md", "Another car.\n")
    fetch(upstream)
    assert isinstance(save(upstream, disabled(upstream), PANEL, NOW), Saved)
    assert not [path for path in upstream.clone.rglob("*") if path.suffix == ".lock" or path.name.startswith("tmp_")]


@pytest.mark.parametrize("wait_s", [0.005, 0.01, 0.02, 0.03, 0.04, 0.06, 0.09])
def test_killed_together_with_the_git_that_is_at_work(place: Path, upstream: Upstream, wait_s: float) -> None:
    proposal = disabled(upstream)
    pid = os.fork()
    if pid == 0:
        try:
            os.setsid()
            save(upstream, proposal, PANEL, NOW)
        finally:
            os._exit(0)
    time.sleep(wait_s)
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    ending(place, upstream)


def test_killed_anywhere_the_remote_has_the_whole_commit_or_nothing_of_it(quick_path: Path) -> None:
    endings = []
    for event_number, place in copies_of(quick_path, begin):
        upstream = at(place)
        killed_while_fetching = killed_at(event_number, partial(fetch, upstream))
        fetch(upstream)
        killed = killed_at(event_number, partial(save, upstream, disabled(upstream), PANEL, NOW))
        endings.append(ending(place, upstream))
        if not (killed or killed_while_fetching):
            break
    assert set(endings) == {1, 2}


def test_killed_between_any_two_steps_likewise(quick_path: Path) -> None:
    endings = []
    for step, place in copies_of(quick_path, begin):
        upstream = at(place)
        fetch(upstream)
        left = iter(range(step - 1))

        def die(_step: str, left: Iterator[int] = left) -> None:
            if next(left, None) is None:
                os.kill(os.getpid(), 9)

        killed = killed_at(0, partial(save_there, upstream, disabled(upstream), PANEL, NOW, die))
        endings.append(ending(place, upstream))
        if not killed:
            break
    assert endings == sorted(endings)
    assert set(endings) == {1, 2}


def ending(place: Path, upstream: Upstream) -> int:
    """Return how many commits the remote had, after seeing to it that all is whole and that saving again ends well."""
    remote = place / "remote.git"
    commits = int(git(remote, "rev-list", "--count", "main"))
    assert remote_text(place) == (SMALLEST if commits == 1 else AFTER)
    fetch(upstream)
    proposal = disabled(upstream)
    assert proposal.is_empty == (commits == 2)
    if not proposal.is_empty:
        assert isinstance(save(upstream, proposal, PANEL, NOW), Saved)
    assert remote_text(place) == AFTER
    for repository in (remote, upstream.clone):
        git(repository, "fsck", "--strict")
    return commits
