"""Clean hosts of two Debians (systemd 252, 257): installed from a bundle, charging, upgraded, and as before again."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support import image
from support.house import HELD, SERVICES, House, plan
from support.listing import listing
from support.machine import Machine
from support.packages import NEWER, newer
from support.panels import Visitor

from delcia import __version__

EVENING = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
START = EVENING + timedelta(hours=6)
PORT = 8470
SYSTEMD = {"bookworm": "systemd 252", "trixie": "systemd 257"}


@pytest.fixture(params=SYSTEMD)
def clean(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[House, str]]:
    """Return a house whose machine has never seen delcia, with a bundle and a newer one, and the name of its Debian."""
    bundle = image.bundle(request.param)
    newer(bundle, tmp_path / "bundles/newer")
    machine = Machine((tmp_path / "bundles", bundle, image.bare(request.param)), tmp_path / "machine")
    house = House(machine)
    try:
        machine.boot()
        yield house, request.param
    finally:
        house.close()
        machine.remove()


def install(house: House, folder: str, *argv: str) -> str:
    """Run the install.sh of a bundle in the machine, with the way to the stand-in, and return what it said."""
    env = {"DELCIA_RENAULT_URL": "http://127.0.0.1:8400", "DELCIA_NOW": house.world.clock.now().isoformat()}
    return house.machine.run([f"{folder}/install.sh", *argv], env=env).stdout


def test_from_a_clean_host_to_a_charging_car_and_back(clean: tuple[House, str]) -> None:
    house, suite = clean
    assert house.machine.run(["systemctl", "--version"]).stdout.startswith(SYSTEMD[suite])
    before = listing(house.machine)
    refused = house.machine.run(["/install.sh"], check=False)
    assert refused.returncode == 1
    assert "nobody is here to agree: outside of its own folders delcia has to add the system user" in refused.stderr
    install(house, "", "--dry-run")
    assert listing(house.machine) == before, "asking and a dry run change nothing"

    assert f"delcia {__version__} is installed" in install(house, "", "--yes")
    house.move_in()
    house.go_to(EVENING)
    house.apply(plan("nights", START, START + timedelta(hours=5)))
    house.delcia("panel", "--enable", "--home-network", text="a password of the house\n")
    house.machine.run(["/opt/delcia/bin/python", "-c", "import ruamel.yaml"])
    assert "Log in" in Visitor(PORT, connect=house.machine.connect).get("/login").body
    house.car.plug()  # a charge begins by itself, and waits for its window
    house.live(30)
    assert house.orders == HELD
    house.go_to(START)
    house.tick()
    house.live(20)
    assert house.orders == [*HELD, "start"]
    assert house.car.charging

    said = install(house, "/newer", "--upgrade")
    assert f"delcia {__version__} was replaced by delcia {NEWER}" in said
    house.live(5)
    assert house.status() == 0
    generations = json.loads(house.delcia("history", "--json").stdout)["generations"]
    assert len(generations) == 1, "units that stay as they are make no generation"
    assert house.delcia("diff", "/etc/delcia/plans").status == 0

    said = install(house, "/newer", "--uninstall", "--purge", "--yes")
    kept = said.partition("Kept, for it is yours: ")[2].split()
    assert sorted(kept) == ["/etc/delcia/host.yaml", "/etc/delcia/plans/home.yaml"], "and nothing of the panel's"
    house.go_to(START + timedelta(minutes=40))
    assert house.car.charging
    assert house.orders == [*HELD, "start"]
    house.machine.run(["rm", "-r", "/etc/delcia", *(f"/etc/systemd/system/{name}.service.d" for name in SERVICES)])
    assert listing(house.machine) == before
    assert house.machine.run(["systemctl", "list-units", "--all", "--no-legend", "delcia-*"]).stdout == ""
