"""A person's word, which is the latest and wins: charge now, stop, leave the car alone, let its plans rest, go on.

Each is judged by a fresh reading. The answer says what is done now, and when the next charge begins.
"""

from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo
from typing import Literal

from delcia.core.clock import MINUTE, zone
from delcia.core.deciding import decide
from delcia.core.energy import charging_minutes
from delcia.core.model import Site, ToSoc, Vehicle
from delcia.core.replacing import replace
from delcia.core.request import FULL_PCT, TOMORROW, UNPLUGGED
from delcia.core.resting import end_of_next, next_charge, next_morning, next_window, tomorrow_noon
from delcia.core.state import Boost, Memory, Override, Owner, Pause, Trip
from delcia.core.wishes import charging_curve, settle, soc_now
from delcia.core.wording import clock_words
from delcia.errors import DelciaError, Exit
from delcia.runtime.charge import run
from delcia.runtime.job import Job, Outcome
from delcia.store.log import log_override
from delcia.store.memory import memory_of

LONGEST_BOOST = timedelta(hours=12)
"""Of a charge without a target; one that has a target may take twice what it is expected to."""

Word = Callable[[Memory], Override | None]


class RefusedError(DelciaError):
    """A word that there is nothing to do for: it is not kept."""


def highest_target_pct(site: Site, vehicle: str) -> int:
    """Return the highest SoC that the vehicle's plans aim at, in percent; 100 when none aims at a SoC."""
    targets = [plan.target.soc_pct for plan in site.plans_of(vehicle) if isinstance(plan.target, ToSoc)]
    return max(targets, default=FULL_PCT)


def boost(
    job: Job,
    now: datetime,
    to_soc_pct: int | None = None,
    minutes: int | None = None,
    *,
    charger: str | None = None,
    amps: float | None = None,
) -> Outcome:
    """Charge now, to a SoC or for a time, until unplugged; to the highest target of its plans unless said."""
    goal = to_soc_pct
    if goal is None and minutes is None:
        goal = highest_target_pct(job.site, job.vehicle.name)

    def word(memory: Memory) -> Boost:
        asked = Boost(now, now + LONGEST_BOOST, goal, minutes, charger, amps)
        if minutes is not None:
            return replace(asked, until=now + min(LONGEST_BOOST, minutes * MINUTE))
        assert goal is not None  # noqa: S101 - one of them is given
        memory = replace(memory, override=asked)
        soc_pct, _, basis = soc_now(job.site, job.vehicle, memory, now)
        if basis != "assumed" and soc_pct >= goal:
            whose = "its plans aim at" if to_soc_pct is None else "you ask for"
            hint = f"to charge further: delcia start {job.vehicle.name} --to-soc 100" if goal < FULL_PCT else ""
            raise RefusedError(
                f"it has {soc_pct:.0f} %, and {whose} {goal} %", slug="has-it", hint=hint, status=Exit.USAGE
            )
        model = charging_curve(job.site, job.vehicle, memory)
        need = charging_minutes(model, 0.0 if basis == "assumed" else soc_pct / 100, goal / 100) * MINUTE
        return replace(asked, until=now + max(LONGEST_BOOST, 2 * need))

    return _ask(job, word, now)


def stop(job: Job, now: datetime, until: datetime | Literal["unplugged"] | None = None) -> Outcome:
    """Stop whatever charge there is: until the next window begins, until an instant, or until unplugged."""

    def word(memory: Memory) -> Pause:
        if until == UNPLUGGED:
            return Pause(now, stop=True)
        if until is not None:
            return Pause(now, until, stop=True)
        ends = next_window(job.site, job.vehicle, memory, now)
        return Pause(now, ends, stop=True, of_charge=True)

    def own(memory: Memory) -> Memory:
        return replace(memory, session=memory.session and replace(memory.session, owner=Owner.DELCIA, reason="asked"))

    return _and_then(job, _ask(job, word, now, own), now)


def pause(job: Job, now: datetime, until: datetime | None = None) -> Outcome:
    """Leave the car alone until an instant, or until it is unplugged: what delcia stopped is started again."""
    return _ask(job, lambda _memory: Pause(now, until), now)


def goes_on(site: Site, vehicle: Vehicle, memory: Memory, now: datetime) -> bool:
    """Return whether a car that is left alone now is started again, as delcia stopped it and it is plugged in."""
    stopped = memory.command
    if stopped is not None and stopped.kind == "stop" and stopped.confirmed_at is None:
        # It was not looked at since: whoever leaves it alone now will find that it has obeyed.
        memory = replace(memory, command=replace(stopped, confirmed_at=stopped.sent_at), session=None)
    alone = settle(site, vehicle, replace(memory, override=Pause(now), word_at=now), now)
    return decide(site, vehicle, alone, now).action == "start"


def skip(job: Job, now: datetime, until: datetime | Literal["tomorrow"] | None = None) -> Outcome:
    """Let the plans rest, and hold the car: for the next charge, up to tomorrow's noon, or until an instant."""

    def word(memory: Memory) -> Pause:
        if until == TOMORROW:
            return Pause(now, tomorrow_noon(job.site, now), skip=True)
        ends = until or end_of_next(job.site, job.vehicle, memory, now)
        if ends is None:
            raise RefusedError(
                "no plan of it wants to charge in the next 8 days",
                slug="nothing-planned",
                hint=f"see: delcia report; to leave the car alone, delcia release {job.vehicle.name}",
                status=Exit.USAGE,
            )
        return Pause(now, ends, skip=True)

    return _ask(job, word, now)


def trip(
    job: Job,
    now: datetime,
    to_soc_pct: int,
    by: datetime | None = None,
    minutes: int | None = None,
    *,
    charger: str | None = None,
    amps: float | None = None,
) -> Outcome:
    """Have a SoC, or so many minutes of charging, by an instant, else by the next usual morning, beside the plans."""
    ends = by or next_morning(job.site, job.vehicle, now)
    word = Trip(now, ends, to_soc_pct, minutes=minutes, charger=charger, amps=amps)
    outcome = _ask(job, lambda _memory: word, now)
    goal = f"{to_soc_pct} %" if minutes is None else f"{minutes} min"
    return _with(outcome, f"{goal} by {_clock(job, ends, now)}")


def trip_from(
    job: Job,
    now: datetime,
    to_soc_pct: int,
    at: datetime,
    minutes: int | None = None,
    *,
    charger: str | None = None,
    amps: float | None = None,
) -> Outcome:
    """Charge from an instant on, once, beside the plans, to a SoC or for a time; for as long as a boost at most."""
    longest = LONGEST_BOOST if minutes is None else min(LONGEST_BOOST, timedelta(minutes=minutes))
    word = Trip(now, at + longest, to_soc_pct, at, minutes, charger, amps)
    return _ask(job, lambda _memory: word, now)


def resume(job: Job, now: datetime) -> Outcome:
    """Take back whatever was asked: the plans count again."""
    return _ask(job, lambda _memory: None, now)


def _ask(job: Job, word: Word, now: datetime, also: Callable[[Memory], Memory] = lambda memory: memory) -> Outcome:
    """Give a word that is made of what is known by then, and act on it at once."""

    def asked(memory: Memory) -> Memory:
        override = word(memory)
        log_override(job.store, job.vehicle.name, now, override)
        return also(replace(memory, override=override, word_at=now))

    return run(job, now, asked)


def _and_then(job: Job, outcome: Outcome, now: datetime) -> Outcome:
    """Return an answer that also says when the next charge begins after a stop."""
    memory = memory_of(job.store, job.vehicle.name)
    told = outcome.decision is None or outcome.decision.slug == "pause"  # which says it already
    if told or outcome.error is not None or not isinstance(memory.override, Pause):
        return outcome
    until = memory.override.until
    if until is None:
        return _with(outcome, f"left alone until unplugged, or 'delcia resume {job.vehicle.name}'")
    begins = next_charge(job.site, job.vehicle, memory, until)
    if begins is None:
        return _with(outcome, f"its plans count again from {_clock(job, until, now)} on, and none wants it soon")
    return _with(outcome, f"the next charge begins at {_clock(job, begins, now)}")


def _with(outcome: Outcome, more: str) -> Outcome:
    return outcome if outcome.error is not None else replace(outcome, words=f"{outcome.words}; {more}")


def _clock(job: Job, instant: datetime, now: datetime) -> str:
    tz: tzinfo = zone(job.site.timezone)
    return clock_words(instant, now, tz)
