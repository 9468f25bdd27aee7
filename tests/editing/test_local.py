"""Plans in a folder of this machine are changed by whole commits, and by nobody over somebody else's work."""

import os
import resource
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from support.checkouts import checkout_with_plans, git
from support.death import copies_of, killed_at, starved_beyond
from support.passing import let_everybody_pass
from support.plans import NOW, SMALLEST

from delcia.editing.changes import Add, Disable, Enable, Remove
from delcia.editing.homes import Folder
from delcia.editing.homes import save as save_at
from delcia.editing.local import save_here, view_here
from delcia.editing.proposals import Proposal, propose
from delcia.editing.saving import Conflict, Saved
from delcia.editing.views import shown_plans
from delcia.errors import DelciaError
from delcia.host.repository import Author

PANEL = Author("delcia panel", "panel@delcia.invalid")
AFTER = SMALLEST.replace('ready_by: "07:00"}', 'ready_by: "07:00", enabled: false}')


def disabled(plans: Path) -> Proposal:
    return propose(view_here(plans, NOW), Disable("nights"))


def save(plans: Path) -> Saved | Conflict:
    return save_here(plans, disabled(plans), PANEL, NOW)


@pytest.fixture
def plans(tmp_path: Path) -> Path:
    return checkout_with_plans(tmp_path / "car")


def test_a_change_is_a_commit_that_a_person_might_have_made(plans: Path) -> None:
    (plans.parent / "README.md").write_text("Being written.\n", encoding="utf-8")
    saved = save(plans)
    assert isinstance(saved, Saved)
    assert saved.commit == git(plans, "rev-parse", "main")
    assert git(plans, "log", "-1", "--format=%an <%ae>%n%B") == (
        "delcia panel <panel@delcia.invalid>\nDisable the plan 'nights'\n\nIn plans/home.yaml."
    )
    assert git(plans, "log", "-1", "--format=%at") == str(int(NOW.timestamp()))
    assert git(plans, "diff-tree", "-r", "--name-status", "HEAD~1", "HEAD") == "M\tplans/home.yaml"
    assert git(plans.parent, "status", "--porcelain") == "M README.md", "what others are at stays as it is"
    assert (plans / "home.yaml").read_text(encoding="utf-8") == AFTER
    git(plans, "fsck", "--strict")


def test_neither_plans_with_errors_nor_nothing_is_saved(plans: Path) -> None:
    home = Folder(plans)
    view = view_here(plans, NOW)
    wish = replace(shown_plans(view)[0].wish, charger="gone")
    proposal = propose(view, Add("office", wish))
    assert [problem.slug for problem in proposal.problems if problem.level == "error"] == ["unknown-charger"]
    for pointless, slug in ((proposal, "bad-plans"), (propose(view, Enable("nights")), "no-change")):
        with pytest.raises(DelciaError) as refused:
            save_at(home, pointless, PANEL, NOW)
        assert refused.value.slug == slug
    assert isinstance(save_at(home, disabled(plans), PANEL, NOW), Saved)
    assert git(plans, "rev-list", "--count", "HEAD") == "2"


def test_without_git_the_file_is_written(tmp_path: Path) -> None:
    (tmp_path / "home.yaml").write_text(SMALLEST, encoding="utf-8")
    (tmp_path / "home.yaml").chmod(0o640)
    assert save(tmp_path) == Saved(None, f"Disable the plan 'nights'\n\nIn {tmp_path.name}/home.yaml.\n")
    assert (tmp_path / "home.yaml").read_text(encoding="utf-8") == AFTER
    assert (tmp_path / "home.yaml").stat().st_mode & 0o777 == 0o640
    assert [path.name for path in tmp_path.iterdir()] == ["home.yaml"]


def test_plans_that_git_does_not_know_are_only_written(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    (tmp_path / "home.yaml").write_text(SMALLEST, encoding="utf-8")
    assert save(tmp_path) == Saved(None, f"Disable the plan 'nights'\n\nIn {tmp_path.name}/home.yaml.\n")


def test_lines_that_git_keeps_otherwise_are_no_change(tmp_path: Path) -> None:
    plans = checkout_with_plans(tmp_path / "car")
    crlf = SMALLEST.replace("\n", "\r\n")
    git(plans, "config", "core.autocrlf", "true")
    (plans / "home.yaml").write_bytes(crlf.encode())
    assert isinstance(save(plans), Saved)
    assert (plans / "home.yaml").read_bytes() == AFTER.replace("\n", "\r\n").encode()
    assert git(plans, "show", "HEAD:plans/home.yaml") == AFTER.strip()
    assert git(plans, "status", "--porcelain") == ""


def test_what_was_changed_meanwhile_is_shown_and_the_change_proposed_anew(plans: Path) -> None:
    proposal = disabled(plans)
    other = SMALLEST.replace("amps: 16", "amps: 10")
    (plans / "home.yaml").write_text(other, encoding="utf-8")
    git(plans, "commit", "--quiet", "--all", "--message=Slower")
    before = git(plans, "rev-parse", "HEAD")
    found = save_here(plans, proposal, PANEL, NOW)
    assert isinstance(found, Conflict)
    assert git(plans, "rev-parse", "HEAD") == before
    assert "-  socket: {amps: 16}\n+  socket: {amps: 10}\n" in found.difference
    assert found.again is not None
    assert isinstance(save_here(plans, found.again, PANEL, NOW), Saved)
    assert (plans / "home.yaml").read_text(encoding="utf-8") == AFTER.replace("amps: 16", "amps: 10")


def uncommitted(plans: Path) -> None:
    with (plans / "home.yaml").open("a", encoding="utf-8") as file:
        file.write("# not yet\n")


def staged(plans: Path) -> None:
    text = (plans / "home.yaml").read_text(encoding="utf-8")
    uncommitted(plans)
    git(plans, "add", "home.yaml")
    (plans / "home.yaml").write_text(text, encoding="utf-8")


def detached(plans: Path) -> None:
    git(plans, "switch", "--quiet", "--detach")


def merging(plans: Path) -> None:
    git(plans, "update-ref", "MERGE_HEAD", "HEAD")


@pytest.mark.parametrize("state", [uncommitted, staged, detached, merging], ids=lambda state: state.__name__)
def test_a_checkout_that_somebody_is_at_work_in_is_left_alone(plans: Path, state: Callable[[Path], None]) -> None:
    state(plans)
    before = seen(plans)
    with pytest.raises(DelciaError) as refused:
        save(plans)
    assert refused.value.slug in {state.__name__, "uncommitted"}
    assert seen(plans) == before


def seen(plans: Path) -> tuple[str, str, str]:
    """Return the commit, what git says of the working tree, and the file."""
    status = git(plans, "status", "--porcelain")
    return git(plans, "rev-parse", "HEAD"), status, (plans / "home.yaml").read_text(encoding="utf-8")


@pytest.mark.no_cover
def test_killed_anywhere_the_branch_has_the_whole_commit_or_nothing_of_it(quick_path: Path) -> None:
    def begin(folder: Path) -> None:
        checkout_with_plans(folder)

    endings = []
    for event_number, copy in copies_of(quick_path, begin):
        plans = copy / "plans"
        before = seen(plans)
        killed = killed_at(event_number, partial(save_here, plans, disabled(plans), PANEL, NOW))
        commits = int(git(plans, "rev-list", "--count", "HEAD"))
        assert (plans / "home.yaml").read_text(encoding="utf-8") in {SMALLEST, AFTER}
        assert git(plans, "show", "HEAD:plans/home.yaml") == (SMALLEST if commits == 1 else AFTER).strip()
        view_here(plans, NOW)
        after = seen(plans)
        assert after == before if commits == 1 else after[1:] == ("", AFTER)
        git(plans, "fsck", "--strict")
        assert isinstance(save_here(plans, propose(view_here(plans, NOW), Remove("nights")), PANEL, NOW), Saved)
        assert git(plans, "status", "--porcelain") == ""
        assert not list(copy.rglob("*delcia*"))
        endings.append(commits)
        if not killed:
            break
    assert endings == sorted(endings)
    assert set(endings) == {1, 2}


STEPS = ("blob", "commit", "journal", "branch", "file", "lock", "index", "done")


def test_killed_between_any_two_steps_likewise(quick_path: Path) -> None:
    taken: list[str] = []
    whole = checkout_with_plans(quick_path / "whole")
    save_here(whole, disabled(whole), PANEL, NOW, taken.append)
    assert tuple(taken) == STEPS
    for steps, copy in copies_of(quick_path, lambda folder: (checkout_with_plans(folder), None)[1]):
        plans = copy / "plans"
        before = seen(plans)
        left = iter(range(steps - 1))

        def die(_step: str, left: object = left) -> None:
            if next(left, None) is None:  # type: ignore[call-overload]  # an iterator of numbers
                os.kill(os.getpid(), 9)

        killed = killed_at(0, partial(save_here, plans, disabled(plans), PANEL, NOW, die))
        committed = git(plans, "rev-parse", "HEAD") != before[0]
        view_here(plans, NOW)
        assert seen(plans)[1:] == ("", AFTER) if committed else seen(plans) == before
        if not killed:
            break
    else:
        pytest.fail("it never came to its end")


def test_killed_in_the_midst_of_any_write_likewise(quick_path: Path) -> None:
    """Also the writes of git: each object, the record of the branch, and the index, which here is the longest."""
    long = "# what the neighbours said\n" * 40
    checkout_with_plans(quick_path / "model", SMALLEST + long)
    for number in range(20):
        (quick_path / f"model/file-{number}-of-a-name-that-fills-the-index").touch()
    git(quick_path / "model", "add", ".")
    git(quick_path / "model", "commit", "--quiet", "--amend", "--no-edit")
    endings = set()
    for octets in (0, 150, 250, 300, 350, 450, 1000, 2000, 4000):
        shutil.copytree(quick_path / "model", quick_path / "copy", symlinks=True)
        plans = quick_path / "copy/plans"
        before = seen(plans)
        proposal = disabled(plans)
        starved_beyond(octets, partial(save_here, plans, proposal, PANEL, NOW))
        endings.add((git(plans, "rev-parse", "HEAD") != before[0], (plans / "home.yaml").read_text(encoding="utf-8")))
        view_here(plans, NOW)
        committed = git(plans, "rev-parse", "HEAD") != before[0]
        assert seen(plans)[1:] == ("", AFTER + long) if committed else seen(plans) == before, octets
        assert not [*quick_path.glob("copy/.git/**/*.lock"), *quick_path.glob("copy/**/*delcia*")], octets
        git(plans, "fsck", "--strict")
        shutil.rmtree(quick_path / "copy")
    assert endings == {(False, SMALLEST + long), (True, SMALLEST + long), (True, AFTER + long)}, "all three were there"


def test_a_lock_of_another_git_is_left_to_it(plans: Path) -> None:
    lock = plans.parent / ".git/index.lock"
    lock.touch()
    assert isinstance(save(plans), Saved), "the commit needs no index"
    with pytest.raises(DelciaError, match="another git is at work") as refused:
        save_here(plans, propose(view_here(plans, NOW), Enable("nights")), PANEL, NOW)
    assert str(lock) in refused.value.hint
    assert lock.exists()
    lock.unlink()
    view_here(plans, NOW)
    assert git(plans, "status", "--porcelain") == ""


def test_killed_without_git_the_file_is_the_old_or_the_new_one(quick_path: Path) -> None:
    def begin(folder: Path) -> None:
        folder.mkdir()
        (folder / "home.yaml").write_text(SMALLEST, encoding="utf-8")

    endings = set()
    for event_number, folder in copies_of(quick_path, begin):
        killed = killed_at(event_number, partial(save_here, folder, disabled(folder), PANEL, NOW))
        endings.add((folder / "home.yaml").read_text(encoding="utf-8"))
        if not killed:
            break
    for octets in (0, len(AFTER) // 2):
        begin(quick_path / f"of-{octets}")
        starved_beyond(
            octets, partial(save_here, quick_path / f"of-{octets}", disabled(quick_path / f"of-{octets}"), PANEL, NOW)
        )
        assert (quick_path / f"of-{octets}/home.yaml").read_text(encoding="utf-8") == SMALLEST
    assert endings == {SMALLEST, AFTER}


@pytest.mark.parametrize("known_to_git", [False, True])
def test_a_disk_that_takes_no_more_is_said_and_nothing_is_changed(tmp_path: Path, *, known_to_git: bool) -> None:
    plans = checkout_with_plans(tmp_path / "car") if known_to_git else tmp_path
    (plans / "home.yaml").write_text(SMALLEST, encoding="utf-8")
    proposal, home = disabled(plans), Folder(plans)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, before[1]))  # as a full disk: writing fails, and is no signal here
    try:
        with pytest.raises(DelciaError) as refused:
            save_at(home, proposal, PANEL, NOW)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert refused.value.slug == ("git" if known_to_git else "cannot-write")
    assert (plans / "home.yaml").read_text(encoding="utf-8") == SMALLEST
    assert isinstance(save_at(home, proposal, PANEL, NOW), Saved)


def test_a_recovery_undoes_nobody_elses_work(plans: Path) -> None:
    def fail_after_the_branch(step: str) -> None:
        if step == "branch":
            os._exit(1)

    with suppress(AssertionError):
        killed_at(0, partial(save_here, plans, disabled(plans), PANEL, NOW, fail_after_the_branch))
    mine = SMALLEST + "# mine\n"
    (plans / "home.yaml").write_text(mine, encoding="utf-8")
    view_here(plans, NOW)
    assert (plans / "home.yaml").read_text(encoding="utf-8") == mine
    assert git(plans, "show", ":plans/home.yaml") == AFTER.strip()


def test_nothing_that_the_repository_names_is_run(plans: Path, tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {tmp_path}/sprung\ncat\n", encoding="utf-8")
    trap.chmod(0o755)
    names = ("fsmonitor", "pager", "editor", "sshCommand", "gitProxy", "alternateRefsCommand", "askPass")
    settings = [*(f"core.{name}" for name in names), "gpg.program", "gpg.ssh.program", "diff.external"]
    settings += [
        "filter.x.clean",
        "filter.x=y.clean",
        "filter.x=y.process",
        "filter.x.smudge",
        "diff.x.textconv",
        "merge.x.driver",
    ]
    for setting in settings:
        git(plans, "config", setting, str(trap))
    for setting in ("commit.gpgSign", "filter.x.required"):
        git(plans, "config", setting, "true")
    (plans.parent / ".git/info").mkdir(exist_ok=True)
    (plans.parent / ".git/info/attributes").write_text("* filter=x diff=x merge=x\n*.md filter=x=y\n", encoding="utf-8")
    hooks = plans.parent / ".git/hooks"
    hooks.mkdir(exist_ok=True)
    for name in ("pre-commit", "commit-msg", "post-commit", "post-index-change", "reference-transaction"):
        (hooks / name).write_bytes(trap.read_bytes())
        (hooks / name).chmod(0o755)
    assert isinstance(save(plans), Saved)
    assert not (tmp_path / "sprung").exists()


def test_a_link_out_of_the_plans_is_not_followed(plans: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.yaml"
    outside.write_text("plans: {nights: {}}\n", encoding="utf-8")
    proposal = disabled(plans)
    (plans / "home.yaml").unlink()
    (plans / "home.yaml").symlink_to(outside)
    found = save_here(plans, proposal, PANEL, NOW)
    assert isinstance(found, Conflict)
    assert found.again is None
    assert outside.read_text(encoding="utf-8") == "plans: {nights: {}}\n"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_plans_of_somebody_else_are_not_changed(plans: Path, tmp_path: Path) -> None:
    let_everybody_pass(tmp_path)
    os.chown(plans / "home.yaml", 65534, 65534)
    with pytest.raises(DelciaError, match=r"home\.yaml cannot be changed by this user"):
        save(plans)
