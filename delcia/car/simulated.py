"""The simulated car behind the protocol: in memory for `simulate`, or in a file, so that timers can charge it."""

import json
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from delcia.car.simulation import (
    Charged,
    Condition,
    Contact,
    Daily,
    Event,
    Habits,
    Life,
    What,
    advance,
    contact_events,
    daily_events,
    is_powered,
    reported_at,
    with_power,
)
from delcia.core.energy import curve
from delcia.core.intervals import Interval
from delcia.core.limits import limit_words, limits_in
from delcia.core.model import Battery, Charger
from delcia.core.replacing import replace
from delcia.core.state import Charge, Fix, Plug, Reading, Setting
from delcia.errors import DelciaError, Exit
from delcia.outside.leftovers import temporary

FIRST_SOC_PCT = 40.0
KM_PER_KWH = 6.0
LOWEST_PCT = 15
"""The SoC that it says it keeps for driving off."""
AWAY_DEG = 1.0
"""How far away from home, in latitude, the car is when it is not at home: some 111 km."""


class SimulatedCar:
    """A car whose battery fills by the charging model. `charged` collects what it took, while this object lives."""

    def __init__(
        self,
        battery: Battery,
        charger: Charger,
        life: Life,
        *,
        home: tuple[float, float] = (0.0, 0.0),
        keep: Callable[[Life], None] | None = None,
    ) -> None:
        self.life = life
        self.charged: list[Charged] = []
        self._battery = battery
        self.curve = curve(battery, charger)
        self._contact: Contact | None = None
        self._tariff: str | None = None
        self._home = home
        self._keep = keep

    def stand(self, charger: Charger, contact: Contact | None = None, tariff: str | None = None) -> None:
        """Charge at another charger from now on, priced by a tariff; where a contact gives power, only then."""
        self.curve, self._contact, self._tariff = curve(self._battery, charger), contact, tariff
        condition, habits = self.life.condition, self.life.habits
        on = contact is None or is_powered(contact, condition.at)
        if condition.powered is not on:
            self._become(replace(self.life, condition=with_power(condition, habits, on=on)))

    def events(self, after: datetime, until: datetime) -> tuple[Event, ...]:
        """Return what happens to it in (after, until], whatever is asked of it."""
        found = [event for event in self.life.events if after < event.at <= until]
        if self.life.daily is not None:
            found.extend(daily_events(self.life.daily, after, until))
        if self._contact is not None:
            found.extend(contact_events(self._contact, after, until))
        return tuple(found)

    def read(self, now: datetime) -> Reading:
        """Return the car's last report; nothing younger can be known of it."""
        self._reach(now)
        self.advance(reported_at(now, self.life.habits))
        car = self.life.condition
        return Reading(
            read_at=now,
            reported_at=car.at,
            plug=Plug.PLUGGED if car.plugged else Plug.UNPLUGGED,
            charge=Charge.CHARGING if car.charging else Charge.ENDED if car.ended else Charge.IDLE,
            soc_pct=float(int(car.soc_pct + 1e-6)),
            range_km=round(car.soc_pct / 100 * self._battery.usable_kwh * KM_PER_KWH),
        )

    def locate(self, now: datetime) -> Fix | None:
        """Return where the car last came to stand."""
        self._reach(now)
        self.advance(reported_at(now, self.life.habits))
        car = self.life.condition
        latitude, longitude = self._home
        return Fix(car.parked_at or car.at, latitude if car.at_home else latitude + AWAY_DEG, longitude)

    def start_changes(self, now: datetime) -> tuple[str, str] | None:
        """Return nothing: it has no programmes of its own."""
        self._reach(now)
        return None

    def setting(self, what: Setting, now: datetime) -> str:
        """Return its SoC limit; it has no programmes."""
        self._reach(now)
        return limit_words(LOWEST_PCT, self.life.habits.soc_limit_pct) if what == "limit" else "[]"

    def change(self, what: Setting, to: str, now: datetime) -> None:
        """Take a SoC limit."""
        self._reach(now)
        if what == "limit":
            self.advance(now)
            habits = replace(self.life.habits, soc_limit_pct=limits_in(to)[1])
            self._become(replace(self.life, habits=habits))

    def wake(self, now: datetime) -> None:
        """Ask it for a report: it sends one whenever it can, so nothing comes of it."""
        self._reach(now)

    def start(self, now: datetime, tries: int = 1) -> None:  # noqa: ARG002 - it has one way of starting
        """Ask it to charge."""
        self._ask("start", now)

    def stop(self, now: datetime) -> None:
        """Ask it to stop."""
        self._ask("stop", now)

    def close(self) -> None:
        """Nothing is open between two calls."""

    def advance(self, to: datetime) -> None:
        """Let time pass, at most forwards; simulate calls this at its end to count all that was charged."""
        life = self.life
        if to <= life.condition.at:
            return
        events = self.events(life.condition.at, to)
        condition, charged = advance(life.condition, to, self.curve, life.habits, events)
        self.charged.extend(replace(item, tariff=self._tariff) for item in charged)
        self._become(Life(condition, life.daily, life.events, life.habits))

    def _ask(self, what: What, now: datetime) -> None:
        self._reach(now)
        life = self.life
        if what in life.habits.ignores:
            return
        # The condition stays that of the last report; what was asked happens on the way to the next one.
        effect = Event(max(now, life.condition.at) + timedelta(seconds=max(1, life.habits.lag_s)), what)
        pending = (*life.condition.pending, effect)
        self._become(replace(life, condition=replace(life.condition, pending=pending)))

    def _reach(self, now: datetime) -> None:
        if any(outage.contains(now) for outage in self.life.habits.outages):
            msg = "the simulated service does not answer"
            raise DelciaError(msg, slug="car-unavailable", hint="try again in a minute", status=Exit.TRY_AGAIN)

    def _become(self, life: Life) -> None:
        self.life = life
        if self._keep:
            self._keep(life)


def simulated_at(
    path: Path, battery: Battery, charger: Charger, timezone: str, now: datetime, home: tuple[float, float] = (0.0, 0.0)
) -> SimulatedCar:
    """Return the simulated car that lives in a file; where there is none, one that was just plugged in, at 40 %."""
    try:
        life = life_of(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        at = reported_at(now, Habits())
        life = Life(Condition(at, FIRST_SOC_PCT, plugged=True, charging=True, parked_at=at), Daily(timezone))
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        msg = f"the simulated car in {path.name} cannot be read"
        hint = f"remove {path} for a new one"
        raise DelciaError(msg, slug="simulated-car-unreadable", hint=hint, status=Exit.BROKEN) from error
    return SimulatedCar(battery, charger, life, home=home, keep=lambda later: save(path, later))


def save(path: Path, life: Life) -> None:
    """Write a life to its file, whole or not at all."""
    text = json.dumps(asdict(life), default=datetime.isoformat, indent=1)
    fresh = temporary(path)
    try:
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o640), "w", encoding="utf-8") as file:
            file.write(text + "\n")
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError as error:
        with suppress(OSError):
            fresh.unlink()
        msg = f"the simulated car cannot be kept in {path.name}: {error.strerror}"
        raise DelciaError(
            msg, slug="state-failed", hint="check the disk and its free space", status=Exit.TRY_AGAIN
        ) from error


def life_of(data: dict[str, Any]) -> Life:
    """Return the life that was saved; all but the condition may be left out by a person who writes the file."""
    habits = {
        **data.get("habits", {}),
        **{name: tuple(map(_interval, data.get("habits", {}).get(name, ()))) for name in ("silent", "outages")},
    }
    habits["ignores"] = tuple(habits.get("ignores", ()))
    condition = {**data["condition"], "at": _instant(data["condition"]["at"])}
    condition["parked_at"] = _instant(condition["parked_at"]) if condition.get("parked_at") else None
    condition["pending"] = tuple(map(_event, condition.get("pending", ())))
    return Life(
        Condition(**condition),
        _daily(data["daily"]) if data.get("daily") else None,
        tuple(map(_event, data.get("events", ()))),
        Habits(**habits),
    )


def _daily(data: dict[str, Any]) -> Daily:
    return Daily(**{**data, "used_by_weekday": tuple(data.get("used_by_weekday", ()))})


def _event(data: dict[str, Any]) -> Event:
    return Event(**{**data, "at": _instant(data["at"])})


def _interval(data: dict[str, str]) -> Interval:
    return Interval(_instant(data["start"]), _instant(data["end"]))


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
