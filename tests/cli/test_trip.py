"""`delcia trip` as a person types it, and where it is seen afterwards."""

import json
from pathlib import Path

import pytest
from support.simulated_home import SimulatedHome, published

from delcia.errors import Exit


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SimulatedHome:
    """Return a home whose car is held, at eight in the evening."""
    home = SimulatedHome(tmp_path, monkeypatch)
    home.apply()
    home.tick("Mon 18:30", "Mon 18:35", "Mon 18:40")
    home.go_to("Mon 20:00")
    return home


def test_a_trip_is_seen_in_status_and_report_and_taken_back_by_resume(home: SimulatedHome) -> None:
    ran = home.run("trip", "spring", "--by", "wed 06:00")
    assert (ran.status, ran.stderr) == (0, "")
    assert "trip: 100 % by Wed 06:00, or 'delcia resume'" in home.run("status").stdout
    assert "trip of spring" in home.run("report").stdout
    assert [row["plan"] for row in published("report", home.run("report", "--json").stdout)["plans"]][1:] == [
        "trip of spring"
    ]
    override = json.loads(home.run("status", "--json").stdout)["vehicles"][0]["override"]
    assert (override["kind"], override["to_soc_pct"], override["until"]) == ("trip", 100, "2026-11-25T05:00:00Z")
    home.run("resume", "spring")
    assert "trip:" not in home.run("status").stdout


@pytest.mark.parametrize("by", ["2026-11-22T06:00", "2026-12-24T06:00", "someday 06:00", "sat 25:00"])
def test_a_time_that_is_past_far_off_or_none_is_told(home: SimulatedHome, by: str) -> None:
    ran = home.run("trip", "spring", "--by", by)
    assert ran.status == Exit.USAGE
    assert "[bad-time]" in ran.stderr
    assert "trip:" not in home.run("status").stdout


def test_a_trip_may_begin_at_an_hour_whatever_it_costs(home: SimulatedHome) -> None:
    ran = home.run("trip", "spring", "--to-soc", "60", "--at", "21:00")
    assert (ran.status, ran.stderr) == (0, "")
    assert "trip: 60 % from Mon 21:00 on, or 'delcia resume'" in home.run("status").stdout
    override = json.loads(home.run("status", "--json").stdout)["vehicles"][0]["override"]
    assert (override["kind"], override["starts_at"]) == ("trip", "2026-11-23T20:00:00Z")
    assert home.tick("Mon 20:55").stdout.startswith("spring: nothing to do; next charge 21:00")
    assert home.tick("Mon 21:00").stdout.startswith("spring: start until ")


def test_a_trip_may_last_some_hours_from_an_hour_on(home: SimulatedHome) -> None:
    ran = home.run("trip", "spring", "--hours", "1.5", "--at", "21:00")
    assert (ran.status, ran.stderr) == (0, "")
    assert "trip: for 90 min from Mon 21:00 on, or 'delcia resume'" in home.run("status").stdout
    override = json.loads(home.run("status", "--json").stdout)["vehicles"][0]["override"]
    assert (override["kind"], override["minutes"], override["to_soc_pct"]) == ("trip", 90, None)
    assert home.tick("Mon 20:55").stdout.startswith("spring: nothing to do; next charge 21:00")
    assert home.tick("Mon 21:00").stdout.startswith("spring: start until 22:30")
    home.tick("Mon 21:10", "Mon 21:40", "Mon 22:10", "Mon 22:25")
    assert home.tick("Mon 22:30").stdout.startswith("spring: stop: the trip has what it needs for now")
    assert "trip:" not in home.run("status").stdout


def test_a_trip_may_last_some_hours_at_the_least_cost(home: SimulatedHome) -> None:
    ran = home.run("trip", "spring", "--hours", "0.5", "--by", "tue 02:08")
    assert (ran.status, ran.stderr) == (0, "")
    assert "trip: for 30 min by Tue 02:08, or 'delcia resume'" in home.run("status").stdout
    report = published("report", home.run("report", "--json").stdout)
    (trip,) = [row for row in report["plans"] if row["plan"] == "trip of spring"]
    assert (trip["starts_at"], trip["charging_minutes"]) == ("2026-11-24T00:38:00Z", 30)


def test_a_trip_has_an_end_or_a_beginning_and_not_both(home: SimulatedHome) -> None:
    ran = home.run("trip", "spring", "--by", "wed 06:00", "--at", "21:00")
    assert (ran.status, "say --by or --at, not both [usage]" in ran.stderr) == (Exit.USAGE, True)
