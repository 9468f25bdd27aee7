"""Times, ages and the state of a car in words, the same in every form that people read."""

from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo
from typing import assert_never

from delcia.core.clock import DAY, MINUTE
from delcia.core.learned import Learned
from delcia.core.limits import limits_in
from delcia.core.projection import Situation
from delcia.core.request import Word
from delcia.core.sessions import PastSession
from delcia.core.state import Boost, Charge, Memory, Override, Owner, Pause, Plug, Trip

PLUGS = {Plug.PLUGGED: "plugged in", Plug.UNPLUGGED: "not plugged in", Plug.UNKNOWN: "plug unknown"}
OWNERS = {Owner.PERSON: "the person's", Owner.DELCIA: "delcia's", Owner.CAR: "the car's own"}
NOT_ENFORCED = {
    "start": "nothing starts this car from afar: it charges only if it begins by itself",
    "window-end": "nothing ends its charge with the window: it charges from plugging in until full or at its limit",
    "target": "nothing ends its charge at the target",
}
OUTCOMES = {
    "unplugged": "unplugged before it was seen to obey",
    "effect-unknown": "it is not known whether the car got it",
}
"""What became of an order, other than that it was sent or obeyed."""
LEFT_ALONE = "charging because someone seems to have started it: not stopped by delcia"
HOURS_FROM_MIN = 120
"""Ages below this are given in minutes."""
NAMES_DAYS = 7
"""The name of a weekday is clear for so many days; then the date stands beside it."""
ASLEEP = timedelta(minutes=15)
"""A report this much older than its reading is told as the car's, not as just read."""


def when(moment: datetime, now: datetime, tz: tzinfo) -> str:
    """Return `Tue 01:38`, with the date when it is a week or more away."""
    local = moment.astimezone(tz)
    days = abs((local.date() - now.astimezone(tz).date()).days)
    return f"{local:%a %H:%M}" if days < NAMES_DAYS else f"{local:%a %Y-%m-%d %H:%M}"


def instant(moment: datetime | None) -> str | None:
    """Return an instant as ISO-8601 text in UTC, to the second."""
    return None if moment is None else moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def clock(moment: datetime, beside: datetime, tz: tzinfo) -> str:
    """Return `05:28`, with its day when that is not the day of the time beside it."""
    local, other = moment.astimezone(tz), beside.astimezone(tz)
    return f"{local:%H:%M}" if local.date() == other.date() else when(moment, beside, tz)


def age(now: datetime, then: datetime) -> str:
    """Return how long ago an instant was; from the second day on in days."""
    minutes = max(0, int((now - then) / MINUTE))
    if minutes < 1:
        return "just now"
    if minutes < HOURS_FROM_MIN:
        return f"{minutes} min ago"
    return f"{minutes // 60} h ago" if now - then < 2 * DAY else f"{(now - then) // DAY} days ago"


def state_words(situation: Situation, memory: Memory | None, now: datetime) -> str:
    """Return `52 %, plugged in, read 3 min ago`: the SoC, how it was come by, the plug and whose charge it is."""
    if situation.basis in {"given", "assumed"}:
        return soc_words(situation, memory, now)
    return f"{_soc(situation)}, {car_words(memory)}, {soc_basis_words(situation, memory, now)}"


def soc_words(situation: Situation, memory: Memory | None, now: datetime) -> str:
    """Return `52 %, read 3 min ago`: the SoC and how it was come by. No SoC of now is told without."""
    between = " " if situation.basis in {"given", "assumed"} else ", "
    return f"{_soc(situation)}{between}{soc_basis_words(situation, memory, now)}"


def soc_basis_words(situation: Situation, memory: Memory | None, now: datetime) -> str:
    """Return how the SoC was come by, and its age."""
    match situation.basis:
        case "given":
            return "given"
        case "assumed":
            return "assumed, not read yet"
        case "carried":
            return f"carried forward, {_read(situation, memory, now)}"
        case "reading":
            return _read(situation, memory, now)


def car_words(memory: Memory | None) -> str:
    """Return the plug, or the charge that runs and whose it is."""
    reading = memory.reading if memory else None
    if memory is None or reading is None:
        return PLUGS[Plug.UNKNOWN]
    if memory.session is not None:
        return f"charging ({OWNERS[memory.session.owner]})"
    if reading.charge is Charge.CHARGING:
        return "charging"
    trouble = ", with a charging error" if reading.charge is Charge.ERROR else ""
    return f"{PLUGS[reading.plug]}{trouble}"


def lent_words(memory: Memory) -> Iterator[str]:
    """Yield what delcia has changed for a while, and when it gives it back."""
    for loan in memory.loans:
        if loan.what == "power":
            yield "its charger is switched off; it has power again when the car is unplugged"
        elif loan.left or loan.before == loan.ours:
            continue
        elif loan.what == "limit":
            before, ours = limits_in(loan.before)[1], limits_in(loan.ours)[1]
            yield f"its own SoC limit is {ours} % for now; it is {before} % again when it is unplugged"
        else:
            yield "its own charging programmes are off for this charge, and on again after it"


def basis_words(learned: Learned, *, own_numbers: bool) -> str:
    """Return what times, energy and cost at a charger rest on and how sure they are.

    `socket: learned from 5 charges: 8 % longer than by the model, …`; until then they are the model's, or the owner's
    own numbers.
    """
    percent = round(100 * (learned.factor - 1))
    longer = "as long as" if percent == 0 else f"{abs(percent)} % {'longer' if percent > 0 else 'shorter'} than"
    charges = f"{learned.entries} charge{'' if learned.entries == 1 else 's'}"
    if learned.listed:
        which = "" if learned.listed == learned.entries else f"{learned.listed} of them "
        charges += f", {which}known from the car's list alone, which names no place"
    text = (
        f"{learned.charger}: learned from {charges}: {longer} by the model, give or take {100 * learned.spread:.0f} %"
    )
    if not learned.entries:
        whose = "your own numbers" if own_numbers else "the car's model"
        text = f"{learned.charger}: reckoned by {whose}, give or take {100 * learned.spread:.0f} %"
    if learned.full_entries:
        text += f"; the end at 100 % takes {learned.factor * learned.balancing_min:.0f} min more"
    if learned.clamped:
        text += "; held there, for no car is beyond: check the amps of the charger"
    return text


def word_of(override: Override) -> Word:
    """Return the word by which a person asks for this now."""
    match override:
        case Boost():
            return "start"
        case Trip():
            return "trip"
        case Pause(_, _, stop, skip):
            return "stop" if stop else "skip" if skip else "release"
        case _ as never:
            assert_never(never)


def override_words(override: Override | None, now: datetime, tz: tzinfo) -> str:
    """Return what a person asked for and when it ends, or nothing."""
    resume = "or 'delcia resume'"
    match override:
        case Boost(_, until, to_soc_pct, minutes):
            at = _place_words(override)
            if to_soc_pct is not None:
                return f"start: to {to_soc_pct} %{at}, or until unplugged"
            return f"start: for {minutes} min{at}, until {when(until, now, tz)} or unplugged"
        case Trip(_, until, to_soc_pct, starts_at, minutes):
            goal = f"{to_soc_pct} %" if minutes is None else f"for {minutes} min"
            time = f"by {when(until, now, tz)}" if starts_at is None else f"from {when(starts_at, now, tz)} on"
            return f"trip: {goal} {time}{_place_words(override)}, {resume}"
        case Pause(_, until, stop, skip):
            what = "stopped" if stop else "its plans rest" if skip else "left alone"
            ends = "unplugged" if until is None else when(until, now, tz)
            return f"{what} until {ends}, {resume}"
        case _:
            return ""


def _place_words(word: Boost | Trip) -> str:
    if word.charger is not None:
        return f" at {word.charger}"
    return "" if word.amps is None else f" at {word.amps:g} A"


def _soc(situation: Situation) -> str:
    return f"{'about ' if situation.basis == 'carried' else ''}{situation.soc_pct:.0f} %"


def _read(situation: Situation, memory: Memory | None, now: datetime) -> str:
    read_at = memory.reading.read_at if memory and memory.reading else situation.soc_at
    asleep = read_at - situation.soc_at > ASLEEP
    return f"{'reported' if asleep else 'read'} {age(now, situation.soc_at)}"


def owner_words(session: PastSession) -> str:
    """Return whose a session was; nobody's where delcia did not see it."""
    return "from the car's list" if session.source == "car" else OWNERS[session.owner]


def energy_words(session: PastSession) -> str:
    """Return the energy of a session at the wall, or else what the battery took by the car's list."""
    if session.energy_wall_kwh is not None:
        return f"{session.energy_wall_kwh:.1f} kWh"
    return "" if session.energy_battery_kwh is None else f"{session.energy_battery_kwh:.1f} kWh (battery)"
