"""A user without root: their own crontab, their own folders, and every command finds them by itself."""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.command import Ran

from delcia.core.blocks import BEGIN

CHECKOUT = Path(__file__).parents[2]
NOBODY = pwd.getpwnam("nobody")
READS = "dac_read_search"
"""All that 'nobody' keeps of root: looking into the folders of this checkout and its Python."""
CAPABILITIES = (f"--{kind}=-all,+{READS}" for kind in ("inh-caps", "ambient-caps", "bounding-set"))
BECOME = ["setpriv", f"--reuid={NOBODY.pw_uid}", f"--regid={NOBODY.pw_gid}", "--clear-groups", *CAPABILITIES]
AS_NOBODY = BECOME if os.geteuid() == 0 else []
PLANS = """\
timezone: Europe/Paris
vehicles:
  spring: {model: spring-26, hold: true, driver: simulated}
chargers:
  socket: {amps: 10}
plans:
  nights: {vehicle: spring, charger: socket, charge: {to_soc: 80}, when: {windows: ["22:00-06:00"]}}
"""
CRONTAB = """\
#!/bin/sh
# crontab -l, -r or -, as users meet it, on a file
case $1 in
-l) if [ -e "$HOME/crontab" ]; then exec cat "$HOME/crontab"; fi; echo "no crontab for me" >&2; exit 1 ;;
-r) exec rm "$HOME/crontab" ;;
-) cat >"$HOME/.crontab.new" && exec mv "$HOME/.crontab.new" "$HOME/crontab" ;;
esac
exit 2
"""
OWN_LINES = b"MAILTO=me\r\n0 1 * * * backup\n"


class Person:
    """Somebody who is not root, with a home and a `crontab`."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.plans, self.crontab = home / "plans", home / "crontab"
        self.plans.mkdir()
        (self.plans / "home.yaml").write_text(PLANS, encoding="utf-8")
        (home / "bin").mkdir()
        (home / "bin/crontab").write_text(CRONTAB, encoding="utf-8")
        (home / "bin/crontab").chmod(0o755)
        for path in (home, *home.rglob("*")):
            os.chown(path, *self.ids)

    @property
    def ids(self) -> tuple[int, int]:
        """User and group."""
        return (NOBODY.pw_uid, NOBODY.pw_gid) if os.geteuid() == 0 else (os.getuid(), os.getgid())

    def run(self, *argv: str, **env: str) -> Ran:
        """Run a command as this person."""
        done = subprocess.run(
            [*AS_NOBODY, sys.executable, "-m", "delcia", *argv],
            env={
                "PATH": f"{self.home}/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                "HOME": str(self.home),
                "PYTHONPATH": str(CHECKOUT),
                "PYTHONDONTWRITEBYTECODE": "1",
                "DELCIA_NOW": "2026-11-23T19:41:00+01:00",
                **env,
            },
            cwd=self.home,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    def apply(self, *more: str, **env: str) -> Ran:
        """Apply the plans into the person's own crontab."""
        return self.run("apply", str(self.plans), "--yes", "--target", "crontab", *more, **env)


@pytest.fixture
def person() -> Iterator[Person]:
    """Return a person whose home other users than the tests' may enter."""
    home = Path(tempfile.mkdtemp(prefix="delcia-person-"))
    try:
        someone = Person(home)
        if someone.run("--version").status != 0:
            pytest.skip("NOT TESTED without root: 'nobody' cannot run this Python")
        if shutil.which("cron") is None and shutil.which("crond") is None:
            pytest.skip("NOT TESTED without root: no cron is installed")
        yield someone
    finally:
        shutil.rmtree(home)


def test_apply_goes_into_ones_own_crontab_and_folders(person: Person) -> None:
    person.crontab.write_bytes(OWN_LINES)
    ran = person.apply()
    assert ran.status == 0, ran.stderr
    assert f"create  crontab of {pwd.getpwuid(person.ids[0]).pw_name}\n" in ran.stdout
    text = person.crontab.read_bytes()
    assert text.startswith(OWN_LINES + BEGIN.encode())
    assert b"\t*\tdelcia\t" not in text
    data = person.home / ".local/state/delcia"
    assert (data / "generations/1/plans.json").is_file()
    for folder in (data, data / "state", person.home / ".cache/delcia", person.home / ".config/delcia/credentials"):
        assert folder.stat().st_mode & 0o777 == 0o700
        assert folder.stat().st_uid == person.ids[0]


def test_every_command_finds_them_by_itself(person: Person) -> None:
    person.apply()
    assert person.run("diff", str(person.plans)).status == 0
    assert "generation 1, applied" in person.run("report", "--soc", "50").stderr
    assert person.run("charge", "--all", "--scheduled", "--cron").stdout.startswith("spring: ")
    assert (person.home / ".local/state/delcia/state/tick").exists()
    status = person.run("status")
    assert "cron runs them, crontab of " in status.stdout
    assert "1 *" in person.run("history").stdout
    assert person.run("boost", "spring").status == 0
    assert person.run("apply", str(person.plans), "--yes").stdout == "nothing to change\n", "its own word holds"


def test_a_line_of_the_crontab_does_what_it_says_in_the_bare_environment_of_cron(person: Person) -> None:
    person.apply()
    line = next(line for line in person.crontab.read_text(encoding="utf-8").splitlines() if "charge --all" in line)
    command = line.split("\t", 5)[5].replace("| /usr/bin/logger -t delcia", "| cat")
    assert command.endswith("--scheduled --cron 2>&1 | cat")
    program = command.split()[0]
    if Path(program).name != "delcia":
        command = command.replace(program, f"{sys.executable} -m delcia")
    bare = {"HOME": str(person.home), "LOGNAME": "nobody", "SHELL": "/bin/sh", "PATH": "/usr/bin:/bin"}
    done = subprocess.run(
        [*AS_NOBODY, "/bin/sh", "-c", command],
        env={**bare, "PYTHONPATH": str(CHECKOUT), "PYTHONDONTWRITEBYTECODE": "1"},
        cwd=person.home,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout.startswith("spring: "), done
    assert not done.stderr
    assert (person.home / ".local/state/delcia/state/tick").exists()


def test_remove_leaves_the_crontab_as_it_was(person: Person) -> None:
    person.crontab.write_bytes(OWN_LINES)
    person.apply()
    assert person.run("remove", "--yes").status == 0
    assert person.crontab.read_bytes() == OWN_LINES
    assert person.run("rollback", "--yes").status == 0
    assert person.run("remove", "--yes", "--purge").status == 0
    assert person.crontab.read_bytes() == OWN_LINES
    left = {path.name for path in person.home.rglob("*delcia*")}
    assert left <= {"delcia"}, "the folder of the settings may stay"
    assert not (person.home / ".local/state/delcia").exists()


def test_folders_named_by_the_environment_reach_the_crontab(person: Person) -> None:
    data = person.home / "data"
    data.mkdir()
    os.chown(data, *person.ids)
    ran = person.apply(XDG_STATE_HOME=str(data))
    assert ran.status == 0, ran.stderr
    assert (data / "delcia/current").exists()
    assert f"XDG_STATE_HOME={data} ".encode() in person.crontab.read_bytes()


def test_what_only_root_may_is_said(person: Person) -> None:
    for options in ([], ["--target", "systemd"]):
        ran = person.run("apply", str(person.plans), "--yes", *options)
        assert ran.status == 1
        assert "[need-root]" in ran.stderr
        assert "--target crontab" in ran.stderr
    assert "[need-root]" in person.apply("--cron-file", "/etc/crontab").stderr
    assert not (person.home / ".local").exists()


def test_a_crontab_that_is_not_allowed_changes_nothing(person: Person) -> None:
    (person.home / "bin/crontab").write_text(
        "#!/bin/sh\necho 'You (nobody) are not allowed to use this program (crontab)' >&2; exit 1\n", encoding="utf-8"
    )
    ran = person.apply()
    assert ran.status == 1
    assert "not allowed to use this program" in ran.stderr
    assert "[crontab]" in ran.stderr
    assert not list((person.home / ".local/state/delcia/generations").glob("[0-9]*"))
