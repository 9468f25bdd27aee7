"""Decisions in words, for the journal, `charge --dry-run` and `status`: one line, with its reason."""

from datetime import datetime, tzinfo

from delcia.core.clock import past_clock, zone
from delcia.core.deciding import Decision
from delcia.core.energy import soc_after
from delcia.core.model import Site, Vehicle
from delcia.core.state import Charge, Memory, Pause, Plug
from delcia.core.wishes import Wish, charging_curve, soc_now
from delcia.errors import Exit

PLAIN = {
    "idle": "nothing to do",
    "released": "its charge was ended twice below the target: left alone until unplugged, or 'delcia resume'",
    "away": "away from home: left alone",
    "unplugged": "should charge now, but says that it is not plugged in",
    "supplied": "should charge now, and begins by itself when its charger has power",
    "no-remote-start": "should charge now, but this car cannot be started from afar",
    "no-remote-stop": "should stop now, but this car cannot be stopped from afar",
    "limit-ends": "charging until its own SoC limit ends it",
    "limit-not-kept": "goes on charging above the SoC limit that it was given",
    "ended-early": "its charge ended below the target; after 15 min it is started once more",
    "full": "has ended its charge by itself, full",
    "own-limit": "should charge now, but says that it has ended: a limit of its own? left alone",
    "not-seen": "asked once to charge; waiting to hear from the car",
    "waiting": "waiting for the car to do what it was asked",
    "just-changed": "waiting: it was asked for the opposite less than 10 min ago",
    "persons": "charging by its person's wish: left alone",
    "cars": "charging by itself, and hold is off: left alone",
    "below-minimum": "charging by itself and still below its minimum: left alone",
    "unplanned": "charging; its plans are gone: left alone",
    "nothing-planned": "charging by itself; no plan wants it in the next 24 h: left alone",
    "soon": "charging by itself, minutes before a plan wants it: left alone",
    "stale": "seems to charge by itself, but the reading is old: left alone",
    "second-look": "charging by itself; a second look before it is held",
    "no-fix": "charging by itself, but where it is cannot be told: left alone",
    "resumes-by-itself": "goes on by itself after every stop: stopped 3 times, now left alone",
    "target": "stop: the target is reached",
    "window-end": "stop: the window is over",
    "minimum-end": "stop: it is above its minimum",
    "self-resume": "stop: it resumed by itself",
    "boost-end": "stop: the boost is over",
    "trip-end": "stop: the trip has what it needs for now",
    "asked": "stop: asked for",
    "skipped": "stop: its plans rest",
    "let-go": "start: what delcia stopped may go on",
}
PERSONS = {
    "after-stop": "charging by its person's wish, who started it after a stop: left alone",
    "fast": "charging faster than its plans' charger can, so by its person's wish: left alone",
}


def words(site: Site, vehicle: Vehicle, memory: Memory, decision: Decision, now: datetime) -> str:
    """Return `spring: charging until 06:38, then 71 % (target 80 %, off-peak)` or the like."""
    tz = zone(site.timezone)
    wish = decision.wish
    text = PLAIN.get(decision.slug, "")
    if wish.wanted and (decision.action == "start" or decision.slug == "charging"):
        verb = "charging" if decision.action == "none" else "start once more" if decision.slug == "restart" else "start"
        text = f"{verb}{_until(site, vehicle, memory, decision, now, tz)}{_why(vehicle, wish)}"
        if decision.action == "start" and memory.reading and memory.reading.plug is Plug.UNPLUGGED:
            text = f"{text}, though it last said that it is not plugged in"
    elif decision.slug == "ignored" and memory.command is not None:
        unheard = memory.reading is None or memory.reading.reported_at <= memory.command.sent_at
        ended = memory.command.kind == "start" and memory.reading and memory.reading.charge is Charge.ENDED
        then = "says that it has ended: a limit of its own?" if ended else "does not do it"
        then = "nothing has been heard of it since" if unheard and not ended else then
        text = f"was asked {memory.command.tries} times to {memory.command.kind}; {then}"
        if memory.reading is not None and memory.reading.charge is Charge.UNKNOWN:
            text = f"was asked to {memory.command.kind}; it does not tell whether it charges"
    elif decision.slug == "not-seen" and memory.reading and memory.reading.plug is Plug.UNPLUGGED:
        said_at = past_clock(memory.reading.at, now, tz)
        text = f"asked once to charge, though it said at {said_at} that it is not plugged in; not heard of since"
    elif decision.slug == "persons" and memory.session is not None:
        text = PERSONS.get(memory.session.reason, text)
    elif decision.slug in {"pause", "skip"} and isinstance(memory.override, Pause):
        text = _resting(memory.override, wish, now, tz)
    elif decision.slug == "away" and decision.notice:
        text = (
            f"should charge now, but says that it is not at home: left alone; 'delcia boost {vehicle.name}' charges it"
        )
    elif decision.slug == "later" and wish.next_start is not None:
        text = f"stop: goes on at {clock_words(wish.next_start, now, tz)}"
    elif decision.slug == "hold" and wish.next_start is not None:
        text = f"stop: held until {clock_words(wish.next_start, now, tz)}"
    elif decision.slug == "idle" and decision.action == "none" and wish.next_start is not None:
        text = f"{text}; next charge {clock_words(wish.next_start, now, tz)}{_unless(memory)}"
    return f"{vehicle.name}: {text}"


def _resting(pause: Pause, wish: Wish, now: datetime, tz: tzinfo) -> str:
    until, begins = pause.until, wish.next_start
    ends = "unplugged or resumed" if until is None else clock_words(until, now, tz)
    if until is not None and begins is not None and begins != until:
        ends = f"{ends}; next charge {clock_words(begins, now, tz)}"
    if pause.stop:
        return f"stopped by a person until {ends}"
    return f"its plans rest until {ends}" if pause.skip else f"left alone until {ends}"


def _unless(memory: Memory) -> str:
    """Return what keeps the next charge from beginning, if nobody mends it."""
    failure = memory.failure
    mendable = failure is not None and failure.what != "stop" and failure.status in {Exit.BROKEN, Exit.LOGIN}
    return f", unless it fails again: {failure.message}" if failure is not None and mendable else ""


def _until(site: Site, vehicle: Vehicle, memory: Memory, decision: Decision, now: datetime, tz: tzinfo) -> str:
    until = decision.wish.until
    if until is None:
        return ""
    at_end = soc_at(site, vehicle, memory, now, until)
    then = "" if at_end is None else f", then {at_end:.0f} %"
    return f" until {clock_words(until, now, tz)}{then}"


def soc_at(site: Site, vehicle: Vehicle, memory: Memory, now: datetime, until: datetime) -> float | None:
    """Return the SoC in percent after charging from now until an instant; None when the car never told one."""
    soc_pct, _, basis = soc_now(site, vehicle, memory, now)
    if basis == "assumed":
        return None
    minutes = (until - now).total_seconds() / 60
    return 100 * soc_after(charging_curve(site, vehicle, memory), soc_pct / 100, minutes)


def _why(vehicle: Vehicle, wish: Wish) -> str:
    if wish.slug == "minimum":
        return f" (its minimum is {vehicle.minimum_soc_pct} %)"
    target = f"target {wish.target_soc_pct:.0f} %" if wish.target_soc_pct is not None else ""
    what = "boost" if wish.slug == "boost" else wish.band or ""
    inner = ", ".join(part for part in (target, what) if part)
    return f" ({inner})" if inner else ""


def clock_words(instant: datetime, now: datetime, tz: tzinfo) -> str:
    """Return `01:38`, or `Sat 28 Nov 06:00` when that is neither today nor tomorrow."""
    local, today = instant.astimezone(tz), now.astimezone(tz).date()
    return f"{local:%H:%M}" if abs((local.date() - today).days) <= 1 else f"{local:%a %d %b %H:%M}"
