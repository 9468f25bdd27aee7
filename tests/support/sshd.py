"""A real sshd on the loopback, unpacked into the checkout's `.cache/` and installed nowhere; it lets one key in."""

import fcntl
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from support.image import CACHE
from support.repositories import signing_key

PACKAGES = ("openssh-server", "libwrap0", "libnsl2", "libtirpc3")
"""The server, and what it needs beyond what a host with git and ssh has."""
ALONE = """
    mount -t tmpfs tmpfs /run
    mkdir /run/sshd
    mount --bind "$1/passwd" /etc/passwd
    exec "$2/usr/sbin/sshd" -D -e -f "$1/config"
"""
CONFIG = """\
Port {port}
ListenAddress 127.0.0.1
HostKey {folder}/host
AuthorizedKeysFile {folder}/user.pub
UsePAM no
StrictModes no
PermitRootLogin prohibit-password
PidFile none
"""


@dataclass(frozen=True, slots=True)
class Sshd:
    """A server: its port, its public key as known_hosts has it, and the private key of its one user, root."""

    port: int
    host_key: str
    user_key: Path

    def known_as(self, key: str) -> str:
        """Return the line of known_hosts by which a server with this key is known here."""
        return f"[127.0.0.1]:{self.port} {' '.join(key.split()[:2])}\n"


@contextmanager
def sshd(folder: Path) -> Iterator[Sshd]:
    """Run a server with its files in `folder`; skip, loudly, where there can be none."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None or shutil.which("unshare") is None:
        pytest.skip("NOT TESTED over a real ssh: needs root, apt-get and unshare")
    try:
        program = _unpacked()
    except (OSError, subprocess.SubprocessError) as error:
        pytest.skip(f"NOT TESTED over a real ssh: the server cannot be fetched: {error}")
    for name in ("host", "user"):
        signing_key(folder, name)
    users = Path("/etc/passwd").read_text(encoding="utf-8")
    own = "" if "\nsshd:" in users else "sshd:x:65532:65534::/run/sshd:/usr/sbin/nologin\n"
    (folder / "passwd").write_text(users + own, encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = int(taken.getsockname()[1])
    (folder / "config").write_text(CONFIG.format(port=port, folder=folder), encoding="utf-8")
    libraries = ":".join(str(path) for path in program.rglob("*-linux-gnu"))
    argv = ["unshare", "--mount", "--propagation=private", "sh", "-ec", ALONE, "sh", str(folder), str(program)]
    env = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LD_LIBRARY_PATH": libraries}
    with (folder / "log").open("wb") as log, subprocess.Popen(argv, env=env, stdout=log, stderr=log) as process:
        try:
            _wait_until_it_listens(process, folder / "log")
            yield Sshd(port, (folder / "host.pub").read_text(encoding="ascii"), folder / "user")
        finally:
            process.terminate()


def _wait_until_it_listens(process: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + 120
    while "Server listening" not in log.read_text(encoding="utf-8"):
        if process.poll() is not None or time.monotonic() > until:
            msg = f"sshd did not come up: {log.read_text(encoding='utf-8')}"
            raise RuntimeError(msg)
        time.sleep(0.02)


def _unpacked() -> Path:
    """Return a folder with this Debian's server, unpacked; the first time it is downloaded."""
    CACHE.mkdir(exist_ok=True)
    done = CACHE / "sshd"
    with (CACHE / "sshd.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.is_dir():
            part = done.with_suffix(".part")
            shutil.rmtree(part, ignore_errors=True)
            part.mkdir()
            request = ["apt-get", "--quiet=2", "-o", "APT::Sandbox::User=root", "download", *PACKAGES]
            subprocess.run(request, cwd=part, check=True, capture_output=True, timeout=300)
            for archive in sorted(part.glob("*.deb")):
                subprocess.run(["dpkg-deb", "-x", archive, part], check=True, capture_output=True, timeout=60)
                archive.unlink()
            part.rename(done)
    return done
