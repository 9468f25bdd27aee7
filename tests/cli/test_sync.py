"""A host below a root folder follows a real bare remote: what is sound is applied, what is not changes nothing."""

import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import jsonschema
import pytest
from support.command import delcia
from support.death import killed_at
from support.home import NIGHTS, SITE, SPRING
from support.repositories import Remote, git, remote
from support.simulated_home import PLANS as HOME
from support.simulated_home import SimulatedHome, published
from support.webhook import webhook

from delcia.cli.leaving import settle_later, settled
from delcia.cli.running import applied as applied_plans
from delcia.host.files import locked
from delcia.host.generations import current_generation, numbers, receipt_of
from delcia.host.offers import read_offer, word
from delcia.host.paths import Paths
from delcia.resources import resource
from delcia.store.log import LoggedCommand, last_commands
from delcia.store.notices import mark_sent, open_notices, pending_notices, queue_notice
from delcia.store.opening import open_readonly, open_store

GOOD = SITE % {"vehicle": SPRING, "more": "", "plans": NIGHTS, "chargers": ""}
BETTER = GOOD.replace("to_soc: 80", "to_soc: 70")
BROKEN = GOOD.replace("vehicle: spring", "vehicle: sprint")
TWO_CARS = HOME.replace("  spring: {", "  other: {model: spring-26, hold: true, driver: simulated}\n  spring: {")
THE_OTHER = HOME.replace("  spring: {", "  other: {").replace("vehicle: spring", "vehicle: other")


@pytest.fixture
def origin(tmp_path: Path) -> Remote:
    return remote(tmp_path)


@pytest.fixture
def paths(origin: Remote, tmp_path: Path) -> Paths:
    """Return a host that follows the remote."""
    return following(origin, tmp_path / "host")


def following(origin: Remote, root: Path) -> Paths:
    found = Paths.system(root)
    found.config.mkdir(parents=True)
    found.host_file.write_text(f"sync: {{remote: '{origin.url}', folder: plans}}\n", encoding="utf-8")
    return found


def sync(paths: Paths, *options: str) -> int:
    return delcia("sync", *(options or ("--now",)), "--root", str(paths.root)).status


def commit_of(paths: Paths) -> str | None:
    found = current_generation(paths)
    return found.receipt.origin.commit if found else None


def told(paths: Paths) -> list[str]:
    with closing(open_readonly(paths.database)) as store:
        return [item.text for item in open_notices(store)]


def test_a_push_is_followed_a_broken_one_changes_nothing_and_is_told_once(origin: Remote, paths: Paths) -> None:
    first = origin.push(home=GOOD)
    assert sync(paths) == 0
    assert commit_of(paths) == first
    receipt = receipt_of(paths, 1)
    assert (receipt.origin.author, receipt.origin.clean) == ("Ada Zoe", True)
    broken = origin.push(home=BROKEN)
    assert [sync(paths), sync(paths)] == [1, 1]
    assert commit_of(paths) == first
    assert (word(paths).commit, word(paths).slug) == (first, "bad-plans")
    (notice,) = told(paths)
    assert f"the plans at {broken[:10]} have errors: home.yaml:" in notice
    with closing(open_store(paths.database)) as store:
        mark_sent(store, pending_notices(store)[0], datetime.now(UTC))
    mended = origin.push(home=BETTER)
    assert sync(paths) == 0
    assert (commit_of(paths), told(paths)) == (mended, [])
    second = origin.push(home=BROKEN)
    assert [sync(paths), sync(paths)] == [1, 1]
    assert [second[:10] in text for text in told(paths)] == [True], "after a good one a bad one is news"
    with closing(open_store(paths.database)) as store:
        queue_notice(store, "", "drift", "not as it was applied", datetime.now(UTC))
        queue_notice(store, "spring", "login-expired", "log in again", datetime.now(UTC))
    assert delcia("remove", "--yes", "--root", str(paths.root)).status == 0
    left = [text for text in told(paths) if not text.startswith("spring: ")]
    assert left == ["log in again"], "who runs nothing has nothing to mend for it"


def test_what_sync_repairs_drives_no_earlier_generation_out(origin: Remote, paths: Paths) -> None:
    origin.push(home=GOOD)
    assert sync(paths) == 0
    origin.push(home=BETTER)
    assert sync(paths) == 0
    timer = paths.units / "delcia-plan-nights.timer"
    text = timer.read_text(encoding="utf-8")
    for _ in range(2):
        timer.write_text("# X-Delcia: by somebody else\n", encoding="utf-8")
        assert sync(paths) == 0
        assert timer.read_text(encoding="utf-8") == text
    assert [receipt_of(paths, number).number for number in numbers(paths)] == [1, 2]
    (paths.generations / "2/plans.json").write_text("{}", encoding="utf-8")
    assert sync(paths) == 0
    assert [receipt_of(paths, number).number for number in numbers(paths)] == [1, 2, 3], "a damaged one is made anew"


def test_first_plans_that_are_refused_are_told_although_nothing_is_applied(origin: Remote, paths: Paths) -> None:
    origin.push(home=BROKEN)
    with webhook() as hook:
        settings = paths.host_file.read_text(encoding="utf-8")
        paths.host_file.write_text(
            f"{settings}notify: {{webhook: '{hook.url}', quiet_hours: none}}\n", encoding="utf-8"
        )
        assert [sync(paths), sync(paths)] == [1, 1]
        assert ["the pushed plans are not followed" in text for text in hook.sent] == [True]
    assert commit_of(paths) is None


def test_a_rewritten_branch_is_refused_until_the_host_is_told(origin: Remote, paths: Paths) -> None:
    origin.push(home=GOOD)
    sync(paths)
    other = origin.push("--amend", home=BETTER)
    assert sync(paths) == 1
    assert word(paths).slug == "not-fast-forward"
    text = paths.host_file.read_text(encoding="utf-8").replace("folder: plans", "folder: plans, force: true")
    paths.host_file.write_text(text, encoding="utf-8")
    assert sync(paths) == 0
    assert commit_of(paths) == other


def test_a_remote_that_is_away_harms_nothing_for_an_hour_and_is_told_once_after_a_day(
    origin: Remote, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = origin.push(home=GOOD)
    assert sync(paths) == 0
    before = files(paths)
    origin.bare.rename(origin.bare.with_name("away"))
    begin = datetime(2026, 11, 24, 20, 0, tzinfo=UTC)
    times = [*range(0, 61, 10), *range(6 * 60, 4 * 24 * 60, 6 * 60)]
    for minutes in times:
        monkeypatch.setenv("DELCIA_NOW", (begin + timedelta(minutes=minutes)).isoformat())
        assert sync(paths) == 1
        assert (commit_of(paths), files(paths), word(paths).slug) == (first, before, "remote-away")
        assert word(paths).since == begin
        assert len(told(paths)) == (minutes >= 24 * 60)
    assert told(paths)[0].startswith("the plans were not followed since 2026-11-24 20:00 UTC: ")
    origin.bare.with_name("away").rename(origin.bare)
    monkeypatch.setenv("DELCIA_NOW", (begin + timedelta(days=4)).isoformat())
    assert sync(paths) == 0
    assert (told(paths), word(paths).since) == ([], None)


def files(paths: Paths) -> dict[str, bytes]:
    """Return what the host runs by: its units, and what is applied."""
    folders = (paths.units, paths.generations)
    return {str(file): file.read_bytes() for folder in folders for file in folder.rglob("*") if file.is_file()}


def test_a_look_that_crashed_is_told_until_one_ends(
    origin: Remote, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    origin.push(home=GOOD)
    assert sync(paths, "--enable", "--now") == 0
    with closing(open_store(paths.database)) as store:
        queue_notice(store, "spring", "login-expired", "log in again", datetime.now(UTC))
    monkeypatch.setenv("MONITOR_EXIT_CODE", "exited")
    monkeypatch.setenv("MONITOR_EXIT_STATUS", "78")
    failed = "delcia-sync-fetch.service failed, exit status 78: "
    for _ in range(2):
        delcia("notify", "--unit=delcia-sync-fetch.service", "--root", str(paths.root))
        sync(paths, "--take")
        assert [text.startswith(failed) for text in told(paths)] == [False, True], "whatever the cars have to say"
    assert sync(paths) == 0
    assert told(paths) == ["log in again"]


def test_a_look_that_did_not_end_is_no_news(origin: Remote, paths: Paths) -> None:
    first = origin.push(home=GOOD)
    assert sync(paths, "--enable", "--now") == 0
    sync(paths, "--take")
    assert (word(paths).slug, commit_of(paths), told(paths)) == ("no-offer", first, [])
    assert sync(paths) == 0
    assert word(paths).slug == ""


def test_who_applies_other_plans_is_told_that_sync_takes_them_away_again(origin: Remote, paths: Paths) -> None:
    commit = origin.push(home=GOOD)
    sync(paths, "--enable")
    sync(paths)
    (origin.work / "plans/home.yaml").write_text(BETTER, encoding="utf-8")
    ran = delcia("apply", str(origin.work / "plans"), "--yes", "--root", str(paths.root))
    assert "sync is on, and brings back what its branch says" in ran.stderr
    assert sync(paths) == 0
    assert commit_of(paths) == commit
    sync(paths, "--suspend")
    assert "sync is on" not in delcia("apply", str(origin.work / "plans"), "--yes", "--root", str(paths.root)).stderr


def test_a_rollback_that_fails_lets_sync_go_on(origin: Remote, paths: Paths) -> None:
    days = NIGHTS.replace("nights", "days")
    origin.push(home=GOOD + days)
    assert sync(paths, "--enable") == 0
    sync(paths)
    origin.push(home=GOOD)
    sync(paths)
    (paths.units / "delcia-plan-days.timer").write_text("somebody else's\n", encoding="utf-8")
    refused = delcia("rollback", "--yes", "--root", str(paths.root))
    assert (refused.status, "[foreign-unit]" in refused.stderr) == (1, True)
    assert word(paths).suspended == ""


def test_a_damaged_word_of_sync_keeps_nobody_from_going_back(origin: Remote, paths: Paths) -> None:
    for text in (GOOD, BETTER):
        origin.push(home=text)
        assert sync(paths, "--enable", "--now") == 0
    paths.synced.write_text("{", encoding="utf-8")
    assert delcia("rollback", "--yes", "--root", str(paths.root)).status == 0
    assert word(paths).suspended == "by a rollback to generation 1"


@pytest.mark.parametrize("command", [["rollback", "--yes"], ["remove", "--yes"], ["sync", "--suspend"]])
def test_a_sync_that_began_before_does_not_undo_what_a_person_does(
    origin: Remote, paths: Paths, command: list[str]
) -> None:
    """It reads that it is not suspended, applies, and writes how it ended; they wait until it has."""
    origin.push(home=GOOD)
    sync(paths, "--enable")
    sync(paths)
    origin.push(home=BETTER)
    sync(paths)
    before = (word(paths), files(paths))
    argv = [sys.executable, "-m", "delcia", *command, "--root", str(paths.root)]
    with locked(paths.data / ".pulled.lock", "sync"):
        waiting = subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        with pytest.raises(subprocess.TimeoutExpired):
            waiting.wait(2)
        assert (word(paths), files(paths)) == before
    assert waiting.wait(60) == 0
    assert (word(paths), files(paths)) != before


@pytest.mark.parametrize("command", [["remove", "--yes"], ["sync", "--disable"]])
@pytest.mark.parametrize("target", ["systemd", "crontab"])
def test_switched_off_while_it_looks_it_applies_nothing(
    origin: Remote, paths: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str], target: str
) -> None:
    origin.push(home=GOOD)
    plans = str(origin.work / "plans")
    assert delcia("apply", plans, "--target", target, "--yes", "--root", str(paths.root)).status == 0
    assert sync(paths, "--enable", "--now") == 0
    origin.push(home=BETTER)
    while_git_fetches(tmp_path, monkeypatch, [*command, "--root", str(paths.root)])
    before = current_generation(paths)
    ran = delcia("sync", "--now", "--scheduled", "--root", str(paths.root))
    assert "sync was switched off meanwhile: nothing is applied\n" in ran.stderr
    assert current_generation(paths) == (None if command[0] == "remove" else before)
    assert "switched off" in delcia("sync", "--take", "--root", str(paths.root)).stderr, "nor does a unit that began"
    assert sync(paths, "--enable", "--now") == 0
    assert word(paths).suspended == "", "who switches it on again means it"
    assert current_generation(paths) != before


def test_switched_off_where_cron_runs_the_plans_it_is_off_and_on_again_it_goes_on(origin: Remote, paths: Paths) -> None:
    root = ("--yes", "--root", str(paths.root))
    plans = str(origin.work / "plans")
    commit = origin.push(home=GOOD)
    assert delcia("apply", plans, "--target", "crontab", *root).status == 0
    assert sync(paths, "--enable", "--now") == 0
    assert sync(paths, "--disable") == 0
    assert delcia("sync", "--root", str(paths.root)).stdout.endswith(f"last at {commit[:10]}\n")
    (origin.work / "plans/home.yaml").write_text(BETTER, encoding="utf-8")
    assert "sync is on" not in delcia("apply", plans, *root).stderr
    assert "sync is suspended" not in delcia("rollback", *root).stderr
    assert sync(paths, "--suspend") == 0
    assert sync(paths, "--enable", "--now") == 0
    assert (word(paths).suspended, word(paths).commit) == ("", commit)
    assert sync(paths, "--suspend", "--enable") == 0
    assert sync(paths, "--enable") == 0
    assert word(paths).suspended.startswith("by hand"), "to take its settings anew is not to go on"


def while_git_fetches(folder: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]) -> None:
    """Have a command of delcia's run, once, when git has fetched and the look has not ended."""
    program, real, done = folder / "bin/git", shutil.which("git"), folder / "done"
    program.parent.mkdir()
    other = shlex.join([sys.executable, "-m", "delcia", *command])
    program.write_text(
        f'#!/bin/sh\n{real} "$@" || exit\n'
        f'case "$*" in *" fetch "*) [ -e {done} ] || {{ touch {done}; {other} >{folder}/said 2>&1 || exit; }};; esac\n',
        encoding="utf-8",
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")


def test_suspended_it_applies_nothing_and_a_rollback_suspends_it(origin: Remote, paths: Paths) -> None:
    origin.push(home=GOOD)
    assert sync(paths, "--enable") == 0
    sync(paths)
    origin.push(home=BETTER)
    sync(paths)
    ran = delcia("rollback", "--yes", "--root", str(paths.root))
    assert "sync is suspended" in ran.stderr
    sync(paths)
    found = current_generation(paths)
    assert found is not None
    assert found.number == 1
    assert "suspended by a rollback to generation 1" in delcia("sync", "--root", str(paths.root)).stdout
    sync(paths, "--resume", "--now")
    found_data = json.loads(delcia("sync", "--json", "--root", str(paths.root)).stdout)
    schema = json.loads(resource("schemas", "sync.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(found_data)
    assert (found_data["on"], found_data["suspended"]) == (True, "")
    assert (paths.units / "delcia-sync.timer").exists()
    assert sync(paths, "--disable") == 0
    assert not (paths.units / "delcia-sync.timer").exists()


def status(paths: Paths) -> tuple[dict[str, object], str]:
    """Return what `status` says of sync, for programs and for people; nothing when it says nothing."""
    root = ("--root", str(paths.root))
    found: dict[str, object] = published("status", delcia("status", "--json", *root).stdout)["sync"] or {}
    lines = delcia("status", *root).stdout.splitlines()
    label = next((number for number, line in enumerate(lines) if line.startswith("sync")), len(lines))
    return found, "\n".join(line[4:].strip() for line in lines[label : label + 3])


def test_status_tells_where_it_follows_and_since_when_it_does_not(
    origin: Remote, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DELCIA_NOW", "2026-11-24T20:00:00+01:00")
    assert status(paths) == ({}, "")
    sync(paths, "--enable")
    origin.push(home=BROKEN)
    assert "never looked at yet" in status(paths)[1]
    sync(paths)
    assert "since Tue 19:00: the plans at " in status(paths)[1], "although nothing is applied yet"
    first = origin.push(home=GOOD)
    monkeypatch.setenv("DELCIA_NOW", "2026-11-24T20:15:00+01:00")
    sync(paths)
    found, words = status(paths)
    assert words.splitlines()[0] == f"{origin.url} (main) looked at Tue 20:15, at {first[:10]}"
    assert (found["commit"], found["slug"], found["faults"]) == (first, "", [])
    origin.bare.rename(origin.bare.with_name("away"))
    for minute in (30, 45):
        monkeypatch.setenv("DELCIA_NOW", f"2026-11-24T20:{minute}:00+01:00")
        sync(paths)
    found, words = status(paths)
    assert words.splitlines()[1].startswith(f"since Tue 20:30: {origin.url} (main) could not be fetched")
    assert (found["looked_at"], found["since"]) == ("2026-11-24T19:45:00Z", "2026-11-24T19:30:00Z")
    doctor = delcia("doctor", "--offline", "--root", str(paths.root)).stdout
    assert "warning  sync         since 2026-11-24 19:30 UTC: " in doctor


def test_settings_that_changed_since_it_was_switched_on_are_told(origin: Remote, paths: Paths) -> None:
    origin.push(home=GOOD)
    sync(paths, "--enable")
    sync(paths)
    doctor = ("doctor", "--offline", "--root", str(paths.root))
    assert f"ok       sync         {origin.url} (main) is followed" in delcia(*doctor).stdout
    for text in (f"sync: {{remote: '{origin.url}', folder: plans, interval_min: 5}}\n", "notify: {}\n"):
        paths.host_file.write_text(text, encoding="utf-8")
        assert status(paths)[0]["faults"]
        assert "error    sync " in delcia(*doctor).stdout
    paths.host_file.write_text(f"sync: {{remote: '{origin.url}', folder: plans, interval_min: 5}}\n", encoding="utf-8")
    told = "'sync:' in host.yaml, a file beside it, or delcia, is not as it was when this was switched on"
    assert told in str(status(paths)[0]["faults"])
    sync(paths, "--enable")
    assert status(paths)[0]["faults"] == []


def test_where_cron_runs_the_plans_it_is_one_line_and_moves_when_they_do(origin: Remote, paths: Paths) -> None:
    origin.push(home=GOOD)
    root = ("--yes", "--root", str(paths.root))
    plans = str(origin.work / "plans")
    assert delcia("apply", plans, "--target", "crontab", *root).status == 0
    assert sync(paths, "--enable") == 0
    cron_d = paths.config.with_name("cron.d")
    (line,) = jobs(cron_d / "delcia-sync")
    assert line.split("\t")[:6] == ["*/15", "*", "*", "*", "*", "root"]
    assert " sync --now --scheduled 2>&1 | " in line
    assert status(paths)[0]["faults"] == []
    assert delcia("diff", plans, "--root", str(paths.root)).status == 0, "it is no drift"
    assert delcia("apply", plans, "--target", "systemd", *root).status == 0
    assert status(paths)[0]["faults"], "it is still cron that looks"
    assert sync(paths, "--enable") == 0
    assert not (cron_d / "delcia-sync").exists()
    assert (paths.units / "delcia-sync.timer").exists()
    assert delcia("apply", plans, "--cron-file", "/etc/crontabs/delcia", *root).status == 0
    crontab = cron_d.with_name("crontabs") / "root"
    crontab.write_text("17 3 * * *\tbackup\n", encoding="utf-8")
    assert sync(paths, "--enable") == 0
    assert not (paths.units / "delcia-sync.timer").exists()
    assert [line.split("\t")[0] for line in jobs(crontab)] == ["17 3 * * *", "*/15"]
    assert delcia("remove", *root).status == 0
    assert crontab.read_text(encoding="utf-8") == "17 3 * * *\tbackup\n"


def jobs(crontab: Path) -> list[str]:
    return [line for line in crontab.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]


def test_a_crontab_that_holds_the_plans_and_an_uneven_interval_are_refused(origin: Remote, paths: Paths) -> None:
    origin.push(home=GOOD)
    plans = str(origin.work / "plans")
    root = ("--root", str(paths.root))
    assert delcia("apply", plans, "--cron-file", "/etc/crontab", "--yes", *root).status == 0
    assert sync(paths) == 0, "the host's own scheduler may start it"
    assert delcia("panel", "--enable", *root).status == 0, "whatever else stands"
    assert "delcia sync --now --scheduled" in delcia("remove", "--yes", *root).stderr
    assert word(paths).suspended == "by 'delcia remove'"
    assert sync(paths) == 0
    assert current_generation(paths) is None, "and it brings back nothing"
    for file in ("/etc/crontab", "/etc/crontabs/root"):
        assert delcia("apply", plans, "--cron-file", file, "--yes", *root).status == 0
        refused = delcia("sync", "--enable", *root)
        assert (refused.status, "[crontab-taken]" in refused.stderr) == (1, True)
    assert delcia("apply", plans, "--cron-file", "/etc/cron.d/delcia", "--yes", *root).status == 0
    paths.host_file.write_text(f"sync: {{remote: '{origin.url}', interval_min: 45}}\n", encoding="utf-8")
    assert "[cron-interval]" in delcia("sync", "--enable", *root).stderr


def test_a_run_by_cron_says_something_only_when_something_is_new(origin: Remote, paths: Paths) -> None:
    run = ("sync", "--now", "--scheduled", "--root", str(paths.root))
    commit = origin.push(home=GOOD)
    assert f"at {commit[:10]}" in delcia(*run).stdout
    assert delcia(*run).stdout == ""
    origin.push(home=BROKEN)
    assert "[bad-plans]" in delcia(*run).stdout
    assert delcia(*run).stdout == ""


def test_a_car_that_a_push_takes_out_of_the_plans_is_settled_by_the_next_run(
    origin: Remote, quick_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Root's part has no network, so the push itself asks nothing of the car."""
    home = SimulatedHome(quick_path, monkeypatch)
    paths = following(origin, home.root)
    origin.push(home=TWO_CARS)
    assert sync(paths) == 0
    home.tick("Mon 18:30", "Mon 18:35", "Mon 18:40", "Mon 19:38")
    assert "stop (hold)" in home.run("status").stdout
    origin.push(home=THE_OTHER)
    home.go_to("Mon 20:00")
    calls = sent(paths)
    assert sync(paths) == 0
    assert sent(paths) == calls
    home.go_to("Mon 20:02")
    assert delcia("charge", "--all", "--scheduled", "--root", str(paths.root)).status == 0
    assert [command.kind for command in sent(paths)][:2] == ["start", "stop"], "what was held may go on"
    assert not (paths.state / "left.json").exists()
    before = (paths.generations / "1/plans.json").read_text(encoding="utf-8")
    now = datetime.now(UTC)
    settle_later(paths, before, now)
    under_way = settled(applied_plans(paths.root), now)
    next(under_way)
    settle_later(paths, "pushed meanwhile", now)
    assert list(under_way) == []
    (left,) = json.loads((paths.state / "left.json").read_text(encoding="utf-8"))
    assert left["plans"] == "pushed meanwhile", "and not forgotten by the run that was under way"


def test_a_car_that_delcia_charges_goes_on_when_a_push_takes_it_out_of_the_plans(
    origin: Remote, quick_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = SimulatedHome(quick_path, monkeypatch)
    paths = following(origin, home.root)
    origin.push(home=TWO_CARS)
    assert sync(paths) == 0

    def tick(*instants: str) -> str:
        said = ""
        for instant in instants:
            home.go_to(instant)
            said += delcia("charge", "--all", "--scheduled", "--root", str(paths.root)).stdout
        return said

    tick("Mon 18:30", "Mon 18:35", "Mon 18:40", "Tue 01:38", "Tue 01:43")
    assert "charging (delcia's)" in home.run("status").stdout
    assert [text for text in told(paths) if text.startswith("spring")] == ["spring: will be 77 % at 07:00, not 80 %"]
    origin.push(home=THE_OTHER)
    home.go_to("Tue 02:05")
    assert sync(paths) == 0
    assert "<6>spring: charging; its plans are gone: left alone\n" in tick("Tue 02:06")
    assert "spring" not in tick("Tue 06:40"), "once is enough"
    assert [command.kind for command in sent(paths)] == ["start", "stop"], "as by 'delcia remove'"
    assert not any("spring" in text for text in told(paths)), "of a plan that is gone there is nothing to fear"


def test_a_refused_push_is_told_once_however_well_the_car_is_meanwhile(
    origin: Remote, quick_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = SimulatedHome(quick_path, monkeypatch)
    paths, refused = following(origin, home.root), "the pushed plans are not followed"
    origin.push(home=HOME)
    sync(paths, "--enable")
    sync(paths)
    origin.push(home=BROKEN)
    with webhook() as hook:
        text = paths.host_file.read_text(encoding="utf-8")
        paths.host_file.write_text(f"{text}notify: {{webhook: '{hook.url}', quiet_hours: none}}\n", encoding="utf-8")
        for instant in ("Mon 19:00", "Tue 07:00", "Tue 15:00"):
            home.go_to(instant)
            assert sync(paths) == 1
            assert delcia("charge", "--all", "--scheduled", "--root", str(paths.root)).status == 0
            assert len([text for text in told(paths) if refused in text]) == 1
        assert len([text for text in hook.sent if refused in text]) == 1
    assert sync(paths, "--disable") == 0
    assert not any(refused in text for text in told(paths)), "who follows no branch needs no other plans there"


def sent(paths: Paths) -> tuple[LoggedCommand, ...]:
    """Return what was asked of the car, the newest first."""
    with closing(open_readonly(paths.database)) as store:
        return last_commands(store, "spring", 10)


HOOKS = ("reference-transaction", "post-checkout", "post-merge", "post-update", "pre-auto-gc", "post-index-change")
SETTINGS = ("core.fsmonitor", "core.pager", "core.sshCommand", "core.editor", "gpg.program", "gpg.ssh.program")
DRIVERS = (
    "filter.x.smudge",
    "filter.x.clean",
    "filter.x.process",
    "diff.x.textconv",
    "diff.x.command",
    "merge.x.driver",
)


@pytest.fixture
def trap(tmp_path: Path) -> Path:
    """Return a program that leaves `sprung` beside it."""
    program = tmp_path / "trap"
    program.write_text(f"#!/bin/sh\ntouch {tmp_path}/sprung\ncat\n", encoding="utf-8")
    program.chmod(0o755)
    return program


def sprung(trap: Path) -> bool:
    return trap.with_name("sprung").exists()


def set_traps(repository: Path, trap: Path) -> None:
    """Name a program in every way that a repository's own folder can."""
    (repository / "hooks").mkdir(exist_ok=True)
    for name in HOOKS:
        (repository / "hooks" / name).write_bytes(trap.read_bytes())
        (repository / "hooks" / name).chmod(0o755)
    for setting in (*SETTINGS, *DRIVERS):
        git(repository, "config", setting, str(trap))
    git(repository, "config", "filter.x.required", "true")
    git(repository, "config", "fetch.recurseSubmodules", "true")


def test_nothing_that_a_remote_a_clone_or_a_branch_names_is_run(origin: Remote, paths: Paths, trap: Path) -> None:
    origin.push(home=GOOD)
    assert sync(paths) == 0
    clone = paths.pulled / "clone.git"
    for repository in (origin.bare, clone):
        set_traps(repository, trap)
    (origin.work / ".gitattributes").write_text("* filter=x diff=x merge=x export-subst\n", encoding="utf-8")
    modules = f'[submodule "x"]\n\tpath = x\n\turl = {origin.url}\n'
    (origin.work / ".gitmodules").write_text(modules, encoding="utf-8")
    for name in HOOKS:
        (origin.work / "hooks").mkdir(exist_ok=True)
        (origin.work / "hooks" / name).write_bytes(trap.read_bytes())
        (origin.work / "hooks" / name).chmod(0o755)
    commit = origin.push(home=BETTER)
    trap.with_name("sprung").unlink(missing_ok=True)  # the push itself may run what the remote names
    assert sync(paths) == 0, word(paths).message
    assert commit_of(paths) == commit
    assert not sprung(trap)
    git(clone, "update-ref", "refs/x", commit)
    assert sprung(trap), "it is one that springs"


def a_link(origin: Remote, paths: Paths) -> None:
    outside = paths.config / "other.yaml"
    outside.write_text(NIGHTS.replace("nights", "evil").join(("plans:\n", "")), encoding="utf-8")
    (origin.work / "plans/other.yaml").symlink_to(outside)
    (origin.work / "plans/folder").symlink_to(paths.config)


def a_submodule(origin: Remote, paths: Paths) -> None:
    commit = commit_of(paths)
    git(origin.work, "update-index", "--add", "--cacheinfo", f"160000,{commit},plans/sub")
    (origin.work / "plans/sub").mkdir()


def a_submodule_with_a_command(origin: Remote, paths: Paths) -> None:
    del paths
    modules = f'[submodule "x"]\n\tpath = x\n\turl = {origin.url}\n\tupdate = !/bin/false\n'
    (origin.work / ".gitmodules").write_text(modules, encoding="utf-8")


def a_huge_file(origin: Remote, paths: Paths) -> None:
    del paths
    (origin.work / "plans/huge.yaml").write_bytes(b"\0" * 200_000_000)


def a_file_outside(origin: Remote, paths: Paths) -> None:
    """Name one that is there, seen from the folder in which the plans are judged."""
    secret = paths.credentials / "secret.txt"
    secret.parent.mkdir(exist_ok=True)
    secret.write_text("2026-12-24\n", encoding="utf-8")
    way = os.path.relpath(secret, paths.pulled / ".checked-x")
    (origin.work / "plans/home.yaml").write_text(f"{BETTER}calendars:\n  red: {{file: {way}}}\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("attack", "slug", "words"),
    [
        (a_link, "not-plain", "folder: a link"),
        (a_submodule, "not-plain", "sub: a submodule"),
        (a_submodule_with_a_command, "bad-objects", "disallowed submodule update setting"),
        (a_huge_file, "not-plain", "huge.yaml: 200.0 MB, larger than 1.0 MB"),
        (a_file_outside, "bad-plans", "[calendar-file]"),
    ],
)
def test_a_hostile_branch_has_nothing_read_or_applied(
    origin: Remote, paths: Paths, attack: Callable[[Remote, Paths], None], slug: str, words: str
) -> None:
    first = origin.push(home=GOOD)
    assert sync(paths) == 0
    before = files(paths)
    attack(origin, paths)
    origin.push()
    assert [sync(paths), sync(paths)] == [1, 1]
    assert (commit_of(paths), files(paths)) == (first, before)
    assert (word(paths).slug, len(told(paths))) == (slug, 1)
    assert words in word(paths).message


@pytest.mark.parametrize("text", ["", "[]", '{"at": 1}', "x" * 20_000, '{"at": "2026-01-01T00:00:00Z", "commit": "x"}'])
def test_an_offer_that_somebody_else_wrote_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "offer.json").write_text(text, encoding="utf-8")
    assert read_offer(tmp_path) is None
    (tmp_path / "offer.json").unlink()
    (tmp_path / "offer.json").symlink_to("/etc/passwd")
    assert read_offer(tmp_path) is None


@pytest.fixture
def edited(quick_path: Path) -> tuple[Remote, Paths, str, str]:
    """Return a host that follows a remote, where a second commit waits for it, without its car: both commits too."""
    origin = remote(quick_path)
    paths = following(origin, quick_path / "host")
    first = origin.push(home=GOOD)
    assert sync(paths, "--enable", "--now") == 0
    other = BETTER.replace("  spring:", "  other:").replace("vehicle: spring", "vehicle: other")
    return origin, paths, first, origin.push(home=other)


def copy_of(paths: Paths) -> Paths:
    """Return a copy of a host, made anew."""
    assert paths.root is not None
    copy = paths.root.with_name("copy")
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(paths.root, copy, symlinks=True)
    return Paths.system(copy)


def leftovers(paths: Paths) -> list[Path]:
    """Return what runs that were cut short left, in any place."""
    signs = (".checked-", ".pulled-", ".part", "tmp_", ".stage")
    root = paths.root or Path("/")
    return [file for file in root.rglob("*") if file.name.startswith(signs) or "delcia-new" in file.name]


@pytest.mark.no_cover
@pytest.mark.parametrize("part", ["--fetch", "--take"])
def test_killed_before_each_change_of_a_file_the_host_has_the_old_plans_or_the_new(
    edited: tuple[Remote, Paths, str, str], part: str
) -> None:
    """A file is touched by fetch, validation and apply alike; what git itself writes is the next test's."""
    _, source, first, second = edited
    if part == "--take":
        sync(source, "--fetch")
    seen: list[str | None] = []
    for number in range(1, 1000):
        here = copy_of(source)
        killed = killed_at(number, partial(sync, here, part))
        seen.append(commit_of(here))
        assert seen[-1] in {first, second}
        assert seen[-1] == first or (here.state / "left.json").exists(), "the car without plans is not forgotten"
        assert sync(here, "--fetch" if part == "--fetch" else "--take") == 0
        if part == "--fetch":
            offer = read_offer(here.pulled)
            assert offer is not None
            assert (offer.commit, offer.slug, offer.message) == (second, "", "")
        else:
            assert commit_of(here) == second
            assert word(here).slug in {"", "no-offer"}
            assert told(here) == []
        assert leftovers(here) == []
        if not killed:
            break
    assert set(seen) == ({first} if part == "--fetch" else {first, second})
    assert seen == sorted(seen, key=lambda commit: commit == second), "once done, it stays done"


def test_killed_while_git_fetches_the_next_run_brings_all(
    edited: tuple[Remote, Paths, str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    _, source, first, second = edited
    real, program = shutil.which("git"), tmp_path / "bin/git"
    program.parent.mkdir()
    usual = os.environ["PATH"]
    endings = set()
    for tenths_ms in range(5, 200, 15):
        case = (
            f'case "$*" in *" fetch "*) exec timeout -s KILL 0.{tenths_ms:04} {real} "$@";; *) exec {real} "$@";; esac'
        )
        program.write_text(f"#!/bin/sh\n{case}\n", encoding="utf-8")
        program.chmod(0o755)
        here = copy_of(source)
        monkeypatch.setenv("PATH", f"{program.parent}:{usual}")
        endings.add(sync(here))
        assert commit_of(here) in {first, second}
        monkeypatch.setenv("PATH", usual)
        assert sync(here) == 0
        assert (commit_of(here), told(here), leftovers(here)) == (second, [], [])
    assert 1 in endings
