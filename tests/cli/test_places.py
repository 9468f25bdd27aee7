"""Which plan directory is meant."""

from pathlib import Path

import pytest

from delcia.cli.places import has_plans, host_paths, plan_directory


def test_the_one_that_is_named() -> None:
    assert plan_directory(Path("mine")) == Path("mine")


def test_else_the_one_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DELCIA_PLANS", "/srv/plans")
    assert plan_directory(None) == Path("/srv/plans")
    assert plan_directory(Path("mine")) == Path("mine")


def test_else_the_host_s_when_there_are_any_else_the_one_here() -> None:
    usual = host_paths(None).plans
    assert plan_directory(None) == (usual if has_plans(usual) else Path("plans"))


def test_the_folder_that_an_installation_makes_has_no_plans_yet(tmp_path: Path) -> None:
    assert not has_plans(tmp_path / "missing")
    (tmp_path / ".git").mkdir()
    assert not has_plans(tmp_path)
    (tmp_path / "home.yaml").touch()
    assert has_plans(tmp_path)
