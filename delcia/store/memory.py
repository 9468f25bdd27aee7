"""What delcia remembers of a vehicle between two runs, one value per vehicle."""

import json

from delcia.core.codec import from_data, to_data
from delcia.core.state import Memory
from delcia.errors import DelciaError
from delcia.store.connection import Store, rows, write


def memory_of(store: Store, vehicle: str) -> Memory:
    """Return what is remembered of a vehicle; the empty memory when it was never seen, or can no longer be read."""
    if store.memories is not None:
        return store.memories.get(vehicle) or Memory()
    text = _text(store, vehicle)
    if text is None:
        return Memory()
    try:
        memory = from_data(json.loads(text))
    except (ValueError, TypeError, KeyError):
        memory = None
    if isinstance(memory, Memory):
        return memory
    msg = f"what was remembered of '{vehicle}' cannot be read and is forgotten"
    hint = f"give boost, pause or trip of {vehicle} again"
    store.remarks.append(DelciaError(msg, slug="memory-unreadable", hint=hint))
    return Memory()


def remember(store: Store, vehicle: str, memory: Memory) -> None:
    """Keep a vehicle's memory; nothing is written when it is what was kept already."""
    if store.memories is not None:
        store.memories[vehicle] = memory
        return
    text = json.dumps(to_data(memory), separators=(",", ":"), sort_keys=True)
    if text != _text(store, vehicle):
        write(store, "INSERT OR REPLACE INTO memory (vehicle, data) VALUES (?, ?)", (vehicle, text))


def remembered_vehicles(store: Store) -> tuple[str, ...]:
    """Return the names of all vehicles that anything is remembered of."""
    return tuple(name for (name,) in rows(store, "SELECT vehicle FROM memory ORDER BY vehicle"))


def _text(store: Store, vehicle: str) -> str | None:
    found = rows(store, "SELECT data FROM memory WHERE vehicle = ?", (vehicle,))
    return str(found[0][0]) if found else None
