"""The panel in a real browser: without scripts, by keyboard alone, on a phone and a desk, light and dark."""

from datetime import timedelta
from pathlib import Path

import pytest
from support.browser import DESKTOP_PX, PHONE_PX, HeadlessBrowser, Visit
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
        assert "boost to 60 %" in page.locator(".asked").inner_text()
        assert locked.host.car.charging
        before = int(page.locator(".number").inner_text())
        locked.live(at("Mon 20:20"), at("Mon 20:30"), at("Mon 20:40"))
        look_again(visit)
        assert int(page.locator(".number").inner_text()) > before
        page.get_by_role("button", name="Pause").click()
        locked.live(at("Mon 20:45"))
        look_again(visit)
        assert "paused until unplugged" in page.locator(".asked").inner_text()
        page.get_by_role("button", name="Resume").click()
        locked.live(at("Mon 20:50"))
        look_again(visit)
        assert page.locator(".asked").count() == 0
        page.get_by_role("button", name="Log out").click()
        page.wait_for_url("**/login")
        assert visit.asked_elsewhere(f"http://127.0.0.1:{locked.visitor.port}/") == []
        assert visit.troubles == []

    browser.visit(f"http://127.0.0.1:{locked.visitor.port}/", steps)


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width_px", [PHONE_PX, DESKTOP_PX])
def test_the_page_is_for_every_eye_and_width(
    evening: Evening, browser: HeadlessBrowser, pictures: Path, width_px: int, *, dark: bool, lang: str
) -> None:
    def steps(visit: Visit) -> None:
        assert visit.overflow_px() == 0
        assert visit.barriers() == []
        assert visit.troubles == []

    address = f"http://127.0.0.1:{evening.visitor.port}/"
    picture = pictures / f"{width_px}-{'dark' if dark else 'light'}-{lang}.png"
    browser.visit(address, steps, width_px=width_px, dark=dark, picture=picture, lang=lang)


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
        for name, told in (("Stop", "paused until unplugged"), ("Pause", "paused until Tue 06:00"), ("Resume", "")):
            button = visit.page.get_by_role("button", name=name)
            if name == "Pause":
                visit.page.get_by_label("Until (may stay empty)").fill("2026-11-24T06:00")
            button.focus()
            press("Enter")
            visit.page.wait_for_url("**asked=**")
            evening.live(evening.host.world.clock.now() + timedelta(minutes=5))
            look_again(visit)
            assert visit.page.locator(".asked").count() == bool(told)
            assert not told or told in visit.page.locator(".asked").inner_text()

    browser.visit(f"http://127.0.0.1:{evening.visitor.port}/car/spring", steps, scripts=False)
