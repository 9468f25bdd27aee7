"""Files that are whole or not there at all, whenever the power goes; and the lock on changing them."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from delcia.errors import DelciaError, Exit
from delcia.outside.leftovers import temporary

TEMPORARY = ".delcia-new"
"""The end of the name of a file not yet in its place; systemd and cron ignore it, as it begins with a dot."""
ONLY_FOLDERS = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
FOLDER = "a folder\n"
"""How a folder reads; no text of delcia's looks like it."""


def write(path: Path, text: str, *, mode: int = 0o644, uid: int = -1, gid: int = -1) -> None:
    """Replace a file, all at once and on disk when this returns. -1 leaves owner or group to the system."""
    fresh = _temporary(path)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="surrogateescape", newline="") as file:
            file.write(text)
            file.flush()
            if (uid, gid) != (-1, -1):  # the sandbox of the services knows no chown, whatever it would change
                os.fchown(file.fileno(), uid, gid)
            os.fchmod(file.fileno(), mode)
            os.fsync(file.fileno())
        fresh.replace(path)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def copy(source: Path, target: Path) -> None:
    """Replace `target` by a copy of a file or link, all at once, with its mode and times."""
    import shutil  # not needed by `charge`

    fresh = _temporary(target)
    shutil.copy2(source, fresh, follow_symlinks=False)
    if not fresh.is_symlink():
        handle = os.open(fresh, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    fresh.replace(target)
    sync_folder(target.parent)


def remove_folder(folder: Path) -> None:
    """Remove a folder with all that is in it, however deep that is; no link is followed, whatever changes meanwhile.

    Each folder within is emptied into the outermost one and then removed: no path grows with the depth.
    """
    outer = os.open(folder, ONLY_FOLDERS)
    try:
        moved, apart = 0, os.urandom(8).hex()  # from what an earlier call has left, that was killed
        while names := _names(outer):
            for name in names:
                try:
                    inner = os.open(name, ONLY_FOLDERS, dir_fd=outer)
                except NotADirectoryError:
                    os.unlink(name, dir_fd=outer)
                else:
                    try:
                        for each in _names(inner):
                            moved += 1
                            os.rename(each, f"{apart}-{moved}", src_dir_fd=inner, dst_dir_fd=outer)
                    finally:
                        os.close(inner)
                    os.rmdir(name, dir_fd=outer)
    finally:
        os.close(outer)
    folder.rmdir()


def _names(folder: int) -> list[str]:
    with os.scandir(folder) as found:
        return [each.name for each in found]


def read(path: Path) -> str | None:
    """Return a file's text, bytes that are not UTF-8 escaped; None when there is no file.

    A link is not followed: it reads as where it points, which no text of delcia's looks like.
    """
    try:
        if path.is_symlink():
            return f"a link to {path.readlink()}\n"
        return path.read_bytes().decode("utf-8", "surrogateescape")
    except FileNotFoundError:
        return None
    except IsADirectoryError:
        return FOLDER
    except NotADirectoryError:
        return None
    except PermissionError as error:
        raise not_allowed("read", path) from error


def not_allowed(what: str, path: Path | str) -> DelciaError:
    """Return the words for something that this user may not do."""
    hint = "run it as root (sudo), or for reading join the group 'delcia'"
    return DelciaError(f"may not {what} {path}", slug="not-allowed", hint=hint)


def unlink(path: Path) -> None:
    """Remove a file if it is there, and have that on disk."""
    path.unlink(missing_ok=True)
    if path.parent.is_dir():
        sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Have the names in a folder on disk."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def put_back(kept: Path, path: Path) -> None:
    """Replace a file by the copy that was kept of it, and drop what writes that were cut short left beside it."""
    drop_temporaries(path)
    copy(kept, path)


def make_folder(folder: Path) -> None:
    """Make a folder and those above it for everybody to enter, whatever the umask is."""
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir()
        folder.chmod(0o755)


def drop_temporaries(path: Path) -> None:
    """Remove what writes of this file that were cut short left behind."""
    for leftover in path.parent.glob(f".{path.name}.*{TEMPORARY}"):
        with suppress(FileNotFoundError):
            leftover.unlink()


@contextmanager
def locked(path: Path, what: str = "apply", *, patience_s: float = 0.0) -> Iterator[None]:
    """Hold the only right to do `what`; DelciaError when somebody else does it for long. A crash lets go of it."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        until = time.monotonic() + patience_s
        while not _taken(handle):
            if time.monotonic() >= until:
                msg = f"another {what} is running"
                raise DelciaError(msg, slug="locked", hint="wait until it has ended", status=Exit.TRY_AGAIN)
            time.sleep(0.1)
        yield
    finally:
        os.close(handle)


def _taken(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _temporary(path: Path) -> Path:
    """Return an unused name beside a file."""
    fresh = temporary(path, TEMPORARY)
    fresh.unlink(missing_ok=True)
    return fresh
