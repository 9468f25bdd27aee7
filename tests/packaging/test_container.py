"""The container's own steps, in a root with busybox crond: built, started, charging, red when ticks stop, removed.

One long story on one root: each test goes on where the last one ended.
"""

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from standin.clock import Clock
from standin.serving import Served, serving
from standin.world import household
from support import container, image
from support.alpine import alpine_like
from support.container import copy
from support.home import NIGHTS, SITE, SPRING, at
from support.listing import listing
from support.packages import newer
from support.real_crons import missing
from support.roots import Root

REASON = image.missing() or missing("busybox")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(REASON is not None, reason=f"NOT TESTED in a root with busybox crond: {REASON}"),
]
EVENING, NIGHT = at("Mon 18:00"), at("Tue 01:49")
CLOCK = {
    "LD_PRELOAD": "/usr/lib/faketime.so",
    "FAKETIME": "@2026-11-24 01:49:00 x20",
    "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    "DELCIA_NOW": NIGHT.isoformat(),
}
"""For crond a tick every 15 seconds; delcia, which runs as a user who cannot share that clock, stays in its minute."""
TICK = "/var/lib/delcia/state/tick"
FOREIGN = "17 3 * * *\tbackup\n"


@dataclass(slots=True)
class Story:
    """The root, the car behind the stand-in, and what the test has on its side of the container."""

    root: Root
    served: Served
    folder: Path
    before: set[str]
    built: container.Built = field(default_factory=container.Built)
    running: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        """What the container says."""
        return self.folder / "log"

    @property
    def renault(self) -> dict[str, str]:
        """The way to the stand-in."""
        return {"DELCIA_RENAULT_URL": self.served.url}

    def orders(self) -> list[str]:
        """Return what the car was told so far."""
        self.served.world.live()
        return [kind for _, kind in self.served.world.cars["spring"].orders]

    def health(self) -> int:
        """Run the image's own health check."""
        return self.root.run(["sh", "-c", self.built.health], check=False).returncode


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    folder = tmp_path_factory.mktemp("container")
    root = alpine_like(folder / "root")
    text = SITE % {"vehicle": SPRING, "more": "", "plans": NIGHTS, "chargers": ""}
    (folder / "plans").mkdir()
    (folder / "plans/home.yaml").write_text(text, encoding="utf-8")
    with serving(household(Clock(EVENING))) as served:
        made = Story(root, served, folder, listing(root))
        try:
            yield made
        finally:
            if made.running is not None:
                made.running.kill()
                made.running.wait()
            root.remove()


def test_the_steps_of_the_dockerfile_install_it(story: Story) -> None:
    story.root.bind(image.wheels("trixie"), "/run/wheels")
    story.built = container.build(story.root, {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": "/run/wheels"})
    assert story.root.run(["delcia", "--version"]).stdout.startswith("delcia ")
    assert not story.root.place("/src").exists()
    assert story.root.run(["id", "-u", "delcia"]).stdout == "990\n"
    assert story.health() != 0, "nothing has run yet"


def test_a_login_makes_the_secret(story: Story) -> None:
    assert container.mount_volumes(story.root, story.folder) == {"TZ": "Europe/Paris"}
    login = ["delcia", "login", "--email", "owner@example.org", "--home", "here"]
    story.root.run(login, env={**story.renault, "DELCIA_NOW": EVENING.isoformat()}, text="a good password\n")
    made = story.root.place("/etc/delcia/credentials/default.json")
    secret = story.folder / "secrets/default.json"
    secret.parent.mkdir()
    shutil.copy(made, secret)
    made.unlink()
    # As some owner's file on the engine's host, where a bind mount keeps owner and mode.
    secret.chmod(0o644)
    os.chown(secret, 1000, 1000)


def test_crond_runs_delcia_as_its_own_user_and_the_car_charges(story: Story) -> None:
    car = story.served.world.cars["spring"]
    car.manners.starts_on_plug_in = False
    car.plug()
    story.served.world.go_to(NIGHT)
    container.mount_secrets(story.root, story.folder)
    env = {"TZ": "Europe/Paris", **story.renault, **CLOCK}
    story.running = container.start(story.root, story.built, env, story.log)
    wait_for(story, lambda: story.orders() == ["start"])
    wait_for(story, lambda: "spring: start" in said(story))
    assert charges(story)
    crontab = story.root.place("/etc/crontabs/delcia").read_text(encoding="utf-8")
    assert "The clock of cron is Europe/Paris." in crontab
    assert story.root.place("/etc/crontabs/root").read_text(encoding="utf-8") == FOREIGN
    for path in (TICK, "/etc/delcia/credentials/default.json"):
        about = story.root.place(path).stat()
        assert about.st_uid == 990
        assert not about.st_mode & 0o007
    assert "error:" not in said(story)


def test_the_plans_cannot_be_written_from_inside(story: Story) -> None:
    ran = story.root.run(["touch", "/etc/delcia/plans/more.yaml"], check=False)
    assert "Read-only file system" in ran.stderr


def test_the_health_check_is_red_when_ticks_stop(story: Story) -> None:
    assert story.health() == 0
    story.root.run(["killall", "crond"])
    assert story.running is not None
    assert story.running.wait(120) == 78
    assert "crond has ended" in said(story)
    tick = story.root.place(TICK)
    os.utime(tick, (time.time() - 16 * 60,) * 2)
    assert story.health() != 0


def test_bad_plans_let_go_on_what_was_applied(story: Story) -> None:
    plans = story.folder / "plans/home.yaml"
    good = plans.read_text(encoding="utf-8")
    plans.write_text(good.replace("to_soc: 80", "to_soc: 800"), encoding="utf-8")
    story.root.run(["rm", "/etc/crontabs/delcia"])  # as in a container made anew, whose volume remembers
    story.running = container.start(story.root, story.built, story.renault, story.log)
    wait_for(story, lambda: story.root.place("/etc/crontabs/delcia").exists())
    assert "going on with what was applied before" in said(story)
    assert "to_soc" in said(story)
    plans.write_text(good, encoding="utf-8")
    story.root.run(["killall", "crond"])
    assert story.running.wait(120) == 78
    story.root.run(["rm", "/etc/crontabs/cron.update"])  # which crond would have read within the minute


def test_a_time_zone_that_is_none_is_refused(story: Story) -> None:
    ran = story.root.run(story.built.command, env={"TZ": "Europe/Pari"}, check=False)
    assert ran.returncode == 78
    assert "TZ is 'Europe/Pari', which is no time zone" in ran.stderr


def test_an_upgrade_keeps_everything_and_applies_again(story: Story) -> None:
    # From here on it is a host: what the engine mounted is its own.
    story.root.unbind("/etc/delcia/plans")
    story.root.unbind("/var/lib/delcia")
    story.root.place("/var/lib/delcia").rmdir()
    copy(story.folder / "state", story.root.place("/var/lib/delcia"))
    offline = newer(image.bundle("trixie"), story.folder / "newer")
    story.root.bind(offline, "/run/newer")
    story.root.run(["rm", "/etc/crontabs/delcia"])
    ran = story.root.run(["/run/newer/install.sh", "--upgrade", "--yes"], env=story.renault)
    assert "delcia 0.1.0 was replaced by delcia 9.9.9" in ran.stdout
    assert story.root.run(["delcia", "--version"]).stdout == "delcia 9.9.9\n"
    assert "/opt/delcia/bin/delcia charge nights" in story.root.place("/etc/crontabs/delcia").read_text(
        encoding="utf-8"
    )
    assert story.root.place("/etc/delcia/credentials/default.json").exists()


def test_apply_makes_a_missing_user_in_the_words_of_busybox(story: Story) -> None:
    story.root.run(["sh", "-c", "deluser delcia; rm /etc/crontabs/delcia"])
    story.root.run(["delcia", "apply", "--again", "--yes"])
    assert story.root.run(["id", "-gn", "delcia"]).stdout == "delcia\n"
    number = story.root.run(["id", "-u", "delcia"]).stdout.strip()
    story.root.run(["chown", "-R", f"{number}:delcia", "/var/lib/delcia/state"])


def test_after_uninstalling_nothing_is_left_and_the_car_may_charge(story: Story) -> None:
    ran = story.root.run(["/run/newer/install.sh", "--uninstall", "--purge", "--yes"], env=story.renault)
    assert "nothing of it is left" in ran.stdout
    story.root.run(["rm", "/usr/local/bin/delcia-container"])
    assert listing(story.root) == story.before
    assert charges(story)


def charges(story: Story) -> bool:
    """Return whether the car does, some minutes after it was told to."""
    story.served.world.go_to(NIGHT + timedelta(minutes=10))
    return story.served.world.cars["spring"].charging


def wait_for(story: Story, happened: Callable[[], bool]) -> None:
    until = time.monotonic() + 300
    while not happened():
        assert time.monotonic() < until, said(story)
        assert story.running is None or story.running.poll() is None or happened(), said(story)
        time.sleep(0.1)


def said(story: Story) -> str:
    return story.log.read_text(encoding="utf-8", errors="replace") if story.log.exists() else ""
