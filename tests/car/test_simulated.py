"""The simulated car charges by the model, lives its days, and misbehaves exactly as told."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from delcia.car.simulated import SimulatedCar, life_of, save, simulated_at
from delcia.car.simulation import Condition, Daily, Event, Habits, Life, daily_events
from delcia.core.intervals import Interval
from delcia.core.model import Battery, Charger
from delcia.core.state import Charge, Plug
from delcia.errors import DelciaError, Exit

SPRING = Battery(usable_kwh=26.8, ac_1phase_kw=6.6, ac_3phase_kw=0, overhead_kw=0.16)
SOCKET = Charger("socket", power_kw=2.3)
T = datetime(2026, 11, 23, 17, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)
PLUGGED = Condition(T, 20.0, plugged=True)
CHARGING = replace(PLUGGED, charging=True)


def car_of(
    condition: Condition, *events: Event, habits: Habits | None = None, daily: Daily | None = None
) -> SimulatedCar:
    """Return a Spring at a socket."""
    return SimulatedCar(SPRING, SOCKET, Life(condition, daily, events, habits or Habits()))


def test_a_night_at_the_socket_takes_what_the_model_says() -> None:
    car = car_of(CHARGING)
    # 20 to 100 % at 2.3 kW: 672.7 min and 25.25 kWh, the last 15 min of them balancing at 100 %
    assert car.read(T + 650 * MINUTE).soc_pct == 99.0
    assert (car.read(T + 658 * MINUTE).soc_pct, car.read(T + 658 * MINUTE).charge) == (100.0, Charge.CHARGING)
    assert car.read(T + 672 * MINUTE).charge is Charge.CHARGING
    assert car.read(T + 673 * MINUTE).charge is Charge.ENDED
    assert sum(part.interval.minutes for part in car.charged) == pytest.approx(672.7, abs=0.05)
    assert sum(part.energy_wall_kwh for part in car.charged) == pytest.approx(25.25, abs=0.005)


@given(st.lists(st.integers(1, 400), min_size=1, max_size=8), st.sampled_from([100, 80]), st.sampled_from([2.3, 6.6]))
def test_looking_often_changes_nothing(steps: list[int], soc_limit_pct: int, power_kw: float) -> None:
    life = Life(CHARGING, Daily("Europe/Paris"), (), Habits(soc_limit_pct=soc_limit_pct))
    once, often = (SimulatedCar(SPRING, Charger("box", power_kw), life) for _ in range(2))
    at = T
    for step in steps:
        at += step * MINUTE
        often.advance(at)
    once.advance(at)
    assert often.life.condition.soc_pct == pytest.approx(once.life.condition.soc_pct)
    assert often.life.condition.charging == once.life.condition.charging
    energy = [sum(part.energy_wall_kwh for part in car.charged) for car in (once, often)]
    assert energy[0] == pytest.approx(energy[1], abs=0.01)


def test_a_car_begins_by_itself_when_plugged_in_unless_it_is_of_another_kind() -> None:
    plug = Event(T + HOUR, "plug", soc_pct=30.0)
    for begins, charge in ((True, Charge.CHARGING), (False, Charge.IDLE)):
        car = car_of(Condition(T, 55.0), plug, habits=Habits(begins_on_plug=begins))
        assert car.read(T + HOUR - SECOND).plug is Plug.UNPLUGGED
        reading = car.read(T + HOUR)
        assert (reading.plug, reading.charge, reading.soc_pct) == (Plug.PLUGGED, charge, 30.0)


def test_a_command_is_obeyed_later_and_seen_later_still() -> None:
    car = car_of(CHARGING)
    car.stop(T + 30 * SECOND)
    before = car.read(T + 55 * SECOND)  # it obeyed at 50 s, and last reported at 0 s
    assert (before.reported_at, before.charge) == (T, Charge.CHARGING)
    after = car.read(T + 65 * SECOND)
    assert (after.reported_at, after.charge) == (T + MINUTE, Charge.IDLE)
    car.start(T + 70 * SECOND)
    assert car.read(T + 2 * MINUTE).charge is Charge.CHARGING
    assert [part.interval for part in car.charged] == [
        Interval(T, T + 50 * SECOND),
        Interval(T + 90 * SECOND, T + 2 * MINUTE),
    ]


def test_a_command_may_be_ignored_without_a_word() -> None:
    car = car_of(CHARGING, habits=Habits(ignores=("stop",)))
    car.stop(T)
    assert car.read(T + HOUR).charge is Charge.CHARGING


def test_some_cars_resume_five_minutes_after_every_stop() -> None:
    car = car_of(CHARGING, habits=Habits(resumes_after_min=5))
    for at in (T, T + HOUR):
        car.stop(at)
        assert car.read(at + MINUTE).charge is Charge.IDLE
        assert car.read(at + 5 * MINUTE).charge is Charge.IDLE
        assert car.read(at + 6 * MINUTE).charge is Charge.CHARGING


def test_a_car_without_its_cable_cannot_be_started() -> None:
    car = car_of(CHARGING, Event(T + HOUR, "unplug"))
    car.start(T + HOUR)
    reading = car.read(T + 2 * HOUR)
    assert (reading.plug, reading.charge) == (Plug.UNPLUGGED, Charge.IDLE)


def test_a_car_ends_at_its_own_limit() -> None:
    car = car_of(CHARGING, habits=Habits(soc_limit_pct=80))
    reading = car.read(T + 10 * HOUR)
    assert (reading.charge, reading.soc_pct) == (Charge.ENDED, 80.0)
    car.start(T + 10 * HOUR)
    assert car.read(T + 11 * HOUR).soc_pct == 80.0


def test_reports_may_be_rare_and_may_cease() -> None:
    silent = (Interval(T + HOUR + MINUTE, T + 3 * HOUR),)
    car = car_of(CHARGING, habits=Habits(reports_every_min=15, silent=silent))
    assert car.read(T + 29 * MINUTE).reported_at == T + 15 * MINUTE
    asleep = [car.read(T + minutes * MINUTE) for minutes in (61, 90, 179)]
    assert {reading.reported_at for reading in asleep} == {T + HOUR}
    assert len({reading.soc_pct for reading in asleep}) == 1
    awake = car.read(T + 3 * HOUR)
    assert awake.reported_at == T + 3 * HOUR
    assert awake.soc_pct == 41.0  # it charged all the while


def test_the_service_may_be_out_of_reach() -> None:
    car = car_of(PLUGGED, habits=Habits(outages=(Interval(T, T + HOUR),)))
    for call in (car.read, car.locate, car.start, car.stop):
        with pytest.raises(DelciaError) as caught:
            call(T)
        assert caught.value.status is Exit.TRY_AGAIN
    assert car.read(T + HOUR).charge is Charge.IDLE


def test_a_car_may_be_plugged_in_elsewhere() -> None:
    car = car_of(PLUGGED, Event(T + HOUR, "unplug"), Event(T + 2 * HOUR, "plug", used_pct=10.0, at_home=False))
    home, away = car.locate(T), car.locate(T + 3 * HOUR)
    assert home is not None
    assert away is not None
    assert (home.latitude, away.latitude) == (0.0, 1.0)


def test_days_keep_the_hours_of_the_wall_clock_when_it_changes() -> None:
    start, end = datetime(2026, 10, 24, 12, tzinfo=UTC), datetime(2026, 10, 26, 12, tzinfo=UTC)
    events = list(daily_events(Daily("Europe/Paris"), start, end))
    assert [(event.what, event.at.isoformat()) for event in events] == [
        ("plug", "2026-10-24T16:30:00+00:00"),
        ("unplug", "2026-10-25T06:30:00+00:00"),
        ("plug", "2026-10-25T17:30:00+00:00"),
        ("unplug", "2026-10-26T06:30:00+00:00"),
    ]
    split = datetime(2026, 10, 25, 6, 30, tzinfo=UTC)
    daily = Daily("Europe/Paris")
    assert [*daily_events(daily, start, split), *daily_events(daily, split, end)] == events


def test_a_year_of_days_never_strands_nor_overfills() -> None:
    car = car_of(CHARGING, daily=Daily("Europe/Paris", used_pct=40.0))
    car.advance(T + timedelta(days=365))
    assert all(0 <= part.soc_from_pct <= part.soc_to_pct <= 100 for part in car.charged)
    assert all(one.interval.end <= two.interval.start for one, two in pairwise(car.charged))
    assert len(car.charged) == 365


def test_a_drive_longer_than_the_battery_ends_at_the_lowest_soc() -> None:
    car = car_of(Condition(T, 20.0), Event(T + HOUR, "plug", used_pct=90.0))
    assert car.read(T + HOUR).soc_pct == 5.0


def test_a_car_in_a_file_lives_on_between_processes(tmp_path: Path) -> None:
    path = tmp_path / "simulated-spring.json"
    first = simulated_at(path, SPRING, SOCKET, "Europe/Paris", T + 30 * SECOND)
    reading = first.read(T + 30 * SECOND)
    assert (reading.plug, reading.charge, reading.soc_pct) == (Plug.PLUGGED, Charge.CHARGING, 40.0)
    first.stop(T + 10 * MINUTE)
    second = simulated_at(path, SPRING, SOCKET, "Europe/Paris", T + HOUR)
    assert second.life == first.life
    assert second.read(T + HOUR).charge is Charge.IDLE
    assert second.read(T + 14 * HOUR).plug is Plug.UNPLUGGED  # 07:30 in Paris
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def test_a_whole_life_comes_back_from_its_file(tmp_path: Path) -> None:
    path = tmp_path / "car.json"
    gap = (Interval(T, T + HOUR),)
    life = Life(
        replace(CHARGING, pending=(Event(T + MINUTE, "stop"),)),
        Daily("Europe/Paris", used_pct=10.0, used_by_weekday=(10.0,) * 5 + (0.0, 40.0)),
        (Event(T + HOUR, "plug", soc_pct=12.5, at_home=False),),
        Habits(ignores=("start",), resumes_after_min=5, silent=gap, outages=gap),
    )
    save(path, life)
    assert simulated_at(path, SPRING, SOCKET, "Europe/Paris", T).life == life


def test_a_person_may_write_the_file_by_hand() -> None:
    life = life_of({"condition": {"at": "2026-11-23T18:30:00+01:00", "soc_pct": 20, "plugged": True}})
    assert life == Life(PLUGGED)


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"condition": {}, "habits": []}', '{"condition": {}}', '{"condition": {"at": 1}}']
)
def test_a_file_that_cannot_be_read_is_a_broken_set_up_and_left_alone(tmp_path: Path, text: str) -> None:
    path = tmp_path / "car.json"
    path.write_text(text)
    with pytest.raises(DelciaError, match=r"car\.json cannot be read") as caught:
        simulated_at(path, SPRING, SOCKET, "Europe/Paris", T)
    assert caught.value.status is Exit.BROKEN
    assert path.read_text() == text


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(DelciaError, match="cannot be kept") as caught:
        save(tmp_path / "nowhere" / "car.json", Life(PLUGGED))
    assert caught.value.status is Exit.TRY_AGAIN
