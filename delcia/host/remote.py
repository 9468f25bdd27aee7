"""A remote, asked in bounds: which commit its branch is at, and all that makes that commit.

It is asked by one protocol, with one key or token, and runs nothing here. What is fetched is checked by git
(`fetch.fsckObjects`), and bounded by the kernel in size and memory, and in time.
"""

import base64
import contextlib
import os
import re
import shlex
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from delcia.errors import DelciaError, Exit
from delcia.host.git import ENVIRONMENT, SETTINGS
from delcia.host.offers import COMMIT
from delcia.host.syncing import BRANCH, Sync

LARGEST_PACK_BYTES = 64_000_000
TIME_LIMIT_S = 120
REASONS = {
    "Host key verification failed": "its key is not in known_hosts",
    "Permission denied (": "it does not let sync.key in",
    "could not read Username": "it wants a token, and not the one in sync.token",
    "could not read Password": "it wants a token, and not the one in sync.token",
}
"""What is said in other words where access is refused."""
NOT_TAKEN = re.compile(r"object [0-9a-f]+: |fetch-pack: invalid index-pack output")
"""How git says that an object is not sound, and that the pack was cut off as it was too large."""
LONGEST_WORDS, LONGEST_REASON = 10_000, 200
LARGEST_LIST_BYTES = 4_000_000
LARGEST_MEMORY_BYTES = 1_000_000_000
MOST_SHOWN = 5
FETCHING = (
    "fetch.fsckObjects=true",
    "fetch.recurseSubmodules=false",
    "fetch.unpackLimit=1",
    "gc.auto=0",
    "maintenance.auto=false",
    "core.bigFileThreshold=1m",
    "http.followRedirects=false",
    "http.lowSpeedLimit=100",
    "http.lowSpeedTime=30",
    "credential.helper=",
)


@dataclass(frozen=True, slots=True)
class Means:
    """How a remote is reached: files, which may be absent."""

    known_hosts: Path
    key: Path
    token: Path


def tip(sync: Sync, means: Means) -> str:
    """Return the commit that the remote says its branch is at. Raises `remote-away` and `no-branch`."""
    wanted, heads = f"refs/heads/{sync.branch}", "refs/heads/"
    found = _heads(sync, means, wanted)
    if wanted in found:
        return found[wanted]
    others = [name.removeprefix(heads) for name in _heads(sync, means) if name.startswith(heads)]
    shown = sorted(name for name in others if BRANCH.fullmatch(name))
    more = f" and {len(shown) - MOST_SHOWN} more" if len(shown) > MOST_SHOWN else ""
    has = f"it has: {', '.join(shown[:MOST_SHOWN])}{more}" if shown else "it has none yet"
    hint = "write the branch that has the plans below sync: in host.yaml" if shown else "push the plans there"
    raise DelciaError(f"the remote has no branch '{sync.branch}'; {has}", slug="no-branch", hint=hint)


def fetch_into(repository: Path, sync: Sync, means: Means, ref: str, largest_bytes: int) -> None:
    """Fetch the branch as a name of a repository's. Raises `remote-away` and `bad-objects`."""
    command = ["-C", str(repository), "fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-auto-maintenance"]
    command += ["--no-recurse-submodules", *_upload(sync)]
    refs = f"+refs/heads/{sync.branch}:{ref}"
    refusal = _asked(command, [sync.remote, refs], sync, means, largest_bytes=largest_bytes)
    if refusal is not None and NOT_TAKEN.match(refusal):
        hint = f"take it out of the branch; {largest_bytes // 1_000_000} MB may come at once"
        raise DelciaError(f"git does not take what {sync.shown} sends: {refusal}", slug="bad-objects", hint=hint)
    if refusal is not None:
        raise _away(sync, refusal)


def ssh_environment(known_hosts: Path, key: Path | None) -> dict[str, str]:
    """Return how git speaks by ssh: to a server that the host knows, with this key and no other, or with none."""
    options = ["BatchMode=yes", "StrictHostKeyChecking=yes", f"UserKnownHostsFile={known_hosts}"]
    options += ["GlobalKnownHostsFile=/dev/null", "IdentitiesOnly=yes", "ConnectTimeout=20", "UpdateHostKeys=no"]
    words = ["ssh", "-F", "/dev/null", *(word for option in options for word in ("-o", option))]
    words += ["-i", str(key)] if key else []
    return {"GIT_SSH_COMMAND": shlex.join(words), "GIT_SSH_VARIANT": "ssh"}


def _heads(sync: Sync, means: Means, *patterns: str) -> dict[str, str]:
    """Return the commits of the remote's branches, by whole name."""
    with tempfile.TemporaryFile() as listed:
        command = ["ls-remote", "--quiet", "--heads", *_upload(sync)]
        refusal = _asked(command, [sync.remote, *patterns], sync, means, listed)
        if refusal is not None:
            raise _away(sync, refusal)
        listed.seek(0)
        lines = listed.read(LARGEST_LIST_BYTES).decode("utf-8", "replace").splitlines()
    words = [line.split("\t", 1) for line in lines]
    return {pair[1]: pair[0] for pair in words if len(pair) == 2 and COMMIT.fullmatch(pair[0])}  # noqa: PLR2004


def _away(sync: Sync, refusal: str) -> DelciaError:
    words = f"{sync.shown} could not be fetched: {refusal}"
    return DelciaError(words, slug="remote-away", hint="it is tried again", status=Exit.TRY_AGAIN)


def _upload(sync: Sync) -> list[str]:
    """Return how git is to run itself at a remote in a folder."""
    if sync.protocol != "file":
        return []
    # It is mostly somebody else's, and git asks for a word on that; the owner of the host gave it in host.yaml.
    return [f"--upload-pack=git -c safe.directory={sync.remote.removeprefix('file://')} upload-pack"]


def _asked(
    command: Sequence[str],
    operands: Sequence[str],
    sync: Sync,
    means: Means,
    answer: IO[bytes] | None = None,
    *,
    largest_bytes: int = LARGEST_LIST_BYTES,
) -> str | None:
    """Have git ask the remote; return None, or in words why that failed."""
    key = means.key if means.key.is_file() else None
    env = {"GIT_ALLOW_PROTOCOL": sync.protocol, **ssh_environment(means.known_hosts, key)}
    if sync.protocol == "https" and means.token.is_file():
        token = base64.b64encode(b"git:" + means.token.read_bytes().strip()).decode("ascii")
        # In the environment, which only this user reads; an argument would be seen by all.
        env |= {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": f"http.{sync.remote}.extraHeader"}
        env["GIT_CONFIG_VALUE_0"] = f"Authorization: Basic {token}"
    settings = [word for setting in (*SETTINGS, *FETCHING) for word in ("-c", setting)]
    return run(["git", *settings, *command, "--", *operands], env, answer, largest_bytes=largest_bytes)


def run(
    command: list[str],
    more: dict[str, str],
    answer: IO[bytes] | None = None,
    *,
    largest_bytes: int = LARGEST_LIST_BYTES,
) -> str | None:
    """Run git with all that it starts, in bounds of memory, time and the size of any file that it writes.

    Returns None, or what git said last when it failed.
    """
    limits = f"ulimit -f {largest_bytes // 512} && ulimit -v {LARGEST_MEMORY_BYTES // 1024}"
    bounded = ["sh", "-c", f'{limits} && exec "$@"', "sh", *command]
    env = ENVIRONMENT | {"PATH": os.environ.get("PATH", os.defpath)} | more
    quiet = subprocess.DEVNULL
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(
            bounded, env=env, stdin=quiet, stdout=answer or quiet, stderr=said, cwd="/", start_new_session=True
        ) as process,
    ):
        try:
            status = process.wait(TIME_LIMIT_S)
        except subprocess.TimeoutExpired:
            return f"it took longer than {TIME_LIMIT_S} s"
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        if status == 0:
            return None
        said.seek(0)
        return _words(said.read(LONGEST_WORDS).decode("utf-8", "replace"))


def _words(said: str) -> str:
    """Return the first reason that git or ssh gives, without control characters and names of users."""
    for sign, words in REASONS.items():
        if sign in said:
            return words
    reasons = [line.partition(": ")[2] for line in said.splitlines() if line.startswith(("fatal: ", "error: "))]
    text = "".join(char for char in (reasons or ["git does not say why"])[0] if char.isprintable())
    return re.sub(r"[A-Za-z0-9._-]+@", "", text)[:LONGEST_REASON]
