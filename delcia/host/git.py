"""Which commit a plan directory is at, asked of git as the owner of the checkout; never worth failing for."""

import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

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
LONGEST_NAME, LONGEST_SUBJECT = 60, 80
_FILTERS = r"^filter\..*\.(clean|smudge|process|required)$"
_PRIVATE = re.compile(r"\S*(@|://)\S*|\b[A-HJ-NPR-Z0-9]{12}[0-9]{5}\b", re.IGNORECASE)
"""Addresses and VINs, which nothing of delcia's may show."""


def origin(folder: Path) -> Origin:
    """Return where the plans in a folder come from, as much of it as git tells."""
    source = str(folder.absolute())
    folder = folder.resolve()
    commit = ask(folder, "rev-parse", "--verify", "--quiet", "HEAD")
    if commit is None:
        return Origin(source)
    status = ask(folder, "status", "--porcelain", "--ignore-submodules=all", "--", ".", env=unfiltered(folder))
    return Origin(source, commit, None if status is None else status == "", *author_and_subject(folder, commit))


def author_and_subject(folder: Path, commit: str) -> tuple[str | None, str | None]:
    """Return the name of a commit's author, and the first line of what it says, as they can be shown."""
    form = f"--format=%<({LONGEST_NAME},trunc)%an%x00%<({LONGEST_SUBJECT},trunc)%s"
    author, _, subject = (ask(folder, "log", "-1", "--no-show-signature", form, commit) or "").partition("\0")
    return as_shown(author, subject)


def as_shown(author: str, subject: str) -> tuple[str | None, str | None]:
    """Return an author's name and a subject as they can be shown: not endless, one line, nothing private."""
    # Some people's name in git is their address.
    name = _printable(author.partition("@")[0])[:LONGEST_NAME]
    words = _PRIVATE.sub("…", _printable(subject))[:LONGEST_SUBJECT]
    return name or None, words or None


def _printable(text: str) -> str:
    return "".join(char for char in text if char.isprintable()).strip()


def ask(
    folder: Path, *arguments: str, owner: Account | None = None, env: Mapping[str, str] = MappingProxyType({})
) -> str | None:
    """Return what git answers about a folder, None when it does not; `owner` says as whom root asks."""
    try:
        with started(folder, *arguments, owner=owner, env=env) as process:
            try:
                answer, _ = process.communicate(timeout=TIME_LIMIT_S)
            finally:
                process.kill()
    except (OSError, subprocess.SubprocessError):
        return None
    return answer.decode("utf-8", "replace").strip() if process.returncode == 0 else None


def started(
    folder: Path, *arguments: str, owner: Account | None = None, env: Mapping[str, str] = MappingProxyType({})
) -> subprocess.Popen[bytes]:
    """Return a git that works on a repository as its owner, reads what it is told and writes its answer."""
    settings = [word for setting in SETTINGS for word in ("-c", setting)]
    user, group = (owner.uid, owner.gid) if owner else _run_as(folder)
    return subprocess.Popen(
        ["git", "--no-pager", *settings, "-C", str(folder), *arguments],
        env={"PATH": os.environ.get("PATH", os.defpath), **ENVIRONMENT, **env},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd="/",
        user=user,
        group=group,
        extra_groups=None if user is None else [],
    )


def unfiltered(repository: Path) -> dict[str, str]:
    """Return the environment in which git runs none of the filters that a repository names."""
    found = ask(repository, "config", "-z", "--name-only", "--get-regexp", _FILTERS) or ""
    keys = sorted({key for key in found.split("\0") if key})
    values = ["false" if key.endswith(".required") else "" for key in keys]
    pairs = {f"GIT_CONFIG_KEY_{number}": key for number, key in enumerate(keys)}
    pairs |= {f"GIT_CONFIG_VALUE_{number}": value for number, value in enumerate(values)}
    return {**pairs, "GIT_CONFIG_COUNT": str(len(keys))}


def _run_as(folder: Path) -> tuple[int, int] | tuple[None, None]:
    """Return the owner of a checkout when root asks and it is somebody else's: no program of theirs becomes root's.

    Git itself refuses to read a checkout for anybody but its owner.
    """
    stat = next((above for above in (folder, *folder.parents) if (above / ".git").exists()), folder).stat()
    return (stat.st_uid, stat.st_gid) if os.geteuid() == 0 and stat.st_uid != 0 else (None, None)
