"""Runs that cron starts: silent, bounded, with a sign of life, and with their failures kept."""

import json
import os
import time
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.child import child, says
from support.command import Ran, delcia, delcia_process
from support.webhook import webhook

from delcia.cli.unwatched import bounded
from delcia.errors import Exit
from delcia.store.notices import pending_notices
from delcia.store.opening import open_readonly

PLANS = """\
timezone: Europe/Paris
vehicles:
  spring: {model: spring-26, hold: true, driver: simulated}
chargers:
  socket: {amps: 10}
plans:
  nights: {vehicle: spring, charger: socket, charge: {to_soc: 80}, when: {windows: ["22:00-06:00"]}}
"""
BEFORE, INSIDE = "2026-11-23T19:41:00+01:00", "2026-11-23T22:00:05+01:00"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a host in a folder on which the plans are applied, by cron."""
    (tmp_path / "plans").mkdir()
    (tmp_path / "plans/home.yaml").write_text(PLANS, encoding="utf-8")
    monkeypatch.setenv("DELCIA_NOW", BEFORE)
    ran = delcia("apply", str(tmp_path / "plans"), "--yes", "--target", "crontab", "--root", str(tmp_path / "host"))
    assert ran.status == 0, ran.stderr
    return tmp_path / "host"


def cron(root: Path, now: str, *what: str) -> Ran:
    return delcia_process("charge", *what, "--scheduled", "--cron", "--root", str(root), env={"DELCIA_NOW": now})


def notices(root: Path) -> list[tuple[str, str]]:
    with closing(open_readonly(root / "var/lib/delcia/state/delcia.db")) as store:
        return [(item.slug, item.text) for item in pending_notices(store)]


def test_a_run_says_its_news_for_syslog_and_then_nothing(root: Path) -> None:
    ran = cron(root, BEFORE, "--all")
    assert (ran.status, ran.stderr) == (0, "")
    assert not ran.stdout.startswith("<")
    assert cron(root, BEFORE, "--all") == Ran(0, "", "")
    assert notices(root) == []


def test_a_run_leaves_a_sign_of_life(root: Path) -> None:
    tick = root / "var/lib/delcia/state/tick"
    assert not tick.exists()
    cron(root, BEFORE, "--all")
    assert tick.stat().st_mode & 0o777 == 0o640
    os.utime(tick, (0, 0))
    cron(root, BEFORE, "nights")
    assert time.time() - tick.stat().st_mtime < 60


def test_a_quiet_run_leaves_one_too(root: Path) -> None:
    state = root / "var/lib/delcia/state"
    cron(root, BEFORE, "--all")
    until = time.time() + 600
    stamp = (state / "delcia.db").stat().st_mtime_ns
    (state / "quiet").write_text(f"{until:.0f} 1 {stamp}\n", encoding="ascii")
    os.utime(state / "tick", (0, 0))
    command = ["charge", "--all", "--scheduled", "--cron"]
    ran = delcia_process(*command, env={"DELCIA_NOW": "", "STATE_DIRECTORY": str(state)})
    assert ran == Ran(0, "", "")
    assert time.time() - (state / "tick").stat().st_mtime < 60


def test_a_bug_is_kept_for_status_once_a_day(root: Path) -> None:
    plans = root / "var/lib/delcia/generations/1/plans.json"
    plans.write_text(plans.read_text(encoding="utf-8").replace('"socket": {', '"other": {'), encoding="utf-8")
    for _ in range(2):
        ran = cron(root, INSIDE, "nights")
        assert ran.status == Exit.BUG
        assert "this is a bug in delcia" in ran.stderr
    ((slug, text),) = notices(root)
    assert slug == "run-failed-70"
    assert text == "delcia charge nights failed, exit status 70: a bug in delcia, please report what stands above"


def test_the_owner_is_told_of_a_bug_by_the_run_that_has_it(root: Path) -> None:
    plans = root / "var/lib/delcia/generations/1/plans.json"
    plans.write_text(plans.read_text(encoding="utf-8").replace('"socket": {', '"other": {'), encoding="utf-8")
    with webhook() as hook:
        settings = root / "etc/delcia/host.yaml"
        settings.parent.mkdir(parents=True, exist_ok=True)
        settings.write_text(f'notify: {{webhook: "{hook.url}/", quiet_hours: none}}\n', encoding="utf-8")
        hook.status = 500
        ran = cron(root, INSIDE, "--all")
        assert (ran.status, "could not be told: the webhook failed with HTTP status 500" in ran.stdout) == (70, True)
        hook.status = 200
        line = "spring: a bug in delcia [bug]; report what stands on stderr\n"
        assert [cron(root, INSIDE, "--all").stdout for _ in range(2)] == [line, line]
        words = "delcia charge --all failed, exit status 70: a bug in delcia, please report what stands above"
        assert hook.sent == [f"POST / {words}"] * 2, "once in vain, then once"
    assert notices(root) == []


def test_a_run_on_a_host_without_plans_ends_in_words(tmp_path: Path) -> None:
    ran = cron(tmp_path, BEFORE, "--all")
    assert ran.status == Exit.BROKEN
    assert "[nothing-applied]" in ran.stderr


def test_a_run_that_takes_too_long_ends_itself_and_may_be_tried_again(capsys: pytest.CaptureFixture[str]) -> None:
    started, left = time.monotonic(), []

    def sleep() -> int:
        try:
            time.sleep(30)
        finally:
            left.append("let go")
        return 0

    assert bounded(sleep, 0.05) == Exit.TRY_AGAIN
    assert time.monotonic() - started < 25, "not the whole sleep"
    assert left == ["let go"]
    assert capsys.readouterr().out == "this run took longer than 0.05 s and was ended; the next one tries again\n"


def test_no_catch_all_keeps_it_alive() -> None:
    def stubborn() -> int:
        while True:
            with suppress(Exception):  # as somebody's library might
                time.sleep(30)

    assert bounded(stubborn, 0.05) == Exit.TRY_AGAIN


def test_a_run_in_time_is_not_disturbed() -> None:
    assert bounded(lambda: 7, 0.5) == 7
    time.sleep(0.6)


def test_a_run_that_hangs_on_its_way_out_is_killed() -> None:
    script = (
        "import sys, time\n"
        "from delcia.cli import unwatched\n"
        "unwatched.GRACE_S = 0.1\n"
        "def run():\n"
        "    try: time.sleep(30)\n"
        "    finally: print('leaving', flush=True); time.sleep(30)\n"
        "unwatched.bounded(run, 0.1)\n"
    )
    with child(script) as process:
        assert says(process) == "leaving"
        assert process.wait(25) < 0


def test_the_crontab_runs_what_is_tested_here(root: Path) -> None:
    text = (root / "etc/cron.d/delcia").read_text(encoding="utf-8")
    assert "charge --all --scheduled --cron 2>&1 | /usr/bin/logger -t delcia" in text
    receipt = json.loads((root / "var/lib/delcia/generations/1/receipt.json").read_text(encoding="utf-8"))
    assert receipt["place"]["user"] == "delcia"
    assert datetime.fromisoformat(receipt["applied_at"]) == datetime.fromisoformat(BEFORE).astimezone(UTC)
