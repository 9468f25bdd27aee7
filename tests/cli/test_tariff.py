"""`delcia tariff`: a week of a tariff as a person, and a program, see it."""

import json
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from support.command import Ran, delcia
from support.plans import SMALLEST

from delcia.resources import resource

SCHEMA = json.loads(resource("schemas", "tariff.schema.json").read_text(encoding="utf-8"))
PLANS = Path(__file__).parents[2] / "plans"


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DELCIA_NOW", "2026-11-23T19:41:00+01:00")
    monkeypatch.setenv("COLUMNS", "100")


def drawn(name: str, week: str) -> list[str]:
    ran = delcia("tariff", name, str(PLANS), "--week", week)
    assert (ran.status, ran.stderr) == (0, f"# plans in {PLANS}\n")
    return ran.stdout.splitlines()


def test_this_week_is_drawn_with_its_prices(tmp_path: Path) -> None:
    (tmp_path / "home.yaml").write_text(SMALLEST, encoding="utf-8")
    ran = delcia("tariff", "edf", str(tmp_path))
    day = "pppooooooooooppppppppppppooooppppppppppppppppppp"
    names = ("Mon 11-23", "Tue 11-24", "Wed 11-25", "Thu 11-26", "Fri 11-27", "Sat 11-28", "Sun 11-29")
    assert ran == Ran(
        0,
        "edf  2026-11-23 to 2026-11-29, by the clock of Europe/Paris\n"
        "          0     3     6     9     12    15    18    21    24\n"
        + "".join(f"{name} {day}\n" for name in names)
        + "  o  off-peak  0.1579 EUR/kWh   49.0 h  01:38-06:38, 12:38-14:38\n"
        "  p  peak      0.2065 EUR/kWh  119.0 h  06:38-12:38, 14:38-01:38\n",
        f"# plans in {tmp_path}\n",
    )


def test_a_skipped_hour_is_blank() -> None:
    lines = drawn("gb-octopus-go", "2026-03-29")
    assert lines[7] == "Sat 03-28 dnnnnnnnnnnddddddddddddddddddddddddddddddddddddd"
    assert lines[8] == "Sun 03-29 dn  nnnnnnnddddddddddddddddddddddddddddddddddddd"
    assert lines[9:] == [
        "  n  night  0.085 GBP/kWh   34.0 h  00:30-05:30",
        "  d  day     0.28 GBP/kWh  133.0 h  05:30-00:30",
    ]


def test_a_repeated_hour_has_a_row_of_its_own() -> None:
    lines = drawn("gb-octopus-cosy", "2026-10-19")
    assert lines[8:] == [
        "Sun 10-25 ddddddddccccccddddddddddddccccccppppppddddddcccc",
        "    again   dd",
        "  c  cosy  0.137 GBP/kWh   56.0 h  04:00-07:00, 13:00-16:00, 22:00-24:00",
        "  d  day   0.316 GBP/kWh   92.0 h  00:00-04:00, 07:00-13:00, 19:00-22:00",
        "  p  peak  0.492 GBP/kWh   21.0 h  16:00-19:00",
    ]


def test_each_colour_of_a_day_is_told_apart_and_lasts_until_the_morning_after() -> None:
    lines = drawn("fr-tempo", "2026-12-14")
    assert lines[2:5] == [
        "Mon 12-14 bbbbbbbbbbbbddddddddddddddddddddddddddddddddrrrr",
        "Tue 12-15 rrrrrrrrrrrrhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhwwww",
        "Wed 12-16 wwwwwwwwwwwwllllllllllllllllllllllllllllllllbbbb",
    ]
    assert lines[-1] == "  d  red-peak        0.7060 EUR/kWh   16.0 h  06:00-22:00"


def test_a_weekend_says_its_days() -> None:
    lines = drawn("es-20td", "2026-11-23")
    assert lines[9] == "  3  p3  0.119 EUR/kWh   88.0 h  00:00-08:00, Sat 00:00-Mon 08:00"


def test_a_meter_without_summer_time_is_told_by_the_clock_of_the_home() -> None:
    lines = drawn("gb-economy-7", "2026-07-15")
    assert lines[0] == "gb-economy-7  2026-07-13 to 2026-07-19, by the clock of Europe/Paris; the meter's is +00:00"
    assert lines[-2] == "  n  night  0.17181 GBP/kWh   49.0 h  02:00-09:00"


def test_colour_goes_from_the_cheapest_to_the_dearest() -> None:
    ran = delcia("tariff", "gb-octopus-cosy", str(PLANS), "--color", "always")
    assert "\x1b[32mcccccc\x1b[0m" in ran.stdout
    assert "\x1b[31mpppppp\x1b[0m" in ran.stdout


@pytest.mark.parametrize(("week", "hours"), [("2026-03-29", 167), ("2026-10-25", 169), ("2026-11-23", 168)])
@pytest.mark.parametrize("name", ["edf", "fr-tempo", "de-modul-3", "gb-economy-7"])
def test_json_covers_the_real_hours_of_the_week_and_keeps_to_its_schema(name: str, week: str, hours: int) -> None:
    ran = delcia("tariff", name, str(PLANS), "--week", week, "--json")
    data = json.loads(ran.stdout)
    Draft202012Validator(SCHEMA).validate(data)
    segments = data["segments"]
    assert (segments[0]["starts_at"], segments[-1]["ends_at"]) == (data["from"], data["to"])
    assert all(one["ends_at"] == other["starts_at"] for one, other in pairwise(segments))
    text = drawn(name, week)
    told = [Decimal(line.split(" h")[0].split()[-1]) for line in text if "/kWh" in line]
    assert sum(told) == pytest.approx(hours, abs=0.2)


def test_json_has_prices_exactly_as_written_and_surcharges_in_them() -> None:
    for name, prices in (("edf", {"0.1579", "0.2065"}), ("de-modul-3", {"0.202", "0.264", "0.292"})):
        ran = delcia("tariff", name, str(PLANS), "--json")
        assert {segment["price_per_kwh"] for segment in json.loads(ran.stdout)["segments"]} == prices


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (("edff",), "delcia: error: no tariff 'edff' [unknown-name]"),
        (("edf", "--week", "monday"), "delcia: error: 'monday' is no date [bad-date]"),
        (("edf", "--week", "20261123"), "delcia: error: '20261123' is no date [bad-date]"),
        (("edf", "--week", "0001-01-01"), "delcia: error: '0001-01-01' is no date [bad-date]"),
    ],
)
def test_what_is_mistyped_is_said(argv: tuple[str, ...], said: str, tmp_path: Path) -> None:
    (tmp_path / "home.yaml").write_text(SMALLEST, encoding="utf-8")
    ran = delcia("tariff", argv[0], str(tmp_path), *argv[1:])
    assert (ran.status, ran.stdout) == (2, "")
    assert ran.stderr.splitlines()[0] == said
    assert ran.stderr.splitlines()[1].startswith("    hint: ")
