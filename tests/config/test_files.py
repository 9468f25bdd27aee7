"""Finding and reading the files of a plan directory, whatever lies there."""

import os
import subprocess
import time
from pathlib import Path

import pytest
from support.command import delcia
from support.plans import NOW, SMALLEST, slugs
from support.privileges import bound_by_modes

from delcia.config import load


@pytest.fixture
def plans(tmp_path: Path) -> Path:
    folder = tmp_path / "plans"
    folder.mkdir()
    (folder / "home.yaml").write_text(SMALLEST, encoding="utf-8")
    return folder


def test_files_are_found_at_any_depth_and_named_from_the_directory(plans: Path) -> None:
    (plans / "a" / "b").mkdir(parents=True)
    (plans / "a" / "b" / "c.yml").write_text("chargers: {box: {amps: 16}}\n", encoding="utf-8")
    loaded = load(plans, NOW)
    assert loaded.files == ("a/b/c.yml", "home.yaml")
    assert loaded.site is not None
    assert set(loaded.site.chargers) == {"socket", "box"}


def test_hidden_files_and_folders_are_ignored(plans: Path) -> None:
    (plans / ".draft.yaml").write_text("{", encoding="utf-8")
    (plans / ".git").mkdir()
    (plans / ".git" / "x.yaml").write_text("{", encoding="utf-8")
    assert load(plans, NOW).files == ("home.yaml",)


def test_a_directory_that_is_not_there(tmp_path: Path) -> None:
    assert slugs(load(tmp_path / "none", NOW)) == ["no-directory"]
    (tmp_path / "file").touch()
    assert slugs(load(tmp_path / "file", NOW)) == ["no-directory"]


def test_an_empty_directory(tmp_path: Path) -> None:
    assert slugs(load(tmp_path, NOW)) == ["no-plans"]


def test_a_file_of_ten_megabytes_is_refused_unread(plans: Path) -> None:
    (plans / "big.yaml").write_bytes(b"a: b\n" * 2_000_000)
    began = time.process_time()  # not the clock: other tests run beside it
    loaded = load(plans, NOW)
    assert slugs(loaded) == ["too-large"]
    assert time.process_time() - began < 2


@pytest.mark.parametrize("levels", [19, 20, 1_100])
def test_a_directory_may_have_twenty_levels(plans: Path, levels: int) -> None:
    """A path of more than 4,096 bytes cannot be made at once."""
    before = Path.cwd()
    os.chdir(plans)
    for _ in range(levels):
        Path("d").mkdir()
        os.chdir("d")
    Path("deep.yaml").write_text("plans: {}\n", encoding="utf-8")
    os.chdir(before)
    loaded = load(plans, NOW)
    assert slugs(loaded) == ([] if levels == 19 else ["too-large"])
    assert delcia("validate", str(plans)).status == (0 if levels == 19 else 1)
    subprocess.run(["rm", "-r", plans / "d"], check=True)  # too deep for Python


def test_a_directory_may_have_ten_thousand_folders_and_plan_files(quick_path: Path) -> None:
    plans = quick_path
    (plans / "home.yaml").write_text(SMALLEST, encoding="utf-8")
    for number in range(10_000):
        (plans / f"{number}").mkdir()
    began = time.process_time()
    assert [problem.message for problem in load(plans, NOW).problems] == [
        "the plan directory has more than 10,000 folders"
    ]
    assert time.process_time() - began < 2
    for number in range(10_000):
        (plans / f"{number}").rmdir()
        (plans / f"{number}.yaml").touch()
    assert "the plan directory has more than 10,000 plan files" in [
        problem.message for problem in load(plans, NOW).problems
    ]


def test_bytes_that_are_not_utf_8_are_shown_at_their_place(plans: Path) -> None:
    (plans / "latin.yaml").write_bytes("# été\nplans: {}\n".encode("latin-1"))
    (problem,) = load(plans, NOW).problems
    assert (problem.slug, problem.line, problem.column) == ("not-utf-8", 1, 3)


def test_a_byte_order_mark_moves_no_column(plans: Path) -> None:
    (plans / "mark.yaml").write_bytes(b"\xef\xbb\xbfplan: {}\n")
    (problem,) = load(plans, NOW).problems
    assert (problem.slug, problem.line, problem.column) == ("unknown-key", 1, 1)


@pytest.mark.parametrize("newline", ["\r\n", "\r", "\n", "\x85", "\u2028"])
def test_every_line_ending_counts_as_one(plans: Path, newline: str) -> None:
    (plans / "ends.yaml").write_bytes(f"# a{newline}# b{newline}plan: {{}}\n".encode())
    (problem,) = load(plans, NOW).problems
    assert (problem.slug, problem.line, problem.column) == ("unknown-key", 3, 1)


def test_links_inside_the_directory_are_followed_and_files_read_once(plans: Path) -> None:
    (plans / "again.yaml").symlink_to("home.yaml")
    (plans / "folder").symlink_to(".")
    assert load(plans, NOW).site is not None


def test_a_mounted_config_map_is_read(tmp_path: Path) -> None:
    data = tmp_path / "..2026"
    data.mkdir()
    (data / "home.yaml").write_text(SMALLEST, encoding="utf-8")
    (tmp_path / "..data").symlink_to("..2026")
    (tmp_path / "home.yaml").symlink_to("..data/home.yaml")
    assert load(tmp_path, NOW).site is not None


def test_links_that_leave_the_directory_are_refused(plans: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "x.yaml").write_text("plans: {}\n", encoding="utf-8")
    (plans / "file.yaml").symlink_to(outside / "x.yaml")
    (plans / "folder").symlink_to(outside)
    (plans / "passwd.yaml").symlink_to("/etc/passwd")
    loaded = load(plans, NOW)
    assert slugs(loaded) == ["link-outside"] * 3
    assert "root:" not in "".join(problem.text() for problem in loaded.problems)


def test_link_loops_and_broken_links_are_refused(plans: Path) -> None:
    (plans / "a.yaml").symlink_to("b.yaml")
    (plans / "b.yaml").symlink_to("a.yaml")
    (plans / "c.yaml").symlink_to("nowhere.yaml")
    assert slugs(load(plans, NOW)) == ["broken-link"] * 3


def test_folders_that_contain_each_other_end(plans: Path) -> None:
    (plans / "a").mkdir()
    (plans / "a" / "b").symlink_to("..")
    (plans / "a" / "c").symlink_to("../a")
    assert load(plans, NOW).site is not None


def test_the_directory_itself_may_be_a_link(plans: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(plans)
    assert load(tmp_path / "link", NOW).site is not None


def test_a_pipe_does_not_block(plans: Path) -> None:
    os.mkfifo(plans / "pipe.yaml")
    assert slugs(load(plans, NOW)) == ["not-a-file"]


def test_a_folder_with_the_name_of_a_file(plans: Path) -> None:
    (plans / "folder.yaml").mkdir()
    assert load(plans, NOW).site is not None


def test_a_file_that_may_not_be_read(plans: Path) -> None:
    (plans / "home.yaml").chmod(0)
    with bound_by_modes():
        assert slugs(load(plans, NOW)) == ["unreadable"]


def test_odd_file_names_stay_on_one_line(plans: Path) -> None:
    (plans / "a\n::error::.yaml").write_text("x: 1\n", encoding="utf-8")
    (plans / os.fsdecode(b"b\xff.yaml")).write_text("x: 1\n", encoding="utf-8")
    for problem in load(plans, NOW).problems:
        assert "\n" not in problem.path
        problem.path.encode("utf-8")
