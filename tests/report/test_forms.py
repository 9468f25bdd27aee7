"""The report as page, feed, Markdown and strip: valid, escaped, self-contained, the same values."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import html5lib
import icalendar
import pytest
from support.small_site import EDF, plan, site, span

from delcia.core.energy import charging_minutes, curve, wall_kwh_after
from delcia.core.model import InWindows
from delcia.core.sessions import PastSession, cost_of
from delcia.core.state import Charge, Memory, Owner, Plug, Reading
from delcia.report.calendar import calendar
from delcia.report.data import data_of
from delcia.report.markdown import markdown
from delcia.report.page import page
from delcia.report.rows import Report, build
from delcia.report.strip import strips
from delcia.report.table import table

NOW = datetime(2026, 11, 23, 18, 41, tzinfo=UTC)  # 19:41+01:00, a Monday
HOUR = timedelta(hours=1)
NASTY = 'plans in <script>alert(1)</script> & "x" | *y*'
HOME = site(plan(ready_by_min=420), plan(InWindows((span("22:00-23:00"), span("23:30-06:00"))), name="zwei"))
READING = Reading(NOW, NOW, Plug.PLUGGED, Charge.IDLE, 52.0, 118)
MEMORY = Memory(reading=READING, soc_reading=READING, plugged_since=NOW)
NIGHT = PastSession(
    "spring",
    Owner.DELCIA,
    datetime(2026, 11, 22, 4, 38, tzinfo=UTC),
    datetime(2026, 11, 22, 6, 38, tzinfo=UTC),
    "window",
    "nights",
    "socket",
    60.0,
    72.0,
    4.0,
)


def report(now: datetime = NOW, soc_pct: float | None = None) -> Report:
    return build(HOME, {"spring": MEMORY}, now, source=NASTY, plan=None, soc_pct=soc_pct)


def test_the_page_is_valid_html_and_every_value_is_escaped() -> None:
    text = page(report(), {"spring": (NIGHT,)})
    html5lib.HTMLParser(strict=True).parse(text)
    assert "<script" not in text
    assert "&lt;script&gt;" in text


def test_the_page_loads_nothing_and_runs_nothing() -> None:
    text = page(report(), {})
    assert not re.search(r"https?:|src=|href=|url\(|@import|<script|\son\w+=", text)
    assert "default-src 'none'" in text


def test_every_picture_of_the_page_has_its_words() -> None:
    text = page(report(), {"spring": (NIGHT,)})
    assert text.count("<svg") == text.count('role="img"') == text.count("<desc>") == 3
    assert "charging Tue 01:38–02:14" in text
    assert "Sun 05:38 – 07:38" in text
    assert "60 → 72 %" in text


def test_the_feed_is_accepted_and_says_when_the_car_charges() -> None:
    feed = icalendar.Calendar.from_ical(calendar(report()))
    events = feed.walk("VEVENT")
    assert next(event.decoded("DTSTART") for event in events) == datetime(2026, 11, 23, 21, 0, tzinfo=UTC)
    assert str(events[0]["SUMMARY"]) == "spring charges to about 60 %"  # until 23:00
    assert str(events[0]["DESCRIPTION"]).endswith("give or take 10 %")
    assert len(events) == 3
    assert not feed.errors


def test_an_event_keeps_its_uid_when_it_is_planned_anew() -> None:
    first = icalendar.Calendar.from_ical(calendar(report())).walk("VEVENT")
    later = icalendar.Calendar.from_ical(calendar(report(NOW + HOUR, 55.0))).walk("VEVENT")
    assert [str(event["UID"]) for event in first] == [str(event["UID"]) for event in later]
    assert len({str(event["UID"]) for event in first}) == len(first)


def test_the_lines_of_the_feed_end_and_fold_as_they_must() -> None:
    text = calendar(report())
    assert text.endswith("\r\n")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))


def test_markdown_means_only_what_it_says() -> None:
    text = markdown(report())
    assert "\\<script\\>" in text
    assert "| nights | Tue 01:38 → 02:14" in text


def test_the_strip_shows_windows_and_charging() -> None:
    hours, _, nights = strips(report()).splitlines()
    assert len(nights.split("  ")[1]) == 48
    assert hours.index("00") == nights.index("  ") + 2 + 9  # from 19:30 on, half an hour a character
    assert nights.split("  ")[1].startswith("·" * 12 + "█" * 2 + "░")
    assert "░" in nights


def test_the_range_is_told_when_the_car_told_it() -> None:
    assert "80 % (182 km) at 07:00" in table(report())
    [nights] = [item for item in data_of(report())["plans"] if item["plan"] == "nights"]
    assert nights["range_at_ready_by_km"] == 182


def test_a_session_costs_what_its_bands_cost_by_the_minute() -> None:
    found = cost_of(HOME, NIGHT)
    assert found is not None
    off_peak, peak = (band.price_per_kwh for band in EDF.bands)
    assert found == (2 * off_peak + 2 * peak, "EUR")


def test_the_balancing_at_the_end_of_a_session_costs_little() -> None:
    """From 96 % at 06:00 to 100 % at 06:32; then the cells are equalised, which takes little."""
    began = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
    model = curve(HOME.vehicles["spring"].battery, HOME.chargers["socket"])
    whole = timedelta(minutes=charging_minutes(model, 0.96, 1.0))
    slow = replace(NIGHT, began_at=began, ended_at=began + whole + timedelta(hours=1), soc_start_pct=96.0)
    slow = replace(slow, soc_end_pct=100.0, energy_wall_kwh=2.0, charger="socket", plan="nights")
    found = cost_of(HOME, slow)
    assert found is not None
    off_peak, peak = (band.price_per_kwh for band in EDF.bands)
    early = wall_kwh_after(model, 0.96, 38) / wall_kwh_after(model, 0.96, 600)
    assert float(found[0]) == pytest.approx(2 * (early * float(off_peak) + (1 - early) * float(peak)), abs=1e-6)


def test_plans_of_one_vehicle_are_laid_over_each_other_and_nothing_is_charged_twice() -> None:
    """Each plan alone needs 28 points; `zwei` begins first and has charged most of them when `nights` begins."""
    (row,) = report().rows
    assert row.together is not None
    zwei, nights = (item.projection for item in row.plans)
    assert (zwei.plan, nights.plan) == ("zwei", "nights")
    assert row.together.energy_wall_kwh == pytest.approx(zwei.energy_wall_kwh, rel=0.01)
    assert nights.energy_wall_kwh < 0.2 * zwei.energy_wall_kwh
    assert row.together.intervals[0].start == zwei.starts_at
    assert row.together.soc_at_ready_by_pct == pytest.approx(80)
    assert "together" in table(report())
    assert "| together | " in markdown(report())
    assert "All plans together" in page(report(), {})
    (vehicle,) = data_of(report())["vehicles"]
    assert (vehicle["plans"], vehicle["together"]["range_at_ready_by_km"]) == (["zwei", "nights"], 182)


def test_one_plan_alone_has_no_row_for_the_vehicle() -> None:
    one = build(site(plan(ready_by_min=420)), {"spring": MEMORY}, NOW, source="", plan=None, soc_pct=None)
    assert one.rows[0].together is None
    assert "together" not in table(one)
    assert "All plans together" not in page(one, {})
    assert data_of(one)["vehicles"][0]["together"] is None
