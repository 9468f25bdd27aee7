"""A charge that is late and goes on, in a window that outlasts its `ready_by`: what the report says of it."""

from dataclasses import replace
from datetime import timedelta

from support.small_site import plan, site, span
from support.stories import at

from delcia.core.model import InWindows, Plan
from delcia.core.state import Charge, Memory, Owner, Plug, Reading, Session
from delcia.report.data import data_of
from delcia.report.rows import Report, build
from delcia.report.table import table

NOW = at("Tue 07:30")
LONG = plan(InWindows((span("22:00-09:00"),), "edf"), ready_by_min=420)


def late(*plans: Plan) -> Report:
    """Return the report of a car at 60 % that was to have 80 % half an hour ago, and charges on."""
    reading = Reading(NOW, NOW, Plug.PLUGGED, Charge.CHARGING, 60.0)
    began = NOW - timedelta(hours=2)
    memory = Memory(
        reading=reading,
        soc_reading=reading,
        plugged_since=began,
        session=Session(Owner.DELCIA, began, 45.0, "window"),
        counting=("nights",),
    )
    return build(site(*plans), {"spring": memory}, NOW, source="applied", plan=None, soc_pct=None)


def test_no_soc_is_told_for_a_time_that_is_past() -> None:
    report = late(LONG)
    (told,) = data_of(report)["plans"]
    assert (told["ready_by"], told["soc_at_ready_by_pct"]) == ("2026-11-24T06:00:00Z", None)
    assert told["reaches_target"] is False
    words = table(report)
    assert "80 % at the end, late for 07:00" in words
    assert "at 07:00" not in words


def test_together_looks_to_the_next_ready_by_not_to_one_that_is_past() -> None:
    other = replace(plan(InWindows((span("12:00-15:00"),), "edf"), ready_by_min=960), name="noon")
    (together,) = [row.together for row in late(LONG, other).rows]
    assert together is not None
    assert together.ready_by == at("Tue 16:00")
