"""What may go wrong in a night, each on a machine of its own: in the end the car is as the plan says."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from support.house import HELD, House, plan

EVENING = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
START = EVENING + timedelta(hours=6)
END = START + timedelta(hours=5)
SERVICE = "delcia-reconcile.service"


def begin(house: House, *, soc: float = 0.77, plugged: bool = True) -> None:
    """Apply the plan in the evening and have the car at home, not charging by itself."""
    house.go_to(EVENING)
    house.world.cars["spring"].soc = soc
    house.car.manners.starts_on_plug_in = False
    if plugged:
        house.car.plug()
    house.apply(plan("nights", START, END))


def assert_charged_to_the_target(house: House) -> None:
    """Let the rest of the night pass: the car must have been stopped at 80 %, and be left alone after."""
    said = house.live(20, every_min=10) + house.live(30)
    assert 0.8 <= house.car.soc < 0.82, said
    said += house.live(120, every_min=120)
    assert 0.8 <= house.car.soc < 0.82, said
    assert not house.car.charging
    assert house.orders[-1] == "stop"
    assert house.status() == 0


def test_charge_killed_at_every_call_of_one_night(own_house: House) -> None:
    begin(own_house)
    own_house.go_to(START)
    for step in ("getJWT", "battery-status", "pause-resume"):
        kill_while(own_house, step)
    assert own_house.orders == []
    own_house.go_to(START + timedelta(minutes=25))  # an order of unknown effect is not repeated for 20 minutes
    kill_while(own_house, "pause-resume", obeyed=True)
    assert own_house.orders == ["start"]
    assert_charged_to_the_target(own_house)
    assert own_house.orders == ["start", "stop"]


def test_a_reboot_in_the_middle_of_the_window(own_house: House) -> None:
    begin(own_house)
    own_house.go_to(START)
    own_house.tick()
    own_house.live(20)
    assert own_house.car.charging
    own_house.machine.put("/etc/systemd/system/delcia-reconcile.timer.d/soon.conf", "[Timer]\nOnBootSec=2s\n")
    own_house.disconnect()
    own_house.machine.poweroff()
    own_house.boot()
    wait_for(lambda: has_run(own_house))
    assert own_house.status() == 0
    timers = own_house.machine.run(["systemctl", "list-timers", "delcia-*"]).stdout
    assert "delcia-plan-nights.timer" in timers
    assert "delcia-reconcile.timer" in timers
    assert_charged_to_the_target(own_house)
    assert own_house.orders == ["start", "stop"]


def test_off_when_the_window_begins(own_house: House) -> None:
    begin(own_house)
    own_house.power_cut()
    own_house.go_to(START + timedelta(hours=1))
    own_house.boot()
    assert_charged_to_the_target(own_house)


def test_off_when_the_window_ends(own_house: House) -> None:
    begin(own_house, soc=0.3)
    own_house.go_to(START)
    own_house.tick()
    own_house.live(20)
    assert own_house.car.charging
    own_house.power_cut()
    own_house.go_to(END + timedelta(hours=1))
    own_house.boot()
    own_house.live(15)
    assert own_house.orders == ["start", "stop"]
    assert not own_house.car.charging


def test_no_network_when_the_window_begins(own_house: House) -> None:
    begin(own_house)
    own_house.disconnect()
    own_house.go_to(START)
    own_house.tick("delcia-plan-nights.service")
    assert own_house.status("delcia-plan-nights.service") == 75
    assert (
        own_house.machine.run(["systemctl", "is-failed", "delcia-plan-nights.service"], check=False).stdout
        == "inactive\n"
    )
    own_house.connect()
    assert_charged_to_the_target(own_house)


def test_plugged_in_late(own_house: House) -> None:
    own_house.car.manners.idle_report_every_s = 300
    begin(own_house, plugged=False)
    own_house.go_to(START)
    own_house.live(60, every_min=15)
    assert own_house.orders == []
    own_house.car.plug()
    assert_charged_to_the_target(own_house)


def test_a_charge_that_begins_by_itself_in_the_evening_waits_for_the_window(own_house: House) -> None:
    begin(own_house, plugged=False)
    own_house.car.manners.starts_on_plug_in = True
    own_house.car.plug()
    own_house.live(30)
    assert own_house.orders == HELD
    assert not own_house.car.charging
    own_house.go_to(START)
    assert_charged_to_the_target(own_house)
    assert own_house.orders == [*HELD, "start", "stop"]


def test_apply_killed_at_any_moment(own_house: House) -> None:
    begin(own_house)
    took_s = timed(lambda: own_house.apply(plan("nights", START, END, to_soc=79)))
    for number in range(8):
        own_house.write(plan("nights", START, END, to_soc=60 + number), plan(f"more-{number % 2}", START, END))
        apply = [
            "timeout",
            "-s",
            "KILL",
            f"{took_s * (number + 1) / 8:.2f}",
            "delcia",
            "apply",
            "/etc/delcia/plans",
            "--yes",
        ]
        own_house.machine.run(apply, check=False)
        own_house.tick()
        assert own_house.status() == 0
    own_house.apply(plan("nights", START, END))
    assert own_house.delcia("diff", "/etc/delcia/plans").status == 0
    listed = own_house.machine.run(
        ["systemctl", "list-units", "--all", "--plain", "--no-legend", "delcia-plan-*"]
    ).stdout
    assert {line.split()[0] for line in listed.splitlines()} <= {
        "delcia-plan-nights.timer",
        "delcia-plan-nights.service",
    }
    own_house.go_to(START)
    assert_charged_to_the_target(own_house)


def test_another_time_zone_of_the_host_makes_delcia_look_and_changes_nothing(own_house: House) -> None:
    begin(own_house)
    own_house.go_to(START)
    own_house.machine.run(["ln", "-sf", "/usr/share/zoneinfo/Asia/Tokyo", "/etc/localtime"])
    wait_for(lambda: has_run(own_house))
    assert own_house.orders == ["start"]
    assert own_house.delcia("diff", "/etc/delcia/plans").status == 0


def has_run(house: House) -> bool:
    """Return whether the reconcile timer has fired since the boot, and its run has ended."""
    shown = house.machine.run(["systemctl", "show", "-P", "ExecMainExitTimestampMonotonic", SERVICE]).stdout
    return shown.strip() not in {"", "0"}


def kill_while(house: House, endpoint: str, *, obeyed: bool = False) -> None:
    """Kill a run that hangs in a call; `obeyed`: the call has had its effect, only the answer is late."""
    house.world.calls.clear()
    house.world.fault(endpoint=endpoint, delay_s=30, obeyed=obeyed, status=502 if obeyed else None)
    house.machine.run(["systemctl", "start", "--no-block", SERVICE])
    wait_for(lambda: any(call.endpoint == endpoint for call in house.world.calls) and bool(house.orders) is obeyed)
    house.machine.run(["systemctl", "kill", "-s", "KILL", SERVICE])
    house.world.faults.clear()
    # Until systemd has seen its end, another start would be none.
    wait_for(lambda: house.machine.run(["systemctl", "is-active", SERVICE], check=False).stdout.strip() == "failed")


def wait_for(happened: Callable[[], bool], timeout_s: float = 300) -> None:
    """Wait until something has happened, or fail."""
    until = time.monotonic() + timeout_s
    while not happened():
        assert time.monotonic() < until
        time.sleep(0.05)


def timed(do: Callable[[], object]) -> float:
    """Return how many seconds something takes."""
    begun = time.monotonic()
    do()
    return time.monotonic() - begun
