"""The pages below docs/: their commands show what really comes out, and what is made from data is not stale."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from support.reference import cars_page, language_page
from support.told import ROOT, retold

DOCS = ROOT / "docs"
PAGES = sorted(DOCS.glob("*.md"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_command_shows_what_really_happens(
    page: Path, golden: Callable[[Path, str], None], tmp_path: Path
) -> None:
    golden(page, retold(page.read_text(encoding="utf-8"), tmp_path / "here"))


def test_the_reference_is_that_of_the_schema(golden: Callable[[Path, str], None]) -> None:
    golden(DOCS / "reference.md", language_page())


def test_the_cars_are_those_of_the_table(golden: Callable[[Path, str], None]) -> None:
    golden(DOCS / "cars.md", cars_page())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_links_lead_to_pages_that_are_there(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (DOCS / link).exists()] == []


def test_each_row_of_the_page_on_security_names_tests_that_are_there() -> None:
    lines = (DOCS / "security.md").read_text(encoding="utf-8").splitlines()
    rows = [line for line in lines if line.startswith("| ") and not line.startswith("| attempt ")]
    assert len(rows) >= 10
    proofs = {row: re.findall(r"`([a-z_/]+\.py)::(test_\w+)`", row) for row in rows}
    assert [row for row, found in proofs.items() if not found] == []
    named = [proof for found in proofs.values() for proof in found]
    texts = {file: (ROOT / "tests" / file).read_text(encoding="utf-8") for file, _ in named}
    assert [f"{file}::{name}" for file, name in named if f"def {name}(" not in texts[file]] == []


@pytest.mark.parametrize("page", [*PAGES, ROOT / "README.md"], ids=lambda page: page.stem)
def test_no_command_of_a_page_has_a_secret_among_its_words(page: Path) -> None:
    blocks = re.findall(r"^```(?:sh|console)\n(.*?)^```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    secret = re.compile(r"Bearer [A-Z]|(-H|--header) ['\"]|--(password|token|code)[ =][^-\s]", re.IGNORECASE)
    assert [line for block in blocks for line in block.splitlines() if secret.search(line)] == []
