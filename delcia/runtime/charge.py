"""One run for one vehicle: read if needed, decide, act, record. What the timers, and a person's `charge`, do.

Safe to kill at any point: what is about to be asked of the car is remembered before it is sent, and the next run
judges by a reading whether it was.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Literal

from delcia.car.protocol import Car
from delcia.core.clock import zone
from delcia.core.commands import is_left_on
from delcia.core.deciding import Decision, commanded, decide
from delcia.core.failing import error_of, failure_of, is_too_soon, with_failure
from delcia.core.hand import with_way
from delcia.core.loans import loan_of, unpowered
from delcia.core.means import Means, means_for
from delcia.core.ownership import observe
from delcia.core.replacing import replace
from delcia.core.state import Failure, Memory, Trip
from delcia.core.trips import trip_plan, with_trip
from delcia.core.waking import is_to_wake
from delcia.core.watching import needs_reading
from delcia.core.wishes import settle, wish_of
from delcia.core.wording import words
from delcia.errors import DelciaError, Exit
from delcia.runtime.calls import Calls
from delcia.runtime.job import Job, Outcome, is_of_store
from delcia.runtime.lending import give_all_back, give_back, lend_limit, lend_programmes, power_back, power_on
from delcia.runtime.listing import take_list
from delcia.runtime.placing import placed
from delcia.runtime.recording import record_decision, record_reading, record_sent
from delcia.store.budget import circuit_open_until, open_circuit
from delcia.store.connection import transaction
from delcia.store.log import LoggedDecision, log_decision
from delcia.store.memory import memory_of, remember
from delcia.store.notices import clear_notices, queue_notice
from delcia.store.pruning import prune

CIRCUIT = timedelta(minutes=15)
SAME_BOOT = timedelta(minutes=2)
LONG_TROUBLE = timedelta(hours=2)


def run(job: Job, now: datetime, ask: Callable[[Memory], Memory] | None = None, *, wake: bool = False) -> Outcome:
    """Bring one vehicle to what its plans want. The caller holds the vehicle's lock. Errors become the outcome.

    `ask` is a person's word: the car is read whatever is known of it, then what is remembered is changed so.
    `wake`: it is asked to report, so that this reading or the next is of now.
    """
    calls = Calls(job.vehicle.account, job.store, job.open_car, now, zone(job.site.timezone))
    trouble: DelciaError | None = None
    try:
        memory = memory_of(job.store, job.vehicle.name)
        job = _with_trip(job, memory, now)
        memory = settle(job.site, job.vehicle, _with_boot(job, memory), now)
        try:
            memory = _look(job, calls, memory, now, force=ask is not None, wake=wake)
        except DelciaError as error:
            if is_of_store(error):
                raise
            trouble = error
        if ask is not None:
            # Whatever the trouble, a person's word is kept: the next runs act on it.
            memory = ask(memory)
            remember(job.store, job.vehicle.name, memory)
            job = _with_trip(job, memory, now)
        if trouble is not None and (trouble.status is Exit.LOGIN or trouble.slug == "quota"):
            return _failed(job, _by_charger(job, calls, memory, now), trouble, now)
        decision = decide(job.site, job.vehicle, memory, now)
        if decision.locate:
            memory, decision, lost = placed(job, calls, memory, decision, now)
            trouble = trouble or lost
        plans = decision.wish.plans
        found = means_for(job.site, job.vehicle, plans or memory.counting)
        memory = memory if memory.counting == plans else replace(memory, counting=plans)
        if decision.action != "none" and not (trouble and _is_sent(memory, decision)):
            memory, ended = _order(job, calls, memory, decision, found, now, asked=ask is not None)
            if ended is not None:
                return ended
        if trouble is None and (decision.limit is not None or memory.loans):
            memory, trouble = _lent(job, calls, memory, decision, now)
        if trouble is not None:
            return _failed(job, memory, trouble, now)
        memory = memory if memory.trouble_since is None else replace(memory, trouble_since=None)
        said = words(job.site, job.vehicle, memory, decision, now)
        news = record_decision(job, memory, decision, found, said, now)
        take_list(job.site, job.vehicle, job.store, calls, now)
        prune(job.store, now)
        return Outcome(job.vehicle.name, Exit.OK, said, decision, news)
    except DelciaError as error:
        return Outcome(job.vehicle.name, error.status, error.message, None, news=True, error=error)
    finally:
        calls.close()


def leave(job: Job, now: datetime) -> Outcome:
    """Run for the last time for a vehicle, and give back all that is still delcia's in its car, plugged in or not."""
    outcome = run(job, now)
    store, name = job.store, job.vehicle.name
    if outcome.error is not None and is_of_store(outcome.error):
        return outcome
    memory = memory_of(store, name)
    if outcome.error is None:
        # What was foretold of plans that are gone is told no more.
        clear_notices(store, name, now, but={"not-given-back"})
    if not memory.loans:
        return outcome
    calls = Calls(job.vehicle.account, store, job.open_car, now, zone(job.site.timezone))
    try:
        give_all_back(store, name, lambda: calls.ready("setting"), job.switch, memory, now)
    except DelciaError as error:
        words = f"{name}: what delcia changed in the car could not be given back: {error.message}"
        return Outcome(name, error.status, words, None, news=True, error=error)
    finally:
        calls.close()
    return outcome


def explain(job: Job, now: datetime) -> Outcome:
    """Return what `run` would do now, judging by what is remembered: no call is made and nothing is kept."""
    memory = memory_of(job.store, job.vehicle.name)
    job = _with_trip(job, memory, now)
    memory = settle(job.site, job.vehicle, memory, now)
    decision = decide(job.site, job.vehicle, memory, now)
    said = words(job.site, job.vehicle, memory, decision, now)
    return Outcome(job.vehicle.name, Exit.OK, said, decision, news=True)


def _with_boot(job: Job, memory: Memory) -> Memory:
    """Return the memory with when the host was last switched on, to the minute: two runs differ by their seconds."""
    booted_at, known = job.booted_at, memory.booted_at
    if booted_at is None or (known is not None and abs(booted_at - known) < SAME_BOOT):
        return memory
    return replace(memory, booted_at=booted_at)


def _with_trip(job: Job, memory: Memory, now: datetime) -> Job:
    """Return the job with the trip that is asked for among its plans, and no other."""
    name = trip_plan(job.vehicle.name)
    if name not in job.site.plans and not isinstance(memory.override, Trip):
        return job
    plain = {key: plan for key, plan in job.site.plans.items() if key != name}
    return replace(job, site=with_trip(replace(job.site, plans=plain), job.vehicle, memory, now))


def _look(job: Job, calls: Calls, memory: Memory, now: datetime, *, force: bool, wake: bool) -> Memory:
    if not force and not needs_reading(job.site, job.vehicle, memory, now):
        return memory
    last = memory.command
    stopping = last is not None and last.kind == "stop" and last.confirmed_at is None
    if wake or is_to_wake(memory, lambda: wish_of(job.site, job.vehicle, memory, now), now):
        memory = _wake(job, calls, memory, now)
    reading = calls.ready("read", for_stop=stopping).read(now)
    after = observe(job.site, job.vehicle, memory, reading, now)
    return record_reading(job.store, job.site, job.vehicle, memory, after, reading)


def _wake(job: Job, calls: Calls, memory: Memory, now: datetime) -> Memory:
    """Ask the car for a report, which comes later; a car that cannot be woken is read all the same."""
    asleep = memory.asleep if memory.plugged_since is None and memory.asleep else memory.reading
    memory = replace(memory, woken_at=now, asleep=asleep)
    remember(job.store, job.vehicle.name, memory)
    try:
        calls.ready("wake").wake(now)
    except DelciaError as error:
        if is_of_store(error) or error.status is Exit.LOGIN or error.slug == "quota":
            raise
    return memory


def _is_sent(memory: Memory, decision: Decision) -> bool:
    """Return whether this start was sent in this window already: it is not sent again without a reading."""
    last = memory.command
    if last is None or last.kind != "start" or last.confirmed_at is not None:
        return False
    return decision.action == "start" and last.window_end == decision.wish.window_end


def _lent(
    job: Job, calls: Calls, memory: Memory, decision: Decision, now: datetime
) -> tuple[Memory, DelciaError | None]:
    """Return the memory once the car has the limit it should have, and has back what is due; and why not, if so."""
    store, name = job.store, job.vehicle.name
    remember(store, name, memory)

    def ready() -> Car:
        return calls.ready("setting")

    trouble: DelciaError | None = None
    try:
        memory = power_back(store, name, job.switch, memory, now)
    except DelciaError as error:
        if is_of_store(error):
            raise
        trouble = error  # the charger's; the car is asked all the same
    try:
        if decision.limit is not None:
            memory = lend_limit(store, name, ready, memory, decision.limit, now)
        return give_back(store, name, ready, memory, now), trouble
    except DelciaError as error:
        if is_of_store(error):
            raise
        return memory_of(store, name), trouble or error


def _order(
    job: Job, calls: Calls, memory: Memory, decision: Decision, found: Means, now: datetime, *, asked: bool
) -> tuple[Memory, Outcome | None]:
    """Return the memory once an order has gone out, or how the run ended if it did not.

    What was refused only just is not tried again, unless a person has `asked` for it.
    """
    kind: Literal["start", "stop"] = "start" if decision.action == "start" else "stop"
    if memory.failure is not None and not asked and is_too_soon(memory, kind, now):
        return memory, _failed(job, memory, error_of(memory.failure), now, memory.failure)
    try:
        return _send(job, calls, memory, decision, found, now), None
    except DelciaError as error:
        if is_of_store(error):
            raise
        memory = memory_of(job.store, job.vehicle.name)
        return memory, _failed(job, memory, error, now, failure_of(error, kind, now))


def _by_charger(job: Job, calls: Calls, memory: Memory, now: datetime) -> Memory:
    """Return the memory once the charger has done what it can, of what is wanted of a car that cannot be asked now."""
    decision = decide(job.site, job.vehicle, memory, now)
    found = means_for(job.site, job.vehicle, decision.wish.plans or memory.counting)
    charger_only = found.commands is not None and not found.control.start
    if charger_only and decision.action == "none" and is_left_on(memory, decision.wish, now):
        decision = replace(decision, action="stop", slug="window-end")
    asks_car = found.control.start if decision.action == "start" else found.control.stop
    try:
        if decision.action == "start" and asks_car:
            return power_on(job.store, job.vehicle.name, job.switch, memory)
        if decision.action == "none" or decision.locate or asks_car or _is_sent(memory, decision):
            return memory
        return _send(job, calls, memory, decision, found, now)
    except DelciaError as error:
        if is_of_store(error):
            raise
        return memory_of(job.store, job.vehicle.name)


def _send(job: Job, calls: Calls, memory: Memory, decision: Decision, found: Means, now: datetime) -> Memory:
    name = job.vehicle.name
    kind: Literal["start", "stop"] = "start" if decision.action == "start" else "stop"
    off = loan_of(memory, "power") if kind == "start" else None
    if off is not None:
        # First of all: if nothing else can be asked of it, a car that has power may charge.
        memory = power_on(job.store, name, job.switch, memory)
    before, after = memory, commanded(decision, memory, now)
    asks_car = found.control.start if kind == "start" else found.control.stop
    car = calls.ready(kind) if asks_car else None
    if kind == "start" and car is not None:
        after = lend_programmes(car, after, now)
        if not job.store.kept and after.loans != before.loans:
            message = f"{name}: its own charging programmes are off for the charge, and that will be forgotten"
            hint = "switch them on in its app when the charge is over"
            job.store.remarks.append(DelciaError(message, slug="programmes-off", hint=hint))
    done = (kind == "stop" and asks_car) or (off is not None and off.before == found.commands)
    switched = None if done else found.commands
    if switched is not None and kind == "stop":
        after = unpowered(after, switched, now)
    with transaction(job.store):
        remember(job.store, name, after)
        record_sent(job.store, name, after, "sent")
    try:
        if switched is not None:
            # The power first: a car that is woken does not wait for it (evcc#11537).
            job.switch(switched, kind == "start")
        if car is not None:
            tries = after.command.tries if after.command is not None else 1
            car.start(now, tries) if kind == "start" else car.stop(now)
    except DelciaError as error:
        with transaction(job.store):
            if error.slug != "effect-unknown":
                # It never reached the car: the next run may send it at once.
                remember(job.store, name, replace(before, loans=after.loans))
            record_sent(job.store, name, after, error.slug)
        raise
    return after


def _failed(job: Job, memory: Memory, error: DelciaError, now: datetime, failure: Failure | None = None) -> Outcome:
    """Remember a failed run: passing trouble of two hours inside a window is the owner's business."""
    memory = with_failure(memory, failure or failure_of(error, "ask", now))
    if error.slug == "quota" and circuit_open_until(job.store, job.vehicle.account, now) is None:
        open_circuit(job.store, job.vehicle.account, now + CIRCUIT)
    since = memory.trouble_since or now
    status, wanted = error.status, decide(job.site, job.vehicle, memory, now).wish.wanted
    if status is Exit.TRY_AGAIN:
        since = since if wanted else now
        if now - since >= LONG_TROUBLE:
            status = Exit.UNAVAILABLE
    said = f"{job.vehicle.name}: {error.message}"
    if status is Exit.UNAVAILABLE and error.status is Exit.TRY_AGAIN:
        said = f"{said}; for 2 h, in which it should have charged"
    if status is not Exit.TRY_AGAIN:
        words = f"{said}; {error.hint}" if error.hint else said
        queue_notice(job.store, job.vehicle.name, error.slug, with_way(job.site, job.vehicle, memory, words), now)
    short = f"{error.slug}/{status}"
    news = memory.said != short
    if news:
        log_decision(job.store, LoggedDecision(job.vehicle.name, now, said, "none", wanted))
    remember(job.store, job.vehicle.name, replace(memory, trouble_since=since, said=short))
    return Outcome(job.vehicle.name, status, said, None, news, error)
