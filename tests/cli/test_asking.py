"""`delcia start`, `stop`, `boost`, `pause` and `resume` as a person types them."""

from pathlib import Path

import pytest
from support.simulated_home import SimulatedHome

from delcia.errors import Exit


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SimulatedHome:
    """Return a home whose car is held, at eight in the evening."""
    home = SimulatedHome(tmp_path, monkeypatch)
    home.apply()
    home.tick("Mon 18:30", "Mon 18:35", "Mon 18:40")
    home.go_to("Mon 20:00")
    return home


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (("start", "spring"), "then 80 % (target 80 %, boost)"),
        (("boost", "spring"), "then 80 % (target 80 %, boost)"),
        (("boost", "spring", "--to-soc", "60"), "then 60 % (target 60 %, boost)"),
        (("boost", "spring", "--hours", "1.5"), "(boost)"),
    ],
)
def test_a_word_to_charge_starts_the_car(home: SimulatedHome, argv: tuple[str, ...], said: str) -> None:
    ran = home.run(*argv)
    assert (ran.status, ran.stderr) == (0, "")
    assert ran.stdout.startswith("spring: start until ")
    assert ran.stdout.endswith(f"{said}\n")


def test_pause_lets_the_car_go_and_resume_takes_it_back(home: SimulatedHome) -> None:
    assert home.run("pause", "spring").stdout == "spring: start: what delcia stopped may go on\n"
    home.tick("Mon 20:05")
    home.go_to("Mon 20:15")
    assert home.run("resume", "spring").stdout == "spring: stop: held until 01:38\n"


def test_stop_ends_a_charge(home: SimulatedHome) -> None:
    home.run("start", "spring")
    home.tick("Mon 20:05", "Mon 20:15")
    said = "spring: stop: asked for; the next charge begins at 01:38\n"
    assert home.run("stop", "spring").stdout == said
    assert home.tick("Mon 20:20").stdout == "spring: stopped by a person until 01:38\n"


def test_a_name_that_is_no_vehicle_is_told(home: SimulatedHome) -> None:
    ran = home.run("start", "nights")
    assert (ran.status, ran.stdout) == (Exit.USAGE, "")
    assert "no vehicle 'nights' is applied on this host [unknown-name]\n    hint: there are: spring\n" in ran.stderr


@pytest.mark.parametrize("until", ["soon", "25:00", "2026-13-01", "0001-01-01T00:00", "9999-12-31T23:59-01:00"])
def test_a_time_that_is_none_is_told(home: SimulatedHome, until: str) -> None:
    ran = home.run("pause", "spring", "--until", until)
    assert ran.status == Exit.USAGE
    assert f"'{until}' is no time [bad-time]" in ran.stderr


@pytest.mark.parametrize("until", ["2026-11-20T06:00", "2026-11-23T20:00"])
def test_no_pause_ends_before_it_begins(home: SimulatedHome, until: str) -> None:
    ran = home.run("pause", "spring", "--until", until)
    assert (ran.status, ran.stdout) == (Exit.USAGE, "")
    assert f"'{until}' is past [bad-time]\n    hint: write a time to come, such as 'sat 06:00'\n" in ran.stderr
    assert "left alone" not in home.run("status").stdout


@pytest.mark.parametrize(
    ("until", "end"), [("22:00", "Mon 22:00"), ("07:15", "Tue 07:15"), ("2026-11-25T08:00", "Wed 08:00")]
)
def test_a_time_is_that_of_the_homes_clock(home: SimulatedHome, until: str, end: str) -> None:
    home.run("pause", "spring", "--until", until)
    assert f"left alone until {end}, or 'delcia resume'" in home.run("status").stdout


def test_target_and_time_of_a_boost_exclude_each_other(home: SimulatedHome) -> None:
    ran = home.run("boost", "spring", "--to-soc", "90", "--hours", "2")
    assert ran.status == Exit.USAGE
    assert "say --to-soc or --hours, not both" in ran.stderr


def test_trouble_keeps_the_word_and_says_so(home: SimulatedHome) -> None:
    file = home.root / "var/lib/delcia/state/car-spring.json"
    life = file.read_text(encoding="utf-8")
    file.write_text("{}", encoding="utf-8")
    ran = home.run("start", "spring")
    assert ran.status == Exit.BROKEN
    assert ran.stderr.endswith("'spring' keeps your word: the next runs try again\n")
    file.write_text(life, encoding="utf-8")
    assert "boost" in home.tick("Mon 20:20").stdout
