"""Answers of the service that are too large, too deep or of another type: odd answers like any other, never a bug."""

import json
import tracemalloc
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import jwt
import pytest
from standin.people import SIGNING_KEY
from standin.serving import Served
from standin.world import World
from support.renault import START, Connect, access_to

from delcia.car.protocol import Car
from delcia.errors import DelciaError, Exit

DAY = timedelta(days=1)
DEEP = 2_000
READ = "battery-status"


def nested(depth: int) -> str:
    """Return a JSON object with lists in lists in it."""
    return '{"data": ' + "[" * depth + "]" * depth + "}"


def jwt_that_ends(exp: object) -> str:
    """Return an answer to getJWT whose token claims to end so."""
    token = jwt.encode({"data": 1}, SIGNING_KEY, algorithm="HS256").split(".")
    claims = jwt.utils.base64url_encode(json.dumps({"exp": exp}).encode()).decode()
    return json.dumps({"errorCode": 0, "id_token": f"{token[0]}.{claims}.{token[2]}"})


@pytest.mark.parametrize("endpoint", [READ, "details", "getJWT"])
@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ({"body": nested(DEEP)}, "too-deep"),
        ({"body": nested(DEEP)[:-1]}, "too-deep"),
        ({"body": '{"' + "x" * 2_000_000 + '": 1}'}, "too-large"),
        ({"packed_mb": 20}, "too-large"),
    ],
    ids=["deep", "deep and broken", "2 MB", "20 MB packed"],
)
def test_an_answer_that_is_too_large_or_too_deep_is_an_odd_answer(
    connected: Connect, world: World, endpoint: str, fault: dict[str, Any], code: str
) -> None:
    world.fault(endpoint=endpoint, times=None, **fault)
    with pytest.raises(DelciaError) as caught:
        connected().read(START)
    assert (caught.value.slug, caught.value.status) == ("odd-answer", Exit.TRY_AGAIN)
    assert f"({code})" in caught.value.message


def test_brackets_in_a_text_are_not_depth(connected: Connect, world: World) -> None:
    world.fault(endpoint=READ, fields={"note": '[{"' * DEEP})
    assert connected().read(START).soc_pct == 50


def test_no_more_of_a_packed_answer_is_unpacked_than_is_read(connected: Connect, world: World) -> None:
    connected().read(START)
    world.fault(endpoint=READ, times=None, packed_mb=20)
    tracemalloc.start()
    try:
        with pytest.raises(DelciaError):
            connected().read(START)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 8_000_000


@pytest.mark.parametrize("exp", ["tomorrow", "1795000000", None, True, [], {}, float("inf"), float("nan")])
def test_a_jwt_whose_end_is_no_number_is_an_odd_answer(connected: Connect, world: World, exp: object) -> None:
    world.fault(endpoint="getJWT", times=3, body=jwt_that_ends(exp))
    with pytest.raises(DelciaError) as caught:
        connected().read(START)
    assert (caught.value.slug, caught.value.status) == ("odd-answer", Exit.TRY_AGAIN)
    assert connected().read(START + timedelta(minutes=5)).soc_pct == 50, "the next run has another one"


ODD = (
    "null",
    "[]",
    "[[]]",
    "7",
    '"text"',
    '{"errors": {}}',
    '{"errors": [7]}',
    '{"errors": [null]}',
    '{"errors": [{"errorCode": {"a": 1}}]}',
    '{"errors": [{"errorCode": 5, "errorMessage": []}]}',
    '{"data": []}',
    '{"data": "text"}',
    '{"data": {"attributes": "text"}}',
    '{"data": {"attributes": [1]}}',
    '{"data": {"attributes": {"batteryLevel": {}, "timestamp": [], "plugStatus": {}, "chargingStatus": []}}}',
    '{"data": {"attributes": {"batteryLevel": 1e999, "timestamp": "9999-12-31T23:59:59-23:59"}}}',
    '{"data": {"attributes": {"batteryLevel": NaN, "chargingStatus": NaN, "plugStatus": Infinity}}}',
    '{"data": {"attributes": {"batteryLevel": ' + "9" * 5000 + "}}}",
    '{"model": 7}',
    '{"model": {"code": {}}}',
    '{"model": {"code": "XBG1VE"}, "engineEnergyType": ["ELEC"]}',
    '{"errorCode": "text"}',
    '{"errorCode": 0, "id_token": {}}',
    '{"errorCode": 0, "id_token": "a\\nb.c.d"}',
    '{"programs": {"a": 1}}',
    '{"programs": [7, null, {"programType": {}}]}',
    "\x00",
    "{\x00}",
    '{"data": "\\ud800"}',
)


ENDPOINTS = (READ, "location", "charges", "ev-settings", "soc-levels", "details", "getJWT")


@pytest.mark.parametrize("body", ODD)
def test_no_odd_shape_is_a_bug_in_delcia(connected: Connect, world: World, body: str) -> None:
    world.car(world.people["owner@example.org"].accounts[0], "five", "R5E1VE")
    for endpoint in ENDPOINTS:
        world.faults.clear()
        world.fault(endpoint=endpoint, times=None, body=body)
        asked_in_every_way(connected("five"))


def asked_in_every_way(car: Car) -> None:
    """Ask everything of a car that a run may ask; what goes wrong is in words."""
    for ask in (
        lambda: car.read(START),
        lambda: car.locate(START),
        lambda: car.charges(START, START),  # type: ignore[attr-defined] # a Renault has it
        lambda: car.start_changes(START),
        lambda: car.start(START),
        lambda: car.setting("programmes", START),
        lambda: car.setting("limit", START),
        lambda: car.change("limit", "15-80", START),
    ):
        with suppress(DelciaError):
            ask()


@pytest.mark.parametrize(
    "fault", [{"html": True}, {"body": ""}, {"body": "Bad Request"}, {}], ids=["html", "empty", "text", "json"]
)
def test_a_400_that_is_no_answer_of_renaults_is_not_told_as_one(
    connected: Connect, world: World, fault: dict[str, Any]
) -> None:
    world.fault(endpoint=READ, times=None, status=400, **fault)
    with pytest.raises(DelciaError) as caught:
        connected().read(START)
    assert (caught.value.slug, caught.value.status) == ("not-renaults", Exit.TRY_AGAIN)
    assert "is not from Renault's service (400)" in caught.value.message


def test_a_single_redirect_is_passing(connected: Connect, world: World) -> None:
    world.fault(endpoint=READ, redirect="http://portal.example/login")
    with pytest.raises(DelciaError) as caught:
        connected().read(START)
    assert (caught.value.slug, caught.value.status) == ("redirected", Exit.TRY_AGAIN)
    assert connected().read(START + timedelta(minutes=5)).soc_pct == 50


def test_a_known_electric_car_that_is_once_called_something_else_is_still_one(connected: Connect, world: World) -> None:
    world.fault(endpoint="details", body='{"model": {"code": "XBG1VE"}, "engineEnergyType": "OTHER"}')
    for hours in (0, 1, 23):
        car = connected()
        assert car.read(START + timedelta(hours=hours)).soc_pct == 50
        car.close()
    assert world.counts()["details"] == 1


def test_a_car_of_no_known_model_that_was_electric_before_stays_so(connected: Connect, world: World) -> None:
    world.car(world.people["owner@example.org"].accounts[0], "new", "XNEW")
    connected("new").read(START)
    world.fault(endpoint="details", times=None, fields={}, body='{"engineEnergyType": "OTHER"}')
    assert connected("new").read(START + DAY).soc_pct == 50
    assert world.counts()["details"] == 2


def test_what_kind_of_car_it_is_is_asked_again_after_a_day(connected: Connect, world: World, served: Served) -> None:
    access = access_to(served)
    bindings = {name: replace(binding, model_code=None) for name, binding in access.vehicles.items()}
    access = replace(access, vehicles=bindings)
    world.fault(endpoint="details", body='{"model": {"code": "XJB1SU"}, "engineEnergyType": "OTHER"}')
    for hours in (0, 23):
        with pytest.raises(DelciaError, match="has no plug"):
            connected(access=access).read(START + timedelta(hours=hours))
    assert connected(access=access).read(START + DAY).soc_pct == 50
    assert world.counts()["details"] == 2


def test_a_question_about_the_kind_that_fails_leaves_what_is_known(connected: Connect, world: World) -> None:
    connected().read(START)
    world.fault(endpoint="details", times=None, status=503)
    for minutes in (0, 5, 10):
        assert connected().read(START + DAY + timedelta(minutes=minutes)).soc_pct == 50
    assert world.counts()["details"] == 2


def test_the_model_that_login_found_is_kept_whatever_an_answer_says(connected: Connect, world: World) -> None:
    world.fault(endpoint="details", times=None, body='{"model": {"code": "XCB1VE"}, "engineEnergyType": "ELEC"}')
    connected().stop(START)
    assert world.counts()["pause-resume"] == 1
