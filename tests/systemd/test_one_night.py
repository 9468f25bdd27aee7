"""The main job, once through, on a real systemd: applied, fired by its timer, charged, stopped at the target.

One story in the order of its tests: the clock is the real one until the timer has fired.
"""

import json
import time
from datetime import UTC, datetime, timedelta

import pytest
from support.house import HOME, PLANS, House, plan

LEAD_S = 25
"""What apply needs, with a margin, before the window begins."""
TIMER = "delcia-plan-nights.timer"
UNIT = "/etc/systemd/system/delcia-plan-nights.service"


@pytest.fixture(scope="module")
def start() -> datetime:
    """Return when the window begins: at the next minute that leaves time to apply."""
    return (datetime.now(UTC) + timedelta(seconds=LEAD_S + 60)).replace(second=0, microsecond=0)


@pytest.fixture(scope="module")
def promised(house: House, start: datetime) -> dict[str, object]:
    """Return what the report says of the plan before the night, once it has been applied."""
    house.world.cars["spring"].soc = 0.78
    house.car.manners.starts_on_plug_in = False
    house.car.plug()
    applied = house.apply(plan("nights", start, start + timedelta(hours=5)))
    assert "nights" in applied.stdout
    report = json.loads(house.delcia("report", "--json", "--soc", "78").stdout)
    rows: list[dict[str, object]] = report["plans"]
    return rows[0]


def reloads(house: House) -> int:
    """Return how often systemd has read all unit files again."""
    house.machine.run(["journalctl", "--sync"])
    return house.machine.run(["journalctl", "_PID=1", "-o", "cat"]).stdout.count("Reloading.")


def test_list_timers_shows_the_hour_that_the_owner_wrote(
    house: House, start: datetime, promised: dict[str, object]
) -> None:
    shown = house.machine.run(["systemctl", "list-timers", "--no-pager", "delcia-*"], env={"TZ": str(HOME)}).stdout
    (line,) = [line for line in shown.splitlines() if TIMER in line]
    assert f"{start.astimezone(HOME):%a %Y-%m-%d %H:%M:00 %Z}" in line
    assert "delcia-reconcile.timer" in shown
    assert datetime.fromisoformat(str(promised["starts_at"])) == start


@pytest.mark.usefixtures("promised")
def test_a_second_apply_changes_nothing_and_reloads_nothing(house: House) -> None:
    before = reloads(house)
    assert before >= 1
    again = house.delcia("apply", PLANS, "--yes")
    assert "nothing" in again.stdout + again.stderr
    assert reloads(house) == before
    assert house.delcia("diff", PLANS).status == 0


@pytest.mark.usefixtures("promised")
def test_a_hand_edit_is_shown_and_repaired_and_drop_ins_stay(house: House) -> None:
    drop_in = house.machine.run(["cat", "/etc/systemd/system/delcia-plan-.service.d/stand-in.conf"]).stdout
    before = house.machine.run(["cat", UNIT]).stdout
    house.machine.put(UNIT, before + "# by hand\n")
    shown = house.delcia("diff", PLANS, check=False)
    assert shown.status == 1
    assert "by hand" in shown.stdout
    house.delcia("apply", PLANS, "--yes")
    assert house.machine.run(["cat", UNIT]).stdout == before
    assert house.machine.run(["cat", "/etc/systemd/system/delcia-plan-.service.d/stand-in.conf"]).stdout == drop_in
    assert house.delcia("diff", PLANS).status == 0


@pytest.mark.usefixtures("promised")
@pytest.mark.parametrize("unit", ["delcia-plan-nights.service", "delcia-reconcile.service"])
def test_the_installed_services_are_sandboxed(house: House, unit: str) -> None:
    house.machine.run(["systemd-analyze", "security", "--no-pager", "--threshold=15", unit])


@pytest.mark.usefixtures("promised")
def test_the_timer_fires_and_the_car_is_told_to_charge(house: House, start: datetime) -> None:
    house.machine.run(
        ["systemd-run", "--unit=ps", "sh", "-c", f"while :; do {EVERY_PROCESS}; sleep 0.1; done >/srv/ps"]
    )
    until = time.monotonic() + (start - datetime.now(UTC)).total_seconds() + 300
    while not house.orders and time.monotonic() < until:
        time.sleep(0.5)
    assert house.orders == ["start"]
    sent_at, _ = house.car.orders[0]
    house.machine.run(["systemctl", "is-active", TIMER])
    # When the timer fired: how long the run takes until it has sent its order is a matter of the machine.
    fired = house.machine.run(["systemctl", "show", "-P", "LastTriggerUSec", TIMER]).stdout.strip()
    fired_at = datetime.strptime(fired, "%a %Y-%m-%d %H:%M:%S UTC").replace(tzinfo=UTC)
    assert start <= fired_at < start + timedelta(seconds=15)
    assert fired_at <= sent_at


def test_the_car_is_stopped_at_the_target_as_the_report_promised(
    house: House, start: datetime, promised: dict[str, object]
) -> None:
    house.go_to(start + timedelta(minutes=1))
    house.tick()
    assert house.car.charging
    said = house.live(40)
    assert house.orders == ["start", "stop"], said
    assert 0.8 <= house.car.soc < 0.81
    stopped_at, _ = house.car.orders[1]
    completes_at = datetime.fromisoformat(str(promised["completes_at"]))
    assert abs(stopped_at - completes_at) <= timedelta(minutes=6)
    status = json.loads(house.delcia("status", "--json").stdout)
    (spring,) = status["vehicles"]
    assert (spring["soc_pct"], spring["plug"], spring["charge"]) == (80, "plugged", "idle")


def test_nothing_secret_is_written_or_shown(house: House) -> None:
    """After the whole night: the units, the journal, the processes, what was applied, what the group may read."""
    machine = house.machine
    shown = [
        house.delcia(*words).stdout
        for words in (("status",), ("report",), ("history",), ("charge", "--all", "--dry-run"))
    ]
    member = "setpriv --reuid=nobody --regid=delcia --clear-groups"
    readable = "find /etc/delcia /var/lib/delcia /var/cache/delcia /var/log -type f -readable -exec cat {} +"
    places = {
        "units": "cat /etc/systemd/system/delcia-* /etc/systemd/system/delcia-*/*",
        "journal": "journalctl -o verbose",
        "processes": "cat /srv/ps",
        "group": f"{member} {readable} | tr -d '\\0'",
    }
    texts = {name: machine.run(["sh", "-c", script], check=False).stdout for name, script in places.items()}
    texts["commands"] = "\n".join(shown)
    assert all(texts.values()), {name: len(text) for name, text in texts.items()}
    assert "delcia" in texts["processes"]
    found = [(place, secret) for place, text in texts.items() for secret in house.world.secrets() if secret in text]
    assert not found
    kept = machine.run(["sh", "-c", "cat /etc/delcia/credentials/*"]).stdout
    assert any(secret in kept for secret in house.world.secrets()), "the test knows no secret any more"


EVERY_PROCESS = r"cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null | tr '\0' ' '"
