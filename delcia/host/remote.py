"""A bare clone of the repository that a host follows, brought up to date without trusting what comes.

The clone is made without a template and never names its remote: its settings are git's own, and nothing that a remote
sends is a setting. No hook, no submodule, no checkout. What is fetched is checked (`fetch.fsckObjects`), bounded in
size by the kernel and in time, and becomes `SEEN`, the commit that the next one must descend from, only when
`accept` is told so.
"""

import base64
import contextlib
import os
import re
import shlex
import shutil
import signal
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from delcia.errors import DelciaError, Exit
from delcia.host.folders import Account
from delcia.host.git import ENVIRONMENT, SETTINGS, ask
from delcia.host.syncing import Sync

NEW, SEEN = "refs/delcia/new", "refs/delcia/seen"
LARGEST_PACK_BYTES = 64_000_000
LARGEST_CLONE_BYTES = 256_000_000
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
SIGNING = (
    "gpg.program=/bin/false",
    "gpg.x509.program=/bin/false",
    "gpg.ssh.program=ssh-keygen",
    "gpg.minTrustLevel=fully",
)


@dataclass(frozen=True, slots=True)
class Means:
    """How a remote is reached: files, which may be absent."""

    known_hosts: Path
    key: Path
    token: Path


def fetch(clone: Path, sync: Sync, means: Means, *, largest_bytes: int = LARGEST_PACK_BYTES) -> str:
    """Bring a clone up to date, made if there is none, and return the branch's commit.

    Raises `remote-away` (try again) when the remote does not answer, `bad-objects` when git does not take what it
    sends, and `not-fast-forward`.
    """
    _prepare(clone)
    refusal = _fetch(clone, sync, means, largest_bytes)
    if refusal is not None and NOT_TAKEN.match(refusal):
        hint = f"take it out of the branch; {largest_bytes // 1_000_000} MB may come at once"
        raise DelciaError(f"git does not take what {sync.shown} sends: {refusal}", slug="bad-objects", hint=hint)
    if refusal is not None:
        words = f"{sync.shown} could not be fetched: {refusal}"
        raise DelciaError(words, slug="remote-away", hint="it is tried again", status=Exit.TRY_AGAIN)
    commit, seen = _ref(clone, NEW), _ref(clone, SEEN)
    if commit is None:
        raise DelciaError("the branch has no commit", slug="remote-away", status=Exit.TRY_AGAIN)
    if seen is not None and not sync.force and ask(clone, "merge-base", "--is-ancestor", seen, commit) is None:
        message = f"{sync.branch} was rewritten: {commit[:10]} does not follow {seen[:10]}"
        hint = "if that was meant, set force: true below sync: in host.yaml until it has been followed"
        raise DelciaError(message, slug="not-fast-forward", hint=hint)
    return commit


def last_seen(clone: Path) -> str | None:
    """Return the commit that was accepted last."""
    return _ref(clone, SEEN)


def since(clone: Path, before: str, commit: str, owner: Account | None = None) -> list[str] | None:
    """Return all commits that a commit brings beyond an earlier one; None when it does not follow it."""
    if ask(clone, "merge-base", "--is-ancestor", before, commit, owner=owner) is None:
        return None
    found = ask(clone, "rev-list", "--reverse", f"{before}..{commit}", owner=owner)
    return None if found is None else found.split()


def parents_of(clone: Path, commit: str, owner: Account | None = None) -> list[str]:
    """Return the commits that a commit follows."""
    return (ask(clone, "rev-parse", f"{commit}^@", owner=owner) or "").split()


def check_signers(signers: Path) -> None:
    """Raise `no-signers` when nobody may sign."""
    if not signers.is_file():
        hint = f"write one line 'NAME ssh-ed25519 AAAA…' per key into {signers}"
        raise DelciaError(f"there is no {signers}", slug="no-signers", hint=hint, status=Exit.BROKEN)


def is_signed(clone: Path, commit: str, signers: Path, owner: Account | None = None) -> bool:
    """Tell whether a commit is signed by a key in a file of signers."""
    settings = [word for setting in (f"gpg.ssh.allowedSignersFile={signers}", *SIGNING) for word in ("-c", setting)]
    return ask(clone, *settings, "verify-commit", commit, owner=owner) is not None


def accept(clone: Path, commit: str) -> None:
    """Note a commit as the one that the next must follow."""
    ask(clone, "update-ref", SEEN, commit)


def ssh_environment(known_hosts: Path, key: Path | None) -> dict[str, str]:
    """Return how git speaks by ssh: to a server that the host knows, with this key and no other, or with none."""
    options = ["BatchMode=yes", "StrictHostKeyChecking=yes", f"UserKnownHostsFile={known_hosts}"]
    options += ["GlobalKnownHostsFile=/dev/null", "IdentitiesOnly=yes", "ConnectTimeout=20", "UpdateHostKeys=no"]
    words = ["ssh", "-F", "/dev/null", *(word for option in options for word in ("-o", option))]
    words += ["-i", str(key)] if key else []
    return {"GIT_SSH_COMMAND": shlex.join(words), "GIT_SSH_VARIANT": "ssh"}


def _prepare(clone: Path) -> None:
    """Make the clone if there is none, or one that has grown too large, and drop what a run that was cut short left."""
    size = sum(path.lstat().st_size for path in clone.rglob("*") if path.is_file()) if clone.is_dir() else 0
    whole = clone.is_dir() and ask(clone, "rev-parse", "--git-dir") is not None
    if clone.exists() and (not whole or size > LARGEST_CLONE_BYTES):
        shutil.rmtree(clone)
    if not clone.exists():
        part = clone.with_name(f"{clone.name}.part")
        shutil.rmtree(part, ignore_errors=True)
        if _run(["git", "init", "--quiet", "--bare", "--template=", str(part)], {}) is not None:
            hint = "install git (Debian: apt install git)"
            raise DelciaError("git could not make a repository", slug="no-git", hint=hint, status=Exit.BROKEN)
        part.rename(clone)
    for leftover in (*clone.glob("objects/pack/tmp_*"), *clone.glob("objects/tmp_*"), *clone.rglob("*.lock")):
        if leftover.is_dir():
            shutil.rmtree(leftover, ignore_errors=True)
        else:
            leftover.unlink(missing_ok=True)


def _fetch(clone: Path, sync: Sync, means: Means, largest_bytes: int) -> str | None:
    """Fetch the branch; return None, or in words why it did not come."""
    key = means.key if means.key.is_file() else None
    env = {"GIT_ALLOW_PROTOCOL": sync.protocol, **ssh_environment(means.known_hosts, key)}
    if sync.protocol == "https" and means.token.is_file():
        token = base64.b64encode(b"git:" + means.token.read_bytes().strip()).decode("ascii")
        # In the environment, which only this user reads; an argument would be seen by all.
        env |= {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": f"http.{sync.remote}.extraHeader"}
        env["GIT_CONFIG_VALUE_0"] = f"Authorization: Basic {token}"
    settings = [word for setting in (*SETTINGS, *FETCHING) for word in ("-c", setting)]
    options = ["--quiet", "--no-tags", "--no-write-fetch-head", "--no-auto-maintenance", "--no-recurse-submodules"]
    if sync.protocol == "file":
        # It is mostly somebody else's, and git asks for a word on that; the owner of the host gave it in host.yaml.
        options.append(f"--upload-pack=git -c safe.directory={sync.remote.removeprefix('file://')} upload-pack")
    refs = f"+refs/heads/{sync.branch}:{NEW}"
    return _run(["git", *settings, "-C", str(clone), "fetch", *options, "--", sync.remote, refs], env, largest_bytes)


def _run(command: list[str], more: dict[str, str], largest_bytes: int = LARGEST_PACK_BYTES) -> str | None:
    """Run git with all that it starts, in bounds: no file larger than a pack may be, ended when it takes too long.

    Returns None, or what git said last when it failed.
    """
    bounded = ["sh", "-c", f'ulimit -f {largest_bytes // 512} && exec "$@"', "sh", *command]
    env = ENVIRONMENT | {"PATH": os.environ.get("PATH", os.defpath)} | more
    quiet = subprocess.DEVNULL
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(
            bounded, env=env, stdin=quiet, stdout=quiet, stderr=said, cwd="/", start_new_session=True
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


def _ref(clone: Path, name: str) -> str | None:
    return ask(clone, "rev-parse", "--verify", "--quiet", name)
