"""Changing a plan for good on the panel: the form, the diff, the commit, and what somebody else changed meanwhile."""

import os
from pathlib import Path

import pytest
from support.browser import PHONE_PX, HeadlessBrowser, Visit
from support.checkouts import git
from support.cli_home import CliHome
from support.evenings import COMMENT, Evening
from support.home import at
from support.panels import Visitor, fields_in, served
from support.programmes import fill_programme
from support.repositories import signing_key


def test_a_programme_is_looked_at_saved_and_lived(planned: Evening, browser: HeadlessBrowser, tmp_path: Path) -> None:
    def steps(visit: Visit) -> None:
        page = visit.page
        page.get_by_role("link", name="Change: nights").click()
        fill_programme(page)
        assert visit.barriers() == []
        assert visit.overflow_px() == 0
        page.screenshot(path=tmp_path / "form.png", full_page=True)
        page.get_by_role("button", name="Look at the change").click()
        diff = page.locator("pre.diff").first.inner_text()
        assert "days: [mon-fri]" in diff
        assert "+++ b/" in diff
        assert "delcia-plan-nights.timer" in page.locator(".brings").inner_text()
        assert visit.barriers() == []
        assert git(planned.host.plans, "log", "--format=%s") == "Begin", "nothing is saved yet"
        visit.page.screenshot(path=tmp_path / "review.png", full_page=True)
        page.get_by_role("button", name="Save").click()
        page.wait_for_url("**saved=**")
        assert "Saved as " in page.get_by_role("status").inner_text()
        assert visit.troubles == []

    browser.visit(f"http://127.0.0.1:{planned.visitor.port}/car/spring", steps, width_px=PHONE_PX, scripts=True)
    subject, status = git(planned.host.plans, "log", "-1", "--format=%s"), git(planned.host.plans, "status", "--short")
    assert (subject, status) == ("Charge spring to 80 % off-peak on weekdays, ready by 07:00", "")
    text = (planned.host.plans / "home.yaml").read_text(encoding="utf-8")
    assert text.startswith(COMMENT)
    assert "update  plan nights" in planned.host.delcia("apply", str(planned.host.plans), "--yes").stdout
    planned.live(at("Tue 01:38"), at("Tue 01:43"))
    assert planned.host.car.charging


def test_a_new_plan_is_added_and_removed(planned: Evening) -> None:
    page = planned.visitor.get("/car/spring/plan/new")
    fields = {**page.hidden, "vehicle": "spring", "name": "noons", "charger": "socket", "far": "hours", "hours": "2h30"}
    fields |= {"when": "start_at", "start_at": "12:00", "days": "sat", "policy": "asap", "enabled": "on"}
    shown = planned.visitor.post("/car/spring/plan/new/look", fields)
    assert (shown.status, "+  noons:" in shown.body.replace("&#39;", "'")) == (200, True)
    saved = planned.visitor.post("/car/spring/plan/new/save", {**fields, "digest": digest_in(shown.body)})
    assert saved.status == 303
    assert "noons" in (planned.host.plans / "home.yaml").read_text(encoding="utf-8")
    shown = planned.visitor.post("/plan/noons/look", {**page.hidden, "vehicle": "spring", "action": "remove"})
    fields = {**page.hidden, "vehicle": "spring", "action": "remove", "digest": digest_in(shown.body)}
    assert planned.visitor.post("/plan/noons/save", fields).status == 303
    assert "noons" not in (planned.host.plans / "home.yaml").read_text(encoding="utf-8")


def test_markup_in_the_plans_stays_text(planned: Evening) -> None:
    markup = "<script>alert(1)</script>"
    file = planned.host.plans / "home.yaml"
    text = file.read_text(encoding="utf-8").replace("\n  nights:", f"\n  # {markup}\n  nights:")
    file.write_text(f"{text}# {markup}\n", encoding="utf-8")
    git(planned.host.plans, "commit", "--quiet", "--all", f"--message={markup}")
    form = fields_in(planned.visitor.get("/plan/nights").body, "/plan/nights/look")
    shown = planned.visitor.post("/plan/nights/look", {**form, "far": "100"})
    assert (shown.status, "&lt;script&gt;" in shown.body) == (200, True)
    file.write_text(text, encoding="utf-8")
    refused = planned.visitor.post("/plan/nights/save", fields_in(shown.body, "/plan/nights/save"))
    assert (refused.status, "&lt;script&gt;" in refused.body) == (409, True), "what was changed meanwhile is shown"
    fields = {name: markup for name in form if name not in {"token", "seen"}}
    wrong = planned.visitor.post("/plan/nights/look", {**form, **fields})
    assert wrong.status == 400
    new = fields_in(planned.visitor.get("/car/spring/plan/new").body, "/car/spring/plan/new/look")
    named = planned.visitor.post("/car/spring/plan/new/look", {**new, "name": markup})
    assert named.status == 400
    for page in (shown, refused, wrong, named):
        assert "<script" not in page.body


def test_what_is_wrong_in_a_form_is_said_at_its_fields(planned: Evening) -> None:
    page = planned.visitor.get("/plan/nights")
    fields = {**page.hidden, "vehicle": "spring", "charger": "socket", "far": "soc", "soc": "101", "when": "windows"}
    shown = planned.visitor.post("/plan/nights/look", fields)
    assert shown.status == 400
    for words in ("A number from 1 to 100.", "At least one window.", "At least one day."):
        assert words in shown.body


def test_reset_pauses_and_disables_by_a_commit(planned: Evening) -> None:
    page = planned.visitor.get("/plan/nights")
    assert planned.visitor.post("/plan/nights/reset", page.hidden).status == 303
    assert git(planned.host.plans, "log", "-1", "--format=%s") == "Disable the plan 'nights'"
    planned.live(at("Mon 20:05"))
    assert "left alone until unplugged" in planned.host.delcia("status").stdout


def test_a_reset_that_could_not_be_passed_on_is_passed_on_when_it_is_sent_again(planned: Evening) -> None:
    page, spool = planned.visitor.get("/plan/nights"), planned.host.paths.spool
    spool.rmdir()
    spool.write_text("no folder", encoding="utf-8")
    told = planned.visitor.post("/plan/nights/reset", page.hidden).headers["Location"]
    assert "delcia could not be asked" in planned.visitor.get(told).body
    spool.unlink()
    spool.mkdir()
    told = planned.visitor.post("/plan/nights/reset", page.hidden).headers["Location"]
    assert "delcia could not be asked" not in planned.visitor.get(told).body
    planned.live(at("Mon 20:05"))
    assert "left alone until unplugged" in planned.host.delcia("status").stdout


def test_what_somebody_else_changed_is_shown_and_never_overwritten(planned: Evening) -> None:
    page = planned.visitor.get("/plan/nights")
    fields = {**page.hidden, "vehicle": "spring", "action": "disable"}
    shown = planned.visitor.post("/plan/nights/look", fields)
    file = planned.host.plans / "home.yaml"
    theirs = file.read_text(encoding="utf-8").replace("amps: 10", "amps: 8")
    file.write_text(theirs, encoding="utf-8")
    git(planned.host.plans, "commit", "--quiet", "--all", "--message=Theirs")
    refused = planned.visitor.post("/plan/nights/save", {**fields, "digest": digest_in(shown.body)})
    assert (refused.status, "changed meanwhile" in refused.body) == (409, True)
    assert "+  socket: {amps: 8}" in refused.body, "what they changed is shown"
    assert file.read_text(encoding="utf-8") == theirs
    assert planned.visitor.post("/plan/nights/save", {**fields, "digest": digest_in(refused.body)}).status == 303
    assert "amps: 8" in file.read_text(encoding="utf-8")


@pytest.fixture
def bare(house: CliHome, tmp_path: Path) -> Path:
    """Return a bare repository that has the plans of the home, in its folder `car`."""
    plain, found = tmp_path / "plain", tmp_path / "bare.git"
    (plain / "car").mkdir(parents=True)
    (plain / "car/home.yaml").write_text((house.plans / "home.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    git(plain, "init", "--quiet", "--initial-branch=main")
    git(plain, "add", "--all")
    git(plain, "commit", "--quiet", "--message=Begin")
    git(plain, "clone", "--quiet", "--bare", str(plain), str(found))
    return found


def test_a_repository_elsewhere_gets_the_commit_by_a_push(house: CliHome, bare: Path, tmp_path: Path) -> None:
    settings = f'panel: {{plans: {{repository: "{bare}", branch: main, folder: car}}}}\n'
    house.paths.host_file.write_text(settings, encoding="utf-8")
    with served(house.root) as port:
        visitor = Visitor(port)
        fields = {**visitor.get("/plan/nights").hidden, "vehicle": "spring", "action": "disable"}
        shown = visitor.post("/plan/nights/look", fields)
        assert visitor.post("/plan/nights/save", {**fields, "digest": digest_in(shown.body)}).status == 303
        bare.rename(tmp_path / "away.git")
        assert visitor.get("/plan/nights").status == 200, "what was fetched last can still be looked at"
        fields = {**fields, "action": "enable"}
        shown = visitor.post("/plan/nights/look", fields)
        refused = visitor.post("/plan/nights/save", {**fields, "digest": digest_in(shown.body)})
        assert refused.status == 409
        assert "Nothing was saved: the repository of the plans does not give its branch" in refused.body
        (tmp_path / "away.git").rename(bare)
        assert visitor.post("/plan/nights/save", fields_in(refused.body, "/plan/nights/save")).status == 303
    log = git(bare, "log", "-2", "--format=%an: %s", "main")
    assert log == "delcia panel: Enable the plan 'nights'\ndelcia panel: Disable the plan 'nights'"


def test_a_server_is_spoken_to_by_a_key_of_the_panels_own_and_only_if_the_host_knows_it(
    house: CliHome, bare: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen, key = tmp_path / "seen", signing_key(tmp_path, "key")
    ssh = tmp_path / "bin/ssh"
    ssh.parent.mkdir()
    ssh.write_text(f'#!/bin/sh\necho "$*" >>{seen}\nfor words; do :; done\nexec sh -c "$words"\n', encoding="utf-8")
    ssh.chmod(0o755)
    monkeypatch.setenv("PATH", f"{ssh.parent}:{os.environ['PATH']}")
    settings = f'panel: {{plans: {{repository: "ssh://git@127.0.0.1{bare}", folder: car, key: {key}}}}}\n'
    house.paths.host_file.write_text(settings, encoding="utf-8")
    with served(house.root) as port:
        visitor = Visitor(port)
        fields = {**visitor.get("/plan/nights").hidden, "vehicle": "spring", "action": "disable"}
        shown = visitor.post("/plan/nights/look", fields)
        assert visitor.post("/plan/nights/save", {**fields, "digest": digest_in(shown.body)}).status == 303
    assert git(bare, "log", "-1", "--format=%s", "main") == "Disable the plan 'nights'"
    asked = seen.read_text(encoding="utf-8").splitlines()
    assert {line.split("'")[0].split()[-1] for line in asked} == {"git-upload-pack", "git-receive-pack"}
    known = f"UserKnownHostsFile={house.paths.known_hosts}"
    for words in ("-F /dev/null", known, "StrictHostKeyChecking=yes", "IdentitiesOnly=yes", f"-i {key} "):
        assert [line for line in asked if words not in line] == [], words


def test_a_form_for_a_plan_is_guarded_like_the_others(planned: Evening, evening: Evening) -> None:
    assert planned.visitor.post("/plan/nights/reset", {"token": "0" * 64}).status == 403
    assert planned.visitor.get("/plan/nothing").status == 404
    assert evening.visitor.get("/plan/nights").status in {200, 404}


def digest_in(body: str) -> str:
    """Return what the page of a change says it is."""
    return body.partition('name="digest" value="')[2].partition('"')[0]
