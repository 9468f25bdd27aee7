"""What plans become: the units, word for word, and what holds for all of them."""

import random
import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from support.small_site import SPRING, band, plan, site, span, tariff

from delcia.compile.systemd import NO_DIGEST, UnitSettings, render
from delcia.core.changes import Artifact, digest, is_marked
from delcia.core.model import ClockSeason, Days, InBands, InWindows, Once, Place, Site, StartAt

HERE = Path(__file__).parent
SETTINGS = UnitSettings("/opt/delcia/bin/delcia", datetime(2026, 11, 23, 18, 41, tzinfo=UTC))
WORKDAYS = Days(weekdays=(0, 1, 2, 3, 4))
FIXED = tariff(
    band("super", "02:00-03:30"),
    band("off-peak", "22:38-06:38", days=Days(season=ClockSeason(summer=False))),
    zone="+01:00",
    name="meter",
)

SITES = {
    "nights": site(replace(plan(ready_by_min=420), place=Place("home.yaml", 14))),
    "workdays": site(plan(InWindows((span("22:30-06:00"),)), days=WORKDAYS, ready_by_min=420)),
    "skipped": site(plan(InWindows((span("02:30-05:00"), span("23:00-24:00"))), days=Days(weekdays=(6,)))),
    "from": site(plan(StartAt(1410), days=Days(between=(date(2026, 12, 31), date(2027, 3, 31))))),
    "once": site(plan(Once(datetime.fromisoformat("2026-12-24T22:00")), ready_by_min=420)),
    "meter": site(plan(InBands("meter", ("off-peak",)), days=WORKDAYS), tariff=FIXED),
    "half-hour": site(plan(InWindows((span("02:15-05:00"),))), timezone="Australia/Lord_Howe"),
}


def named(artifacts: Iterable[Artifact]) -> dict[str, str]:
    return {artifact.name: artifact.text for artifact in artifacts}


@pytest.mark.parametrize("name", SITES)
def test_units_are_those_of_the_golden_files(name: str, golden: Callable[[Path, str], None]) -> None:
    for artifact in render(SITES[name], SETTINGS):
        if name == "nights" or artifact.name.endswith("nights.timer"):
            golden(HERE / "golden" / name / artifact.name, artifact.text)


def test_a_plan_has_a_timer_and_a_service_and_the_site_has_the_rest() -> None:
    assert list(named(render(SITES["nights"], SETTINGS))) == [
        "delcia-notify@.service",
        "delcia-plan-nights.service",
        "delcia-plan-nights.timer",
        "delcia-reconcile.service",
        "delcia-reconcile.timer",
    ]


def test_a_plan_that_is_disabled_or_over_has_no_units() -> None:
    past = plan(Once(datetime.fromisoformat("2026-11-20T22:00")), name="past")
    names = named(render(site(replace(plan(), enabled=False), past), SETTINGS))
    assert list(names) == ["delcia-notify@.service", "delcia-reconcile.service", "delcia-reconcile.timer"]


def many() -> list[Site]:
    plans = [plan(name=f"plan-{number}") for number in range(9)]
    shuffled = random.Random(7).sample(plans, len(plans))  # noqa: S311 - any other order will do
    return [site(*plans), site(*shuffled)]


def test_the_order_of_the_plans_does_not_matter() -> None:
    first, second = many()
    assert render(first, SETTINGS) == render(second, SETTINGS)


def test_units_stay_the_same_while_the_year_does() -> None:
    later = replace(SETTINGS, now=datetime(2026, 12, 20, tzinfo=UTC))
    for house in SITES.values():
        assert render(house, later) == render(house, SETTINGS)


@pytest.mark.parametrize("year", range(2027, 2036))
def test_units_stay_the_same_for_years_where_the_rules_of_the_clock_do(year: int) -> None:
    later = replace(SETTINGS, now=datetime(year, 6, 1, tzinfo=UTC))
    for name in ("nights", "workdays", "skipped", "meter"):
        assert render(SITES[name], later) == render(SITES[name], SETTINGS)


def test_every_unit_carries_the_mark_with_the_digest_of_its_text() -> None:
    for artifact in render(SITES["nights"], SETTINGS):
        assert is_marked(artifact.text)
        (written,) = re.findall(r"^# X-Delcia: .*sha256=([0-9a-f]{64})$", artifact.text, re.MULTILINE)
        assert digest(artifact.text.replace(written, NO_DIGEST)) == written


def test_the_mark_names_the_file_of_the_plan_but_no_line_of_it() -> None:
    first = SITES["nights"]
    moved = site(replace(first.plans["nights"], place=Place("home.yaml", 99)))
    assert render(moved, SETTINGS) == render(first, SETTINGS)
    assert "source=home.yaml " in named(render(first, SETTINGS))["delcia-plan-nights.timer"]


def test_nothing_but_the_names_of_the_car_reaches_a_unit() -> None:
    house = site(plan())
    richer = replace(house, vehicles={"spring": replace(SPRING, account="aunt", minimum_soc_pct=44)})
    assert render(richer, SETTINGS) == render(house, SETTINGS)
