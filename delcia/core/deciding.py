"""What to do now: one decision from the clock, the plans, and what is remembered of the car.

Level-triggered: it compares what is wanted with what is, so a run that comes late, twice or not at all does no harm.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from delcia.core.clock import MINUTE
from delcia.core.commands import OPPOSITE, RESEND, is_by_word, is_past, is_unanswered, pending
from delcia.core.limits import OVER_PCT, lent_limit, limit_wanted
from delcia.core.loans import loan_of
from delcia.core.means import means_for
from delcia.core.model import Site, Vehicle
from delcia.core.ownership import SELF_RESUME, TWO_LOOKS, is_fresh, is_full
from delcia.core.replacing import replace
from delcia.core.spacing import after_unplugged, is_spaced
from delcia.core.state import Boost, Charge, Command, Memory, Owner, Pause, Plug
from delcia.core.windows import windows_of
from delcia.core.wishes import Wish, soc_now, wish_of

RESTART_AFTER = timedelta(minutes=15)
STILL_AWAY = timedelta(hours=1)
"""How long a car that was away is not asked again where it is, while a plan wants it to charge."""
HOLD_AHEAD = timedelta(hours=24)
SELF_RESUMES = 2
POLL = timedelta(minutes=9, seconds=30)
"""At most one reading in ten minutes; the half minute is the timers' accuracy."""
NEAR = timedelta(minutes=10)
AWAITED = RESEND + NEAR
"""How long a command is looked after at every run: long enough to judge it by a reading before it is sent again."""

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
    if where is not None and where.at_home is False and not _is_told(memory):
        # It may have come home without being seen unplugged: who waits for a charge there must not be stranded.
        awaited = wish.wanted and memory.session is None and memory.plugged_since is not None
        again = wish.wanted and memory.session is None and now - where.read_at >= STILL_AWAY
        return Decision("none", "away", wish, locate=again, notice=awaited)
    decision = Decision("none", "charging", wish)
    if wish.wanted and (not memory.session or (is_by_word(memory, now) and is_unanswered(memory, "stop"))):
        decision = _begin(site, vehicle, memory, wish, now)
    elif not wish.wanted and is_by_word(memory, now) and is_unanswered(memory, "start") and not memory.session:
        decision = _take_back(site, vehicle, memory, wish, now)
    elif not wish.wanted:
        decision = (_end if memory.session else _let_go)(site, vehicle, memory, wish, now)
    limit = limit_wanted(site, vehicle, means_for(site, vehicle, wish.plans), memory, wish, now)
    if limit is not None:
        decision = replace(decision, limit=limit)
    changes = limit is not None and loan_of(memory, "limit") is None
    acts = changes or decision.action != "none"
    if (acts or _is_counted(memory, decision, now)) and site.home is not None and where is None:
        return replace(decision, locate=True)
    return decision


def _is_counted(memory: Memory, decision: Decision, now: datetime) -> bool:
    """Return whether a charge has just been seen that would be a plan's if it were at home."""
    if decision.slug != "charging" or memory.session is None or memory.session.owner is Owner.PERSON:
        return False
    return memory.reading is not None and memory.reading.read_at == now


def _is_told(memory: Memory) -> bool:
    """Return whether a person has said what is to happen now: that holds wherever the car is."""
    if memory.session is not None and memory.session.reason == "boost":
        return True
    return isinstance(memory.override, Boost) or (isinstance(memory.override, Pause) and memory.override.stop)


def needs_reading(site: Site, vehicle: Vehicle, memory: Memory, now: datetime) -> str:
    """Return why the car must be asked now, or an empty text: an idle run makes no call."""
    command, last = memory.command, memory.reading
    if last is None:
        return "first reading" if is_watched(site, vehicle, memory) or is_open(site, vehicle, memory, now) else ""
    if command and command.confirmed_at is None and now - command.sent_at < AWAITED:
        return "confirmation"
    if memory.stop_confirmed_at and now - memory.stop_confirmed_at <= SELF_RESUME + OPPOSITE / 2:
        return "watching a stop"
    watched, due = is_watched(site, vehicle, memory), now - last.read_at >= POLL
    if watched and (now - last.read_at >= after_unplugged(site, last.read_at) if is_spaced(memory) else due):
        return "watched"
    wish = wish_of(site, vehicle, memory, now)
    if memory.session and wish.wanted and wish.until and timedelta(0) <= wish.until - now <= NEAR:
        return "nearly done"
    if vehicle.hold and _seen_once(memory) and is_fresh(last, now):
        return "second look"
    return "window" if due and is_open(site, vehicle, memory, now) else ""


def is_open(site: Site, vehicle: Vehicle, memory: Memory, now: datetime) -> bool:
    """Return whether a segment is, or may be, open or about to open, or a charge runs that is delcia's to end."""
    wish = wish_of(site, vehicle, memory, now)
    soon = wish.next_start is not None and wish.next_start - now <= NEAR
    return wish.wanted or soon or _is_to_end(memory) or _may_want(site, vehicle, memory, now)


def is_watched(site: Site, vehicle: Vehicle, memory: Memory) -> bool:
    """Return whether the car matters at any hour: it may be plugged in, unplugged or started by its owner."""
    pause = memory.override if isinstance(memory.override, Pause) else None
    until_unplugged = pause is not None and (pause.until is None or pause.stop)
    return (
        vehicle.hold
        or vehicle.minimum_soc_pct is not None
        or isinstance(memory.override, Boost)
        or until_unplugged
        or memory.released
        or bool(memory.loans)
        or means_for(site, vehicle).limit
    )


def _may_want(site: Site, vehicle: Vehicle, memory: Memory, now: datetime) -> bool:
    """Return whether a window is open, or about to, of which nobody knows what it finds: the car may have been driven.

    The SoC of another day says nothing of what is wanted today; and a car that was away may come.
    """
    last = memory.reading
    for plan in site.plans_of(vehicle.name):
        for window in windows_of(site, plan, now, now + NEAR):
            if last is None or last.read_at < window.start - NEAR or last.plug is not Plug.PLUGGED:
                return True
    return False


def _is_to_end(memory: Memory) -> bool:
    session = memory.session
    return session is not None and (session.owner is Owner.DELCIA or session.reason in {"boost", "trip", "self-resume"})


def _seen_once(memory: Memory) -> bool:
    """Return whether the car's own charge has been reported once only, when its speed is not yet known."""
    session, last = memory.session, memory.reading
    began = session.began_at if session is not None and session.owner is Owner.CAR else None
    return began is not None and last is not None and last.reported_at < began + TWO_LOOKS


def _begin(site: Site, vehicle: Vehicle, memory: Memory, wish: Wish, now: datetime) -> Decision:
    reading = memory.reading
    found = means_for(site, vehicle, wish.plans)
    if not found.start:
        return Decision("none", "supplied" if found.supplied else "no-remote-start", wish)
    fresh = is_fresh(reading, now)
    if reading is not None and reading.plug is Plug.UNPLUGGED and fresh:
        return Decision("none", "unplugged", wish)
    if is_full(memory):
        return Decision("none", "full", wish)
    if memory.ended_at is not None and now - memory.ended_at < RESTART_AFTER:
        return Decision("none", "ended-early", wish)
    waiting = pending(memory, "start", wish, now)
    if waiting is not None:
        return Decision("none", waiting, wish, notice=waiting == "ignored")
    if reading is not None and reading.charge is Charge.ENDED and memory.restarts:
        return Decision("none", "own-limit", wish, notice=True)
    sure = reading is not None and (fresh or reading.plug is Plug.PLUGGED)
    if not sure and _is_asked(memory, wish, now):
        return Decision("none", "not-seen", wish)
    return Decision("start", "restart" if memory.ended_at else wish.slug, wish)


def _is_asked(memory: Memory, wish: Wish, now: datetime) -> bool:
    """Return whether the one start that a window, or a wish without window, has without a sure reading was sent."""
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
    return _let_go(site, vehicle, memory, wish, now)


def _end(site: Site, vehicle: Vehicle, memory: Memory, wish: Wish, now: datetime) -> Decision:
    session = memory.session
    assert session is not None  # noqa: S101 - the caller looked
    slug, stops = _why_stop(site, vehicle, memory, wish, now)
    if not stops:
        return Decision("none", slug, wish, notice=slug == "resumes-by-itself")
    if not means_for(site, vehicle, memory.counting).stop:
        return _ends_by_limit(memory, wish)
    waiting = pending(memory, "stop", wish, now)
    if waiting is not None:
        return Decision("none", waiting, wish, notice=waiting == "ignored")
    if session.owner is Owner.CAR and slug == "hold" and site.home is not None:
        if memory.whereabouts is None:
            return Decision("stop", slug, wish, locate=True)
        if memory.whereabouts.at_home is None:
            return Decision("none", "no-fix", wish)
    return Decision("stop", slug, wish)


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
        plans = site.plans_of(vehicle.name)
        ready = [
            w.deadline or w.end for plan in plans for w in windows_of(site, plan, now, now + MINUTE) if w.start <= now
        ]
        if wish.next_start is not None and any(wish.next_start < end for end in ready):
            return "later", True
        if ready:
            return "target", True
        slug = "minimum-end" if session.reason == "minimum" and not memory.counting else "window-end"
        return (slug, True) if plans else ("unplanned", False)
    if session.reason == "self-resume":
        return ("self-resume", True) if memory.self_resumes <= SELF_RESUMES else ("resumes-by-itself", False)
    return _why_hold(site, vehicle, memory, wish, now) if vehicle.hold else ("cars", False)


def _why_hold(site: Site, vehicle: Vehicle, memory: Memory, wish: Wish, now: datetime) -> tuple[str, bool]:
    """Return whether a charge of the car's own is to be held until a plan wants it; and why, or why not."""
    session = memory.session
    assert session is not None  # noqa: S101 - the caller looked
    soc_pct, _, basis = soc_now(site, vehicle, memory, now)
    if basis == "assumed" or soc_pct < (vehicle.minimum_soc_pct or 0):
        return "below-minimum", False
    if wish.next_start is None or wish.next_start - now > HOLD_AHEAD:
        return "nothing-planned", False
    if wish.next_start - now <= OPPOSITE:
        return "soon", False
    if not is_fresh(memory.reading, now):
        return "stale", False
    if site.home is None and memory.reading and memory.reading.reported_at < session.began_at + TWO_LOOKS:
        # Without a home, only its slowness tells a home charge from a motorway's: that takes a second look.
        return "second-look", False
    return "hold", True


def _let_go(site: Site, vehicle: Vehicle, memory: Memory, wish: Wish, now: datetime) -> Decision:
    """Start again what delcia stopped, when the reason for stopping it is gone: a plan removed, a pause."""
    last, reading = memory.command, memory.reading
    if (
        last is None
        or last.kind != "stop"
        or last.reason not in {"hold", "window-end", "later", "minimum-end", "self-resume", "skipped"}
    ):
        return Decision("none", wish.slug, wish, notice=wish.slug == "released")
    ahead = wish.next_start is not None and wish.next_start - now <= HOLD_AHEAD
    unheld = last.reason == "hold" and not ahead and wish.slug != "released"
    if isinstance(memory.override, Pause) and memory.override.stop:
        return Decision("none", wish.slug, wish)
    alone = wish.slug == "pause" or not site.plans_of(vehicle.name)
    obeyed_at, since = last.confirmed_at, memory.plugged_since
    stopped = obeyed_at is not None and since is not None and obeyed_at >= since
    plugged = reading is not None and reading.plug is Plug.PLUGGED
    if not ((unheld or alone) and plugged and stopped and means_for(site, vehicle, wish.plans).start):
        return Decision("none", wish.slug, wish)
    waiting = pending(memory, "start", wish, now)
    return Decision("start", "let-go", wish) if waiting is None else Decision("none", waiting, wish)


def commanded(decision: Decision, memory: Memory, now: datetime) -> Memory:
    """Return the memory once the decision's command is about to go out, to be kept before it is sent."""
    assert decision.action != "none"  # noqa: S101 - there is nothing to send
    last, window = memory.command, decision.wish.window_end
    again = last is not None and last.kind == decision.action and last.confirmed_at is None
    tries = last.tries + 1 if again and last is not None and not is_past(last, memory, decision.wish, now) else 1
    started = memory.started_windows
    if decision.action == "start" and window is not None and window not in started:
        started = (*started, window)
    restarted = decision.slug == "restart"
    done = decision.slug in {"target", "window-end", "later"}
    return replace(
        memory,
        command=Command(decision.action, now, decision.slug, tries, window_end=window),
        word_at=None,
        started_windows=started,
        # A night that ended as planned: the power cut of the next one is a new one.
        restarts=0 if done else memory.restarts + restarted,
        ended_at=None if restarted or done else memory.ended_at,
    )
