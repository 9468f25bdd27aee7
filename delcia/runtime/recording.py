"""What a run writes down: memory and logs of one step in one transaction, so that a crash keeps both or neither."""

from datetime import datetime, timedelta

from delcia.core.deciding import Decision
from delcia.core.energy import wall_kwh_after
from delcia.core.evidence import UNASKED
from delcia.core.failing import ending
from delcia.core.hand import with_way
from delcia.core.learning import learn, wall_power_kw
from delcia.core.means import Means
from delcia.core.model import Site, Vehicle
from delcia.core.replacing import replace
from delcia.core.sessions import PastSession
from delcia.core.state import Charge, Memory, Reading, Session
from delcia.core.unknowns import unknown_since
from delcia.core.wishes import charging_curve
from delcia.runtime.job import Job
from delcia.store.connection import Store, transaction
from delcia.store.log import LoggedDecision, log_command, log_decision, log_reading
from delcia.store.memory import remember
from delcia.store.notices import clear_notice, clear_notices, queue_notice, withdraw_notices
from delcia.store.sessions import log_session, sessions_between

LEARNS_FROM = timedelta(days=365)
"""A battery ages: what it did longer ago says little of it now."""

UNKNOWN = frozenset({"no-fix", "soc-unknown", "stale"})
"""Decisions for want of a reading: `runtime.foreseeing` tells of what is not known, and it lasts."""
LASTING = frozenset(
    {
        "far-short",
        "home-unknown",
        "limit-ignored",
        "limit-refused",
        "not-given-back",
        "not-known",
        "not-plugged-in",
        "out-of-reach",
        "short",
    }
)
"""Causes that outlast the decisions: whoever ends one says so."""
REPORTS_WITHIN = timedelta(hours=1)
"""A car that charges, and whose reports come at all, has sent a new one within this time."""


def record_reading(
    store: Store, site: Site, vehicle: Vehicle, before: Memory, after: Memory, reading: Reading
) -> Memory:
    """Keep a reading and what it changed: a command confirmed, a charge begun or ended. Return the memory then.

    What a charge that is over teaches is learned at once.
    """
    after = _with_level(before, after, reading)
    after = replace(after, unknown=unknown_since(vehicle, after, reading))
    with transaction(store):
        log_reading(store, vehicle.name, reading)
        command = after.command or before.command
        if after.command and after.command.confirmed_at and (before.command is None or not before.command.confirmed_at):
            log_command(store, vehicle.name, after.command, "confirmed")
            # Only its report came late: whoever was not told of it yet need not be.
            withdraw_notices(store, vehicle.name, "ignored")
        elif command and before.command and after.command is None and not before.command.confirmed_at:
            log_command(store, vehicle.name, before.command, "unplugged")
        if before.plugged_since is not None and after.plugged_since is None:
            for slug in ("limit-ignored", "limit-refused"):
                clear_notice(store, vehicle.name, slug, reading.read_at)
        session = after.session or before.session
        if session is not None:
            log_session(store, _past(site, vehicle, before if after.session is None else after, session, reading))
            if after.session is None:
                past = sessions_between(store, vehicle.name, reading.read_at - LEARNS_FROM, reading.read_at)
                after = replace(after, learned=learn(site, vehicle, past))
        remember(store, vehicle.name, after)
    return after


def _with_level(before: Memory, after: Memory, reading: Reading) -> Memory:
    """Return the memory that knows whether its level still counts: not where a drive may have gone unseen since.

    The target that such a level had reached is not reached by it.
    """
    if after.soc_reading != before.soc_reading:
        return replace(after, level_unsure=False) if after.level_unsure else after
    last = before.reading
    unseen = last is not None and reading.read_at - last.read_at > UNASKED
    moved = after.plugged_since is None or after.plugged_since != before.plugged_since
    known = reading.soc_pct is not None or after.session is not None or not (unseen or moved)
    if known or after.level_unsure:
        return after
    return replace(after, level_unsure=True, latched=())


def record_sent(store: Store, vehicle: str, memory: Memory, outcome: str) -> None:
    """Keep what became of the command that was just sent."""
    if memory.command is not None:
        log_command(store, vehicle, memory.command, outcome)


def record_decision(job: Job, memory: Memory, decision: Decision, found: Means, said: str, now: datetime) -> bool:
    """Keep a decision where it differs from the last one in more than its numbers; return whether it does.

    What failed before stays told until it is over; of what is done now, who was not told of it yet need not be.
    """
    store, vehicle = job.store, job.vehicle
    short = f"{decision.action}/{decision.slug}/{'+'.join(decision.wish.plans)}"
    news, failure, how = short != memory.said, memory.failure, ending(memory, found, now)
    with transaction(store):
        if failure is not None and how == "over":
            withdraw_notices(store, vehicle.name, failure.slug)
        if decision.action == "start":
            withdraw_notices(store, vehicle.name, "away")  # it is at home after all
        lasts = {failure.slug} if failure is not None and how == "lasts" else set()
        clear_notices(store, vehicle.name, now, but={*LASTING, *lasts, decision.slug})
        if news:
            logged = LoggedDecision(vehicle.name, now, said, decision.action, decision.wish.wanted)
            log_decision(store, logged)
            if decision.notice and not _is_guess(memory, decision, now):
                queue_notice(store, vehicle.name, decision.slug, with_way(job.site, vehicle, memory, said), now)
        if news or how != "lasts":
            memory = replace(memory, said=short, failure=failure if how == "lasts" else None)
        remember(store, vehicle.name, memory)
    return news


def _is_guess(memory: Memory, decision: Decision, now: datetime) -> bool:
    """Return whether the notice would be of what the car does not tell: that is told once, as not known."""
    if decision.slug in UNKNOWN:
        return True
    reading = memory.reading
    unsaid = reading is not None and reading.charge is Charge.UNKNOWN
    # Where reports come late, none of them tells yet whether an order was obeyed; a silent car has none to come.
    reports = reading is not None and reading.heard_at is not None and now - reading.heard_at <= REPORTS_WITHIN
    late = reports and any(what == "late" for what, _ in memory.unknown)
    return decision.slug == "ignored" and (late or unsaid)


def _past(site: Site, vehicle: Vehicle, memory: Memory, session: Session, reading: Reading) -> PastSession:
    ended_at = max(reading.reported_at, session.began_at)
    minutes = (ended_at - session.began_at).total_seconds() / 60
    start = session.soc_pct
    energy = None
    if start is not None:
        energy = wall_kwh_after(charging_curve(site, vehicle, memory), start / 100, minutes)
    plan = memory.counting[0] if memory.counting else None
    charger = site.plans[plan].charger if plan is not None and plan in site.plans else None
    return PastSession(
        vehicle=vehicle.name,
        owner=session.owner,
        began_at=session.began_at,
        ended_at=ended_at,
        reason=session.reason,
        plan=plan,
        charger=charger,
        soc_start_pct=start,
        soc_end_pct=reading.soc_pct,
        energy_wall_kwh=energy,
        power_kw=None if charger is None else wall_power_kw(site, vehicle, charger),
    )
