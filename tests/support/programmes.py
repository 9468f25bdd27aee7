"""The programme that the tests of the panel write, as a person fills its form in."""

from playwright.sync_api import Page


def fill_programme(page: Page) -> None:
    """Ask for 80 % in the off-peak hours, on weekdays, ready by seven."""
    page.get_by_label("to 80 %").check()
    page.get_by_label("in bands", exact=True).check()
    page.get_by_label("off-peak").check()
    for day in ("Sat", "Sun"):
        page.get_by_label(day).uncheck()
    page.get_by_label("Ready by (may stay empty)").fill("07:00")
