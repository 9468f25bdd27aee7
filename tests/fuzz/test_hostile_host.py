"""Hostile words in the spool and hostile settings of a host: told in words, and nothing is killed or grows.

`DELCIA_HOSTILE=10000 pytest tests/fuzz` makes ten times as many.
"""

import os
import resource
import stat
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from support.cli_home import cli_home
from support.home import at
from support.hostile_inputs import EACH, settings, spool_files

from delcia.cli.spooled import MOST
from delcia.errors import DelciaError, Exit
from delcia.host.hostfile import section_alone
from delcia.host.notifying import telling_of
from delcia.host.paths import Paths
from delcia.host.secretfiles import secrets_in_the_open
from delcia.host.settings import switch_of
from delcia.host.syncing import sync_of
from delcia.panel.settings import panel_settings

LONGEST_S, GROWS_MB = 2.0, 64.0


def most_mb() -> float:
    """Return the most memory that this process has had so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def odd_files(folder: Path) -> None:
    """Leave in a folder what is not a plain file, or larger than memory should be."""
    os.mkfifo(folder / "pipe.json")
    os.mknod(folder / "socket.json", stat.S_IFSOCK | 0o600)
    (folder / "link.json").symlink_to("/etc/passwd")
    (folder / "loop.json").symlink_to("loop.json")
    (folder / "nowhere.json").symlink_to("nobody/home")
    (folder / "a\nb\x1b[2J.json").write_bytes(b"{}")
    with (folder / "large.json").open("wb") as file:
        file.truncate(4 * 2**30)


def test_hostile_words_in_the_spool_end_no_run_and_are_gone_after_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with cli_home(tmp_path) as house:
        monkeypatch.setenv("HOME", str(tmp_path))
        house.move_in()
        house.live(at("Mon 18:35"))
        house.paths.spool.mkdir(exist_ok=True)
        odd_files(house.paths.spool)
        for number, data in enumerate(spool_files()):
            (house.paths.spool / f"{number:05}.json").write_bytes(data)
        before_mb = most_mb()
        for number in range(EACH // MOST + 2):
            house.world.go_to(at("Mon 18:40"))
            began = time.process_time()
            ran = house.tick()
            assert time.process_time() - began < LONGEST_S * MOST, f"run {number}"
            assert ran.status not in {Exit.BUG, 137}, ran.stderr
            assert "bug in delcia" not in ran.stdout + ran.stderr
            assert ran.stdout.replace("\n", "").isprintable(), ran.stdout
            assert "root:" not in ran.stdout
        assert list(house.paths.spool.iterdir()) == []
        assert most_mb() - before_mb < GROWS_MB
        assert house.delcia("status").status == 0


READERS: tuple[Callable[[Paths], object], ...] = (
    lambda paths: panel_settings(paths.host_file),
    lambda paths: telling_of(paths.host_file),
    lambda paths: sync_of(paths.host_file),
    lambda paths: switch_of(paths, "box"),
    lambda paths: secrets_in_the_open(paths.host_file),
    lambda paths: section_alone(paths.host_file, "panel"),
)


def why_not(read: Callable[[Paths], object], paths: Paths) -> str:
    """Read settings, and return in which words they are refused; none when they are taken."""
    try:
        read(paths)
    except DelciaError as error:
        return f"{error.message} {error.hint}"
    return ""


def test_hostile_settings_of_a_host_are_refused_in_words(tmp_path: Path) -> None:
    paths = Paths.system(tmp_path)
    paths.host_file.parent.mkdir(parents=True)
    before_mb, refused = most_mb(), 0
    for text in settings():
        paths.host_file.write_text(text, encoding="utf-8", errors="surrogatepass")
        for read in READERS:
            began = time.process_time()
            found = why_not(read, paths)
            refused += bool(found)
            assert len(found) < 2000, text[:200]
            assert found.isprintable(), found[:200]
            assert time.process_time() - began < LONGEST_S, text[:200]
    assert refused > EACH
    assert most_mb() - before_mb < GROWS_MB
    with suppress(FileNotFoundError):
        paths.host_file.unlink()
