"""`delcia charge` for a person and for the timers, with a car that does not exist."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.command import delcia_process
from support.simulated_home import PLANS, SimulatedHome, published

from delcia.cli.running import applied, run_each, worst
from delcia.errors import Exit
from delcia.runtime.job import Job, Outcome
from delcia.store.notices import pending_notices
from delcia.store.opening import open_store


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SimulatedHome:
    home = SimulatedHome(tmp_path, monkeypatch)
    home.apply()
    return home


def test_it_says_what_it_did(home: SimulatedHome) -> None:
    assert home.run("charge", "nights").stdout == "spring: charging by itself; a second look before it is held\n"
    assert home.tick("Mon 18:35").stdout == "spring: stop: held until 01:38\n"


def test_a_dry_run_explains_and_asks_nothing(home: SimulatedHome) -> None:
    home.tick("Mon 18:30")
    home.go_to("Mon 18:35")
    first = home.run("charge", "spring", "--dry-run")
    second = home.run("charge", "spring", "--dry-run", "--json")
    assert first.stdout == "spring: charging by itself; a second look before it is held\n"
    found = published("decision", second.stdout)
    assert found["dry_run"] is True
    assert (found["decisions"][0]["action"], found["decisions"][0]["wanted"]) == ("none", False)


def test_the_json_is_as_published(home: SimulatedHome) -> None:
    home.tick("Mon 18:30", "Mon 18:35", "Mon 18:40")
    home.go_to("Tue 01:38")
    [spring] = published("decision", home.run("charge", "--all", "--json").stdout)["decisions"]
    assert (spring["action"], spring["reason"], spring["plans"]) == ("start", "window", ["nights"])
    assert (spring["status"], spring["error"], spring["target_soc_pct"]) == (0, None, 80)


def test_trouble_is_in_the_json_too(home: SimulatedHome) -> None:
    (home.root / "var/lib/delcia/state/car-spring.json").write_text("{}", encoding="utf-8")
    ran = home.run("charge", "--all", "--json")
    [spring] = published("decision", ran.stdout)["decisions"]
    assert ran.status == spring["status"] == Exit.BROKEN
    assert spring["error"]["slug"] == "simulated-car-unreadable"


def test_a_bug_in_one_cars_run_leaves_the_next_its_turn(
    home: SimulatedHome, capsys: pytest.CaptureFixture[str]
) -> None:
    host = applied(home.root)
    spring = host.site.vehicles["spring"]
    turns: list[str] = []

    def work(job: Job) -> Outcome:
        turns.append(job.vehicle.name)
        if job.vehicle.name == "spring":
            raise IndexError
        return Outcome(job.vehicle.name, Exit.OK, "", None, news=False)

    cars = (spring, replace(spring, name="zoe"))
    found = list(run_each(host, cars, work, datetime.now(UTC)))
    assert turns == ["spring", "zoe"]
    assert worst([item.status for item in found]) == Exit.BUG
    assert "IndexError; this is a bug in delcia" in capsys.readouterr().err


def test_a_name_that_is_neither_plan_nor_vehicle_is_told(home: SimulatedHome) -> None:
    ran = home.run("charge", "mornings")
    assert ran.status == Exit.BROKEN
    assert "there are: nights, spring" in ran.stderr


@pytest.mark.parametrize("argv", [(), ("nights", "--all")])
def test_one_or_all_must_be_said(home: SimulatedHome, argv: tuple[str, ...]) -> None:
    assert home.run("charge", *argv).status == Exit.USAGE


def test_where_nothing_is_applied_the_set_up_is_broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "other").mkdir()
    ran = SimulatedHome(tmp_path / "other", monkeypatch).run("charge", "--all")
    assert ran.status == Exit.BROKEN
    assert "hint: run: delcia apply DIR" in ran.stderr


def test_timers_get_a_line_for_the_journal_when_there_is_news(home: SimulatedHome) -> None:
    def scheduled() -> tuple[int, str, str]:
        ran = delcia_process("charge", "--all", "--scheduled", "--root", str(home.root))
        return ran.status, ran.stdout, ran.stderr

    assert scheduled() == (0, "<6>spring: charging by itself; a second look before it is held\n", "")
    home.go_to("Mon 18:31")
    assert scheduled() == (0, "<6>spring: stop: held until 01:38\n", "")
    home.go_to("Mon 18:32")
    assert scheduled() == (0, "<6>spring: nothing to do; next charge 01:38\n", "")
    home.go_to("Mon 18:33")
    assert scheduled() == (0, "", "")


def test_a_car_of_two_that_is_in_trouble_does_not_keep_the_other_waiting(home: SimulatedHome) -> None:
    home.write(
        PLANS.replace("chargers:\n", "  aaa: {model: spring-26, hold: true}\nchargers:\n")
        + "  others: {vehicle: aaa, charger: socket, charge: {to_soc: 80}, when: {tariff: edf}}\n"
    )
    home.apply()
    ran = home.run("charge", "--all")
    assert ran.status == Exit.LOGIN
    assert ran.stdout == "spring: charging by itself; a second look before it is held\n"
    assert ran.stderr.startswith("delcia: error: ")


def test_a_state_that_was_lost_is_told_and_kept_to_be_told(home: SimulatedHome) -> None:
    home.tick("Mon 18:30")
    path = home.root / "var/lib/delcia/state/delcia.db"
    path.write_bytes(b"no database" * 1000)
    ran = home.tick("Mon 18:35")
    assert ran.status == 0
    assert "[state-damaged]" in ran.stderr
    store = open_store(path)
    assert [(item.vehicle, item.slug) for item in pending_notices(store)] == [("", "state-damaged")]
    store.close()
