"""Commits as their own octets say them, which commits come after another one, and who signed one."""

import os
import re
import subprocess
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from heapq import heappop, heappush
from pathlib import Path

from delcia.errors import DelciaError, Exit
from delcia.host.folders import Account
from delcia.host.git import ask
from delcia.host.objects import Objects

LARGEST_BYTES = 1_000_000
MOST_COMMITS = 20_000
"""How many commits are looked at to find out whether one follows another."""
NAME = rb"[0-9a-f]{40}|[0-9a-f]{64}"
HEAD = re.compile(
    rb"tree (?P<tree>%(name)s)\n(?P<parents>(?:parent (?:%(name)s)\n)*)"
    rb"author (?P<author>[^\n<]*)[^\n]*\ncommitter [^\n]*> (?P<at>[0-9]{1,15}) [^\n]*\n" % {b"name": NAME}
)
SIGNATURE = re.compile(rb"^gpgsig ((?:[^\n]*\n)(?: [^\n]*\n)*)", re.MULTILINE)
BEGINS = b"-----BEGIN SSH SIGNATURE-----\n"
TIME_LIMIT_S = 20
OLD, NEW = 1, 2


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit: its name, the folder it has, what it follows, when it says that it was made, by whom, and why.

    `signature` signs `payload`; None for a commit without one, and for one with several.
    """

    name: str
    tree: str
    parents: tuple[str, ...]
    at_s: int
    author: str
    subject: str
    payload: bytes
    signature: bytes | None


def commit(objects: Objects, name: str) -> Commit:
    """Return a commit. Raises as `Objects.read` does."""
    data = objects.read(name, "commit", LARGEST_BYTES)
    about, blank, words = data.partition(b"\n\n")
    about, head = about + b"\n", HEAD.match(about + b"\n")
    if head is None:
        raise DelciaError(f"the commit {name[:10]} is damaged", slug="git", hint="see: git fsck")
    signatures = SIGNATURE.findall(about)
    return Commit(
        name,
        head["tree"].decode("ascii"),
        tuple(line[len(b"parent ") :].decode("ascii") for line in head["parents"].splitlines()),
        int(head["at"]),
        head["author"].decode("utf-8", "replace").strip(),
        " ".join(words.strip(b"\n").partition(b"\n\n")[0].decode("utf-8", "replace").split()),
        SIGNATURE.sub(b"", about) + blank[1:] + words,
        signatures[0].replace(b"\n ", b"\n") if len(signatures) == 1 else None,
    )


def commit_of(repository: Path, rev: str) -> str:
    """Return the full name of the commit that a revision means. Raises `no-commit`."""
    found = None
    if rev and rev.isprintable() and not rev.startswith("-"):
        found = ask(repository, "rev-parse", "--verify", "--quiet", f"{rev}^{{commit}}")
    if found is None:
        inside = ask(repository, "rev-parse", "--git-dir") is not None
        hint = "see: git log" if inside else "make it one with 'git init', or name a folder in one"
        message = f"git knows no commit {rev!a} there" if inside else f"{repository} is not in a git repository"
        raise DelciaError(message, slug="no-commit", hint=hint)
    return found


def brought(objects: Objects, before: str, name: str) -> list[Commit] | None:
    """Return the commits that a commit has beyond an earlier one; None when it does not follow it.

    Both pasts are walked from the youngest on, as `git rev-list before..name` does. The dates only save work: where
    they lie, a commit counts as brought that came before, and never the other way round.
    """
    if objects.size(before, "commit") is None:
        return None
    found: dict[str, Commit] = {}
    colours: dict[str, int] = {}
    waiting: list[tuple[int, str]] = []
    fresh: set[str] = set()

    def reach(each: str, colour: int) -> None:
        known = colours.get(each, 0)
        if known | colour == known:
            return
        if each not in found:
            if len(found) >= MOST_COMMITS:
                message = f"{name[:10]} does not follow {before[:10]} within {MOST_COMMITS:,} commits"
                raise DelciaError(message, slug="too-large", hint="push fewer commits at once")
            found[each] = commit(objects, each)
        colours[each] = known | colour
        heappush(waiting, (-found[each].at_s, each))
        (fresh.add if colours[each] == NEW else fresh.discard)(each)

    reach(before, OLD)
    reach(name, NEW)
    while fresh:
        _, each = heappop(waiting)
        fresh.discard(each)
        for parent in found[each].parents:
            reach(parent, OLD if colours[each] & OLD else NEW)
    return [found[each] for each, colour in colours.items() if colour == NEW] if colours[before] & NEW else None


def is_signed(signed: Commit, signers: Path, now: datetime, owner: Account | None = None) -> bool:
    """Tell whether a key in a file of signers, valid now, signed a commit; `owner` says as whom root has it judged.

    Now, for the date in a commit is its author's word: with an expired key it would be one before the key expired.
    """
    if signed.signature is None or not signed.signature.startswith(BEGINS):
        return False
    with tempfile.TemporaryDirectory() as folder:
        kept, keys = Path(folder, "signature"), Path(folder, "signers")
        Path(folder).chmod(0o711)
        for file, data in ((kept, signed.signature), (keys, signers.read_bytes())):
            file.write_bytes(data)
            file.chmod(0o644)
        about = ("-f", str(keys), "-s", str(kept), f"-Overify-time={now.astimezone(UTC):%Y%m%d%H%M%S}")
        names = _ssh_keygen(("find-principals", *about), b"", owner)
        return any(
            _ssh_keygen(("verify", "-n", "git", "-I", name, *about), signed.payload, owner) is not None
            for name in (names or b"").decode("utf-8", "replace").splitlines()
        )


def _ssh_keygen(arguments: tuple[str, ...], data: bytes, owner: Account | None) -> bytes | None:
    """Return what ssh-keygen says, None when it does not agree."""
    try:
        done = subprocess.run(
            ["ssh-keygen", "-Y", *arguments],
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", "TZ": "UTC0"},
            input=data,
            capture_output=True,
            timeout=TIME_LIMIT_S,
            check=False,
            cwd="/",
            user=owner.uid if owner else None,
            group=owner.gid if owner else None,
            extra_groups=[] if owner else None,
        )
    except subprocess.TimeoutExpired:
        return None
    except OSError:
        hint = "install it (Debian: apt install openssh-client)"
        raise DelciaError("ssh-keygen cannot be run", slug="no-ssh-keygen", hint=hint, status=Exit.BROKEN) from None
    return done.stdout if done.returncode == 0 else None
