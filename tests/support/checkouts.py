"""Repositories for tests, made by a real git."""

import subprocess
from pathlib import Path

from support.plans import SMALLEST

IDENTITY = ("-c", "user.name=Ada Zoe", "-c", "user.email=ada@example.org", "-c", "commit.gpgSign=false")


def git(folder: Path, *arguments: str, data: str | None = None) -> str:
    """Run git in a folder and return what it says."""
    words = ["git", "-C", str(folder), *IDENTITY, *arguments]
    return subprocess.run(words, check=True, capture_output=True, text=True, input=data).stdout.strip()


def checkout_with_plans(folder: Path, text: str = SMALLEST) -> Path:
    """Return the plan directory of a new checkout with one commit."""
    plans = folder / "plans"
    plans.mkdir(parents=True)
    git(folder, "init", "--quiet", "--initial-branch=main")
    (plans / "home.yaml").write_bytes(text.encode())
    (folder / "README.md").write_text("Our car.\n", encoding="utf-8")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message=Begin")
    return plans
