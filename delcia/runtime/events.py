"""Which runs of a simulation may change anything: from event to event, where looking between them shows nothing new.

A real car may do anything at any time, so the timers look every five minutes. Of a simulated one all is known.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from delcia.car.simulation import Life, daily_events
from delcia.core.clock import DAY, MINUTE
from delcia.core.deciding import NEAR, RESTART_AFTER
from delcia.core.energy import Curve
from delcia.core.model import Duration, Energy, Site, Vehicle
from delcia.core.slots import noon_after
from delcia.core.state import Memory, Owner
from delcia.errors import Exit
from delcia.runtime.job import Outcome

SETTLED = timedelta(minutes=9)
"""How long after an event every run counts: two readings are needed before some are believed."""
UNSURE_PCT = 2.0
"""SoC comes in whole points: near its end a charge is looked at as often as a real one is."""


def next_look(
    site: Site, vehicle: Vehicle, outcome: Outcome, memory: Memory, life: Life, model: Curve, now: datetime
) -> datetime:
    """Return the instant from which on the next run may change something; `now` when it is the very next."""
    decision = outcome.decision
    happened = list(_happens(life, now - SETTLED, now + DAY))
    if outcome.status is not Exit.OK or decision is None or decision.action != "none":
        return now
    own = memory.session is not None and memory.session.owner is Owner.DELCIA
    if outcome.news and decision.slug != "idle" and not (own and decision.slug == "charging"):
        return now
    if memory.command is not None and memory.command.confirmed_at is None:
        return now
    if any(at <= now and not _is_known(memory, life, at) for at in happened):
        return now
    wish = decision.wish
    ahead = [now + DAY, *(at for at in happened if at > now)]
    if life.condition.charging != (memory.session is not None):
        return now
    if memory.session is not None:
        unsure = UNSURE_PCT / 100 / model.rate_per_h * 60 * MINUTE
        ahead.append(max(now, wish.until - max(NEAR, unsure)) if wish.wanted and wish.until else now)
    elif wish.wanted and life.condition.plugged:
        return now
    ahead.extend(at for at in (wish.next_start, wish.window_end) if at is not None and at > now)
    if memory.ended_at is not None and memory.ended_at + RESTART_AFTER > now:
        ahead.append(memory.ended_at + RESTART_AFTER)
    if any(isinstance(plan.target, Duration | Energy) for plan in site.plans_of(vehicle.name)):
        ahead.append(noon_after(site, now))
    return min(ahead)


def _is_known(memory: Memory, life: Life, at: datetime) -> bool:
    """Return whether the car has told what happened to it at an instant, and is believed."""
    told = memory.reading is not None and memory.reading.reported_at >= at
    plugged, charging = memory.plugged_since is not None, memory.session is not None
    sure = memory.unplugged_at is None and plugged is life.condition.plugged
    return told and sure and charging is life.condition.charging


def _happens(life: Life, after: datetime, until: datetime) -> Iterator[datetime]:
    """Yield when something happens to the car in (after, until], by itself or by what it was asked."""
    yield from (event.at for event in (*life.events, *life.condition.pending) if after < event.at <= until)
    if life.daily is not None:
        yield from (event.at for event in daily_events(life.daily, after, until))
