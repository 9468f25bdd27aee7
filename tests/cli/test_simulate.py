"""`delcia simulate`: a night told from plugging in to unplugging, longer ones night by night, and JSON."""

from pathlib import Path

import pytest
from support.simulated_home import PLANS, SimulatedHome, published

from delcia.errors import Exit


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SimulatedHome:
    home = SimulatedHome(tmp_path, monkeypatch)
    home.go_to("Mon 19:41")
    return home


def simulated(home: SimulatedHome, *options: str) -> list[str]:
    ran = home.run("simulate", str(home.plans), *options)
    assert ran.stderr == f"# plans in {home.plans}\n"
    return ran.stdout.splitlines()


def test_a_night_is_a_story_that_a_stranger_understands(home: SimulatedHome) -> None:
    assert simulated(home, "--soc", "52") == [
        "simulated, Mon 2026-11-23 18:30 to Tue 2026-11-24 07:30",
        "Mon 18:30  spring: plugged in with 52 %",
        "Mon 18:30  spring: charging by itself; a second look before it is held",
        "Mon 18:35  spring: stop: held until 01:38",
        "Mon 18:40  spring: nothing to do; next charge 01:38",
        "Tue 01:38  spring: start until 05:28, then 80 % (target 80 %, off-peak)",
        "Tue 01:40  spring: charging until 05:30, then 80 % (target 80 %, off-peak)",
        "Tue 05:25  spring: stop: the target is reached",
        "Tue 05:30  spring: nothing to do",
        "Tue 07:00  spring: 80 % at 07:00",
        "Tue 07:30  spring: unplugged with 80 %",
        "spring, simulated: 8.9 kWh for 1.42 EUR",
        "  without delcia, charging on plug-in: 15.2 kWh for 3.13 EUR; 20 points more at the end (6.2 kWh, 1.28 EUR)",
        "  ready in time on 1 of 1 days; 51 readings of the car",
    ]


def test_a_few_nights_are_a_line_each(home: SimulatedHome) -> None:
    lines = simulated(home, "--soc", "30", "--days", "3")
    assert lines[0] == "simulated, Mon 2026-11-23 18:30 to Thu 2026-11-26 07:30"
    assert [line[:31] for line in lines[1:4]] == [
        "Mon 2026-11-23    30 →  67 %   ",
        "Tue 2026-11-24    42 →  79 %   ",
        "Wed 2026-11-25    54 →  80 %   ",
    ]
    assert "67 % at 07:00: misses 80 %" in lines[1]
    assert lines[1].endswith("01:38–06:38")
    assert lines[-1].startswith("  ready in time on 1 of 3 days; ")


def test_a_target_that_is_missed_is_the_exit_status(home: SimulatedHome) -> None:
    assert home.run("simulate", str(home.plans), "--soc", "60").status == Exit.OK
    assert home.run("simulate", str(home.plans), "--soc", "20").status == Exit.PROBLEMS


@pytest.mark.parametrize(
    ("now", "first"),
    [("Mon 12:00", "Mon 2026-11-23"), ("Tue 02:00", "Mon 2026-11-23"), ("Tue 07:30", "Tue 2026-11-24")],
)
def test_it_is_about_the_present_night_or_the_next_one(home: SimulatedHome, now: str, first: str) -> None:
    home.go_to(now)
    assert simulated(home)[0].startswith(f"simulated, {first} 18:30 to ")


def test_a_day_can_be_named(home: SimulatedHome) -> None:
    assert simulated(home, "--from", "2027-03-27")[0] == "simulated, Sat 2027-03-27 18:30 to Sun 2027-03-28 07:30"


def test_a_car_may_be_plugged_in_by_day(home: SimulatedHome) -> None:
    lines = simulated(home, "--plugged", "09:00-17:00", "--soc", "60")
    assert lines[0] == "simulated, Tue 2026-11-24 09:00 to Tue 2026-11-24 17:00"
    assert any(line.startswith("Tue 12:38  spring: start") for line in lines)


@pytest.mark.parametrize("plugged", ["18:30", "18:30-18:30", "25:00-07:00", "evening"])
def test_a_time_that_is_none_is_a_usage_error(home: SimulatedHome, plugged: str) -> None:
    ran = home.run("simulate", str(home.plans), "--plugged", plugged)
    assert (ran.status, ran.stdout) == (Exit.USAGE, "")
    assert "[bad-time]" in ran.stderr


def test_the_json_is_as_published_and_adds_up(home: SimulatedHome) -> None:
    ran = home.run("simulate", str(home.plans), "--soc", "30", "--days", "2", "--json")
    found = published("simulation", ran.stdout)
    [spring] = found["vehicles"]
    assert (found["from"], found["to"]) == ("2026-11-23T17:30:00Z", "2026-11-25T06:30:00Z")
    assert [item["what"] for item in spring["moments"]] == ["plug", "unplug", "plug", "unplug"]
    energy = sum(item["energy_wall_kwh"] for item in spring["charges"])
    assert energy == pytest.approx(spring["energy_wall_kwh"], abs=0.01)
    assert [item["missed"] for item in spring["ready"]] == [True, True]
    assert float(spring["cost"]) < float(spring["on_plug_in"]["cost"])


def test_several_cars_are_told_one_after_the_other(home: SimulatedHome) -> None:
    other = "  zoe: {model: zoe-52, hold: false}\n"
    plan = "  rest: {vehicle: zoe, charger: socket, charge: {to_soc: 100}, when: {windows: ['22:00-06:00']}}\n"
    home.write(PLANS.replace("chargers:\n", f"{other}chargers:\n") + plan)
    lines = simulated(home, "--days", "2")
    assert [line for line in lines if line.endswith(":")] == ["spring:", "zoe:"]
    alone = simulated(home, "--days", "2", "--vehicle", "zoe")
    assert lines[lines.index("zoe:") + 1 :] == alone[1:]
    assert not any("EUR" in line for line in alone)
    assert home.run("simulate", str(home.plans), "--vehicle", "clio").status == Exit.USAGE


@pytest.mark.no_cover
def test_a_car_may_be_driven_otherwise_on_each_day_of_the_week(home: SimulatedHome) -> None:
    def arrived(*options: str) -> list[int]:
        return [int(line.split()[2]) for line in simulated(home, "--days", "7", "--soc", "70", *options)[1:8]]

    # The days after the target of 80 % and less, but for a point that a charge went beyond it.
    week = pytest.approx([70, 70, 70, 70, 70, 75, 50], abs=1)
    assert arrived("--used", "mon-fri=10,sat=5,sun=30") == week
    assert arrived("--km", "mon-fri=17.87,sat=8.93,sun=53.6") == week


@pytest.mark.parametrize("used", ["mon-fri", "noon=3", "mon=x", "mon=101", "nan", "mon=3,"])
def test_driving_that_says_nothing_is_a_usage_error(home: SimulatedHome, used: str) -> None:
    ran = home.run("simulate", str(home.plans), "--used", used)
    assert (ran.status, ran.stdout) == (Exit.USAGE, "")
    assert "[bad-driving]" in ran.stderr


ROUND_THE_CLOCK = (
    "  whenever: {vehicle: spring, charger: socket, charge: {to_soc: 80}, enabled: false,"
    ' when: {windows: ["00:00-24:00"], tariff: edf}, ready_by: "07:00"}\n'
)


@pytest.mark.no_cover
def test_plans_stand_side_by_side_also_one_that_is_not_enabled(home: SimulatedHome) -> None:
    home.write(PLANS + ROUND_THE_CLOCK)
    lines = simulated(home, "--days", "3", "--soc", "60", "--compare", "whenever", "--compare", "nights")
    cells = {line.split("   ")[0].strip(): line.split()[-6:] for line in lines[1:]}
    assert lines[1].split() == ["spring", "the", "plans", "whenever", "nights"]
    assert cells["cost"][0] == cells["cost"][4]
    assert float(cells["cost"][0]) < float(cells["cost"][2])
    assert lines[-2].split() == ["in", "time", "3", "of", "3", "3", "of", "3", "3", "of", "3"]
    year = simulated(home, "--days", "40", "--soc", "60", "--compare", "whenever")
    assert [line.split()[0] for line in year[2:5]] == ["2026-11", "2026-12", "2027-01"]


def test_what_is_compared_is_in_the_json_and_named(home: SimulatedHome) -> None:
    home.write(PLANS + ROUND_THE_CLOCK)
    ran = home.run("simulate", str(home.plans), "--compare", "whenever", "--json")
    assert [item["only_plan"] for item in published("simulation", ran.stdout)["vehicles"]] == [None, "whenever"]
    ran = home.run("simulate", str(home.plans), "--compare", "never")
    assert (ran.status, ran.stdout) == (Exit.USAGE, "")
    assert "no plan 'never' [unknown-name]" in ran.stderr


def test_without_any_plan_it_says_so(home: SimulatedHome) -> None:
    home.write(PLANS.replace('ready_by: "07:00"', "enabled: false"))
    ran = home.run("simulate", str(home.plans))
    assert "no plan is enabled [no-plans]" in ran.stderr
