"""The tariffs that come with delcia, each against a table of prices that was made by hand from its source."""

import csv
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from delcia.config import load
from delcia.core.model import Tariff
from delcia.core.tariffs import priced

HERE = Path(__file__).parent
PLANS = HERE.parents[1] / "plans"
NOW = datetime(2026, 11, 23, 18, 41, tzinfo=UTC)
TABLES = sorted(path.stem for path in HERE.glob("*.csv"))
MINUTE = timedelta(minutes=1)


@cache
def tariffs() -> dict[str, Tariff]:
    loaded = load(PLANS, NOW)
    assert loaded.site is not None, loaded.problems
    return dict(loaded.site.tariffs)


def test_every_tariff_that_comes_with_delcia_has_a_table() -> None:
    assert [*TABLES] == sorted(set(tariffs()) - {"edf"})
    assert len(list((PLANS / "tariffs").glob("*.yaml"))) == len(TABLES)


def test_none_of_them_says_anything_beside_the_first_plan() -> None:
    slugs = [problem.slug for problem in load(PLANS, NOW).problems]
    assert slugs == ["short-window"]


@pytest.mark.parametrize("name", TABLES)
def test_prices_are_those_of_the_table(name: str) -> None:
    with (HERE / f"{name}.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert any(row["at"].startswith("2026-03-29") for row in rows)
    assert any(row["at"].startswith("2026-10-25") for row in rows)
    for row in rows:
        at = datetime.fromisoformat(row["at"])
        (piece,) = priced(tariffs()[name], at.astimezone(UTC), at.astimezone(UTC) + MINUTE)
        assert (piece.band, piece.price_per_kwh) == (row["band"], Decimal(row["price_per_kwh"])), row


@pytest.mark.parametrize("name", TABLES)
def test_a_year_is_covered_without_hole_or_overlap(name: str) -> None:
    start, end = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 4, 1, tzinfo=UTC)
    pieces = priced(tariffs()[name], start, end)
    assert (pieces[0].interval.start, pieces[-1].interval.end) == (start, end)
    assert all(one.interval.end == other.interval.start for one, other in pairwise(pieces))


@pytest.mark.parametrize("path", sorted((PLANS / "tariffs").glob("*.yaml")), ids=lambda path: path.stem)
def test_every_file_says_where_its_prices_come_from_and_of_when_they_are(path: Path) -> None:
    remarks = [line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("# ")]
    assert remarks[0] == "# yaml-language-server: $schema=../../schemas/delcia.schema.json"
    assert "sample" in " ".join(remarks)
    assert " 20" in " ".join(remarks)
