"""A Debian booted in a container: a systemd of its own as PID 1, a loopback and no other network, a disk of its own."""

import contextlib
import ctypes
import os
import shutil
import signal
import socket
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from support.image import CLEAN

BOOT_S = 240
"""The longest that booting or powering off may take."""


class Machine:
    """One machine over read-only `layers` (the uppermost first); what it writes stays in `folder` until `remove`."""

    def __init__(self, layers: tuple[Path, ...], folder: Path) -> None:
        self.console = folder / "console.log"
        self._folder = folder
        self._name = f"delcia-{os.getpid()}-{folder.name}"
        self._layers = layers
        self._process: subprocess.Popen[bytes] | None = None
        self._leader = 0
        for part in ("disk", "work", "root"):
            (folder / part).mkdir(parents=True)

    @property
    def is_on(self) -> bool:
        """Whether it has power."""
        return self._process is not None

    def boot(self) -> None:
        """Switch on, and return when every unit of the boot has settled."""
        steps = """
            set -e
            mount -t overlay overlay -o "lowerdir=$1,upperdir=$2/disk,workdir=$2/work" "$2/root"
            for cgroup in $3; do mkdir -p "$cgroup"; echo $$ >"$cgroup/cgroup.procs"; done
            set -- systemd-nspawn --quiet --boot --register=no --private-network --console=pipe --hostname=house \
                --machine="$5" --directory="$2/root" $4
            exec setpriv --pdeathsig=TERM "$@"
        """
        keep = "" if Path("/run/systemd/system").is_dir() else "--keep-unit"
        lower = ":".join(map(str, self._layers))
        cgroups = " ".join(map(str, self._cgroups()))
        argv = ["unshare", "--mount", "--propagation=private", "sh", "-c", steps, "sh"]
        argv += [lower, str(self._folder), cgroups, keep, self._name]
        with self.console.open("ab") as console:
            self._process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=console, stderr=console)
        self._leader = self._wait_for_leader(self._process)
        state = self._wait_for_boot()
        if state != "running":
            msg = f"the machine is {state}: {self.run(['systemctl', '--failed', '--no-pager', '--plain']).stdout}"
            raise RuntimeError(msg)

    def run(
        self,
        argv: list[str],
        *,
        check: bool = True,
        text: str = "",
        env: dict[str, str] | None = None,
        timeout_s: float = 300,
    ) -> subprocess.CompletedProcess[str]:
        """Run a command inside as root, `text` as its stdin; with `check` a failure raises, its output in the words."""
        settings = [f"{name}={value}" for name, value in {**CLEAN, **(env or {})}.items()]
        done = subprocess.run(
            ["nsenter", "-t", str(self._leader), "-m", "-u", "-i", "-n", "-p", "--", "env", "-i", *settings, *argv],
            input=text,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=timeout_s,
            check=False,
        )
        if check and done.returncode:
            msg = f"{' '.join(argv)} ended with {done.returncode}\n{done.stdout}{done.stderr}"
            raise RuntimeError(msg)
        return done

    def put(self, path: str, text: str) -> None:
        """Write a file inside, its folders as needed; also while it is off."""
        if not self.is_on:
            there = self._folder / "disk" / path.lstrip("/")
            there.parent.mkdir(parents=True, exist_ok=True)
            there.write_text(text, encoding="utf-8")
            return
        self.run(["sh", "-ec", 'mkdir -p "$(dirname "$1")"; cat >"$1"', "sh", path], text=text)

    def listen(self, port: int) -> socket.socket:
        """Return a socket of this process that listens on the machine's loopback, until the machine goes off."""
        # Only the thread that asks changes its network, and it ends at once; a socket stays where it was made.
        with ThreadPoolExecutor(max_workers=1) as thread:
            return thread.submit(_listen_at, self._leader, port).result()

    def connect(self, port: int) -> socket.socket:
        """Return a connection of this process to a port of the machine's loopback."""
        with ThreadPoolExecutor(max_workers=1) as thread:
            return thread.submit(_connect_at, self._leader, port).result()

    def poweroff(self) -> None:
        """Shut down in order; the disk stays, `boot` switches on again."""
        self.run(["systemctl", "poweroff"], check=False)
        self._ended()

    def reboot(self) -> None:
        """Shut down in order and boot again."""
        self.poweroff()
        self.boot()

    def kill(self) -> None:
        """Cut the power: nothing inside can finish anything. Safe when it is off."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._leader, signal.SIGKILL)
            self._ended()

    def remove(self) -> None:
        """Cut the power and throw the disk away; the console's log stays."""
        self.kill()
        for part in ("disk", "work", "root"):
            shutil.rmtree(self._folder / part, ignore_errors=True)

    def _ended(self) -> None:
        if self._process is not None:
            self._process.wait(timeout=BOOT_S)
            self._process = None
        for cgroup in self._cgroups():
            for folder, _, _ in os.walk(cgroup, topdown=False):
                with contextlib.suppress(OSError):
                    Path(folder).rmdir()
        with contextlib.suppress(OSError):  # nspawn cannot remove it itself when it came up on an overlay
            Path("/run/systemd/nspawn/propagate", self._name).rmdir()

    def _cgroups(self) -> tuple[Path, ...]:
        """Return a cgroup of the machine's own in each hierarchy that systemd uses; none where a systemd gives them."""
        if Path("/run/systemd/system").is_dir():
            return ()
        mounts = [line.split() for line in Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines()]
        used = [Path(at) for _, at, kind, how, *_ in mounts if kind == "cgroup2" or "name=systemd" in how.split(",")]
        return tuple(at / self._name for at in used)

    def _wait_for_leader(self, process: subprocess.Popen[bytes]) -> int:
        until = time.monotonic() + BOOT_S
        while time.monotonic() < until and process.poll() is None:
            children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text(encoding="ascii")
            for child in children.split():
                with contextlib.suppress(OSError):
                    if Path(f"/proc/{child}/comm").read_text(encoding="ascii").strip() == "systemd":
                        return int(child)
            time.sleep(0.05)
        msg = f"no boot:\n{self.console.read_text(encoding='utf-8', errors='replace')[-3000:]}"
        raise RuntimeError(msg)

    def _wait_for_boot(self) -> str:
        until = time.monotonic() + BOOT_S
        state = ""
        while time.monotonic() < until:
            state = self.run(["systemctl", "is-system-running"], check=False).stdout.strip()
            if state in {"running", "degraded", "maintenance"}:
                break
            time.sleep(0.1)
        return state


def _listen_at(process: int, port: int) -> socket.socket:
    _enter(process)
    return socket.create_server(("127.0.0.1", port))


def _connect_at(process: int, port: int) -> socket.socket:
    _enter(process)
    return socket.create_connection(("127.0.0.1", port), timeout=60)


def _enter(process: int) -> None:
    """Let this thread have the network of a process."""
    libc = ctypes.CDLL(None, use_errno=True)
    with Path(f"/proc/{process}/ns/net").open("rb") as network:
        if libc.setns(network.fileno(), 0):
            raise OSError(ctypes.get_errno(), "setns")
