"""`delcia log`: what was read, decided, ordered and asked, and why or why not at an instant."""

import json
from pathlib import Path

import pytest
from support.simulated_home import SimulatedHome, published
from support.stories import at

from delcia.core.triggers import RECONCILE, fires
from delcia.errors import Exit


@pytest.fixture
def night(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SimulatedHome:
    """Return a home on a Tuesday morning: held from Mon 18:35, skipped until 03:00, charged then; silent from 05:00."""
    home = SimulatedHome(tmp_path, monkeypatch)
    home.apply()
    live(home, "Mon 18:30", "Mon 19:20")
    assert home.run("skip", "spring", "--until", "03:00").status == 0
    live(home, "Mon 19:25", "Tue 04:55")
    silence(home, "Tue 05:00", "Tue 05:30")
    live(home, "Tue 05:00", "Tue 07:00")
    home.go_to("Tue 07:30")
    return home


def live(home: SimulatedHome, first: str, last: str) -> None:
    """Let the timers fire every five minutes."""
    for instant in fires(RECONCILE, at(first), at(last).replace(second=1)):
        home.go_to_instant(instant)
        home.run("charge", "--all", "--scheduled")


def silence(home: SimulatedHome, start: str, end: str) -> None:
    """Let the car's service not answer for a while."""
    file = home.root / "var/lib/delcia/state/car-spring.json"
    life = json.loads(file.read_text(encoding="utf-8"))
    life["habits"]["outages"] = [{"start": at(start).isoformat(), "end": at(end).isoformat()}]
    file.write_text(json.dumps(life), encoding="utf-8")


def test_readings_orders_answers_reasons_and_words_stand_in_one_timeline(night: SimulatedHome) -> None:
    lines = [" ".join(line.split()) for line in night.run("log", "spring").stdout.splitlines()]
    for line in (
        "Mon 18:35 decided stop: held until 01:38",
        "Mon 18:35 sent stop (hold): obeyed by 18:40",
        "Mon 19:20 asked its plans rest until Tue 03:00",
        "Mon 19:20 decided its plans rest until 03:00",
        "Tue 03:00 sent start (window): obeyed by 03:05",
        "Tue 05:05 decided the simulated service does not answer",
    ):
        assert line in lines
    assert lines == sorted(lines, key=lambda line: (line[:3] != "Mon", line[4:9])), "the oldest first"
    rising = next(line for line in lines if "41 → 5" in line)
    assert "plugged in, charging; " in rising
    assert " readings until 04:" in rising


@pytest.mark.no_cover
@pytest.mark.parametrize(
    ("moment", "why", "lines"),
    [
        (
            "02:30",
            "spring at Tue 02:30: its plans rest until 03:00",
            [
                "asked Mon 19:20 its plans rest until Tue 03:00",
                "read Tue 02:30 40 %, plugged in",
                "plan nights its window was open: Tue 01:38–06:38, ready by Tue 07:00",
            ],
        ),
        (
            "03:30",
            "spring at Tue 03:30: charging until 06:38, then ",
            ["sent Tue 03:00 start (window): obeyed by 03:05"],
        ),
        (
            "mon 21:00",
            "spring at Mon 21:00: its plans rest until 03:00",
            ["plan nights its window was not open: Tue 01:38–06:38, ready by Tue 07:00"],
        ),
        ("05:10", "spring at Tue 05:10: the simulated service does not answer", ["read Tue 04:55 5"]),
        ("2026-11-23T18:00", "spring at Mon 18:00: nothing is known of what was decided before", []),
    ],
)
def test_it_answers_why_not_at_an_instant(night: SimulatedHome, moment: str, why: str, lines: list[str]) -> None:
    said = [" ".join(line.split()) for line in night.run("log", "spring", "--at", moment).stdout.splitlines()]
    assert said[0].startswith(why)
    for line in lines:
        assert any(found.startswith(line) for found in said[1:]), (line, said)


def test_a_word_that_is_over_is_not_in_force(night: SimulatedHome) -> None:
    above = night.run("log", "spring", "--at", "03:30").stdout.partition("\n\n")[0]
    assert "asked" not in above


def test_its_json_is_as_published(night: SimulatedHome) -> None:
    data = published("log", night.run("log", "spring", "--json").stdout)
    assert data["at"] is None
    assert {entry["kind"] for entry in data["entries"]} == {"reading", "decision", "order", "word", "notice"}
    then = published("log", night.run("log", "spring", "--at", "02:30", "--json").stdout)["at"]
    assert (then["at"], then["generation"]) == ("2026-11-24T01:30:00Z", 1)
    assert [entry["kind"] for entry in then["in_force"]] == ["order", "word", "decision", "reading"]
    assert then["windows"] == [
        {
            "plan": "nights",
            "starts_at": "2026-11-24T00:38:00Z",
            "ends_at": "2026-11-24T05:38:00Z",
            "ready_by": "2026-11-24T06:00:00Z",
            "open": True,
        }
    ]


def test_what_cannot_be_answered_is_told(night: SimulatedHome) -> None:
    ran = night.run("log", "spring", "--at", "2026-12-24T03:00")
    assert (ran.status, "is still to come [bad-time]" in ran.stderr) == (Exit.USAGE, True)
    ran = night.run("log", "zoe")
    assert (ran.status, "no vehicle 'zoe'" in ran.stderr) == (Exit.USAGE, True)
    night.go_to("Sun 12:00")
    ran = night.run("log", "spring", "--hours", "2")
    assert (ran.status, ran.stdout) == (0, "")
    assert ran.stderr.endswith("nothing was logged of spring since Sun 10:00\n")
