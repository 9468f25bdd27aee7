"""Which commit a plan directory is at, asked of git as the owner of the checkout; never worth failing for."""

import os
import subprocess
from pathlib import Path

from delcia.host.generations import Origin

TIME_LIMIT_S = 20

SETTINGS = (
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "core.untrackedCache=false",
    "log.showSignature=false",
)
"""A repository's own settings can name programs; none of these is run."""


def origin(folder: Path) -> Origin:
    """Return where the plans in a folder come from, as much of it as git tells."""
    source = str(folder.absolute())
    folder = folder.resolve()
    commit = _git(folder, "rev-parse", "--verify", "--quiet", "HEAD")
    if commit is None:
        return Origin(source)
    status = _git(folder, "status", "--porcelain", "--ignore-submodules=all", "--", ".")
    author = _git(folder, "log", "-1", "--no-show-signature", "--format=%an", "HEAD")
    # Some people's name in git is their address, which nothing of delcia's may show.
    name = (author or "").partition("@")[0].strip()
    return Origin(source, commit, None if status is None else status == "", name or None)


def _git(folder: Path, *arguments: str) -> str | None:
    """Return what git answers about a folder, None when it does not."""
    settings = [word for setting in SETTINGS for word in ("-c", setting)]
    env = {
        "PATH": os.environ.get("PATH", os.defpath),
        "LC_ALL": "C.UTF-8",
        "HOME": "/nonexistent",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": "/dev/null",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
    }
    try:
        user, group = _run_as(folder)
        done = subprocess.run(
            ["git", "--no-pager", *settings, "-C", str(folder), *arguments],
            env=env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=TIME_LIMIT_S,
            check=False,
            cwd="/",
            user=user,
            group=group,
            extra_groups=None if user is None else [],
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def _run_as(folder: Path) -> tuple[int, int] | tuple[None, None]:
    """Return the owner of a checkout when root asks and it is somebody else's: no program of theirs becomes root's.

    Git itself refuses to read a checkout for anybody but its owner.
    """
    stat = next((above for above in (folder, *folder.parents) if (above / ".git").exists()), folder).stat()
    return (stat.st_uid, stat.st_gid) if os.geteuid() == 0 and stat.st_uid != 0 else (None, None)
