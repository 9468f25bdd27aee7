"""What to do now: one decision from the clock, the plans, and what is remembered of the car.

Level-triggered: it compares what is wanted with what is, so a run that comes late, twice or not at all does no harm.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from delcia.core.clock import MINUTE
from delcia.core.commands import TRIES, is_by_word, is_past, is_unanswered, pending
from delcia.core.evidence import is_new
from delcia.core.hold import is_holding, why_hold
from delcia.core.limits import OVER_PCT, lent_limit, limit_wanted
from delcia.core.loans import loan_of
from delcia.core.means import means_for
from delcia.core.model import Site, Vehicle
from delcia.core.ownership import SELF_RESUMES, is_full, is_inferred
from delcia.core.plugging import UNHEARD, is_stopped
from delcia.core.rehearsal import STOPS, is_due
from delcia.core.replacing import replace
from delcia.core.state import Boost, Charge, Command, Memory, Owner, Pause, Plug
from delcia.core.whereabouts import at_home
from delcia.core.windows import windows_of
from delcia.core.wishes import Wish, wish_of

RESTARTS_AFTER = tuple(timedelta(minutes=minutes) for minutes in (15, 30, 60))
"""How long after a charge of delcia's has ended below its target it is started again; the last one for good."""
STILL_AWAY = timedelta(hours=1)
"""How long a car that was away is not asked again where it is, while a plan wants it to charge."""
TOLD = frozenset({"nothing-planned", "homeless", "no-fix", "hold-ended", "resumes-by-itself"})
"""Why a car that should be held is not, where that lasts: the owner hears of it."""
LET_GO = STOPS - {"target"}
"""Reasons of stops that are taken back when nothing of delcia's holds the car any more."""

Action = Literal["start", "stop", "none"]


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do and why. `slug` is the reason, `wish` what was wanted; `locate`: a fix is needed first.

    `notice` is true when the owner should hear of it even if nobody looks. `limit` is the SoC limit, in percent, that
    the car should have now; None leaves it as it is.
    """

    action: Action
    slug: str
    wish: Wish
    locate: bool = False
    notice: bool = False
    limit: int | None = None


def decide(site: Site, vehicle: Vehicle, memory: Memory, now: datetime) -> Decision:
    """Return what to do with a vehicle at an instant. The memory must be settled for that instant."""
    wish = wish_of(site, vehicle, memory, now)
    where = memory.whereabouts
    if site.home is not None and where is not None and where.at_home is False and not _is_told(memory):
        # It may have come home without being seen unplugged: who waits for a charge there must not be stranded.
        awaited = wish.wanted and memory.session is None and memory.plugged_since is not None
        again = wish.wanted and memory.session is None and now - where.read_at >= STILL_AWAY
        return Decision("none", "away", wish, locate=again, notice=awaited)
    decision = Decision("none", "charging", wish)
    by_word = is_by_word(memory, now)
    if wish.wanted and (not memory.session or (by_word and is_unanswered(memory, "stop"))):
        decision = _begin(site, vehicle, memory, wish, now)
    elif not wish.wanted and by_word and is_unanswered(memory, "start") and not memory.session:
        decision = _take_back(site, vehicle, memory, wish, now)
    elif not wish.wanted:
        decision = (_end if memory.session else _stand)(site, vehicle, memory, wish, now)
    limit = limit_wanted(site, vehicle, means_for(site, vehicle, wish.plans), memory, wish, now)
    if limit is not None:
        decision = replace(decision, limit=limit)
    changes = limit is not None and loan_of(memory, "limit") is None
    acts = site.home is not None and (changes or decision.action != "none")
    counted = not vehicle.hold_anywhere and _is_counted(memory, decision, now)
    if where is None and (acts or counted):
        return replace(decision, locate=True)
    return decision


def _is_counted(memory: Memory, decision: Decision, now: datetime) -> bool:
    """Return whether a charge has just been seen that would be a plan's if it were at home."""
    if decision.slug != "charging" or memory.session is None or memory.session.owner is not Owner.CAR:
        return False
    return memory.reading is not None and memory.reading.read_at == now


def _is_told(memory: Memory) -> bool:
    """Return whether a person has said what is to happen now: that holds wherever the car is."""
    if memory.session is not None and memory.session.reason == "boost":
        return True
    return isinstance(memory.override, Boost) or (isinstance(memory.override, Pause) and memory.override.stop)


def _begin(site: Site, vehicle: Vehicle, memory: Memory, wish: Wish, now: datetime) -> Decision:
    reading = memory.reading
    found = means_for(site, vehicle, wish.plans)
    if not found.start:
        return Decision("none", "supplied" if found.supplied else "no-remote-start", wish)
    if reading is not None and reading.plug is Plug.UNPLUGGED and is_new(reading, now):
        return Decision("none", "unplugged", wish)
    if is_full(memory):
        return Decision("none", "full", wish)
    if memory.ended_at is not None and now - memory.ended_at < restart_after(memory):
        again = memory.restarts > 0
        return Decision("none", "stops-by-itself" if again else "ended-early", wish, notice=again)
    waiting = pending(memory, "start", wish, now)
    if waiting is not None:
        return Decision("none", waiting, wish, notice=waiting == "ignored")
    if reading is not None and reading.charge is Charge.ENDED and memory.restarts:
        return Decision("none", "own-limit", wish, notice=True)
    if reading is not None and reading.plug is Plug.UNPLUGGED and _is_asked(memory, wish, now):
        return Decision("none", "not-seen", wish)
    return Decision("start", "restart" if memory.ended_at else wish.slug, wish)


def restart_after(memory: Memory) -> timedelta:
    """Return how long after its end a charge of delcia's is started again."""
    return RESTARTS_AFTER[min(memory.restarts, len(RESTARTS_AFTER) - 1)]


def _is_asked(memory: Memory, wish: Wish, now: datetime) -> bool:
    """Return whether the one start was sent that a window, or a wish without window, has of a car out of its plug."""
    if wish.window_end is not None:
        return wish.window_end in memory.started_windows
    last = memory.command
    return last is not None and last.kind == "start" and not last.confirmed_at and not is_past(last, memory, wish, now)


def _take_back(site: Site, vehicle: Vehicle, memory: Memory, wish: Wish, now: datetime) -> Decision:
    """Stop what was started and has not begun yet, when a person wants it no more."""
    override = memory.override
    left_alone = isinstance(override, Pause) and not override.stop
    if not left_alone and pending(memory, "stop", wish, now) is None and means_for(site, vehicle, memory.counting).stop:
        return Decision("stop", "asked", wish)
    return _stand(site, vehicle, memory, wish, now)


def _end(site: Site, vehicle: Vehicle, memory: Memory, wish: Wish, now: datetime) -> Decision:
    slug, stops = _why_stop(site, vehicle, memory, wish, now)
    if not stops:
        inferred = memory.session is not None and is_inferred(memory.session)
        return Decision("none", slug, wish, _is_to_locate(memory), slug in TOLD or (slug == "persons" and inferred))
    if not means_for(site, vehicle, memory.counting).stop:
        return _ends_by_limit(memory, wish)
    waiting = pending(memory, "stop", wish, now, at_once=slug == "rehearsal-end")
    if waiting is not None:
        return Decision("none", waiting, wish, notice=waiting == "ignored")
    if slug == "hold" and not at_home(vehicle, memory) and not vehicle.hold_anywhere:
        if memory.whereabouts is None:
            return Decision("stop", slug, wish, locate=True)
        return Decision("none", "homeless" if memory.whereabouts.homeless else "no-fix", wish, notice=True)
    return Decision("stop", slug, wish, notice=slug == "resumed")


def _is_to_locate(memory: Memory) -> bool:
    """Return whether a charge after a stop is a person's only if the car has not been driven since: that is asked."""
    session, where = memory.session, memory.whereabouts
    after_stop = session is not None and session.reason == "after-stop"
    return after_stop and session is not None and where is not None and where.read_at < session.began_at


def _ends_by_limit(memory: Memory, wish: Wish) -> Decision:
    """Return what becomes of a charge that nothing can stop, unless the car's own limit ends it."""
    limit = lent_limit(memory)
    if limit is None:
        return Decision("none", "no-remote-stop", wish)
    seen = memory.soc_reading
    over = seen is not None and seen.charge is Charge.CHARGING and (seen.soc_pct or 0) >= limit + OVER_PCT
    return Decision("none", "limit-not-kept" if over else "limit-ends", wish, notice=over)


def _why_stop(site: Site, vehicle: Vehicle, memory: Memory, wish: Wish, now: datetime) -> tuple[str, bool]:
    """Return the reason for ending, or for leaving, the charge that runs unwanted; and whether to end it."""
    session = memory.session
    assert session is not None  # noqa: S101 - the caller looked
    if session.owner is Owner.PERSON:
        asked = session.reason in {"boost", "trip"}
        return (f"{session.reason}-end", True) if asked else ("persons", False)
    if wish.slug == "pause":
        return ("asked", True) if isinstance(memory.override, Pause) and memory.override.stop else ("pause", False)
    if session.owner is Owner.DELCIA and wish.slug == "skip":
        return "skipped", True
    if session.owner is Owner.DELCIA:
        return _why_end(site, vehicle, memory, wish, now)
    if session.reason == "self-resume":
        if not vehicle.resumes:
            return "resumed", True
        return ("self-resume", True) if memory.self_resumes <= SELF_RESUMES else ("resumes-by-itself", False)
    return why_hold(site, vehicle, memory, wish, now) if vehicle.hold else ("cars", False)


def _why_end(site: Site, vehicle: Vehicle, memory: Memory, wish: Wish, now: datetime) -> tuple[str, bool]:
    """Return the reason for ending a charge of delcia's that no plan wants any more, and whether to end it."""
    plans = site.plans_of(vehicle.name)
    if memory.session is not None and memory.session.reason == "rehearsal":
        return "rehearsal-end", True
    ready = [w.deadline or w.end for plan in plans for w in windows_of(site, plan, now, now + MINUTE) if w.start <= now]
    if wish.next_start is not None and any(wish.next_start < end for end in ready):
        return "later", True
    if ready:
        return "target", True
    below = memory.session is not None and memory.session.reason == "minimum" and not memory.counting
    return ("minimum-end" if below else "window-end", True) if plans else ("unplanned", False)


def _stand(site: Site, vehicle: Vehicle, memory: Memory, wish: Wish, now: datetime) -> Decision:
    """Return what becomes of a car that stands and is not wanted: left so, let go, or tried whether it hears a start.

    What delcia stopped is started again when the reason for stopping it is gone: a plan removed, a release.
    """
    last, reading = memory.command, memory.reading
    idle = Decision("none", wish.slug, wish)
    if last is None or (isinstance(memory.override, Pause) and memory.override.stop):
        return idle
    if reading is None or reading.plug is not Plug.PLUGGED or not means_for(site, vehicle, wish.plans).start:
        return idle
    if _is_to_go(site, vehicle, memory, wish, now):
        # Whoever takes plans away, or releases the car, has said so: that is done at once.
        waiting = pending(memory, "start", wish, now, at_once=_is_alone(site, vehicle, wish))
        if waiting == "ignored" and memory.hold_ended:
            return Decision("none", "hold-ended", wish, notice=True)
        return Decision("start", "let-go", wish) if waiting is None else Decision("none", waiting, wish)
    if not is_due(site, vehicle, memory, wish, now):
        return idle
    waiting = pending(memory, "start", wish, now, at_once=True)
    return Decision("start", "rehearsal", wish) if waiting is None else Decision("none", waiting, wish)


def _is_to_go(site: Site, vehicle: Vehicle, memory: Memory, wish: Wish, now: datetime) -> bool:
    """Return whether what delcia stopped, and is still plugged in, may go on."""
    last, since = memory.command, memory.plugged_since
    assert last is not None  # noqa: S101 - the caller looked
    if since is None or last.sent_at < since:
        return False
    if last.kind == "start" and memory.hold_ended == UNHEARD and memory.stop_soc_pct is not None:
        return last.confirmed_at is None
    if last.kind == "stop" and (last.reason not in LET_GO or not is_stopped(memory)):
        return False
    if last.kind == "start" and (last.reason not in {"let-go", "rehearsal"} or last.confirmed_at is not None):
        return False
    held = last.kind == "start" or last.reason in {"hold", "self-resume", "resumed", "rehearsal-end"}
    return _is_alone(site, vehicle, wish) or (held and not is_holding(site, vehicle, memory, now))


def _is_alone(site: Site, vehicle: Vehicle, wish: Wish) -> bool:
    """Return whether a person wants the car left alone: released, or without a plan."""
    return wish.slug == "pause" or not site.plans_of(vehicle.name)


def commanded(decision: Decision, memory: Memory, now: datetime) -> Memory:
    """Return the memory once the decision's command is about to go out, to be kept before it is sent."""
    assert decision.action != "none"  # noqa: S101 - there is nothing to send
    last, window = memory.command, decision.wish.window_end
    again = last is not None and last.kind == decision.action and last.confirmed_at is None
    tries = last.tries + 1 if again and last is not None and not is_past(last, memory, decision.wish, now) else 1
    started, starts = memory.started_windows, decision.action == "start"
    if starts and window is not None and window not in started:
        started = (*started, window)
    restarted = decision.slug == "restart"
    done = decision.slug in {"target", "window-end", "later"}
    known = memory.reading.reported_at if memory.reading is not None else None
    memory = replace(
        memory,
        command=Command(decision.action, now, decision.slug, tries, window_end=window, known=known),
        word_at=None,
        started_windows=started,
        # A night that ended as planned: the power cut of the next one is a new one.
        restarts=0 if done else memory.restarts + restarted,
        ended_at=None if restarted or done else memory.ended_at,
    )
    if not starts:
        return memory
    # No charge after it is somebody's who overrules the stop.
    memory = replace(memory, stop_confirmed_at=None)
    return replace(memory, start_heard_at=None, hold_ended=UNHEARD) if tries >= TRIES else memory
