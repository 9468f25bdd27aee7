"""The look ahead at 19:00, and what will not be ready: told while something can be done about it, and once."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from support.cli_home import CliHome, cli_home
from support.home import at

from delcia.store.notices import pending_notices
from delcia.store.opening import open_store


@pytest.fixture
def house(tmp_path: Path) -> Iterator[CliHome]:
    """Return a host with a car without hold, in the evening, that begins no charge by itself."""
    with cli_home(tmp_path, vehicle="{model: spring-26, hold: false}") as made:
        made.move_in()
        made.car.manners.starts_on_plug_in = False
        made.world.calls.clear()
        yield made


def told(house: CliHome) -> list[str]:
    with closing(open_store(house.paths.database)) as store:
        return [f"{item.slug}: {item.text}" for item in pending_notices(store)]


def test_who_forgot_to_plug_in_hears_of_it_in_the_evening(house: CliHome) -> None:
    house.live(at("Mon 18:55"))
    assert house.world.calls == [], "nothing is due before"
    house.live(at("Mon 19:00"))
    assert house.world.calls != []
    (said,) = told(house)
    assert said == "not-plugged-in: spring: not plugged in, as it said at 18:00; needs 4 h 07 from 01:38"
    calls = len(house.world.calls)
    house.live(at("Mon 19:05"), at("Mon 19:10"), at("Mon 19:40"))
    assert (len(house.world.calls), len(told(house))) == (calls, 1), "one look an evening"


def test_who_has_plugged_in_hears_nothing(house: CliHome) -> None:
    house.car.plug()
    house.live(at("Mon 19:00"))
    assert told(house) == []


def test_a_login_that_has_ended_is_told_before_the_night(house: CliHome) -> None:
    person = next(iter(house.world.people.values()))
    house.live(at("Mon 18:50"))
    person.revoke_login()
    person.revoke_jwts()
    house.live(at("Mon 19:00"))
    (said,) = told(house)
    assert said.startswith("login-expired: ")
    assert "delcia login" in said


def test_a_service_that_stays_away_is_told_after_half_an_hour(house: CliHome) -> None:
    house.car.plug()
    house.world.fault(times=None, status=503)
    house.live(at("Mon 19:25"))
    assert told(house) == []
    house.live(at("Mon 19:30"))
    (said,) = told(house)
    assert said.startswith("out-of-reach: spring: ")
    assert "it is to charge from 01:38" in said


def test_a_car_that_will_not_be_ready_is_told_once_a_night(house: CliHome) -> None:
    house.car.soc = 0.2
    house.car.plug()
    house.live(at("Mon 19:00"), at("Mon 19:20"), at("Tue 01:38"), at("Tue 01:50"), at("Tue 02:30"))
    (said,) = told(house)
    assert said == "far-short: spring: will be 56 % at 07:00, not 80 %"
