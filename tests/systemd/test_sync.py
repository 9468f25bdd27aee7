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
    git config --system user.name Ada; git config --system user.email ada@example.org
    git init --quiet --bare --initial-branch=main {REMOTE}
    git clone --quiet {REMOTE} {WORK} 2>/dev/null; mkdir {WORK}/plans
"""
PLAN = '  {}: {{vehicle: spring, charger: socket, charge: {{to_soc: 80}}, when: {{windows: ["{}-06:38"]}}}}\n'
WITHIN_S = 75
"""One interval, and what the run takes."""


@pytest.fixture(scope="module")
def follower(house: House) -> House:
    """Return a house that follows a remote with plans."""
    house.machine.run(["sh", "-ec", BEGIN])
    house.machine.put("/etc/delcia/host.yaml", HOST)
    return house


def push(house: House, plans: str, *options: str) -> str:
    house.machine.put(f"{WORK}/plans/home.yaml", SITE + plans)
    return house.machine.run(["sh", "-ec", PUSH, "sh", *options]).stdout.strip()


def applied(house: House) -> str | None:
    found = json.loads(house.delcia("status", "--json").stdout)["generation"]
    return found and str(found["commit"])


def synced(house: House) -> dict[str, object]:
    found: dict[str, object] = json.loads(house.delcia("sync", "--json").stdout)
    return found


def wait_until_applied(house: House, commit: str) -> None:
    until = time.monotonic() + WITHIN_S
    while synced(house)["commit"] != commit:
        assert time.monotonic() < until, house.machine.run(["journalctl", "-u", "delcia-sync*", "-o", "cat"]).stdout
        time.sleep(1)
    assert applied(house) == commit


def test_switched_on_it_applies_what_is_there_and_follows_a_push_within_one_interval(follower: House) -> None:
    first = push(follower, PLAN.format("nights", "01:38"))
    follower.delcia("sync", "--enable")
    wait_until_applied(follower, first)
    follower.machine.run(["systemctl", "is-active", "delcia-plan-nights.timer"])
    second = push(follower, PLAN.format("nights", "02:00"))
    wait_until_applied(follower, second)


def test_a_broken_push_changes_nothing_and_is_told_once_until_it_is_mended(follower: House) -> None:
    before = applied(follower)
    push(follower, PLAN.format("nights", "99:00"))
    for _ in range(2):
        assert follower.delcia("sync", "--now", check=False).status == 1
    assert applied(follower) == before
    notices = json.loads(follower.delcia("status", "--json").stdout)["notices"]
    assert [notice["slug"] for notice in notices] == ["sync-refused"]
    mended = push(follower, PLAN.format("nights", "03:00"))
    follower.delcia("sync", "--now")
    assert applied(follower) == mended
    assert json.loads(follower.delcia("status", "--json").stdout)["notices"] == []


def test_a_rewritten_branch_is_refused_and_a_remote_that_is_away_does_no_harm(follower: House) -> None:
    before = applied(follower)
    push(follower, PLAN.format("nights", "04:00"), "--amend")
    follower.delcia("sync", "--now", check=False)
    assert (applied(follower), synced(follower)["slug"]) == (before, "not-fast-forward")
    follower.machine.run(["mv", REMOTE, f"{REMOTE}.away"])
    follower.delcia("sync", "--now", check=False)
    assert (applied(follower), synced(follower)["slug"]) == (before, "remote-away")
    follower.machine.run(["mv", f"{REMOTE}.away", REMOTE])


def test_roots_part_has_no_network_and_the_look_no_rights(follower: House) -> None:
    show = ["systemctl", "show", "-P", "User", "delcia-sync-fetch.service"]
    assert follower.machine.run(show).stdout.strip() == "delcia-sync"
    owners = follower.machine.run(["sh", "-c", "stat -c %U /var/lib/delcia-sync/* /var/lib/delcia/sync.json"]).stdout
    assert owners.split() == ["delcia-sync", "delcia-sync", "root"]
    assert follower.machine.run(["systemctl", "--failed", "--no-legend"]).stdout == ""
