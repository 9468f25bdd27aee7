"""A disk on which nothing can be written any more: the car is charged, and lent nothing to be forgotten."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from support.cli_home import TICK, CliHome, cli_home
from support.home import at
from support.webhook import webhook

from delcia.errors import Exit

NOTHING_WRITTEN = ("sh", "-c", 'ulimit -f 0; exec "$@"', "sh")
"""Every write to a file fails, as on a card that wears out."""


READ_ONLY = (
    *("unshare", "--mount", "--propagation=private", "sh", "-c"),
    'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"',
)
"""Its state lies on a file system that is mounted for reading only."""


def run(house: CliHome, how: tuple[str, ...] = NOTHING_WRITTEN) -> subprocess.CompletedProcess[str]:
    """Run what the reconcile timer runs, where nothing can be written."""
    return subprocess.run(
        [
            *how,
            *([str(house.root)] if how is READ_ONLY else []),
            sys.executable,
            "-m",
            "delcia",
            *TICK,
            "--root",
            str(house.root),
        ],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), **house.environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize(("code", "model"), [("XBG1VE", "spring-26"), ("R5E1VE", "r5-52")])
def test_a_car_is_started_in_its_window_and_keeps_its_limit(tmp_path: Path, code: str, model: str) -> None:
    with cli_home(tmp_path, vehicle=f"{{model: {model}, hold: false}}", code=code, begins="Tue 01:30") as house:
        house.move_in()
        house.car.manners.starts_on_plug_in = False
        house.car.soc_target_pct = 90
        house.car.settings["programs"] = [{"programActivationStatus": True, "programType": "CHARGE"}]
        house.car.plug()
        house.live(at("Tue 01:31"))
        house.world.go_to(at("Tue 01:38"))
        done = run(house)
        assert [order for _, order in house.car.orders] == ["start"]
        assert "[state-not-kept]" in done.stderr
        assert ("[programmes-off]" in done.stderr) is (code == "R5E1VE"), "what cannot be kept is said at least"
        assert "Traceback" not in done.stderr
        house.world.go_to(at("Tue 01:38") + timedelta(minutes=5))
        assert run(house).returncode == Exit.TRY_AGAIN
        assert house.car.charging
        assert house.car.soc_target_pct == 90
        assert len(house.car.orders) == 1, "a report shows that it charges"


def test_its_owner_is_told_by_every_way_every_six_hours_and_the_heartbeat_stops(tmp_path: Path) -> None:
    with webhook() as hook, webhook() as heart, cli_home(tmp_path, begins="Tue 12:00") as house:
        house.move_in()
        heard = tmp_path / "heard"
        house.paths.host_file.write_text(
            f"notify: {{webhook: '{hook.url}/', command: [/usr/bin/touch, '{heard}'], heartbeat: '{heart.url}/'}}\n",
            encoding="utf-8",
        )
        house.live(at("Tue 12:05"))
        assert (hook.sent, heart.sent) == ([], ["GET /"])
        for minute in range(0, 60, 10):
            house.world.go_to(at(f"Tue 13:{minute:02}"))
            done = run(house)
            assert done.returncode == Exit.TRY_AGAIN, done
        assert len(hook.sent) == 1, hook.sent
        assert "the state cannot be kept" in hook.sent[0]
        assert heard.exists()
        assert heart.sent == ["GET /"]
        house.world.go_to(at("Tue 19:05"))
        run(house)
        assert sum("cannot be kept" in sent for sent in hook.sent) == 2
        house.live(at("Tue 20:00"))
        assert heart.sent == ["GET /"] * 2, "it is kept again"


def test_a_read_only_state_is_told_and_the_car_charged(tmp_path: Path) -> None:
    with webhook() as hook, cli_home(tmp_path, vehicle="{model: spring-26, hold: false}", begins="Tue 12:00") as house:
        house.move_in()
        house.paths.host_file.write_text(f"notify: {{webhook: '{hook.url}/'}}\n", encoding="utf-8")
        house.car.manners.starts_on_plug_in = False
        house.car.plug()
        house.live(at("Tue 12:05"))
        for minute in (40, 45, 50):
            house.world.go_to(at(f"Tue 12:{minute}"))
            done = run(house, READ_ONLY)
            assert done.returncode == Exit.TRY_AGAIN, done
        assert len([sent for sent in hook.sent if "cannot be kept" in sent]) == 1, hook.sent
        assert house.car.charging
