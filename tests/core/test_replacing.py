"""The oracle is the standard library."""

import dataclasses
from datetime import UTC, datetime

import pytest

from delcia.core.replacing import replace
from delcia.core.state import Charge, Memory, Pause, Plug, Reading

NOW = datetime(2026, 11, 23, 18, 41, tzinfo=UTC)
READING = Reading(NOW, NOW, Plug.PLUGGED, Charge.IDLE, 52.0)


@pytest.mark.parametrize("changes", [{}, {"counting": ("nights",)}, {"reading": None, "override": Pause(NOW, None)}])
def test_a_copy_is_that_of_the_standard_library(changes: dict[str, object]) -> None:
    memory = Memory(reading=READING, soc_reading=READING, plugged_since=NOW)
    assert replace(memory, **changes) == dataclasses.replace(memory, **changes)  # type: ignore[arg-type]  # any field


def test_of_a_single_field() -> None:
    @dataclasses.dataclass(frozen=True)
    class One:
        here: int

    assert replace(One(1), here=2) == One(2)
