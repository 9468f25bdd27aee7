"""What tests need to let delcia talk to the stand-in of Renault's service; see also `standin.serving`."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from standin.serving import Served

from delcia.car.protocol import Car
from delcia.car.renault.patience import Patience
from delcia.core.access import Access, Binding
from delcia.core.model import Battery, Control, Vehicle

START = datetime(2026, 11, 23, 18, 41, tzinfo=UTC)
QUICK = Patience(deadline_s=30.0, tries=3, first_wait_s=0.01, connect_s=10.0, answer_s=10.0)
"""No wait between tries; an answer that comes is waited for, however busy the machine is."""
HASTY = replace(QUICK, deadline_s=3.0, connect_s=1.0, answer_s=0.4)
"""The same with a service that does not answer."""

Connect = Callable[..., Car]


def vehicle(name: str = "spring", *, start: bool = True, stop: bool = True) -> Vehicle:
    """Return a vehicle as plans have it."""
    control = Control(start=start, stop=stop, soc_limit=False)
    return Vehicle(name=name, model=None, battery=Battery(26.8, 6.6, 0.0, 0.16), control=control, hold=True)


def access_to(served: Served) -> Access:
    """Return what `delcia login` would have kept for the first person of a world."""
    world = served.world
    person = next(iter(world.people.values()))
    bindings = {
        name: Binding(account.account_id, world.cars[name].vin, world.cars[name].model.code)
        for account in person.accounts
        for name in account.cars
    }
    return Access(origin=served.url, login_token=person.login_token, vehicles=bindings)
