"""What all logs of a vehicle have of a stretch of time, and the last that they had before an instant."""

import json
from dataclasses import dataclass
from datetime import datetime

from delcia.core.codec import from_data
from delcia.core.state import Charge, Plug, Reading
from delcia.store.connection import Row, Store, rows
from delcia.store.instants import instant_of, maybe_instant_of, text_of
from delcia.store.log import LoggedCommand, LoggedDecision, LoggedOverride


@dataclass(frozen=True, slots=True)
class LoggedNotice:
    """What the owner was told, or is to be told, and when it was sent."""

    at: datetime
    slug: str
    words: str
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class Logged:
    """What was logged of one vehicle, each kind with the oldest first."""

    readings: tuple[Reading, ...] = ()
    decisions: tuple[LoggedDecision, ...] = ()
    commands: tuple[LoggedCommand, ...] = ()
    overrides: tuple[LoggedOverride, ...] = ()
    notices: tuple[LoggedNotice, ...] = ()


def logged_between(store: Store, vehicle: str, start: datetime, end: datetime) -> Logged:
    """Return what was logged after an instant, up to and with another; notices of the whole host belong to all."""
    span = (vehicle, text_of(start), text_of(end))
    return _logged(store, vehicle, span, "> ? AND {0} <= ? ORDER BY {0}, rowid")


def last_logged(store: Store, vehicle: str, at: datetime) -> Logged:
    """Return the last of each kind that was logged up to an instant."""
    return _logged(store, vehicle, (vehicle, text_of(at)), "<= ? ORDER BY {0} DESC, rowid DESC LIMIT 1")


def _logged(store: Store, vehicle: str, values: tuple[str, ...], span: str) -> Logged:
    def found(table: str, at: str, fields: str, whose: str = "vehicle = ?") -> list[Row]:
        sql = f"SELECT {fields} FROM {table} WHERE {whose} AND {at} {span.format(at)}"  # noqa: S608 - names from here
        return rows(store, sql, values)

    return Logged(
        tuple(
            Reading(instant_of(read), instant_of(reported), Plug(plug), Charge(charge), soc_pct, range_km)
            for read, reported, plug, charge, soc_pct, range_km in found(
                "readings", "read_at", "read_at, reported_at, plug, charge, soc_pct, range_km"
            )
        ),
        tuple(
            LoggedDecision(vehicle, instant_of(at), words, action, bool(wanted))
            for at, words, action, wanted in found("decisions", "at", "at, words, action, wanted")
        ),
        tuple(
            LoggedCommand(vehicle, kind, instant_of(sent), reason, outcome, maybe_instant_of(confirmed))
            for kind, sent, reason, outcome, confirmed in found(
                "commands", "sent_at", "kind, sent_at, reason, outcome, confirmed_at"
            )
        ),
        tuple(
            LoggedOverride(vehicle, instant_of(at), from_data(json.loads(data)))
            for at, data in found("overrides", "at", "at, data")
        ),
        tuple(
            LoggedNotice(instant_of(at), slug, words, maybe_instant_of(sent))
            for at, slug, words, sent in found("notices", "at", "at, slug, text, sent_at", "vehicle IN (?, '')")
        ),
    )
