"""What should be true now: whether anyone wants this vehicle to charge, who, and until when."""

from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta

from delcia.core.energy import Curve, charging_minutes, curve, soc_after, wall_kwh_after
from delcia.core.evidence import is_answer
from delcia.core.means import means_of
from delcia.core.model import Plan, Site, ToSoc, Vehicle
from delcia.core.planner import segments_of
from delcia.core.projection import Basis, Segment, Situation
from delcia.core.replacing import replace
from delcia.core.rewinding import not_ahead
from delcia.core.slots import HORIZON, RESUME_BELOW_PCT, counted_since, curve_of, guaranteed, minimum_wanted
from delcia.core.state import Boost, Charge, Delivered, Memory, Override, Owner, Pause, Plug, Reading, Trip
from delcia.core.told import told_charger
from delcia.core.windows import Window, windows_of

UNKNOWN_SOC_PCT = 50.0
"""Assumed where the car has never told: report says so."""
MINUTE = timedelta(minutes=1)
ANSWERED = timedelta(minutes=15)
"""A charge seen so long after it was asked for began when it was: some cars report it minutes later."""
UNHEARD = timedelta(hours=1)
"""How long after a stop of which nothing was heard the charge is taken to go on: it is sent three times in that."""
SILENT = timedelta(hours=4)
"""How long the car's own charge is taken to go on without a report; some take three hours (renault-api#2145)."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Who wants a charge now (plans, and a slug), until when it is expected to last, and in which window.

    `next_start` is when the next segment begins if none is wanted now.
    """

    wanted: bool
    slug: str = ""
    plans: tuple[str, ...] = ()
    until: datetime | None = None
    window_end: datetime | None = None
    target_soc_pct: float | None = None
    band: str | None = None
    next_start: datetime | None = None


def situation_of(site: Site, vehicle: Vehicle, memory: Memory, now: datetime) -> Situation:
    """Return what a projection of this vehicle starts from: its SoC carried forward to now."""
    for known_site, known_vehicle, known, at, situation in _BEGUN:
        if known is memory and at == now and known_site is site and known_vehicle is vehicle:
            return situation
    situation = _situation_of(site, vehicle, memory, now)
    _BEGUN.append((site, vehicle, memory, now, situation))
    return situation


_BEGUN: deque[tuple[Site, Vehicle, Memory, datetime, Situation]] = deque(maxlen=2)
"""The last ones: see `_KNOWN`."""


def _situation_of(site: Site, vehicle: Vehicle, memory: Memory, now: datetime) -> Situation:
    soc_pct, soc_at, basis = soc_now(site, vehicle, memory, now)
    return Situation(
        soc_pct,
        soc_at,
        basis,
        memory.latched,
        memory.delivered,
        memory.minimum_active,
        learned=memory.learned,
        charging=memory.counting,
        charging_since=min(now, memory.session.began_at) if memory.session else now,
        waits=memory.session is None and _stands(memory.reading),
    )


def _stands(reading: Reading | None) -> bool:
    """Return whether a car last said that it is plugged in and does not charge."""
    return reading is not None and reading.plug is Plug.PLUGGED and reading.charge in {Charge.WAITING, Charge.IDLE}


def soc_now(site: Site, vehicle: Vehicle, memory: Memory, now: datetime) -> tuple[float, datetime, Basis]:
    """Return SoC in percent, the time of the reading it rests on, and how it was come by."""
    seen = memory.soc_reading
    if seen is None or seen.soc_pct is None or memory.level_unsure:
        return UNKNOWN_SOC_PCT, now, "assumed"
    session = memory.session
    soc_pct, since = seen.soc_pct, seen.at
    ended_at = memory.stop_confirmed_at or memory.ended_at
    if memory.command is not None and memory.command.kind == "stop":
        ended_at = memory.command.confirmed_at or memory.command.sent_at
    if seen.charge is Charge.CHARGING and ended_at is not None and since < ended_at:
        # Just after a stop the level may be missing (evcc#13250): an older one would have it charge again.
        model = charging_curve(site, vehicle, memory)
        soc_pct, since = 100 * soc_after(model, soc_pct / 100, (ended_at - since) / MINUTE), ended_at
    if session is not None:
        model, since = charging_curve(site, vehicle, memory), max(since, session.began_at)
        soc_pct = 100 * soc_after(model, soc_pct / 100, (now - since) / MINUTE)
    is_carried = soc_pct > seen.soc_pct and (session is None or now - since > MINUTE)
    return soc_pct, seen.at, "carried" if is_carried else "reading"


def charging_curve(site: Site, vehicle: Vehicle, memory: Memory) -> Curve:
    """Return how it charges now: where a person said, by the plan that wants it, else at its strongest charger."""
    if isinstance(memory.override, Boost):
        told = told_charger(site, vehicle, memory.override.charger, memory.override.amps)
        if told is not None:
            known = (item for item in memory.learned if item.charger == told.name)
            return curve(vehicle.battery, told, next(known, None))
    plans = site.plans_of(vehicle.name)
    active = [plan for plan in plans if plan.name in memory.counting]
    curves = [curve_of(site, plan, memory.learned) for plan in active or plans]
    curves = curves or [curve(vehicle.battery, charger) for charger in site.chargers.values()]
    return max(curves, key=lambda found: found.battery_kw)


def counts_from(memory: Memory, now: datetime) -> datetime | None:
    """Return from when on the plans count: now, once a pause is over, or None while nobody knows when."""
    if isinstance(memory.override, Pause):
        return memory.override.until
    return now


def wish_of(site: Site, vehicle: Vehicle, memory: Memory, now: datetime) -> Wish:
    """Return what is wanted of a vehicle at an instant; pure, and the same for charge, report and simulate."""
    situation = situation_of(site, vehicle, memory, now)
    asked = (now, situation, memory.override)
    for known_site, known_vehicle, known, wish in _KNOWN:
        if known_site is site and known_vehicle is vehicle and known == asked:
            return wish
    wish = _wish_of(site, vehicle, memory, situation, now)
    _KNOWN.append((site, vehicle, asked, wish))
    return wish


_KNOWN: deque[tuple[Site, Vehicle, tuple[datetime, Situation, Override | None], Wish]] = deque(maxlen=2)
"""The last answers: one run asks the same several times, and nothing of what they are made of ever changes."""


def _wish_of(site: Site, vehicle: Vehicle, memory: Memory, situation: Situation, now: datetime) -> Wish:
    if situation.basis == "assumed":
        # A car that never told its SoC is charged in its windows, not refused for a guess.
        situation = replace(situation, soc_pct=float(vehicle.minimum_soc_pct or 0))
    boost = memory.override if isinstance(memory.override, Boost) else None
    resting = memory.override if isinstance(memory.override, Pause) else None
    plans_at = counts_from(memory, now) or now
    if plans_at > now:
        situation = replace(situation, charging=())  # what charges now will not charge until then
    projected = [(plan, segments_of(site, plan, situation, plans_at)) for plan in site.plans_of(vehicle.name)]
    segments = [(plan, found) for plan, found in projected if found]
    next_start = min(
        (start for plan, found in segments for start in _openings(site, plan, found, now, plans_at)), default=None
    )
    if boost is not None:
        return _boost(site, vehicle, memory, boost, now, next_start)
    if resting is not None and not resting.skip:
        return Wish(wanted=False, slug="pause", next_start=next_start)
    if minimum_wanted(vehicle.minimum_soc_pct, situation.soc_pct, active=memory.minimum_active):
        if resting is not None:
            segments = [(plan, segments_of(site, plan, situation, now)) for plan in site.plans_of(vehicle.name)]
        powered_at = _minimum_at(segments)
        if powered_at is not None and powered_at > now:
            # No charger of its plans has power: nothing that is asked of the car would make it charge.
            return Wish(wanted=False, slug="idle", next_start=min(powered_at, next_start or powered_at))
        minimum = _minimum(vehicle, segments, next_start, now)
        # A window has its own start of a car that is silent, also of one below its minimum.
        ends = [w.end for plan, _ in projected for w in windows_of(site, plan, now, now + MINUTE) if w.start <= now]
        return replace(minimum, window_end=max(ends, default=None))
    current = [
        (plan, item)
        for plan, found in segments
        for item in found
        if item.start <= now < item.end and (means_of(site, plan).ends_windows or _open_window(site, plan, now))
    ]
    if resting is not None or not current:
        return Wish(wanted=False, slug="skip" if resting else "idle", next_start=next_start)
    targets = [plan.target.soc_pct for plan, _ in current if isinstance(plan.target, ToSoc)]
    last_plan, last = max(current, key=lambda found: found[1].end)
    open_now = None if means_of(site, last_plan).ends_windows else _open_window(site, last_plan, now)
    return Wish(
        wanted=True,
        slug="window",
        plans=tuple(plan.name for plan, _ in current),
        until=_run_end([item for _, found in segments for item in found], now),
        window_end=open_now.end if open_now else last.window_end,
        target_soc_pct=max(targets, default=None),
        band=last.band,
        next_start=next_start,
    )


def _openings(
    site: Site, plan: Plan, segments: tuple[Segment, ...], now: datetime, plans_at: datetime
) -> list[datetime]:
    """Return when a plan will begin to want the car: where nothing ends a charge, its segments are no windows."""
    if means_of(site, plan).ends_windows:
        return [item.start for item in segments if item.start > now and not item.minimum]
    found = windows_of(site, plan, plans_at, plans_at + HORIZON)
    return [window.start for window in found if window.start > now and window.start >= plans_at]


def settle(site: Site, vehicle: Vehicle, memory: Memory, now: datetime) -> Memory:
    """Return the memory at an instant: overrides that are over dropped, targets latched, energy counted."""
    memory = _count(site, vehicle, not_ahead(memory, now), now)
    if _is_doubtful(memory, now):
        memory = replace(memory, session=None)
    situation = situation_of(site, vehicle, memory, now)
    latched = {item for item in memory.latched if item[1] > now}
    for plan in site.plans_of(vehicle.name):
        if not isinstance(plan.target, ToSoc) or situation.basis == "assumed":
            continue
        if situation.soc_pct <= plan.target.soc_pct - RESUME_BELOW_PCT:
            latched = {item for item in latched if item[0] != plan.name}
        if situation.soc_pct >= plan.target.soc_pct:
            open_now = windows_of(site, plan, now, now + MINUTE)
            latched |= {(plan.name, window.end) for window in open_now if window.start <= now}
            latched |= {(plan.name, end.window.end) for end in guaranteed(site, plan, situation, now)[:1]}
    started = tuple(end for end in memory.started_windows if end > now)
    active = memory.minimum_active and memory.session is not None
    active = minimum_wanted(vehicle.minimum_soc_pct, situation.soc_pct, active=active) and situation.basis != "assumed"
    override = _still(memory, situation.soc_pct, now)
    settled = (tuple(sorted(latched)), started, active, override)
    if settled == (memory.latched, memory.started_windows, memory.minimum_active, memory.override):
        return memory
    return replace(memory, latched=settled[0], started_windows=started, minimum_active=active, override=override)


def _is_doubtful(memory: Memory, now: datetime) -> bool:
    """Return whether a charge must be forgotten, of which nothing is heard: who counts on it may be stranded.

    It was to be stopped, and said nothing since; or it is the car's own, and has been silent for hours.
    """
    session, reading, last = memory.session, memory.reading, memory.command
    if session is None or reading is None:
        return False
    if last is not None and last.kind == "stop" and last.confirmed_at is None and not is_answer(last, reading):
        return now - last.sent_at > UNHEARD
    return session.owner is Owner.CAR and now - reading.at > SILENT


def _still(memory: Memory, soc_pct: float, now: datetime) -> Override | None:
    match memory.override:
        case Boost(asked_at, until, to_soc_pct, minutes):
            over = now >= until or (to_soc_pct is not None and soc_pct >= to_soc_pct)
            over = over or (minutes is not None and now >= asked_at + minutes * MINUTE)
            return None if over else memory.override
        case Pause(_, until) if until is not None and now >= until:
            return None
        case Trip(_, until) if now >= until:
            return None
        case override:
            return override


def _count(site: Site, vehicle: Vehicle, memory: Memory, now: datetime) -> Memory:
    """Credit the charging since the last run to the plans that wanted it; noon begins a new count but of a trip."""
    began = _began_at(memory)
    since = memory.counted_at or began
    kept = {(d.plan, d.since): d for d in memory.delivered if d.since >= now - HORIZON}
    if began is not None and since is not None and memory.soc_reading is not None and now > max(since, began):
        model = charging_curve(site, vehicle, memory)
        soc = (memory.soc_reading.soc_pct or 0.0) / 100
        for name in memory.counting:
            start = max(since, began, begun := counted_since(site, site.plans.get(name), now))
            minutes = (now - start) / MINUTE
            had = kept.get((name, begun), Delivered(name, begun))
            energy = wall_kwh_after(model, min(soc, 0.99), minutes)
            kept[name, begun] = replace(
                had, minutes=had.minutes + minutes, energy_wall_kwh=had.energy_wall_kwh + energy
            )
    delivered, counted_at = tuple(kept[key] for key in sorted(kept)), now if began else None
    if (delivered, counted_at) == (memory.delivered, memory.counted_at):
        return memory
    return replace(memory, delivered=delivered, counted_at=counted_at)


def _began_at(memory: Memory) -> datetime | None:
    """Return since when the charge runs, if one does: one that was asked for since it was asked, and not seen first."""
    session, command = memory.session, memory.command
    if session is None:
        return None
    if command is None or command.kind != "start" or command.confirmed_at is None or memory.counted_at is not None:
        return session.began_at
    return command.sent_at if session.began_at - ANSWERED <= command.sent_at < session.began_at else session.began_at


def _boost(
    site: Site, vehicle: Vehicle, memory: Memory, boost: Boost, now: datetime, next_start: datetime | None
) -> Wish:
    """Return the wish of a boost, until its target, the end of its time, or that of the patience with it."""
    ends, goal = [boost.until], None
    if boost.minutes is not None:
        ends.append(boost.asked_at + boost.minutes * MINUTE)
    if boost.to_soc_pct is not None:
        goal = float(boost.to_soc_pct)
        soc_pct, _, basis = soc_now(site, vehicle, memory, now)
        if basis != "assumed":
            model = charging_curve(site, vehicle, memory)
            ends.append(now + charging_minutes(model, soc_pct / 100, goal / 100) * MINUTE)
    return Wish(wanted=True, slug="boost", until=min(ends), target_soc_pct=goal, next_start=next_start)


def _open_window(site: Site, plan: Plan, now: datetime) -> Window | None:
    """Return the window of a plan that is open now; of several the one that ends last."""
    found = [window for window in windows_of(site, plan, now, now + MINUTE) if window.start <= now < window.end]
    return max(found, key=lambda window: window.end, default=None)


def _minimum_at(segments: list[tuple[Plan, tuple[Segment, ...]]]) -> datetime | None:
    """Return when charging towards the minimum begins at the earliest, by any plan's charger; None without plans."""
    return min((item.start for _, found in segments for item in found if item.minimum), default=None)


def _minimum(
    vehicle: Vehicle, segments: list[tuple[Plan, tuple[Segment, ...]]], next_start: datetime | None, now: datetime
) -> Wish:
    lows = [item for _, found in segments for item in found if item.minimum]
    until = _run_end(lows, now) if lows else None
    goal = float(vehicle.minimum_soc_pct or 0)
    return Wish(wanted=True, slug="minimum", until=until, target_soc_pct=goal, next_start=next_start)


def _run_end(segments: list[Segment], now: datetime) -> datetime:
    """Return the end of the uninterrupted charging that holds now, whoever wants its parts."""
    end = now
    for item in sorted(segments, key=lambda item: item.start):
        if item.start <= end:
            end = max(end, item.end)
    return end
