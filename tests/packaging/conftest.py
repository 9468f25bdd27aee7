"""A copy of the checkout, so that building and installing leave nothing in the one being worked on."""

import shutil
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
SHIPPED = (
    *("delcia", "schemas", "templates", "plans", "install.sh", "pyproject.toml", "README.md", "LICENSE"),
    *("action.yml", ".pre-commit-hooks.yaml"),
)


@pytest.fixture(scope="session")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a fresh copy of what a clone has."""
    folder = tmp_path_factory.mktemp("clone") / "delcia"
    folder.mkdir()
    for name in SHIPPED:
        source = CHECKOUT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(source, folder / name)
    return folder
