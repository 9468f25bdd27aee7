"""Files that are whole or not there."""

import os
from pathlib import Path

import pytest
from support.privileges import bound_by_modes

from delcia.errors import DelciaError
from delcia.host.files import copy, drop_temporaries, locked, read, remove_folder, unlink, write


def test_a_file_is_replaced_with_its_mode_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "a.timer"
    write(path, "old", mode=0o644)
    write(path, "né\r\n", mode=0o600)
    assert path.read_bytes() == "né\r\n".encode()
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "a.timer"
    write(path, "old")
    with pytest.raises(UnicodeEncodeError):
        write(path, "\ud800")
    assert list(tmp_path.iterdir()) == [path]
    assert path.read_text(encoding="utf-8") == "old"


def test_a_folder_is_removed_however_deep_it_is_and_what_links_name_stays(tmp_path: Path) -> None:
    kept, folder = tmp_path / "kept", tmp_path / "folder"
    kept.mkdir()
    write(kept / "file", "stays")
    folder.mkdir()
    (folder / "link").symlink_to(kept)
    at = os.open(folder, os.O_RDONLY)
    for level in range(3_000):
        os.mkdir("deeper", dir_fd=at)
        os.symlink(kept, f"link-{level}", dir_fd=at)
        os.mkfifo(f"pipe-{level}", dir_fd=at)
        below = os.open("deeper", os.O_RDONLY, dir_fd=at)
        os.close(at)
        at = below
    os.close(at)
    remove_folder(folder)
    assert list(tmp_path.iterdir()) == [kept]
    assert read(kept / "file") == "stays"


def test_bytes_that_are_not_utf_8_are_read_and_written_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "a.timer"
    path.write_bytes(b"caf\xe9\r\n")
    text = read(path)
    assert text is not None
    write(path, text)
    assert path.read_bytes() == b"caf\xe9\r\n"


def test_reading_follows_no_link_and_takes_no_folder_for_text(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("/etc/passwd")
    (tmp_path / "folder").mkdir()
    assert read(tmp_path / "link") == "a link to /etc/passwd\n"
    assert read(tmp_path / "folder") == "a folder\n"
    assert read(tmp_path / "nothing") is None
    assert read(tmp_path / "link/below") is None


def test_what_this_user_may_not_read_is_said(tmp_path: Path) -> None:
    write(tmp_path / "secret", "x", mode=0o000)
    with bound_by_modes(), pytest.raises(DelciaError, match="may not read"):
        read(tmp_path / "secret")


def test_a_copy_keeps_mode_and_replaces_links(tmp_path: Path) -> None:
    write(tmp_path / "a", "text", mode=0o640)
    (tmp_path / "b").symlink_to("/dev/null")
    copy(tmp_path / "b", tmp_path / "c")
    assert (tmp_path / "c").readlink() == Path("/dev/null")
    copy(tmp_path / "a", tmp_path / "c")
    assert (tmp_path / "c").stat().st_mode & 0o777 == 0o640
    assert not (tmp_path / "c").is_symlink()


def test_leftovers_of_one_file_are_removed_and_those_of_others_stay(tmp_path: Path) -> None:
    mine, other = tmp_path / ".a.timer.123.delcia-new", tmp_path / ".b.timer.123.delcia-new"
    mine.touch()
    other.touch()
    drop_temporaries(tmp_path / "a.timer")
    assert list(tmp_path.iterdir()) == [other]


def test_removing_what_is_not_there_is_no_mishap(tmp_path: Path) -> None:
    unlink(tmp_path / "nothing")
    unlink(tmp_path / "no folder/nothing")


def test_the_lock_is_let_go_when_the_block_ends(tmp_path: Path) -> None:
    for _ in range(2):
        with locked(tmp_path / "lock"), pytest.raises(DelciaError, match="another apply"), locked(tmp_path / "lock"):
            pass
