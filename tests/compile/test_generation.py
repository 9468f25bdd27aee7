"""The generation is the site: as text that stays the same, read back without anything heavy."""

import json
import subprocess
import sys
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from support.small_site import EDF, band, plan, site, tariff

from delcia.compile.generation import dump, load
from delcia.core.model import (
    ClockSeason,
    Days,
    Duration,
    Energy,
    Home,
    InBands,
    InWindows,
    MonthDays,
    Once,
    Place,
    Span,
    StartAt,
)
from delcia.errors import DelciaError, Exit

ROOT = Path(__file__).parents[2]
HOUSE = replace(
    site(
        plan(name="a", ready_by_min=420, days=Days(weekdays=(0, 1), season=MonthDays((11, 1), (3, 31)))),
        replace(plan(StartAt(1410), name="b", days=Days(season=ClockSeason(summer=True))), target=Energy(7.5)),
        replace(plan(InWindows((Span(1320, 1800),), "edf"), name="c"), target=Duration(150), enabled=False),
        plan(Once(datetime.fromisoformat("2026-12-24T22:00")), name="d"),
        replace(plan(InBands("edf", ("été",)), name="e"), place=Place("a\udcff.yaml", 3)),
        tariff=tariff(*EDF.bands, band("été", days=Days(between=(date(2026, 6, 1), date(2026, 8, 31))))),
    ),
    home=Home(250, 48.85, 2.35),
)


def test_what_was_dumped_is_what_is_loaded() -> None:
    assert load(dump(HOUSE)) == HOUSE
    assert dump(load(dump(HOUSE))) == dump(HOUSE)


@pytest.mark.parametrize(
    ("hold", "written_pct", "read_pct"),
    [
        (True, 20, 33),  # 0.1 wrote 20 % for a held car whose owner said none; 8 of 24.8 kWh are 32.3 %
        (True, None, 33),
        (True, 15, 15),
        (True, 44, 44),
        (False, 20, 20),
        (False, None, None),
    ],
)
def test_plans_applied_by_0_1_give_a_held_car_the_minimum_of_today(
    *, hold: bool, written_pct: int | None, read_pct: int | None
) -> None:
    spring = replace(HOUSE.vehicles["spring"], hold=hold, minimum_soc_pct=written_pct)
    data = json.loads(dump(replace(HOUSE, vehicles={"spring": spring})))
    assert load(json.dumps(data)).vehicles["spring"].minimum_soc_pct == written_pct, "it is as its owner said"
    del data["rules"]
    assert load(json.dumps(data)).vehicles["spring"].minimum_soc_pct == read_pct


def test_the_order_of_the_names_does_not_matter() -> None:
    turned = replace(HOUSE, plans={name: HOUSE.plans[name] for name in "edcba"})
    assert dump(turned) == dump(HOUSE)


def test_the_text_can_be_written_in_any_encoding() -> None:
    assert dump(HOUSE).isascii()
    assert dump(HOUSE).endswith("}\n")
    assert json.loads(dump(HOUSE))["schema"] == "delcia/generation/1"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "{}",
        "{",
        '{"schema": "delcia/generation/1"}',
        '{"schema": "delcia/generation/1", "site": null}',
        '{"schema": "delcia/generation/1", "site": {"": "Site"}}',
        '{"schema": "delcia/generation/1", "site": {"": "Robot"}}',
        '{"schema": "delcia/generation/1", "site": {"": "Span", "begins_min": 5, "ends_min": 1}}',
        '{"schema": "delcia/generation/1", "site": {"": "date", "value": "soon"}}',
        '{"schema": "delcia/generation/1", "site": {"": []}}',
        dump(HOUSE)[:-40],
        "[" * 100_000,
    ],
)
def test_a_broken_generation_is_a_broken_set_up_and_no_bug(text: str) -> None:
    with pytest.raises(DelciaError) as found:
        load(text)
    assert (found.value.slug, found.value.status) == ("bad-generation", Exit.BROKEN)


def test_the_generation_of_another_delcia_is_named() -> None:
    with pytest.raises(DelciaError, match="delcia/generation/2"):
        load('{"schema": "delcia/generation/2"}')


def test_reading_a_generation_loads_nothing_heavy() -> None:
    heavy = ["yaml", "jsonschema", "jinja2", "tabulate", "aiohttp", "renault_api", "click"]
    code = f"import sys, delcia.compile.generation; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-S", "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout == "[]\n"
