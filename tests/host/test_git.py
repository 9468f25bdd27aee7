"""Where plans come from, told by a real git, which may be missing, broken or hostile."""

import os
import subprocess
from pathlib import Path

import pytest
from support.passing import let_everybody_pass

from delcia.host.git import origin


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    folder = tmp_path / "plans"
    folder.mkdir()
    git(folder, "init", "--quiet", "--initial-branch=main")
    (folder / "home.yaml").write_text("a\n", encoding="utf-8")
    git(folder, "add", "home.yaml")
    git(folder, "commit", "--quiet", "--message=one")
    return folder


def git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=Ada Zoe", "-c", "user.email=ada@example.org"]
    subprocess.run(["git", "-C", str(folder), *identity, *arguments], check=True, capture_output=True)


def test_a_clean_checkout_has_a_commit_and_an_author_without_address(checkout: Path) -> None:
    found = origin(checkout)
    assert found.source == str(checkout)
    assert found.commit is not None
    assert len(found.commit) == 40
    assert found.clean is True
    assert found.author == "Ada Zoe"


def test_a_changed_or_new_file_makes_it_unclean_but_only_below_the_folder(checkout: Path) -> None:
    (checkout / "below").mkdir()
    (checkout / "new.yaml").touch()
    assert origin(checkout).clean is False
    assert origin(checkout / "below").clean is True


def test_a_folder_may_be_named_from_where_one_stands(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(checkout.parent)
    assert origin(Path("plans")) == origin(checkout)


def test_an_author_who_is_an_address_loses_the_address(checkout: Path) -> None:
    git(checkout, "-c", "user.name=ada@example.org", "commit", "--quiet", "--allow-empty", "--message=two")
    git(checkout, "commit", "--amend", "--quiet", "--allow-empty", "--message=two", "--author=ada@example.org <a@b>")
    assert origin(checkout).author == "ada"


def test_without_a_repository_only_the_folder_is_known(tmp_path: Path) -> None:
    found = origin(tmp_path)
    assert (found.commit, found.clean, found.author) == (None, None, None)
    assert origin(tmp_path / "gone").commit is None


def test_without_git_only_the_folder_is_known(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(checkout))
    assert origin(checkout).commit is None


def test_a_checkout_without_a_commit_is_no_mishap(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    assert origin(tmp_path).commit is None


def test_programs_that_a_repository_names_are_not_run(checkout: Path, tmp_path: Path) -> None:
    (checkout / "notes.md").touch()
    git(checkout, "add", "notes.md")
    git(checkout, "commit", "--quiet", "--message=two")
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {tmp_path}/sprung\ncat\n", encoding="utf-8")
    trap.chmod(0o755)
    filters = ("filter.x.clean", "filter.x.process", "filter.y=z.clean")
    for setting in ("core.fsmonitor", "core.pager", "core.sshCommand", "gpg.program", "diff.external", *filters):
        git(checkout, "config", setting, str(trap))
    git(checkout, "config", "filter.x.required", "true")
    (checkout / ".git/info/attributes").write_text("*.yaml filter=x\n*.md filter=y=z\n", encoding="utf-8")
    hook = checkout / ".git/hooks/post-index-change"
    hook.parent.mkdir(exist_ok=True)
    hook.write_bytes(trap.read_bytes())
    hook.chmod(0o755)
    for name in ("home.yaml", "notes.md"):
        (checkout / name).touch()  # git has to look into it
    found = origin(checkout)
    assert not (tmp_path / "sprung").exists()
    assert found.clean is True


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become the owner")
def test_root_asks_as_the_owner_of_the_folder(checkout: Path, tmp_path: Path) -> None:
    for path in (checkout, *checkout.rglob("*")):
        os.chown(path, 65534, 65534, follow_symlinks=False)
    let_everybody_pass(tmp_path)
    (checkout / "home.yaml").write_text("b\n", encoding="utf-8")
    assert origin(checkout).clean is False, "git itself refuses to read it for anybody but its owner"
