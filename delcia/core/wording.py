"""Decisions in words, for the journal, `charge --dry-run` and `status`: one line, with its reason."""

from datetime import datetime, tzinfo

from delcia.core.clock import past_clock, zone
from delcia.core.deciding import Decision
from delcia.core.energy import soc_after
from delcia.core.evidence import is_answer
from delcia.core.hold import held
from delcia.core.model import Site, Vehicle
from delcia.core.state import Charge, Memory, Pause, Plug
from delcia.core.wishes import Wish, charging_curve, soc_now
from delcia.errors import Exit

PLAIN = {
    "idle": "nothing to do",
    "away": "away from home: left alone",
    "unplugged": "should charge now, but says that it is not plugged in",
    "supplied": "should charge now, and begins by itself when its charger has power",
    "no-remote-start": "should charge now, but this car cannot be started from afar",
    "no-remote-stop": "should stop now, but this car cannot be stopped from afar",
    "limit-ends": "charging until its own SoC limit ends it",
    "limit-not-kept": "goes on charging above the SoC limit that it was given",
    "ended-early": "its charge ended below the target; after 15 min it is started once more",
    "stops-by-itself": "its charge ended below the target again: charging stops by itself (breaker?); started again",
    "full": "has ended its charge by itself, full",
    "own-limit": "should charge now, but says that it has ended: a limit of its own? left alone",
    "not-seen": "asked once to charge; waiting to hear from the car",
    "waiting": "waiting for the car to do what it was asked",
    "just-changed": "waiting: it was asked for the opposite less than 10 min ago",
    "persons": "charging by its person's wish: left alone",
    "homeless": "charging by itself; this host knows no home, so it is not held: left alone",
    "soc-doubted": "charging by itself; its level cannot be: one more reading before it is held",
    "soc-unknown": "charging by itself; it tells no level, so it is not held: left alone",
    "hold-ended": "charging by itself, and held no longer: left alone until unplugged",
    "resumed": "stop: it went on by itself right after a stop; if it does so again, it is left alone",
    "rehearsal": "start: a start is tried, so that the hold is sure to end",
    "rehearsal-end": "stop: it hears a start; held again",
    "cars": "charging by itself, and hold is off: left alone",
    "below-minimum": "charging by itself and still below its minimum: left alone",
    "unplanned": "charging; its plans are gone: left alone",
    "nothing-planned": "charging by itself; no plan has a window in the next 14 days: left alone",
    "soon": "charging by itself, minutes before a plan wants it: left alone",
    "stale": "seems to charge by itself, but the reading is old: left alone",
    "second-look": "charging by itself; a second look before it is held",
    "no-fix": "charging by itself, but where it is cannot be told, so it is not held: left alone",
    "resumes-by-itself": "goes on by itself after every stop: stopped 3 times, now held no longer: left alone",
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
    "after-stop": "charging because someone started it after a stop",
    "fast": "charging faster than its plans' charger can, so someone wants it",
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
    elif decision.slug == "persons" and memory.session is not None:
        text = _inferred(vehicle, memory.session.reason, text)
    elif decision.slug in {"pause", "skip"} and isinstance(memory.override, Pause):
        text = _resting(memory.override, wish, now, tz)
    elif decision.slug == "away" and decision.notice:
        text = (
            f"should charge now, but says that it is not at home: left alone; 'delcia boost {vehicle.name}' charges it"
        )
    elif decision.slug == "later" and wish.next_start is not None:
        text = f"stop: goes on at {clock_words(wish.next_start, now, tz)}"
    elif decision.slug == "hold":
        text = f"stop: {held_words(site, vehicle, memory, now)}"
    elif decision.slug == "idle" and decision.action == "none" and wish.next_start is not None:
        text = f"{text}; next charge {clock_words(wish.next_start, now, tz)}{_unless(memory)}"
    text = _unheard(memory, decision, now, tz) or text
    return f"{vehicle.name}: {text}"


def _resting(pause: Pause, wish: Wish, now: datetime, tz: tzinfo) -> str:
    until, begins = pause.until, wish.next_start
    ends = "unplugged or resumed" if until is None else clock_words(until, now, tz)
    if until is not None and begins is not None and begins != until:
        ends = f"{ends}; next charge {clock_words(begins, now, tz)}"
    if pause.stop:
        return f"stopped by a person until {ends}"
    return f"its plans rest until {ends}" if pause.skip else f"left alone until {ends}"


def _unheard(memory: Memory, decision: Decision, now: datetime, tz: tzinfo) -> str:
    """Return what came of an order that the car does not follow; an empty text for any other decision."""
    command, reading = memory.command, memory.reading
    if decision.slug == "not-seen" and reading is not None and reading.plug is Plug.UNPLUGGED:
        said_at = past_clock(reading.at, now, tz)
        return f"asked once to charge, though it said at {said_at} that it is not plugged in; not heard of since"
    if command is None or (memory.session is not None and command.kind == "start"):
        return ""
    asked = f"was asked {command.tries} times to {command.kind}"
    if decision.slug == "hold-ended":
        return f"{asked}; does not do it, and is held no longer"
    if decision.slug != "ignored":
        return ""
    if reading is not None and reading.charge is Charge.UNKNOWN:
        return f"was asked to {command.kind}; it does not tell whether it charges"
    unheard = reading is None or not is_answer(command, reading)
    ended = command.kind == "start" and reading is not None and reading.charge is Charge.ENDED
    then = "says that it has ended: a limit of its own?" if ended else "does not do it"
    return f"{asked}; {'nothing has been heard of it since' if unheard and not ended else then}"


def held_words(site: Site, vehicle: Vehicle, memory: Memory, now: datetime) -> str:
    """Return until when a car is held: `held until 01:38`, or `held: 81 %, above its target of 80 %; …`."""
    found = held(site, vehicle, memory, now)
    if found is not None and found.slug == "above-target":
        above = f"held: {found.soc_pct:.0f} %, above its target of {found.target_soc_pct} %"
        return f"{above}; charges again below {found.again_below_pct:.0f} %"
    if found is None or found.until is None:
        return "held until a plan wants it"
    return f"held until {clock_words(found.until, now, zone(site.timezone))}"


def _inferred(vehicle: Vehicle, reason: str, text: str) -> str:
    """Return whose charge it is taken for, where it will end, and the words that end it."""
    if reason not in PERSONS:
        return text
    return f"{PERSONS[reason]}: left alone until it is full; 'delcia stop {vehicle.name}' ends it"


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
