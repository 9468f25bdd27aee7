"""Every model code that is known, on a good night and in six bad ones: what delcia does, and what its owner is told.

`cars.txt` is the table; nothing in it was tried on a real car. The cars are the stand-in's, the client is the real one.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from renault_api.kamereon.models import _VEHICLE_ENDPOINTS
from standin.models import MODELS
from support.home import HOME, Home, home
from support.webhook import Hook, webhook

from delcia.config.catalogue import models
from delcia.core.model import ToSoc

Golden = Callable[[Path, str], None]
TABLE = Path(__file__).parent / "cars.txt"
HEAD = """\
What delcia does with each model code, and what its owner is told. Not one cell was tried on a real car: the cars are
those of the stand-in, which does what owners report of theirs. The plan is from 20:00 to 21:00, to 80 % where that
can be kept, else to 100 %. Orders to the car, its limit then; what it does in truth; the last words; (!) all that its
owner was told since 19:50."""
OWN = "usable_kwh: %g, ac_1phase_kw: %g"
PLAN = """\
  evening: {vehicle: spring, charger: socket, charge: {to_soc: %d}, when: {windows: ["20:00-21:00"]}}
"""
NUMBERS = re.compile(r" until \d\d:\d\d(, then \d+ %)?")
AWAY = {"latitude": 45.0, "longitude": 5.0}
Night = Callable[[Home], None]


def waiting(house: Home) -> None:
    """Plug the car in, such that it waits for a start."""
    house.car.manners.starts_on_plug_in = False
    house.car.plug()


def target_pct(house: Home) -> int:
    """Return the target of the plan."""
    target = house.site.plans["evening"].target
    assert isinstance(target, ToSoc)
    return target.soc_pct


def fill(house: Home, points: int) -> None:
    """Fill the car up to so many points below its target, on the way here."""
    house.car.soc = (target_pct(house) - points) / 100
    house.car.drive(0)


def start_in_a_window(house: Home) -> None:
    waiting(house)
    house.live("Mon 20:20")


def end_of_the_window(house: Home) -> None:
    waiting(house)
    house.live("Mon 21:25")


def target_reached(house: Home) -> None:
    fill(house, 1)
    waiting(house)
    house.live("Mon 20:59")


def plugged_in_late(house: Home) -> None:
    house.live("Mon 20:22")
    house.car.plug()
    house.live("Mon 20:50")


def told_to_stop_and_ignoring_it(house: Home) -> None:
    # What nothing ends before it is full is to be charging still when the window is over.
    fill(house, 2 if target_pct(house) < 100 else 80)
    waiting(house)
    house.live("Mon 20:10")
    house.car.manners.obeys = house.car.manners.heeds_limit = False
    house.live("Mon 22:30")


def asleep(house: Home) -> None:
    house.live("Mon 19:56")
    house.car.manners.silent = True
    waiting(house)
    house.live("Mon 20:59")


def away(house: Home) -> None:
    house.car.drive(5, **AWAY)
    house.car.plug()
    house.live("Mon 20:40")


NIGHTS: tuple[Night, ...] = (
    start_in_a_window,
    end_of_the_window,
    target_reached,
    plugged_in_late,
    told_to_stop_and_ignoring_it,
    asleep,
    away,
)


def site_of(code: str) -> tuple[str, int]:
    """Return the vehicle of a model code as its owner would write it, and a target that can be kept."""
    known = next((model for model in models().values() if model.model_code == code), None)
    if known is not None:
        kept = known.control.stop or known.control.soc_limit
        return f"{{model: {known.id}, hold: {str(known.control.stop).lower()}}}", 80 if kept else 100
    cell = MODELS[code].cell
    return f"{{{OWN % (cell.usable_kwh, cell.ac_1phase_kw)}, hold: false}}", 100


def cell(code: str, night: Night, folder: Path, hook: Hook) -> str:
    """Return what was done and said in one night of one car."""
    vehicle, target = site_of(code)
    folder.mkdir()
    plans = PLAN % target
    hook.sent.clear()
    with home(folder, more=HOME, vehicle=vehicle, plans=plans, code=code, begins="Mon 19:50", hook=hook) as house:
        house.quiet_hours = "none"
        night(house)
        orders = ", ".join(order[4:] for order in house.orders) or "no order"
        limit = f", limit {house.car.soc_target_pct} %" if house.car.soc_target_pct != 100 else ""
        said = house.outcomes[-1][1].words.removeprefix("spring: ")
        told = f" (!) {', '.join(notice['cause'] for notice in house.told)}" if house.told else ""
        truth = "charging" if house.car.charging else "not charging"
        truth = truth if house.car.model.energy != "OTHER" else "no plug"
        return f"{orders}{limit}; {truth}; {NUMBERS.sub('', said)}{told}"


@pytest.fixture(scope="module")
def hook() -> Iterator[Hook]:
    """Serve what the owner is told by."""
    with webhook() as served:
        yield served


def test_no_model_code_of_the_client_is_missing() -> None:
    assert set(MODELS) == set(_VEHICLE_ENDPOINTS)


def test_no_night_of_any_model_is_undefined(golden: Golden, hook: Hook, tmp_path: Path) -> None:
    table = []
    for code in sorted(MODELS):
        names = " · ".join(model.id for model in models().values() if model.model_code == code) or "own numbers"
        rows = [
            f"  {night.__name__.replace('_', ' '):30} {cell(code, night, tmp_path / f'{code}-{number}', hook)}"
            for number, night in enumerate(NIGHTS)
        ]
        assert all(row.count(";") >= 1 for row in rows), rows
        table += ["", f"{code} {MODELS[code].brand} {MODELS[code].label} ({names})", *rows]
    golden(TABLE, "\n".join([HEAD, *table]) + "\n")
