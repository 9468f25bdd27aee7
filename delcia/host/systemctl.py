"""The systemd that runs this host, asked through `systemctl` and `systemd-analyze`."""

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from delcia.errors import DelciaError
from delcia.host.systemd import NextRun, UnitState

TIME_LIMIT_S = 90
"""Longer than systemd itself waits for a reload on a slow card."""

PROPERTIES = ("Id", "LoadState", "ActiveState", "SubState", "UnitFileState", "NeedDaemonReload", "Result")


@dataclass(frozen=True, slots=True)
class RunningSystemd:
    """The system manager of this host."""

    def verify(self, files: Sequence[Path]) -> None:
        """Raise when `systemd-analyze verify` fails, or says anything of these files; it exits 0 on many faults."""
        done = _run(["systemd-analyze", "verify", "--man=no", "--", *map(str, files)])
        names = {file.name for file in files}
        lines = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
        named = [line for line in lines if any(name in line for name in names)]
        if done.returncode or named:
            words = "\n    ".join(named or lines[-5:] or [f"systemd-analyze ended with {done.returncode}"])
            raise DelciaError(f"systemd refuses the units, nothing was changed:\n    {words}", slug="unit-refused")

    def reload(self) -> None:
        """Have all unit files read again."""
        _systemctl("daemon-reload")

    def enable(self, units: Sequence[str]) -> None:
        """Have timers and sockets start at every boot. Of itself systemctl would reload all units after it."""
        if units:
            _systemctl("enable", "--no-reload", "--", *units)

    def start(self, units: Sequence[str]) -> None:
        """Start timers and sockets now; timers that had run out wait again, if they have dates to wait for."""
        if units:
            _systemctl("start", "--", *units)
            # A timer that had run out stays so when its file gets new dates, through reload and start alike [252].
            spent = [name for name, state in self.states(units).items() if state.sub == "elapsed"]
            if spent:
                _systemctl("restart", "--", *spent)

    def disable(self, units: Sequence[str]) -> None:
        """Stop units, now and for good; what timers started goes on."""
        if units:
            _systemctl("disable", "--now", "--no-reload", "--", *units)

    def restart(self, units: Sequence[str]) -> None:
        """Begin again those units that run."""
        if units:
            _systemctl("try-restart", "--", *units)

    def reset_failed(self, units: Sequence[str]) -> None:
        """Forget that units failed; the names may be patterns."""
        if units:
            _systemctl("reset-failed", "--", *units)

    def states(self, units: Sequence[str]) -> Mapping[str, UnitState]:
        """Return the state of every unit asked for, also of those that do not exist."""
        if not units:
            return {}
        shown = _systemctl("show", f"--property={','.join(PROPERTIES)}", "--", *units)
        blocks = [dict(line.split("=", 1) for line in block.splitlines()) for block in shown.strip().split("\n\n")]
        found = {block["Id"]: _state(block) for block in blocks}
        if missing := sorted(set(units) - found.keys()):
            raise DelciaError(f"systemctl show says nothing of {', '.join(missing)}", slug="systemctl")
        return found

    def next_runs(self) -> tuple[NextRun, ...]:
        """Return delcia's timers, the next one first."""
        rows = json.loads(_systemctl("list-timers", "--all", "--output=json", "--", "delcia-*") or "[]")
        runs = [NextRun(row["unit"], row["activates"], _instant(row["next"]), _instant(row["last"])) for row in rows]
        return tuple(sorted(runs, key=lambda run: (run.next_at is None, run.next_at, run.timer)))


def is_running() -> bool:
    """Tell whether systemd runs this host, as sd_booted(3) does."""
    return Path("/run/systemd/system").is_dir()


def _state(block: Mapping[str, str]) -> UnitState:
    return UnitState(
        name=block["Id"],
        load=block["LoadState"],
        active=block["ActiveState"],
        sub=block["SubState"],
        enabled=block.get("UnitFileState", "") or "not installed",
        stale=block["NeedDaemonReload"] == "yes",
        result=block.get("Result", "success"),
    )


def _instant(microseconds: int | None) -> datetime | None:
    """Return an instant of systemd's; it writes 0, nothing or the largest number for never."""
    if not microseconds or microseconds >= 2**63 - 1:
        return None
    return datetime.fromtimestamp(microseconds / 1_000_000, UTC)


def _systemctl(*arguments: str) -> str:
    """Return what `systemctl` answers. Raises with its own words when it fails."""
    done = _run(["systemctl", "--no-pager", "--no-ask-password", "--quiet", *arguments])
    if done.returncode:
        words = "; ".join(done.stderr.split("\n")).strip("; ") or f"exit status {done.returncode}"
        raise DelciaError(f"systemctl {arguments[0]}: {words}", slug="systemctl")
    return done.stdout


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    """Run one of systemd's programs, in English and without colours."""
    env = {**os.environ, "LC_ALL": "C.UTF-8", "SYSTEMD_COLORS": "0", "SYSTEMD_URLIFY": "0"}
    env.pop("SYSTEMD_LOG_LEVEL", None)
    try:
        return subprocess.run(
            command,
            env=env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=TIME_LIMIT_S,
            check=False,
        )
    except FileNotFoundError:
        raise DelciaError(f"there is no {command[0]} on this host", slug="no-systemd") from None
    except subprocess.TimeoutExpired:
        raise DelciaError(f"{command[0]} {command[1]} took longer than {TIME_LIMIT_S} s", slug="systemctl") from None
