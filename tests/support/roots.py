"""A root folder without a systemd of its own, as a container has it: over read-only layers, with its own processes."""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from support.image import CLEAN

KEEPS_IT = """
    set -e
    mount -t overlay overlay -o "lowerdir=$1,upperdir=$2/disk,workdir=$2/work" "$2/root"
    mount -t tmpfs tmpfs "$2/root/run"
    mount -t proc proc "$2/root/proc"
    mount -t tmpfs -o mode=755 tmpfs "$2/root/dev"
    for device in null zero full random urandom tty; do
        touch "$2/root/dev/$device"
        mount --bind "/dev/$device" "$2/root/dev/$device"
    done
    ln -s /proc/self/fd "$2/root/dev/fd"
    mkdir -m 1777 "$2/root/dev/shm"
    exec setpriv --pdeathsig=KILL chroot "$2/root" sleep infinity
"""


class Root:
    """A root folder over `layers` (the uppermost first); what is written stays in `folder` until `remove`."""

    def __init__(self, layers: tuple[Path, ...], folder: Path) -> None:
        self.folder = folder
        for part in ("disk", "work", "root"):
            (folder / part).mkdir(parents=True)
        argv = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--propagation=private", "sh", "-c", KEEPS_IT]
        lower = ":".join(map(str, layers))
        with (folder / "log").open("wb") as log:
            self._process = subprocess.Popen(
                [*argv, "sh", lower, str(folder)], stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        self.first = self._wait_for_first()

    def argv(self, argv: list[str], env: Mapping[str, str] | None = None) -> list[str]:
        """Return the words that run a command inside, as root and with a clean environment."""
        settings = [f"{name}={value}" for name, value in {**CLEAN, **(env or {})}.items()]
        return ["nsenter", "-t", str(self.first), "-m", "-p", "-r", "-w", "--", "env", "-i", *settings, *argv]

    def run(
        self,
        argv: list[str],
        *,
        check: bool = True,
        text: str = "",
        env: Mapping[str, str] | None = None,
        timeout_s: float = 300,
    ) -> subprocess.CompletedProcess[str]:
        """Run a command inside as root; with `check` a failure raises, its output in the words."""
        done = subprocess.run(
            self.argv(argv, env), input=text, capture_output=True, text=True, timeout=timeout_s, check=False
        )
        if check and done.returncode:
            msg = f"{' '.join(argv)} ended with {done.returncode}\n{done.stdout}{done.stderr}"
            raise RuntimeError(msg)
        return done

    def place(self, path: str) -> Path:
        """Return where a path of the root lies for the test, its folder made; to be read and written while it runs."""
        found = Path(f"/proc/{self.first}/root") / path.lstrip("/")
        found.parent.mkdir(parents=True, exist_ok=True)
        return found

    def put(self, path: str, text: str, mode: int = 0o644) -> None:
        """Write a file inside."""
        self.place(path).write_text(text, encoding="utf-8")
        self.place(path).chmod(mode)

    def bind(self, source: Path, path: str, *, read_only: bool = False) -> None:
        """Mount a folder or file of the test's inside."""
        target = self.place(path)
        if source.is_dir():
            target.mkdir(exist_ok=True)
        else:
            target.touch()
        inside = f"{self.folder}/root{path}"
        steps = ["mount", "--bind", str(source), inside]
        ns = ["nsenter", "-t", str(self.first), "-m", "--"]
        subprocess.run([*ns, *steps], check=True, capture_output=True)
        if read_only:
            subprocess.run([*ns, "mount", "-o", "remount,bind,ro", inside], check=True, capture_output=True)

    def unbind(self, path: str) -> None:
        """Undo it."""
        inside = f"{self.folder}/root{path}"
        subprocess.run(["nsenter", "-t", str(self.first), "-m", "--", "umount", inside], check=True)

    def remove(self) -> None:
        """End all that runs inside, and throw its disk away."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.first, signal.SIGKILL)
        self._process.wait(timeout=120)
        shutil.rmtree(self.folder)

    def _wait_for_first(self) -> int:
        """Return the first process inside, once all is mounted."""
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
        until = time.monotonic() + 120
        while time.monotonic() < until and self._process.poll() is None:
            for child in children.read_text(encoding="ascii").split():
                if Path(f"/proc/{child}/comm").read_text(encoding="ascii") == "sleep\n":
                    return int(child)
            time.sleep(0.01)
        msg = f"the root did not come up: {(self.folder / 'log').read_text(encoding='utf-8')}"
        raise RuntimeError(msg)
