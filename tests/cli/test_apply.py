"""`delcia apply`, `diff`, `rollback`, `history` and `remove` as a person meets them, on a host in a folder."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from support.command import Ran, delcia
from support.privileges import not_root

from delcia.resources import resource

PLANS = """\
timezone: Europe/Paris
vehicles:
  spring: {model: spring-26, hold: true}
chargers:
  socket: {amps: 10}
plans:
  nights: {vehicle: spring, charger: socket, charge: {to_soc: 80}, when: {windows: ["22:00-06:00"]}}
"""
MORE = '  days: {vehicle: spring, charger: socket, charge: {to_soc: 60}, when: {windows: ["12:00-14:00"]}}\n'
NOW = "2026-11-23T19:41:00+01:00"


class Home:
    """A plan directory, and a host below a folder."""

    def __init__(self, folder: Path) -> None:
        self.plans, self.root = folder / "plans", folder / "host"
        self.plans.mkdir()
        self.write(PLANS)

    @property
    def units(self) -> Path:
        """The folder of the unit files."""
        return self.root / "etc/systemd/system"

    def write(self, text: str) -> None:
        """Put this into the one plan file."""
        (self.plans / "home.yaml").write_text(text, encoding="utf-8")

    def run(self, command: str, *arguments: str) -> Ran:
        """Run a command on this host."""
        return delcia(command, *arguments, "--root", str(self.root))

    def apply(self, *arguments: str) -> Ran:
        """Apply the plans without being asked."""
        return self.run("apply", str(self.plans), "--yes", *arguments)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("DELCIA_NOW", NOW)
    return Home(tmp_path)


def test_apply_shows_the_changes_makes_them_and_the_second_time_has_nothing_to_do(home: Home) -> None:
    ran = home.apply()
    assert ran.status == 0
    assert ran.stdout.splitlines() == [
        "create  account default",
        "create  charger socket",
        "create  plan nights",
        "create  timezone",
        "create  vehicle spring",
        "create  delcia-notify@.service",
        "create  delcia-plan-nights.service",
        "create  delcia-plan-nights.timer",
        "create  delcia-reconcile.service",
        "create  delcia-reconcile.timer",
        "generation 1 is applied: 5 unit files written, 0 removed",
    ]
    again = home.apply()
    assert (again.status, again.stdout) == (0, "nothing to change\n")


def test_diff_says_the_same_with_its_exit_status(home: Home) -> None:
    assert home.run("diff", str(home.plans)).status == 1
    home.apply()
    same = home.run("diff", str(home.plans))
    assert (same.status, same.stdout) == (0, "")
    home.write(PLANS + MORE)
    changed = home.run("diff", str(home.plans))
    assert changed.status == 1
    assert changed.stdout.startswith("create  plan days\ncreate  delcia-plan-days.service\n")
    assert "+Unit=delcia-plan-days.service" in changed.stdout


def test_a_hand_edit_is_shown_as_drift_and_repaired(home: Home) -> None:
    home.apply()
    timer = home.units / "delcia-plan-nights.timer"
    before = timer.read_text(encoding="utf-8")
    timer.write_text(before + "# mine\n", encoding="utf-8")
    shown = home.run("diff", str(home.plans))
    assert shown.status == 1
    assert shown.stdout.startswith("update  delcia-plan-nights.timer  (edited by hand)\n")
    assert "\n-# mine\n" in shown.stdout
    assert "generation 2 is applied: 1 unit file written, 0 removed" in home.apply().stdout
    assert timer.read_text(encoding="utf-8") == before
    assert home.run("diff", str(home.plans)).status == 0


def test_a_plan_that_only_changes_its_target_is_a_change(home: Home) -> None:
    home.apply()
    home.write(PLANS.replace("to_soc: 80", "to_soc: 90"))
    assert "update  plan nights\n" in home.apply().stdout
    home.write("# a comment moves every line\n" + PLANS.replace("to_soc: 80", "to_soc: 90"))
    assert "update  places of the plans in their files\n" in home.run("diff", str(home.plans)).stdout


def test_nothing_is_applied_while_a_plan_has_an_error(home: Home) -> None:
    home.write(PLANS.replace("spring,", "sprung,"))
    ran = home.apply()
    assert ran.status == 1
    assert "home.yaml:7:" in ran.stderr
    assert "[bad-plans]" in ran.stderr
    assert not home.root.exists()


def test_without_a_terminal_yes_is_needed(home: Home) -> None:
    ran = home.run("apply", str(home.plans))
    assert ran.status == 2
    assert "add --yes" in ran.stderr
    assert not home.units.exists()


@pytest.mark.parametrize(("answer", "status"), [("y", 0), ("n", 1), ("", 1)])
def test_on_a_terminal_apply_asks(home: Home, answer: str, status: int) -> None:
    ours, theirs = os.openpty()
    command = [sys.executable, "-m", "delcia", "apply", str(home.plans), "--root", str(home.root)]
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    os.write(ours, f"{answer}\n".encode())
    done = subprocess.run(command, stdin=theirs, capture_output=True, text=True, check=False, timeout=60, env=env)
    os.close(ours)
    os.close(theirs)
    assert done.returncode == status
    assert "apply these changes? [y/N]" in done.stderr
    assert (home.units / "delcia-plan-nights.timer").exists() == (answer == "y")
    assert "create  plan nights" in done.stdout


def test_a_dry_run_changes_nothing_and_its_digest_can_be_expected(home: Home) -> None:
    dry = home.run("apply", str(home.plans), "--dry-run")
    assert dry.status == 0
    assert not home.root.exists()
    digest = dry.stdout.splitlines()[-1].removeprefix("digest  ")
    assert len(digest) == 64
    home.write(PLANS + MORE)
    other = home.apply("--expect", digest)
    assert other.status == 1
    assert "[other-digest]" in other.stderr
    assert home.apply("--expect", "").status == 1
    assert not home.units.exists()
    home.write(PLANS)
    assert home.apply("--expect", digest[:16]).status == 0


def test_the_plans_in_the_present_folder_are_never_applied_by_default(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(home.plans.parent)
    ran = home.run("apply", "--yes")
    assert ran.status == 2
    assert "[no-directory]" in ran.stderr
    monkeypatch.setenv("DELCIA_PLANS", str(home.plans))
    assert home.run("apply", "--yes").status == 0
    monkeypatch.delenv("DELCIA_PLANS")
    (home.root / "etc/delcia/plans").symlink_to(home.plans)
    assert home.run("apply", "--yes").stdout == "nothing to change\n"


def test_a_file_that_is_not_delcias_is_refused(home: Home) -> None:
    home.units.mkdir(parents=True)
    (home.units / "delcia-plan-nights.timer").write_text("[Timer]\n", encoding="utf-8")
    ran = home.apply()
    assert ran.status == 1
    assert "refuse  delcia-plan-nights.timer  (in the way, and not delcia's)" in ran.stdout
    assert "[foreign-unit]" in ran.stderr
    assert home.run("apply", str(home.plans), "--dry-run").status == 1
    assert [path.name for path in home.units.iterdir()] == ["delcia-plan-nights.timer"]


def test_disabled_plans_are_the_owner_s_word(home: Home) -> None:
    home.apply()
    home.write(PLANS.replace("nights: {", "nights: {enabled: false, "))
    assert home.apply().status == 0
    assert not (home.units / "delcia-plan-nights.timer").exists()


def test_plans_that_became_none_need_a_word(home: Home) -> None:
    home.apply()
    (home.plans / "home.yaml").unlink()
    ran = home.apply()
    assert ran.status == 1
    assert "no plan is left: this would remove all 1 plans" in ran.stderr
    assert (home.units / "delcia-plan-nights.timer").exists()
    assert home.apply("--allow-empty").status == 0
    assert not (home.units / "delcia-plan-nights.timer").exists()


def test_an_empty_directory_on_a_fresh_host_is_just_wrong(home: Home) -> None:
    (home.plans / "home.yaml").unlink()
    ran = home.apply()
    assert ran.status == 1
    assert "[no-plans]" in ran.stderr


def test_what_is_applied_can_be_applied_again_whatever_became_of_its_files(home: Home) -> None:
    assert "[nothing-applied]" in home.run("apply", "--again", "--yes").stderr
    home.apply()
    home.write("no plans any more")
    assert home.run("apply", "--again", "--yes").stdout == "nothing to change\n"
    timer = home.units / "delcia-plan-nights.timer"
    text = timer.read_text(encoding="utf-8")
    timer.unlink()
    assert home.run("apply", "--again", "--yes").status == 0
    assert timer.read_text(encoding="utf-8") == text
    row = home.run("history").stdout.splitlines()[1]
    assert row.startswith("2 *")
    assert row.endswith(str(home.plans))
    assert home.run("apply", str(home.plans), "--again", "--yes").status == 2


def test_rollback_goes_back_and_history_tells(home: Home) -> None:
    home.apply()
    home.write(PLANS + MORE)
    home.apply()
    back = home.run("rollback", "--yes")
    assert back.status == 0
    assert "delete  plan days\n" in back.stdout
    assert back.stdout.endswith("generation 1 is applied: 0 unit files written, 2 removed\n")
    rows = home.run("history").stdout.splitlines()
    assert rows[0].split() == ["applied", "commit", "author", "from"]
    assert rows[1].startswith("2    2026-11-23 19:41 CET")
    assert rows[2] == "     create  plan days"
    assert rows[3].startswith("1 *  2026-11-23 19:41 CET")
    assert rows[4] == "     create  account default, charger socket, plan nights, timezone, vehicle spring"
    assert home.run("rollback", "--yes").status == 1
    assert home.run("rollback", "1", "--yes").stdout == "nothing to change\n"
    assert home.run("rollback", "2", "--yes").status == 0
    assert "[no-generation]" in home.run("rollback", "7", "--yes").stderr


def commit(home: Home, message: str) -> None:
    identity = ["-c", "user.name=Ada Zoe", "-c", "user.email=ada@example.org"]
    for arguments in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", f"--message={message}"]):
        subprocess.run(["git", "-C", str(home.plans), *identity, *arguments], check=True, capture_output=True)


def test_history_tells_what_each_generation_changed_and_what_its_commit_says(home: Home) -> None:
    many = "".join(MORE.replace("days", f"days-{number:02}") for number in range(20))
    other = PLANS.replace("to_soc: 80", "to_soc: 70").replace("  socket:", "  other: {amps: 8}\n  socket:")
    for text, message in (
        (PLANS, "Begin"),
        (f"{PLANS}{many}", "As ada@example.org asked, for VF1AAAAA123456789: see https://example.org"),
        (f"# moved\n{PLANS}{many}", "Say nothing new\n\nAnd that at length"),
        (other, f"Less {'x' * 100}"),
    ):
        home.write(text)
        commit(home, message)
        assert home.apply().status == 0
    (home.units / "delcia-reconcile.timer").unlink()
    home.apply()
    more = [line for line in home.run("history").stdout.splitlines()[1:] if line.startswith("     ")]
    assert max(map(len, more)) <= 100
    assert [line.strip() for line in more] == [
        f"commit  Less {'x' * 73}..",
        "same    the plans say what they said before",
        f"commit  Less {'x' * 73}..",
        "create  charger other",
        "delete  plan days-00, plan days-01, plan days-02, plan days-03, plan days-04, plan days-05,",
        "plan days-06, plan days-07, plan days-08, plan days-09, plan days-10, plan days-11,",
        "plan days-12, plan days-13, plan days-14, plan days-15, plan days-16, plan days-17,",
        "plan days-18, plan days-19",
        "update  plan nights",
        "commit  Say nothing new",
        "update  places of the plans in their files",
        "commit  As … asked, for …: see …",
        "create  plan days-00, plan days-01, plan days-02, plan days-03, plan days-04, plan days-05,",
        "plan days-06, plan days-07, plan days-08, plan days-09, plan days-10, plan days-11,",
        "plan days-12, plan days-13, plan days-14, plan days-15, plan days-16, plan days-17,",
        "plan days-18, plan days-19",
        "commit  Begin",
        "create  account default, charger socket, plan nights, timezone, vehicle spring",
    ]
    (home.root / "var/lib/delcia/generations/2/receipt.json").write_text("{", encoding="utf-8")
    (home.root / "var/lib/delcia/generations/5/plans.json").write_text("{}", encoding="utf-8")
    ran = home.run("history", "--json")
    assert "generations/2/receipt.json cannot be read [generation-damaged]" in ran.stderr
    found = json.loads(ran.stdout)["generations"]
    assert [(one["number"], one["since"], one["changes"] is None) for one in found] == [
        (5, None, True),
        (4, 3, False),
        (3, None, True),
        (1, None, False),
    ], "what cannot be compared is not known"
    assert found[1]["changes"][0] == {"action": "create", "kind": "charger", "name": "other"}


def test_history_knows_the_commit(home: Home) -> None:
    commit(home, "plans")
    home.apply()
    (generation,) = json.loads(home.run("history", "--json").stdout)["generations"]
    assert generation["author"] == "Ada Zoe"
    assert generation["clean"] is True
    assert generation["commit"][:10] in home.run("history").stdout
    home.write(PLANS + MORE)
    home.apply()
    assert f"{generation['commit'][:10]} and changes  Ada Zoe" in home.run("history").stdout


def test_remove_takes_the_units_and_purge_all_but_what_the_owner_wrote(home: Home) -> None:
    assert home.run("remove", "--yes").stdout == "nothing to change\n"
    home.apply()
    settings = home.root / "etc/delcia/host.yaml"
    settings.touch()
    ran = home.run("remove", "--yes")
    assert ran.status == 0
    assert "delete  delcia-plan-nights.timer\n" in ran.stdout
    assert not list(home.units.iterdir())
    assert (home.root / "var/lib/delcia/state").is_dir()
    assert home.run("rollback", "--yes").status == 0, "the last generation comes back"
    assert home.run("remove", "--purge", "--yes").status == 0
    left = [path for path in home.root.rglob("*") if "delcia" in path.name]
    assert left == [settings.parent]
    assert settings.exists()


def test_plans_that_cannot_be_read_any_more_are_replaced_without_a_word_of_failure(home: Home) -> None:
    home.apply()
    (home.root / "var/lib/delcia/state/delcia.db").touch()
    (home.root / "var/lib/delcia/generations/1/plans.json").write_text("{}", encoding="utf-8")
    ran = home.apply()
    assert (ran.status, ran.stdout.splitlines()[-1]) == (0, "generation 2 is applied: 0 unit files written, 0 removed")


def test_history_of_a_fresh_host_is_empty(home: Home) -> None:
    ran = home.run("history")
    assert (ran.status, ran.stdout, ran.stderr) == (0, "", "nothing was ever applied on this host\n")


def test_what_programs_read_keeps_its_published_form(home: Home) -> None:
    home.apply()
    home.write(PLANS + MORE)
    (home.units / "delcia-reconcile.timer").unlink()
    drop_in = home.units / "delcia-plan-nights.service.d/slow.conf"
    drop_in.parent.mkdir()
    drop_in.write_text("[Service]\nNice=5\n", encoding="utf-8")
    words = "delcia-plan-nights.service is changed by delcia-plan-nights.service.d/slow.conf: the owner's choice"
    assert f"leave   {words}\n" in home.run("diff", str(home.plans)).stdout
    for command in (["diff", str(home.plans), "--json"], ["history", "--json"]):
        data = json.loads(home.run(*command).stdout)
        schema = json.loads(resource("schemas", f"{command[0]}.schema.json").read_text(encoding="utf-8"))
        Draft202012Validator.check_schema(schema)
        Draft202012Validator(schema).validate(data)
    drift = {
        unit["name"]: unit["drift"] for unit in json.loads(home.run("diff", str(home.plans), "--json").stdout)["units"]
    }
    assert drift == {
        "delcia-plan-days.service": None,
        "delcia-plan-days.timer": None,
        "delcia-reconcile.timer": "deleted",
    }


def test_a_change_cut_short_is_told_and_undone_first(home: Home) -> None:
    home.apply()
    data = home.root / "var/lib/delcia"
    journal: dict[str, object] = {"touched": [], "existed": [], "started": [], "made": None, "current": "1\n"}
    manifest = (data / "manifest.json").read_text(encoding="utf-8")
    (data / "journal.json").write_text(json.dumps({**journal, "manifest": manifest}), encoding="utf-8")
    assert "was cut short; the next apply" in home.run("diff", str(home.plans)).stderr
    assert "that was cut short has been undone first" in home.apply().stderr
    assert home.run("diff", str(home.plans)).stderr.count("cut short") == 0
    (data / "journal.json").write_text("{", encoding="utf-8")
    assert "[journal-damaged]" in home.apply().stderr


@pytest.mark.parametrize("command", [["apply", "."], ["rollback"], ["remove"]])
def test_who_is_not_root_is_told_so(home: Home, command: list[str]) -> None:
    with not_root():
        ran = delcia(*command, "--yes")
    assert ran.status == 1
    assert "[need-root]" in ran.stderr
    assert home.plans.exists()
