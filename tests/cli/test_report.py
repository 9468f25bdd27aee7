"""`delcia report` as its owner reads it: exact lines, and the same values as JSON."""

from datetime import timedelta
from pathlib import Path

import pytest
from support.command import delcia
from support.simulated_home import PLANS, SimulatedHome, published
from support.stories import at

from delcia.core.state import Boost, Charge, Memory, Owner, Pause, Plug, Reading, Session
from delcia.errors import Exit
from delcia.store.memory import remember
from delcia.store.opening import open_store

NOW = at("Mon 19:41")
READ_AT = NOW - timedelta(minutes=3)
READING = Reading(READ_AT, READ_AT, Plug.PLUGGED, Charge.IDLE, 52.0)
READ = Memory(reading=READING, soc_reading=READING, plugged_since=READ_AT)
THEN = ("Tue 01:38–06:38", "Tue 12:38–14:14")
BASIS = "socket: reckoned by the car's model, give or take 10 %"
HELD = "plugged in at home, it is held until Tue 01:38"
SHORT = "nights is short of time: add windows, lower to_soc, raise the power, or set guarantee: true"
TWO_CARS = PLANS.replace(
    "  spring: {model: spring-26, hold: true, driver: simulated}\n",
    "  spring: {model: spring-26, hold: true}\n"
    "  r5: {model: r5-52, hold: false}\n"
    "  idle: {model: zoe-52, hold: false}\n",
).replace("  socket: {amps: 10}\n", "  socket: {amps: 10}\n  carport: {amps: 32}\n") + (
    "  weekend-trip: {vehicle: spring, charger: socket, charge: {to_soc: 100}, when: {windows: ['22:00-06:00']},"
    " days: [sat]}\n"
    "  long-nights: {vehicle: r5, charger: carport, charge: {to_soc: 100}, when: {tariff: edf}, ready_by: '07:00'}\n"
)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SimulatedHome:
    home = SimulatedHome(tmp_path, monkeypatch)
    home.go_to("Mon 19:41")
    return home


def told(home: SimulatedHome, memory: Memory) -> list[str]:
    """Return the report of a host that remembers this of the car."""
    store = open_store(home.root / "var/lib/delcia/state/delcia.db")
    remember(store, "spring", memory)
    store.close()
    ran = home.run("report", str(home.plans))
    assert ran.status == 0
    return ran.stdout.splitlines()


def test_the_evening_of_the_first_plan(home: SimulatedHome) -> None:
    assert told(home, READ) == [
        "spring  52 %, plugged in, read 3 min ago · start and stop by the car",
        "nights  Tue 01:38 → 05:28 (05:05–05:51)   8.8 kWh   1.39 EUR   80 % at 07:00",
        f"        {BASIS}",
        "        held until Tue 01:38",
    ]


def test_without_a_directory_it_is_about_what_is_applied(home: SimulatedHome) -> None:
    home.apply()
    store = open_store(home.root / "var/lib/delcia/state/delcia.db")
    remember(store, "spring", READ)
    store.close()
    ran = home.run("report")
    assert ran.stderr == "# generation 1, applied Mon 2026-11-23 19:41\n"
    assert ran.stdout.startswith("spring  52 %, plugged in, read 3 min ago")


@pytest.mark.parametrize(
    ("soc", "lines"),
    [
        (
            30,
            [
                "spring  30 % given · start and stop by the car",
                "nights  Tue 01:38 → 14:30 (13:48–Wed 02:12)   15.8 kWh   2.49 EUR   66 % at 07:00: misses 80 %",
                "        in 2 parts: Tue 01:38–06:38, Tue 12:38–14:30",
                f"        {BASIS}",
                f"        {HELD}",
                f"        {SHORT}",
            ],
        ),
        (
            12,
            [
                "spring  12 % given · start and stop by the car",
                (
                    "nights  Mon 19:41 → Tue 14:14 (13:18–Wed 02:11)   21.4 kWh   3.69 EUR   "
                    "68 % at Tue 07:00: misses 80 %"
                ),
                f"        in 3 parts: Mon 19:41–22:25 up to 32 % (minimum), {', '.join(THEN)}",
                f"        {BASIS}",
                f"        {SHORT}",
            ],
        ),
        (
            85,
            [
                "spring  85 % given · start and stop by the car",
                "nights  nothing to do: it has 85 % given; target 80 %",
                "        plugged in at home, it is held, above its target of 80 %: charges again below 78 %",
            ],
        ),
    ],
)
def test_other_states_of_charge(home: SimulatedHome, soc: int, lines: list[str]) -> None:
    assert home.run("report", str(home.plans), "--soc", str(soc)).stdout.splitlines() == lines


@pytest.mark.parametrize(
    ("memory", "words"),
    [
        (Memory(), "50 % assumed, not read yet"),
        (
            Memory(reading=READING, soc_reading=READING, session=Session(Owner.DELCIA, READ_AT, 52.0, "window")),
            "about 52 %, charging (delcia's), carried forward, read 3 min ago",
        ),
        (
            Memory(
                reading=Reading(READ_AT, READ_AT, Plug.UNPLUGGED, Charge.ERROR, 52.0),
                soc_reading=Reading(READ_AT, READ_AT, Plug.UNPLUGGED, Charge.ERROR, 52.0),
            ),
            "52 %, not plugged in, with a charging error, read 3 min ago",
        ),
        (
            Memory(
                reading=Reading(READ_AT, NOW - timedelta(hours=9), Plug.PLUGGED, Charge.IDLE, 52.0),
                soc_reading=Reading(READ_AT, NOW - timedelta(hours=9), Plug.PLUGGED, Charge.IDLE, 52.0),
            ),
            "52 %, plugged in, reported 9 h ago",
        ),
    ],
)
def test_the_state_of_the_car_in_words(home: SimulatedHome, memory: Memory, words: str) -> None:
    assert told(home, memory)[0] == f"spring  {words} · start and stop by the car"


@pytest.mark.parametrize(
    ("override", "words"),
    [
        (Boost(NOW, at("Tue 07:41"), 90), "start: to 90 %, or until unplugged: its plans' times"),
        (Boost(NOW, at("Tue 07:41"), None, 90), "start: for 90 min, until Tue 07:41 or unplugged: its plans"),
        (Pause(NOW), "left alone until unplugged, or 'delcia resume': its plans' times do not hold"),
        (Pause(NOW, at("Tue 12:00")), "left alone until Tue 12:00, or 'delcia resume'"),
    ],
)
def test_a_persons_word_is_not_overlooked(home: SimulatedHome, override: Boost | Pause, words: str) -> None:
    memory = Memory(reading=READING, soc_reading=READING, plugged_since=READ_AT, override=override)
    assert told(home, memory)[-1].startswith(f"        {words}")


def test_cars_and_plans_stand_below_each_other_without_blanks_at_the_end(home: SimulatedHome) -> None:
    home.write(TWO_CARS)
    ran = home.run("report", str(home.plans), "--soc", "52")
    assert ran.stdout == (
        "idle          52 % given · start by the car; nothing stops it before it is full\n"
        "              no plan is enabled for it\n"
        "r5            52 % given · start by the car; its own SoC limit ends the charge\n"
        "long-nights   Mon 19:41 → 23:42 (23:18–Tue 00:07)   27.9 kWh   5.76 EUR   100 % at Tue 07:00\n"
        "              carport: reckoned by the car's model, give or take 10 %\n"
        "              nothing ends its charge with the window: it charges from plugging in until full or at its limit;"
        " shown as if that were now\n"
        "spring        52 % given · start and stop by the car\n"
        "nights        Tue 01:38 → 05:28 (05:05–05:51)        8.8 kWh   1.39 EUR   80 % at 07:00\n"
        "weekend-trip  Sat 22:00 → Sun 01:00 (00:42–01:18)    6.3 kWh              100 % at the end\n"
        "together      Tue 01:38 → Sun 01:00 in 2 parts · 15.2 kWh · 2.70 EUR · 80 % at 07:00\n"
        f"              {BASIS}\n"
        f"              {HELD}\n"
    )


def test_one_plan_only(home: SimulatedHome) -> None:
    home.write(TWO_CARS)
    ran = home.run("report", str(home.plans), "--soc", "52", "--plan", "nights")
    assert [line.split()[0] for line in ran.stdout.splitlines()] == ["spring", "nights", "socket:", "plugged"]
    missing = home.run("report", str(home.plans), "--plan", "morning")
    assert missing.status == Exit.USAGE
    assert "there are: long-nights, nights, weekend-trip" in missing.stderr


def test_as_of_another_time(home: SimulatedHome) -> None:
    ran = home.run("report", str(home.plans), "--soc", "52", "--now", "2026-12-01T10:00")
    assert ran.stdout.splitlines()[1].startswith("nights  Tue 12:38 → ")


def test_errors_of_the_plans_are_shown_and_warnings_are_not(home: SimulatedHome) -> None:
    fine = home.run("report", str(home.plans), "--soc", "52")
    assert fine.stderr == f"# plans in {home.plans}\n"
    assert "short-window" in delcia("validate", str(home.plans)).stdout
    home.write(PLANS.replace("to_soc: 80", "to_sok: 80"))
    ran = home.run("report", str(home.plans))
    assert (ran.status, ran.stdout) == (Exit.PROBLEMS, "")
    assert "did you mean 'to_soc'?" in ran.stderr
    assert "short-window" not in ran.stderr
    assert f"the plans in '{home.plans}' have errors [bad-plans]" in ran.stderr


@pytest.mark.parametrize("soc", ["12", "52", "85", "100"])
def test_the_json_is_as_published(home: SimulatedHome, soc: str) -> None:
    home.write(TWO_CARS)
    found = published("report", home.run("report", str(home.plans), "--soc", soc, "--json").stdout)
    assert sorted(item["plan"] for item in found["plans"]) == ["long-nights", "nights", "weekend-trip"]
    springs = [item["starts_at"] or "never" for item in found["plans"] if item["vehicle"] == "spring"]
    assert springs == sorted(springs)
    for item in found["plans"]:
        assert sum(part["energy_wall_kwh"] for part in item["segments"]) == pytest.approx(
            item["energy_wall_kwh"], abs=0.01
        )


def test_the_json_has_the_values_of_the_table(home: SimulatedHome) -> None:
    [plan] = published("report", home.run("report", str(home.plans), "--soc", "52", "--json").stdout)["plans"]
    assert (plan["starts_at"], plan["completes_at"]) == ("2026-11-24T00:38:00Z", "2026-11-24T04:28:11Z")
    assert (plan["cost"], plan["currency"], plan["soc_basis"]) == ("1.39", "EUR", "given")
    assert (plan["ready_by"], plan["soc_at_ready_by_pct"]) == ("2026-11-24T06:00:00Z", 80.0)


def test_a_car_never_read_is_assumed_in_json_too(home: SimulatedHome) -> None:
    [plan] = published("report", home.run("report", str(home.plans), "--json").stdout)["plans"]
    assert (plan["soc_pct"], plan["soc_basis"]) == (50.0, "assumed")


def test_a_report_that_cannot_be_written_is_told_with_its_cause(home: SimulatedHome, tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere/car.html"
    ran = home.run("report", str(home.plans), "--soc", "52", "--format", "html", "--out", str(nowhere))
    assert ran.status == Exit.PROBLEMS
    assert f"delcia: error: cannot write '{nowhere}': No such file or directory [cannot-write]" in ran.stderr
    assert f"hint: make its folder first: mkdir -p '{nowhere.parent}'" in ran.stderr
    nowhere.parent.mkdir()
    nowhere.write_text("old", encoding="utf-8")
    nowhere.chmod(0o640)
    assert home.run("report", str(home.plans), "--soc", "52", "--out", str(nowhere)).status == Exit.OK
    assert nowhere.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in nowhere.parent.iterdir()] == ["car.html"]
    assert home.run("report", str(home.plans), "--soc", "52", "--out", "/dev/null").status == Exit.OK
    assert Path("/dev/null").is_char_device()


def test_it_can_be_written_to_a_file(home: SimulatedHome, tmp_path: Path) -> None:
    ran = home.run("report", str(home.plans), "--soc", "52", "--out", str(tmp_path / "report.txt"))
    assert ran.stdout == ""
    assert (tmp_path / "report.txt").read_text(encoding="utf-8").startswith("spring  52 % given")
