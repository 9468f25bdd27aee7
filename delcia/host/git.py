"""Which commit a plan directory is at, asked of git as the owner of the checkout; never worth failing for."""

import os
import subprocess
from pathlib import Path

from delcia.host.folders import Account
from delcia.host.generations import Origin

TIME_LIMIT_S = 20

SETTINGS = (
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "core.untrackedCache=false",
    "log.showSignature=false",
)
"""A repository's own settings can name programs; none of these is run."""

ENVIRONMENT = {
    "LC_ALL": "C.UTF-8",
    "HOME": "/nonexistent",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    # What a commit has is what it says: nothing put in its place, nothing fetched for it.
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "none",
}
LONGEST_NAME = 60


def origin(folder: Path) -> Origin:
    """Return where the plans in a folder come from, as much of it as git tells."""
    source = str(folder.absolute())
    folder = folder.resolve()
    commit = ask(folder, "rev-parse", "--verify", "--quiet", "HEAD")
    if commit is None:
        return Origin(source)
    status = ask(folder, "status", "--porcelain", "--ignore-submodules=all", "--", ".")
    return Origin(source, commit, None if status is None else status == "", author_of(folder, commit))


def author_of(folder: Path, commit: str, owner: Account | None = None) -> str | None:
    """Return the name of a commit's author as it can be shown."""
    author = ask(folder, "log", "-1", "--no-show-signature", "--format=%an", commit, owner=owner) or ""
    # Some people's name in git is their address, which nothing of delcia's may show.
    name = "".join(char for char in author.partition("@")[0] if char.isprintable()).strip()
    return name[:LONGEST_NAME] or None


def ask(folder: Path, *arguments: str, owner: Account | None = None) -> str | None:
    """Return what git answers about a folder, None when it does not; `owner` says as whom root asks."""
    try:
        with started(folder, *arguments, owner=owner) as process:
            try:
                answer, _ = process.communicate(timeout=TIME_LIMIT_S)
            finally:
                process.kill()
    except (OSError, subprocess.SubprocessError):
        return None
    return answer.decode("utf-8", "replace").strip() if process.returncode == 0 else None


def started(folder: Path, *arguments: str, owner: Account | None = None) -> subprocess.Popen[bytes]:
    """Return a git that works on a repository as its owner, reads what it is told and writes its answer."""
    settings = [word for setting in SETTINGS for word in ("-c", setting)]
    user, group = (owner.uid, owner.gid) if owner else _run_as(folder)
    return subprocess.Popen(
        ["git", "--no-pager", *settings, "-C", str(folder), *arguments],
        env=ENVIRONMENT | {"PATH": os.environ.get("PATH", os.defpath)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd="/",
        user=user,
        group=group,
        extra_groups=None if user is None else [],
    )


def _run_as(folder: Path) -> tuple[int, int] | tuple[None, None]:
    """Return the owner of a checkout when root asks and it is somebody else's: no program of theirs becomes root's.

    Git itself refuses to read a checkout for anybody but its owner.
    """
    stat = next((above for above in (folder, *folder.parents) if (above / ".git").exists()), folder).stat()
    return (stat.st_uid, stat.st_gid) if os.geteuid() == 0 and stat.st_uid != 0 else (None, None)
