"""Each command's help fits a screen and has an example; each example is run as it stands, on a host in a folder."""

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import click
import pytest
from support.command import delcia
from support.told import WHO

from delcia.cli.main import SECTIONS, group
from delcia.errors import Exit

NAMES = [name for section in SECTIONS.values() for name in section]
ROOT = Path(__file__).parents[2]
CONFIRMED = ("apply", "rollback", "remove")
UNTRIED = ("panel", "login")
"""What goes on for ever, or asks on a terminal: only its words are tried here."""
WORDS = ("start", "stop", "release", "resume", "skip", "trip")
REACHES_NOBODY = (*WORDS, "vehicles", "charge", "notify", "doctor", "sync")
"""Commands that need a car, an account, a remote or a service, and have none here: their examples are understood."""
LEGACY = """\
def get_heure_creuse_{name}(now):
    heure_creuse = datetime.datetime(now.year, now.month, now.day, {hour}, 38, 0)
    return heure_creuse , heure_creuse + datetime.timedelta(hours={hours})

"""
"""The hours of the old project, as its owners wrote them."""


def example_of(name: str) -> str:
    """Return the example of a command's help, from `delcia` to the end of its sentence."""
    command = group.get_command(click.Context(group), name)
    assert command is not None
    assert command.epilog is not None, f"{name} has no example"
    match = re.match(r"Example: (?:sudo )?(delcia .*?)(?:\. [A-Z].*)?$", command.epilog, re.DOTALL)
    assert match, f"{name}: {command.epilog}"
    return " ".join(match[1].split())


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a repository with two commits of the plans, applied to a host in a folder."""
    folder = tmp_path_factory.mktemp("home")
    shutil.copytree(ROOT / "plans", folder / "plans", ignore=shutil.ignore_patterns("tariffs"))
    shutil.copytree(folder / "plans", folder / "before")
    plans = folder / "plans/home.yaml"
    env = {**WHO, "PATH": os.environ["PATH"]}
    for argv in (("init", "--quiet"), *(("add", "--all"), ("commit", "--quiet", "--message=next")) * 2):
        subprocess.run(["git", "-C", str(folder), *argv], check=True, env=env)
        target = 70 if argv[0] == "commit" else 80
        plans.write_text(plans.read_text(encoding="utf-8").replace("to_soc: 80", f"to_soc: {target}"), encoding="utf-8")
    return folder


@pytest.mark.parametrize("name", NAMES)
def test_the_help_fits_a_screen_and_its_example_is_run(name: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = delcia(name, "--help").stdout
    assert len(shown.splitlines()) <= 36
    monkeypatch.chdir(home)
    monkeypatch.setenv("DELCIA_NOW", "2026-11-23T19:41:00+01:00")
    words = shlex.split(example_of(name).partition(" >")[0].replace("/etc/delcia/plans", "plans"))[1:]
    assert words[0] == name
    if name in UNTRIED:
        command = group.get_command(click.Context(group), name)
        assert command is not None
        assert command.make_context(name, words[1:]).params
        return
    if name in {"init", "import-legacy"}:
        (home / name / "libs").mkdir(parents=True)
        monkeypatch.chdir(home / name)
        Path("delcia_conf.json").write_text('{"CRONFILE": ""}', encoding="utf-8")
        hours = LEGACY.format(name="midi", hour=12, hours=2) + LEGACY.format(name="soir", hour=1, hours=5)
        Path("libs/user_conf.py").write_text(hours, encoding="utf-8")
    if "--root" in shown and name != "diff":
        for folder in ("before", "plans") if name == "rollback" else ("plans",):
            delcia("apply", folder, "--yes", "--root", "host")
        words += ["--root", "host"]
    ran = delcia(*words, *(["--yes"] if name in CONFIRMED else []))
    assert ran.status not in {Exit.USAGE, Exit.BUG}, ran.stderr
    if name not in REACHES_NOBODY:
        assert ran.status in {Exit.OK, Exit.PROBLEMS}, ran.stderr
        assert "delcia: error" not in ran.stderr
