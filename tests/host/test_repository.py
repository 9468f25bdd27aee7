"""What a commit changes, told by a real git: every file, and everything about it."""

from pathlib import Path

from support.checkouts import checkout_with_plans, git
from support.plans import SMALLEST

from delcia.config.only_plans import only_plans_changed
from delcia.host.objects import reading
from delcia.host.tree import changed_files


def beyond(plans: Path) -> list[str]:
    """Commit all and return the files in which that went beyond the plans."""
    git(plans.parent, "add", "--all")
    git(plans.parent, "commit", "--quiet", "--message=Another")
    return beyond_in_last(plans)


def beyond_in_last(plans: Path) -> list[str]:
    before, after = (git(plans, "rev-parse", name) for name in ("HEAD~1", "HEAD"))
    with reading(plans, time_s=20) as objects:
        return sorted({problem.path for problem in only_plans_changed(*changed_files(objects, before, after))})


def test_a_commit_of_plans_is_told_from_any_other(tmp_path: Path) -> None:
    plans = checkout_with_plans(tmp_path / "car")
    (plans / "home.yaml").write_text(SMALLEST.replace("to_soc: 80", "to_soc: 90"), encoding="utf-8")
    (plans / "more é.yml").write_text("plans: {}\n", encoding="utf-8")
    assert beyond(plans) == []
    (plans / "home.yaml").write_text(SMALLEST.replace("amps: 16", "amps: 32"), encoding="utf-8")
    (plans.parent / "README.md").unlink()
    assert beyond(plans) == ["README.md", "plans/home.yaml"]


def test_links_modes_and_repositories_in_it_go_beyond(tmp_path: Path) -> None:
    plans = checkout_with_plans(tmp_path / "car")
    (plans / "a.yaml").symlink_to("home.yaml")
    assert beyond(plans) == ["plans/a.yaml"]
    (plans / "a.yaml").unlink()
    (plans / "a.yaml").symlink_to("/etc/passwd")
    assert beyond(plans) == ["plans/a.yaml"]
    (plans / "a.yaml").unlink()
    (plans / "home.yaml").chmod(0o755)
    assert beyond(plans) == ["plans/a.yaml", "plans/home.yaml"]
    commit = git(plans, "rev-parse", "HEAD")
    git(plans.parent, "update-index", "--add", "--cacheinfo", f"160000,{commit},plans/other.yaml")
    git(plans.parent, "commit", "--quiet", "--message=Another")
    assert beyond_in_last(plans)


def test_what_is_too_large_to_be_a_plan_goes_beyond(tmp_path: Path) -> None:
    plans = checkout_with_plans(tmp_path / "car")
    (plans / "home.yaml").write_text(SMALLEST + "#" * 1_000_000, encoding="utf-8")
    assert beyond(plans) == ["plans/home.yaml"]
