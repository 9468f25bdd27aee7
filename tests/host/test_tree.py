"""A folder at a commit becomes plain files, whatever else the repository holds or names."""

import os
import subprocess
from pathlib import Path

import pytest
from support.passing import let_everybody_pass

from delcia.errors import DelciaError
from delcia.host.tree import Limits, Tree, export

IDENTITY = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"]


def git(folder: Path, *arguments: str, data: bytes = b"") -> str:
    argv = ["git", "-C", str(folder), *IDENTITY, *arguments]
    return subprocess.run(argv, check=True, capture_output=True, input=data).stdout.decode().strip()


def commit(folder: Path) -> None:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message=next")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a checkout with plans in a folder, at its second commit."""
    top = tmp_path / "checkout"
    (top / "plans/tariffs").mkdir(parents=True)
    git(top, "init", "--quiet", "--initial-branch=main")
    (top / "README").write_text("not a plan\n", encoding="utf-8")
    (top / "plans/home.yaml").write_text("one\n", encoding="utf-8")
    (top / "plans/tariffs/red days.txt").write_bytes(b"\xff\0\n")
    (top / "plans/.hidden").write_text("hidden\n", encoding="utf-8")
    commit(top)
    (top / "plans/home.yaml").write_text("two\n", encoding="utf-8")
    commit(top)
    return top


@pytest.fixture
def target(tmp_path: Path) -> Path:
    folder = tmp_path / "target"
    folder.mkdir()
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_folder_of_a_checkout_is_written_as_it_was(checkout: Path, target: Path) -> None:
    (checkout / "plans/home.yaml").write_text("in no commit\n", encoding="utf-8")
    found = export(checkout / "plans", "HEAD~1", target)
    assert found == Tree(git(checkout, "rev-parse", "HEAD~1"), 2)
    assert contents(target) == {"home.yaml": b"one\n", "tariffs/red days.txt": b"\xff\0\n"}


def test_a_folder_of_a_bare_repository_is_written_and_so_is_all_of_it(checkout: Path, target: Path) -> None:
    bare = checkout.parent / "bare.git"
    git(checkout, "clone", "--quiet", "--bare", ".", str(bare))
    assert export(bare, "main", target, within="plans/tariffs").files == 1
    (target / "all").mkdir()
    assert export(bare, "main", target / "all").files == 3
    assert contents(target / "all").keys() == {"README", "plans/home.yaml", "plans/tariffs/red days.txt"}


def test_links_and_submodules_are_left_out_with_a_word(checkout: Path, target: Path) -> None:
    (checkout / "plans/secret.yaml").symlink_to("/etc/passwd")
    git(checkout, "add", "--all")
    git(checkout, "update-index", "--add", "--cacheinfo", f"160000,{git(checkout, 'rev-parse', 'HEAD')},plans/sub")
    git(checkout, "commit", "--quiet", "--message=more")
    assert export(checkout, "HEAD", target, within="plans").left_out == ("secret.yaml: a link", "sub: a submodule")
    assert contents(target).keys() == {"home.yaml", "tariffs/red days.txt"}


@pytest.mark.parametrize("name", [b"..", b".", b"../../evil", b"/evil", b"a//b", b"x" * 1001])
def test_a_name_that_leads_out_of_the_folder_is_left_out(checkout: Path, target: Path, name: bytes) -> None:
    blob = git(checkout, "hash-object", "-w", "--stdin", data=b"evil\n")
    entry = b"100644 " + name + b"\0" + bytes.fromhex(blob)
    tree = git(checkout, "hash-object", "-t", "tree", "-w", "--literally", "--stdin", data=entry)
    made = git(checkout, "commit-tree", tree, "-m", "evil")
    assert len(export(checkout, made, target).left_out) == 1
    assert [path for path in target.parent.rglob("*evil*") if ".git" not in path.parts] == []


def test_a_name_given_twice_is_refused(checkout: Path, target: Path) -> None:
    blob = bytes.fromhex(git(checkout, "hash-object", "-w", "--stdin", data=b"a\n"))
    tree = b"".join(b"100644 " + name + b"\0" + blob for name in (b"a", b"a", b"a/b"))
    made = git(checkout, "hash-object", "-t", "tree", "-w", "--literally", "--stdin", data=tree)
    with pytest.raises(DelciaError, match="the commit has a twice"):
        export(checkout, git(checkout, "commit-tree", made, "-m", "evil"), target)


def test_what_is_too_large_is_left_out_and_too_much_is_refused(checkout: Path, target: Path) -> None:
    (checkout / "plans/big.yaml").write_bytes(b"x" * 2_000_000)
    commit(checkout)
    found = export(checkout / "plans", "HEAD", target)
    assert found.left_out == ("big.yaml: 2.0 MB, larger than 1.0 MB",)
    for limits, words in (
        (Limits(files=1), "more than 1 files"),
        (Limits(total_bytes=5), r"more than 0\.0 MB"),
        (Limits(folders=1), "more than 1 folders"),
        (Limits(levels=1), "more than 1 levels"),
    ):
        with pytest.raises(DelciaError, match=words) as caught:
            export(checkout / "plans", "HEAD", target, limits=limits)
        assert caught.value.slug == "too-large"


def test_git_that_takes_too_long_is_ended(checkout: Path, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = checkout.parent / "bin/git"
    slow.parent.mkdir()
    slow.write_text(
        '#!/bin/sh\ncase "$*" in *cat-file*) exec sleep 60;; esac\nexec /usr/bin/git "$@"\n', encoding="utf-8"
    )
    slow.chmod(0o755)
    monkeypatch.setenv("PATH", f"{slow.parent}:{os.environ['PATH']}")
    with pytest.raises(DelciaError, match="took too long"):
        export(checkout, "HEAD", target, limits=Limits(time_s=0.2))


@pytest.mark.parametrize("rev", ["", "--all", "nothing", "a\nb", "HEAD:plans"])
def test_what_is_no_commit_is_said_to_be_none(checkout: Path, target: Path, rev: str) -> None:
    with pytest.raises(DelciaError) as caught:
        export(checkout, rev, target)
    assert caught.value.slug == "no-commit"


def test_a_folder_that_was_not_there_and_no_repository_at_all(checkout: Path, target: Path) -> None:
    with pytest.raises(DelciaError, match="has no folder 'plans/later'"):
        export(checkout / "plans", "HEAD", target, within="later")
    with pytest.raises(DelciaError, match="has no folder 'README'"):
        export(checkout, "HEAD", target, within="README")
    with pytest.raises(DelciaError, match="is not in a git repository"):
        export(target, "HEAD", target)


def test_nothing_that_a_repository_names_is_run_or_fetched_or_put_in_place(checkout: Path, target: Path) -> None:
    trap = checkout.parent / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {checkout.parent}/sprung\ncat\n", encoding="utf-8")
    trap.chmod(0o755)
    for setting in ("core.fsmonitor", "core.pager", "core.sshCommand", "filter.x.smudge", "diff.x.textconv"):
        git(checkout, "config", setting, str(trap))
    (checkout / ".gitattributes").write_text("* filter=x diff=x\n", encoding="utf-8")
    commit(checkout)
    (checkout / ".git/hooks/post-checkout").write_bytes(trap.read_bytes())
    (checkout / ".git/hooks/post-checkout").chmod(0o755)
    told = git(checkout, "rev-parse", "HEAD:plans/home.yaml")
    other = git(checkout, "hash-object", "-w", "--stdin", data=b"other\n")
    git(checkout, "replace", told, other)
    lost = git(checkout, "rev-parse", "HEAD:plans/tariffs/red days.txt")
    (checkout / ".git/objects" / lost[:2] / lost[2:]).unlink()
    git(checkout, "config", "extensions.partialClone", "origin")
    git(checkout, "config", "remote.origin.url", f"ext::{trap}")
    git(checkout, "config", "remote.origin.promisor", "true")
    git(checkout, "config", "remote.origin.uploadpack", str(trap))
    (checkout.parent / "sprung").unlink(missing_ok=True)
    with pytest.raises(DelciaError, match="git has no blob"):
        export(checkout, "HEAD", target, within="plans/tariffs")
    (target / "home").mkdir()
    assert not (checkout.parent / "sprung").exists()
    git(checkout, "rm", "-r", "--quiet", "--cached", "plans/tariffs")
    git(checkout, "commit", "--quiet", "--message=less")
    (checkout.parent / "sprung").unlink(missing_ok=True)
    export(checkout, "HEAD", target / "home", within="plans")
    assert contents(target / "home") == {"home.yaml": b"two\n"}
    assert not (checkout.parent / "sprung").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become the owner")
def test_root_reads_as_the_owner_and_writes_as_root(checkout: Path, target: Path) -> None:
    nobody = 65534
    for path in (checkout, *checkout.rglob("*")):
        os.chown(path, nobody, nobody, follow_symlinks=False)
    let_everybody_pass(checkout.parent)
    export(checkout, "HEAD", target)
    assert {path.stat().st_uid for path in target.rglob("*")} == {0}
