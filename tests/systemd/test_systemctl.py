"""What delcia asks of systemd, and how a real one answers."""

import json

from support.machine import Machine

PYTHON = "/opt/delcia/bin/python"
UNITS = "/etc/systemd/system"

SERVICE = '[Service]\nType=oneshot\nExecStart=:/bin/sh -c "{}"\n'
TIMER = "[Timer]\nOnCalendar={}\nAccuracySec=1s\n[Install]\nWantedBy=timers.target\n"

ASK = """
import json, pathlib, sys
from delcia.errors import DelciaError
from delcia.host.systemctl import RunningSystemd
from delcia.host.systemd import faults
systemd = RunningSystemd()
request, *words = sys.argv[1:]
try:
    match request:
        case "faults":
            answer = faults(systemd.states(words).values(), words)
        case "states":
            answer = {name: [state.load, state.active, state.sub] for name, state in systemd.states(words).items()}
        case "next_runs":
            answer = [[run.timer, run.service, str(run.next_at), str(run.last_at)] for run in systemd.next_runs()]
        case "verify":
            answer = systemd.verify([pathlib.Path(word) for word in words])
        case "reload":
            answer = systemd.reload()
        case _:
            answer = getattr(systemd, request)(words)
    print(json.dumps(answer))
except DelciaError as error:
    print(json.dumps(error.text()))
"""


def ask(machine: Machine, request: str, *words: str) -> object:
    answer: object = json.loads(machine.run([PYTHON, "-c", ASK, request, *words]).stdout)
    return answer


def put(machine: Machine, name: str, calendar: str, command: str = "true") -> None:
    machine.put(f"{UNITS}/{name}.timer", TIMER.format(calendar))
    machine.put(f"{UNITS}/{name}.service", SERVICE.format(command))


def test_a_timer_is_started_seen_and_stopped(machine: Machine) -> None:
    put(machine, "delcia-plan-a", "*-*-* 22:00:00 UTC")
    timer = "delcia-plan-a.timer"
    assert ask(machine, "faults", timer) == [f"{timer} is not started (inactive)"]
    assert ask(machine, "enable", timer) is None
    assert ask(machine, "start", timer) is None
    assert ask(machine, "faults", timer, "delcia-plan-a.service") == []
    (run,) = [run for run in _runs(machine) if run[0] == timer]
    assert run[1] == "delcia-plan-a.service"
    assert run[2].endswith(" 22:00:00+00:00")
    assert run[3] == "None"
    assert ask(machine, "disable", timer) is None
    assert ask(machine, "faults", timer) == [f"{timer} is not started (inactive)"]


def test_a_timer_that_had_run_out_waits_again_when_it_gets_new_dates(machine: Machine) -> None:
    timer = "delcia-plan-b.timer"
    put(machine, "delcia-plan-b", "2020-01-01 00:00:00 UTC")
    ask(machine, "enable", timer)
    ask(machine, "start", timer)
    assert ask(machine, "faults", timer) == [f"{timer} will not fire again (elapsed)"]
    put(machine, "delcia-plan-b", "*-*-* 22:00:00 UTC")
    assert ask(machine, "faults", timer) == [f"{timer} runs from an older file"]
    ask(machine, "reload")
    assert ask(machine, "faults", timer) == [f"{timer} will not fire again (elapsed)"]
    ask(machine, "start", timer)
    assert ask(machine, "faults", timer) == []


def test_a_timer_is_well_while_its_service_runs_and_stopping_it_leaves_the_service(machine: Machine) -> None:
    timer, service = "delcia-plan-c.timer", "delcia-plan-c.service"
    put(machine, "delcia-plan-c", "*-*-* *:*:00/1 UTC", "sleep 30")
    ask(machine, "enable", timer)
    ask(machine, "start", timer)
    _until_started(machine, service)
    assert ask(machine, "faults", timer) == []
    ask(machine, "disable", timer)
    assert ask(machine, "states", service) == {service: ["loaded", "activating", "start"]}
    machine.run(["systemctl", "stop", service])


def test_a_failure_is_seen_and_forgotten(machine: Machine) -> None:
    service = "delcia-plan-d.service"
    put(machine, "delcia-plan-d", "*-*-* 22:00:00 UTC", "false")
    machine.run(["systemctl", "start", service], check=False)
    assert ask(machine, "states", service) == {service: ["loaded", "failed", "failed"]}
    ask(machine, "reset_failed", service, "delcia-nobody@*.service")
    assert ask(machine, "states", service) == {service: ["loaded", "inactive", "dead"]}


def test_units_that_are_not_there_are_said_to_be_so(machine: Machine) -> None:
    name = "delcia-plan-none.timer"
    assert ask(machine, "states", name) == {name: ["not-found", "inactive", "dead"]}
    assert ask(machine, "enable", name) == (
        "delcia: error: systemctl enable: Failed to enable unit: Unit file delcia-plan-none.timer does not exist. "
        "[systemctl]"
    )


def test_verify_refuses_what_systemd_only_mentions(machine: Machine) -> None:
    """`systemd-analyze verify` ends with 0 when one of several calendar lines is wrong, or a key is unknown."""
    good, bad, unknown = (f"/srv/stage/delcia-plan-{name}.timer" for name in ("good", "bad", "unknown"))
    for path in (good, bad, unknown):
        machine.put(path.replace(".timer", ".service"), SERVICE.format("true"))
        machine.put(path, TIMER.format("*-*-* 22:00:00 UTC"))
    machine.put(bad, TIMER.format("*-*-* 22:00:00 UTC\nOnCalendar=*-*-* 25:00:00 UTC"))
    machine.put(unknown, TIMER.format("*-*-* 22:00:00 UTC\nOnCalender=x"))
    assert ask(machine, "verify", good) is None
    assert "Failed to parse calendar specification" in str(ask(machine, "verify", good, bad))
    assert "Unknown key" in str(ask(machine, "verify", unknown))


def _runs(machine: Machine) -> list[list[str]]:
    runs = ask(machine, "next_runs")
    assert isinstance(runs, list)
    return runs


def _until_started(machine: Machine, service: str) -> None:
    wait = f"until [ $(systemctl show -P ActiveState {service}) = activating ]; do sleep 0.1; done"
    machine.run(["sh", "-c", wait], timeout_s=30)
