"""Hold as an owner sees it at the command line: what `report` promises is what `simulate` does, for whole weeks."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from support.cli_home import EMAIL, PASSWORD, CliHome, cli_home
from support.command import delcia
from support.home import at

PLANS = """\
timezone: Europe/Paris
vehicles: {{spring: {{model: spring-26, hold: true}}}}
{calendars}chargers: {{socket: {{amps: 10}}}}
tariffs:
  edf:
    currency: EUR
    bands:
      - {{name: off-peak, hours: ["01:38-06:38", "12:38-14:38"], price: 0.1579}}
      - {{name: peak, price: 0.2065}}
plans:
  nights:
    vehicle: spring
    charger: socket
    charge: {{to_soc: 80}}
    when: {{tariff: edf, bands: [off-peak]}}
    ready_by: "07:00"
{more}"""
AWAY = "calendars: {away: {dates: [2026-12-07, 2026-12-08, 2026-12-09, 2026-12-10, 2026-12-11]}}\n"
LOOK = timedelta(minutes=16)
"""Plugging in costs at most the time until the car is looked at and obeys; a rehearsal is shorter."""


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DELCIA_NOW", "2026-11-27T18:00:00+01:00")


def plans(folder: Path, more: str = "", calendars: str = "") -> str:
    (folder / "plans").mkdir(exist_ok=True)
    text = PLANS.format(more=f"    {more}\n" if more else "", calendars=calendars)
    (folder / "plans" / "home.yaml").write_text(text, encoding="utf-8")
    return str(folder / "plans")


def simulated(where: str, *options: str) -> dict[str, Any]:
    ran = delcia("simulate", where, *options, "--json")
    assert ran.status == 0, ran.stderr
    found: dict[str, Any] = json.loads(ran.stdout)["vehicles"][0]
    return found


def at_peak(found: dict[str, Any]) -> list[timedelta]:
    """Return how long each charge lasted that began neither in a night's nor in a noon's window."""
    lengths = []
    for charge in found["charges"]:
        begins, ends = (datetime.fromisoformat(charge[key]) for key in ("starts_at", "ends_at"))
        minute = (begins.hour + 1) % 24 * 60 + begins.minute  # winter: UTC+1
        if not (98 <= minute < 398 or 758 <= minute < 878):
            lengths.append(ends - begins)
    return lengths


def hold_of(where: str, *options: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(delcia("report", where, *options, "--json").stdout)["vehicles"][0]["hold"]
    return found


def test_a_car_above_its_target_is_held(tmp_path: Path) -> None:
    where = plans(tmp_path)
    hold = hold_of(where, "--soc", "81")
    assert (hold["held"], hold["why"], hold["target_soc_pct"], hold["again_below_pct"]) == (
        True,
        "above-target",
        80,
        78,
    )

    night = simulated(where, "--soc", "81", "--days", "1")
    assert night["soc_pct"] <= 83
    assert max(at_peak(night)) <= LOOK


@pytest.mark.no_cover
def test_thirty_evenings_above_the_target_cost_no_more_than_off_peak(tmp_path: Path) -> None:
    month = simulated(plans(tmp_path), "--soc", "90", "--used", "10", "--days", "30", "--from", "2026-12-01")
    assert float(month["cost"]) <= 16.5
    assert max(moment["soc_pct"] for moment in month["moments"]) <= 91
    assert max(at_peak(month)) <= LOOK


def test_a_friday_before_a_plan_for_weekdays_is_held_until_sunday(tmp_path: Path) -> None:
    where = plans(tmp_path, "days: [mon-fri]")
    hold = hold_of(where, "--soc", "55", "--now", "2026-11-27T18:00")
    assert (hold["why"], hold["until"]) == ("waits", "2026-11-29T11:38:00Z")
    assert "held until Sun 12:38" in delcia("report", where, "--soc", "55", "--now", "2026-11-27T18:00").stdout

    week = simulated(where, "--soc", "55", "--from", "2026-11-23", "--days", "7", "--used", "mon-fri=25,sat=10,sun=0")
    assert max(at_peak(week)) <= LOOK
    friday = next(moment for moment in week["moments"] if moment["at"] == "2026-11-28T06:30:00Z")
    assert friday["soc_pct"] < 60


def test_a_week_of_holidays_is_held(tmp_path: Path) -> None:
    where = plans(tmp_path, "except: [away]", AWAY)
    week = simulated(where, "--soc", "60", "--used", "0", "--from", "2026-12-06", "--days", "7")
    assert max(at_peak(week)) <= LOOK
    away = [moment["soc_pct"] for moment in week["moments"] if "2026-12-06T17" <= moment["at"] < "2026-12-11T18"]
    assert max(away) < 65, "the looks at plugging in, and rehearsals, are all that charges"


def test_a_plan_for_winter_holds_nothing_in_june(tmp_path: Path) -> None:
    where = plans(tmp_path, 'season: ["11-01", "03-31"]')
    hold = hold_of(where, "--soc", "55", "--now", "2027-06-14T18:00")
    assert (hold["wanted"], hold["held"], hold["why"]) == (True, False, "uncovered")
    ran = delcia("report", where, "--soc", "55", "--now", "2027-06-14T18:00")
    assert "not held: no window of its plans begins within 14 days" in ran.stdout
    assert "no plan holds 'spring' from 2027-03-31 to 2027-10-29" in delcia("validate", where).stdout
    week = simulated(where, "--soc", "55", "--from", "2027-06-14", "--days", "1")
    assert week["soc_pct"] == 100


def test_a_plan_of_june_for_christmas_holds_nothing_before_its_day(tmp_path: Path) -> None:
    where = plans(tmp_path)
    file = Path(where, "home.yaml")
    once = 'when: {once: "2027-12-24 22:00"}'
    text = file.read_text(encoding="utf-8").replace("when: {tariff: edf, bands: [off-peak]}", once)
    file.write_text(text, encoding="utf-8")
    assert hold_of(where, "--soc", "55", "--now", "2027-06-14T18:00")["why"] == "uncovered"
    assert hold_of(where, "--soc", "55", "--now", "2027-12-24T18:00")["why"] == "waits"


def ticks(house: CliHome, first: str, minutes: int) -> None:
    house.live(*(at(first) + count * timedelta(minutes=5) for count in range(minutes // 5 + 1)))


def test_a_car_is_held_at_the_home_that_login_stored_whatever_the_plans_say_and_nowhere_else(tmp_path: Path) -> None:
    with cli_home(tmp_path) as house:
        house.move_in()
        ticks(house, "Mon 18:00", 10)
        house.car.drive(5, latitude=45.76, longitude=4.83)
        house.car.plug()
        ticks(house, "Mon 18:30", 40)
        assert [kind for _, kind in house.car.orders] == [], "it is away"

        house.car.unplug()
        ticks(house, "Mon 19:20", 10)
        house.car.drive(5, latitude=48.8566, longitude=2.3522)
        house.car.plug()
        ticks(house, "Mon 20:00", 40)
        assert [kind for _, kind in house.car.orders][-1:] == ["stop"], "it is at home"
        assert "held until Tue 01:38" in house.delcia("status").stdout


def test_on_a_host_that_knows_no_home_a_car_is_not_stopped(tmp_path: Path) -> None:
    with cli_home(tmp_path) as house:
        words = ("login", "--email", EMAIL, "--plans", str(house.plans))
        assert house.delcia(*words, stdin=f"{PASSWORD}\n").status == 0
        assert house.delcia("apply", str(house.plans), "--yes").status == 0
        house.car.plug()
        ticks(house, "Mon 18:30", 60)
        assert house.car.orders == []
        assert "no home is known on this host" in house.delcia("status").stdout
