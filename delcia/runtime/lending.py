"""Changing a setting of the car's for a while, and giving it back: kept first, then asked, then looked at."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from delcia.car.protocol import Car
from delcia.core.limits import limit_words, limits_in
from delcia.core.loans import (
    LOOK_AGAIN,
    RETURNS,
    WRITE_AGAIN,
    is_due,
    is_to_look,
    lent,
    loan_of,
    may_come,
    next_step,
    settled,
    with_loan,
    without,
)
from delcia.core.state import Loan, Memory
from delcia.errors import DelciaError, Exit
from delcia.store.connection import Store, transaction
from delcia.store.log import LoggedDecision, log_decision
from delcia.store.memory import remember
from delcia.store.notices import clear_notice, queue_notice

NAMES = {"programmes": "its own charging programmes", "limit": "its own SoC limit"}


def lend_programmes(car: Car, memory: Memory, now: datetime) -> Memory:
    """Return the memory with the owner's programmes in it that a start is about to switch off, if it does."""
    changes = car.start_changes(now)
    return memory if changes is None else lent(memory, "programmes", *changes, now)


def lend_limit(
    store: Store, vehicle: str, ready: Callable[[], Car], memory: Memory, target_pct: int, now: datetime
) -> Memory:
    """Have the car keep a SoC limit for a while, and see that it does. Raises DelciaError 75 when it cannot be asked.

    A limit that is not taken is no reason not to charge: it is told, once.
    """
    loan = loan_of(memory, "limit")
    if not store.kept or (loan is not None and (loan.left or loan.refused == target_pct)):
        return memory  # what cannot be kept cannot be given back
    returned_at = None if loan is None else loan.returned_at
    ours = loan is not None and returned_at is None and limits_in(loan.ours)[1] == target_pct
    if loan is not None and ours and (loan.seen_at is not None or now - loan.taken_at < LOOK_AGAIN):
        return memory
    try:
        shown = ready().setting("limit", now)
        lowest, has_pct = limits_in(shown)
        wanted = limit_words(lowest, target_pct)
        if loan is None or not ours:
            memory = lent(memory, "limit", shown, wanted, now)
            # What was written back lately may yet be taken, and is overruled.
            sure = has_pct == target_pct and (returned_at is None or now - returned_at >= WRITE_AGAIN)
            return _asked(store, vehicle, ready, memory, None if sure else wanted, now)
        if shown == loan.ours:
            return _kept(store, vehicle, with_loan(memory, replace(loan, seen_at=now)))
        if shown != loan.before:
            _say(store, vehicle, f"{vehicle}: its own SoC limit was set to {has_pct} % meanwhile, and stays so", now)
            return _kept(store, vehicle, with_loan(memory, replace(loan, left=True)))
        if now - loan.taken_at < WRITE_AGAIN:
            return memory
        if loan.tries < RETURNS:
            again = with_loan(memory, replace(loan, taken_at=now, tries=loan.tries + 1))
            return _asked(store, vehicle, ready, again, wanted, now)
        words = f"{vehicle}: does not take a SoC limit of {target_pct} %, asked {loan.tries} times: it may charge on"
        queue_notice(store, vehicle, "limit-ignored", words, now)
        return _kept(store, vehicle, with_loan(memory, replace(loan, seen_at=now)))
    except DelciaError as error:
        if error.status is not Exit.BROKEN:
            raise
        words = f"{vehicle}: takes no SoC limit: {error.message}"
        if loan is not None:
            # What is lent is still to be given back.
            has_pct = limits_in(loan.ours if loan.returned_at is None else loan.before)[1]
            words = f"{words}; its own stays at {has_pct} %: look in its app"
            queue_notice(store, vehicle, "limit-refused", words, now)
            return _kept(store, vehicle, with_loan(memory, replace(loan, refused=target_pct)))
        words = f"{words}; it charges until it is full; set control: {{soc_limit: false}} in the plans"
        queue_notice(store, vehicle, "limit-refused", words, now)
        return _kept(store, vehicle, with_loan(memory, Loan("limit", "", "", now, left=True)))


def _asked(
    store: Store, vehicle: str, ready: Callable[[], Car], memory: Memory, wanted: str | None, now: datetime
) -> Memory:
    """Keep what is about to be asked of the car, then ask; None: it has it already."""
    loan = loan_of(memory, "limit")
    if wanted is None and loan is not None:
        return _kept(store, vehicle, with_loan(memory, replace(loan, seen_at=now)))
    _kept(store, vehicle, memory)
    if wanted is not None:
        ready().change("limit", wanted, now)
    return memory


def power_back(
    store: Store, vehicle: str, switch: Callable[[str, bool], None], memory: Memory, now: datetime
) -> Memory:
    """Give power back to a charger whose car has left: the next one may not be delcia's. Raises DelciaError."""
    loan = loan_of(memory, "power")
    return power_on(store, vehicle, switch, memory) if loan is not None and is_due(loan, memory, now) else memory


def power_on(store: Store, vehicle: str, switch: Callable[[str, bool], None], memory: Memory) -> Memory:
    """Give power back to a charger that delcia took it from, if it did. Raises DelciaError.

    The charge that begins then is no person's who overrules a stop: that is forgotten first, as a crash may follow.
    """
    loan = loan_of(memory, "power")
    if loan is None:
        return memory
    begun = _kept(store, vehicle, replace(memory, stop_confirmed_at=None))
    try:
        switch(loan.before, True)  # noqa: FBT003 - the callable's own form
    except DelciaError:
        remember(store, vehicle, memory)
        raise
    return _kept(store, vehicle, without(begun, "power"))


def give_back(store: Store, vehicle: str, ready: Callable[[], Car], memory: Memory, now: datetime) -> Memory:
    """Give back every setting whose time is over. Raises DelciaError 75 when the car cannot be asked now."""
    memory = settled(memory)
    for loan in memory.loans:
        if loan.what == "power":
            continue
        if is_due(loan, memory, now) and is_to_look(loan, now):
            memory = _return(store, vehicle, ready, memory, loan, now)
    return memory


def give_all_back(
    store: Store,
    vehicle: str,
    ready: Callable[[], Car],
    switch: Callable[[str, bool], None],
    memory: Memory,
    now: datetime,
) -> None:
    """Give back everything at once, as nobody will look after it any more. Raises the first DelciaError, at the end."""
    failed: DelciaError | None = None
    for loan in memory.loans:
        try:
            if loan.what == "power":
                switch(loan.before, True)  # noqa: FBT003 - the callable's own form
            elif not loan.left and loan.before != loan.ours:
                shown = ready().setting(loan.what, now)
                if shown == loan.ours or (shown == loan.before and may_come(loan, now)):
                    ready().change(loan.what, loan.before, now)
                    _say(store, vehicle, f"{vehicle}: {NAMES[loan.what]} is given back", now)
        except DelciaError as error:
            failed = failed or error
        else:
            memory = _kept(store, vehicle, without(memory, loan.what))
    if failed is not None:
        raise failed


def _return(store: Store, vehicle: str, ready: Callable[[], Car], memory: Memory, loan: Loan, now: datetime) -> Memory:
    what = NAMES[loan.what]
    assert loan.what != "power"  # noqa: S101 - narrows the type; the caller looked
    try:
        shown = ready().setting(loan.what, now)
        step = next_step(loan, shown, now)
        if step == "over":
            if loan.returns:
                _say(store, vehicle, f"{vehicle}: {what} is as before", now)
            clear_notice(store, vehicle, "not-given-back", now)
            return _kept(store, vehicle, without(memory, loan.what))
        if step == "owners":
            clear_notice(store, vehicle, "not-given-back", now)
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
