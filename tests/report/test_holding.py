"""What holds a car and until when, in the same words wherever the car is shown."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from support.small_site import SPRING, plan, site

from delcia.core.clock import zone
from delcia.core.model import Days, Home, MonthDays, Site
from delcia.core.state import Charge, Memory, Owner, Plug, Reading, Session, Whereabouts
from delcia.report.data import data_of
from delcia.report.holding import UNCOVERED
from delcia.report.markdown import markdown
from delcia.report.page import page
from delcia.report.rows import Report, build
from delcia.report.table import table

NOW = datetime(2026, 11, 23, 18, 41, tzinfo=UTC)  # 19:41+01:00, a Monday
HOUSE = site(plan(ready_by_min=420))


def memory(soc_pct: float, charge: Charge = Charge.IDLE, plug: Plug = Plug.PLUGGED) -> Memory:
    reading = Reading(NOW, NOW, plug, charge, soc_pct)
    return Memory(
        reading=reading,
        soc_reading=reading,
        plugged_since=NOW if plug is Plug.PLUGGED else None,
        whereabouts=Whereabouts(NOW, NOW, at_home=True),
    )


def report(house: Site = HOUSE, known: Memory | None = None, soc_pct: float | None = None, **more: object) -> Report:
    memories = {"spring": known} if known is not None else {}
    return build(house, memories, NOW, source="plans", plan=None, soc_pct=soc_pct, **more)  # type: ignore[arg-type]


def holding(found: Report) -> list[str]:
    """Return the lines of the table that speak of holding, or of whose charge it is."""
    lines = [line.strip() for line in table(found).splitlines()]
    return [line for line in lines if "held" in line or line.startswith(("a person", "while the car"))]


@pytest.mark.parametrize(
    ("soc_pct", "words"),
    [
        (81.0, "held, above its target of 80 %: charges again below 78 %"),
        (80.0, "held, at its target of 80 %: charges again below 78 %"),
        (55.0, "held until Tue 01:38"),
    ],
)
def test_a_car_that_is_plugged_in_is_told_to_be_held_and_until_when(soc_pct: float, words: str) -> None:
    found = report(known=memory(soc_pct))
    assert holding(found) == [words]
    assert words in page(found, {})
    assert f"- {words}" in markdown(found)


def test_the_data_of_a_report_has_the_same() -> None:
    data = data_of(report(known=memory(81)))["vehicles"][0]["hold"]
    assert data == {
        "wanted": True,
        "held": True,
        "supposed": False,
        "why": "above-target",
        "until": None,
        "target_soc_pct": 80,
        "again_below_pct": 78.0,
    }
    waits = data_of(report(known=memory(55)))["vehicles"][0]["hold"]
    assert (waits["why"], waits["until"]) == ("waits", "2026-11-24T00:38:00Z")


def test_of_a_given_soc_it_is_told_what_would_hold_the_car_if_it_were_plugged_in() -> None:
    assert holding(report(soc_pct=81.0)) == [
        "plugged in at home, it is held, above its target of 80 %: charges again below 78 %"
    ]
    assert holding(report(soc_pct=55.0)) == ["plugged in at home, it is held until Tue 01:38"]


@pytest.mark.parametrize(
    ("house", "known"),
    [
        (HOUSE, memory(81, plug=Plug.UNPLUGGED)),
        (HOUSE, replace(memory(81), whereabouts=Whereabouts(NOW, NOW, at_home=False))),
        (replace(HOUSE, vehicles={"spring": replace(SPRING, hold=False)}), memory(81)),
        (HOUSE, None),
    ],
)
def test_a_car_that_nothing_holds_is_not_told_to_be_held(house: Site, known: Memory | None) -> None:
    assert holding(report(house, known)) == []
    assert data_of(report(house, known))["vehicles"][0]["hold"]["held"] is False


def test_a_plan_that_is_out_of_its_season_leaves_the_car_unheld_and_that_is_told() -> None:
    summer = site(plan(ready_by_min=420, days=Days(season=MonthDays((6, 1), (9, 30)))))
    assert holding(report(summer, memory(81))) == [UNCOVERED]
    assert data_of(report(summer, memory(81)))["vehicles"][0]["hold"]["why"] == "uncovered"


@pytest.mark.parametrize(
    ("home", "why"),
    [(None, "no home is known on this host"), (Home(), "the plans name a home, but not where it is")],
)
def test_without_a_known_home_the_car_is_not_held_and_the_words_that_end_it_are_told(
    home: Home | None, why: str
) -> None:
    found = report(replace(HOUSE, home=home), memory(81), homeless=frozenset({"default"}))
    unheld, how = holding(found)
    assert unheld == f"{why}, so 'spring' is not held: it charges whenever it is plugged in"
    assert how.startswith("while the car stands there: delcia login --home here; from anywhere: delcia login --home ")
    assert data_of(found)["vehicles"][0]["hold"]["why"] == "homeless"


def test_where_the_plans_say_the_place_of_the_home_none_is_missed() -> None:
    house = replace(HOUSE, home=Home(300, 48.9, 2.4))
    assert holding(report(house, memory(55), homeless=frozenset({"default"}))) == ["held until Tue 01:38"]


def test_a_charge_that_is_taken_for_a_persons_is_told_with_its_end_and_what_ends_it() -> None:
    known = replace(memory(55, Charge.CHARGING), session=Session(Owner.PERSON, NOW, 55.0, "after-stop"))
    row = report(known=known).rows[0]
    full_at = row.standing.ends_at
    assert full_at is not None
    assert timedelta(hours=3) < full_at - NOW < timedelta(hours=9)  # 12.1 kWh and the balancing at 2.3 or 3.7 kW
    clock = full_at.astimezone(zone(HOUSE.timezone))
    day = "" if clock.date() == NOW.date() else f"{clock:%a} "
    assert holding(report(known=known)) == [
        (
            f"a person started this charge: it goes on until full, about {day}{clock:%H:%M}, or its own limit; "
            "'delcia stop spring' ends it"
        )
    ]


def test_a_charge_that_a_person_asked_delcia_for_is_told_by_what_they_asked() -> None:
    known = replace(memory(55, Charge.CHARGING), session=Session(Owner.PERSON, NOW, 55.0, "boost"))
    assert holding(report(known=known)) == []


def test_a_persons_charge_away_from_home_is_told_without_an_hour() -> None:
    away = Whereabouts(NOW, NOW, at_home=False)
    session = Session(Owner.PERSON, NOW, 55.0, "away")
    known = replace(memory(55, Charge.CHARGING), session=session, whereabouts=away)
    assert holding(report(known=known)) == [
        "a person started this charge: it goes on until full, or its own limit; 'delcia stop spring' ends it"
    ]
