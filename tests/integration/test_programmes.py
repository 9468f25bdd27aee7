"""A law of cars that start by their settings: whatever happens, the owner's programmes are as before in the end.

The real client against the stand-in, whose car's settings are the truth. Runs die as they send; the service fails.
"""

import copy
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from support.home import Home, at, home

from delcia.car.protocol import Car
from delcia.core.state import Setting
from delcia.core.triggers import RECONCILE, fires
from delcia.runtime.asking import boost, pause, resume, stop
from delcia.runtime.charge import leave, run
from delcia.runtime.job import Job
from delcia.store.log import last_commands

R5 = "{model: r5-52, hold: false, control: {soc_limit: false}}"
PLANS = """\
  nights:
    {vehicle: spring, charger: socket, charge: {to_soc: 100}, when: {windows: ["00:00-20:00"]}}
"""
PROGRAMMES = [{"programActivationStatus": True, "programType": "CHARGE", "programDepartureTime": "06:30"}]
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
"""No shrinking: a night takes a second."""
BEGIN, END, CALM = "Mon 23:50", "Tue 03:00", "Tue 05:00"


class KilledError(BaseException):
    """The run ends here, as by kill -9."""


def doomed(job: Job, *, heard: bool) -> Job:
    """Return a job that dies of its next order or change, before the car's service has heard of it or after."""

    def open_car() -> Car:
        car = job.open_car()
        send, change = car.start, car.change

        def start(now: datetime, tries: int = 1) -> None:
            if heard:
                send(now, tries)
            raise KilledError

        def changed(what: Setting, to: str, now: datetime) -> None:
            if heard:
                change(what, to, now)
            raise KilledError

        car.start, car.change = start, changed  # type: ignore[method-assign] # the end comes from outside
        return car

    return replace(job, open_car=open_car)


def _leaves(house: Home) -> None:
    house.car.unplug()
    house.car.drive(3)


def _fails(house: Home, **how: Any) -> None:  # noqa: ANN401 - the fields of a fault
    house.world.fault(times=3, **how)


def _asks(house: Home, word: Callable[[Job, datetime], object]) -> None:
    word(house.job, house.now)


def _is_silent(house: Home) -> None:
    house.car.manners.silent = not house.car.manners.silent


DEEDS: dict[str, Callable[[Home], None]] = {
    "leaves": _leaves,
    "comes": lambda house: house.car.plug(),
    "no answer": partial(_fails, drop=True),
    "answer lost": partial(_fails, endpoint="ev-settings", method="POST", drop=True, obeyed=True),
    "their trouble": partial(_fails, status=503),
    "refused": partial(_fails, endpoint="ev-settings", method="POST", code="err.func.wired.forbidden", status=403),
    "silent or not": _is_silent,
    "boost": partial(_asks, word=boost),
    "pause": partial(_asks, word=pause),
    "resume": partial(_asks, word=resume),
    "stop": partial(_asks, word=stop),
    "dies unheard": lambda _: None,
    "dies heard": lambda _: None,
}
HAPPENS = st.lists(st.tuples(st.integers(0, 37), st.sampled_from(sorted(DEEDS))), min_size=1, max_size=6)


def live(house: Home, begin: str, end: str, happens: list[tuple[int, str]]) -> None:
    """Let time pass, with a run at every tick, and what happens before it."""
    dies: str | None = None
    for number, instant in enumerate(fires(RECONCILE, at(begin), at(end))):
        house.world.go_to(instant)
        for _, deed in (each for each in happens if each[0] == number):
            DEEDS[deed](house)
            dies = deed if deed.startswith("dies") else dies
        try:
            run(house.job if dies is None else doomed(house.job, heard=dies == "dies heard"), house.now)
        except KilledError:
            dies = None


@settings(max_examples=12, phases=PHASES, deadline=None)
@given(HAPPENS, st.booleans())
def test_no_programme_stays_changed(happens: list[tuple[int, str]], removed: bool) -> None:  # noqa: FBT001 - drawn
    with (
        tempfile.TemporaryDirectory() as folder,
        home(Path(folder), vehicle=R5, plans=PLANS, code="R5E1VE", soc=0.6, begins=BEGIN) as house,
    ):
        house.car.settings.update(programs=copy.deepcopy(PROGRAMMES), chargeModeRq="SCHEDULED")
        house.car.plug()
        live(house, BEGIN, END, happens)
        house.world.faults.clear()
        house.car.manners.silent = False
        if removed:
            house.world.go_to(house.now + timedelta(minutes=5))
            leave(house.job, house.now)
        else:
            _leaves(house)
            live(house, END, CALM, [])
        assert house.car.settings["programs"] == PROGRAMMES
        assert house.memory.loans == ()
        sent = last_commands(house.store, "spring", 1000)
        assert {command.kind for command in sent} <= {"start"}
        assert len({command.sent_at for command in sent}) <= 3 * (1 + len(happens))
