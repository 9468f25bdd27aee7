"""What may go wrong between delcia and a car: in the end the car is as the plan says, or one true notice says why not.

Each night is the real client against the stand-in, from late on Monday, plugged in and held, to Tuesday morning.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from support.home import HOME, Home, at, home
from support.renault import HASTY
from support.restraint import busiest_hour, readings_too_often

from delcia.errors import Exit
from delcia.store.notices import pending_notices

EVENING = "Mon 23:40 stop"
NIGHT = [EVENING, "Tue 01:38 start", "Tue 05:40 stop"]
"""The orders of a night in which nothing goes wrong."""
MORNING = "Tue 07:30"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Home]:
    """Return a home whose car begins to charge by itself at 23:30, when it is plugged in at 50 %."""
    with home(tmp_path, begins="Mon 23:00") as made:
        made.car.later(at("Mon 23:30"), "plug")
        yield made


def assert_ready(house: Home, *, readings_fail: bool = False) -> None:
    """Look that the car was stopped at its target, and that nobody had to be told anything."""
    assert 80 <= 100 * house.car.soc < 84, house.said
    assert not house.car.charging
    assert house.notices == []
    assert busiest_hour(house) <= 60
    assert readings_fail or readings_too_often(house, [at("Mon 23:30")]) == []


def statuses(house: Home) -> set[int]:
    """Return how runs ended."""
    return {int(outcome.status) for _, outcome in house.outcomes}


def test_a_night_in_which_nothing_goes_wrong(house: Home) -> None:
    house.live(MORNING)
    assert house.orders == NIGHT
    assert statuses(house) == {0}
    assert_ready(house)


@pytest.mark.parametrize(
    "fault",
    [{"drop": True}, {"status": 503}, {"html": True}, {"body": "<html>"}, {"code": "err.tech.500"}],
    ids=["no network", "503", "html", "rubbish", "their trouble"],
)
def test_a_service_that_fails_as_the_window_opens_is_asked_again_until_it_works(
    house: Home, fault: dict[str, Any]
) -> None:
    house.live("Tue 01:25")
    house.world.fault(times=None, **fault)
    house.live("Tue 02:12")
    house.world.faults.clear()
    house.live(MORNING)
    assert house.orders == [EVENING, "Tue 02:15 start", "Tue 06:15 stop"]
    assert statuses(house) == {0, 75}
    words = [said.partition("spring: ")[2] for said in house.said if "Tue 01" in said or "Tue 02" in said]
    assert len(words) <= 5, (
        "the reading's trouble, once; that of the order tried without one; the reading's; the charge"
    )
    assert [word.partition(" ")[0] for word in words[-2:]] == ["start", "charging"], "then the charge"
    assert_ready(house, readings_fail=True)


def test_a_car_that_cannot_be_read_is_started_all_the_same(house: Home) -> None:
    house.live("Tue 01:25")
    house.world.fault(endpoint="battery-status", times=None, status=503)
    house.live("Tue 02:02")
    house.world.faults.clear()
    house.live(MORNING)
    # Not heard of for so long, it is asked to report; so its level, and the end, are known to the minute.
    assert house.orders == [*NIGHT[:2], "Tue 05:35 stop"]
    assert_ready(house, readings_fail=True)


@pytest.mark.parametrize("fault", [{"status": 503}, {"code": "err.func.wired.forbidden"}], ids=["503", "forbidden"])
def test_a_car_that_cannot_be_located_is_charged_all_the_same(tmp_path: Path, fault: dict[str, Any]) -> None:
    with home(tmp_path, more=HOME, begins="Mon 23:00") as house:
        house.car.manners.starts_on_plug_in = False
        house.car.later(at("Mon 23:30"), "plug")
        house.world.fault(endpoint="location", times=None, **fault)
        house.live(MORNING)
        assert house.orders == ["Tue 01:38 start", "Tue 05:50 stop"]
        assert 80 <= 100 * house.car.soc < 82
        assert len(house.said) < 12, "said once"


@pytest.mark.parametrize(
    ("fault", "asked"),
    [({}, 1), ({"status": 503}, None), ({"code": "err.func.privacy.on"}, 1)],
    ids=["away", "503", "privacy mode"],
)
def test_where_a_car_charges_that_nothing_holds_is_asked_once_and_is_no_trouble(
    tmp_path: Path, fault: dict[str, Any], asked: int | None
) -> None:
    with home(tmp_path, more=HOME, vehicle="{model: spring-26, hold: false}", begins="Tue 02:00") as house:
        house.car.drive(5, latitude=45.0, longitude=5.0)
        house.car.plug()
        if fault:
            house.world.fault(endpoint="location", times=None, **fault)
        house.live("Tue 03:00")
        assert asked is None or len(house.calls("location")) == asked
        assert statuses(house) == {0}
        assert (house.orders, house.notices) == ([], [])
        words = "charging until" if fault else "away from home: left alone"
        assert words in house.outcomes[-1][1].words


@pytest.mark.parametrize("comes_home", [False, True])
def test_a_car_that_waits_elsewhere_by_its_last_fix_is_left_alone_and_its_owner_told(
    tmp_path: Path, *, comes_home: bool
) -> None:
    with home(tmp_path, begins="Mon 23:00", more=HOME) as house:
        house.car.drive(5, latitude=48.8606)  # 450 m from home, on the way into a garage without sky
        house.world.advance(timedelta(minutes=4))
        house.car.manners.starts_on_plug_in = False
        house.car.plug()
        house.live("Tue 02:30")
        assert (house.orders, house.notices) == ([], ["away"])
        assert house.said[-1] == (
            "Tue 01:38 spring: should charge now, but says that it is not at home: left alone; "
            "'delcia boost spring' charges it"
        )
        if comes_home:
            house.car.latitude = 48.8566
        house.live("Tue 06:30")
        assert [order[-5:] for order in house.orders] == ["start"] * comes_home
        assert house.notices == ["away"] * (not comes_home)


def test_two_hours_without_an_answer_in_the_window_are_told_once(house: Home) -> None:
    house.live("Tue 01:25")
    house.world.fault(times=None, drop=True)
    house.live("Tue 04:12")
    assert house.notices == ["unreachable"]
    house.world.faults.clear()
    house.live(MORNING)
    assert house.orders == [EVENING, "Tue 04:15 start", "Tue 06:38 stop"]
    assert statuses(house) == {0, 69, 75}
    assert house.notices == [], "it is mended"


def test_a_service_that_cannot_prove_who_it_is_gets_no_secret_and_is_told_of_after_two_hours(house: Home) -> None:
    house.live("Tue 01:25")
    plain, url = house.served, house.served.url.replace("http:", "https:")
    house.served, house.access = replace(plain, url=url), replace(house.access, origin=url)
    calls = len(house.world.calls)
    house.live("Tue 04:12")
    (notice,) = pending_notices(house.store)
    assert notice.slug == "tls"
    assert notice.text == (
        "spring: Renault's service could not prove who it is; for 2 h, in which it should have charged; "
        "look at this host's clock, network and ca-certificates; delcia tries again; "
        "unplug it and plug it in again: it charges"
    )
    assert len(house.world.calls) == calls
    house.served, house.access = plain, replace(house.access, origin=plain.url)
    house.live(MORNING)
    assert (house.notices, house.orders[1][-5:]) == ([], "start")


@pytest.mark.parametrize("number", [1, 2], ids=["start", "stop"])
def test_an_order_that_reached_the_car_but_was_not_answered_is_not_sent_again(house: Home, number: int) -> None:
    house.live("Tue 01:25")
    house.world.fault(endpoint="pause-resume", skip=number - 1, drop=True, obeyed=True)
    house.live(MORNING)
    assert house.orders == NIGHT
    assert house.world.counts()["pause-resume"] == len(NIGHT)
    assert any("it is not known whether the car got the order" in said for said in house.said)
    assert_ready(house)


@pytest.mark.parametrize(
    ("number", "orders"),
    [(1, [EVENING, "Tue 02:00 start", "Tue 06:00 stop"]), (2, [*NIGHT[:2], "Tue 06:00 stop"])],
    ids=["start", "stop"],
)
def test_an_order_that_was_lost_on_the_way_is_sent_again_when_readings_show_it(
    house: Home, number: int, orders: list[str]
) -> None:
    house.live("Tue 01:25")
    house.world.fault(endpoint="pause-resume", skip=number - 1, drop=True)
    house.live(MORNING)
    assert house.orders == orders
    assert_ready(house)


def test_a_service_that_takes_too_long_is_left_for_the_next_tick(house: Home) -> None:
    house.live("Tue 01:37")
    house.patience = HASTY
    house.world.fault(endpoint="pause-resume", delay_s=1.0)
    house.world.fault(endpoint="battery-status", delay_s=1.0, times=3)
    house.live(MORNING)
    assert house.orders[0] == EVENING
    assert house.orders[-1].endswith("stop")
    assert_ready(house, readings_fail=True)


@pytest.mark.parametrize("since", ["Mon 23:46", "Tue 01:50", "Tue 05:41"])
def test_a_battery_level_that_is_missing_starts_no_charge(house: Home, since: str) -> None:
    house.live(since)
    house.world.fault(endpoint="battery-status", times=None, missing=["batteryLevel"])
    house.live(MORNING)
    kinds = [order.partition(":")[2][3:] for order in house.orders]
    assert kinds == ["stop", "start", "stop"], house.orders
    assert_ready(house)


def test_a_car_that_falls_silent_is_stopped_by_what_it_last_said(house: Home) -> None:
    house.live("Tue 01:50")
    house.car.manners.silent = True
    house.live(MORNING)
    assert house.orders[:3] == NIGHT
    assert 80 <= 100 * house.car.soc < 82
    assert house.notices == ["ignored"]
    assert "was asked 3 times to stop; nothing has been heard of it since" in " ".join(house.said)


def test_a_car_asleep_at_the_window_is_asked_three_times_and_its_silence_told_once(house: Home) -> None:
    house.live("Tue 01:00")
    house.car.manners.silent = True
    house.car.manners.obeys = False
    house.live(MORNING)
    assert house.orders[:4] == [EVENING, "Tue 01:38 start", "Tue 02:00 start", "Tue 02:20 start"]
    assert house.orders[4:7] == ["Tue 03:00 start", "Tue 04:00 start", "Tue 05:20 start"]
    assert house.notices == ["ignored"]
    assert "was asked 3 times to start; nothing has been heard of it since" in " ".join(house.said)
    assert readings_too_often(house, [at("Mon 23:30")]) == []


def test_a_stop_that_is_ignored_is_tried_three_times_and_told_once(house: Home) -> None:
    house.live("Tue 03:00")
    house.car.manners.obeys = False
    house.live(MORNING)
    assert house.orders == [*NIGHT, "Tue 06:00 stop", "Tue 06:20 stop"]
    assert house.notices == ["ignored"]
    assert "was asked 3 times to stop; does not do it" in " ".join(house.said)


def test_a_jwt_that_expires_before_its_time_is_not_noticed(house: Home) -> None:
    house.live("Tue 03:01")
    house.world.people["owner@example.org"].revoke_jwts()
    house.live(MORNING)
    assert house.orders == NIGHT
    assert statuses(house) == {0}
    assert_ready(house)


def test_a_login_that_is_revoked_is_told_once_and_asked_no_more(house: Home) -> None:
    house.live("Tue 01:00")
    house.world.people["owner@example.org"].revoke_login()
    house.live(MORNING)
    assert statuses(house) == {0, 77}
    assert house.notices == ["login-expired"]
    assert house.said[-1] == "Tue 01:25 spring: the login at Renault has expired"
    error = house.outcomes[-1][1].error
    assert error is not None
    assert error.hint == "run 'delcia login'"
    refused = [call.at for call in house.calls("getJWT") if call.at > at("Tue 01:00")]
    assert min(later - earlier for earlier, later in pairwise(refused)) >= timedelta(hours=1)


def test_a_quota_is_answered_with_a_quarter_of_an_hour_of_silence(house: Home) -> None:
    house.live("Tue 01:25")
    house.world.fault(endpoint="battery-status", code="err.func.wired.overloaded", status=500)
    house.live(MORNING)
    assert house.orders == [EVENING, "Tue 01:50 start", "Tue 05:50 stop"]
    assert not [call for call in house.world.calls if at("Tue 01:35") < call.at < at("Tue 01:50")]
    assert statuses(house) == {0, 75}
    assert_ready(house)


def test_a_quota_that_lasts_is_tried_four_times_an_hour(house: Home) -> None:
    house.live("Tue 02:05")
    house.world.fault(times=None, endpoint="battery-status", code="err.func.wired.overloaded", status=500)
    house.live("Tue 04:02")
    assert len([call for call in house.calls("battery-status") if call.at > at("Tue 02:05")]) == 8
    house.world.faults.clear()
    house.live(MORNING)
    assert house.orders == NIGHT
    assert_ready(house)


BAD_DAY: tuple[tuple[str, Callable[[Home], object]], ...] = (
    ("Mon 23:40", lambda house: house.world.fault(endpoint="battery-status", html=True)),
    ("Mon 23:58", lambda house: house.world.fault(endpoint="battery-status", times=4, missing=["batteryLevel"])),
    ("Tue 00:10", lambda house: house.world.people["owner@example.org"].revoke_jwts()),
    ("Tue 01:37", lambda house: house.world.fault(endpoint="pause-resume", drop=True)),
    ("Tue 02:30", lambda house: house.world.fault(times=9, drop=True)),
    ("Tue 02:52", lambda house: house.world.fault(endpoint="battery-status", code="err.func.wired.overloaded")),
    ("Tue 03:40", lambda house: setattr(house.car.manners, "silent", True)),
    ("Tue 04:20", lambda house: setattr(house.car.manners, "silent", False)),
    ("Tue 05:10", lambda house: house.world.fault(endpoint="getJWT", times=2, code=500001)),
    ("Tue 05:50", lambda house: house.world.fault(endpoint="pause-resume", drop=True, obeyed=True)),
)
"""What goes wrong, one thing after the other."""


def test_a_bad_day_ends_as_well_as_a_good_one(house: Home) -> None:
    for moment, mishap in BAD_DAY:
        house.live(moment)
        mishap(house)
    house.live(MORNING)
    assert house.orders == [EVENING, "Tue 02:00 start", "Tue 06:00 stop"]
    assert statuses(house) == {0, 75}
    assert_ready(house, readings_fail=True)
    apart = [instant for instant, _ in house.car.orders]
    assert min(later - earlier for earlier, later in pairwise(apart)) > timedelta(minutes=10)
    assert house.outcomes[-1][1].status is Exit.OK
