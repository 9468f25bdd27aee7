"""The panel on a real systemd: started by who looks at it, asking by a socket, gone when idle."""

from datetime import datetime, timedelta

import pytest
from support.house import DROP_IN, House, plan
from support.panels import Visitor

MONDAY = datetime.fromisoformat("2026-11-23T20:00:00+01:00")
PASSWORD = "a password of the house"  # noqa: S105 - of a house that is not there
PORT = 8470


@pytest.fixture(scope="module")
def home(house: House) -> House:
    """Return a house with a plan for the night, a car that waits for it, and its panel."""
    house.machine.put("/etc/systemd/system/delcia-request@.service.d/stand-in.conf", DROP_IN)
    house.go_to(MONDAY)
    house.car.manners.starts_on_plug_in = False
    house.car.plug()
    house.apply(plan("nights", MONDAY + timedelta(hours=6), MONDAY + timedelta(hours=10)))
    house.tick()
    house.delcia("panel", "--set-password", text=f"{PASSWORD}\n")
    said = house.delcia("panel", "--enable")
    assert "create  delcia-panel.socket" in said.stdout
    assert "the panel is at http://127.0.0.1:8470" in said.stderr
    return house


@pytest.fixture(scope="module")
def owner(home: House) -> Visitor:
    """Return somebody who has logged in."""
    visitor = Visitor(PORT, connect=home.machine.connect)
    assert visitor.log_in(PASSWORD).status == 303
    return visitor


def test_nothing_runs_until_somebody_looks(home: House) -> None:
    assert home.machine.run(["systemctl", "is-active", "delcia-panel.service"], check=False).stdout == "inactive\n"
    mode = home.machine.run(["stat", "-c", "%U %a", "/etc/delcia/panel.json", "/run/delcia/request"]).stdout
    assert mode == "delcia-panel 400\nroot 660\n"
    assert "Log in" in Visitor(PORT, connect=home.machine.connect).get("/login").body
    assert home.machine.run(["systemctl", "is-active", "delcia-panel.service"]).stdout == "active\n"


def test_a_word_is_carried_out_at_once_by_the_user_who_may(home: House, owner: Visitor) -> None:
    page = owner.get("/car/spring")
    assert "start and stop by the car" in page.body
    assert "delcia-plan-nights.timer" in page.body
    assert 'class="error"' not in page.body
    told = owner.say("charge", far="other", percent="60", when="now")
    assert "Done: start until" in told.body
    assert home.orders == ["start"]
    home.go_to(MONDAY + timedelta(minutes=15))
    assert "Done: stop: asked for" in owner.say("stop").body
    assert home.orders == ["start", "stop"]
    owners = home.machine.run(["sh", "-c", "stat -c %U /var/lib/delcia/state/* | sort -u"]).stdout
    assert owners == "delcia\n"


def test_the_panel_may_not_see_the_login_nor_change_the_state(home: House, owner: Visitor) -> None:
    assert owner.get("/car/spring").status == 200
    pid = home.machine.run(["systemctl", "show", "-P", "MainPID", "delcia-panel.service"]).stdout.strip()
    inside = ["nsenter", "-t", pid, "-m", "-U", "--preserve-credentials", "--"]
    as_panel = ["setpriv", "--reuid=delcia-panel", "--regid=delcia-panel", "--groups=delcia"]
    for command in (
        "ls /etc/delcia/credentials",
        "cat /etc/delcia/credentials/default.json",
        "touch /var/lib/delcia/state/delcia.db",
        "touch /etc/delcia/plans/home.yaml",
    ):
        done = home.machine.run([*as_panel, "sh", "-c", command], check=False)
        assert done.returncode, command
    assert home.machine.run([*inside, "ls", "/etc/delcia/credentials"]).stdout == "", "hidden even from root inside"
    assert home.machine.run(
        [
            "setpriv",
            "--reuid=nobody",
            "--regid=delcia",
            "--clear-groups",
            "python3",
            "-c",
            "import socket; socket.socket(socket.AF_UNIX).connect('/run/delcia/request')",
        ],
        check=False,
    ).returncode


@pytest.mark.parametrize("unit", ["delcia-panel.service", "delcia-request@0.service"])
def test_they_are_sandboxed_like_the_others(home: House, unit: str) -> None:
    said = home.machine.run(["systemd-analyze", "security", "--no-pager", unit], check=False).stdout
    exposure = float(said.split("Overall exposure level for ")[1].split(": ")[1].split()[0])
    assert exposure <= 1.7, said


def test_its_units_stand_beside_the_plans_until_it_is_switched_off(home: House) -> None:
    assert home.delcia("panel", "--enable").stdout == "nothing to change\n"
    home.apply(plan("nights", MONDAY + timedelta(hours=5), MONDAY + timedelta(hours=9)))
    assert home.machine.run(["systemctl", "is-enabled", "delcia-panel.socket"]).stdout == "enabled\n"
    home.machine.put("/etc/delcia/host.yaml", 'panel: {listen: "0.0.0.0:8471"}\n')
    home.delcia("panel", "--enable")
    home.machine.run(["mv", "/etc/delcia/panel.json", "/etc/delcia/panel.away"])
    refused = home.delcia("panel", "--enable", check=False)
    assert (refused.status, "[no-password]" in refused.stderr) == (2, True)
    home.machine.run(["mv", "/etc/delcia/panel.away", "/etc/delcia/panel.json"])
    assert "delete  delcia-panel.socket" in home.delcia("panel", "--disable").stdout
    left = home.machine.run(
        ["systemctl", "list-unit-files", "--no-legend", "delcia-panel*", "delcia-request*"], check=False
    )
    assert left.stdout == ""
    with pytest.raises(OSError, match="refused"):
        home.machine.connect(8471)
