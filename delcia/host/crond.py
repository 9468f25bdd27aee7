"""The cron that runs on this host: asked through `crontab`, found among the processes, and the zone of its clock."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from delcia.errors import DelciaError
from delcia.host.files import drop_temporaries

TIME_LIMIT_S = 30
DAEMONS = ("cron", "crond", "busybox", "systemd-cron", "fcron", "bcron-sched")
GENERATOR = "usr/lib/systemd/system-generators/systemd-crontab-generator"
"""systemd-cron has no daemon: systemd itself reads the crontabs."""
PROGRAMS = ("/usr/sbin", "/sbin", "/usr/bin", "/bin", "/usr/local/sbin")

Kind = Literal["busybox", "other"]


@dataclass(frozen=True, slots=True)
class RunningCrontabs:
    """The crontabs of this host."""

    def check(self) -> None:
        """Raise `no-cron` when no cron is installed."""
        if kind() is None:
            hint = "install one (Debian: apt install cron; Alpine has busybox crond), then apply again"
            raise DelciaError("there is no cron on this host", slug="no-cron", hint=hint)

    def read(self, user: str) -> str | None:
        """Return a user's crontab as `crontab -l` shows it."""
        done = _crontab(user, "-l")
        if done.returncode == 0:
            return done.stdout.decode("utf-8", "surrogateescape")
        words = done.stderr.decode("utf-8", "replace")
        if "no crontab for" in words or ("can't open" in words and "No such file" in words):
            return None
        raise _refused(user, words)

    def install(self, user: str, text: str | None) -> None:
        """Have `crontab` replace a user's crontab, which it does all at once; it wants an end to every line."""
        if text is None:
            done = _crontab(user, "-r")
        else:
            done = _crontab(user, "-", text=text if text.endswith("\n") or not text else f"{text}\n")
        if done.returncode:
            raise _refused(user, done.stderr.decode("utf-8", "replace"))

    def announce(self, path: Path) -> None:
        """Tell busybox, which looks for a file that names the crontabs to read again; others see the new time."""
        if path.parent.name == "crontabs" and kind() == "busybox":
            drop_temporaries(path)
            with (path.parent / "cron.update").open("a", encoding="utf-8") as file:
                file.write(f"{path.name}\n")


def kind() -> Kind | None:
    """Return which cron is installed, None when there is none."""
    found = [Path(folder, name) for folder in PROGRAMS for name in ("cron", "crond") if Path(folder, name).exists()]
    if any(path.resolve().name != "busybox" for path in found) or Path("/", GENERATOR).exists():
        return "other"
    if found:
        return "busybox"
    running = daemon()
    return None if running is None else "busybox" if _program(running) == "busybox" else "other"


def daemon() -> int | None:
    """Return the process of the cron that runs in this container or host, None when none does."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            name = (folder / "comm").read_text(encoding="utf-8").strip()
            words = (folder / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if name in DAEMONS and (name != "busybox" or b"crond" in words) and os.getpid() != int(folder.name):
            return int(folder.name)
    return None


def is_generated() -> bool:
    """Tell whether systemd reads the crontabs itself."""
    return Path("/", GENERATOR).exists()


def daemon_zone() -> str | None:
    """Return what the running cron's environment says of its clock (TZ), None when it says nothing or hides it."""
    process = daemon()
    if process is None:
        return None
    try:
        environment = Path(f"/proc/{process}/environ").read_bytes().split(b"\0")
    except OSError:
        return None
    found = [word.removeprefix(b"TZ=").decode("ascii", "replace") for word in environment if word.startswith(b"TZ=")]
    return found[0].removeprefix(":") if found and found[0] else None


def _program(process: int) -> str:
    try:
        return Path(f"/proc/{process}/exe").readlink().name
    except OSError:
        return Path(f"/proc/{process}/comm").read_text(encoding="utf-8").strip()


def _crontab(user: str, *arguments: str, text: str | None = None) -> subprocess.CompletedProcess[bytes]:
    """Run `crontab` for a user; only root may name another one."""
    command = ["crontab", *(["-u", user] if os.geteuid() == 0 else []), *arguments]
    given = None if text is None else text.encode("utf-8", "surrogateescape")
    try:
        return subprocess.run(
            command,
            env={**os.environ, "LC_ALL": "C"},
            input=given if given is not None else b"",
            capture_output=True,
            timeout=TIME_LIMIT_S,
            check=False,
        )
    except FileNotFoundError:
        hint = "install cron (Debian: apt install cron), then try again"
        raise DelciaError("there is no 'crontab' on this host", slug="no-cron", hint=hint) from None
    except subprocess.TimeoutExpired:
        raise DelciaError(f"crontab took longer than {TIME_LIMIT_S} s", slug="crontab") from None


def _refused(user: str, words: str) -> DelciaError:
    said = "; ".join(line.strip() for line in words.splitlines() if line.strip()) or "it does not say why"
    hint = f"see what it says: crontab -l, as {user}; nothing of it was changed"
    return DelciaError(f"crontab refuses: {said}", slug="crontab", hint=hint)


def logger() -> str:
    """Return the program that takes lines to syslog."""
    return shutil.which("logger") or "/usr/bin/logger"
