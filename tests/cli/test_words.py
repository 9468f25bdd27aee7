"""A person's word from the command line: done at once, told truly, and over when it should be."""

import json
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from support.simulated_home import PLANS, SimulatedHome, published
from support.stories import at

from delcia.core.triggers import RECONCILE, fires
from delcia.errors import Exit
from delcia.store.memory import memory_of, remember
from delcia.store.opening import open_store


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SimulatedHome:
    """Return a home whose car is held with 40 %, at seven in the evening; its night adds 36 points."""
    return evening(tmp_path, monkeypatch, PLANS)


def evening(folder: Path, monkeypatch: pytest.MonkeyPatch, plans: str) -> SimulatedHome:
    """Return a home on a Monday evening."""
    home = SimulatedHome(folder, monkeypatch)
    home.write(plans)
    home.apply()
    live(home, "Mon 18:30", "Mon 18:55")
    home.go_to("Mon 19:00")
    return home


def live(home: SimulatedHome, first: str, last: str) -> None:
    """Let the timers fire every five minutes between two instants, both included."""
    for instant in fires(RECONCILE, at(first), at(last).replace(second=1)):
        home.go_to_instant(instant)
        assert home.run("charge", "--all", "--scheduled").status == 0


def car(home: SimulatedHome) -> dict[str, Any]:
    """Return what `status --json` tells of the car."""
    found: dict[str, Any] = published("status", home.run("status", "--json").stdout)["vehicles"][0]
    return found


def truth(home: SimulatedHome) -> dict[str, Any]:
    """Return the simulated car as it is."""
    text = (home.root / "var/lib/delcia/state/car-spring.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)["condition"]
    return found


def test_a_stop_for_the_oven_ends_this_charge_and_the_night_goes_on_as_planned(home: SimulatedHome) -> None:
    home.run("start", "spring", "--to-soc", "60")
    live(home, "Mon 19:05", "Mon 19:15")
    home.go_to("Mon 19:18")
    said = home.run("stop", "spring").stdout
    assert said == "spring: stop: asked for; the next charge begins at 01:38\n"
    live(home, "Mon 19:20", "Tue 01:35")
    assert truth(home)["charging"] is False
    assert truth(home)["soc_pct"] == pytest.approx(41, abs=1.5)
    home.tick("Tue 01:38")
    live(home, "Tue 01:40", "Tue 06:35")
    assert truth(home)["charging"] is True
    home.tick("Tue 06:38")
    live(home, "Tue 06:40", "Tue 07:00")
    assert truth(home)["soc_pct"] == pytest.approx(42.5 + 36, abs=1), "a whole night, as planned"
    assert car(home)["override"] is None


def test_a_charge_to_a_target_lasts_as_long_as_that_needs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = evening(tmp_path, monkeypatch, PLANS.replace("amps: 10", "amps: 8"))
    said = home.run("start", "spring", "--to-soc", "100").stdout
    assert said == "spring: start until 05:44, then 100 % (target 100 %, boost)\n"
    live(home, "Mon 19:05", "Tue 08:00")
    assert truth(home)["soc_pct"] == 100


def test_at_eight_amperes_from_twenty_to_a_hundred_takes_fourteen_hours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = evening(tmp_path, monkeypatch, PLANS.replace("hold: true", "hold: true, minimum_soc: 10"))
    set_soc(home, 20.0)
    assert home.run("start", "spring", "--to-soc", "100", "--amps", "8").stdout.startswith(
        "spring: start until 09:14, then 100 %"
    )
    home.write(PLANS.replace("amps: 10", "amps: 8"))  # where it stands there is that little in truth
    home.apply()
    live(home, "Mon 19:05", "Tue 07:25")
    assert truth(home)["charging"] is True, "the twelve hours are for charges without a target"
    (override,) = [car(home)["override"]]
    assert (override["to_soc_pct"], override["amps"], override["charger"]) == (100, 8, None)


def set_soc(home: SimulatedHome, soc_pct: float) -> None:
    """Give the car another level."""
    file = home.root / "var/lib/delcia/state/car-spring.json"
    life = json.loads(file.read_text(encoding="utf-8"))
    life["condition"]["soc_pct"] = soc_pct
    life["daily"] = None
    file.write_text(json.dumps(life), encoding="utf-8")
    with closing(open_store(home.root / "var/lib/delcia/state/delcia.db")) as store:
        # A battery does not jump while it stands: what the car told before is forgotten.
        remember(store, "spring", replace(memory_of(store, "spring"), soc_reading=None))


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (("--to-soc", "60"), "spring: start until 21:44, then 60 %"),
        (("--to-soc", "60", "--amps", "16"), "spring: start until 20:39, then 60 %"),
        (("--to-soc", "60", "--charger", "box"), "spring: start until 19:54, then 60 %"),
    ],
)
def test_the_end_is_reckoned_where_the_car_is_said_to_charge(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, argv: tuple[str, ...], said: str
) -> None:
    plans = PLANS.replace("socket: {amps: 10}", "socket: {amps: 10}\n  box: {amps: 32}")
    home = evening(tmp_path, monkeypatch, plans)
    assert home.run("start", "spring", *argv).stdout.startswith(said)


def test_boost_is_the_same_word_as_start(home: SimulatedHome) -> None:
    assert home.run("boost", "spring").stdout == "spring: start until 00:28, then 80 % (target 80 %, boost)\n"
    assert car(home)["override"]["word"] == "start"


def test_a_charge_that_has_its_target_is_refused_and_nothing_is_kept(home: SimulatedHome) -> None:
    set_soc(home, 85.0)
    ran = home.run("start", "spring")
    assert (ran.status, ran.stdout) == (Exit.USAGE, "")
    assert ran.stderr == (
        "delcia: error: it has 85 %, and its plans aim at 80 % [has-it]\n"
        "    hint: to charge further: delcia start spring --to-soc 100\n"
    )
    assert car(home)["override"] is None


@pytest.mark.parametrize(
    ("until", "said", "ends"),
    [
        ("unplugged", "stop: asked for; left alone until unplugged, or 'delcia resume spring'", None),
        ("22:00", "stop: asked for; the next charge begins at 01:38", "2026-11-23T21:00:00Z"),
        ("tue 08:00", "stop: asked for; the next charge begins at 12:38", "2026-11-24T07:00:00Z"),
    ],
)
def test_a_stop_lasts_as_long_as_is_said(home: SimulatedHome, until: str, said: str, ends: str | None) -> None:
    home.run("start", "spring")
    home.tick("Mon 19:05")
    assert home.run("stop", "spring", "--until", until).stdout == f"spring: {said}\n"
    override = car(home)["override"]
    assert (override["kind"], override["word"], override["until"]) == ("pause", "stop", ends)
    live(home, "Mon 19:10", "Mon 19:30")
    assert truth(home)["charging"] is False


def test_release_says_that_it_starts_what_delcia_stopped_before_it_does(home: SimulatedHome) -> None:
    ran = home.run("release", "spring", "--until", "22:00")
    assert ran.stderr == "spring: delcia stopped it at 18:35 and it is plugged in: it is started again\n"
    assert ran.stdout == "spring: start: what delcia stopped may go on\n"
    live(home, "Mon 19:05", "Mon 21:55")
    assert truth(home)["charging"] is True
    assert "left alone until Mon 22:00, or 'delcia resume'" in home.run("status").stdout
    live(home, "Mon 22:00", "Mon 22:15")
    assert truth(home)["charging"] is False, "held again"


def test_release_says_nothing_where_it_starts_nothing(home: SimulatedHome) -> None:
    home.run("release", "spring")
    ran = home.run("release", "spring")
    assert (ran.status, ran.stderr) == (0, "")


def test_skip_lets_the_plans_rest_for_the_next_charge_and_holds(home: SimulatedHome) -> None:
    assert home.run("skip", "spring").stdout == "spring: its plans rest until 06:38; next charge 12:38\n"
    report = home.run("report").stdout
    assert "Tue 12:38 → Wed 05:" in report
    assert "its plans rest until Tue 06:38, or 'delcia resume'" in report
    assert "misses" not in report
    assert "held until Tue 12:38" in home.run("status").stdout
    live(home, "Mon 19:05", "Tue 07:00")
    assert truth(home)["charging"] is False
    assert truth(home)["soc_pct"] == pytest.approx(40, abs=1)
    assert car(home)["override"] is None


def test_skip_tomorrow_lasts_to_noon(home: SimulatedHome) -> None:
    home.run("skip", "spring", "tomorrow")
    override = car(home)["override"]
    assert (override["word"], override["until"]) == ("skip", "2026-11-24T11:00:00Z")


def test_skip_ends_a_charge_of_its_plans_that_runs(home: SimulatedHome) -> None:
    home.tick("Tue 01:38")
    home.tick("Tue 01:45")
    home.go_to("Tue 02:00")
    assert home.run("skip", "spring").stdout == "spring: stop: its plans rest\n"
    live(home, "Tue 02:05", "Tue 06:45")
    assert truth(home)["charging"] is False


def test_a_skipped_car_below_its_minimum_charges_all_the_same(home: SimulatedHome) -> None:
    home.run("skip", "spring")
    set_soc(home, 15.0)
    live(home, "Mon 19:05", "Mon 19:45")
    assert truth(home)["charging"] is True


def test_a_trip_is_ready_by_the_next_usual_morning(home: SimulatedHome) -> None:
    said = home.run("trip", "spring", "--to-soc", "100").stdout
    assert said.endswith("; 100 % by 07:00\n")
    assert car(home)["override"]["until"] == "2026-11-24T06:00:00Z"


def test_the_latest_word_wins_and_resume_takes_it_back(home: SimulatedHome) -> None:
    for argv, word in (
        (("skip", "spring"), "skip"),
        (("trip", "spring"), "trip"),
        (("start", "spring"), "start"),
        (("stop", "spring"), "stop"),
        (("release", "spring"), "release"),
        (("pause", "spring"), "release"),
    ):
        assert home.run(*argv).status == 0
        assert car(home)["override"]["word"] == word
    home.run("resume", "spring")
    assert car(home)["override"] is None


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (("start", "spring", "--charger", "box"), "no charger 'box' is applied on this host [unknown-name]"),
        (("start", "spring", "--charger", "socket", "--amps", "8"), "say --charger or --amps, not both"),
        (("start", "spring", "--amps", "3"), "3.0 is not in the range 6<=x<=125"),
        (("stop", "spring", "--until", "tomorrow"), "'tomorrow' is no time [bad-time]"),
        (("skip", "spring", "today"), "'today' is not 'tomorrow'"),
        (("skip", "spring", "tomorrow", "--until", "22:00"), "say tomorrow or --until, not both"),
        (("trip", "spring", "--by", "06:00", "--at", "22:00"), "say --by or --at, not both"),
    ],
)
def test_what_makes_no_sense_is_told_and_changes_nothing(
    home: SimulatedHome, argv: tuple[str, ...], words: str
) -> None:
    ran = home.run(*argv)
    assert (ran.status, ran.stdout) == (Exit.USAGE, "")
    assert words in ran.stderr
    assert car(home)["override"] is None


def test_release_starts_what_a_skip_stopped(home: SimulatedHome) -> None:
    home.tick("Tue 01:38")
    home.tick("Tue 01:45")
    home.go_to("Tue 02:00")
    home.run("skip", "spring")
    home.tick("Tue 02:05")
    home.go_to("Tue 02:20")
    assert home.run("release", "spring").stdout == "spring: start: what delcia stopped may go on\n"
