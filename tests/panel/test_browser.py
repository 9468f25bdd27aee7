"""The panel in a real browser: without scripts, by keyboard alone, on a phone and a desk, light and dark."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from support.browser import DESKTOP_PX, PHONE_PX, HeadlessBrowser, Visit
from support.checkouts import git
from support.evenings import PASSWORD, Evening
from support.home import at


@pytest.fixture(scope="module", autouse=True)
def _needs(browser: HeadlessBrowser) -> None:
    """Skip all of it, loudly, where there is no browser."""


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Return where pictures go."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    return folder


def log_in(visit: Visit) -> None:
    """Give the password and see the car."""
    visit.page.get_by_label("Password").fill(PASSWORD)
    visit.page.get_by_role("button", name="Log in").click()
    visit.page.wait_for_url("**/car/spring")


def look_again(visit: Visit) -> None:
    """Load the page once more, as the link in its corner does."""
    visit.page.get_by_role("link", name="Look again").click()
    visit.page.wait_for_url("**/car/spring")


def test_an_evening_with_the_panel(locked: Evening, browser: HeadlessBrowser) -> None:
    def steps(visit: Visit) -> None:
        page = visit.page
        log_in(visit)
        assert page.get_by_role("heading", level=1).inner_text() == "spring"
        page.get_by_label("to another SoC").check()
        page.get_by_label("SoC in percent").fill("60")
        page.get_by_role("button", name="Charge", exact=True).click()
        assert "Passed on." in page.get_by_role("status").inner_text()
        locked.live(at("Mon 20:05"), at("Mon 20:10"))
        page.get_by_text("Done: start until").wait_for()  # the page looks again by itself
        assert "start: to 60 %" in page.locator(".asked").inner_text()
        assert locked.host.car.charging
        before = int(page.locator(".number").inner_text())
        locked.live(at("Mon 20:20"), at("Mon 20:30"), at("Mon 20:40"))
        look_again(visit)
        assert int(page.locator(".number").inner_text()) > before
        page.get_by_role("button", name="Leave alone").click()
        locked.live(at("Mon 20:45"))
        look_again(visit)
        assert "left alone until unplugged" in page.locator(".asked").inner_text()
        page.get_by_role("button", name="Resume").click()
        locked.live(at("Mon 20:50"))
        look_again(visit)
        assert page.locator(".asked").count() == 0
        page.get_by_role("button", name="Log out", exact=True).click()
        page.wait_for_url("**/login")
        assert visit.asked_elsewhere(f"http://127.0.0.1:{locked.visitor.port}/") == []
        assert visit.troubles == []

    browser.visit(f"http://127.0.0.1:{locked.visitor.port}/", steps, scripts=False)


def pages(visit: Visit, base: str) -> Iterator[str]:
    """Open every kind of page, one after the other, and give its name."""
    page = visit.page
    for path in ("/car/spring", "/login", "/nothing", "/car/spring/plan/new"):
        page.goto(f"{base}{path}")
        for details in page.locator("details summary").all():
            details.click()
        yield path.strip("/").replace("/", "-")
    look = page.locator("form.card").first.locator("button[type=submit]")
    page.locator("input[name=far][value=soc]").check()
    page.locator("input[name=soc]").fill("50")
    look.click()
    page.locator("details summary").first.click()
    yield "review"
    page.goto(f"{base}/plan/nights")
    page.locator("input[name=when][value=windows]").check()
    look.click()
    page.locator(".fault").first.wait_for()
    yield "faults"


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width_px", [PHONE_PX, DESKTOP_PX])
def test_every_page_is_for_every_eye_and_width(
    planned: Evening, browser: HeadlessBrowser, pictures: Path, width_px: int, *, dark: bool
) -> None:
    base = f"http://127.0.0.1:{planned.visitor.port}"

    def steps(lang: str, visit: Visit) -> None:
        judged = (
            width_px == PHONE_PX and lang == "en"
        )  # the other width and language have the same elements and colours
        for name in pages(visit, base):
            assert visit.overflow_px() == 0, name
            assert not judged or visit.barriers() == [], name
            visit.page.screenshot(path=pictures / f"{name}-{lang}.png", full_page=True)
        assert [said for said in visit.troubles if not said.startswith("Failed to load resource")] == []

    for lang in ("en", "fr"):
        browser.visit(base, partial(steps, lang), width_px=width_px, dark=dark, lang=lang)


def reach(visit: Visit, words: str) -> None:
    """Press Tab until what is in focus says something, and then Enter."""
    for _ in range(60):
        visit.page.keyboard.press("Tab")
        if words in visit.page.locator(":focus").all_inner_texts():
            with visit.page.expect_navigation():
                visit.page.keyboard.press("Enter")
            return
    pytest.fail(f"no keys lead to '{words}'")


def test_plans_are_changed_without_scripts_and_by_keyboard_alone(planned: Evening, browser: HeadlessBrowser) -> None:
    def steps(visit: Visit) -> None:
        page, plans = visit.page, planned.host.plans
        for story, subject in (
            (("Change: nights", "Look at the change", "Save"), "Charge spring to 100 % off-peak, ready by 07:00"),
            (("Change: nights", "Reset"), "Disable the plan 'nights'"),
            (
                ("New plan", "Look at the change", "Save"),
                "Charge spring to 100 % at the cheapest price, ready by 07:00",
            ),
            (("Remove this plan", "Save"), "Remove the plan 'spring-1'"),
        ):
            page.goto(f"{address}/plan/spring-1" if story[0] == "Remove this plan" else f"{address}/car/spring")
            for words in story:
                if words == "Look at the change":
                    page.locator("input[name=far]:checked").focus()
                    page.keyboard.press("ArrowDown")
                reach(visit, words)
            assert "saved=" in page.url
            assert git(plans, "log", "-1", "--format=%s") == subject

    address = f"http://127.0.0.1:{planned.visitor.port}"
    browser.visit(address, steps, scripts=False)


def test_every_action_is_there_without_scripts_and_by_keyboard_alone(
    evening: Evening, browser: HeadlessBrowser
) -> None:
    def steps(visit: Visit) -> None:
        press = visit.page.keyboard.press
        for _ in range(4):  # to the radio buttons of how far: past the skip link, and the link that looks again
            press("Tab")
            if visit.page.locator(":focus").get_attribute("name") == "far":
                break
        press("ArrowDown")
        for _ in range(4):
            press("Tab")
            if visit.page.locator(":focus").get_attribute("name") == "when":
                break
        press("ArrowDown")
        press("Enter")
        visit.page.wait_for_url("**asked=**")
        evening.live(at("Mon 20:05"))
        look_again(visit)
        assert "trip: 100 % by Tue 07:00" in visit.page.locator(".asked").inner_text()
        for name, told in (
            ("Stop", "stopped until Tue 01:38"),
            ("Leave alone", "left alone until Tue 06:00"),
            ("Resume", ""),
        ):
            button = visit.page.get_by_role("button", name=name)
            if name == "Leave alone":
                visit.page.get_by_label("Until (may stay empty)").last.fill("2026-11-24T06:00")
            button.focus()
            press("Enter")
            visit.page.wait_for_url("**asked=**")
            evening.live(evening.host.world.clock.now() + timedelta(minutes=5))
            look_again(visit)
            assert visit.page.locator(".asked").count() == bool(told)
            assert not told or told in visit.page.locator(".asked").inner_text()

    browser.visit(f"http://127.0.0.1:{evening.visitor.port}/car/spring", steps, scripts=False)
