"""What the car's answers leave unknown, since when, and what is not enforced for want of it.

A car that sleeps says nothing for days, and that is no trouble: an answer counts when the car was asked and could tell.
"""

from datetime import datetime, timedelta

from delcia.core.model import Site, Vehicle
from delcia.core.state import Charge, Memory, Plug, Reading

PATIENCE = {
    "answers": timedelta(hours=3),
    "level": timedelta(hours=3),
    "state": timedelta(hours=1),
    "late": timedelta(minutes=50),
    "place": timedelta(minutes=20),
}
"""How long each may be unknown before it is told: all but the place may be missing for a while with any car."""
LATE = timedelta(minutes=45)
"""A car that charges reports every half hour at least; the two clocks are compared for these words alone."""
WORDS = {
    "answers": "its answers hold neither plug nor charge nor level",
    "level": "it does not tell its level",
    "state": "it does not tell whether it charges",
    "late": "its reports are {late} old, or its clock is wrong",
    "place": "it does not tell where it is",
}
Since = tuple[tuple[str, datetime], ...]


def unknown_since(vehicle: Vehicle, memory: Memory, reading: Reading) -> Since:
    """Return what is not known after a reading, each with the reading that was the first to lack it."""
    before = dict(memory.unknown)
    found = {what: before.get(what, reading.read_at) for what in _lacking(memory, reading)}
    if "late" in before and not _tells_in_time(reading):
        found.setdefault("late", before["late"])  # a car at rest has nothing to be late with
    if "place" in before and vehicle.hold and not (memory.whereabouts and memory.whereabouts.at_home is not None):
        found.setdefault("place", before["place"])
    return tuple(sorted(found.items()))


def without_place(memory: Memory, now: datetime) -> Since:
    """Return what is not known when a charge could not be held for want of a place."""
    return tuple(sorted({"place": now, **dict(memory.unknown)}.items()))


def _lacking(memory: Memory, reading: Reading) -> set[str]:
    if reading.plug is Plug.UNKNOWN and reading.charge is Charge.UNKNOWN and reading.soc_pct is None:
        return {"answers"}
    found = set()
    if reading.soc_pct is None and (memory.soc_reading is None or memory.level_unsure):
        found.add("level")
    if reading.charge is Charge.UNKNOWN and reading.plug is Plug.PLUGGED:
        found.add("state")
    if reading.charge is Charge.CHARGING and reading.read_at - reading.reported_at > LATE:
        found.add("late")
    return found


def _tells_in_time(reading: Reading) -> bool:
    return reading.charge is Charge.CHARGING and reading.read_at - reading.reported_at <= LATE


def unknown_words(site: Site, vehicle: Vehicle, memory: Memory, now: datetime) -> str:
    """Return what has been unknown for too long, and what is not enforced therefore; nothing when that is nothing."""
    lacking = [what for what, since in memory.unknown if now - since >= PATIENCE[what]]
    missed = _not_enforced(site, vehicle, lacking)
    if not lacking or not missed:
        return ""
    reading = memory.reading
    hours = 0.0 if reading is None else (reading.read_at - reading.reported_at) / timedelta(hours=1)
    late = f"{hours:.0f} h" if hours >= 1.5 else f"{60 * hours:.0f} min"  # noqa: PLR2004 - in words
    what = "; ".join(WORDS[item].format(late=late) for item in lacking)
    return f"{vehicle.name}: {what}; so {missed}"


def _not_enforced(site: Site, vehicle: Vehicle, lacking: list[str]) -> str:
    if lacking == ["late"]:
        return "delcia holds it, and ends its charge at the target, that much too late"
    targets = bool(site.plans_of(vehicle.name)) and set(lacking) != {"place"}
    if vehicle.hold and targets:
        return "delcia can neither hold it nor end its charge at the target for sure"
    if vehicle.hold:
        return "delcia cannot hold it"
    return "delcia cannot end its charge at the target for sure" if targets else ""
