"""Where the car is: asked when it decides whose charge it is, at most once for each plug-in that is answered."""

from dataclasses import replace
from datetime import datetime

from delcia.core.deciding import Decision, decide
from delcia.core.model import Home
from delcia.core.ownership import located
from delcia.core.state import Memory, Whereabouts
from delcia.core.whereabouts import place
from delcia.errors import DelciaError, Exit
from delcia.runtime.calls import Calls
from delcia.runtime.job import Job, is_of_store
from delcia.store.memory import remember
from delcia.store.notices import clear_notice, queue_notice


def placed(
    job: Job, calls: Calls, memory: Memory, decision: Decision, now: datetime
) -> tuple[Memory, Decision, DelciaError | None]:
    """Return what is to be done now that it is known where the car is; and why that cannot be known, if so.

    Then nothing of the car's own is held; but delcia starts and ends its own charges, so that nobody is stranded. Where
    nothing is to be done, and only whose charge it is would be known, it is no trouble.
    """
    try:
        memory = _locate(job, calls, memory, now)
    except DelciaError as error:
        if is_of_store(error):
            raise
        of_account = error.status is Exit.LOGIN or error.slug == "quota"
        waits = decision.slug == "hold" or of_account
        if decision.slug == "charging" and decision.limit is None and not of_account:
            # It is asked again with the next reading, unless that is of no use; a hold asks, and tells, for itself.
            if error.status is not Exit.TRY_AGAIN and not job.vehicle.hold:
                memory = replace(memory, whereabouts=Whereabouts(now))
            return memory, decision, None
        return memory, replace(decision, action="none") if waits else decision, error
    return memory, decide(job.site, job.vehicle, memory, now), None


def _locate(job: Job, calls: Calls, memory: Memory, now: datetime) -> Memory:
    if job.home is None:
        msg = "the place of the home is not known on this host, so that no charge is held there"
        hint = "run 'delcia login' again, or write latitude and longitude under home:"
        if job.vehicle.hold or job.site.home is not None:
            queue_notice(job.store, job.vehicle.name, "home-unknown", f"{msg}; {hint}", now)
        return located(job.site, job.vehicle, memory, Whereabouts(now, homeless=True), now)
    clear_notice(job.store, job.vehicle.name, "home-unknown", now)
    fix = calls.ready("locate").locate(now)
    found = place(job.home, (job.site.home or Home()).radius_m, fix, memory, now)
    memory = located(job.site, job.vehicle, memory, found, now)
    remember(job.store, job.vehicle.name, memory)
    return memory
