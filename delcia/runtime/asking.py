"""A person's word, which is the latest and wins: charge now, stop, leave the car alone, go on."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from delcia.core.model import Site, ToSoc
from delcia.core.request import FULL_PCT
from delcia.core.state import Boost, Memory, Override, Owner, Pause, Trip
from delcia.runtime.charge import run
from delcia.runtime.job import Job, Outcome
from delcia.store.log import log_override

LONGEST_BOOST = timedelta(hours=12)


def highest_target_pct(site: Site, vehicle: str) -> int:
    """Return the highest SoC that the vehicle's plans aim at, in percent; 100 when none aims at a SoC."""
    targets = [plan.target.soc_pct for plan in site.plans_of(vehicle) if isinstance(plan.target, ToSoc)]
    return max(targets, default=FULL_PCT)


def boost(job: Job, now: datetime, to_soc_pct: int | None = None, minutes: int | None = None) -> Outcome:
    """Charge now, to a SoC or for a time; at most 12 h, and until unplugged."""
    longest = LONGEST_BOOST if minutes is None else min(LONGEST_BOOST, timedelta(minutes=minutes))
    return _ask(job, Boost(now, now + longest, to_soc_pct, minutes), now)


def pause(job: Job, now: datetime, until: datetime | None = None) -> Outcome:
    """Leave the car alone until an instant, or until it is unplugged."""
    return _ask(job, Pause(now, until), now)


def stop(job: Job, now: datetime) -> Outcome:
    """Stop whatever charge there is, and leave the car alone until it is unplugged."""

    def own(memory: Memory) -> Memory:
        asked = memory.session and replace(memory.session, owner=Owner.DELCIA, reason="asked")
        return replace(memory, session=asked)

    return _ask(job, Pause(now, stop=True), now, own)


def trip(job: Job, now: datetime, to_soc_pct: int, by: datetime, minutes: int | None = None) -> Outcome:
    """Have a SoC, or so many minutes of charging, by an instant, once, beside what the plans want."""
    return _ask(job, Trip(now, by, to_soc_pct, minutes=minutes), now)


def trip_from(job: Job, now: datetime, to_soc_pct: int, at: datetime, minutes: int | None = None) -> Outcome:
    """Charge from an instant on, once, beside the plans, to a SoC or for a time; for as long as a boost at most."""
    longest = LONGEST_BOOST if minutes is None else min(LONGEST_BOOST, timedelta(minutes=minutes))
    return _ask(job, Trip(now, at + longest, to_soc_pct, at, minutes), now)


def resume(job: Job, now: datetime) -> Outcome:
    """Take back whatever was asked: the plans count again."""
    return _ask(job, None, now)


def _ask(
    job: Job, override: Override | None, now: datetime, also: Callable[[Memory], Memory] = lambda memory: memory
) -> Outcome:
    log_override(job.store, job.vehicle.name, now, override)
    return run(job, now, lambda memory: also(replace(memory, override=override, word_at=now, released=False)))
