"""What a person says on the page of a car: passed on as the same words as the commands, once, and told afterwards."""

import json
from typing import Any

import pytest
from support.evenings import Evening
from support.home import at


def override(evening: Evening) -> dict[str, Any] | None:
    """Return what is asked for, as `status --json` has it."""
    status = json.loads(evening.host.delcia("status", "--json").stdout)
    found: dict[str, Any] | None = status["vehicles"][0]["override"]
    return found


def test_the_page_shows_the_car_its_plan_and_its_past(evening: Evening) -> None:
    page = evening.visitor.get("/car/spring")
    assert page.status == 200
    for words in ("spring", "plugged in", " min ago", "start and stop by the car", "nights", " at 07:00"):
        assert words in page.body
    for words in ("Tue 01:38", "stop: held until 01:38", "10 A, 2.3 kW", "This month", "charges: 1"):
        assert words in page.body
    assert evening.visitor.get("/").headers["Location"] == "/car/spring"


def test_a_charge_that_is_asked_for_begins_with_the_next_run_and_is_told(evening: Evening) -> None:
    page = evening.visitor.say("charge", far="other", percent="60", when="now")
    assert "Passed on." in page.body
    assert 'http-equiv="refresh"' in page.body
    evening.live(at("Mon 20:05"))
    again = evening.visitor.get("/car/spring")
    assert "start: to 60 %, or until unplugged" in again.body
    evening.live(at("Mon 20:10"))
    assert evening.host.car.charging
    assert "delcia" in evening.visitor.get("/car/spring").body
    assert ">yes<" in evening.visitor.get("/car/spring").body


def test_what_came_of_a_word_is_told_where_it_was_said(evening: Evening) -> None:
    page = evening.visitor.get("/car/spring")
    sent = evening.visitor.post("/car/spring/pause", {**page.hidden, "until": ""})
    assert (sent.status, "asked=" in sent.headers["Location"]) == (303, True)
    assert "Passed on." in evening.visitor.get(sent.headers["Location"]).body
    evening.live(at("Mon 20:05"))
    told = evening.visitor.get(sent.headers["Location"]).body
    assert "Done: " in told
    assert 'http-equiv="refresh"' not in told


@pytest.mark.no_cover
@pytest.mark.parametrize(
    ("action", "fields", "kind", "rest"),
    [
        ("charge", {"far": "80", "when": "now"}, "boost", {"to_soc_pct": 80}),
        ("charge", {"far": "hours", "hours": "1,5", "when": "now"}, "boost", {"minutes": 90}),
        ("charge", {"far": "100", "when": "cheap"}, "trip", {"to_soc_pct": 100, "until": "2026-11-24T06:00:00Z"}),
        ("charge", {"far": "80", "when": "at", "at": "23:00"}, "trip", {"starts_at": "2026-11-23T22:00:00Z"}),
        (
            "charge",
            {"far": "hours", "hours": "2", "when": "at", "at": "23:00"},
            "trip",
            {"minutes": 120, "to_soc_pct": None, "starts_at": "2026-11-23T22:00:00Z", "until": "2026-11-24T00:00:00Z"},
        ),
        (
            "charge",
            {"far": "hours", "hours": "2", "when": "cheap"},
            "trip",
            {"minutes": 120, "to_soc_pct": None, "starts_at": None, "until": "2026-11-24T06:00:00Z"},
        ),
        ("charge", {"far": "80", "when": "by", "by": "2026-11-25T06:00"}, "trip", {"until": "2026-11-25T05:00:00Z"}),
        ("stop", {}, "pause", {"word": "stop", "until": "2026-11-24T00:38:00Z"}),
        ("stop", {"how": "unplugged"}, "pause", {"word": "stop", "until": None}),
        (
            "stop",
            {"how": "time", "until": "2026-11-24T09:00"},
            "pause",
            {"word": "stop", "until": "2026-11-24T08:00:00Z"},
        ),
        ("skip", {}, "pause", {"word": "skip", "until": "2026-11-24T05:38:00Z"}),
        ("skip", {"how": "tomorrow"}, "pause", {"word": "skip", "until": "2026-11-24T11:00:00Z"}),
        ("skip", {"until": "2026-11-24T09:00"}, "pause", {"word": "skip", "until": "2026-11-24T08:00:00Z"}),
        ("release", {}, "pause", {"word": "release", "until": None}),
        ("release", {"until": "2026-11-24T09:00"}, "pause", {"word": "release", "until": "2026-11-24T08:00:00Z"}),
        ("pause", {"until": "2026-11-24T09:00"}, "pause", {"word": "release", "until": "2026-11-24T08:00:00Z"}),
        ("charge", {"far": "80", "when": "now", "place": "amps:8"}, "boost", {"amps": 8, "charger": None}),
        ("charge", {"far": "80", "when": "now", "place": "charger:socket"}, "boost", {"charger": "socket"}),
        (
            "charge",
            {"far": "100", "when": "by", "by": "2026-11-25T06:00", "place": "amps:16"},
            "trip",
            {"amps": 16, "until": "2026-11-25T05:00:00Z"},
        ),
    ],
)
def test_every_choice_of_the_page_is_a_word_of_the_commands(
    evening: Evening, action: str, fields: dict[str, str], kind: str, rest: dict[str, object]
) -> None:
    evening.visitor.say(action, **fields)
    evening.live(at("Mon 20:05"))
    asked = override(evening)
    assert asked is not None
    assert asked["kind"] == kind
    assert {name: asked[name] for name in rest} == rest
    evening.visitor.say("resume")
    evening.live(at("Mon 20:10"))
    assert override(evening) is None


def test_a_form_that_is_sent_twice_says_one_word(evening: Evening) -> None:
    fields = {**evening.visitor.get("/car/spring").hidden, "far": "80", "when": "now"}
    first = evening.visitor.post("/car/spring/charge", fields)
    second = evening.visitor.post("/car/spring/charge", fields)
    assert first.status == second.status == 303
    assert len(list(evening.host.paths.spool.iterdir())) == 1
    evening.live(at("Mon 20:05"))
    evening.visitor.say("stop")
    evening.live(at("Mon 20:10"))
    evening.visitor.post("/car/spring/charge", fields)
    assert list(evening.host.paths.spool.iterdir()) == []
    changed = evening.visitor.post("/car/spring/charge", {**fields, "far": "100"})
    assert len(list(evening.host.paths.spool.iterdir())) == 1, "what was changed between is another word"
    assert changed.status == 303


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"far": "other", "percent": "101", "when": "now"}, "Something in the form"),
        ({"far": "other", "percent": "nan", "when": "now"}, "Something in the form"),
        ({"far": "", "when": "now"}, "Something in the form"),
        ({"far": "80", "when": "soon"}, "Something in the form"),
        ({"far": "hours", "hours": "1e9", "when": "now"}, "Something in the form"),
        ({"far": "80", "when": "at", "at": "x" * 61}, "Something in the form"),
        ({"far": "80", "when": "now", "place": "amps:x"}, "Something in the form"),
        ({"far": "80", "when": "now", "place": "amps:1e9"}, "Something in the form"),
        ({"far": "80", "when": "now", "place": "elsewhere"}, "Something in the form"),
    ],
)
def test_what_a_form_lacks_is_told_and_nothing_is_said(evening: Evening, fields: dict[str, str], words: str) -> None:
    page = evening.visitor.get("/car/spring")
    sent = evening.visitor.post("/car/spring/charge", {**page.hidden, **fields})
    assert (sent.status, words in sent.body) == (400, True)
    assert list(evening.host.paths.spool.iterdir()) == []


def test_a_time_that_is_none_is_told_when_it_was_looked_at(evening: Evening) -> None:
    page = evening.visitor.get("/car/spring")
    sent = evening.visitor.post("/car/spring/charge", {**page.hidden, "far": "80", "when": "at", "at": "25:00"})
    evening.live(at("Mon 20:05"))
    assert "Not done: &#39;25:00&#39; is no time" in evening.visitor.get(sent.headers["Location"]).body


def test_a_browser_is_answered_in_its_language(evening: Evening) -> None:
    evening.visitor.headers["Accept-Language"] = "fr-FR,fr;q=0.9,en;q=0.5"
    page = evening.visitor.get("/car/spring").body
    assert '<html lang="fr">' in page
    for words in (
        "branchée",
        "il y a ",
        "démarrage et arrêt par la voiture",
        "arrêt : retenue jusqu&#39;à 01:38",
    ):
        assert words in page
    for words in ("mar. 01:38", "2,3 kW", "Ce mois-ci", " à 07:00"):
        assert words in page


def test_a_host_with_nothing_applied_says_so(evening: Evening) -> None:
    assert evening.host.delcia("remove", "--yes").status == 0
    assert "Nothing is applied on this host yet." in evening.visitor.get("/").body
    assert evening.visitor.get("/car/spring").status == 404


@pytest.mark.parametrize(
    ("action", "fields"),
    [
        ("stop", {"how": "tomorrow"}),
        ("stop", {"how": "time", "until": ""}),
        ("skip", {"how": "unplugged"}),
        ("release", {"how": "unplugged"}),
    ],
)
def test_how_long_is_one_of_what_the_button_offers(evening: Evening, action: str, fields: dict[str, str]) -> None:
    page = evening.visitor.get("/car/spring")
    assert evening.visitor.post(f"/car/spring/{action}", {**page.hidden, **fields}).status == 400
    assert list(evening.host.paths.spool.iterdir()) == []


def test_the_page_says_that_a_car_which_is_left_alone_is_started_again(evening: Evening) -> None:
    assert "delcia stopped it at Mon 18:45: it charges again at once." in evening.visitor.get("/car/spring").body
    evening.visitor.say("release")
    evening.live(at("Mon 20:05"), at("Mon 20:10"))
    assert "it charges again at once" not in evening.visitor.get("/car/spring").body


def test_the_log_of_the_page_answers_why_not(evening: Evening) -> None:
    assert "/car/spring/log" in evening.visitor.get("/car/spring").body
    evening.visitor.say("skip", until="2026-11-24T09:00")
    evening.live(at("Mon 20:05"))
    page = evening.visitor.get("/car/spring/log")
    assert page.status == 200
    for words in ("stop: held until 01:38", "its plans rest until Tue 09:00", "stop (hold): obeyed by"):
        assert words in page.body
    then = evening.visitor.get("/car/spring/log?at=19:30")
    assert "Mon 19:30: stop: held until 01:38" in then.body
    assert "its window was not open: Tue 01:38–06:38, ready by Tue 07:00" in then.body
    assert "&#39;25:00&#39; is no time" in evening.visitor.get("/car/spring/log?at=25:00").body
    assert evening.visitor.get("/car/zoe/log").status == 404
