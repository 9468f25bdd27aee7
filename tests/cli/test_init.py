"""`delcia init`: a first plan directory that can be used as it stands."""

from pathlib import Path

import pytest
from support.command import Ran, delcia, delcia_process
from support.plans import NOW
from support.terminal import Terminal

from delcia.config import load
from delcia.config.catalogue import models
from delcia.core.model import InBands, InWindows, Span

BILL = "HC (1H38-6H38;12H38-14H38)"
NEEDED = ("--timezone", "Europe/Paris", "--model", "spring-26", "--off-peak", BILL)


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DELCIA_NOW", "2026-11-23T19:41:00+01:00")


def init(*options: str) -> Ran:
    return delcia_process("init", *options, cwd=Path.cwd())


def test_options_make_a_plan_without_a_problem(tmp_path: Path) -> None:
    ran = init(*NEEDED, "--prices", "0,1579", "0.2065", "--amps", "16")
    assert (ran.status, ran.stdout) == (0, "plans/home.yaml\n")
    assert ran.stderr == "next: delcia validate plans, then delcia report plans --soc 50\n"
    loaded = load(tmp_path / "plans", NOW)
    assert loaded.problems == ()
    assert loaded.site is not None
    assert loaded.site.plans["nights"].when == InBands("home", ("off-peak",))
    assert loaded.site.tariffs["home"].bands[0].spans == (Span(98, 398), Span(758, 878))
    assert str(loaded.site.tariffs["home"].bands[0].price_per_kwh) == "0.1579"


def test_a_bill_without_hours_before_some_mornings_makes_a_plan_for_the_others(tmp_path: Path) -> None:
    ran = init(*NEEDED[:-1], "lun-ven 22h-6h", "--prices", "0.1579", "0.2065")
    assert (ran.status, ran.stdout) == (0, "plans/home.yaml\n")
    loaded = load(tmp_path / "plans", NOW)
    assert [problem for problem in loaded.problems if problem.level == "error"] == []
    assert loaded.site is not None
    assert loaded.site.plans["nights"].days.weekdays == (1, 2, 3, 4, 5)


@pytest.mark.parametrize(
    ("model", "line"),
    [
        (
            "spring-26",
            "hold: true                      # a charge that begins at home waits for a plan; 'delcia login' ",
        ),
        ("r5-52", "hold: false                     # plugging in may begin a charge"),
        (
            "zoe-41",
            "hold: false                     # the car tells no place; where commands switch its charger, anywhere",
        ),
    ],
)
def test_the_file_says_what_hold_does_for_this_car(model: str, line: str, tmp_path: Path) -> None:
    init("--timezone", "Europe/Paris", "--model", model, "--off-peak", BILL, "--to-soc", "100")
    assert f"    {line}" in (tmp_path / "plans" / "home.yaml").read_text(encoding="utf-8")


def test_the_file_is_pleasant_to_read(tmp_path: Path) -> None:
    init(*NEEDED, "--prices", "0.1579", "0.2065")
    text = (tmp_path / "plans" / "home.yaml").read_text(encoding="utf-8")
    first = text.splitlines()[0]
    assert first == "# yaml-language-server: $schema=.delcia.schema.json"
    assert (tmp_path / "plans" / ".delcia.schema.json").is_file()
    assert max(map(len, text.splitlines())) <= 120
    assert '      - {name: off-peak, hours: ["01:38-06:38", "12:38-14:38"], price: 0.1579}\n' in text


def test_without_prices_there_are_windows(tmp_path: Path) -> None:
    init(*NEEDED)
    site = load(tmp_path / "plans", NOW).site
    assert site is not None
    assert site.plans["nights"].when == InWindows((Span(98, 398), Span(758, 878)))
    assert not site.tariffs


@pytest.mark.parametrize("model", list(models()))
def test_every_car_gets_a_plan_that_can_be_used(model: str, tmp_path: Path) -> None:
    ran = delcia("init", "--timezone", "Europe/London", "--model", model, "--off-peak", "00:30-05:30", "--amps", "32")
    assert ran.status == 0, ran.stderr
    assert load(tmp_path / "plans", NOW).site is not None


def test_what_is_short_of_its_target_is_said_at_once(tmp_path: Path) -> None:
    ran = init(*NEEDED)
    assert "note: one night adds 36 points; below 44 % it misses 80 % by 07:00\n" in ran.stderr
    assert load(tmp_path / "plans", NOW).site is not None


def test_nothing_is_ever_written_over(tmp_path: Path) -> None:
    (tmp_path / "plans").mkdir()
    (tmp_path / "plans" / "mine.yml").write_text("# mine\n", encoding="utf-8")
    ran = init(*NEEDED)
    assert ran.status == 1
    assert "'plans/mine.yml' is there already [exists]" in ran.stderr
    assert sorted(path.name for path in (tmp_path / "plans").iterdir()) == ["mine.yml"]
    (tmp_path / "file").touch()
    assert init("file", *NEEDED).status == 1


def test_without_a_terminal_the_options_must_say_what_cannot_be_guessed(tmp_path: Path) -> None:
    ran = init("--timezone", "Europe/Paris", "--model", "spring-26")
    assert ran.status == 2
    assert "--off-peak is missing" in ran.stderr
    assert not (tmp_path / "plans").exists()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--timezone", "Europe/Pari"), "'Europe/Pari' is not a time zone"),
        (("--timezone", "+01:00"), "not an offset"),
        (("--model", "spring"), "did you mean spring-26"),
        (("--off-peak", "at night"), "write hours such as"),
        (("--amps", "3"), "'3' is not a number from 6 to 125 A"),
        (("--to-soc", "120 %"), "from 1 to 100 %"),
        (("--ready-by", "7 o'clock"), "is not a time of day"),
        (("--prices", "cheap", "dear"), "'cheap' is not a price"),
    ],
)
def test_what_cannot_be_is_refused_with_the_way_out(options: tuple[str, ...], words: str, tmp_path: Path) -> None:
    ran = init(*NEEDED, *options)
    assert ran.status == 2
    assert words in ran.stderr
    assert not (tmp_path / "plans").exists()


def test_a_wish_that_the_car_cannot_obey_writes_nothing(tmp_path: Path) -> None:
    ran = init("--timezone", "Europe/Paris", "--model", "zoe-52", "--off-peak", "22h-6h", "--to-soc", "80")
    assert ran.status == 1
    assert "'zoe' cannot be stopped from afar" in ran.stderr
    assert not (tmp_path / "plans").exists()


@pytest.mark.parametrize(("written", "minute"), [("7h", 420), ("7:30", 450), ("06:45", 405)])
def test_times_are_taken_as_people_write_them(written: str, minute: int, tmp_path: Path) -> None:
    init(*NEEDED, "--ready-by", written)
    site = load(tmp_path / "plans", NOW).site
    assert site is not None
    assert site.plans["nights"].ready_by_min == minute


def test_ready_by_may_be_never(tmp_path: Path) -> None:
    init(*NEEDED, "--ready-by", "never")
    site = load(tmp_path / "plans", NOW).site
    assert site is not None
    assert site.plans["nights"].ready_by_min is None


def test_a_terminal_is_asked_and_a_wrong_answer_asked_again(tmp_path: Path) -> None:
    terminal = Terminal("init", "garage", cwd=tmp_path)
    terminal.answer("Time zone of the home", "Europe/Parsi")
    terminal.answer("Time zone of the home", "Europe/Paris")
    terminal.answer("Model of the car", "zoe-53")
    terminal.answer("Model of the car", "spring-26")
    terminal.answer("Off-peak hours", BILL)
    terminal.answer("Ready by", "")
    terminal.answer("Price per kWh in these hours", "0,1579")
    terminal.answer("Price per kWh in the other hours", "0.2065")
    terminal.answer("Current of the socket", "16")
    terminal.answer("Charge to how many %", "")
    assert terminal.end() == 0, terminal.seen
    assert "did you mean" in terminal.seen
    loaded = load(tmp_path / "garage", NOW)
    assert loaded.problems == ()
