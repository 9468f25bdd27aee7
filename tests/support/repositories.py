"""A bare remote for tests, and the hands that push into it."""

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

QUICK = ["-c", "core.compression=1", "-c", "core.bigFileThreshold=1m"]
_NOTHING: Mapping[str, str] = MappingProxyType({})
IDENTITY = ["-c", "user.name=Ada Zoe", "-c", "user.email=ada@example.org", "-c", "init.defaultBranch=main", *QUICK]


def git(folder: Path, *arguments: str, data: bytes = b"", env: Mapping[str, str] = _NOTHING, check: bool = True) -> str:
    """Run git as Ada in a folder, and return what it says."""
    return git_octets(folder, *arguments, data=data, env=env, check=check).decode().strip()


def git_octets(
    folder: Path, *arguments: str, data: bytes = b"", env: Mapping[str, str] = _NOTHING, check: bool = True
) -> bytes:
    """Run git as Ada in a folder, and return what it says as it is."""
    argv = ["git", "-C", str(folder), *IDENTITY, *arguments]
    return subprocess.run(argv, check=check, capture_output=True, input=data, env={**os.environ, **env}).stdout


@dataclass(frozen=True, slots=True)
class Remote:
    """A bare repository, and a checkout of it from which to push."""

    bare: Path
    work: Path

    @property
    def url(self) -> str:
        """Its address."""
        return f"file://{self.bare}"

    def push(self, *options: str, **files: str) -> str:
        """Write plan files, by name, commit and push them; return the commit."""
        for name, text in files.items():
            (self.work / "plans").mkdir(exist_ok=True)
            (self.work / f"plans/{name}.yaml").write_text(text, encoding="utf-8")
        git(self.work, "add", "--all")
        git(self.work, "commit", "--quiet", "--allow-empty", "--message=next", *options)
        git(self.work, "push", "--quiet", "--force", "origin", "HEAD:main")
        return git(self.work, "rev-parse", "HEAD")


def remote(folder: Path) -> Remote:
    """Return a new remote in a folder."""
    bare, work = folder / "remote.git", folder / "work"
    git(folder, "init", "--quiet", "--bare", str(bare))
    git(folder, "clone", "--quiet", str(bare), str(work))
    return Remote(bare, work)


def signing_key(folder: Path, name: str) -> Path:
    """Return a new ssh key; its public half lies beside it."""
    key = folder / name
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(key)], check=True)
    return key
