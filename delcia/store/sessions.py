"""The log of charges that happened. Kept for ever."""

from datetime import datetime

from delcia.core.sessions import PastSession
from delcia.core.state import Owner
from delcia.store.connection import Store, rows, transaction, write
from delcia.store.instants import instant_of, text_of


def log_session(store: Store, session: PastSession) -> None:
    """Add a session; the same vehicle and beginning again is the same session, seen longer.

    One that delcia saw takes the place of what the car had listed of it before.
    """
    with transaction(store):
        if session.source == "readings":
            write(
                store,
                "DELETE FROM sessions WHERE vehicle = ? AND source = 'car' AND began_at <= ? AND ended_at >= ?",
                (session.vehicle, text_of(session.ended_at), text_of(session.began_at)),
            )
        _write(store, session)


def sessions_between(store: Store, vehicle: str, start: datetime, end: datetime) -> tuple[PastSession, ...]:
    """Return the sessions of a vehicle that overlap the half-open span, oldest first."""
    found = rows(
        store,
        "SELECT vehicle, owner, began_at, ended_at, reason, plan, charger, soc_start_pct, soc_end_pct, energy_wall_kwh,"
        " power_kw, energy_battery_kwh, source FROM sessions WHERE vehicle = ? AND began_at < ? AND ended_at > ?"
        " ORDER BY began_at",
        (vehicle, text_of(end), text_of(start)),
    )
    return tuple(
        PastSession(name, Owner(owner), instant_of(began), instant_of(ended), *rest)
        for name, owner, began, ended, *rest in found
    )


def _write(store: Store, session: PastSession) -> None:
    write(
        store,
        "INSERT OR REPLACE INTO sessions (vehicle, owner, began_at, ended_at, reason, plan, charger, soc_start_pct,"
        " soc_end_pct, energy_wall_kwh, power_kw, energy_battery_kwh, source)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            session.vehicle,
            session.owner.value,
            text_of(session.began_at),
            text_of(session.ended_at),
            session.reason,
            session.plan,
            session.charger,
            session.soc_start_pct,
            session.soc_end_pct,
            session.energy_wall_kwh,
            session.power_kw,
            session.energy_battery_kwh,
            session.source,
        ),
    )
