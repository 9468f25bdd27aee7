"""One delcia at a time for each vehicle."""

import time
from pathlib import Path

import pytest
from support.child import child, says

from delcia.errors import DelciaError, Exit
from delcia.store.lock import vehicle_lock

HOLD = """
import sys, time
from pathlib import Path
from delcia.store.lock import vehicle_lock
with vehicle_lock(Path(sys.argv[1]), "spring"):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_delcia_waits_and_then_says_that_it_could_not(tmp_path: Path) -> None:
    with child(HOLD, tmp_path) as other:
        assert says(other) == "held"
        with pytest.raises(DelciaError) as caught, vehicle_lock(tmp_path, "spring", wait_s=0.2):
            pass
    assert caught.value.status is Exit.TRY_AGAIN
    assert caught.value.text() == (
        "delcia: error: another delcia is at work on 'spring' and was not done within 0.2 s [locked]\n"
        "    hint: try again in a minute"
    )


def test_another_vehicle_is_not_in_the_way(tmp_path: Path) -> None:
    with vehicle_lock(tmp_path, "spring"), vehicle_lock(tmp_path, "zoe", wait_s=0):
        pass


def test_a_killed_delcia_holds_nothing(tmp_path: Path) -> None:
    with child(HOLD, tmp_path) as other:
        assert says(other) == "held"
        other.kill()
        started = time.monotonic()
        with vehicle_lock(tmp_path, "spring", wait_s=30):
            assert time.monotonic() - started < 25


def test_the_lock_can_be_taken_again_after_a_failure_inside(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), vehicle_lock(tmp_path, "spring"):
        _ = 1 // 0
    with vehicle_lock(tmp_path, "spring", wait_s=0):
        pass


def test_where_no_lock_file_can_be_made_the_folder_is_locked(tmp_path: Path) -> None:
    (tmp_path / "vehicle-spring.lock").symlink_to(tmp_path / "target")
    with vehicle_lock(tmp_path, "spring"):
        assert not (tmp_path / "target").exists()


def test_a_state_that_is_no_folder_is_a_broken_set_up(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("")
    with pytest.raises(DelciaError) as caught, vehicle_lock(tmp_path / "state", "spring"):
        pass
    assert caught.value.status is Exit.BROKEN
