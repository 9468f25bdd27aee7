"""Whether a charge runs that no plan wants, and how long it goes on: what a promise begins with."""

from datetime import datetime

from delcia.core.course import LOOK, Running
from delcia.core.deciding import decide
from delcia.core.limits import lent_limit
from delcia.core.means import FULL_PCT
from delcia.core.model import Site, Vehicle
from delcia.core.state import Boost, Memory, Owner
from delcia.core.told import told_charger

AT_ONCE = frozenset({"second-look", "soon", "waiting", "just-changed", "soc-doubted"})
"""Reasons for which a charge is not stopped now, but by the next look or the one after."""


def running_of(site: Site, vehicle: Vehicle, memory: Memory, now: datetime) -> Running | None:
    """Return the charge that runs now and is not, or not yet, stopped; None where none does, or plans want it.

    The memory is settled. A person's charge goes on until the battery is full, as does the car's own without hold; what
    is to be stopped goes on until the next look, and what nothing can stop until the limit that the car was lent.
    """
    session = memory.session
    if session is None:
        return None
    decision = decide(site, vehicle, memory, now)
    if isinstance(memory.override, Boost):
        place = told_charger(site, vehicle, memory.override.charger, memory.override.amps)
        return Running(decision.wish.until, place)
    if decision.wish.wanted:
        theirs = session.owner is Owner.PERSON or (session.owner is Owner.CAR and not vehicle.hold)
        return Running() if theirs and session.reason != "trip" else None
    if decision.action == "stop" or decision.locate or decision.slug in AT_ONCE:
        return Running(now + LOOK)
    return Running(most_pct=lent_limit(memory) or FULL_PCT) if decision.slug == "limit-ends" else Running()
