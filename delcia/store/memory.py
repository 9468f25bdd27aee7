"""What delcia remembers of a vehicle between two runs, one value per vehicle."""

import json
from dataclasses import fields as fields_of
from dataclasses import replace

from delcia.core.codec import from_data, to_data
from delcia.core.state import Memory
from delcia.errors import DelciaError
from delcia.store.connection import Store, rows, write

NAMES = frozenset(field.name for field in fields_of(Memory))


def memory_of(store: Store, vehicle: str) -> Memory:
    """Return what is remembered of a vehicle; the empty memory when it was never seen, or can no longer be read."""
    if store.memories is not None:
        return store.memories.get(vehicle) or Memory()
    text = _text(store, vehicle)
    if text is None:
        return Memory()
    memory, lost = _read(text)
    if lost:
        what = (
            f"part of what was remembered of '{vehicle}'"
            if memory != Memory()
            else f"what was remembered of '{vehicle}'"
        )
        named = f": {', '.join(lost)}" if memory != Memory() else ""
        msg = f"{what} cannot be read and is forgotten{named}"
        hint = f"if you asked for something, say it again: delcia start, stop, release, skip or trip {vehicle}"
        store.remarks.append(DelciaError(msg, slug="memory-unreadable", hint=hint))
    return memory


def _read(text: str) -> tuple[Memory, list[str]]:
    """Return what can be read of a memory, and the names of what cannot.

    Another delcia may have written it: what has to be given back to the car must not go with what is not understood.
    """
    try:
        data = json.loads(text)
        whole = from_data(data)
        if isinstance(whole, Memory):
            return whole, []
    except (ValueError, TypeError, KeyError):
        pass
    try:
        found = dict(json.loads(text))
    except (ValueError, TypeError):
        return Memory(), ["all"]
    memory, lost = Memory(), []
    for name, item in found.items():
        if name not in NAMES:
            continue
        try:
            memory = replace(memory, **{name: from_data(item)})
        except (ValueError, TypeError, KeyError):
            lost.append(name)
    return memory, lost or ["all"]


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
