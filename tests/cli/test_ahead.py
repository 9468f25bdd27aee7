"""The look ahead at 19:00, and what will not be ready: told while something can be done about it, and once."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.cli_home import EMAIL, PASSWORD, CliHome, cli_home
from support.home import at
from support.webhook import webhook

from delcia.cli.quiet import NAME
from delcia.store.notices import clear_notice, open_notices, pending_notices, queue_notice
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
    assert house.world.counts()["refresh"] == 1, "it may be plugged in, and sleep: it is asked to report"
    (said,) = told(house)
    assert said == "not-plugged-in: spring: not plugged in; needs 4 h 07 from 01:38"
    calls = len(house.world.calls)
    house.live(at("Mon 19:05"), at("Mon 19:10"), at("Mon 19:40"))
    assert (len(house.world.calls), len(told(house))) == (calls, 1), "one look an evening"


def test_the_look_ahead_hides_no_news_from_the_journal(house: CliHome) -> None:
    house.world.go_to(at("Mon 19:00"))
    assert house.tick().stdout == "<6>spring: nothing to do; next charge 01:38\n"


def test_a_car_that_does_not_report_is_told_with_what_it_last_said(house: CliHome) -> None:
    house.car.manners.silent = True
    house.live(at("Mon 19:00"), at("Mon 19:10"), at("Mon 19:25"))
    assert (told(house), quiet_until(house)) == ([], None), "it may answer yet"
    house.live(at("Mon 19:30"))
    words = "spring: said at 18:00 that it is not plugged in; not heard of since; needs 4 h 07 from 01:38"
    assert told(house) == [f"not-plugged-in: {words}"]
    assert house.world.counts()["refresh"] == 1


def test_what_it_said_on_another_day_is_told_with_that_day(house: CliHome) -> None:
    house.car.manners.silent = True
    house.live(at("Wed 19:00"), at("Wed 19:30"))
    assert told(house)[-1].startswith("not-plugged-in: spring: said at Mon 18:00 that it is not plugged in; ")


def test_a_car_that_sleeps_at_its_charger_is_asked_and_nobody_is_alarmed(house: CliHome) -> None:
    house.car.manners.asleep = True
    house.car.plug()
    house.live(at("Mon 19:00"), at("Mon 19:10"), at("Mon 19:35"))
    assert told(house) == []


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


def test_a_login_that_is_made_again_is_no_longer_asked_for(house: CliHome) -> None:
    person = next(iter(house.world.people.values()))
    person.revoke_login()
    person.revoke_jwts()
    house.live(at("Mon 19:00"))
    words = ("login", "--email", EMAIL, "--plans", str(house.plans))
    assert house.delcia(*words, stdin=f"{PASSWORD}\n").status == 0
    assert told(house) == []
    with closing(open_store(house.paths.database)) as store:
        assert open_notices(store) == ()


def test_a_service_that_stays_away_is_told_after_half_an_hour(house: CliHome) -> None:
    house.car.plug()
    house.world.fault(times=None, status=503)
    house.live(at("Mon 19:25"))
    assert told(house) == []
    house.live(at("Mon 19:30"))
    (said,) = told(house)
    assert said.startswith("out-of-reach: spring: ")
    assert "it is to charge from 01:38" in said


def test_a_trouble_that_is_over_and_was_told_nobody_hides_nothing(house: CliHome) -> None:
    with closing(open_store(house.paths.database)) as store:
        queue_notice(store, "spring", "unit-failed-70", "a crash", at("Mon 10:00"))
        clear_notice(store, "spring", "unit-failed-70", at("Mon 12:00"))
    house.car.soc = 0.2
    house.car.plug()
    house.live(at("Mon 19:00"))
    assert [said.partition(":")[0] for said in told(house)] == ["unit-failed-70", "far-short"]
    assert "notices  Mon 19:00  spring: will be 56 % at 07:00, not 80 %" in house.delcia("status").stdout


def quiet_until(house: CliHome) -> datetime | None:
    """Return until when the runs for all need not look; None when the next must."""
    file = house.paths.state / NAME
    return datetime.fromtimestamp(int(file.read_text(encoding="ascii").split()[0]), UTC) if file.exists() else None


def test_no_quiet_reaches_over_the_look_ahead(house: CliHome) -> None:
    house.live(at("Mon 18:40"), at("Mon 18:45"))
    assert quiet_until(house) == at("Mon 19:00")
    house.live(at("Mon 19:00"))
    until = quiet_until(house)
    assert until is not None
    assert until > at("Mon 19:10")


def test_no_quiet_reaches_over_the_end_of_the_quiet_hours(house: CliHome) -> None:
    with webhook() as hook:
        house.paths.host_file.write_text(f'notify: {{webhook: "{hook.url}/"}}\n', encoding="utf-8")
        with closing(open_store(house.paths.database)) as store:
            queue_notice(store, "", "unit-failed-70", "a bug in delcia", at("Tue 06:40"))
        house.live(at("Tue 06:45"), at("Tue 06:50"))
        assert (quiet_until(house), hook.sent) == (at("Tue 07:00"), [])
        house.live(at("Tue 07:00"))
        assert hook.sent == ["POST / a bug in delcia"]
        house.live(at("Tue 07:05"))
        until = quiet_until(house)
        assert until is not None
        assert until > at("Tue 07:10")


def test_a_car_that_will_not_be_ready_is_told_once_a_night(house: CliHome) -> None:
    house.car.soc = 0.2
    house.car.plug()
    house.live(at("Mon 19:00"), at("Mon 19:20"), at("Tue 01:38"), at("Tue 01:50"), at("Tue 02:30"))
    (said,) = told(house)
    assert said == "far-short: spring: will be 56 % at 07:00, not 80 %"
