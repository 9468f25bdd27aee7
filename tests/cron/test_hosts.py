"""From install to purge on hosts without systemd, each with its real cron, its real folders and its real users.

One long story on each host: every test goes on where the last one ended.
"""

import json
from collections.abc import Iterator

import pytest
from support import image
from support.cron_hosts import KINDS, PLANS, CronHost
from support.listing import listing
from support.real_crons import missing

REASON = image.missing() or missing("busybox")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(REASON is not None, reason=f"NOT TESTED on hosts without systemd: {REASON}"),
]


@pytest.fixture(scope="module", params=KINDS)
def host(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[CronHost]:
    made = CronHost(request.param, tmp_path_factory.mktemp(f"host-{request.param}"))
    try:
        yield made
    finally:
        made.remove()


def test_it_is_installed_and_applied(host: CronHost) -> None:
    ran = host.run("/run/bundle/install.sh", "--yes")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    host.write(f"{host.plans}/home.yaml", PLANS)
    host.write(host.settings, f'panel: {{listen: "127.0.0.1:{host.port}"}}\n')
    ran = host.delcia("apply", host.plans, "--target", "crontab", "--yes")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "charge --all --scheduled" in host.root.run(["cat", host.crontab]).stdout
    assert host.delcia("apply", host.plans, "--yes").stdout == "nothing to change\n"


def test_cron_runs_it_and_the_car_charges(host: CronHost) -> None:
    host.start_cron()
    host.wait_for(lambda: host.ticked_at() > 0)
    status = json.loads(host.delcia("status", "--json").stdout)
    (car,) = status["vehicles"]
    assert car["session"]["owner"] == "delcia", car
    assert host.delcia("charge", "--all").returncode == 0


def test_doctor_finds_nothing_to_do(host: CronHost) -> None:
    ran = host.delcia("doctor", "--json")
    findings = json.loads(ran.stdout)["findings"]
    # The clock belongs to the machine under these roots, not to them.
    found = [item for item in findings if item["level"] != "ok" and item["check"] != "clock"]
    assert found == [], ran.stdout


def test_the_panel_in_the_foreground_passes_a_request_on(host: CronHost) -> None:
    visitor = host.start_panel()
    page = visitor.get("/car/spring")
    assert page.status == 200, host.said()
    sent = visitor.post("/car/spring/charge", {**page.hidden, "far": "100", "when": "now"})
    assert sent.status == 303, sent.body
    host.wait_for(lambda: "Done: " in visitor.get(sent.headers["Location"]).body)
    (car,) = json.loads(host.delcia("status", "--json").stdout)["vehicles"]
    assert car["override"]["to_soc_pct"] == 100, car


def test_a_rollback_goes_back(host: CronHost) -> None:
    host.write(f"{host.plans}/home.yaml", PLANS.replace("to_soc: 80", "to_soc: 70"))
    assert host.delcia("apply", host.plans, "--yes").returncode == 0
    ran = host.delcia("rollback", "--yes")
    assert ran.returncode == 0, ran.stderr
    assert host.delcia("diff", host.plans).returncode == 1, "the plans say 70 %, what was applied says 80 %"


def test_following_a_branch_makes_its_own_user(host: CronHost) -> None:
    if host.kind == "person":
        return  # only root follows a branch
    plans = PLANS.replace("to_soc: 80", "to_soc: 65")
    host.write("/srv/work/home.yaml", plans)
    by = "-c user.name=Ada -c user.email=ada@example.org"
    commands = (
        "cd /srv/work && git init --quiet --initial-branch=main",
        f"git add home.yaml && git {by} commit --quiet --message=plans",
        "git clone --quiet --bare . /srv/plans.git",
    )
    host.root.run(["sh", "-c", " && ".join(commands)])
    host.write(host.settings, "sync: {remote: file:///srv/plans.git}\n")
    ran = host.delcia("sync", "--now")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert host.root.run(["id", "-un", "delcia-sync"]).stdout == "delcia-sync\n"
    host.write(f"{host.plans}/home.yaml", plans)
    assert host.delcia("diff", host.plans).returncode == 0, "what was pushed is applied"
    host.root.run(["rm", "-r", "/srv/plans.git", "/srv/work"])


def test_after_remove_and_purge_nothing_is_left(host: CronHost) -> None:
    ran = host.delcia("remove", "--yes")
    assert ran.returncode == 0, ran.stderr
    assert "delcia" not in host.root.run(["sh", "-c", f"cat {host.crontab} 2>/dev/null || :"]).stdout
    host.wait_for(lambda: host.root.run(["test", "-e", "/etc/crontabs/cron.update"], check=False).returncode == 1)
    host.stop()
    host.root.run(["rm", "-rf", host.plans, host.settings])  # these are their owner's, and would stay
    ran = host.run("/run/bundle/install.sh", "--uninstall", "--purge", "--yes")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert listing(host.root) ^ host.before == set()
