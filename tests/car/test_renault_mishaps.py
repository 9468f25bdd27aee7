"""Every failure that the facts list, as the owner sees it: slug, exit status, words, and how often it was tried."""

import logging
from dataclasses import replace

import pytest
from standin.world import World
from support.renault import HASTY, QUICK, START, Connect

from delcia.errors import DelciaError, Exit

PASSING, LOGIN, BROKEN = Exit.TRY_AGAIN, Exit.LOGIN, Exit.BROKEN

ANSWERS = [
    # (endpoint, fault) → slug, status, a part of the words, calls of that endpoint
    ("battery-status", {"code": "err.func.wired.overloaded", "status": 500}, "quota", PASSING, "no more calls", 1),
    ("battery-status", {"status": 429}, "quota", PASSING, "no more calls for now (429)", 1),
    ("battery-status", {"code": "err.func.wired.unauthorized"}, "unauthorized", BROKEN, "also with a new token", 2),
    ("battery-status", {"code": "err.func.wired.forbidden"}, "forbidden", BROKEN, "forbids reading the battery", 1),
    ("battery-status", {"code": "err.func.403"}, "access-denied", PASSING, "denies access", 1),
    ("battery-status", {"code": "err.func.wired.notFound"}, "no-data", BROKEN, "no data of this car", 1),
    ("battery-status", {"code": "err.func.wired.not-found"}, "no-such-call", BROKEN, "no way of reading", 1),
    ("pause-resume", {"code": "err.func.wired.invalid-body-format"}, "command-retired", BROKEN, "no longer takes", 1),
    ("pause-resume", {"code": "err.func.400"}, "invalid-request", BROKEN, "invalid", 1),
    ("pause-resume", {"code": "409001", "status": 409}, "busy", PASSING, "changing its charge mode", 1),
    ("battery-status", {"code": "err.func.privacy.on"}, "privacy-mode", BROKEN, "privacy mode is on", 1),
    ("pause-resume", {"code": "err.func.wired.low.battery.level"}, "low-battery", BROKEN, "battery is too low", 1),
    ("battery-status", {"code": "err.func.not.connected"}, "not-connected", BROKEN, "not connected", 1),
    ("battery-status", {"code": "err.tech.500"}, "renault-trouble", PASSING, "(err.tech.500), 3 tries", 3),
    ("battery-status", {"code": "err.tech.501"}, "renault-trouble", PASSING, "trouble with reading the battery", 3),
    ("battery-status", {"code": "err.tech.wired.kamereon-proxy"}, "renault-trouble", PASSING, "kamereon-proxy", 3),
    ("battery-status", {"code": "502000"}, "renault-trouble", PASSING, "(502000), 3 tries", 3),
    ("battery-status", {"code": "err.tech.vcps.ev.error"}, "renault-trouble", PASSING, "trouble", 3),
    ("battery-status", {"code": "err.func.something.new"}, "refused", BROKEN, "(err.func.something.new)", 1),
    ("battery-status", {"code": "err.tech.500", "status": 200}, "renault-trouble", PASSING, "trouble", 3),
    ("battery-status", {"html": True}, "renault-trouble", PASSING, "(502), 3 tries", 3),
    ("battery-status", {"status": 503}, "renault-trouble", PASSING, "(503), 3 tries", 3),
    ("battery-status", {"body": '{"error":"access_denied"}', "status": 403}, "api-key", BROKEN, "denies access", 1),
    ("battery-status", {"status": 404}, "no-such-call", BROKEN, "no way of", 1),
    ("battery-status", {"status": 400}, "not-renaults", PASSING, "not from Renault's service (400)", 1),
    ("battery-status", {"body": ""}, "odd-answer", PASSING, "makes no sense", 3),
    ("battery-status", {"body": "<html>"}, "odd-answer", PASSING, "makes no sense", 3),
    ("battery-status", {"body": "{"}, "odd-answer", PASSING, "makes no sense", 3),
    ("battery-status", {"body": '{"errors": 7}'}, "odd-answer", PASSING, "makes no sense", 3),
    ("battery-status", {"body": '{"data": 7}'}, "odd-answer", PASSING, "makes no sense", 3),
    ("battery-status", {"drop": True}, "unreachable", PASSING, "cannot be reached, 3 tries", 6),  # aiohttp asks twice
    ("battery-status", {"delay_s": 2.0}, "car-unavailable", PASSING, "did not answer within 1 s, 3 tries", 3),
    ("battery-status", {"redirect": "/elsewhere"}, "redirected", PASSING, "sends delcia to another address", 1),
    ("pause-resume", {"redirect": "https://example.org/", "status": 307}, "redirected", PASSING, "another address", 1),
    ("details", {"code": "err.tech.500"}, "renault-trouble", PASSING, "trouble", 3),
    ("getJWT", {"code": 403005}, "login-expired", LOGIN, "login at Renault has expired", 1),
    ("getJWT", {"code": 403013}, "login-expired", LOGIN, "login at Renault has expired", 1),
    ("getJWT", {"code": 500001}, "login-service", PASSING, "login service has trouble (500001), 3 tries", 3),
    ("getJWT", {"code": 403042}, "login-service", PASSING, "login service has trouble (403042)", 3),
    ("getJWT", {"html": True}, "login-service", PASSING, "login service has trouble", 3),
    ("getJWT", {"body": '{"errorCode": 0}'}, "login-service", PASSING, "login service has trouble", 3),
    ("getJWT", {"body": '{"errorCode": 0, "id_token": "x.y"}'}, "odd-answer", PASSING, "makes no sense", 3),
    ("getJWT", {"body": "{}"}, "odd-answer", PASSING, "makes no sense", 3),
    ("getJWT", {"redirect": "/elsewhere"}, "redirected", PASSING, "another address", 1),
    ("getJWT", {"drop": True}, "unreachable", PASSING, "cannot be reached", 3),
]


NEXT_STEP = {
    "quota": "nothing to do: delcia waits",
    "unauthorized": "check the connected services in the car's app",
    "forbidden": "check the model in the plan",
    "access-denied": "if it lasts, look in the car's app",
    "no-data": "look in the car's app whether the account still has the car",
    "no-such-call": "update delcia and renault-api",
    "command-retired": "update delcia and renault-api",
    "invalid-request": "update delcia and renault-api",
    "busy": "nothing to do: delcia tries again",
    "privacy-mode": "switch it off in the car",
    "low-battery": "charge it at its charger first",
    "not-connected": "pair the car again in its app",
    "renault-trouble": "nothing to do: delcia tries again",
    "refused": "update delcia and renault-api",
    "api-key": "update delcia and renault-api",
    "odd-answer": "nothing to do: delcia tries again",
    "unreachable": "look at this host's network",
    "car-unavailable": "nothing to do: delcia tries again",
    "redirected": "look for a captive portal",
    "not-renaults": "look for a captive portal",
    "login-expired": "run 'delcia login'",
    "login-service": "nothing to do: delcia tries again",
}
"""How the hint of each begins."""


@pytest.mark.parametrize("case", ANSWERS, ids=lambda case: f"{case[0]}-{case[2]}")
def test_each_answer_has_its_words_its_status_and_its_tries(
    connected: Connect,
    world: World,
    caplog: pytest.LogCaptureFixture,
    case: tuple[str, dict[str, object], str, Exit, str, int],
) -> None:
    endpoint, fault, slug, status, words, calls = case
    caplog.set_level(logging.DEBUG)
    world.fault(endpoint=endpoint, times=None, message=f"VIN {world.cars['spring'].vin}", **fault)
    car = connected(patience=HASTY if "delay_s" in fault else QUICK)

    with pytest.raises(DelciaError) as caught:
        car.start(START) if endpoint == "pause-resume" else car.read(START)

    assert (caught.value.slug, caught.value.status) == (slug, status)
    assert words in caught.value.message
    assert caught.value.hint.startswith(NEXT_STEP[slug])
    assert (status is LOGIN) == ("delcia login" in caught.value.hint) or status is BROKEN
    assert world.counts()[endpoint] == calls
    said = caught.value.text() + repr(caught.value) + caplog.text
    assert not [secret for secret in world.secrets() if secret in said]


@pytest.mark.parametrize(
    "fault",
    [
        {"drop": True},
        {"drop": True, "obeyed": True},
        {"delay_s": 2.0},
        {"html": True},
        {"status": 503},
        {"code": "err.tech.500"},
        {"body": ""},
    ],
)
def test_an_order_without_an_answer_is_never_sent_twice(
    connected: Connect, world: World, fault: dict[str, object]
) -> None:
    world.fault(endpoint="pause-resume", times=None, **fault)

    with pytest.raises(DelciaError) as caught:
        connected(patience=HASTY).stop(START)

    assert (caught.value.slug, caught.value.status) == ("effect-unknown", PASSING)
    assert caught.value.message.startswith("it is not known whether the car got the order (stopping a charge): ")
    assert world.counts()["pause-resume"] == 1


def test_an_order_that_never_went_out_is_tried_again(connected: Connect, world: World) -> None:
    world.fault(endpoint="getJWT", times=2, html=True)

    connected().start(START)

    assert world.counts() == {"getJWT": 3, "details": 1, "pause-resume": 1}


def test_a_failure_that_passes_is_not_noticed(connected: Connect, world: World) -> None:
    world.fault(endpoint="battery-status", times=1, html=True)
    world.fault(endpoint="battery-status", times=1, drop=True)

    assert connected().read(START).soc_pct == 50


def test_the_deadline_holds_for_all_tries_together(connected: Connect, world: World) -> None:
    world.fault(endpoint="battery-status", times=None, delay_s=10.0)
    patience = replace(QUICK, deadline_s=3.0, answer_s=10.0, tries=100)

    with pytest.raises(DelciaError, match="did not answer within 3 s") as caught:
        connected(patience=patience).read(START)

    assert caught.value.slug == "car-unavailable"
    assert world.counts()["battery-status"] == 1


def test_a_service_that_is_not_there_is_a_passing_mishap(connected: Connect, world: World) -> None:
    car = connected(patience=replace(QUICK, tries=2))
    world.fault(endpoint="getJWT", times=None, drop=True)

    with pytest.raises(DelciaError) as caught:
        car.read(START)

    assert (caught.value.slug, caught.value.status) == ("unreachable", PASSING)
