"""The panel on a real systemd: started by who looks at it, asking by a socket, gone when idle."""

import json
import re
import subprocess
import threading
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page
from support.bridge import bridge
from support.browser import PHONE_PX, HeadlessBrowser, Visit
from support.house import DROP_IN, House, plan
from support.panels import Visitor
from support.programmes import fill_programme

WAIT_MS = 60_000
"""What takes a second or two, beside whatever else this host has to do."""
MONDAY = datetime.fromisoformat("2026-11-23T20:00:00+01:00")
EVENING = MONDAY + timedelta(minutes=40)
"""When the words of the tests before are long confirmed."""
PASSWORD = "a password of the house"  # noqa: S105 - of a house that is not there
PORT = 8470
SITE = """\
# what the neighbours said: not before ten
timezone: Europe/Paris
vehicles:
  spring: {model: spring-26, hold: true}
chargers:
  socket: {amps: 10}
tariffs:
  edf: {currency: EUR, bands: [{name: off-peak, hours: ["01:38-06:38"], price: 0.1579}, {name: peak, price: 0.2065}]}
plans:
  sundays: {vehicle: spring, charger: socket, charge: {to_soc: 50}, when: {windows: ["10:00-11:00"]}, days: [sun]}
"""
REMOTE = "/srv/plans.git"
SETTINGS = f"""\
sync: {{remote: "file://{REMOTE}", folder: plans, interval_min: 1440, verify: true}}
panel:
  plans: {{repository: "ssh://root@127.0.0.1{REMOTE}", folder: plans, key: /var/lib/delcia-panel/id_ed25519}}
"""
OWNER = f"""
    ssh-keygen -q -t ed25519 -N "" -f /root/key
    git config --system user.name Ada; git config --system user.email ada@example.org
    git config --system gpg.format ssh; git config --system user.signingKey /root/key
    git init --quiet --bare --initial-branch=main {REMOTE}
    git clone --quiet {REMOTE} /srv/work 2>/dev/null; cd /srv/work; mkdir plans; cat >plans/home.yaml
    git add --all && git commit --quiet -S --message=Begin && git push --quiet origin HEAD:main
    echo "ada $(cat /root/key.pub)" >/etc/delcia/allowed_signers
    mkdir -p /run/sshd && /usr/sbin/sshd
    # what docs/panel.md tells the owner
    install -d -o delcia-panel -g delcia-panel -m 0700 /var/lib/delcia-panel
    runuser -u delcia-panel -- ssh-keygen -q -t ed25519 -N "" -f /var/lib/delcia-panel/id_ed25519
    ssh-keyscan -t ed25519 127.0.0.1 2>/dev/null >/etc/delcia/known_hosts
    install -d -m 0700 /root/.ssh; cat /var/lib/delcia-panel/id_ed25519.pub >/root/.ssh/authorized_keys
    echo "panel $(cat /var/lib/delcia-panel/id_ed25519.pub)" >/etc/delcia/plans_only_signers
"""


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
    mode = home.machine.run(["stat", "-c", "%U %a", "/etc/delcia/panel/secrets.json", "/run/delcia/request"]).stdout
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
    shown = home.machine.run([*inside, "ls", "/etc/delcia/credentials"], check=False).stdout
    assert shown == "", "hidden even from root inside"
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
    assert exposure <= 1.3, said


def test_a_panel_broken_into_sees_no_settings_of_the_host_and_reaches_no_network(home: House, owner: Visitor) -> None:
    file, token = "/etc/delcia/host.yaml", "tk_nobody_else_has_this"
    home.machine.put(file, f"notify: {{webhook: {{url: https://ntfy.sh/x, headers: {{Authorization: {token}}}}}}}\n")
    home.machine.run(["chmod", "0644", file])
    assert owner.get("/car/spring").status == 200
    # Whoever edits a file puts another one in its place: what a mount hides would show again.
    home.machine.run(["sh", "-ec", f"cp -p {file} {file}.new; mv {file}.new {file}"])
    seen = in_the_panel(home, "ls -A /etc/delcia; cat /etc/delcia/host.yaml; grep -rs tk_nobody /run/credentials /etc")
    assert seen.stdout.split() == ["panel"]
    reach = "import socket; socket.create_connection(('127.0.0.1', 8400), 5)"
    assert home.machine.run(["python3", "-c", reach]).returncode == 0, "the stand-in of the service listens there"
    assert in_the_panel(home, f'python3 -c "{reach}"').returncode
    assert owner.get("/car/spring").status == 200
    home.machine.run(["rm", file])


def test_a_token_in_a_file_is_for_the_service_and_not_for_the_group(home: House) -> None:
    told, file = [], "/etc/delcia/secrets/ntfy"
    home.machine.run(["install", "-d", "-m", "0711", "/etc/delcia/secrets"])
    home.machine.run(["install", "-m", "0400", "-o", "delcia", "-g", "delcia", "/dev/stdin", file], text="tk_nobody\n")
    webhook = f"{{url: 'http://127.0.0.1:8403', headers: {{X-Token: {{file: {file}}}}}}}"
    home.machine.put("/etc/delcia/host.yaml", f"notify: {{quiet_hours: none, webhook: {webhook}}}\n")
    listening = home.machine.listen(8403)

    def answer() -> None:
        line, _ = listening.accept()
        with line:
            told.append(line.recv(1 << 16))
            line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    hook = threading.Thread(target=answer)
    hook.start()
    home.machine.run(["systemctl", "start", "delcia-notify@delcia-reconcile.service.service"])
    hook.join(60)
    listening.close()
    assert b"X-Token: tk_nobody\r\n" in told[0]
    member = ["setpriv", "--reuid=nobody", "--regid=delcia", "--clear-groups", "cat", file]
    refused = home.machine.run(member, check=False)
    assert (refused.stdout, "Permission denied" in refused.stderr) == ("", True)
    assert "tk_nobody" not in home.delcia("doctor", "--offline", check=False).stdout
    home.machine.run(["rm", "/etc/delcia/host.yaml"])


def test_a_panel_switched_on_by_0_1_goes_on_until_what_is_applied_is_applied_again(home: House, owner: Visitor) -> None:
    standing, unit = "/var/lib/delcia/standing.json", "delcia-panel.service"
    old = (Path(__file__).parents[1] / "data/from-0.1/panel" / unit).read_text(encoding="utf-8")
    stand = json.loads(home.machine.run(["cat", standing]).stdout)
    stand["standing"]["panel"][unit] = old
    home.machine.put(standing, json.dumps(stand))
    home.machine.put(f"/etc/systemd/system/{unit}", old)
    home.machine.put("/etc/delcia/host.yaml", "panel: {hosts: [car.home.example]}\n")
    home.machine.run(["sh", "-ec", "cd /etc/delcia; mv panel/secrets.json panel.json; rmdir panel"])
    home.machine.run(["sh", "-ec", f"systemctl daemon-reload; systemctl restart {unit}"])
    assert owner.get("/car/spring").status == 200, "its visits and its password are those of before"
    assert Visitor(PORT, connect=home.machine.connect, headers={"Host": "car.home.example"}).get("/login").status == 200
    assert "host.yaml" in in_the_panel(home, "ls /etc/delcia").stdout
    assert f"update  {unit}\n" in home.delcia("apply", "--again", "--yes").stdout
    assert owner.get("/car/spring").status == 200
    assert in_the_panel(home, "ls -A /etc/delcia").stdout.split() == ["panel"]
    assert home.machine.run(["ls", "/etc/delcia/panel.json"], check=False).returncode
    home.machine.run(["rm", "/etc/delcia/host.yaml"])
    home.delcia("panel", "--enable")


def in_the_panel(house: House, command: str) -> subprocess.CompletedProcess[str]:
    """Run a shell as the panel's user where its process runs: what somebody who has broken into it can do."""
    pid = house.machine.run(["systemctl", "show", "-P", "MainPID", "delcia-panel.service"]).stdout.strip()
    as_panel = ["setpriv", "--reuid=delcia-panel", "--regid=delcia-panel", "--groups=delcia", "sh", "-c", command]
    return house.machine.run(["nsenter", "-t", pid, "-m", "-n", *as_panel], check=False)


@pytest.fixture(scope="module")
def shared(home: House) -> House:
    """Return the house following a branch by signed commits, onto which its panel may push."""
    home.machine.run(["sh", "-ec", OWNER], text=SITE)
    home.machine.put("/etc/delcia/host.yaml", SETTINGS)
    home.delcia("panel", "--enable")
    home.delcia("sync", "--enable")
    sync(home)
    home.machine.run(["systemctl", "is-active", "delcia-plan-sundays.timer"])
    return home


def sync(house: House) -> None:
    """Look at the remote a minute later; if the timer did so in the same moment, this look finds nothing new."""
    house.go_to(house.world.clock.now() + timedelta(minutes=1))
    house.delcia("sync", "--now", check=False)


def go_to(house: House, instant: datetime, unit: str = "delcia-reconcile.service") -> None:
    """Let time pass up to a run; the panel, which keeps the hour of its start, is gone then, as when nobody looks."""
    house.machine.run(["systemctl", "stop", "delcia-panel.service"])
    house.go_to(instant)
    house.tick(unit)


def press(page: Page, button: str, told: str) -> str:
    """Press a button, wait for what comes of it, and return what the page says was asked for."""
    page.get_by_role("button", name=button, exact=True).click()
    page.get_by_text(told).wait_for(timeout=WAIT_MS)
    asked = page.locator(".asked")
    return asked.inner_text() if asked.count() else ""


def words_of_a_person(house: House, page: Page) -> list[bool]:
    """Boost, watch, pause and resume; return whether the car charged some minutes after each."""
    charged = []

    def after(minutes: int) -> None:
        house.go_to(EVENING + timedelta(minutes=minutes))
        charged.append(house.car.charging)

    page.get_by_label("to another SoC").check()
    page.get_by_label("SoC in percent").fill("60")
    assert "start: to 60 %" in press(page, "Charge", "Done: start until")
    after(5)
    before = int(page.locator(".number").inner_text())
    go_to(house, EVENING + timedelta(minutes=40))
    page.get_by_role("link", name="Look again").click()
    page.get_by_text("as of 21:20").wait_for(timeout=WAIT_MS)
    assert int(page.locator(".number").inner_text()) > before
    assert page.locator(".bar.on").count() == 1
    after(40)
    assert "left alone until unplugged" in press(page, "Leave alone", "Done: ")
    after(45)
    assert press(page, "Resume", "Done: ") == ""
    after(50)
    return charged


def programme(page: Page) -> tuple[str, str]:
    """Fill the form of a new plan in, look at the change, and save it; return the diff and the consequence."""
    page.get_by_role("link", name="New plan").click()
    page.get_by_label("Name").fill("nights")
    fill_programme(page)
    page.get_by_role("button", name="Look at the change").click()
    diff = page.locator("pre.diff").inner_text(timeout=WAIT_MS)
    brings = page.locator(".brings").inner_text()
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**saved=**", timeout=WAIT_MS)
    assert "Saved as " in page.get_by_role("status").inner_text()
    return diff, brings


def test_from_the_first_look_to_a_car_that_charges_by_the_programme(shared: House, browser: HeadlessBrowser) -> None:
    go_to(shared, EVENING)
    begun = len(shared.orders)

    def steps(visit: Visit) -> tuple[list[bool], tuple[str, str]]:
        page = visit.page
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        page.wait_for_url("**/car/spring", timeout=WAIT_MS)
        assert "plugged in" in page.locator(".facts").inner_text()
        charged = words_of_a_person(shared, page)
        written = programme(page)
        assert visit.troubles == []
        return charged, written

    with bridge(shared.machine.connect, PORT) as port:
        charged, (diff, brings) = browser.visit(f"http://127.0.0.1:{port}/", steps, width_px=PHONE_PX)
    assert charged == [True, True, False, False]
    assert shared.orders[begun:] == ["start", "stop"]
    assert "+  nights:" in diff
    assert "days: [mon-fri]" in diff
    assert "delcia-plan-nights.timer" in brings

    log = shared.machine.run(["git", "-C", REMOTE, "log", "-1", "--format=%an: %s", "main"]).stdout
    assert log == "delcia panel: Charge spring to 80 % off-peak on weekdays, ready by 07:00\n"
    written = shared.machine.run(["git", "-C", REMOTE, "show", "main:plans/home.yaml"]).stdout
    assert written.startswith(SITE), "what stood there stays to the byte"
    sync(shared)
    listed = shared.machine.run(["systemctl", "list-timers", "--no-pager", "delcia-*"], env={"TZ": "Europe/Paris"})
    (line,) = [line for line in listed.stdout.splitlines() if "delcia-plan-nights.timer" in line]
    assert re.search(r" (01:38|06:38):00 ", line), "the hours that its owner wrote"

    go_to(shared, MONDAY + timedelta(hours=5, minutes=30))
    assert shared.orders[begun:] == ["start", "stop"], "half past one: not yet"
    go_to(shared, MONDAY + timedelta(hours=5, minutes=38), "delcia-plan-nights.service")
    assert shared.orders[begun:] == ["start", "stop", "start"]
    shared.go_to(MONDAY + timedelta(hours=5, minutes=43))
    assert shared.car.charging
    shared.delcia("sync", "--disable")


def test_its_units_stand_beside_the_plans_until_it_is_switched_off(home: House) -> None:
    assert home.delcia("panel", "--enable").stdout.endswith("nothing to change\n")
    home.apply(plan("nights", MONDAY + timedelta(hours=5), MONDAY + timedelta(hours=9)))
    assert home.machine.run(["systemctl", "is-enabled", "delcia-panel.socket"]).stdout == "enabled\n"
    home.machine.put("/etc/delcia/host.yaml", 'panel: {listen: "0.0.0.0:8471", plans: {folder: /home/me/car}}\n')
    refused = home.delcia("panel", "--enable", check=False)
    assert "the panel's unit cannot see /home/me/car: its sandbox hides /home [plans-hidden]" in refused.stderr
    home.machine.put("/etc/delcia/host.yaml", 'panel: {listen: "0.0.0.0:8471", plans: {folder: /srv/car}}\n')
    home.machine.run(["mkdir", "/srv/car"])
    refused = home.delcia("panel", "--enable", check=False)
    assert "hint: run: sudo chown -R delcia-panel: /srv/car" in refused.stderr
    home.machine.run(["chown", "-R", "delcia-panel:", "/srv/car"])
    home.delcia("panel", "--enable")
    stranger = Visitor(8471, connect=home.machine.connect, headers={"Host": "car.home.example"})
    assert stranger.get("/login").status == 421
    settings = 'panel: {listen: "0.0.0.0:8471", hosts: [car.home.example], plans: {folder: /srv/car}}\n'
    home.machine.put("/etc/delcia/host.yaml", settings)
    home.delcia("panel", "--enable")
    assert stranger.get("/login").status == 200, "no panel that runs keeps the settings of its start"
    pid = home.machine.run(["systemctl", "show", "-P", "MainPID", "delcia-panel.service"]).stdout.strip()
    as_panel = ["setpriv", "--reuid=delcia-panel", "--regid=delcia-panel", "--clear-groups", "touch"]
    home.machine.run(["nsenter", "-t", pid, "-m", *as_panel, "/srv/car/new"])
    home.machine.run(["mv", "/etc/delcia/panel", "/etc/delcia/panel.away"])
    refused = home.delcia("panel", "--enable", check=False)
    assert (refused.status, "[no-password]" in refused.stderr) == (2, True)
    home.machine.run(["mv", "/etc/delcia/panel.away", "/etc/delcia/panel"])
    assert "delete  delcia-panel.socket" in home.delcia("panel", "--disable").stdout
    left = home.machine.run(
        ["systemctl", "list-unit-files", "--no-legend", "delcia-panel*", "delcia-request*"], check=False
    )
    assert left.stdout == ""
    with pytest.raises(OSError, match="refused"):
        home.machine.connect(8471)
