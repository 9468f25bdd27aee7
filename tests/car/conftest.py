"""The stand-in of Renault's service for every test here, and a car connected to it through the real client."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from standin.clock import Clock
from standin.serving import Served, serving
from standin.world import World, household
from support.renault import QUICK, START, Connect, access_to, vehicle

from delcia.car.protocol import Car
from delcia.car.renault import connect
from delcia.car.renault.patience import Patience
from delcia.core.access import Access


@pytest.fixture
def world() -> World:
    """Return an owner with one Spring, unplugged at 50 %, on a clock that the test moves."""
    return household(Clock(START))


@pytest.fixture
def served(world: World) -> Iterator[Served]:
    """Serve that world on this machine."""
    with serving(world) as served:
        yield served


@pytest.fixture
def connected(served: Served, tmp_path: Path) -> Iterator[Connect]:
    """Return a function that connects a car as a run of delcia does; what it opened is closed at the end."""
    opened: list[Car] = []

    def open_car(
        name: str = "spring",
        *,
        start: bool = True,
        stop: bool = True,
        patience: Patience = QUICK,
        access: Access | None = None,
    ) -> Car:
        car = connect(
            vehicle(name, start=start, stop=stop),
            access or access_to(served),
            locale="fr_FR",
            cache_folder=tmp_path,
            base_url=served.url,
            patience=patience,
        )
        opened.append(car)
        return car

    yield open_car
    for car in opened:
        car.close()
