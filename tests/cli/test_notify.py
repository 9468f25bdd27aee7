"""`delcia notify`: a unit that failed, in one line for the journal, and kept for status."""

from contextlib import closing
from pathlib import Path

import pytest
from support.simulated_home import SimulatedHome
from support.stories import at
from support.webhook import webhook

from delcia.cli.notify import ending
from delcia.errors import Exit
from delcia.store.notices import queue_notice
from delcia.store.opening import open_store

PLAN = "delcia-plan-nights.service"
RECONCILE = "delcia-reconcile.service"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SimulatedHome:
    home = SimulatedHome(tmp_path, monkeypatch)
    home.apply()
    home.tick("Mon 18:30")
    return home


@pytest.mark.parametrize(
    ("result", "code", "status", "words"),
    [
        ("exit-code", "exited", "77", "failed, exit status 77: log in again: delcia login"),
        ("exit-code", "exited", "70", "failed, exit status 70: a bug in delcia, please report what stands above"),
        ("exit-code", "exited", "69", "failed, exit status 69: for 2 h the car could not be reached"),
        ("exit-code", "exited", "243", f"failed, exit status 243: see: journalctl -u {PLAN}"),
        ("timeout", "killed", "TERM", "failed, killed by SIGTERM: it took too long; the next run tries again"),
        ("oom-kill", "killed", "KILL", "failed, killed by SIGKILL: the host has too little memory"),
        ("", "", "", f"failed: see: journalctl -u {PLAN}"),
        ("exit-code", "exited", "nonsense\nline", f"failed: see: journalctl -u {PLAN}"),
    ],
)
def test_the_ending_of_a_unit_in_words(result: str, code: str, status: str, words: str) -> None:
    env = {"MONITOR_SERVICE_RESULT": result, "MONITOR_EXIT_CODE": code, "MONITOR_EXIT_STATUS": status}
    assert ending(PLAN, env)[1].startswith(f"{PLAN} {words}")


def test_it_is_one_line_for_the_journal_and_one_for_status(
    home: SimulatedHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MONITOR_EXIT_CODE", "exited")
    monkeypatch.setenv("MONITOR_EXIT_STATUS", "70")
    for _ in range(2):
        ran = home.run("notify", f"--unit={PLAN}")
        assert (ran.status, ran.stderr) == (0, "")
        assert ran.stdout == f"<3>{PLAN} failed, exit status 70: a bug in delcia, please report what stands above\n"
    notices = [line for line in home.run("status").stdout.splitlines() if PLAN in line]
    assert notices == [
        f"notices  Mon 18:30  {PLAN} failed, exit status 70: a bug in delcia, please report what stands above"
    ]


def test_the_owner_is_told_of_it_at_once(home: SimulatedHome, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MONITOR_EXIT_CODE", "killed")
    monkeypatch.setenv("MONITOR_EXIT_STATUS", "SEGV")
    with webhook() as hook:
        settings = home.root / "etc/delcia/host.yaml"
        settings.parent.mkdir(parents=True, exist_ok=True)
        settings.write_text(f'notify: {{webhook: "{hook.url}/"}}\n', encoding="utf-8")
        hook.status = 500
        ran = home.run("notify", f"--unit={PLAN}")
        assert (ran.status, ran.stdout.splitlines()[1][:36]) == (0, "<4>the owner could not be told: the ")
        hook.status = 200
        for _ in range(2):
            assert len(home.run("notify", f"--unit={PLAN}").stdout.splitlines()) == 1
        assert hook.sent == [f"POST / {PLAN} failed, killed by SIGSEGV: see: journalctl -u {PLAN}"] * 2, (
            "the first in vain"
        )


def test_what_charge_has_told_is_not_told_twice(home: SimulatedHome, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MONITOR_EXIT_CODE", "exited")
    monkeypatch.setenv("MONITOR_EXIT_STATUS", "78")
    state = home.root / "var/lib/delcia/state"
    with closing(open_store(state / "delcia.db")) as store:
        queue_notice(store, "", "sync-refused", "the pushed plans are not followed", at("Mon 18:30"))
    home.run("notify", "--unit=delcia-plan-other.service")
    assert "delcia-plan-other.service failed" in home.run("status").stdout, "a push that is refused says nothing of it"
    (state / "car-spring.json").write_text("{}", encoding="utf-8")
    assert home.tick("Mon 18:45").status == Exit.BROKEN
    assert home.run("notify", f"--unit={RECONCILE}").stdout.startswith(f"<3>{RECONCILE} failed, exit status 78: ")
    said = home.run("status").stdout
    assert "notices  Mon 18:45  spring: the simulated car in car-spring.json cannot be read" in said
    assert RECONCILE not in said


def test_where_nothing_is_applied_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = SimulatedHome(tmp_path, monkeypatch)
    assert home.run("notify", f"--unit={RECONCILE}").status == 0
    assert not home.root.exists()


@pytest.mark.parametrize("unit", ["", "a b", "x\n<0>alarm", "../../etc"])
def test_what_is_no_name_of_a_unit_is_refused(home: SimulatedHome, unit: str) -> None:
    assert home.run("notify", f"--unit={unit}").status == Exit.USAGE
