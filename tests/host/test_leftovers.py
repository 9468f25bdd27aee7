"""Temporary files of writes that were killed: none stays for good, and none that is being written is removed."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from support.renault import START

from delcia.car.renault.cache import Memo
from delcia.car.renault.cache import keep as keep_memo
from delcia.car.simulated import save
from delcia.car.simulation import Condition, Life
from delcia.host.files import TEMPORARY, write

WRITERS: dict[str, tuple[Callable[[Path], None], str]] = {
    "the cache": (lambda path: keep_memo(Memo("login"), path), ""),
    "a simulated car": (lambda path: save(path, Life(Condition(START, 50, plugged=True, charging=False), None)), ""),
    "files of the host": (lambda path: write(path, "text"), TEMPORARY),
}


@pytest.mark.parametrize("writer", WRITERS)
def test_what_a_killed_write_left_goes_with_a_later_one(tmp_path: Path, writer: str) -> None:
    work, ending = WRITERS[writer]
    path = tmp_path / "file.json"
    old, young = (tmp_path / f".file.json.{pid}{ending}" for pid in (4711, 4712))
    others = tmp_path / ".file.json.bak"
    for file in (old, young, others):
        file.write_text("x", encoding="ascii")
    for file in (old, others):
        os.utime(file, (time.time() - 7200,) * 2)
    work(path)
    assert sorted(tmp_path.iterdir()) == sorted([path, young, others])
