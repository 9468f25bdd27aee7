"""How a vehicle will charge from now on, by all of its plans and from what is true now: one battery, minute by minute.

A plan alone is projected by `planner.project`. Here every plan is asked again wherever one begins or ends, as `decide`
asks at every look: what one plan has charged the next one need not, and each is at the charger that wants the car.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from delcia.core.clock import MINUTE
from delcia.core.energy import RESUME_MIN, Curve, charging_minutes, curve, soc_after, wall_kwh_to
from delcia.core.intervals import Interval, union
from delcia.core.learned import Learned
from delcia.core.limits import limit_of
from delcia.core.means import means_at
from delcia.core.model import Charger, Duration, Plan, Site, Supply, ToSoc, Vehicle
from delcia.core.planner import segments_of
from delcia.core.projection import Segment, Situation
from delcia.core.replacing import replace
from delcia.core.slots import HORIZON, SLIVER, TINY_MIN, counted_since
from delcia.core.stands import Stand, has_choice, stand_changes, stand_of
from delcia.core.state import Delivered
from delcia.core.tariffs import band_windows

LOOK = timedelta(minutes=5)
"""How long a charge that is to be held runs until the next look, at the longest."""
NEAR_PCT = 1e-6
FULL_PCT = 100 - NEAR_PCT
MOST = 400
"""Stretches of charging and of waiting: more are not followed."""


@dataclass(frozen=True, slots=True)
class Running:
    """A charge that runs although no plan wants it, until an instant; None: until the battery is full, or at a limit.

    `charger` is where it runs, if a person said where; `most_pct` the SoC at which the car's own limit ends it.
    """

    until: datetime | None = None
    charger: Charger | None = None
    most_pct: float = 100.0


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of charging: for which plans, where, and from which SoC (percent) to which in how many minutes.

    No plans: it runs unheld. `minimum`: towards `minimum_soc`. A charge that is taken up again loses a minute, so the
    `minutes` may be fewer than those of the interval.
    """

    interval: Interval
    plans: tuple[str, ...]
    minimum: bool
    window_end: datetime
    stand: Stand
    model: Curve
    minutes: float
    soc_from_pct: float
    soc_pct: float

    @property
    def energy_wall_kwh(self) -> float:
        """Return what it takes from the wall."""
        return wall_kwh_to(self.model, self.soc_from_pct / 100, self.soc_pct / 100, self.minutes)

    def soc_by(self, instant: datetime) -> float:
        """Return the SoC at an instant in it, in percent."""
        share = (instant - self.interval.start) / (self.interval.end - self.interval.start)
        return 100 * soc_after(self.model, self.soc_from_pct / 100, share * self.minutes)

    def kwh_by(self, instant: datetime) -> float:
        """Return what it has taken from the wall by an instant in it."""
        minutes = self.minutes * ((instant - self.interval.start) / (self.interval.end - self.interval.start))
        begin = self.soc_from_pct / 100
        return wall_kwh_to(self.model, begin, soc_after(self.model, begin, minutes), minutes)


@dataclass(frozen=True, slots=True)
class Course:
    """The stretches in order, and when each plan has first had what it is for."""

    pieces: tuple[Piece, ...]
    done_at: dict[str, datetime]
    soc_pct: float

    def soc_at(self, instant: datetime) -> float:
        """Return the SoC at an instant, in percent."""
        soc_pct = self.soc_pct
        for piece in self.pieces:
            if piece.interval.start >= instant:
                break
            share = min(1.0, (instant - piece.interval.start) / (piece.interval.end - piece.interval.start))
            soc_pct = 100 * soc_after(piece.model, piece.soc_from_pct / 100, share * piece.minutes)
        return soc_pct


def course(
    site: Site,
    vehicle: Vehicle,
    situation: Situation,
    now: datetime,
    plans: Sequence[Plan],
    *,
    running: Running | None = None,
    pace: float = 1.0,
    until: datetime | None = None,
) -> Course:
    """Return how a vehicle charges from now on until each of its plans has had its charge, a week ahead at most.

    `until`: to an instant, whatever the plans have had by then. By a car that takes `pace` times as long as is
    reckoned: how slow it is shows only in how little it has.
    """
    walk = _Walk(site, vehicle, tuple(plans), situation, now, running, pace, until)
    for _ in range(MOST):
        if not walk.step():
            break
    return Course(tuple(walk.pieces), walk.done_at, situation.soc_pct)


class _Walk:
    """Where a course has got to."""

    def __init__(
        self,
        site: Site,
        vehicle: Vehicle,
        plans: tuple[Plan, ...],
        situation: Situation,
        now: datetime,
        running: Running | None,
        pace: float,
        until: datetime | None,
    ) -> None:
        """Begin now."""
        self.pieces: list[Piece] = []
        self.done_at: dict[str, datetime] = {}
        self._site, self._vehicle, self._plans = site, vehicle, plans
        self._situation, self._at, self._ends = situation, now, until or now + HORIZON
        self._goes_on = until is not None
        self._has_choice = has_choice(site, vehicle)
        self._running, self._pace = running, pace

    def step(self) -> bool:
        """Go on to where something changes; False at the end."""
        now = self._at
        found = {plan.name: segments_of(self._site, plan, self._situation, now) for plan in self._plans}
        current = self._current(found, now)
        self._note_done(found, now)
        edge = min(self._edges(found, current, now), default=None)
        stand = stand_of(self._site, self._vehicle, now, [plan.name for plan, _ in current])
        if stand is None or now >= self._ends:
            return False
        begins = self._goes_on or (
            stand.charger.supply is not None and not self._vehicle.hold and self._situation.soc_pct < FULL_PCT
        )
        if len(self.done_at) == len(self._plans) and self._running is None and not begins:
            return False
        powers = _powers(self._site, stand.charger.supply, now)
        if powers and powers[0].start <= now and (current or self._running is not None):
            ends = [edge or self._ends, powers[0].end]
            if self._has_choice:
                ends.extend(stand_changes(self._site, self._vehicle, now, min(ends)))
            self._charge(current, stand, min(ends))
            return True
        return self._wait(edge, min((item.start for item in powers if item.start > now), default=None), now)

    def _wait(self, edge: datetime | None, power: datetime | None, now: datetime) -> bool:
        """Go on to where a plan wants the car, or its charger has power again: with that it begins by itself."""
        self._situation = replace(self._situation, charging=())
        ahead = [at for at in (edge, power) if at is not None and at > now]
        if not ahead:
            return False
        self._at = min(ahead)
        # What begins where a plan wants it is delcia's, and ends with that.
        if self._running is None and self._at == power and edge != power:
            self._running = Running(self._at + LOOK if self._vehicle.hold else None)
        return self._at < self._ends

    def _charge(self, current: list[tuple[Plan, Segment]], stand: Stand, until: datetime) -> None:
        """Charge where the car stands until an instant, or until the first of those who want it has what it wants."""
        now, begin_pct = self._at, self._situation.soc_pct
        running = self._running or Running()
        if running.charger is not None:
            stand = Stand(running.charger, stand.tariff)
        found = means_at(self._vehicle, stand.charger)
        model = _slowed(curve(self._vehicle.battery, stand.charger, _learned(self._situation, stand)), self._pace)
        if running.until is not None:
            until = min(until, running.until)
        names = tuple(plan.name for plan, _ in current)
        goals = [goal for plan, item in current if (goal := _goal_pct(self._vehicle, plan, item)) is not None]
        lost = RESUME_MIN if self.pieces and self.pieces[-1].interval.end < now else 0.0
        to_full = charging_minutes(model, begin_pct / 100, running.most_pct / 100)
        need = [to_full, *(charging_minutes(model, begin_pct / 100, goal / 100) for goal in goals if goal > begin_pct)]
        minutes = max(0.0, min((until - now) / MINUTE - lost, *need))
        end = min(until, now + (minutes + lost) * MINUTE)
        end_pct = 100 * soc_after(model, begin_pct / 100, minutes)
        end_pct = next((goal for goal in goals if abs(goal - end_pct) < NEAR_PCT), end_pct)
        if end > now and minutes > TINY_MIN:
            minimum = bool(current) and all(item.minimum for _, item in current)
            window_end = max((item.window_end for _, item in current), default=end)
            span = Interval(now, end)
            piece = Piece(span, names, minimum, window_end, stand, model, minutes, begin_pct, end_pct)
            self.pieces.append(piece)
        if (running.until is not None and end >= running.until) or to_full - minutes <= TINY_MIN:
            self._running = None
        elif self._running is None and minutes > TINY_MIN and not found.stop:
            limit = limit_of(self._site, self._vehicle, names, now) if found.limit else None
            self._running = Running(most_pct=limit or 100)
        self._credit(current, model, begin_pct, minutes, end_pct, end)
        self._at = end if end - now > SLIVER else now + MINUTE

    def _credit(
        self,
        current: list[tuple[Plan, Segment]],
        model: Curve,
        begin_pct: float,
        minutes: float,
        end_pct: float,
        end: datetime,
    ) -> None:
        """Go on from the SoC reached; what is asked for by time or energy is counted."""
        had = {(item.plan, item.since): item for item in self._situation.delivered}
        for plan, item in current:
            if item.minimum:
                continue
            since = counted_since(self._site, plan, self._at)
            before = had.get((plan.name, since), Delivered(plan.name, since))
            energy = wall_kwh_to(model, begin_pct / 100, end_pct / 100, minutes)
            had[plan.name, since] = replace(
                before, minutes=before.minutes + minutes, energy_wall_kwh=before.energy_wall_kwh + energy
            )
        names = tuple(plan.name for plan, item in current if not item.minimum)
        since_at = self._situation.charging_since if self._situation.charging else self._at
        latched = {
            (plan.name, item.window_end)
            for plan, item in current
            if isinstance(plan.target, ToSoc) and end_pct >= plan.target.soc_pct
        }
        self._situation = replace(
            self._situation,
            soc_pct=end_pct,
            soc_at=end,
            delivered=tuple(had.values()),
            latched=(*self._situation.latched, *latched),
            minimum_active=any(item.minimum for _, item in current),
            charging=names,
            charging_since=since_at if names else end,
        )

    def _current(self, found: dict[str, tuple[Segment, ...]], now: datetime) -> list[tuple[Plan, Segment]]:
        return [
            (plan, item) for plan in self._plans for item in found[plan.name] if item.start <= now < item.end - SLIVER
        ]

    def _edges(
        self, found: dict[str, tuple[Segment, ...]], current: list[tuple[Plan, Segment]], now: datetime
    ) -> Iterator[datetime]:
        """Yield when a plan begins to want the car, or ends to; that it has its SoC is seen when it has."""
        running = {plan.name: (plan, item.window_end) for plan, item in current}
        for name, segments in found.items():
            for run in union(Interval(item.start, item.end) for item in segments):
                if run.start > now:
                    yield run.start
                elif name in running:
                    plan, window_end = running[name]
                    last = next(item for item in segments if item.end == run.end)
                    yield window_end if _is_reached(plan, last) and window_end > run.end else run.end

    def _note_done(self, found: dict[str, tuple[Segment, ...]], now: datetime) -> None:
        for plan in self._plans:
            if plan.name in self.done_at:
                continue
            if not found[plan.name] or self._has_had(plan):
                self.done_at[plan.name] = now

    def _has_had(self, plan: Plan) -> bool:
        """Return whether a plan has had what it is counted by, on the day in which it last charged."""
        mine = [piece for piece in self.pieces if plan.name in piece.plans and not piece.minimum]
        if not mine or isinstance(plan.target, ToSoc):
            return False
        since = counted_since(self._site, plan, mine[-1].interval.start)
        had = next((d for d in self._situation.delivered if (d.plan, d.since) == (plan.name, since)), None)
        if had is None:
            return False
        if isinstance(plan.target, Duration):
            return had.minutes >= plan.target.minutes - TINY_MIN
        return had.energy_wall_kwh >= plan.target.energy_kwh - TINY_MIN


def _powers(site: Site, supply: Supply | None, now: datetime) -> list[Interval]:
    """Return the times from now on in which a charger has power, in order and apart."""
    if supply is None:
        return [Interval(now, now + 2 * HORIZON)]
    windows = band_windows(site.tariffs[supply.tariff], supply.bands, now, now + HORIZON)
    return [item for item in union(windows) if item.end > now]


def _slowed(model: Curve, pace: float) -> Curve:
    return model if pace == 1.0 else replace(model, factor=model.factor * pace)


def _learned(situation: Situation, stand: Stand) -> Learned | None:
    return next((item for item in situation.learned if item.charger == stand.charger.name), None)


def _is_reached(plan: Plan, item: Segment) -> bool:
    """Return whether the SoC that a plan is for is reached with a segment."""
    return not item.minimum and isinstance(plan.target, ToSoc) and item.soc_pct >= plan.target.soc_pct - NEAR_PCT


def _goal_pct(vehicle: Vehicle, plan: Plan, item: Segment) -> float | None:
    """Return up to which SoC a plan charges in a segment; what is asked for by time or energy has no such end."""
    if item.minimum:
        return None if vehicle.minimum_soc_pct is None else min(100.0, vehicle.minimum_soc_pct + 2.0)
    return float(plan.target.soc_pct) if isinstance(plan.target, ToSoc) else None
