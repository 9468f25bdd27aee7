"""A trip is one charge to a target by a time: beside the plans, at the best price, and over by itself."""

from support.stories import Story, at, plugged_in

from delcia.car.simulation import Event, Habits
from delcia.core.state import Owner, Trip
from delcia.report.rows import build
from delcia.runtime.asking import boost, resume, trip


def test_a_trip_charges_above_the_plans_target_and_ends_by_itself() -> None:
    night = Story(plugged_in(soc_pct=75.0, habits=Habits(begins_on_plug=False)))
    night.live("Mon 20:00")
    night.look(lambda job, now: trip(job, now, 100, at("Wed 06:00")))
    night.live("Wed 05:59")
    assert night.car.life.condition.soc_pct > 99.5
    assert isinstance(night.asked(), Trip)
    night.live("Wed 06:05")
    assert night.asked() is None
    assert not night.car.life.condition.charging


def test_a_trip_takes_the_cheapest_hours_before_its_time() -> None:
    night = Story(plugged_in(soc_pct=75.0, habits=Habits(begins_on_plug=False)))
    night.live("Mon 20:00")
    night.look(lambda job, now: trip(job, now, 100, at("Tue 07:00")))
    starts = [words for words in night.said if " start " in words or "start until" in words]
    assert starts == []
    night.live("Tue 06:39")
    charged = [item.interval.start for item in night.car.charged]
    assert min(charged) >= at("Tue 01:38")
    assert night.car.life.condition.soc_pct > 95


def test_the_charge_of_a_trip_is_the_persons() -> None:
    night = Story(plugged_in(soc_pct=85.0, habits=Habits(begins_on_plug=False)))
    night.live("Mon 20:00")
    night.look(lambda job, now: trip(job, now, 100, at("Tue 07:00")))
    night.live("Tue 05:30")
    session = night.memory.session
    assert session is not None
    assert (session.owner, session.reason) == (Owner.PERSON, "trip")


def test_a_trip_outlives_a_drive() -> None:
    drive = (Event(at("Tue 08:00"), "unplug"), Event(at("Tue 18:30"), "plug", used_pct=30.0))
    night = Story(plugged_in(*drive, soc_pct=80.0, habits=Habits(begins_on_plug=False)))
    night.live("Mon 20:00")
    night.look(lambda job, now: trip(job, now, 95, at("Wed 06:00")))
    night.live("Wed 06:00")
    assert night.car.life.condition.soc_pct > 90


def test_the_latest_word_wins_over_a_trip() -> None:
    night = Story(plugged_in(soc_pct=75.0, habits=Habits(begins_on_plug=False)))
    night.live("Mon 20:00")
    night.look(lambda job, now: trip(job, now, 100, at("Tue 07:00")))
    night.look(lambda job, now: boost(job, now, 77))
    assert not isinstance(night.memory.override, Trip)
    night.look(lambda job, now: trip(job, now, 100, at("Tue 07:00")))
    night.look(resume)
    assert night.memory.override is None


def test_a_trip_is_a_row_of_the_report() -> None:
    night = Story(plugged_in(soc_pct=75.0, habits=Habits(begins_on_plug=False)))
    night.live("Mon 20:00")
    night.look(lambda job, now: trip(job, now, 100, at("Tue 07:00")))
    report = build(night.site, {"spring": night.memory}, night.now, source="", plan=None, soc_pct=None)
    rows = {row.plan.name: row.projection for row in report.rows[0].plans}
    assert set(rows) == {"nights", "trip of spring"}
    assert rows["trip of spring"].target_soc_pct == 100
    assert rows["trip of spring"].deadline == at("Tue 07:00")
