"""A copy of the checkout, so that building and installing leave nothing in the one being worked on."""

from pathlib import Path

import pytest
from support.image import source_in


@pytest.fixture(scope="session")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a fresh copy of what a clone has."""
    return source_in(tmp_path_factory.mktemp("clone"))
