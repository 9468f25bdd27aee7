"""A new user's way on a minimal Debian, from the installation to a plan that runs."""

from datetime import datetime

from support.house import HOME, House

MONDAY = datetime.fromisoformat("2026-11-23T19:41:00+01:00")
BILL = "HC (1H38-6H38;12H38-14H38)"


def test_from_init_to_a_running_plan(own_house: House) -> None:
    house = own_house
    house.go_to(MONDAY)
    house.world.cars["spring"].soc = 0.52
    house.car.manners.starts_on_plug_in = False
    house.car.plug()
    words = ("--timezone", "Europe/Paris", "--model", "spring-26", "--off-peak", BILL, "--prices", "0.1579", "0.2065")
    house.delcia("init", "/etc/delcia/plans", *words)
    house.delcia("validate")
    night = "Tue 01:38 → 05:28 (05:05–05:51)   8.8 kWh   1.39 EUR   80 % at 07:00"
    assert night in house.delcia("report", "--soc", "52").stdout

    refused = house.delcia("apply", "/etc/delcia/plans", check=False)
    assert refused.status == 2
    assert "add --yes" in refused.stderr
    house.delcia("apply", "/etc/delcia/plans", "--yes")
    listed = house.machine.run(["systemctl", "list-timers", "--no-legend", "delcia-*"], env={"TZ": str(HOME)}).stdout
    (line,) = [line for line in listed.splitlines() if "delcia-plan-nights.timer" in line]
    assert line.split()[2] in {"01:38:00", "06:38:00", "12:38:00", "14:38:00"}

    said = house.tick()
    assert house.status() == 77
    assert "run 'delcia login'" in said
    house.delcia("login", "--email", "owner@example.org", "--home", "here", text="a good password\n")
    house.tick()
    assert house.status() == 0
    shown = house.delcia("report").stdout
    assert shown.startswith("spring  52 %, plugged in, read just now · start and stop by the car\n")
    # The stand-in's car tells its range, so the owner reads how far 80 % goes.
    assert night.replace("80 % at", "80 % (178 km) at") in shown


def test_a_member_of_the_group_sees_everything_without_being_root(own_house: House) -> None:
    own_house.go_to(MONDAY)
    own_house.delcia(
        "init", "/etc/delcia/plans", "--timezone", "Europe/Paris", "--model", "spring-26", "--off-peak", BILL
    )
    own_house.delcia("apply", "/etc/delcia/plans", "--yes")
    own_house.delcia("login", "--email", "owner@example.org", "--home", "here", text="a good password\n")
    own_house.tick()
    for command in ("status", "report", "history"):
        as_member = ["setpriv", "--reuid=nobody", "--regid=delcia", "--clear-groups", "delcia", command]
        seen = own_house.machine.run(as_member, env={"DELCIA_NOW": MONDAY.isoformat()})
        assert seen.stdout == own_house.delcia(command).stdout


def test_remove_and_a_new_apply_go_round(own_house: House) -> None:
    own_house.go_to(MONDAY)
    own_house.delcia(
        "init", "/etc/delcia/plans", "--timezone", "Europe/Paris", "--model", "spring-26", "--off-peak", BILL
    )
    own_house.delcia("apply", "/etc/delcia/plans", "--yes")
    own_house.delcia("remove", "--yes")
    assert own_house.machine.run(["systemctl", "list-timers", "--all", "--no-legend", "delcia-*"]).stdout == ""
    own_house.delcia("rollback", "1", "--yes")
    assert "delcia-plan-nights.timer" in own_house.machine.run(["systemctl", "list-timers", "delcia-*"]).stdout
