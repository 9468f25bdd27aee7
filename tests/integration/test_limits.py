"""A car without a remote stop ends its charges by its own SoC limit, which is the owner's again once it is unplugged.

The oracle is the stand-in: what its car does, and the limit that it has in truth.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from support.home import HOME, PARIS, Home, at, home
from support.restraint import busiest_hour

from delcia.core.model import ToSoc
from delcia.report.rows import VehicleRow, build
from delcia.report.table import notes
from delcia.report.words import lent_words
from delcia.runtime.asking import boost, pause, resume, stop, trip
from delcia.runtime.charge import leave
from delcia.runtime.job import Job, Outcome
from delcia.store.notices import pending_notices

R5 = "{model: r5-52, hold: false}"
NIGHTS = """\
  nights:
    {vehicle: spring, charger: socket, charge: {to_soc: 80}, when: {tariff: edf, bands: [off-peak]}, ready_by: "07:00"}
"""


@contextmanager
def r5_home(folder: Path, *, more: str = HOME, soc: float = 0.7, plans: str = NIGHTS) -> Iterator[Home]:
    """Return the home of a Renault 5 whose owner keeps it below 90 %, plugged in at 18:30."""
    with home(folder, vehicle=R5, plans=plans, more=more, code="R5E1VE", soc=soc) as made:
        made.car.soc_min_pct, made.car.soc_target_pct = 25, 90
        made.car.plug()
        yield made


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Home]:
    """Return that home."""
    with r5_home(tmp_path) as made:
        yield made


def limits(house: Home) -> tuple[int, int]:
    """Return the limits that the car has now."""
    return house.car.soc_min_pct, house.car.soc_target_pct


def lend(house: Home) -> None:
    """Let time pass until delcia has just asked the car for a limit."""
    minutes = iter(range(5, 60, 5))
    while house.memory.loans == ():
        house.live(f"Mon 18:{next(minutes):02}")


def test_the_limit_ends_the_charge_at_the_target_and_is_as_before_after_unplugging(house: Home) -> None:
    house.live("Tue 07:00")
    assert limits(house) == (25, 80)
    assert 100 * house.car.soc == pytest.approx(80, abs=0.5)
    house.car.unplug()
    house.car.drive(10)
    house.live("Tue 08:00")
    assert limits(house) == (25, 90)
    assert house.memory.loans == ()
    assert house.notices == []
    assert house.world.counts()["soc-levels"] <= 6
    assert busiest_hour(house) <= 20


def test_while_plugged_in_the_limit_is_never_raised_again(house: Home) -> None:
    house.live("Wed 18:00")
    assert limits(house) == (25, 80)
    assert 100 * house.car.soc == pytest.approx(80, abs=0.5)
    assert house.notices == []


def test_a_limit_that_the_owner_sets_meanwhile_stays(house: Home) -> None:
    house.live("Mon 19:30")
    house.car.soc_target_pct = 95
    house.live("Tue 07:00")
    house.car.unplug()
    house.car.drive(10)
    house.live("Tue 08:00")
    assert limits(house) == (25, 95)


def test_a_limit_that_the_car_takes_late_is_the_owners_again_all_the_same(house: Home) -> None:
    house.car.manners.takes_levels_s = 17 * 60
    lend(house)
    house.car.unplug()
    house.car.drive(10)
    house.live("Mon 20:00")
    assert limits(house) == (25, 90)
    assert house.memory.loans == ()


def test_who_leaves_a_car_that_has_yet_to_take_a_limit_takes_it_back(house: Home) -> None:
    house.car.manners.takes_levels_s = 17 * 60
    lend(house)
    leave(house.job, house.now)
    house.world.advance(timedelta(hours=1))
    assert limits(house) == (25, 90)


def boost_for_hours(job: Job, now: datetime) -> Outcome:
    """Charge for twelve hours, whatever SoC that brings."""
    return boost(job, now, minutes=720)


@pytest.mark.parametrize("word", [boost_for_hours, pause], ids=["boost", "pause"])
def test_a_persons_word_is_not_cut_short_by_a_limit_that_is_lent(
    house: Home, word: Callable[[Job, datetime], Outcome]
) -> None:
    house.live("Mon 19:30")
    assert limits(house) == (25, 80)
    word(house.job, house.now)
    house.live("Mon 20:00")
    assert limits(house) == (25, 90)
    house.live("Mon 23:20")
    assert 100 * house.car.soc == pytest.approx(90, abs=0.5), "its owner's own limit ends it"
    assert (house.memory.loans, house.notices) == ((), [])


def test_a_boost_beyond_the_owners_own_limit_is_told_for_what_it_is(house: Home) -> None:
    house.live("Mon 19:30")
    boost_for_hours(house.job, house.now)
    house.live("Tue 00:30")
    assert house.said[-1] == "Tue 00:30 spring: was asked 3 times to start; says that it has ended: a limit of its own?"
    assert (limits(house), house.notices) == ((25, 90), ["ignored"])


def test_a_boost_to_a_target_has_its_own_limit_and_a_stop_leaves_the_one_that_holds(house: Home) -> None:
    house.live("Mon 19:30")
    boost(house.job, house.now, to_soc_pct=85)
    house.live("Mon 20:00")
    assert limits(house) == (25, 85)
    stop(house.job, house.now)
    house.live("Mon 21:00")
    assert limits(house) == (25, 85)
    house.car.drive(10)
    house.live("Mon 22:00")
    assert limits(house) == (25, 90)


def test_a_trip_for_some_hours_is_cut_by_no_plans_limit(tmp_path: Path) -> None:
    with r5_home(tmp_path, soc=0.79) as house:
        house.car.soc_target_pct = 100
        house.live("Mon 22:00")
        assert (limits(house), house.car.charging) == ((25, 80), False)
        trip(house.job, house.now, 100, at("Tue 07:00"), 3 * 60)
        house.live("Tue 07:00")
        assert 100 * house.car.soc > 86
        house.car.drive(10)
        house.live("Tue 08:00")
        assert (limits(house), house.memory.loans, house.notices) == ((25, 100), (), [])


def test_away_from_home_the_limit_is_left_alone(tmp_path: Path) -> None:
    with r5_home(tmp_path) as house:
        house.car.drive(5, latitude=45.0, longitude=5.0)
        house.car.plug(50.0, 3)
        house.live("Mon 21:00")
        assert limits(house) == (25, 90)
        assert house.calls("soc-levels") == []


def test_without_a_home_the_limit_is_set_on_the_second_look(tmp_path: Path) -> None:
    with r5_home(tmp_path, more="") as house:
        house.live("Tue 07:00")
        assert limits(house) == (25, 80)
        assert 100 * house.car.soc == pytest.approx(80, abs=0.5)


def test_a_service_without_limits_is_told_once_and_the_car_charges(house: Home) -> None:
    house.world.fault(endpoint="soc-levels", times=None, code="err.func.wired.forbidden", status=403)
    house.live("Tue 07:00")
    assert house.notices == ["limit-refused"]
    assert len(house.calls("soc-levels")) == 1
    assert house.car.soc > 0.85


@pytest.mark.parametrize("word", [float, str, lambda pct: f"{pct}.0"], ids=["20.0", "'20'", "'20.0'"])
def test_a_limit_is_understood_however_the_service_writes_its_numbers(
    house: Home, word: Callable[[int], object]
) -> None:
    house.car.writes_levels = word
    house.live("Mon 19:30")
    assert (limits(house), house.notices) == ((25, 80), [])
    house.car.unplug()
    house.car.drive(10)
    house.live("Mon 20:30")
    assert (limits(house), house.memory.loans, house.notices) == ((25, 90), (), [])


@pytest.mark.parametrize("lowest", [None, True, -5, 20.5, "low", {}], ids=str)
def test_levels_that_make_no_sense_are_told_once_and_left_alone(house: Home, lowest: object) -> None:
    house.world.fault(endpoint="soc-levels", times=None, fields={"socMin": lowest})
    house.live("Mon 19:00")
    assert (limits(house), house.notices) == ((25, 90), ["limit-refused"])
    assert {outcome.status for _, outcome in house.outcomes} == {0}


def test_a_limit_that_is_lent_is_not_forgotten_when_the_car_refuses_another(house: Home) -> None:
    house.live("Mon 19:30")
    assert limits(house) == (25, 80)
    plans = {name: replace(plan, target=ToSoc(85)) for name, plan in house.site.plans.items()}
    house.site = replace(house.site, plans=plans)
    house.world.fault(endpoint="soc-levels", times=None, code="err.func.privacy.on", status=403)
    before = len(house.calls("soc-levels"))
    house.live("Tue 07:00")
    assert len(house.calls("soc-levels")) == before + 1
    told = {notice.slug: notice.text for notice in pending_notices(house.store)}
    assert told["limit-refused"].endswith("; its own stays at 80 %: look in its app")
    house.world.faults.clear()
    house.car.unplug()
    house.car.drive(10)
    house.live("Tue 08:00")
    assert limits(house) == (25, 90)
    assert house.memory.loans == ()


def test_a_limit_that_cannot_be_looked_at_is_not_looked_at_for_ever(house: Home) -> None:
    lend(house)
    house.world.fault(endpoint="soc-levels", times=None, code="err.func.privacy.on", status=403)
    before = len(house.calls("soc-levels"))
    house.live("Tue 07:00")
    assert len(house.calls("soc-levels")) == before + 1
    assert house.notices == ["limit-refused"]


def test_a_limit_that_was_given_back_is_lent_again_after_a_short_pause(house: Home) -> None:
    house.live("Mon 19:30")
    pause(house.job, house.now)
    house.world.go_to(at("Mon 19:32"))
    assert limits(house) == (25, 90)
    resume(house.job, house.now)
    house.live("Tue 07:00")
    assert limits(house) == (25, 80)
    assert 100 * house.car.soc == pytest.approx(80, abs=0.5)
    house.car.drive(10)
    house.live("Tue 08:00")
    assert (limits(house), house.memory.loans, house.notices) == ((25, 90), (), [])


def test_what_cannot_be_given_back_keeps_nothing_else_from_it(house: Home) -> None:
    house.car.settings.update(programs=[{"programActivationStatus": True, "programType": "CHARGE"}])
    house.car.manners.starts_on_plug_in = False
    house.car.unplug()
    house.car.plug()
    house.live("Tue 02:00")
    assert {loan.what for loan in house.memory.loans} == {"limit", "programmes"}
    house.world.fault(endpoint="soc-levels", times=None, code="err.func.privacy.on", status=403)
    outcome = leave(house.job, house.now)
    assert outcome.error is not None
    assert outcome.error.slug == "privacy-mode"
    assert house.car.settings["programs"][0]["programActivationStatus"]
    assert [loan.what for loan in house.memory.loans] == ["limit"]


def test_a_lost_answer_and_a_crash_leave_the_limit_known(house: Home) -> None:
    house.world.fault(endpoint="soc-levels", method="POST", times=1, drop=True, obeyed=True)
    house.live("Tue 07:00")
    assert limits(house) == (25, 80)
    house.car.unplug()
    house.car.drive(10)
    house.live("Tue 08:00")
    assert limits(house) == (25, 90)


def test_status_says_what_is_lent(house: Home) -> None:
    house.live("Mon 20:00")
    assert list(lent_words(house.memory)) == [
        "its own SoC limit is 80 % for now; it is 90 % again when it is unplugged",
    ]


def promised(house: Home) -> VehicleRow:
    """Return what a report tells now."""
    (row,) = build(house.site, {"spring": house.memory}, house.now, source="", plan=None, soc_pct=None).rows
    return row


@contextmanager
def waiting_home(folder: Path) -> Iterator[Home]:
    """Return the home of a Renault 5 that stands in the evening, plugged in, since a programme of its own is on."""
    with home(folder, vehicle=R5, plans=NIGHTS, more=HOME, code="R5E1VE", soc=0.55) as house:
        house.car.settings["programs"] = [{"programActivationStatus": True, "programType": "CHARGE"}]
        house.car.settings["chargeModeRq"] = "SCHEDULED"
        house.car.plug()
        yield house


def test_a_car_that_stands_until_its_window_is_promised_no_charge_before_it(tmp_path: Path) -> None:
    with waiting_home(tmp_path) as house:
        house.live("Mon 22:30")
        row = promised(house)
        (found,) = row.plans
        assert found.projection.starts_at == at("Tue 01:38")
        assert not [note for note in notes(house.site, row, house.now, PARIS) if "as if that were now" in note]
        house.live("Tue 07:00")
        assert found.projection.soc_at_deadline_pct == pytest.approx(100 * house.car.soc, abs=1)
        assert not found.projection.reaches_target


def test_a_charge_that_outlasts_its_window_is_promised_to_end_at_the_limit(tmp_path: Path) -> None:
    with waiting_home(tmp_path) as house:
        house.live("Tue 07:05")
        assert house.car.charging
        together = promised(house).together
        assert together is not None
        house.live("Tue 12:00")
        assert together.soc_pct == pytest.approx(100 * house.car.soc, abs=1)
