"""Changing a setting of the car's for a while, and giving it back: kept first, then asked, then looked at."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from delcia.car.protocol import Car
from delcia.core.loans import RETURNS, is_due, is_to_look, lent, next_step, settled, with_loan, without
from delcia.core.state import Loan, Memory
from delcia.errors import DelciaError, Exit
from delcia.store.connection import Store, transaction
from delcia.store.log import LoggedDecision, log_decision
from delcia.store.memory import remember
from delcia.store.notices import queue_notice

NAMES = {"programmes": "its own charging programmes", "limit": "its own SoC limit"}


def lend_programmes(car: Car, memory: Memory, now: datetime) -> Memory:
    """Return the memory with the owner's programmes in it that a start is about to switch off, if it does."""
    changes = car.start_changes(now)
    return memory if changes is None else lent(memory, "programmes", *changes, now)


def give_back(store: Store, vehicle: str, ready: Callable[[], Car], memory: Memory, now: datetime) -> Memory:
    """Give back every setting whose time is over. Raises DelciaError 75 when the car cannot be asked now."""
    memory = settled(memory)
    for loan in memory.loans:
        if is_due(loan, memory, now) and is_to_look(loan, now):
            memory = _return(store, vehicle, ready, memory, loan, now)
    return memory


def _return(
    store: Store, vehicle: str, ready: Callable[[], Car], memory: Memory, loan: Loan, now: datetime
) -> Memory:
    what = NAMES[loan.what]
    try:
        shown = ready().setting(loan.what, now)
        step = next_step(loan, shown, now)
        if step == "over":
            if loan.returns:
                _say(store, vehicle, f"{vehicle}: {what} is as before", now)
            return _kept(store, vehicle, without(memory, loan.what))
        if step == "owners":
            _say(store, vehicle, f"{vehicle}: {what} was changed meanwhile, and stays as it is now", now)
            return _kept(store, vehicle, without(memory, loan.what))
        if step == "wait":
            return memory
        if loan.returns >= RETURNS:
            words = f"{vehicle}: {what} could not be given back, asked {loan.returns} times: look in its app"
            queue_notice(store, vehicle, "not-given-back", words, now)
        memory = _kept(store, vehicle, with_loan(memory, replace(loan, returned_at=now, returns=loan.returns + 1)))
        ready().change(loan.what, loan.before, now)
    except DelciaError as error:
        if error.status is not Exit.BROKEN:
            raise
        words = f"{vehicle}: {what} could not be given back: {error.message}; look in its app"
        queue_notice(store, vehicle, "not-given-back", words, now)
        return _kept(store, vehicle, with_loan(memory, replace(loan, returned_at=now, returns=RETURNS)))
    return memory


def _kept(store: Store, vehicle: str, memory: Memory) -> Memory:
    remember(store, vehicle, memory)
    return memory


def _say(store: Store, vehicle: str, words: str, now: datetime) -> None:
    with transaction(store):
        log_decision(store, LoggedDecision(vehicle, now, words, "none", wanted=False))
