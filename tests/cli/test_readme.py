"""The README's `console` blocks are run, section by section, and must show what really comes out."""

import re
from collections.abc import Callable
from pathlib import Path

from support.told import ROOT, retold

README = ROOT / "README.md"


def test_every_block_shows_what_really_happens(golden: Callable[[Path, str], None], tmp_path: Path) -> None:
    sections = re.split(r"(?m)^(?=## )", README.read_text(encoding="utf-8"))
    golden(README, "".join(retold(section, tmp_path / str(number)) for number, section in enumerate(sections)))


def test_it_links_to_pages_that_are_there() -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", README.read_text(encoding="utf-8"))
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []
