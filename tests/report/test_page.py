"""`delcia report --format html` in a real browser, on a desk and on a phone, by day and by night."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import product
from pathlib import Path

import html5lib
import pytest
from support.browser import DESKTOP_PX, PHONE_PX, HeadlessBrowser, Visit
from support.simulated_home import PLANS, SimulatedHome
from support.stories import at

from delcia.core.sessions import PastSession
from delcia.core.state import Charge, Memory, Owner, Plug, Reading
from delcia.store.memory import remember
from delcia.store.opening import open_store
from delcia.store.sessions import log_session

FULL = PLANS.replace(
    "chargers:\n", "  megane-of-the-whole-family: {model: megane-60, hold: false}\nchargers:\n  carport: {amps: 32}\n"
).replace(
    "plans:\n",
    """\
  tempo:
    currency: EUR
    day_starts_at: "06:00"
    bands:
      - {name: red-off-peak, days: [red], hours: ["22:00-06:00"], price: 0.1568}
      - {name: red-peak, days: [red], price: 0.7562}
      - {name: blue-off-peak, hours: ["22:00-06:00"], price: 0.1296}
      - {name: blue-peak, price: 0.1609}
calendars:
  red: {dates: [2026-11-24]}
plans:
  a-plan-with-quite-a-long-name-for-winter: {vehicle: megane-of-the-whole-family, charger: carport,
    charge: {to_soc: 100}, when: {tariff: tempo, bands: [blue-off-peak, red-off-peak]}, ready_by: "06:30"}
  saturdays: {vehicle: spring, charger: socket, charge: {to_soc: 100}, when: {windows: ["22:00-06:00"]}, days: [sat]}
""",
)
NOW = at("Mon 19:41")
READING = Reading(NOW - timedelta(minutes=3), NOW - timedelta(minutes=3), Plug.PLUGGED, Charge.IDLE, 52.0, 118)
READ = Memory(reading=READING, soc_reading=READING, plugged_since=NOW - timedelta(minutes=60))
LINES = "e => { const r = document.createRange(); r.selectNodeContents(e); return r.getClientRects().length }"
"""How many lines the text of an element takes."""
SCREENS = tuple(product((DESKTOP_PX, PHONE_PX), (False, True)))


@dataclass(frozen=True, slots=True)
class Seen:
    """What a person, a network and a screen reader meet on a page."""

    overflow_px: int
    asked_elsewhere: list[str]
    troubles: list[str]
    barriers: list[str]
    pictures: int


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the page of a home with two cars, three plans and a week that has been."""
    home = SimulatedHome(tmp_path, monkeypatch)
    home.write(FULL)
    home.go_to("Mon 19:41")
    store = open_store(home.root / "var/lib/delcia/state/delcia.db")
    remember(store, "spring", READ)
    for day, soc_pct in ((-5, 38.0), (-4, 55.0), (-2, 44.0), (0, 61.0)):
        begun_at = at("Mon 01:38") + timedelta(days=day)
        night = PastSession(
            "spring",
            Owner.DELCIA,
            begun_at,
            begun_at + timedelta(hours=4),
            "window",
            "nights",
            "socket",
            soc_pct,
            soc_pct + 30,
            9.2,
            2.3,
        )
        log_session(store, night)
    store.close()
    page = tmp_path / "report.html"
    ran = home.run("report", str(home.plans), "--format", "html", "--out", str(page))
    assert ran.status == 0, ran.stderr
    return page


def test_the_page_is_read_on_a_desk_and_on_a_phone_by_day_and_by_night(
    written: Path, tmp_path: Path, browser: HeadlessBrowser
) -> None:
    html5lib.HTMLParser(strict=True).parse(written.read_text(encoding="utf-8"))
    address = written.as_uri()

    def look(visit: Visit) -> Seen:
        return Seen(
            overflow_px=visit.overflow_px(),
            asked_elsewhere=visit.asked_elsewhere(address),
            troubles=visit.troubles,
            barriers=visit.barriers(),
            pictures=visit.page.get_by_role("img").count(),
        )

    for width_px, dark in SCREENS:
        picture = tmp_path / f"report-{width_px}-{'dark' if dark else 'light'}.png"
        seen = browser.visit(address, look, width_px=width_px, dark=dark, picture=picture)
        assert seen == Seen(0, [], [], [], pictures=4), picture


def test_a_value_and_its_unit_stay_on_one_line_on_a_phone(written: Path, browser: HeadlessBrowser) -> None:
    """Of a session's cells only the first, its time, goes over two lines; the row has the height of that one."""

    def look(visit: Visit) -> tuple[list[int], str]:
        cells = visit.page.locator("table:not(.bands) tbody tr:first-child td").all()
        words = visit.page.locator("article", has_text="nights").first.locator("p").first.inner_text()
        return [cell.evaluate(LINES) for cell in cells], words

    lines, words = browser.visit(written.as_uri(), look, width_px=PHONE_PX)
    assert lines[1:] == [1] * (len(lines) - 1)
    assert "8.8\N{NO-BREAK SPACE}kWh" in words


def test_a_page_that_asks_elsewhere_or_is_too_wide_is_noticed(tmp_path: Path, browser: HeadlessBrowser) -> None:
    page = tmp_path / "bad.html"
    page.write_text("<img src='http://delcia.invalid/x.png'><div style='width: 50rem'>wide</div>", encoding="utf-8")
    address = page.as_uri()

    def look(visit: Visit) -> tuple[list[str], bool, list[str]]:
        return visit.asked_elsewhere(address), visit.overflow_px() > 0, visit.barriers()

    asked, wide, barriers = browser.visit(address, look, width_px=PHONE_PX)
    assert asked == ["http://delcia.invalid/x.png"]
    assert wide
    assert any("image-alt" in barrier for barrier in barriers)
