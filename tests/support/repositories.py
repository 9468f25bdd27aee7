"""A bare remote for tests, and the hands that push into it."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

QUICK = ["-c", "core.compression=1", "-c", "core.bigFileThreshold=1m"]
IDENTITY = ["-c", "user.name=Ada Zoe", "-c", "user.email=ada@example.org", "-c", "init.defaultBranch=main", *QUICK]


def git(folder: Path, *arguments: str, data: bytes = b"") -> str:
    """Run git as Ada in a folder, and return what it says."""
    argv = ["git", "-C", str(folder), *IDENTITY, *arguments]
    return subprocess.run(argv, check=True, capture_output=True, input=data).stdout.decode().strip()


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
