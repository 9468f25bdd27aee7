"""Notices grow with the fact: a large miss is told at once, whatever was told; waiting is no notice; none twice."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from support.home import HOME, Home, at, home
from support.webhook import webhook

BY_HAND = "unplug it and plug it in again: it charges"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Home]:
    """Return a home whose owner is told by a webhook, with the usual quiet hours; its car is plugged in and idle."""
    with webhook() as hook, home(tmp_path, begins="Mon 22:30", hook=hook) as made:
        made.car.manners.starts_on_plug_in = False
        made.car.plug()
        yield made


def told(house: Home) -> list[str]:
    """Return what the owner was told, by cause."""
    return [item["cause"] for item in house.told]


def test_a_start_that_is_ignored_is_told_in_the_night_when_it_costs_twenty_points(house: Home) -> None:
    house.car.manners.obeys = False
    house.live("Tue 04:00")
    assert told(house) == ["far-short"], house.said
    (said,) = house.told
    assert said["text"].startswith("spring: will be 50 % at 07:00, not 80 %, unless it begins to charge; ")
    assert said["text"].endswith(BY_HAND)


def test_a_miss_that_was_told_small_is_told_again_when_it_is_large(house: Home) -> None:
    house.car.soc = 0.41
    house.live("Tue 01:50")
    assert house.notices == ["short"], "five hours bring 37 points: told when somebody is awake"
    house.live("Tue 03:00")
    house.car.power(on=False)
    house.car.manners.obeys = False
    house.live("Tue 06:00")
    assert "far-short" in told(house), house.said
    assert "short" not in told(house), "the small one was not told any more"


def test_a_miss_that_grows_by_twenty_points_is_told_again(house: Home) -> None:
    house.car.soc = 0.15
    house.live("Tue 02:00")
    assert told(house) == ["far-short"]
    house.car.power(on=False)
    house.car.manners.obeys = False
    house.live("Tue 06:30")
    assert told(house).count("far-short") == 2, house.told


def test_a_car_that_takes_its_time_is_no_notice(house: Home) -> None:
    house.car.manners.effect_delay_s = 18 * 60
    house.live("Tue 07:30")
    assert house.told == []


def test_a_service_that_stays_away_in_the_window_is_told_in_the_night(house: Home) -> None:
    house.live("Tue 01:25")
    house.world.fault(times=None, drop=True)
    house.live("Tue 04:15")
    assert told(house) == ["far-short"]


def test_who_pulls_the_plug_in_the_evening_hears_of_it_while_awake(tmp_path: Path) -> None:
    with webhook() as hook, home(tmp_path, begins="Mon 18:30", hook=hook) as house:
        house.car.manners.starts_on_plug_in = False
        house.car.plug()
        house.live("Mon 19:30")
        assert house.told == []
        house.car.unplug()
        house.live("Mon 21:55")
        assert told(house) == ["not-plugged-in"]
        assert not house.told[0]["text"].endswith(BY_HAND)


def test_a_service_that_goes_away_in_the_evening_is_told_while_its_owner_is_awake(tmp_path: Path) -> None:
    with webhook() as hook, home(tmp_path, begins="Mon 18:30", hook=hook) as house:
        house.car.manners.starts_on_plug_in = False
        house.car.plug()
        house.live("Mon 19:30")
        house.world.fault(times=None, status=503)
        house.live("Mon 20:20")
        assert told(house) == ["out-of-reach"]
        house.live("Mon 21:55")
        assert told(house) == ["out-of-reach"], "once"


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"body": "{}"}, "its answers hold neither plug nor charge nor level"),
        ({"missing": ["batteryLevel"]}, "it does not tell its level"),
        ({"fields": {"chargingStatus": -1.1}}, "it does not tell whether it charges"),
    ],
    ids=["nothing", "no level", "-1.1"],
)
def test_what_the_car_never_tells_is_told_once(tmp_path: Path, how: dict[str, object], words: str) -> None:
    with webhook() as hook, home(tmp_path, begins="Mon 12:00", hook=hook) as house:
        house.car.manners.starts_on_plug_in = False
        house.car.plug()
        house.world.fault(endpoint="battery-status", times=None, **how)
        house.live("Wed 12:00")
        assert told(house).count("not-known") == 1, house.told
        (text,) = [item["text"] for item in house.told if item["cause"] == "not-known"]
        assert text.startswith(f"spring: {words}; so delcia can neither hold it nor end its charge")
        assert not any("was asked 3 times" in item["text"] for item in house.told)


@pytest.mark.parametrize("late_s", [3600, 3 * 3600])
def test_reports_that_are_always_late_are_told_once_and_not_every_evening(tmp_path: Path, late_s: int) -> None:
    with webhook() as hook, home(tmp_path, begins="Mon 18:00", hook=hook, soc=0.4) as house:
        house.car.manners.late_s = late_s
        house.car.plug()
        for day in ("Tue", "Wed", "Thu"):
            house.live(f"{day} 07:30")
            house.car.drive(20)
            house.live(f"{day} 18:00")
            house.car.plug()
        assert told(house).count("not-known") == 1, house.told
        (text,) = [item["text"] for item in house.told if item["cause"] == "not-known"]
        assert "it does not tell where it is" in text or "old, or its clock is wrong; so delcia holds it" in text


def test_a_home_without_a_fix_is_told_once(tmp_path: Path) -> None:
    with webhook() as hook, home(tmp_path, begins="Mon 18:00", hook=hook, more=HOME) as house:
        house.world.fault(endpoint="location", times=None, body='{"data": {"attributes": {}}}')
        house.car.plug()
        house.live("Tue 07:30")
        house.car.drive(20)
        house.live("Tue 18:00")
        house.car.plug()
        house.live("Wed 07:30")
        assert told(house).count("not-known") == 1, house.told
        assert "it does not tell where it is; so delcia cannot hold it" in house.told[0]["text"]


def test_a_single_redirect_is_no_notice(house: Home) -> None:
    house.world.fault(redirect="http://portal.example/")
    house.live("Tue 07:30")
    assert house.told == []
    assert at("Tue 07:30") - house.now == timedelta()
