"""A booted host follows a bare remote by its timer: a push, a broken one, its mending, a rewritten one, no remote."""

import json
import time

import pytest
from support.house import SITE, House

REMOTE, WORK = "/srv/plans.git", "/srv/work"
HOST = f"sync: {{remote: 'file://{REMOTE}', folder: plans, interval_min: 1}}\n"
PUSH = """
    cd /srv/work && git add --all && git commit --quiet --message=next "$@"
    git push --quiet --force origin HEAD:main && git rev-parse HEAD
"""
BEGIN = f"""
    rm -rf {REMOTE} {REMOTE}.away {WORK} /var/lib/delcia-sync/* /var/lib/delcia/sync.json
    git config --system user.name Ada; git config --system user.email ada@example.org
    git init --quiet --bare --initial-branch=main {REMOTE}
    git clone --quiet {REMOTE} {WORK} 2>/dev/null; mkdir {WORK}/plans
"""
NIGHTS = '  nights: {{vehicle: spring, charger: socket, charge: {{to_soc: {}}}, when: {{windows: ["01:38-06:38"]}}}}\n'
OWNERS = "stat -c %U /var/lib/delcia-sync/* /var/lib/delcia/sync.json"
RUNS = ["delcia-sync-fetch.service", "delcia-sync.service"]
BROKEN = "[Service]\nExecStart=\nExecStart=/bin/sh -c 'exit 70'\n"
LONG_S = 300
"""More than an interval of a minute, and what a run takes on any machine."""
FOLLOWED = "/var/lib/delcia/sync.json"


@pytest.fixture(scope="module")
def settled(house: House) -> House:
    """Return a house with its account connected: at any hour a window may be open, and its runs go well."""
    house.apply(NIGHTS.format(60))
    house.machine.put("/etc/delcia/host.yaml", HOST)
    return house


@pytest.fixture
def follower(settled: House) -> House:
    """Return a house that follows a new remote and has its first plans, whatever a test before left."""
    settled.machine.run(["systemctl", "stop", "delcia-sync.timer", *RUNS], check=False)
    settled.machine.run(["sh", "-ec", BEGIN])
    push(settled, NIGHTS.format(79))
    settled.delcia("sync", "--enable")
    assert look(settled) == 0, settled.delcia("sync").stdout
    return settled


def push(house: House, plans: str, *options: str) -> str:
    house.machine.put(f"{WORK}/plans/home.yaml", SITE + plans)
    return house.machine.run(["sh", "-ec", PUSH, "sh", *options]).stdout.strip()


def look(house: House) -> int:
    """Look at the remote now, and return the exit status."""
    house.machine.run(["systemctl", "reset-failed", *RUNS], check=False)  # five in ten seconds are no trouble here
    return house.delcia("sync", "--now", check=False).status


def applied(house: House) -> str | None:
    found = json.loads(house.delcia("status", "--json").stdout)["generation"]
    return found and str(found["commit"])


def synced(house: House) -> dict[str, object]:
    found: dict[str, object] = json.loads(house.delcia("sync", "--json").stdout)
    return found


def told(house: House) -> list[str]:
    """Return what sync has told the owner; what the plans themselves have to say is not judged here."""
    notices = json.loads(house.delcia("status", "--json").stdout)["notices"]
    return [notice["slug"] for notice in notices if notice["slug"].startswith("sync-")]


def test_the_look_at_the_remote_is_given_its_own_section_and_no_secret_of_another(follower: House) -> None:
    follower.machine.put("/etc/delcia/host.yaml", f"{HOST}notify: {{webhook: https://ntfy.sh/tk_nobody_else}}\n")
    follower.machine.run(["chmod", "0644", "/etc/delcia/host.yaml"])
    follower.machine.put(
        "/etc/systemd/system/delcia-sync-fetch.service.d/look.conf",
        "[Service]\nExecStartPre=/bin/sh -c 'grep -rs tk_nobod[y] $CREDENTIALS_DIRECTORY /etc; ls /etc/delcia'\n",
    )
    follower.machine.run(["systemctl", "daemon-reload"])
    assert look(follower) == 0
    said = follower.machine.run(["journalctl", "-u", "delcia-sync-fetch", "-o", "cat"]).stdout
    follower.machine.run(["rm", "-r", "/etc/systemd/system/delcia-sync-fetch.service.d"])
    follower.machine.put("/etc/delcia/host.yaml", HOST)
    follower.machine.run(["systemctl", "daemon-reload"])
    assert "\nplans\n" in said, "it was looked"
    assert ("tk_nobody" in said, "host.yaml" in said) == (False, False)


def test_switched_on_it_applies_what_is_there_and_follows_a_push_within_one_interval(follower: House) -> None:
    follower.machine.run(["systemctl", "is-active", "delcia-plan-nights.timer"])
    commit = push(follower, NIGHTS.format(78))
    shown = follower.machine.run(["journalctl", "--lines=0", "--show-cursor"]).stdout
    cursor = shown.partition("-- cursor: ")[2].strip()
    until = time.monotonic() + LONG_S
    while commit not in follower.machine.run(["cat", FOLLOWED]).stdout or synced(follower)["commit"] != commit:
        assert time.monotonic() < until, follower.machine.run(["journalctl", "-u", "delcia-sync*", "-o", "cat"]).stdout
        time.sleep(0.5)
    assert applied(follower) == commit
    looks = ["journalctl", "--unit=delcia-sync-fetch.service", f"--after-cursor={cursor}", "--output=cat"]
    assert follower.machine.run(looks).stdout.count("Starting delcia-sync-fetch.service") <= 1, "found by the first"


def test_a_broken_push_changes_nothing_and_is_told_once_until_it_is_mended(follower: House) -> None:
    before = applied(follower)
    push(follower, NIGHTS.format(178))
    assert [look(follower), look(follower)] == [1, 1]
    assert (applied(follower), told(follower)) == (before, ["sync-refused"])
    mended = push(follower, NIGHTS.format(77))
    assert look(follower) == 0
    assert (applied(follower), told(follower)) == (mended, [])


def test_a_rewritten_branch_is_refused_and_a_remote_that_is_away_does_no_harm(follower: House) -> None:
    before = applied(follower)
    push(follower, NIGHTS.format(76), "--amend")
    assert look(follower) == 1
    assert (applied(follower), synced(follower)["slug"]) == (before, "not-fast-forward")
    follower.machine.run(["mv", REMOTE, f"{REMOTE}.away"])
    assert look(follower) == 1
    assert (applied(follower), synced(follower)["slug"]) == (before, "remote-away")


def test_roots_part_has_no_network_and_the_look_no_rights(follower: House) -> None:
    show = ["systemctl", "show", "-P", "User", "delcia-sync-fetch.service"]
    assert follower.machine.run(show).stdout.strip() == "delcia-sync"
    *theirs, roots = follower.machine.run(["sh", "-c", OWNERS]).stdout.split()
    assert (set(theirs), roots) == ({"delcia-sync"}, "root")
    said = follower.machine.run(
        ["systemd-analyze", "security", "--no-pager", "delcia-sync.service"], check=False
    ).stdout
    exposure = float(said.split("Overall exposure level for ")[1].split(": ")[1].split()[0])
    assert exposure <= 1.5, said
    failed = follower.machine.run(["systemctl", "list-units", "--failed", "--no-legend", "delcia-sync*"])
    assert failed.stdout == ""


def test_where_cron_runs_delcia_its_line_has_the_same_user_look_and_root_apply(follower: House) -> None:
    machine = follower.machine
    machine.run(["sh", "-ec", "mkdir -p /etc/cron.d; [ -e /usr/sbin/cron ] || ln -s /bin/true /usr/sbin/cron"])
    machine.run(["sh", "-ec", "umask 077; echo key >/etc/delcia/sync.key"])
    follower.delcia("apply", f"{WORK}/plans", "--target", "crontab", "--yes")
    follower.delcia("sync", "--enable")
    assert machine.run(["systemctl", "is-enabled", "delcia-sync.timer"], check=False).stdout.strip() != "enabled"
    commit = push(follower, NIGHTS.format(75))
    command = machine.run(["sh", "-ec", "grep -v '^#' /etc/cron.d/delcia-sync | cut -f 7"]).stdout.partition(" 2>&1")[0]
    said = machine.run(["sh", "-ec", command]).stdout
    assert f"at {commit[:10]}" in said
    assert applied(follower) == commit
    *theirs, roots = machine.run(["sh", "-c", OWNERS]).stdout.split()
    assert (set(theirs), roots) == ({"delcia-sync"}, "root")
    assert machine.run(["sh", "-c", "ls -d /run/.delcia-sync-*"], check=False).stdout == "", "no copy of a key is left"
    before = commit
    push(follower, NIGHTS.format(175))
    machine.run(["sh", "-ec", command], check=False)
    assert (applied(follower), told(follower)) == (before, ["sync-refused"])
    machine.run(["rm", "/etc/delcia/sync.key"])
    push(follower, NIGHTS.format(74))
    follower.delcia("apply", f"{WORK}/plans", "--target", "systemd", "--yes")
    follower.delcia("sync", "--enable")


def test_a_host_that_never_applied_anything_tells_that_its_first_look_crashed_or_its_first_plans_are_refused(
    settled: House,
) -> None:
    """Last, for it takes the plans away."""
    settled.delcia("sync", "--disable")
    settled.delcia("remove", "--yes")
    settled.machine.run(["sh", "-ec", f"{BEGIN} rm -rf /var/lib/delcia/[!s]* /var/lib/delcia/state/*"])
    push(settled, NIGHTS.format(79))
    settled.machine.put("/etc/systemd/system/delcia-sync-fetch.service.d/broken.conf", BROKEN)
    settled.delcia("sync", "--enable")
    look(settled)
    settled.machine.run(["systemctl", "start", "delcia-sync-failed@delcia-sync-fetch.service.service"], check=False)
    # It returns when the one that runs has ended.
    found = settled.machine.run(["journalctl", "-u", "delcia-sync-failed@*", "-o", "cat", "-p", "err"]).stdout
    assert "delcia-sync-fetch.service failed, exit status 70: a bug in delcia" in found
    assert synced(settled)["slug"] == "no-offer"

    heard = "/var/lib/delcia/state/heard"
    settings = f"{HOST}notify: {{command: [/usr/bin/tee, -a, {heard}], quiet_hours: none}}\n"
    settled.machine.put("/etc/delcia/host.yaml", settings)
    settled.machine.run(["rm", "-r", "/etc/systemd/system/delcia-sync-fetch.service.d"])
    push(settled, NIGHTS.format(179))
    settled.delcia("sync", "--enable")
    assert [look(settled), look(settled)] == [1, 1]
    said = settled.machine.run(["cat", heard]).stdout
    assert said.count("the pushed plans are not followed: the plans at ") == 1
