"""`delcia request` and the spool: a person's word, passed on by somebody who is only trusted to ask."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from standin.faults import Fault
from support.cli_home import CliHome, cli_home
from support.command import Ran
from support.home import at

from delcia.core.request import LONGEST

KEY = "0123456789abcdef"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[CliHome]:
    """Return a host whose car stands plugged in and is held, at eight in the evening."""
    with cli_home(tmp_path) as made:
        made.move_in()
        made.car.plug()
        made.live(at("Mon 18:35"), at("Mon 18:40"), at("Mon 18:45"))
        made.world.go_to(at("Mon 20:00"))
        yield made


def asked(house: CliHome, **words: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON has no better type
    """Pass a word on, and return the answer."""
    said = sent(house, json.dumps({"schema": "delcia/request/1", "key": KEY, "vehicle": "spring", **words}))
    answer: dict[str, Any] = json.loads(said.stdout)
    return answer


def sent(house: CliHome, line: str) -> Ran:
    """Send one line."""
    return house.delcia("request", stdin=f"{line}\n")


def test_a_word_is_carried_out_by_the_code_of_the_command(house: CliHome) -> None:
    answer = asked(house, word="boost", to_soc=60)
    assert (answer["status"], answer["slug"], answer["kept"]) == (0, "", False)
    assert answer["words"].startswith("spring: start until ")
    house.live(at("Mon 20:05"))
    assert house.car.charging
    assert "start: to 60 %" in house.delcia("status").stdout
    answer = asked(house, word="pause", until="22:00", key=f"{KEY}1")
    assert answer["status"] == 0
    assert "left alone until Mon 22:00" in house.delcia("status").stdout
    assert asked(house, word="resume", key=f"{KEY}2")["status"] == 0
    assert "left alone" not in house.delcia("status").stdout


def test_a_word_that_comes_twice_is_carried_out_once(house: CliHome) -> None:
    first = asked(house, word="boost", to_soc=60)
    house.delcia("stop", "spring")
    calls = len(house.world.calls)
    assert asked(house, word="boost", to_soc=60) == first
    assert len(house.world.calls) == calls
    assert "stopped until " in house.delcia("status").stdout


def test_a_word_is_kept_while_the_car_cannot_be_reached(house: CliHome) -> None:
    house.world.faults.add(Fault(times=None, status=503))
    answer = asked(house, word="boost", to_soc=60)
    assert (answer["kept"], answer["slug"] != "") == (True, True)
    assert "start: to 60 %" in house.delcia("status").stdout


@pytest.mark.no_cover
@pytest.mark.parametrize(
    ("words", "slug"),
    [
        ({"word": "boost", "vehicle": "other"}, "unknown-name"),
        ({"word": "boost", "to_soc": 60, "hours": 1}, "usage"),
        ({"word": "pause", "until": "25:00"}, "bad-time"),
        ({"word": "trip", "by": "06:00", "at": "23:00"}, "usage"),
        ({"word": "start", "charger": "box"}, "unknown-name"),
        ({"word": "start", "charger": "socket", "amps": 8}, "usage"),
        ({"word": "start", "amps": 5}, "bad-request"),
        ({"word": "stop", "until": "tomorrow"}, "bad-time"),
        ({"word": "skip", "until": "unplugged"}, "bad-time"),
        ({"word": "trip", "hours": 2, "to_soc": 60, "at": "23:00"}, "usage"),
        ({"word": "trip", "by": "2027-01-01T06:00"}, "bad-time"),
        ({"word": "rm"}, "bad-request"),
        ({"word": "boost", "to_soc": 101}, "bad-request"),
        ({"word": "boost", "to_soc": True}, "bad-request"),
        ({"word": "boost", "hours": "1"}, "bad-request"),
        ({"word": "boost", "until": "22:00"}, "bad-request"),
        ({"word": "pause", "until": "22:00\n"}, "bad-request"),
        ({"word": "stop", "key": "short"}, "bad-request"),
        ({"word": "stop", "schema": "delcia/request/9"}, "bad-request"),
    ],
)
def test_what_is_no_word_changes_nothing(house: CliHome, words: dict[str, Any], slug: str) -> None:
    before = house.delcia("status", "--json").stdout
    assert asked(house, **words)["slug"] == slug
    assert house.delcia("status", "--json").stdout == before


@pytest.mark.parametrize("line", ["", "no JSON", "[]", "[" * 1900, "{" + " " * LONGEST + "}", '{"schema": NaN}'])
def test_a_line_that_is_no_request_is_answered_too(house: CliHome, line: str) -> None:
    assert json.loads(sent(house, line).stdout)["slug"] == "bad-request"


def spool(house: CliHome, name: str, text: str) -> Path:
    """Leave a file in the spool."""
    house.paths.spool.mkdir(exist_ok=True)
    file = house.paths.spool / name
    file.write_text(text, encoding="utf-8")
    return file


def test_the_next_run_carries_out_what_waits_in_the_spool(house: CliHome) -> None:
    word = {"schema": "delcia/request/1", "key": KEY, "vehicle": "spring", "word": "boost", "to_soc": 60}
    file = spool(house, "1.json", json.dumps(word))
    wrong = spool(house, "2.json", json.dumps({**word, "vehicle": "other", "key": f"{KEY}2"}))
    unfinished = spool(house, ".3.json.new", "{")
    (house.paths.spool / "4.json").symlink_to("/etc/passwd")
    os.mkfifo(house.paths.spool / "5.json")
    spool(house, "6.json", "x" * 100_000)
    said = house.tick().stdout
    assert "spring: start until" in said
    assert "no vehicle 'other' is applied on this host [unknown-name]" in said
    assert said.count("[bad-request]") == 3
    assert "root:" not in said
    assert (file.exists(), wrong.exists(), unfinished.exists()) == (False, False, True)
    assert [left.name for left in house.paths.spool.iterdir()] == [".3.json.new"]
    assert "start: to 60 %" in house.delcia("status").stdout
