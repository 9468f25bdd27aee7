"""Real crons, their clocks run many times as fast by libfaketime, each in a mount namespace of its own.

Vixie cron is this host's; cronie and busybox's crond are Debian 13's, unpacked once into the checkout's `.cache/`.
A job writes its words into a file of its own, whose time, the only real one, tells when by the fast clock it ran.
"""

import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from support.image import CACHE, mirror
from support.roots import Root

Kind = Literal["vixie", "cronie", "busybox"]
KINDS: tuple[Kind, ...] = ("vixie", "cronie", "busybox")
SPEED = 600
"""Five minutes of the fast clock, within which a boundary must be acted on, are half a second."""
LONGEST_S = 120
SUITE = "trixie"
PACKAGES = (
    *("cronie", "busybox", "libfaketime", "tzdata", "dash", "libc6", "libcrypt1", "libpam0g", "libpam-modules"),
    *("libselinux1", "libaudit1", "libcap-ng0", "libpcre2-8-0"),
)
CRON_PACKAGES = ("cron", "cron-daemon-common")
FAKETIME = "/usr/lib/*-linux-gnu/faketime/libfaketime.so.1"
DAEMONS = {"vixie": "cron -f", "cronie": "crond -n", "busybox": "busybox crond -f -c /etc/crontabs"}
PLACES = {"vixie": "etc/cron.d/delcia", "cronie": "etc/cron.d/delcia", "busybox": "etc/crontabs/root"}


@dataclass(frozen=True, slots=True)
class Fired:
    """A job that ran: when, by the fast clock, and the words of its command."""

    at: datetime
    words: str


def missing(kind: Kind) -> str | None:
    """Return why this cron cannot be run here, or None."""
    if os.geteuid() != 0:
        return "a cron needs root"
    if kind == "vixie":
        absent = [name for name in ("cron", "crontab", "unshare") if shutil.which(name) is None]
        absent += [] if _faketime(Path("/")) else ["libfaketime"]
        return f"not installed: {', '.join(absent)}" if absent else None
    if shutil.which("unshare") is None or shutil.which("apt-get") is None:
        return "it is unpacked by apt-get and run in unshare"
    try:
        debian_13()
    except (OSError, subprocess.SubprocessError) as error:
        return f"Debian's {SUITE} cannot be fetched: {error}"
    return None


def debian_13() -> Path:
    """Return a folder with the crons of Debian 13, unpacked; the first time they are downloaded."""
    return _kept("crons", PACKAGES, _unpack)


def _kept(name: str, packages: Sequence[str], make: Callable[[Path], None]) -> Path:
    """Return a folder made of packages of Debian 13, kept for the next time."""
    CACHE.mkdir(exist_ok=True)
    (CACHE / ".gitignore").write_text("*\n", encoding="utf-8")
    done = CACHE / f"{name}-{hashlib.sha256(' '.join((SUITE, *packages)).encode()).hexdigest()[:16]}"
    with (CACHE / "crons.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.is_dir():
            part = done.with_suffix(".part")
            shutil.rmtree(part, ignore_errors=True)
            make(part)
            part.rename(done)
    return done


def debian_cron(root: Root) -> None:
    """Install Debian's own cron in a root of Debian 13, by its package, with its users, folders and modes."""
    debs = _kept("cron-debs", CRON_PACKAGES, lambda folder: _download(folder, CRON_PACKAGES))
    root.bind(debs, "/run/cron-debs")
    root.run(
        [
            "sh",
            "-c",
            "dpkg --install /run/cron-debs/cron-daemon-common_*.deb && dpkg --install /run/cron-debs/cron_*.deb",
        ]
    )


def _download(work: Path, packages: Sequence[str]) -> None:
    """Download packages of Debian 13 into a folder."""
    for place in ("lists/partial", "cache/archives/partial"):
        (work / place).mkdir(parents=True)
    from_here = mirror()
    (work / "sources").write_text(f"deb {from_here} {SUITE} main\n" if from_here else "", encoding="ascii")
    settings = {
        "Dir::Etc::SourceList": work / "sources",
        "Dir::Etc::SourceParts": "/dev/null",
        "Dir::State::Lists": work / "lists",
        "Dir::State::status": "/dev/null",
        "Dir::Cache": work / "cache",
        "APT::Sandbox::User": "root",
    }
    (work / "apt.conf").write_text("".join(f'{key} "{value}";\n' for key, value in settings.items()), encoding="utf-8")
    env = {**os.environ, "APT_CONFIG": str(work / "apt.conf")}
    for request in (["update"], ["download", *packages]):
        subprocess.run(
            ["apt-get", "--quiet=2", *request], cwd=work, env=env, check=True, capture_output=True, timeout=300
        )


def _unpack(folder: Path) -> None:
    work = folder / "download"
    _download(work, PACKAGES)
    for name in ("bin", "sbin", "lib", "lib64"):
        (folder / "usr" / name).mkdir(parents=True)
        (folder / name).symlink_to(f"usr/{name}")
    for archive in sorted(work.glob("*.deb")):
        subprocess.run(["dpkg-deb", "-x", archive, folder], check=True, capture_output=True, timeout=60)
    shutil.rmtree(work)
    (folder / "etc/passwd").write_text("root:x:0:0:root:/root:/bin/sh\n", encoding="ascii")
    (folder / "etc/group").write_text("root:x:0:\ncrontab:x:900:\n", encoding="ascii")
    for name in ("cronie", "crond"):
        permit = "".join(f"{what} required pam_permit.so\n" for what in ("auth", "account", "session"))
        (folder / "etc/pam.d" / name).write_text(permit, encoding="ascii")
    for name in ("root", "run", "dev", "proc", "tmp", "var/spool/cron/crontabs", "etc/cron.d", "etc/crontabs"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for name in ("true", "cat"):
        (folder / "usr/bin" / name).symlink_to("busybox")


def _faketime(root: Path) -> Path | None:
    """Return where libfaketime lies, as seen from inside a root folder."""
    found = sorted(root.glob(FAKETIME.removeprefix("/")))
    return Path("/") / found[0].relative_to(root) if found else None


@dataclass(slots=True)
class RealCron:
    """One cron with a place of its own in `folder`, for a crontab whose jobs are calls of `program`."""

    kind: Kind
    folder: Path
    root: Path = field(init=False)
    began: float = 0.0

    def __post_init__(self) -> None:
        """Make its files: those of the host that it must not see are replaced by its own."""
        self.folder.mkdir(parents=True)
        self.root = self.folder / "root"
        if self.kind == "vixie":
            for name in ("etc/cron.d", "spool"):
                (self.root / name).mkdir(parents=True)
        else:
            shutil.copytree(debian_13(), self.root, symlinks=True)
        (self.root / "etc/crontab").write_text("# nothing\n", encoding="ascii")
        (self.folder / "fired").mkdir()
        self._outer(self.program).write_text(f'#!/bin/sh\necho "$*" >{self._inner("fired")}/$$\n', encoding="ascii")
        self._outer(self.program).chmod(0o755)

    @property
    def program(self) -> str:
        """The path of the command that the jobs call, as the cron sees it."""
        return self._inner("delcia")

    @property
    def place(self) -> Path:
        """Where its crontab lies."""
        return self.root / PLACES[self.kind]

    def run(self, crontab: str, start: datetime, length: timedelta, zone: str) -> list[Fired]:
        """Return what fired while the cron's clock, in a zone, went from `start` on for so long."""
        self.place.write_text(crontab, encoding="utf-8")
        with self._running(start, zone):
            time.sleep(length.total_seconds() / SPEED)
        found = []
        for path in (self.folder / "fired").iterdir():
            past_s = (path.stat().st_mtime - self.began) * SPEED
            found.append(Fired(start.astimezone(UTC) + timedelta(seconds=past_s), path.read_text("utf-8").strip()))
        return sorted(found, key=lambda fired: fired.at)

    @contextmanager
    def _running(self, start: datetime, zone: str) -> Iterator[None]:
        wall = start.strftime("%Y-%m-%d %H:%M:%S")
        library = _faketime(Path("/") if self.kind == "vixie" else self.root)
        # libfaketime leaves its shared memory behind, by the number of a process that another namespace has too.
        steps = ["mount -t tmpfs tmpfs /dev/shm", *self._mounts(), ': >"$1/began"', self._start(wall, zone, library)]
        script = "set -e\n" + "\n".join(steps)
        argv = ["unshare", "--mount", "--pid", "--fork", "--propagation=private", "sh", "-c", script, "sh"]
        log = self.folder / "log"
        with log.open("w", encoding="utf-8") as out:
            process = subprocess.Popen([*argv, str(self.folder)], stdin=subprocess.DEVNULL, stdout=out, stderr=out)
        try:
            began = self.folder / "began"
            deadline = time.monotonic() + 120
            while not began.exists():
                assert process.poll() is None, log.read_text(encoding="utf-8")
                assert time.monotonic() < deadline
                time.sleep(0.01)
            self.began = began.stat().st_mtime
            yield
            assert process.poll() is None, log.read_text(encoding="utf-8")
        finally:
            _end(process)

    def _mounts(self) -> list[str]:
        if self.kind == "vixie":
            return [
                "mount -t tmpfs tmpfs /run",
                'mount --bind "$1/root/etc/cron.d" /etc/cron.d',
                'mount --bind "$1/root/etc/crontab" /etc/crontab',
                'mount --bind "$1/root/spool" /var/spool/cron/crontabs',
            ]
        return ['mkdir "$1/root/work"', 'mount --bind "$1" "$1/root/work"', 'mount --rbind /dev "$1/root/dev"']

    def _start(self, wall: str, zone: str, library: Path | None) -> str:
        env = f'PATH=/usr/sbin:/usr/bin:/sbin:/bin TZ={zone} "FAKETIME=@{wall} x{SPEED}" LD_PRELOAD={library}'
        inside = "env" if self.kind == "vixie" else 'chroot "$1/root" /usr/bin/busybox env'
        # Should the tests be killed, the first process of the namespace ends it all the same.
        # A minute is a tenth of a second here: it goes before all else that runs, by real time where that is allowed.
        first = 'first="chrt -r 1"; $first true 2>/dev/null || first="nice -n -15"'
        return f"{first}; exec timeout -s KILL {LONGEST_S} $first {inside} -i {env} {DAEMONS[self.kind]}"

    def _inner(self, name: str) -> str:
        return str(self.folder / name) if self.kind == "vixie" else f"/work/{name}"

    def _outer(self, inner: str) -> Path:
        return Path(inner) if self.kind == "vixie" else self.folder / inner.removeprefix("/work/")


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a cron by the number of its namespace's first process: all in it ends with that."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    with suppress(OSError, ProcessLookupError):
        for child in children.read_text(encoding="ascii").split():
            os.kill(int(child), signal.SIGKILL)
    process.wait(timeout=120)
