"""A disk on which nothing can be written any more: the car is charged, and lent nothing to be forgotten."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from support.cli_home import TICK, CliHome, cli_home
from support.home import at

NOTHING_WRITTEN = ("sh", "-c", 'ulimit -f 0; exec "$@"', "sh")
"""Every write to a file fails, as on a card that wears out."""


def run(house: CliHome) -> subprocess.CompletedProcess[str]:
    """Run what the reconcile timer runs, where nothing can be written."""
    return subprocess.run(
        [*NOTHING_WRITTEN, sys.executable, "-m", "delcia", *TICK, "--root", str(house.root)],
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
        assert run(house).returncode == 0
        assert house.car.charging
        assert house.car.soc_target_pct == 90
        assert len(house.car.orders) == 1, "a report shows that it charges"
