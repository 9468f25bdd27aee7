"""Learning from the charges that happened: a factor for each vehicle at each charger, and the time at 100 %.

The rules and their guards are those of the charging facts: SoC comes in whole points, so a charge counts by the square
of its gain; one charge of seven points is the weight of the prior.
"""

from collections.abc import Sequence
from math import exp, log, sqrt

from delcia.core.energy import BALANCING_MIN, FULL, SPREAD, charging_minutes, curve
from delcia.core.learned import Learned
from delcia.core.model import Site, Vehicle
from delcia.core.sessions import PastSession

PRIOR_WEIGHT = 50.0
LEAST_GAIN_PCT = 5.0
LEAST_MIN = 20.0
HIGHEST_END_PCT = 97.0
"""Above it the cells are equalised, for anything from minutes to hours."""
FACTORS = (0.7, 1.5)
"""No car is beyond; a charger set to the wrong current is."""
ENOUGH = 3
"""Charges that delcia saw itself from which on they alone count, and their spread is shown instead of the prior's."""
SPREADS = (0.03, 0.25)
WITHIN = 1.4
"""Standard deviations shown either way: about as many charges lie within as within the prior's range."""
LONGEST_BALANCING_MIN = 180.0
SAME_POWER = 0.01
UNUSUAL = 2.0
"""A charge that took so many times as long or short as predicted was interrupted, or is another car's."""


def learn(site: Site, vehicle: Vehicle, sessions: Sequence[PastSession]) -> tuple[Learned, ...]:
    """Return what its sessions tell of a vehicle, for each charger that has told anything, by name."""
    found = (_at(site, vehicle, name, sessions) for name in sorted(site.chargers))
    return tuple(item for item in found if item.entries or item.full_entries)


def wall_power_kw(site: Site, vehicle: Vehicle, charger: str) -> float:
    """Return the power at the wall with which the model reckons there."""
    return curve(vehicle.battery, site.chargers[charger]).wall_kw


def is_usable(site: Site, vehicle: Vehicle, session: PastSession) -> bool:
    """Return whether a session tells how fast the vehicle charges at its charger."""
    start, end = session.soc_start_pct, session.soc_end_pct
    if not _is_comparable(site, vehicle, session) or start is None or end is None:
        return False
    return end - start >= LEAST_GAIN_PCT and _minutes(session) >= LEAST_MIN and end <= HIGHEST_END_PCT


def _at(site: Site, vehicle: Vehicle, charger: str, sessions: Sequence[PastSession]) -> Learned:
    here = sorted((item for item in sessions if item.charger == charger), key=lambda item: item.began_at)
    own = [item for item in here if item.source != "car"]
    # The car's list names no place: a charge elsewhere, as strong, counts only until enough were seen here.
    is_seen = sum(is_usable(site, vehicle, item) for item in own) >= ENOUGH
    here = own if is_seen else here
    model = curve(vehicle.battery, site.chargers[charger])
    seen: list[tuple[float, float]] = []
    listed = 0
    for item in here:
        if is_usable(site, vehicle, item):
            start, end = item.soc_start_pct or 0.0, item.soc_end_pct or 0.0
            ratio = _minutes(item) / charging_minutes(model, start / 100, end / 100)
            if 1 / UNUSUAL < ratio < UNUSUAL:
                seen.append(((end - start) ** 2, log(ratio)))
                listed += item.source == "car"
    weight = sum(w for w, _ in seen)
    raw = exp(sum(w * ratio for w, ratio in seen) / (weight + PRIOR_WEIGHT))
    factor = min(max(raw, FACTORS[0]), FACTORS[1])
    spread = SPREAD
    if is_seen and len(seen) >= ENOUGH:
        middle = sum(w * ratio for w, ratio in seen) / weight
        deviation = sqrt(sum(w * (ratio - middle) ** 2 for w, ratio in seen) / weight)
        spread = min(max(WITHIN * deviation, SPREADS[0]), SPREADS[1])
    extra = [minutes for item in here if (minutes := _balancing(site, vehicle, item, factor)) is not None]
    return Learned(
        charger=charger,
        factor=factor,
        entries=len(seen),
        spread=spread,
        clamped=raw != factor,
        balancing_min=(BALANCING_MIN + sum(extra)) / (1 + len(extra)),
        full_entries=len(extra),
        listed=listed,
    )


def _balancing(site: Site, vehicle: Vehicle, session: PastSession, factor: float) -> float | None:
    """Return how long a charge to 100 % lasted beyond the charging itself; None for any other."""
    start, end = session.soc_start_pct, session.soc_end_pct
    if not _is_comparable(site, vehicle, session) or start is None or end is None or end < 100 * FULL:
        return None
    if end - start < LEAST_GAIN_PCT or session.charger is None:
        return None
    model = curve(vehicle.battery, site.chargers[session.charger])
    charging = factor * (charging_minutes(model, start / 100, 1.0) - BALANCING_MIN)
    return min(max(0.0, _minutes(session) - charging), LONGEST_BALANCING_MIN) / factor


def _is_comparable(site: Site, vehicle: Vehicle, session: PastSession) -> bool:
    """Return whether the charger is known, and as strong as it was."""
    if session.charger is None or session.charger not in site.chargers or session.power_kw is None:
        return False
    return abs(session.power_kw / wall_power_kw(site, vehicle, session.charger) - 1) <= SAME_POWER


def _minutes(session: PastSession) -> float:
    return (session.ended_at - session.began_at).total_seconds() / 60
