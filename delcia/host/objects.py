"""The objects of a git repository, believed only where their names are the hashes of what they hold.

Whoever owns a repository can put any octets under any name there, and git does not notice when it reads. So nothing
that is applied rests on what git answers: a commit's name vouches for its tree, that for its folders and files.
"""

import hashlib
import re
import stat
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Timer
from typing import IO

from delcia.errors import DelciaError
from delcia.host.folders import Account
from delcia.host.git import started

LONGEST_HEAD_BYTES = 200
AT_ONCE = 90
"""So many names fit into the smallest pipe: neither side waits for the other for ever."""
AHEAD_BYTES = 4_000_000
"""So much is kept of what was read ahead, and not yet asked for."""
HASHES = {40: "sha1", 64: "sha256"}
"""How a name was made, by its length."""
MODE = re.compile(rb"([0-7]{5,6}) ")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a folder's object: a file, a folder or anything else, under a name that may be any octets."""

    mode: str
    name: bytes
    object: str

    @property
    def is_folder(self) -> bool:
        """Whether it names another folder's object; git's own test, which takes odd modes as well."""
        return stat.S_ISDIR(int(self.mode, 8))


@dataclass(frozen=True, slots=True)
class Objects:
    """An open repository: one git that tells sizes, one that gives octets, and whether both were ended as too slow."""

    repository: Path
    _sizes: subprocess.Popen[bytes]
    _octets: subprocess.Popen[bytes]
    _late: Event
    _known: dict[str, tuple[str, str] | None] = field(default_factory=dict)
    _ahead: dict[str, bytes] = field(default_factory=dict)

    def expect(self, names: Iterable[str]) -> None:
        """Ask for the sizes of many objects at once: each question alone waits for two other processes."""
        unknown = [name for name in dict.fromkeys(names) if name not in self._known]
        for start in range(0, len(unknown), AT_ONCE):
            some = unknown[start : start + AT_ONCE]
            self._known.update(zip(some, self._asked(self._sizes, some), strict=True))

    def size(self, name: str, kind: str) -> int | None:
        """Return how large an object says it is; None when there is none of that kind and name."""
        self.expect([name])
        found = self._known[name]
        return int(found[1]) if found is not None and found[0] == kind else None

    def has_ahead(self, name: str) -> bool:
        """Tell whether an object was read ahead, and not yet asked for."""
        return name in self._ahead

    def read_ahead(self, names: Iterable[str], kind: str) -> None:
        """Read some small objects that will be asked for, at once and as far as there is room. Raises as `read`."""
        wanted, room = [], AHEAD_BYTES - sum(map(len, self._ahead.values()))
        some = [name for name in dict.fromkeys(names) if name not in self._ahead][:AT_ONCE]
        self.expect(some)
        for name in some:
            size = self.size(name, kind)
            if size is not None and size <= room:
                room -= size
                wanted.append(name)
        self._ahead.update(zip(wanted, self._contents(wanted, kind), strict=True))

    def read(self, name: str, kind: str, largest_bytes: int) -> bytes:
        """Return what an object holds. Raises `git`, `forged` or `too-large`."""
        size = self.size(name, kind)
        if size is None:
            raise DelciaError(f"git has no {kind} {name[:10]}", slug="git", hint="see: git fsck")
        if size > largest_bytes:
            message = f"the {kind} {name[:10]} has {size / 1_000_000:,.1f} MB"
            raise DelciaError(message, slug="too-large", hint="take it out of the branch")
        if (known := self._ahead.pop(name, None)) is not None:
            return known
        (data,) = self._contents([name], kind)
        return data

    def _contents(self, names: list[str], kind: str) -> Iterator[bytes]:
        """Yield what objects hold whose sizes are known: not more of them than fit into a pipe."""
        self._ask(self._octets, names)
        assert self._octets.stdout is not None  # noqa: S101 - `started` makes it a pipe
        for name in names:
            found = self._head(self._octets.stdout, name)
            if found is None or found != self._known[name]:
                raise self._no_answer()
            size = int(found[1])
            data = self._octets.stdout.read(size + 1)[:-1]
            if len(data) < size:
                raise self._no_answer()
            made = hashlib.new(HASHES[len(name)], f"{kind} {size}\0".encode("ascii") + data, usedforsecurity=False)
            if made.hexdigest() != name:
                message = (
                    f"the {kind} {name[:10]} is forged: its name is not the hash of what {self.repository} has there"
                )
                hint = f"find out who wrote there, then remove it: rm -r {self.repository}; it is fetched again"
                raise DelciaError(message, slug="forged", hint=hint)
            yield data

    def _asked(self, process: subprocess.Popen[bytes], names: list[str]) -> list[tuple[str, str] | None]:
        """Return kind and size of objects as git says them; None for one that it does not have."""
        self._ask(process, names)
        assert process.stdout is not None  # noqa: S101 - as above
        return [self._head(process.stdout, name) for name in names]

    def _ask(self, process: subprocess.Popen[bytes], names: list[str]) -> None:
        assert process.stdin is not None  # noqa: S101 - as above
        try:
            process.stdin.write("".join(f"{name}\n" for name in names).encode("ascii"))
            process.stdin.flush()
        except BrokenPipeError:
            raise self._no_answer() from None

    def _head(self, answer: IO[bytes], name: str) -> tuple[str, str] | None:
        words = answer.readline(LONGEST_HEAD_BYTES).decode("ascii", "replace").removesuffix("\n").split(" ")
        if words == [name, "missing"]:
            return None
        if len(words) != 3 or words[0] != name or not (words[2].isascii() and words[2].isdecimal()):  # noqa: PLR2004
            raise self._no_answer()
        return words[1], words[2]

    def _no_answer(self) -> DelciaError:
        if self._late.is_set():
            return DelciaError(f"reading {self.repository} took too long", slug="git", hint="make the branch smaller")
        return DelciaError(f"git does not answer in {self.repository}", slug="git", hint="see: git fsck")


def entries(tree: str, data: bytes) -> Iterator[Entry]:
    """Yield what a folder's object names, by its own name and what it holds. Raises `git`."""
    at, length = 0, len(tree) // 2
    while at < len(data):
        head = MODE.match(data, at)
        end = data.find(b"\0", at)
        if head is None or end < head.end() or end + length >= len(data):
            raise DelciaError(f"the folder {tree[:10]} is damaged", slug="git", hint="see: git fsck")
        at = end + 1 + length
        yield Entry(head[1].decode("ascii").zfill(6), data[head.end() : end], data[end + 1 : at].hex())


@contextmanager
def reading(repository: Path, owner: Account | None = None, *, time_s: float) -> Iterator[Objects]:
    """Give the objects of a repository, read by gits that run as its owner and are ended when they take too long."""
    late = Event()
    with ExitStack() as stack:
        try:
            sizes = stack.enter_context(started(repository, "cat-file", "--batch-check", owner=owner))
            octets = stack.enter_context(started(repository, "cat-file", "--batch", owner=owner))
        except OSError as error:
            message = f"git cannot be run in {repository}: {error.strerror}"
            raise DelciaError(message, slug="git", hint="install git (Debian: apt install git)") from None

        def end() -> None:
            late.set()
            sizes.kill()
            octets.kill()

        timer = Timer(time_s, end)
        timer.daemon = True
        timer.start()
        try:
            yield Objects(repository, sizes, octets, late)
        finally:
            timer.cancel()
            for process in (sizes, octets):
                process.kill()
                assert process.stdin is not None  # noqa: S101 - as above
                with suppress(BrokenPipeError):  # a name that it never took
                    process.stdin.close()
