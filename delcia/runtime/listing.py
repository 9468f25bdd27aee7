"""The car's own list of its charges, taken into the log of sessions once a day: a help that no run depends on."""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from delcia.car.protocol import ListsCharges
from delcia.core.learning import learn
from delcia.core.listed import is_list_due, merged
from delcia.core.model import Site, Vehicle
from delcia.errors import DelciaError
from delcia.runtime.calls import Calls
from delcia.runtime.recording import LEARNS_FROM
from delcia.store.budget import calls_left, open_circuit
from delcia.store.connection import Store, transaction
from delcia.store.memory import memory_of, remember
from delcia.store.sessions import log_session, sessions_between

LISTED = timedelta(days=30)
"""How far back the list is asked for, each time: what is known already changes nothing."""
CALLS_KEPT = 30
"""Calls of the hour that must be left over for charging itself."""
CIRCUIT = timedelta(minutes=15)
REFUSALS = frozenset({"command-retired", "forbidden", "no-data", "no-such-call", "not-for-this-model"})


def take_list(site: Site, vehicle: Vehicle, store: Store, calls: Calls, now: datetime) -> None:
    """Ask a car that was just read for its list, if that is due. Whatever goes wrong, the run has gone well."""
    # No connection is made for it: the car was read in this run, or it is not asked.
    car: object = calls.car
    if not hasattr(car, "charges"):  # first, for what follows takes longer
        return
    with suppress(DelciaError):
        memory = memory_of(store, vehicle.name)
        if not isinstance(car, ListsCharges) or not is_list_due(site, memory, now):
            return
        if calls_left(store, vehicle.account, now) <= CALLS_KEPT:
            return
        memory = replace(memory, list_asked_at=now)
        # Before it is asked: a run that is killed meanwhile is not followed by others that ask again.
        remember(store, vehicle.name, memory)
        calls.ready("charges")
        try:
            listed = car.charges(now - LISTED, now)
        except DelciaError as error:
            if error.slug == "quota":
                open_circuit(store, vehicle.account, now + CIRCUIT)
            if error.slug in REFUSALS:
                remember(store, vehicle.name, replace(memory, list_refused=True))
            return
        running = memory.session.began_at if memory.session is not None else now
        over = [item for item in listed if item.ended_at < running]
        with transaction(store):
            known = sessions_between(store, vehicle.name, now - 2 * LISTED, now)
            news = tuple(merged(site, vehicle, known, over))
            for session in news:
                log_session(store, session)
            if news:
                past = sessions_between(store, vehicle.name, now - LEARNS_FROM, now)
                remember(store, vehicle.name, replace(memory, learned=learn(site, vehicle, past)))
