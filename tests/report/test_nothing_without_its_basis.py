"""In no form is a SoC of now told without its age, nor an estimate without what it rests on.

What each form says is taken apart: whatever has an explanation is taken out of it, and no per cent may be left; a part
that has an energy, a cost or a span must say beside it what these rest on. A line that is added later and says less
than that is found by whoever adds it.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import icalendar
import pytest
from support.small_site import SPRING, plan, site, span

from delcia.cli.estimates import estimates
from delcia.core.learned import Learned
from delcia.core.model import InWindows, Site
from delcia.core.state import Charge, Memory, Owner, Plug, Reading, Session
from delcia.panel.house import Seen
from delcia.panel.rendering import page as panel_page
from delcia.panel.tongue import tongue
from delcia.panel.view import view_of
from delcia.report.calendar import calendar
from delcia.report.data import data_of
from delcia.report.markdown import markdown
from delcia.report.page import page
from delcia.report.rows import Report, build
from delcia.report.status import Applied, Decided, Status, Timers, Units, VehicleStatus
from delcia.report.status_data import status_data
from delcia.report.status_text import status_text
from delcia.report.table import table

NOW = datetime(2026, 11, 23, 18, 41, tzinfo=UTC)  # 19:41+01:00, a Monday
MIN, HOUR = timedelta(minutes=1), timedelta(hours=1)


def read(soc_pct: float, ago: timedelta, asked_ago: timedelta | None = None) -> Memory:
    """Return what is remembered of a car that told its SoC so long ago, and was asked at that time or later."""
    reading = Reading(NOW - (asked_ago or ago), NOW - ago, Plug.PLUGGED, Charge.IDLE, soc_pct, 118)
    return Memory(reading=reading, soc_reading=reading, plugged_since=NOW - 2 * HOUR)


FRESH, OLD = read(52, 3 * MIN), read(53, 9 * HOUR, 3 * MIN)
CARRIED = replace(FRESH, session=Session(Owner.DELCIA, NOW - HOUR, 50.0, "window"))
LEARNED = replace(FRESH, learned=(Learned("socket", 1.08, 5, 0.04),))
CASES: dict[str, tuple[Memory, float | None, str]] = {
    "fresh": (FRESH, None, r"52 %(, plugged in)?,? read 3 min ago"),
    "old": (OLD, None, r"53 %(, plugged in)?,? reported 9 h ago"),
    "carried": (CARRIED, None, r"(about )?5\d %(, charging \(delcia's\))?,? carried forward, read 3 min ago"),
    "assumed": (Memory(), None, r"50 % assumed, not read yet"),
    "given": (Memory(), 52.0, r"52 %,? given"),
    "learned": (LEARNED, None, r"52 %(, plugged in)?,? read 3 min ago"),
    "has it": (read(82, 3 * MIN), None, r"82 %(, plugged in)?,? read 3 min ago"),
    "has it, long ago": (read(83, 9 * HOUR, 3 * MIN), None, r"83 %(, plugged in)?,? reported 9 h ago"),
}
RESTS_ON = (
    r"socket: (reckoned by (the car's model|your own numbers)|learned from 5 charges: 8 % longer than by the model)"
)
EXPLAINED = (
    rf"{RESTS_ON}, give or take \d+ %",
    r"target \d+ %",
    r"misses \d+ %",
    r"up to \d+ % \(minimum\)",
    r"\d+ %( \(\d+ km\))? (at|am) (the end|(\w{3} )?\d\d:\d\d)",
    r"to about \d+ %",
    r"(?<=EUR )\d+ %|(?<=kWh )\d+ %",
    r"from \d+ %, (\d+ (min|h) ago|assumed)",
    r" to (80|100) %",
    r"(above|at) its target of \d+ %: charges again below \d+ %",
    r"then \d+ % \(target \d+ %, off-peak\)",
)
"""A goal, or a SoC to come with its hour: what that rests on is looked for beside it."""
ESTIMATE = re.compile(r"\d kWh|\d EUR|→ (\w{3} )?\d\d:\d\d|charges to|then \d+ %")


def report(home: Site, memory: Memory, soc_pct: float | None) -> Report:
    """Return the report of a home with a plan for the night and one for any hour."""
    return build(home, {"spring": memory}, NOW, source="plans", plan=None, soc_pct=soc_pct)


def status(found: Report) -> Status:
    """Return the status of a host with these plans."""
    decided = Decided(NOW - MIN, "spring: start until 06:38, then 71 % (target 80 %, off-peak)", "start", wanted=True)
    applied = Applied(1, NOW, "plans", None, None, None, "1.0")
    cars = tuple(VehicleStatus(row, (decided,)) for row in found.rows)
    return Status(NOW, found.site, applied, Units(), Timers(), cars, (), ())


def of_the_feed(found: Report) -> list[str]:
    """Return each event, its lines unfolded and its escapes undone."""
    events = icalendar.Calendar.from_ical(calendar(found)).walk("VEVENT")
    return [f"{event['SUMMARY']}; {event['DESCRIPTION']}" for event in events]


def of_the_page(text: str) -> list[str]:
    """Return what a page says of the car before its plans, and of each plan: the legends of pictures are left out."""
    drawn = r"<(style|svg|script|fieldset)\b.*?</\1>|<span class=.scale.*?</span>|<ul class=.legend.*?</ul>"
    body = re.sub(drawn, "", text, flags=re.DOTALL)
    return [unescape(re.sub(r"<[^>]+>", " ", part)) for part in re.split(r"<article", body)]


def of_the_panel(found: Report) -> list[str]:
    """Return the same of the page that the panel makes, in English, with what stands in names and titles."""
    seen = Seen(status(found), found, {}, {"spring": estimates(found.site, SPRING, found.rows[0].memory)})
    values: dict[str, Any] = dict.fromkeys(("others", "findings", "plan_names"), ())
    values |= {"state": "", "again_s": 0, "key": "", "form": {}, "number": 1, "as_of": "", "release": "", "saved": ""}
    car = view_of(seen, "spring", tongue("en"))
    text = panel_page(None, "vehicle.html.j2", tongue("en"), car=car, token="", guarded=False, editable=False, **values)
    named = re.findall(r"<title>(.*?)</title>", text)[:1] + re.findall(r'aria-label="([^"]*%[^"]*)"', text)
    return [*of_the_page(text), *map(unescape, named)]


FORMS: dict[str, Callable[[Report], list[str]]] = {
    "table": lambda found: [table(found)],
    "Markdown": lambda found: [markdown(found).replace("\\", "")],
    "calendar": of_the_feed,
    "page": lambda found: of_the_page(page(found, {})),
    "panel": of_the_panel,
    "status": lambda found: [status_text(status(found))],
}


def unexplained(parts: list[str], soc: str) -> Iterator[str]:
    """Yield what is said of the SoC of now, or of a charge to come, without what it rests on."""
    for part in (" ".join(part.split()) for part in parts):
        left = re.sub("|".join((soc, *EXPLAINED)), "", part)
        yield from re.findall(r".{0,30}\d %.{0,30}", left)
        if (told := ESTIMATE.search(part)) and not re.search(f"{RESTS_ON}, give or take|learned yet", part):
            yield part[told.start() :][:80]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("model", ["spring-26", None])
def test_every_soc_has_its_age_and_every_estimate_its_basis(form: str, case: str, model: str | None) -> None:
    memory, given, soc = CASES[case]
    home = site(plan(ready_by_min=420), plan(InWindows((span("22:00-23:00"), span("23:30-06:00"))), name="zwei"))
    home = replace(home, vehicles={"spring": replace(SPRING, model=model)})
    parts = FORMS[form](report(home, memory, given))
    assert list(unexplained(parts, soc)) == []
    if case not in {"has it", "has it, long ago", "learned"}:
        assert ("your own numbers" if model is None else "the car's model") in " ".join(parts)


@pytest.mark.parametrize("case", CASES)
def test_every_value_of_the_data_has_its_basis(case: str) -> None:
    memory, given, _ = CASES[case]
    found = report(site(plan(ready_by_min=420)), memory, given)
    for item in data_of(found)["plans"]:
        assert item["soc_basis"] == found.rows[0].situation.basis
        assert item["soc_at"] is not None
        assert item["estimate"]["basis"] == ("learned" if case == "learned" else "prior")
        assert (item["completes_at"] is None) == (
            item["completes_earliest"] is None or item["completes_latest"] is None
        )
    (car,) = status_data(status(found))["vehicles"]
    (estimate,) = car["estimates"]
    assert estimate == {"charger": "socket", **data_of(found)["plans"][0]["estimate"]}
    assert (car["soc_pct"] is None) == (car["soc_at"] is None) == (car["soc_basis"] is None)
