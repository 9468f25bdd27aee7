"""After a login: what could not be asked for want of one is over, before any car is asked again."""

from collections.abc import Iterable
from contextlib import closing, suppress
from dataclasses import replace
from datetime import datetime

from delcia.cli.afterwards import as_owner_of_state
from delcia.errors import DelciaError, Exit
from delcia.host.homes import note_home
from delcia.host.paths import Paths
from delcia.store.lock import vehicle_lock
from delcia.store.memory import memory_of, remember
from delcia.store.notices import clear_notice, withdraw_notices
from delcia.store.opening import open_store

WAIT_S = 5.0
"""A run that holds a vehicle finds out for itself."""


def login_is_good(paths: Paths, account: str, vehicles: Iterable[str], now: datetime, *, home_known: bool) -> None:
    """Take back what was told of a login that was not: 'status' would go on asking for one."""

    def clear() -> None:
        note_home(paths, account, known=home_known)
        _clear(paths, sorted(vehicles), now)

    if paths.database.exists():
        as_owner_of_state(paths, clear)


def _clear(paths: Paths, vehicles: list[str], now: datetime) -> None:
    for name in vehicles:
        with (
            suppress(DelciaError),
            vehicle_lock(paths.state, name, WAIT_S),
            closing(open_store(paths.database)) as store,
        ):
            # The first hold is a rehearsal again; and the home may be another.
            memory = replace(memory_of(store, name), start_heard_at=None, whereabouts=None)
            clear_notice(store, name, "home-unknown", now)
            if memory.failure is not None and memory.failure.status == Exit.LOGIN:
                withdraw_notices(store, name, memory.failure.slug)
                clear_notice(store, name, memory.failure.slug, now)
                memory = replace(memory, failure=None)
            remember(store, name, memory)
