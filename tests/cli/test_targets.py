"""`apply`, `diff`, `rollback`, `status`, `compile` and `remove` by a crontab, on a host in a folder."""

import json
from pathlib import Path

import pytest
from support.command import Ran, delcia

from delcia.core.blocks import BEGIN

PLANS = """\
timezone: Europe/Paris
vehicles:
  spring: {model: spring-26, hold: true, driver: simulated}
chargers:
  socket: {amps: 10}
plans:
  nights: {vehicle: spring, charger: socket, charge: {to_soc: 80}, when: {windows: ["22:00-06:00"]}}
"""
MORE = '  noons: {vehicle: spring, charger: socket, charge: {to_soc: 60}, when: {windows: ["12:00-14:00"]}}\n'
OWNERS = "MAILTO=ada\n0 1 * * * root backup"


class Home:
    """A plan directory, and a host below a folder."""

    def __init__(self, folder: Path) -> None:
        self.plans, self.root = folder / "plans", folder / "host"
        self.plans.mkdir()
        self.root.mkdir()
        self.write(PLANS)

    def write(self, text: str) -> None:
        """Put this into the one plan file."""
        (self.plans / "home.yaml").write_text(text, encoding="utf-8")

    def run(self, command: str, *arguments: str) -> Ran:
        """Run a command on this host."""
        return delcia(command, *arguments, "--root", str(self.root))

    def apply(self, *arguments: str) -> Ran:
        """Apply the plans without being asked."""
        return self.run("apply", str(self.plans), "--yes", *arguments)

    def diff(self, *arguments: str) -> Ran:
        """Show what apply would change."""
        return self.run("diff", str(self.plans), *arguments)

    def file(self, path: str) -> Path:
        """Return a file of the host, its folder made."""
        found = self.root / path.removeprefix("/")
        found.parent.mkdir(parents=True, exist_ok=True)
        return found


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("DELCIA_NOW", "2026-11-23T19:41:00+01:00")
    return Home(tmp_path)


def test_a_crontab_is_applied_and_kept_without_saying_so_again(home: Home) -> None:
    ran = home.apply("--target", "crontab")
    assert ran.status == 0, ran.stderr
    assert ran.stdout.endswith("create  /etc/cron.d/delcia\ngeneration 1 is applied: 1 artifact written, 0 removed\n")
    file = home.file("/etc/cron.d/delcia")
    assert file.stat().st_mode & 0o777 == 0o644
    assert "\t*\tdelcia\t/" in file.read_text(encoding="utf-8")
    assert home.diff().status == 0
    assert home.apply().stdout == "nothing to change\n"
    home.write(PLANS + MORE)
    changed = home.diff()
    assert changed.status == 1
    assert "update  /etc/cron.d/delcia\n" in changed.stdout
    assert "\n+# X-Delcia: plan=noons" in changed.stdout
    home.apply()
    assert home.run("rollback", "--yes").stdout.endswith(
        "generation 1 is applied: 1 artifact written, 0 removed\n",
    )
    assert "noons" not in file.read_text(encoding="utf-8")


def test_changing_the_target_takes_the_other_ones_artifacts(home: Home) -> None:
    home.apply()
    units = home.root / "etc/systemd/system"
    assert len(list(units.iterdir())) == 5
    changed = home.apply("--target", "crontab")
    assert "delete  delcia-plan-nights.timer\n" in changed.stdout
    assert list(units.iterdir()) == []
    assert home.diff("--target", "systemd").status == 1
    back = home.run("rollback", "--yes")
    assert "delete  /etc/cron.d/delcia\n" in back.stdout
    assert len(list(units.iterdir())) == 5
    assert home.diff().status == 0


@pytest.mark.parametrize(
    ("sign", "path", "column"),
    [
        ("etc/cron.d/.placeholder", "/etc/cron.d/delcia", "delcia"),
        ("etc/crontabs/root", "/etc/crontabs/delcia", None),
        ("etc/synoinfo.conf", "/etc/crontab", "root"),
    ],
)
def test_the_place_is_chosen_by_what_the_host_has(home: Home, sign: str, path: str, column: str | None) -> None:
    home.file(sign).write_text("", encoding="utf-8")
    ran = home.apply("--target", "crontab")
    assert f"create  {path}\n" in ran.stdout
    jobs = [line for line in home.file(path).read_text(encoding="utf-8").splitlines() if "charge --all" in line]
    assert len(jobs) == 1
    assert jobs[0].split("\t")[5:-1] == ([] if column is None else [column])


def test_the_three_settings_of_the_old_project_are_options(home: Home) -> None:
    crontab = home.file("/etc/crontabs/root")
    crontab.write_text(OWNERS, encoding="utf-8")
    ran = home.apply("--cron-file", "/etc/crontabs/root", "--cron-user", "root", "--cron-user-column")
    assert ran.status == 0, ran.stderr
    text = crontab.read_text(encoding="utf-8")
    assert text.startswith(f"{OWNERS}\n{BEGIN}")
    assert "\t*\troot\t/" in text
    assert home.diff().status == 0, "what was said once holds"
    home.run("remove", "--yes")
    assert crontab.read_text(encoding="utf-8") == OWNERS


def test_the_clock_of_cron_is_the_hosts_or_as_said(home: Home) -> None:
    (home.root / "etc").mkdir()
    (home.root / "etc/localtime").symlink_to("/usr/share/zoneinfo/America/New_York")
    home.apply("--target", "crontab")
    file = home.file("/etc/cron.d/delcia")
    assert "The clock of cron is America/New_York." in file.read_text(encoding="utf-8")
    home.apply("--cron-zone", "UTC")
    assert "zone=UTC" in file.read_text(encoding="utf-8")
    assert home.diff().status == 0
    other = home.apply("--cron-zone", "Mars/Olympus")
    assert other.status == 2
    assert "[host-zone]" in other.stderr


def test_a_host_whose_clock_was_changed_shows_it_as_a_difference(home: Home) -> None:
    home.apply("--target", "crontab")
    assert home.diff().status == 0
    (home.root / "etc/localtime").symlink_to("/usr/share/zoneinfo/Europe/Paris")
    changed = home.diff()
    assert changed.status == 1
    assert "+# The clock of cron is Europe/Paris." in changed.stdout


@pytest.mark.parametrize(
    ("options", "slug"),
    [
        (["--target", "systemd", "--cron-user", "root"], "usage"),
        (["--cron-file", "etc/crontab"], "usage"),
        (["--cron-file", "/etc/../etc/crontab"], "usage"),
        (["--target", "crontab", "--cron-user", "ubuntu"], "cron-user"),
    ],
)
def test_what_cannot_be_is_refused_with_the_way_out(home: Home, options: list[str], slug: str) -> None:
    ran = home.apply(*options)
    assert ran.status == 2
    assert f"[{slug}]" in ran.stderr
    assert "hint: " in ran.stderr
    assert not (home.root / "var").exists()


def test_a_file_in_the_way_is_refused(home: Home) -> None:
    home.file("/etc/cron.d/delcia").write_text("0 1 * * * root backup\n", encoding="utf-8")
    ran = home.apply("--target", "crontab")
    assert ran.status == 1
    assert "refuse  /etc/cron.d/delcia  (in the way, and not delcia's)" in ran.stdout
    assert "[foreign-unit]" in ran.stderr


def test_plans_that_became_none_need_a_word(home: Home) -> None:
    home.apply("--target", "crontab")
    (home.plans / "home.yaml").unlink()
    assert "this would remove all 1 plans" in home.apply().stderr
    assert home.apply("--allow-empty").status == 0
    assert not home.file("/etc/cron.d/delcia").exists()


def test_status_computes_the_next_runs_and_sees_drift(home: Home) -> None:
    home.apply("--target", "crontab")
    shown = home.run("status").stdout
    assert "Mon 22:00  charge nights\n" in shown
    assert "charge --all\n" in shown
    assert "computed: cron runs them, /etc/cron.d/delcia\n" in shown
    file = home.file("/etc/cron.d/delcia")
    file.write_text(file.read_text(encoding="utf-8").replace("*/5", "*/9"), encoding="utf-8")
    assert "/etc/cron.d/delcia" in json.dumps(json.loads(home.run("status", "--json").stdout)["units"])
    assert "update  /etc/cron.d/delcia  (edited by hand)" in home.diff().stdout


def test_compile_shows_the_crontab_or_writes_it_into_a_folder(home: Home, tmp_path: Path) -> None:
    ran = delcia("compile", str(home.plans), "--target", "crontab", "--cron-file", "/etc/crontab", "--cron-zone", "UTC")
    assert ran.status == 0, ran.stderr
    assert ran.stdout.startswith(f"# /etc/crontab\n{BEGIN}")
    assert "\troot\t" in ran.stdout
    out = tmp_path / "out"
    delcia("compile", str(home.plans), "--target", "crontab", "--cron-file", "/etc/crontab", "--out", str(out))
    assert [path.name for path in out.iterdir()] == ["%2Fetc%2Fcrontab"]
    assert delcia("compile", str(home.plans)).stdout.startswith("# delcia-notify@.service")
