"""The look at the remote where systemd does not start it: by its own user, in a process that root only waits for."""

import contextlib
import json
import os
import signal
import subprocess
from pathlib import Path

from delcia.cli.following import NAME, given_files
from delcia.cli.intended import executable
from delcia.cli.pulling import alone
from delcia.host.files import write
from delcia.host.folders import Account
from delcia.host.hostfile import section_alone
from delcia.host.paths import Paths
from delcia.host.syncing import sync_of

RUN = Path("/run")
"""Only root writes there, everybody may pass, and nothing of it outlives a boot."""
TIME_LIMIT_S = 300


def look_apart(paths: Paths, user: Account) -> None:
    """Have a user of its own look at the remote, with copies of the files that systemd would hand to it."""
    paths.pulled.mkdir(mode=0o700, exist_ok=True)
    os.chown(paths.pulled, user.uid, user.gid)
    with alone(RUN, "delcia-sync") as folder:
        sync_of(paths.host_file)  # whatever is wrong there is told before anything is passed on
        section = json.dumps(section_alone(paths.host_file, NAME))
        write(folder / "host", section, mode=0o400, uid=user.uid, gid=user.gid)
        for name, file in given_files(paths):
            text = file.read_bytes().decode("utf-8", "surrogateescape")
            write(folder / name, text, mode=0o400, uid=user.uid, gid=user.gid)
        os.chown(folder, user.uid, user.gid)
        _run_as(user, [executable(), "sync", "--fetch"], {"CREDENTIALS_DIRECTORY": str(folder)})


def _run_as(user: Account, command: list[str], more: dict[str, str]) -> None:
    """Run a command as a user, with nothing of root's, and end it with all that it started."""
    env = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", **more}
    quiet = subprocess.DEVNULL
    with subprocess.Popen(
        command,
        env=env,
        stdin=quiet,
        stdout=quiet,
        cwd="/",
        user=user.uid,
        group=user.gid,
        extra_groups=[],
        umask=0o077,
        start_new_session=True,
    ) as process:
        try:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(TIME_LIMIT_S)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
