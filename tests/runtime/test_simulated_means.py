"""Simulated nights of cars that cannot be stopped themselves: at a charger with commands, and with a SoC limit."""

from dataclasses import replace
from datetime import timedelta

from support.small_site import SOCKET, SPRING, plan, site
from support.stories import EVENING, plugged_in

from delcia.car.simulation import Habits
from delcia.core.model import Control, Site
from delcia.runtime.simulate import Simulated, simulate

MORNING = EVENING + timedelta(hours=13)


def night(control: Control, commands: str | None) -> Simulated:
    """Return what becomes of a car that is plugged in at 60 % and begins by itself."""
    vehicle = replace(SPRING, control=control, hold=commands is not None)
    made = site(plan(ready_by_min=7 * 60))
    charger = replace(SOCKET, commands=commands)
    where: Site = replace(made, vehicles={"spring": vehicle}, chargers={SOCKET.name: charger})
    life = plugged_in(soc_pct=60.0, habits=Habits(begins_on_plug=True), charging=True)
    return simulate(where, vehicle, life, EVENING, MORNING)


def test_a_charger_with_commands_holds_and_ends_the_charge() -> None:
    told = night(Control(start=True, stop=False, soc_limit=False), "wallbox")
    assert 79.5 <= told.soc_pct <= 82
    assert told.bill.cost is not None
    assert told.plain.cost is not None
    assert told.bill.cost < told.plain.cost


def test_a_limit_ends_the_charge_at_the_target() -> None:
    told = night(Control(start=True, stop=False, soc_limit=True), None)
    assert 79.5 <= told.soc_pct <= 80.5
