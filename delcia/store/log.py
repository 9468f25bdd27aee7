"""The logs of a vehicle, newest first when read: readings, commands, decisions and what persons asked for."""

import json
from dataclasses import dataclass
from datetime import datetime

from delcia.core.codec import from_data, to_data
from delcia.core.state import Charge, Command, Override, Plug, Reading
from delcia.store.connection import Store, rows, write
from delcia.store.instants import instant_of, maybe_instant_of, maybe_text_of, text_of


@dataclass(frozen=True, slots=True)
class LoggedCommand:
    """A command that was sent, and what became of it, in one word or a few."""

    vehicle: str
    kind: str
    sent_at: datetime
    reason: str
    outcome: str
    confirmed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LoggedDecision:
    """What was decided at an instant and held until the next one; `wanted` is whether charging was wanted."""

    vehicle: str
    at: datetime
    words: str
    action: str
    wanted: bool


@dataclass(frozen=True, slots=True)
class LoggedOverride:
    """What a person asked for; None took an earlier word back."""

    vehicle: str
    at: datetime
    override: Override | None


def log_reading(store: Store, vehicle: str, reading: Reading) -> None:
    """Add a reading; the same one twice is one."""
    write(
        store,
        "INSERT OR IGNORE INTO readings (vehicle, read_at, reported_at, plug, charge, soc_pct, range_km)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            vehicle,
            text_of(reading.read_at),
            text_of(reading.reported_at),
            reading.plug.value,
            reading.charge.value,
            reading.soc_pct,
            reading.range_km,
        ),
    )


def last_readings(store: Store, vehicle: str, count: int) -> tuple[Reading, ...]:
    """Return the latest readings, newest first."""
    found = rows(
        store,
        "SELECT read_at, reported_at, plug, charge, soc_pct, range_km FROM readings"
        " WHERE vehicle = ? ORDER BY read_at DESC LIMIT ?",
        (vehicle, count),
    )
    return tuple(
        Reading(instant_of(read), instant_of(reported), Plug(plug), Charge(charge), soc_pct, range_km)
        for read, reported, plug, charge, soc_pct, range_km in found
    )


def log_command(store: Store, vehicle: str, command: Command, outcome: str) -> None:
    """Add a command, or what has become of it since: the same vehicle and instant of sending is the same command."""
    write(
        store,
        "INSERT INTO commands (vehicle, sent_at, kind, reason, outcome, confirmed_at) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET outcome = excluded.outcome, confirmed_at = excluded.confirmed_at",
        (
            vehicle,
            text_of(command.sent_at),
            command.kind,
            command.reason,
            outcome,
            maybe_text_of(command.confirmed_at),
        ),
    )


def last_commands(store: Store, vehicle: str, count: int) -> tuple[LoggedCommand, ...]:
    """Return the latest commands, newest first."""
    found = rows(
        store,
        "SELECT vehicle, kind, sent_at, reason, outcome, confirmed_at FROM commands"
        " WHERE vehicle = ? ORDER BY sent_at DESC LIMIT ?",
        (vehicle, count),
    )
    return tuple(
        LoggedCommand(name, kind, instant_of(sent), reason, outcome, maybe_instant_of(confirmed))
        for name, kind, sent, reason, outcome, confirmed in found
    )


def log_decision(store: Store, decision: LoggedDecision) -> bool:
    """Add a decision when it differs from the last one of its vehicle; return whether it did."""
    before = last_decisions(store, decision.vehicle, 1)
    if before and _content(before[0]) == _content(decision):
        return False
    write(
        store,
        "INSERT INTO decisions (vehicle, at, words, action, wanted) VALUES (?, ?, ?, ?, ?)",
        (decision.vehicle, text_of(decision.at), decision.words, decision.action, decision.wanted),
    )
    return True


def last_decisions(store: Store, vehicle: str, count: int) -> tuple[LoggedDecision, ...]:
    """Return the latest decisions, newest first."""
    found = rows(
        store,
        "SELECT vehicle, at, words, action, wanted FROM decisions WHERE vehicle = ? ORDER BY rowid DESC LIMIT ?",
        (vehicle, count),
    )
    return tuple(
        LoggedDecision(name, instant_of(at), words, action, bool(want)) for name, at, words, action, want in found
    )


def log_override(store: Store, vehicle: str, at: datetime, override: Override | None) -> None:
    """Add what a person asked for; what holds now stands in the vehicle's memory."""
    write(
        store,
        "INSERT INTO overrides (vehicle, at, data) VALUES (?, ?, ?)",
        (vehicle, text_of(at), json.dumps(to_data(override))),
    )


def last_overrides(store: Store, vehicle: str, count: int) -> tuple[LoggedOverride, ...]:
    """Return what persons asked for latest, newest first."""
    found = rows(
        store,
        "SELECT vehicle, at, data FROM overrides WHERE vehicle = ? ORDER BY rowid DESC LIMIT ?",
        (vehicle, count),
    )
    return tuple(LoggedOverride(name, instant_of(at), from_data(json.loads(data))) for name, at, data in found)


def _content(decision: LoggedDecision) -> tuple[str, str, bool]:
    return decision.words, decision.action, decision.wanted
