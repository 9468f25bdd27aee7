"""What delcia changes in a car for a while, and when it gives it back: as it was, and only what is still its own.

A loan is kept before the car is asked, so that a crash at any point loses nothing. It is over when the car shows the
owner's value again, or one that neither the owner had nor delcia set: then the owner has chosen anew.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal

from delcia.core.state import Boost, Lent, Loan, Memory, Owner, Pause
from delcia.core.trips import is_by_time

SETTLED = timedelta(minutes=30)
"""So long after it was asked, or has ended early, a charge may still begin, and the programmes stay off for it."""
LOOK_AGAIN = timedelta(minutes=4)
WRITE_AGAIN = timedelta(minutes=20)
GIVE_UP = timedelta(hours=6)
"""How often a car is still asked that does not take its setting back."""
RETURNS = 3

Next = Literal["over", "owners", "write", "wait"]


def loan_of(memory: Memory, what: Lent) -> Loan | None:
    """Return what is lent of a setting."""
    return next((loan for loan in memory.loans if loan.what == what), None)


def with_loan(memory: Memory, loan: Loan) -> Memory:
    """Return the memory with a loan in the place of the one of the same setting."""
    others = tuple(each for each in memory.loans if each.what != loan.what)
    return replace(memory, loans=(*others, loan))


def without(memory: Memory, what: Lent) -> Memory:
    """Return the memory when a setting is the owner's again."""
    return replace(memory, loans=tuple(each for each in memory.loans if each.what != what))


def lent(memory: Memory, what: Lent, before: str, ours: str, now: datetime) -> Memory:
    """Return the memory of a setting about to be changed from `before` to `ours`.

    What the owner had counts, not what delcia has left there in the meantime.
    """
    old = loan_of(memory, what)
    mine = old is not None and not old.left and old.ours == before
    return with_loan(memory, Loan(what, old.before if old is not None and mine else before, ours, now))


def unpowered(memory: Memory, commands: str, now: datetime) -> Memory:
    """Return the memory of a charger about to lose its power, until its car has left."""
    return with_loan(memory, Loan("power", commands, commands, now))


def is_due(loan: Loan, memory: Memory, now: datetime) -> bool:
    """Return whether a setting is to be given back: what it was lent for is over."""
    if loan.left:
        return False
    if loan.what != "programmes":
        # While plugged in, a higher limit, or power, would have the car charge again.
        return memory.plugged_since is None or is_away(memory) or (loan.what == "limit" and _is_persons(memory))
    command = memory.command
    asked = command is not None and command.kind == "start" and command.confirmed_at is None
    if asked and command is not None and now - command.sent_at < SETTLED:
        return False
    if memory.plugged_since is None:
        return True
    ended_lately = memory.ended_at is not None and now - memory.ended_at < SETTLED
    return memory.session is None and not ended_lately


def _is_persons(memory: Memory) -> bool:
    """Return whether the charge is a person's, who has named no end to it, or a person wants the car left alone."""
    override, session = memory.override, memory.session
    if isinstance(override, Boost):
        return override.to_soc_pct is None
    if isinstance(override, Pause):
        return not override.stop and not override.skip
    if is_by_time(override, memory.counting):
        return True
    return session is not None and session.owner is Owner.PERSON and session.reason in {"after-stop", "fast"}


def is_away(memory: Memory) -> bool:
    """Return whether the car was last found away from home."""
    return memory.whereabouts is not None and memory.whereabouts.at_home is False


def is_to_look(loan: Loan, now: datetime) -> bool:
    """Return whether it is time to see, or see again, what the car has of a setting that is due."""
    if loan.returned_at is None:
        return True
    return now - loan.returned_at >= (LOOK_AGAIN if loan.returns < RETURNS else GIVE_UP)


def may_come(loan: Loan, now: datetime) -> bool:
    """Return whether a car that still shows what it had may yet take what it was asked: that is queued, not done."""
    return loan.seen_at is None and loan.returned_at is None and now - loan.taken_at < WRITE_AGAIN


def next_step(loan: Loan, shown: str, now: datetime) -> Next:
    """Return what to do about a setting that is due, of which the car shows this."""
    if shown == loan.before:
        return "wait" if may_come(loan, now) else "over"
    if shown != loan.ours:
        return "owners"
    if loan.returned_at is not None and now - loan.returned_at < WRITE_AGAIN:
        return "wait"
    return "write"


def settled(memory: Memory) -> Memory:
    """Return the memory without the marks that last until the car is unplugged."""
    if memory.plugged_since is not None or not any(loan.left for loan in memory.loans):
        return memory
    return replace(memory, loans=tuple(loan for loan in memory.loans if not loan.left))
