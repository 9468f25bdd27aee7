"""A car that loses its last plan while it cannot be reached: what delcia changed in it is given back when it can be."""

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from support.cli_home import CliHome, cli_home
from support.home import NIGHTS, at

from delcia.store.notices import open_notices
from delcia.store.opening import open_store

R5 = "{model: r5-52, hold: false}"
OTHER = "  other: {model: spring-26, hold: false, driver: simulated}\n"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[CliHome]:
    """Return a host whose car, a Renault 5 that charges, has just lost its plan while Renault answers nothing."""
    with cli_home(tmp_path, vehicle=R5, code="R5E1VE") as made:
        made.move_in()
        made.car.soc_target_pct = 90
        made.car.plug()
        made.live(*(at("Mon 18:05") + minutes * timedelta(minutes=5) for minutes in range(4)))
        assert made.car.soc_target_pct == 80
        made.world.fault(endpoint="soc-levels", times=None, code="err.func.403", status=403)
        plans = made.plans / "home.yaml"
        text = plans.read_text(encoding="utf-8").replace("chargers:\n", f"{OTHER}chargers:\n")
        text = text.replace(NIGHTS, NIGHTS.replace("vehicle: spring", "vehicle: other"))
        plans.write_text(
            "".join(line for line in text.splitlines(keepends=True) if "  spring:" not in line), encoding="utf-8"
        )
        ran = made.delcia("apply", str(made.plans), "--yes")
        assert (ran.status, "is it charging as you wish?" in ran.stderr) == (0, True)
        yield made


def test_the_next_run_that_reaches_the_car_gives_it_back(house: CliHome) -> None:
    house.live(at("Mon 18:30"))
    assert house.car.soc_target_pct == 80
    house.world.faults.clear()
    house.live(at("Mon 18:35"))
    assert house.car.soc_target_pct == 90
    calls = len(house.world.calls)
    house.live(at("Mon 18:40"))
    assert len(house.world.calls) == calls


def test_after_a_day_the_owner_hears_what_stays_changed(house: CliHome) -> None:
    house.live(at("Tue 18:00"), at("Tue 18:30"), at("Tue 18:35"))
    with closing(open_store(house.paths.database)) as store:
        (notice,) = (item for item in open_notices(store) if item.vehicle == "spring")
    assert notice.slug == "not-given-back"
    assert notice.text == (
        "spring: what delcia changed in the car could not be given back: "
        "Renault denies access for reading the SoC limit; look in its app, and at its charger"
    )
