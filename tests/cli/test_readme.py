"""The README's `console` blocks are run, section by section, and must show what really comes out."""

import re
from collections.abc import Callable
from pathlib import Path

from support.told import ROOT, retold

README = ROOT / "README.md"


def test_every_block_shows_what_really_happens(golden: Callable[[Path, str], None], tmp_path: Path) -> None:
    sections = re.split(r"(?m)^(?=## )", README.read_text(encoding="utf-8"))
    golden(README, "".join(retold(section, tmp_path / str(number)) for number, section in enumerate(sections)))


def test_the_year_it_tells_of_is_that_of_the_documentation() -> None:
    page = (ROOT / "docs/estimates.md").read_text(encoding="utf-8")
    own, plain = re.findall(r"kWh for (\d+\.\d\d EUR)", page)
    assert f"comes to {own}; charging as soon as it is plugged in, at 18:30, to {plain}." in README.read_text(
        encoding="utf-8"
    )


def test_it_links_to_pages_that_are_there() -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", README.read_text(encoding="utf-8"))
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []
