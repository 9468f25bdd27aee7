"""What could keep this host from running delcia at the right times; each finding says how to mend it."""

import ctypes
import os
import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from delcia.core.changes import is_marked
from delcia.errors import DelciaError
from delcia.host.cronplaces import CRON_D, SYNOLOGY, USER
from delcia.host.crontabs import OF_USER
from delcia.host.finding import Finding
from delcia.host.machine import Host

OLDEST_SYSTEMD = 247
OVERDUE = timedelta(minutes=15)
"""Three looks that did not come."""
LOW_MB, SCARCE_MB = 100, 10
TIME_ERROR = 5
"""What adjtimex(2) returns while nobody disciplines the clock."""
ZONE_LINE = re.compile(r"^# X-Delcia: unit=crontab zone=(?P<zone>\S+)", re.MULTILINE)


def systemd_version(said: str | None) -> Finding:
    """Judge the first line of `systemctl --version`."""
    found = re.match(r"systemd (\d+)", said or "")
    if found is None:
        return Finding("systemd", "error", "systemctl does not say its version", "see: systemctl --version")
    number = int(found[1])
    if number < OLDEST_SYSTEMD:
        hint = "run delcia by cron: delcia apply --target crontab"
        return Finding("systemd", "error", f"systemd {number} is older than {OLDEST_SYSTEMD}", hint)
    return Finding("systemd", "ok", f"systemd {number}")


def ask_systemd_version() -> str | None:
    """Return what `systemctl --version` says."""
    with suppress(OSError, subprocess.SubprocessError):
        done = subprocess.run(["systemctl", "--version"], capture_output=True, text=True, timeout=20, check=False)
        return done.stdout.partition("\n")[0]
    return None


def clock(state: int, *, has_chip: bool) -> Finding:
    """Judge the clock by what the kernel says of it (adjtimex)."""
    if state == TIME_ERROR:
        hint = "let it be set over the network: systemd-timesyncd, chrony or ntpd; then wait a few minutes"
        why = "" if has_chip else ", and this board has none that goes on without power"
        return Finding("clock", "warning", f"the clock is not synchronised{why}", hint)
    if state < 0:
        return Finding("clock", "ok", "the kernel does not tell whether the clock is synchronised")
    return Finding("clock", "ok", "the clock is synchronised")


def ask_clock() -> int:
    """Return what adjtimex(2) returns, changing nothing; -1 where it may not be asked."""
    with suppress(OSError, AttributeError):
        return int(ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(512)))
    return -1


def has_clock_chip() -> bool:
    """Tell whether there is a clock that goes on without power."""
    return Path("/dev/rtc0").exists() or Path("/sys/class/rtc/rtc0").exists() or not Path("/proc/device-tree").exists()


def disk(folder: Path, *, sandboxed: bool = False) -> Finding:
    """Judge the file system that delcia remembers on."""
    while not folder.exists():
        folder = folder.parent
    about = os.statvfs(folder)
    free_mb = about.f_bavail * about.f_frsize // 1_000_000
    if about.f_flag & os.ST_RDONLY and not sandboxed:
        hint = "see: dmesg | tail; a card or disk that fails is often mounted so"
        return Finding("disk", "error", f"{folder} is on a read-only file system", hint)
    if free_mb < SCARCE_MB or (about.f_files and not about.f_favail):
        return Finding(
            "disk", "error", f"{free_mb} MB are free for {folder}", "free some space: without it delcia forgets"
        )
    if free_mb < LOW_MB:
        return Finding("disk", "warning", f"{free_mb} MB are free for {folder}", "free some space")
    return Finding("disk", "ok", f"{free_mb} MB are free for {folder}")


def zones(here: str, home: str) -> Finding:
    """Compare the host's zone with the home's: plans are right in any, but what the host shows is read by people."""
    if here == home:
        return Finding("time-zone", "ok", f"host and home are in {home}")
    hint = f"nothing is wrong; for the home's hours in logs and lists: timedatectl set-timezone {home}"
    return Finding("time-zone", "ok", f"the host is in {here}, the home in {home}", hint)


def cron_zone(text: str, here: str) -> Finding | None:
    """Judge the zone that a crontab was written for against that of the daemon's clock now."""
    found = ZONE_LINE.search(text)
    if found is None or found["zone"] == here:
        return None
    message = f"the crontab is for a clock in {found['zone']}, cron's is in {here} now"
    return Finding(
        "time-zone",
        "error",
        message,
        "restart cron if it was started before the change, then: delcia apply DIR",
    )


def cron_daemon(process: int | None, *, generated: bool) -> Finding:
    """Judge whether a cron runs."""
    if process is not None:
        return Finding("cron", "ok", f"cron runs (process {process})")
    if generated:
        return Finding("cron", "ok", "systemd reads the crontabs (systemd-cron)")
    hint = "start it, now and at boot: systemctl enable --now cron; Alpine: rc-update add crond"
    return Finding("cron", "error", "no cron runs on this host", hint)


def sign_of_life(last: datetime | None, applied_at: datetime, now: datetime, who: str) -> Finding:
    """Judge when delcia last ran for all vehicles, which it should do every five minutes."""
    if last is not None and now - last <= OVERDUE:
        return Finding("last-run", "ok", f"{who} ran delcia {_ago(last, now)}")
    if last is None and now - applied_at <= OVERDUE:
        return Finding(
            "last-run", "ok", f"the plans were applied {_ago(applied_at, now)}; {who} has not run delcia yet"
        )
    hint = "see: systemctl status delcia-reconcile.timer" if who == "systemd" else "see syslog for delcia and cron"
    said = "never" if last is None else _ago(last, now)
    return Finding("last-run", "error", f"{who} should run delcia every 5 min; it last did {said}", hint)


def leftovers(host: Host, owned: Mapping[str, str]) -> Iterator[Finding]:
    """Yield what else would run delcia on this host: whatever carries its mark and stands in no manifest."""
    units = host.paths.units
    found = [path.name for path in sorted(units.glob("delcia-*.timer"))] if units.is_dir() else []
    places = [CRON_D, SYNOLOGY, *_crontabs(host), f"{OF_USER}{USER}", f"{OF_USER}root"]
    applied_files = {file for name in owned if (file := _crontab_file(host, name)) is not None}
    for name in dict.fromkeys([*found, *places]):
        if name in owned or (host.paths.personal and not name.startswith(OF_USER)):
            continue
        if _crontab_file(host, name) in applied_files:
            continue  # one crontab by two names: Alpine links busybox's spool to /etc/crontabs
        with suppress(DelciaError, OSError):
            text = host.backend_of(name).read(name)
            if text is not None and is_marked(text):
                hint = "remove it by hand, and for units run: systemctl daemon-reload"
                yield Finding("back-end", "error", f"{name} runs delcia too, and is not what was applied", hint)


def _crontab_file(host: Host, name: str) -> Path | None:
    """Return where a crontab really lies, links followed; None for a unit."""
    top, user = host.paths.root or Path("/"), name.removeprefix(OF_USER)
    if user != name:
        return (top / "var/spool/cron/crontabs").resolve() / user
    return (top / name.removeprefix("/")).resolve() if name.startswith("/") else None


def _crontabs(host: Host) -> Iterable[str]:
    top = host.paths.root or Path("/")
    folder = top / "etc/crontabs"
    return [f"/etc/crontabs/{path.name}" for path in sorted(folder.glob("[!.]*"))] if folder.is_dir() else []


def _ago(instant: datetime, now: datetime) -> str:
    minutes = max(now - instant, timedelta()) // timedelta(minutes=1)
    if minutes < 120:  # noqa: PLR2004 - two hours
        return f"{minutes} min ago"
    return f"{minutes // 60} h ago" if minutes < 48 * 60 else f"{minutes // 1440} days ago"
