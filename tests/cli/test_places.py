"""Which plan directory is meant."""

from pathlib import Path

import pytest

from delcia.cli.places import host_paths, plan_directory


def test_the_one_that_is_named() -> None:
    assert plan_directory(Path("mine")) == Path("mine")


def test_else_the_one_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DELCIA_PLANS", "/srv/plans")
    assert plan_directory(None) == Path("/srv/plans")
    assert plan_directory(Path("mine")) == Path("mine")


def test_else_the_host_s_when_there_else_the_one_here() -> None:
    usual = host_paths(None).plans
    assert plan_directory(None) == (usual if usual.is_dir() else Path("plans"))
