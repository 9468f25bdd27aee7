"""Whatever the file is like, charging goes on; and what was committed stays, however the writer ends."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.child import child, says
from support.passing import let_everybody_pass

import delcia
from delcia.core.state import Memory
from delcia.errors import DelciaError, Exit
from delcia.store.budget import calls_since
from delcia.store.connection import Store, rows, write
from delcia.store.memory import memory_of, remember
from delcia.store.opening import open_readonly, open_store
from delcia.store.schema import STEPS

T = datetime(2026, 11, 24, 0, 38, tzinfo=UTC)
MEMORY = Memory(restarts=1)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return the path of a state that remembers one car."""
    path = tmp_path / "state" / "delcia.db"
    with closing(open_store(path)) as store:
        remember(store, "spring", MEMORY)
    return path


def slugs(store: Store) -> list[str]:
    """Return what the store has to say of itself."""
    return [remark.slug for remark in store.remarks]


@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o640), (0o027, 0o640), (0o000, 0o640), (0o077, 0o600)])
def test_the_file_is_never_readable_by_all(tmp_path: Path, umask: int, mode: int) -> None:
    before = os.umask(umask)
    try:
        open_store(tmp_path / "delcia.db").close()
    finally:
        os.umask(before)
    assert (tmp_path / "delcia.db").stat().st_mode & 0o777 == mode


def test_a_store_in_memory_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with closing(open_store(None)) as store:
        remember(store, "spring", MEMORY)
        assert memory_of(store, "spring") == MEMORY
    assert list(tmp_path.iterdir()) == []


def test_odd_letters_in_a_path_are_only_letters(tmp_path: Path) -> None:
    odd = tmp_path / "50% ?mode=memory#1"
    with closing(open_store(odd / "delcia.db")) as store:
        remember(store, "spring", MEMORY)
    with closing(open_readonly(odd / "delcia.db")) as store:
        assert memory_of(store, "spring") == MEMORY


def test_a_reader_of_no_file_sees_an_empty_state_and_makes_none(tmp_path: Path) -> None:
    with closing(open_readonly(tmp_path / "delcia.db")) as store:
        assert memory_of(store, "spring") == Memory()
    assert list(tmp_path.iterdir()) == []


def test_a_reader_cannot_write(path: Path) -> None:
    with closing(open_readonly(path)) as store:
        assert memory_of(store, "spring") == MEMORY
        with pytest.raises(DelciaError, match="cannot be written") as caught:
            remember(store, "spring", Memory())
    assert caught.value.status is Exit.BROKEN


READ = """
import os, sys
from pathlib import Path
from delcia.errors import DelciaError
from delcia.store.memory import memory_of
from delcia.store.opening import open_readonly, open_store
path = Path(sys.argv[1])
os.setgroups([])
os.setgid(int(sys.argv[2]))
os.setuid(65534)
for opener in (open_readonly, open_store):
    try:
        print(memory_of(opener(path), "spring").restarts)
    except DelciaError as error:
        print(error.slug, int(error.status))
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
@pytest.mark.parametrize(("group", "answers"), [(4242, ["1", "no-permission 78"]), (4243, ["no-permission 78"] * 2)])
def test_the_group_may_read_and_nobody_else(path: Path, group: int, answers: list[str]) -> None:
    os.chown(path, 0, 4242)
    os.chown(path.parent, 0, 4242)
    let_everybody_pass(path.parents[1])
    with child(READ, path, group) as reader:
        assert [says(reader), says(reader)] == answers


def test_a_file_that_is_no_database_is_put_aside(path: Path) -> None:
    path.write_bytes(b"\0 what a worn SD card gives back" * 500)
    with closing(open_store(path)) as store:
        assert slugs(store) == ["state-damaged"]
        assert memory_of(store, "spring") == Memory()
        remember(store, "spring", MEMORY)
    with closing(open_store(path)) as store:
        assert slugs(store) == []
        assert memory_of(store, "spring") == MEMORY
    assert path.with_name("delcia.db.damaged").read_bytes().startswith(b"\0 what")


def fill(store: Store) -> None:
    """Write some hundred pages."""
    numbers = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 5000)"
    write(store, f"INSERT INTO decisions {numbers} SELECT 'spring', x, hex(randomblob(40)), 'none', 0 FROM n")  # noqa: S608 - fixed words


def test_a_cut_off_file_is_put_aside(path: Path) -> None:
    with closing(open_store(path)) as store:
        fill(store)
    os.truncate(path, path.stat().st_size // 2)
    with closing(open_store(path)) as store:
        assert slugs(store) == ["state-damaged"]
        assert rows(store, "SELECT count(*) FROM decisions") == [(0,)]


def test_damage_found_later_ends_the_run_once_and_the_next_saves_what_a_person_asked(path: Path) -> None:
    with closing(open_store(path)) as store:
        fill(store)
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        file.write(b"\xff" * (path.stat().st_size // 4))
    with closing(open_store(path)) as store:
        assert slugs(store) == []
        with pytest.raises(DelciaError) as caught:
            rows(store, "SELECT sum(length(words)) FROM decisions")
    assert (caught.value.slug, caught.value.status) == ("state-damaged", Exit.TRY_AGAIN)
    with closing(open_store(path)) as store:
        assert slugs(store) == []
        assert memory_of(store, "spring") == MEMORY
        assert rows(store, "SELECT count(*) FROM decisions") == [(0,)]


def test_a_journal_left_behind_does_not_get_into_the_fresh_file(path: Path) -> None:
    journal = path.with_name("delcia.db-journal")
    path.write_bytes(b"no database at all" * 500)
    journal.write_bytes(b"of the old file" * 100)
    with closing(open_store(path)) as store:
        remember(store, "spring", MEMORY)
    assert not journal.exists()


def test_a_file_from_a_newer_delcia_is_left_alone(path: Path) -> None:
    with closing(open_store(path)) as store:
        write(store, "PRAGMA user_version = 999")
    before = path.read_bytes()
    with pytest.raises(DelciaError, match="newer delcia") as caught:
        open_store(path)
    assert caught.value.status is Exit.BROKEN
    with pytest.raises(DelciaError, match="newer delcia"):
        open_readonly(path)
    assert path.read_bytes() == before


def test_an_older_file_is_read_through_a_copy_that_is_brought_up_to_date(path: Path) -> None:
    path.write_bytes(b"")  # made, and killed before its tables were
    with closing(open_readonly(path)) as store:
        assert memory_of(store, "spring") == Memory()
    assert path.read_bytes() == b""


def test_where_nothing_can_be_kept_charging_goes_on_in_memory(tmp_path: Path) -> None:
    path = tmp_path / "delcia.db"
    path.mkdir()
    with closing(open_store(path)) as store:
        assert slugs(store) == ["state-not-kept"]
        remember(store, "spring", MEMORY)
        assert memory_of(store, "spring") == MEMORY


ELSEWHERE = """
import subprocess, sys
from pathlib import Path
from delcia.core.state import Memory
from delcia.store.lock import vehicle_lock
from delcia.store.memory import memory_of, remember
from delcia.store.opening import open_store
folder = Path(sys.argv[1])
subprocess.run(["mount", "-t", "tmpfs", "-o", "size=" + sys.argv[2], "tmpfs", folder], check=True)
store = open_store(folder / "delcia.db")
remember(store, "spring", Memory(restarts=1))
store.close()
subprocess.run(["mount", "-o", "remount," + sys.argv[3], folder], check=True)
for vehicle in ("spring", "zoe"):
    with vehicle_lock(folder, vehicle):
        store = open_store(folder / "delcia.db")
        print(*store.remarks, sep="; ", flush=True)
        remember(store, "zoe", memory_of(store, "spring"))
        print(memory_of(store, "zoe").restarts, flush=True)
        store.close()
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a disk")
@pytest.mark.parametrize(
    ("size", "remount", "trouble"),
    [
        ("4m", "ro", "the state cannot be kept: Read-only file system"),
        ("4m", "size=512k", "the state cannot be kept: the disk is full"),
    ],
)
def test_on_a_full_or_read_only_disk_charging_goes_on_with_what_was_known(
    tmp_path: Path, size: str, remount: str, trouble: str
) -> None:
    root = str(Path(delcia.__file__).parents[1])
    done = subprocess.run(
        ["unshare", "--mount", sys.executable, "-c", ELSEWHERE, tmp_path, size, remount],
        env={**os.environ, "PYTHONPATH": root},
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    assert done.stdout.splitlines() == [trouble, "1"] * 2, done.stderr
    assert list(tmp_path.iterdir()) == []


FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from delcia.core.state import Memory
from delcia.errors import DelciaError
from delcia.store.connection import transaction, write
from delcia.store.memory import remember
from delcia.store.opening import open_store
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
path = Path(sys.argv[1])
store = open_store(path)
resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size, path.stat().st_size))
try:
    with transaction(store):
        remember(store, "spring", Memory(restarts=2))
        for number in range(400):
            write(store, "INSERT INTO decisions VALUES ('spring', '', ?, 'none', 0)", ("words" * 50,))
except DelciaError as error:
    print(error.slug, int(error.status))
"""


def test_a_disk_that_fills_in_the_middle_keeps_the_old_state(path: Path) -> None:
    with child(FULL_DISK, path) as writer:
        assert says(writer) == "state-failed 75"
    with closing(open_store(path)) as store:
        assert memory_of(store, "spring") == MEMORY


INTERRUPTED = """
import sys, time
from pathlib import Path
from delcia.core.state import Memory
from delcia.store.connection import transaction, write
from delcia.store.memory import remember
from delcia.store.opening import open_store
store = open_store(Path(sys.argv[1]))
store.connection.execute("PRAGMA cache_size = 2")  # so that half a transaction reaches the disk
with transaction(store):
    remember(store, "spring", Memory(restarts=2))
    for number in range(400):
        write(store, "INSERT INTO decisions VALUES ('spring', '', ?, 'none', 0)", ("words" * 50,))
    print("half-way", flush=True)
    time.sleep(60)
"""


def test_a_kill_in_the_middle_of_a_transaction_leaves_the_state_before_it(path: Path) -> None:
    with child(INTERRUPTED, path) as writer:
        assert says(writer) == "half-way"
    assert path.with_name("delcia.db-journal").exists()
    with pytest.raises(DelciaError) as caught:
        open_readonly(path)
    assert caught.value.status is Exit.TRY_AGAIN
    with closing(open_store(path)) as store:
        assert slugs(store) == []
        assert memory_of(store, "spring") == MEMORY
        assert rows(store, "SELECT count(*) FROM decisions") == [(0,)]
    with closing(open_readonly(path)) as store:
        assert memory_of(store, "spring") == MEMORY


COUNTING = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from delcia.core.state import Memory
from delcia.store.connection import transaction, write
from delcia.store.memory import memory_of, remember
from delcia.store.opening import open_store
store = open_store(Path(sys.argv[1]))
print("ready", flush=True)
while True:
    with transaction(store):
        memory = memory_of(store, "spring")
        remember(store, "spring", Memory(restarts=memory.restarts + 1))
        write(store, "INSERT INTO decisions VALUES ('spring', '', 'words', 'none', 0)")
"""


def test_kills_at_any_moment_never_part_what_belongs_together(path: Path) -> None:
    for wait_s in (0.0, 0.003, 0.011, 0.031):
        with child(COUNTING, path) as writer:
            assert says(writer) == "ready"
            with pytest.raises(subprocess.TimeoutExpired):
                writer.wait(wait_s)
        with closing(open_store(path)) as store:
            assert rows(store, "PRAGMA integrity_check") == [("ok",)]
            counted = rows(store, "SELECT count(*) FROM decisions")[0][0]
            assert memory_of(store, "spring").restarts == 1 + counted


def test_a_state_in_use_for_too_long_is_tried_again_later(path: Path) -> None:
    with child(INTERRUPTED, path) as writer, closing(open_store(path)) as store:
        assert says(writer) == "half-way"
        store.connection.execute("PRAGMA busy_timeout = 50")
        with pytest.raises(DelciaError) as caught:
            remember(store, "spring", Memory())
    assert (caught.value.slug, caught.value.status) == ("state-busy", Exit.TRY_AGAIN)


def test_a_reader_leaves_a_damaged_file_to_the_next_writer(path: Path) -> None:
    with closing(open_store(path)) as store:
        fill(store)
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        file.write(b"\xff" * 40_000)
    with closing(open_readonly(path)) as store, pytest.raises(DelciaError) as caught:
        rows(store, "SELECT sum(length(words)) FROM decisions")
    assert (caught.value.slug, caught.value.status) == ("state-failed", Exit.TRY_AGAIN)
    assert [file.name for file in path.parent.iterdir()] == ["delcia.db"]


CALLING = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from delcia.store.budget import count_call
from delcia.store.opening import open_store
store = open_store(Path(sys.argv[1]))
for number in range(20):
    count_call(store, "family", datetime(2026, 11, 24, 1, number, tzinfo=UTC), "read")
print("done", flush=True)
"""


def test_processes_that_begin_together_lose_nothing_of_each_other(tmp_path: Path) -> None:
    path = tmp_path / "delcia.db"  # not there yet: the four also race for making it
    with child(CALLING, path) as one, child(CALLING, path) as two, child(CALLING, path) as three:
        assert [says(one), says(two), says(three)] == ["done"] * 3
    with closing(open_store(path)) as store:
        assert calls_since(store, "family", T) == 60
        assert rows(store, "PRAGMA user_version") == [(len(STEPS),)]


def test_a_reader_sees_whole_transactions_while_another_writes(path: Path) -> None:
    with child(COUNTING, path) as writer:
        assert says(writer) == "ready"
        for _ in range(5):
            try:
                store = open_readonly(path)
            except DelciaError:
                continue  # between two steps of the writer's journal
            with closing(store):
                rows(store, "BEGIN")
                counted = rows(store, "SELECT count(*) FROM decisions")[0][0]
                assert memory_of(store, "spring").restarts == 1 + counted


def test_opening_imports_nothing_heavy() -> None:
    modules = "delcia.store.opening, delcia.store.memory, delcia.store.log, delcia.store.lock, delcia.store.budget"
    script = f"import sys; before = set(sys.modules); import {modules}; print(*sorted(set(sys.modules) - before))"
    loaded = subprocess.check_output([sys.executable, "-c", script], text=True).split()
    heavy = {"click", "yaml", "asyncio", "socket", "logging", "zoneinfo", "tempfile", "shutil", "typing_extensions"}
    assert heavy.isdisjoint(loaded)
    assert sqlite3.sqlite_version_info >= (3, 34)
