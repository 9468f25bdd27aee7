"""What a person has typed on the panel is never lost, and nothing happens that was not asked for."""

from pathlib import Path

import pytest
from support.browser import HeadlessBrowser, Visit
from support.checkouts import git
from support.evenings import Evening
from support.home import at
from support.panels import Page, fields_in

PLANS = """
calendars:
  sunny: {dates: [2026-12-24]}
plans:
  four:
    vehicle: spring
    charger: socket
    charge: {energy_kwh: 7.25}
    when: {windows: ["22:00-23:00", "01:00-02:00", "03:00-04:00", "05:00-24:00"]}
    days: [mon, sunny]
  later:
    {vehicle: spring, charger: socket, charge: {hours: "1h20"}, when: {start_at: "23:30"}, days: [tue], enabled: false}
  once: {vehicle: spring, charger: socket, charge: {to_soc: 77}, when: {once: "2026-12-24 22:00"}}
  cheap:
    {vehicle: spring, charger: socket, charge: {to_soc: 60}, when: {tariff: edf}, ready_by: "06:00", policy: cheapest,
     guarantee: true, season: ["11-01", "03-31"]}
"""


@pytest.fixture
def file(planned: Evening) -> Path:
    """Return the file of the plans."""
    return planned.host.plans / "home.yaml"


def looked(planned: Evening, **fields: str) -> Page:
    """Fill in the form of a plan and look at the change."""
    form = fields_in(planned.visitor.get("/plan/nights").body, "/plan/nights/look")
    return planned.visitor.post("/plan/nights/look", {**form, **fields})


def save(planned: Evening, page: Page, path: str = "/plan/nights/save") -> Page:
    """Press the button of a page that shows a change."""
    return planned.visitor.post(path, fields_in(page.body, path))


def test_a_form_that_is_sent_as_it_came_changes_nothing(planned: Evening, file: Path, browser: HeadlessBrowser) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count("\nplans:\n") == 1
    file.write_text(text.replace("\nplans:\n", PLANS), encoding="utf-8")

    def steps(visit: Visit) -> None:
        for name in ("nights", "four", "later", "once", "cheap"):
            visit.page.goto(f"{address}/plan/{name}")
            visit.page.get_by_role("button", name="Look at the change").click()
            said = visit.page.locator("main").inner_text()
            assert "Nothing would change." in said, said

    address = f"http://127.0.0.1:{planned.visitor.port}"
    browser.visit(address, steps, scripts=False)


def test_a_change_that_cannot_be_saved_is_shown_again_with_the_reason(planned: Evening, file: Path) -> None:
    file.write_text(f"{file.read_text(encoding='utf-8')}# mine\n", encoding="utf-8")
    shown = looked(planned, far="soc", soc="66")
    refused = save(planned, shown)
    assert refused.status == 409
    assert "Nothing was saved: home.yaml has changes that are not committed" in refused.body
    assert "commit them or undo them, then save again" in refused.body
    git(planned.host.plans, "commit", "--quiet", "--all", "--message=Mine")
    assert save(planned, refused).status == 303
    assert "charge: {to_soc: 66}" in file.read_text(encoding="utf-8")


def test_a_change_that_is_sent_twice_is_saved_once(planned: Evening, file: Path) -> None:
    shown = looked(planned, far="soc", soc="66")
    first, second = save(planned, shown), save(planned, shown)
    assert (first.status, second.status) == (303, 303)
    assert first.headers["Location"] == second.headers["Location"]
    assert git(planned.host.plans, "rev-list", "--count", "HEAD") == "2"
    git(planned.host.plans, "revert", "--no-edit", "HEAD")
    assert save(planned, shown).headers["Location"] != first.headers["Location"], "what was undone is done anew"
    assert "charge: {to_soc: 66}" in file.read_text(encoding="utf-8")


def test_a_form_for_a_plan_that_was_changed_meanwhile_is_shown_again(planned: Evening, file: Path) -> None:
    form = fields_in(planned.visitor.get("/plan/nights").body, "/plan/nights/look")
    file.write_text(file.read_text(encoding="utf-8").replace('"07:00"', '"06:00"'), encoding="utf-8")
    git(planned.host.plans, "commit", "--quiet", "--all", "--message=Theirs")
    again = planned.visitor.post("/plan/nights/look", {**form, "far": "soc", "soc": "101"})
    assert (again.status, "A number from 1 to 100." in again.body) == (409, True)
    again = planned.visitor.post("/plan/nights/look", {**form, "far": "soc", "soc": "66"})
    assert (again.status, "This plan was changed meanwhile." in again.body) == (409, True)
    assert 'value="66"' in again.body
    assert again.body.count('name="begins"') == 3, "no row more than there was"
    shown = planned.visitor.post("/plan/nights/look", fields_in(again.body, "/plan/nights/look"))
    assert (shown.status, "&#34;06:00&#34;" in shown.body) == (200, True), "the difference is to what it is now"
    assert save(planned, shown).status == 303


def test_plans_that_cannot_be_read_are_said_and_the_form_can_be_sent_again(planned: Evening, file: Path) -> None:
    form = fields_in(planned.visitor.get("/plan/nights").body, "/plan/nights/look")
    text = file.read_text(encoding="utf-8")
    file.write_text(text + "plans: {}\n", encoding="utf-8")
    said = planned.visitor.post("/plan/nights/look", {**form, "far": "soc", "soc": "66"})
    assert (said.status, "the plans have errors" in said.body) == (409, True)
    file.write_text(text, encoding="utf-8")
    shown = planned.visitor.post("/plan/nights/look", fields_in(said.body, "/plan/nights/look"))
    assert (shown.status, "to_soc: 66" in shown.body) == (200, True)


def test_reset_pauses_whatever_becomes_of_the_commit(planned: Evening, file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    file.write_text(f"{text}# mine\n", encoding="utf-8")
    form = fields_in(planned.visitor.get("/plan/nights").body, "/plan/nights/reset")
    said = planned.visitor.post("/plan/nights/reset", form)
    assert said.status == 409
    assert "The pause is passed on, but the plan is not disabled: home.yaml has changes" in said.body
    file.write_text(text, encoding="utf-8")
    assert planned.visitor.post("/plan/nights/reset", fields_in(said.body, "/plan/nights/reset")).status == 303
    assert len(list(planned.host.paths.spool.iterdir())) == 1, "what is sent twice is one word"
    assert git(planned.host.plans, "log", "-1", "--format=%s") == "Disable the plan 'nights'"
    planned.live(at("Mon 20:05"))
    assert "left alone until unplugged" in planned.host.delcia("status").stdout
    form = fields_in(planned.visitor.get("/plan/nights").body, "/plan/nights/reset")
    assert planned.visitor.post("/plan/nights/reset", form).status == 303, "a plan that rests already is no fault"
    assert git(planned.host.plans, "rev-list", "--count", "HEAD") == "2"
