"""Hosts without systemd, each in a root of its own, on which a real cron runs delcia, with its real folders and users.

`person`: Debian's cron, for somebody without root. `root`: the same cron, delcia installed by root.
`busybox`: busybox's crond, whose spool is a link to /etc/crontabs, as on Alpine.
"""

import http.client
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from support.alpine import alpine_like
from support.image import bare, bundle
from support.listing import listing
from support.panels import Visitor
from support.real_crons import FAKETIME, debian_13, debian_cron
from support.roots import Root

Kind = Literal["person", "root", "busybox"]
KINDS: tuple[Kind, ...] = ("person", "root", "busybox")
PLANS = """\
timezone: Europe/Paris
vehicles:
  spring: {model: spring-26, hold: true, driver: simulated}
chargers:
  socket: {amps: 10}
plans:
  nights: {vehicle: spring, charger: socket, charge: {to_soc: 80}, when: {windows: ["00:00-12:00", "12:00-24:00"]}}
"""
DAEMONS = {"person": ["cron", "-f"], "root": ["cron", "-f"], "busybox": ["crond", "-f"]}
SPEED = 20
"""Cron comes round every five minutes, which is a quarter of a minute; all else keeps the real time."""
PATIENCE_S = 60


@dataclass(slots=True)
class CronHost:
    """One such host, and whoever uses delcia on it."""

    kind: Kind
    folder: Path
    root: Root = field(init=False)
    before: set[str] = field(init=False)
    port: int = field(init=False)
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Make the root; nothing of delcia is on it yet."""
        if self.kind == "busybox":
            self.root = alpine_like(self.folder / "root")
        else:
            self.root = Root((bare("trixie"),), self.folder / "root")
            debian_cron(self.root)
            (library,) = debian_13().glob(FAKETIME.removeprefix("/"))
            shutil.copy2(library, self.root.place("/usr/lib/faketime.so"))
        if self.kind == "person":
            self.root.run(["useradd", "--create-home", "ada"])
        self.root.bind(bundle("trixie"), "/run/bundle")
        self.before = listing(self.root)
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]

    @property
    def plans(self) -> str:
        """Where the plans stand."""
        return "/home/ada/plans" if self.kind == "person" else "/etc/delcia/plans"

    @property
    def settings(self) -> str:
        """Where the settings of the host stand."""
        return "/home/ada/.config/delcia/host.yaml" if self.kind == "person" else "/etc/delcia/host.yaml"

    @property
    def data(self) -> str:
        """Where delcia keeps what it has applied."""
        return "/home/ada/.local/state/delcia" if self.kind == "person" else "/var/lib/delcia"

    @property
    def crontab(self) -> str:
        """The crontab in which delcia's lines stand."""
        return {
            "person": "/var/spool/cron/crontabs/ada",
            "root": "/etc/cron.d/delcia",
            "busybox": "/etc/crontabs/delcia",
        }[self.kind]

    def argv(self, *words: str) -> list[str]:
        """Return what runs a command as the one who uses delcia here."""
        if self.kind != "person":
            return self.root.argv(list(words))
        return self.root.argv(["setpriv", "--reuid=ada", "--regid=ada", "--init-groups", "--reset-env", *words])

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command, from its user's home."""
        if self.kind == "person":
            words = ("sh", "-c", 'cd; PATH=$HOME/.local/bin:$PATH; export PATH; exec "$@"', "sh", *words)
        return subprocess.run(
            self.argv(*words), stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=180
        )

    def delcia(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command of delcia's."""
        return self.run("delcia", *words)

    def write(self, path: str, text: str) -> None:
        """Write a file as its user would."""
        subprocess.run(
            self.argv("sh", "-c", 'mkdir -p "${1%/*}" && cat >"$1"', "sh", path),
            input=text.encode(),
            capture_output=True,
            check=True,
            timeout=60,
        )

    def start_cron(self) -> None:
        """Start the daemon, its clock faster than the real one."""
        env = {"LD_PRELOAD": "/usr/lib/faketime.so", "FAKETIME": f"+0 x{SPEED}", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
        self._start(self.root.argv(DAEMONS[self.kind], env), "cron.log")

    def start_panel(self) -> Visitor:
        """Start the panel in the foreground, as its user would, and return somebody who looks at it."""
        home = {"person": "/home/ada/.local/bin/delcia"}.get(self.kind, "delcia")
        self._start(self.argv(home, "panel"), "panel.log")

        def answers() -> bool:
            with (
                closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)) as connection,
                suppress(OSError),
            ):
                connection.request("GET", "/")
                return connection.getresponse().status < http.client.INTERNAL_SERVER_ERROR
            return False

        self.wait_for(answers)
        return Visitor(self.port)

    def ticked_at(self) -> float:
        """Return when cron last ran delcia to its end, 0 for never."""
        done = self.root.run(["stat", "-c", "%Y", f"{self.data}/state/tick"], check=False)
        return float(done.stdout) if done.returncode == 0 else 0.0

    def wait_for(self, happened: Callable[[], bool]) -> None:
        """Wait until something has happened, or say what the daemons said."""
        until = time.monotonic() + PATIENCE_S
        while not happened():
            assert time.monotonic() < until, self.said()
            time.sleep(0.2)

    def said(self) -> str:
        """Return what cron and the panel said."""
        return "\n".join(log.read_text("utf-8", "replace") for log in sorted(self.folder.glob("*.log")))

    def stop(self) -> None:
        """End what was started."""
        for process in self.running:
            children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
            pids = children.read_text(encoding="ascii").split() if children.exists() else []
            # Their parent goes when they have gone. Without it nobody asks how they ended, and their user stays busy.
            for pid in pids:
                with suppress(ProcessLookupError):
                    os.kill(int(pid), 15)
            if not pids:
                process.terminate()
            process.wait(120)
        self.running.clear()

    def remove(self) -> None:
        """Leave nothing of it."""
        self.stop()
        self.root.remove()

    def _start(self, argv: list[str], log: str) -> None:
        with (self.folder / log).open("ab") as out:
            self.running.append(subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=out, stderr=out))
