"""The crontab back end: one artifact, a file of delcia's own in cron.d, or delcia's part of somebody's crontab."""

import os
import stat
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from delcia.core.blocks import cleared, placed, taken
from delcia.errors import DelciaError
from delcia.host.backend import Choice, Step
from delcia.host.files import FOLDER, copy, drop_temporaries, make_folder, put_back, read, unlink, write

OF_USER = "crontab of "
"""How the name of a user's crontab begins; that of a file is its path."""
TRIES = 3
LONGEST_LINE = 998
"""What vixie cron takes as one command."""


class Crontabs(Protocol):
    """Where users' crontabs are kept, and who reads files of jobs. May raise DelciaError."""

    def check(self) -> None:
        """Raise when nobody would run what stands in a crontab."""
        ...

    def read(self, user: str) -> str | None:
        """Return a user's crontab, None when there is none."""
        ...

    def install(self, user: str, text: str | None) -> None:
        """Replace a user's crontab all at once, or with None remove it."""
        ...

    def announce(self, path: Path) -> None:
        """Tell the daemon that a file of jobs is another now."""
        ...


@dataclass(frozen=True, slots=True)
class CrontabBackend:
    """The crontabs of a host. Below a root folder, `top`, all of them are files (None), and nobody is told."""

    top: Path
    crontabs: Crontabs | None = None

    def owns(self, name: str) -> bool:
        """Tell whether this is the name of a crontab."""
        return name.startswith(("/", OF_USER))

    def read(self, name: str) -> str | None:
        """Return the whole of a file of delcia's own, of another crontab delcia's part."""
        if _is_own(name):
            return read(self._path(name))
        text = self._crontab(name)
        return text if text == FOLDER else taken(text)

    def write(self, name: str, text: str) -> None:
        """Write the file, or put the part into the crontab."""
        if _is_own(name):
            make_folder(self._path(name).parent)
            drop_temporaries(self._path(name))
            write(self._path(name), text, mode=0o644)
        else:
            self._edit(name, text)

    def remove(self, name: str) -> None:
        """Remove the file, or take the part out of the crontab."""
        if _is_own(name):
            drop_temporaries(self._path(name))
            unlink(self._path(name))
        else:
            self._edit(name, None)

    def keep(self, name: str, copy_to: Path) -> None:
        """Copy the file, or the part."""
        if _is_own(name):
            copy(self._path(name), copy_to)
        else:
            write(copy_to, self.read(name) or "", mode=0o600)

    def put_back(self, name: str, copy_of: Path) -> None:
        """Restore the file, or put the part into whatever the crontab is by now."""
        if _is_own(name):
            put_back(copy_of, self._path(name))
        else:
            self._edit(name, read(copy_of))

    def change(self, name: str, how: Callable[[str | None], str | None]) -> None:
        """Change a whole crontab; somebody else who edits it at the same time loses nothing."""
        if self._is_file(name):
            drop_temporaries(self._file(name))
        for _ in range(TRIES):
            before = self._crontab(name)
            after = how(before)
            if after == before:
                return
            if self._crontab(name) == before:
                self._install(name, after)
                return
        raise DelciaError(f"{name} is being changed by somebody else", slug="crontab", hint="try again in a minute")

    def verify(self, staged: Mapping[str, Path], fresh: Collection[str]) -> None:
        """Refuse what some cron would read as something else, and a program that is not there: cron is silent of it.

        A line that only stays is not refused for its program: else plans and sync, once delcia has moved, would each
        wait for the other.
        """
        if staged and self.crontabs is not None:
            self.crontabs.check()
        for name, path in staged.items():
            text = read(path) or ""
            for number, line in enumerate(text.splitlines(), 1):
                if not line.startswith("#") and ("%" in line or len(line) > LONGEST_LINE):
                    raise DelciaError(f"{name}: line {number} is none that every cron can read", slug="cron-refused")
            absent = sorted({program for program in _programs(text) if not os.access(program, os.X_OK)})
            if absent and name in fresh and self.crontabs is not None:
                hint = "install delcia there, or write it anew: delcia apply, and for sync: delcia sync --enable"
                raise DelciaError(f"{name}: there is no program {absent[0]}", slug="cron-refused", hint=hint)
            if not text.endswith("\n"):
                raise DelciaError(f"{name}: the last line has no end", slug="cron-refused")

    def started(self, names: Sequence[str]) -> tuple[str, ...]:  # noqa: ARG002 - the protocol's signature
        """Return nothing: a crontab takes effect by being there."""
        return ()

    def stop(self, names: Sequence[str]) -> None:
        """Do nothing: a crontab that is gone has no effect."""

    def activate(self, names: Sequence[str], *, changed: bool) -> Iterator[Step]:
        """Yield nothing."""
        del names, changed
        return iter(())

    def forget(self, names: Sequence[str]) -> None:
        """Do nothing."""

    def choices(self, names: Sequence[str]) -> tuple[Choice, ...]:  # noqa: ARG002 - the protocol's signature
        """Return nothing: what stands in a crontab runs, and lines of one's own stand beside delcia's."""
        return ()

    def faults(self, names: Sequence[str], fresh: Collection[str] = ()) -> tuple[str, ...]:  # noqa: ARG002 - as above
        """Return nothing; `doctor` looks whether a cron runs."""
        return ()

    def _path(self, name: str) -> Path:
        return self.top / name.removeprefix("/")

    def _is_file(self, name: str) -> bool:
        """Tell whether a crontab is read and written as a file here.

        A user's is not: `crontab` alone may enter its folder (Debian's is `drwx-wx--T`), or knows another one.
        """
        return self.crontabs is None or not name.startswith(OF_USER)

    def _file(self, name: str) -> Path:
        """Return where a crontab lies as a file; on some hosts its name is a link."""
        user = name.removeprefix(OF_USER)
        path = self._path(name) if user == name else self.top / "var/spool/cron/crontabs" / user
        return path.resolve() if path.is_symlink() else path

    def _crontab(self, name: str) -> str | None:
        if self.crontabs is not None and not self._is_file(name):
            return self.crontabs.read(name.removeprefix(OF_USER))
        return read(self._file(name))

    def _edit(self, name: str, block: str | None) -> None:
        """Change delcia's part of a crontab."""
        self.change(name, lambda text: cleared(text) if block is None else placed(text, block))
        if self.read(name) != block:
            hint = "look at it: crontab -l, or the file"
            raise DelciaError(f"{name} is not what was written to it", slug="crontab", hint=hint)

    def _install(self, name: str, text: str | None) -> None:
        if self.crontabs is not None and not self._is_file(name):
            self.crontabs.install(name.removeprefix(OF_USER), text)
            return
        path = self._file(name)
        if text is None:
            unlink(path)
        else:
            mode, uid, gid = _looks(path)
            make_folder(path.parent)
            write(path, text, mode=mode, uid=uid, gid=gid)
        if self.crontabs is not None:
            self.crontabs.announce(path)


def _programs(text: str) -> Iterator[str]:
    """Yield the absolute path that each job's command begins with, after the variables that are set for it."""
    for line in text.splitlines():
        if not line.startswith("#"):
            words = line.rpartition("\t")[2].split()
            first = next((word for word in words if "=" not in word), "")
            if first.startswith("/"):
                yield first


def _is_own(name: str) -> bool:
    """Tell whether the whole file is delcia's."""
    return Path(name).parent.name == "cron.d"


def _looks(path: Path) -> tuple[int, int, int]:
    """Return mode, owner and group of a file, those of a new one if there is none."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return 0o600, -1, -1
    return stat.S_IMODE(found.st_mode), found.st_uid, found.st_gid
