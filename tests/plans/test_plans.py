"""Every directory in good/ and bad/ is a test: what it says, and every problem with its place and its words.

A new example needs a folder only; `pytest --update-golden` writes what is expected, and git's diff is the review.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from delcia.config import load
from delcia.core.codec import to_data

HERE = Path(__file__).parent
NOW = datetime(2026, 11, 23, 18, 41, tzinfo=UTC)  # 19:41+01:00, a Monday
Golden = Callable[[Path, str], None]


def examples(kind: str) -> list[str]:
    return sorted(folder.name for folder in (HERE / kind).iterdir() if folder.is_dir())


@pytest.mark.parametrize("name", examples("good"))
def test_a_good_plan_directory_becomes_the_site_it_describes(
    name: str, golden: Golden, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(HERE / "good")
    loaded = load(Path(name), NOW)
    golden(HERE / "good" / name / "expected.txt", "".join(f"{problem.text()}\n" for problem in loaded.problems))
    assert loaded.site is not None
    golden(HERE / "good" / name / "expected.json", json.dumps(to_data(loaded.site), indent=1, sort_keys=True) + "\n")


@pytest.mark.parametrize("name", examples("bad"))
def test_a_bad_plan_directory_shows_all_its_problems(
    name: str, golden: Golden, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(HERE / "bad")
    loaded = load(Path(name), NOW)
    golden(HERE / "bad" / name / "expected.txt", "".join(f"{problem.text()}\n" for problem in loaded.problems))
    assert loaded.site is None
    assert any(problem.level == "error" for problem in loaded.problems)


@pytest.mark.parametrize("name", examples("bad"))
def test_every_error_says_what_to_do(name: str) -> None:
    for problem in load(HERE / "bad" / name, NOW).problems:
        assert problem.hint, problem
        assert not problem.message.endswith("."), problem
        assert "\n" not in problem.message + problem.hint, problem


def test_nothing_private_is_shown() -> None:
    shown = "".join(problem.text() for problem in load(HERE / "bad" / "not_in_git", NOW).problems)
    for secret in ("hunter2", "12345678", "example.org", "pw@", "rm -rf"):
        assert secret not in shown
