"""A commit made of its parts, without a working tree: whole when it is named, and nothing before that."""

import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from delcia.errors import DelciaError, Exit
from delcia.host.git import ENVIRONMENT, SETTINGS, TIME_LIMIT_S, ask

DURABLE = ("core.fsync=all", "core.fsyncMethod=fsync", "core.fsyncObjectFiles=true")
"""What is written is on disk before anything names it; the last one is for git before 2.36."""
_NOTHING: Mapping[str, str] = MappingProxyType({})
_SECRET = re.compile(r"(://)[^/@\s]*@")
_LONGEST = 200
_FILES = {"100644", "100755"}


@dataclass(frozen=True, slots=True)
class Author:
    """Who commits. A `key` is the file of a private ssh key that signs."""

    name: str
    address: str
    key: Path | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """What a tree holds under a name."""

    mode: str
    kind: str
    id: str

    @property
    def is_file(self) -> bool:
        """Whether it is a file, and no link, folder or other repository."""
        return self.mode in _FILES


def demand(
    repository: Path,
    *arguments: str,
    data: bytes = b"",
    settings: Sequence[str] = (),
    env: Mapping[str, str] = _NOTHING,
    limit_s: float = TIME_LIMIT_S,
) -> bytes:
    """Return what git answers. Raises `git` with its words when it refuses."""
    words = [word for setting in (*SETTINGS, *DURABLE, *settings) for word in ("-c", setting)]
    try:
        done = subprocess.run(
            ["git", "--no-pager", *words, "-C", str(repository), *arguments],
            env={"PATH": os.environ.get("PATH", os.defpath), **ENVIRONMENT, **env},
            input=data,
            capture_output=True,
            timeout=limit_s,
            check=False,
            cwd="/",
        )
    except (OSError, subprocess.SubprocessError) as error:
        why = "it took too long" if isinstance(error, subprocess.SubprocessError) else "it cannot be run"
        raise DelciaError(f"git {arguments[0]}: {why}", slug="git", hint="try again", status=Exit.TRY_AGAIN) from None
    if done.returncode:
        why = _words(done.stderr.decode("utf-8", "replace"))
        raise DelciaError(f"git {arguments[0]}: {why}", slug="git", hint="see what git says there")
    return done.stdout


def _words(said: str) -> str:
    """Return the line of git's that says most, without what leads into an account."""
    lines = said.strip().splitlines() or ["it refuses"]
    telling = (line for line in lines if line.startswith(("fatal:", "remote:")) or "! [" in line)
    shown = _SECRET.sub(r"\1", next(telling, lines[-1])).strip()
    return "".join(char for char in shown if char.isprintable())[:_LONGEST]


def entry(repository: Path, commit: str, path: str) -> Entry | None:
    """Return what a commit has at a path, None for nothing."""
    *above, name = path.split("/")
    tree = f"{commit}:{'/'.join(above)}" if above else f"{commit}^{{tree}}"
    if ask(repository, "rev-parse", "--verify", "--quiet", tree) is None:
        return None
    return _entries(repository, tree).get(name)


def content(repository: Path, blob: str) -> bytes:
    """Return the octets of a file, as git keeps them."""
    return demand(repository, "cat-file", "blob", blob)


def store(repository: Path, data: bytes) -> str:
    """Keep the octets of a file, through no filter; return their name."""
    return _name(demand(repository, "hash-object", "-w", "--no-filters", "--stdin", data=data))


def commit_file(
    repository: Path, parent: str, path: str, blob: str, message: str, author: Author, now: datetime
) -> str:
    """Return a commit that follows another one and has other content in one file. Nothing points to it yet."""
    tree = _tree_with(repository, f"{parent}^{{tree}}", path.split("/"), blob)
    who = {"NAME": author.name, "EMAIL": author.address, "DATE": f"{int(now.timestamp())} +0000"}
    env = {f"GIT_{role}_{what}": value for role in ("AUTHOR", "COMMITTER") for what, value in who.items()}
    signed = () if author.key is None else ("-S",)
    settings = () if author.key is None else (f"user.signingKey={author.key}", "gpg.format=ssh")
    return _name(
        demand(
            repository,
            *("commit-tree", *signed, tree, "-p", parent, "-F", "-"),
            data=message.encode(),
            settings=(*settings, "gpg.ssh.program=ssh-keygen"),
            env=env,
        )
    )


def _tree_with(repository: Path, tree: str, path: Sequence[str], blob: str) -> str:
    """Return the name of a tree that is another one but for one file, which was there before."""
    name, *below = path
    entries = _entries(repository, tree)
    old = entries.get(name)
    if old is None or (not below and not old.is_file) or (below and old.kind != "tree"):
        raise DelciaError(f"'{name}' is not a file that git knows", slug="not-tracked", hint="commit it first")
    entries[name] = Entry(old.mode, old.kind, _tree_with(repository, old.id, below, blob) if below else blob)
    lines = [f"{item.mode} {item.kind} {item.id}\t{key}\0" for key, item in entries.items()]
    return _name(demand(repository, "mktree", "-z", data="".join(lines).encode("utf-8", "surrogateescape")))


def _entries(repository: Path, tree: str) -> dict[str, Entry]:
    text = demand(repository, "ls-tree", "-z", "--full-tree", tree).decode("utf-8", "surrogateescape")
    found = {}
    for item in text.split("\0")[:-1]:
        about, name = item.split("\t", 1)
        found[name] = Entry(*about.split(" "))
    return found


def _name(answer: bytes) -> str:
    return answer.decode().strip()
