"""What `status` says of a real systemd: its timers, one that somebody stopped, and a unit that failed."""

import json
from datetime import datetime

import pytest
from support.house import House

NIGHTS = '  nights: {vehicle: spring, charger: socket, charge: {to_soc: 80}, when: {windows: ["01:38-06:38"]}}\n'
BROKEN = "[Service]\nExecStart=\nExecStart=/bin/sh -c 'exit 70'\n"
TIMER = "delcia-plan-nights.timer"
RECONCILE = "delcia-reconcile.service"
OVERRIDDEN = [
    f"{unit} is changed by {unit}.d/stand-in.conf: the owner's choice" for unit in ("delcia-plan-.service", RECONCILE)
]
"""The drop-ins by which the house's services find its car."""


@pytest.fixture(scope="module")
def applied(house: House) -> House:
    """Return a house with a plan, in the time that it is outside."""
    house.apply(NIGHTS)
    return house


def seen(house: House) -> dict[str, object]:
    """Return the status for programs."""
    found: dict[str, object] = json.loads(house.delcia("status", "--json").stdout)
    return found


def told_of_drift(house: House) -> list[str]:
    """Return what the owner is told of the host; what there is to say of the car depends on the hour."""
    notices = json.loads(house.delcia("status", "--json").stdout)["notices"]
    return [notice["text"] for notice in notices if notice["slug"] == "drift"]


def test_the_next_runs_are_those_that_systemd_has_waiting(applied: House) -> None:
    timers = json.loads(applied.delcia("status", "--json").stdout)["timers"]
    assert timers["source"] == "systemd"
    shown = applied.machine.run(["systemctl", "list-timers", "--all", "--output=json", "delcia-*"]).stdout
    waiting = {row["unit"]: row["next"] // 1_000_000 for row in json.loads(shown)}
    found = {row["timer"]: int(datetime.fromisoformat(row["next_at"]).timestamp()) for row in timers["rows"]}
    assert found.keys() == waiting.keys() == {TIMER, "delcia-reconcile.timer"}
    assert found[TIMER] == waiting[TIMER]
    assert "computed" not in applied.delcia("status").stdout


def test_a_timer_that_somebody_stopped_is_told_and_apply_repairs_it(applied: House) -> None:
    applied.machine.run(["systemctl", "stop", TIMER])
    faults = [f"{TIMER} is not started (inactive)"]
    assert seen(applied)["units"] == {"differences": [], "faults": faults, "choices": OVERRIDDEN}
    assert f"units    {TIMER} is not started (inactive)\n" in applied.delcia("status").stdout
    applied.delcia("apply", "/etc/delcia/plans", "--yes")
    assert "units    as applied\n" in applied.delcia("status").stdout


def test_what_the_owner_disabled_or_masked_stays_so_until_the_owner_says_otherwise(applied: House) -> None:
    applied.machine.run(["systemctl", "disable", "--now", TIMER])
    mask = "/etc/systemd/system/delcia-plan-nights.service"
    applied.machine.run(["ln", "-sf", "/dev/null", mask])
    applied.machine.run(["systemctl", "daemon-reload"])
    chosen = [
        OVERRIDDEN[0],
        "delcia-plan-nights.service is masked: the owner's choice",
        f"{TIMER} is disabled: the owner's choice",
        OVERRIDDEN[1],
    ]
    assert seen(applied)["units"] == {"differences": [], "faults": [], "choices": chosen}
    applied.apply(NIGHTS.replace("06:38", "05:38"))
    assert seen(applied)["units"] == {"differences": [], "faults": [], "choices": chosen}
    assert applied.machine.run(["systemctl", "is-active", TIMER], check=False).stdout == "inactive\n"
    applied.machine.run(["rm", mask])
    applied.apply(NIGHTS)
    applied.machine.run(["systemctl", "enable", "--now", TIMER])
    assert seen(applied)["units"] == {"differences": [], "faults": [], "choices": OVERRIDDEN}


def test_a_timer_is_masked_by_a_link_once_it_is_stopped_and_starts_again_without_it(applied: House) -> None:
    mask = f"/etc/systemd/system/{TIMER}"
    for command in (["systemctl", "stop", TIMER], ["ln", "-sf", "/dev/null", mask], ["systemctl", "daemon-reload"]):
        applied.machine.run(command)
    chosen = sorted([*OVERRIDDEN, f"{TIMER} is masked: the owner's choice"])
    assert seen(applied)["units"] == {"differences": [], "faults": [], "choices": chosen}
    assert applied.machine.run(["systemctl", "is-active", TIMER], check=False).stdout == "inactive\n"
    applied.machine.run(["rm", mask])
    applied.delcia("apply", "/etc/delcia/plans", "--yes")
    assert seen(applied)["units"] == {"differences": [], "faults": [], "choices": OVERRIDDEN}
    assert applied.machine.run(["systemctl", "is-active", TIMER], check=False).stdout == "active\n"


def test_what_somebody_changed_is_told_of_by_the_run_for_all_in_its_sandbox(applied: House) -> None:
    unit = "/etc/systemd/system/delcia-plan-nights.service"
    before = applied.machine.run(["cat", unit]).stdout
    applied.machine.run(["rm", "-f", "/var/lib/delcia/state/drift"])
    applied.machine.put(unit, f"{before}# mine\n")
    applied.machine.run(["systemctl", "stop", TIMER])
    applied.machine.run(["systemctl", "start", RECONCILE])
    (told,) = told_of_drift(applied)
    assert "delcia-plan-nights.service edited by hand" in told
    assert f"{TIMER} is not started (inactive)" in told
    applied.delcia("apply", "/etc/delcia/plans", "--yes")
    applied.machine.run(["systemctl", "start", RECONCILE])
    assert told_of_drift(applied) == []


def test_a_unit_that_fails_is_one_line_in_the_journal_and_in_status_and_told_by_the_owners_command(
    applied: House,
) -> None:
    told = "/var/lib/delcia/state/told"
    command = ["/bin/sh", "-c", f"cat >>{told}; id -un >>{told}; touch /etc/me || echo kept in >>{told}"]
    settings = f"notify: {{command: {json.dumps(command)}, quiet_hours: none}}\n"
    applied.machine.put("/etc/delcia/host.yaml", settings)
    applied.machine.put(f"/etc/systemd/system/{RECONCILE}.d/broken.conf", BROKEN)
    applied.machine.run(["systemctl", "daemon-reload"])
    applied.machine.run(["systemctl", "start", RECONCILE], check=False)
    notify = f"delcia-notify@{RECONCILE}.service"
    applied.machine.run(["systemctl", "start", notify], check=False)  # returns when the one that runs has ended
    applied.machine.run(["journalctl", "--sync"])
    words = f"{RECONCILE} failed, exit status 70: a bug in delcia, please report what stands above"
    journal = applied.machine.run(["journalctl", "-u", notify, "-o", "cat", "-p", "err"]).stdout
    assert words in journal.splitlines()
    assert words in applied.delcia("status").stdout
    said = applied.machine.run(["cat", told]).stdout
    assert f"{words}\ndelcia\nkept in\n" in said, "in its sandbox"
