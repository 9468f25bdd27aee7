"""What checks plans elsewhere: the pre-commit hook, the GitHub Action, the GitLab job, each really installed and run.

delcia is built and installed as they do it. The packages that it needs are the tests' own, so nothing is fetched twice.
"""

import os
import re
import subprocess
import sys
import sysconfig
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

DOCS = Path(__file__).parents[2] / "docs/ci.md"
PLANS = """\
timezone: Europe/Paris
vehicles: {spring: {model: spring-26, hold: true}}
chargers: {socket: {amps: 10}}
plans:
  nights: {vehicle: spring, charger: socket, charge: {to_soc: 60}, when: {windows: ["22:00-06:00"]}}
"""
LATER = PLANS.replace("22:00", "23:00")
WRONG = PLANS.replace("vehicle: spring", "vehicle: sprung")
BASH = ("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c")
CHANGE = "| windows | daily 22:00–06:00 | **daily 23:00–06:00** |".replace("daily ", "daily\N{NO-BREAK SPACE}")
PLACE = "plans/home.yaml:5:21: error: no vehicle 'sprung'"


class Repository:
    """An owner's repository of plans, beside a clone of delcia."""

    def __init__(self, folder: Path, clone: Path, packages: Path) -> None:
        self.folder, self.clone, self.bin = folder / "car", clone, folder / "bin"
        (self.folder / "plans").mkdir(parents=True)
        self.bin.mkdir()
        self.env = {
            **{name: os.environ[name] for name in os.environ if not name.startswith(("GIT", "PRE_COMMIT"))},
            **{f"GIT_{who}_{what}": "a@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
            "HOME": str(folder),
            "PRE_COMMIT_HOME": str(folder / "pre-commit"),
            "PATH": f"{self.bin}:{os.environ['PATH']}",
            "PYTHONPATH": str(packages),
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        }
        self.run("git", "init", "--quiet", "--initial-branch=main")
        self.commit(PLANS)

    def run(self, *argv: str, **env: str) -> subprocess.CompletedProcess[str]:
        """Run a command in the repository."""
        return subprocess.run(
            argv, cwd=self.folder, env=self.env | env, capture_output=True, text=True, check=False, timeout=300
        )

    def write(self, text: str) -> None:
        """Put this into the one plan file."""
        (self.folder / "plans/home.yaml").write_text(text, encoding="utf-8")

    def commit(self, text: str) -> subprocess.CompletedProcess[str]:
        """Commit the plans as this."""
        self.write(text)
        self.run("git", "add", "--all")
        return self.run("git", "commit", "--quiet", "--message=next")


@pytest.fixture(scope="module")
def published(clone: Path) -> Path:
    """Return delcia's clone as a repository with one commit."""
    for argv in (
        ("init", "--quiet", "--initial-branch=main"),
        ("add", "--all"),
        ("-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "--quiet", "--message=all"),
    ):
        subprocess.run(["git", "-C", str(clone), *argv], check=True)
    return clone


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the tests' own packages, all but delcia."""
    folder = tmp_path_factory.mktemp("packages")
    for path in Path(sysconfig.get_path("purelib")).iterdir():
        if "delcia" not in path.name and path.suffix != ".pth":
            (folder / path.name).symlink_to(path)
    return folder


@pytest.fixture
def repository(tmp_path: Path, published: Path, packages: Path) -> Repository:
    return Repository(tmp_path, published, packages)


def snippet(first: str) -> Any:  # noqa: ANN401 - any YAML
    """Return the YAML block of the documentation that begins so."""
    blocks = re.findall(r"```yaml\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    return yaml.safe_load(next(block for block in blocks if block.startswith(first)))


def test_the_pre_commit_hook_lets_no_error_into_a_commit(repository: Repository) -> None:
    config = snippet("repos:")
    config["repos"][0]["repo"] = f"file://{repository.clone}"
    (repository.folder / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
    hook = [sys.executable, "-m", "pre_commit"]
    installed = repository.run(*hook, "install")
    assert installed.returncode == 0, installed.stderr
    refused = repository.commit(WRONG)
    assert refused.returncode == 1
    assert PLACE in refused.stdout + refused.stderr
    accepted = repository.commit(LATER)
    assert accepted.returncode == 0, accepted.stdout + accepted.stderr
    assert repository.run("git", "log", "--oneline").stdout.count("\n") == 2


def test_the_github_action_annotates_and_tells_the_consequence(repository: Repository, tmp_path: Path) -> None:
    action = yaml.safe_load((repository.clone / "action.yml").read_text(encoding="utf-8"))
    asked = snippet("on:")["jobs"]["plans"]["steps"][1]["with"]
    inputs = {name: asked.get(name, entry["default"]) for name, entry in action["inputs"].items()}
    known = {f"inputs.{name}": value for name, value in inputs.items()}
    known["github.action_path"] = str(repository.clone)
    paths, summary = tmp_path / "paths", tmp_path / "summary.md"
    env = {"GITHUB_ACTIONS": "true", "GITHUB_WORKSPACE": str(repository.folder), "GITHUB_PATH": str(paths)}
    env |= {"GITHUB_STEP_SUMMARY": str(summary), "RUNNER_TEMP": str(tmp_path)}
    steps = [step for step in action["runs"]["steps"] if "run" in step]

    def run(step: Mapping[str, Any]) -> subprocess.CompletedProcess[str]:
        own = {name: filled(value, known) for name, value in step.get("env", {}).items()}
        found = paths.read_text(encoding="utf-8").strip() if paths.exists() else ""
        path = {"PATH": f"{found}:{repository.env['PATH']}"}
        return repository.run(
            "bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"], **env, **path, **own
        )

    install, validate, tell = steps
    assert (done := run(install)).returncode == 0, done.stderr
    assert "HEAD^1 is not in this checkout" in run(tell).stdout
    repository.commit(LATER)
    assert (run(validate).returncode, run(tell).returncode) == (0, 0)
    assert CHANGE in summary.read_text(encoding="utf-8")
    repository.commit(WRONG)
    failed = run(validate)
    assert failed.returncode == 1
    assert failed.stdout.startswith("::error file=plans/home.yaml,line=5,col=21,title=unknown-vehicle::")
    assert run(tell).returncode == 0
    assert "**The plans have errors." in summary.read_text(encoding="utf-8")


def test_the_gitlab_job_validates_and_keeps_the_consequence(repository: Repository, tmp_path: Path) -> None:
    job = snippet("plans:")["plans"]
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "image")], check=True)
    repository.run("git", "clone", "--quiet", "--bare", ".", str(tmp_path / "origin.git"))
    repository.run("git", "remote", "add", "origin", str(tmp_path / "origin.git"))
    repository.commit(LATER)
    env = {"DELCIA": f"git+file://{repository.clone}", "CI_DEFAULT_BRANCH": "main"}
    env["PATH"] = f"{tmp_path}/image/bin:{repository.env['PATH']}"
    done = repository.run(*BASH, "\n".join(job["script"]), **env)
    assert done.returncode == 0, done.stderr
    told = (repository.folder / job["artifacts"]["paths"][0]).read_text(encoding="utf-8")
    assert CHANGE in told


def filled(text: str, known: Mapping[str, str]) -> str:
    """Return text with each `${{ expression }}` replaced by what GitHub knows of it."""
    return re.sub(r"\$\{\{ (\S+) \}\}", lambda match: known[match[1]], text)
