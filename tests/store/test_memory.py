"""Memories come back as they were, and cost nothing when nothing changed."""

from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from delcia.core.state import (
    Boost,
    Charge,
    Command,
    Delivered,
    Memory,
    Owner,
    Pause,
    Plug,
    Reading,
    Session,
    Whereabouts,
)
from delcia.store.connection import transaction, write
from delcia.store.memory import memory_of, remember, remembered_vehicles
from delcia.store.opening import open_store

T = datetime(2026, 11, 24, 0, 38, 0, 123456, tzinfo=UTC)
READING = Reading(T, T - timedelta(minutes=3), Plug.PLUGGED, Charge.CHARGING, 52.0, 120)
FULL = Memory(
    reading=READING,
    soc_reading=READING,
    idle_at=T,
    plugged_since=T,
    unplugged_at=T,
    last_away_at=T,
    session=Session(Owner.DELCIA, T, 52.0, "off-peak"),
    command=Command("start", T, "off-peak", tries=2, confirmed_at=T),
    stop_confirmed_at=T,
    self_resumes=1,
    restarts=1,
    ended_at=T,
    own="window",
    passed_over=T,
    left_at=T,
    stop_soc_pct=79.0,
    start_heard_at=T,
    hold_ended="resumes-by-itself",
    booted_at=T,
    charging_at=T,
    plugged_reported_at=T,
    latched=(("nights", T),),
    started_windows=(T,),
    minimum_active=True,
    whereabouts=Whereabouts(T, T, at_home=True),
    override=Boost(T, T + timedelta(hours=12), to_soc_pct=90),
    delivered=(Delivered("nights", T, 12.5, 0.75),),
    trouble_since=T,
)


@pytest.mark.parametrize("memory", [Memory(), FULL, Memory(override=Pause(T))])
def test_a_memory_comes_back_as_it_was_in_another_process(tmp_path: Path, memory: Memory) -> None:
    with closing(open_store(tmp_path / "delcia.db")) as store:
        remember(store, "spring", memory)
    with closing(open_store(tmp_path / "delcia.db")) as store:
        assert memory_of(store, "spring") == memory
        assert remembered_vehicles(store) == ("spring",)


def test_a_car_never_seen_has_an_empty_memory() -> None:
    with closing(open_store(None)) as store:
        assert memory_of(store, "spring") == Memory()
        assert store.remarks == []


def test_the_memories_of_two_cars_are_apart() -> None:
    with closing(open_store(None)) as store:
        remember(store, "spring", FULL)
        remember(store, "zoe", Memory(restarts=1))
        assert memory_of(store, "spring") == FULL
        assert memory_of(store, "zoe") == Memory(restarts=1)


def test_remembering_the_same_writes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "delcia.db"
    with closing(open_store(path)) as store:
        remember(store, "spring", FULL)
    before = path.stat().st_mtime_ns
    with closing(open_store(path)) as store:
        remember(store, "spring", memory_of(store, "spring"))
        assert store.connection.total_changes == 0
    assert path.stat().st_mtime_ns == before


@pytest.mark.parametrize(
    "data", ["{", "[]", '{"": "Memory", "reading": {"": "Plan"}}', '{"": "Future"}', '{"": "wall"}']
)
def test_a_memory_that_cannot_be_read_is_forgotten_and_the_owner_is_told(data: str) -> None:
    with closing(open_store(None)) as store:
        write(store, "INSERT INTO memory (vehicle, data) VALUES ('spring', ?)", (data,))
        assert memory_of(store, "spring") == Memory()
        assert [remark.slug for remark in store.remarks] == ["memory-unreadable"]
        remember(store, "spring", FULL)
        assert memory_of(store, "spring") == FULL


def test_a_transaction_that_fails_changes_nothing() -> None:
    with closing(open_store(None)) as store:
        remember(store, "spring", FULL)
        with suppress(ZeroDivisionError), transaction(store):
            remember(store, "spring", Memory())
            with transaction(store):
                remember(store, "zoe", FULL)
            _ = 1 // 0
        assert memory_of(store, "spring") == FULL
        assert remembered_vehicles(store) == ("spring",)
