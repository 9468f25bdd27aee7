"""`delcia diff --against REV`: what a change of the plans brings about, without a host."""

import json
import subprocess
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from support.command import Ran, delcia

from delcia.resources import resource

NOW = "2026-11-23T19:41:00+01:00"
PLANS = """\
timezone: Europe/Paris
vehicles:
  spring: {model: spring-26, hold: true, minimum_soc: 20}
  other: {model: spring-26, hold: true, minimum_soc: 20}
chargers:
  socket: {amps: 10}
tariffs:
  edf:
    currency: EUR
    bands:
      - {name: off-peak, hours: ["01:38-06:38", "12:38-14:38"], price: 0.1579}
      - {name: peak, price: 0.2065}
plans:
  nights: {vehicle: spring, charger: socket, charge: {to_soc: 80}, when: {tariff: edf}, ready_by: "07:00"}
  theirs: {vehicle: other, charger: socket, charge: {to_soc: 60}, when: {windows: ["22:00-06:00"]}}
"""
CHANGED = PLANS.replace("when: {tariff: edf}", 'when: {windows: ["23:00-24:00"], tariff: edf}, days: [mon-fri]')


class Checkout:
    """A repository with one commit of the plans, and the plans as they are now."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.plans = folder, folder / "plans"
        self.plans.mkdir()
        self.write(PLANS)
        self.git("init", "--quiet", "--initial-branch=main")
        self.commit()

    def write(self, text: str) -> None:
        """Put this into the one plan file."""
        (self.plans / "home.yaml").write_text(text, encoding="utf-8")

    def git(self, *arguments: str) -> None:
        """Run git there."""
        who = ("-c", "user.name=Somebody", "-c", "user.email=somebody@example.org")
        subprocess.run(["git", "-C", str(self.folder), *who, *arguments], check=True)

    def commit(self) -> None:
        """Commit all that is there."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message=next")

    def diff(self, *arguments: str, against: str = "HEAD") -> Ran:
        """Compare the plans with a revision."""
        return delcia("diff", str(self.plans), "--against", against, *arguments)


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Checkout:
    monkeypatch.setenv("DELCIA_NOW", NOW)
    return Checkout(tmp_path)


def test_the_text_says_what_becomes_of_timers_windows_and_the_week(checkout: Checkout) -> None:
    checkout.write(CHANGED)
    ran = checkout.diff()
    assert ran.status == 1
    assert ran.stdout.startswith(
        "update  plan nights\nupdate  delcia-plan-nights.timer\n    - start 01:38 Europe/Paris\n"
    )
    rows = [" ".join(line.split()) for line in ran.stdout.splitlines()]
    assert "windows daily 01:38–06:38, 12:38–14:38 → Mon–Thu, Sun 23:00–24:00" in rows
    assert "target 80 %, ready by 07:00" in rows, "what stays is not said twice"
    spring = rows.index("vehicle spring")
    assert rows[spring + 1].startswith("ready in time 7 of 7 days, 80–81 % at 07:00 → 0 of 5 days, ")
    assert rows[spring + 3].startswith("cost 8.98 EUR → ")
    assert "EUR (-" in rows[spring + 3]
    assert rows[spring + 4].startswith("Mon 23 Nov 18:30–18:35, 01:38–05:40 · 80 % at 07:00 · ")
    assert rows[spring + 5].startswith("→ 18:30–18:35, 23:00–00:00 · ")
    assert "vehicle other" not in rows


@pytest.mark.no_cover
@pytest.mark.parametrize(("columns", "widest"), [("", 100), ("70", 70)])
def test_the_text_fits_its_terminal_and_a_hundred_columns(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch, columns: str, widest: int
) -> None:
    monkeypatch.setenv("COLUMNS", columns or "500")
    many = ", ".join(f'"{hour:02}:{hour + 20}-{hour:02}:{hour + 40}"' for hour in range(12))
    checkout.write(CHANGED.replace('"22:00-06:00"', many))
    lines = checkout.diff().stdout.splitlines()
    begin = next(number for number, line in enumerate(lines) if line.startswith("the coming week"))
    assert max(len(line) for line in lines[begin:] if not line.startswith("digest")) <= widest
    said = " ".join(" ".join(lines).split())
    assert all(f"{hour:02}:{hour + 20}–{hour:02}:{hour + 40}" in said for hour in range(12)), "nothing is left out"


def test_nothing_differs_where_only_comments_and_places_do(checkout: Checkout) -> None:
    checkout.write(f"# a comment\n{PLANS}")
    ran = checkout.diff()
    assert (ran.status, ran.stdout) == (0, "")
    assert "Nothing: the plans say the same as at HEAD" in checkout.diff("--format", "markdown").stdout


def test_the_digest_of_the_review_lets_apply_do_just_that(checkout: Checkout) -> None:
    checkout.write(CHANGED)
    comment = checkout.diff("--format", "markdown").stdout
    digest = comment.rpartition("--expect ")[2].strip("`\n")
    root = str(checkout.folder / "host")
    checkout.write(CHANGED.replace("to_soc: 80", "to_soc: 90"))
    refused = delcia("apply", str(checkout.plans), "--yes", "--expect", digest, "--root", root)
    assert (refused.status, "[other-digest]" in refused.stderr) == (1, True)
    checkout.write(CHANGED)
    assert delcia("apply", str(checkout.plans), "--yes", "--expect", digest, "--root", root).status == 0


def test_the_data_keep_to_their_schema(checkout: Checkout) -> None:
    schema = json.loads(resource("schemas", "consequence.schema.json").read_text(encoding="utf-8"))
    checkout.write(CHANGED)
    data = json.loads(checkout.diff("--json", "--soc", "30").stdout)
    Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(data)
    changed = {pair["name"]: pair["changed"] for pair in [*data["plans"], *data["vehicles"]]}
    assert changed == {"nights": True, "theirs": False, "spring": True, "other": False}
    assert data["vehicles"][1]["before"]["nights"][0]["soc_from_pct"] == 30


def test_plans_with_errors_are_no_change_to_apply(checkout: Checkout) -> None:
    checkout.write(PLANS.replace("vehicle: spring", "vehicle: sprung"))
    ran = checkout.diff("--format", "markdown")
    assert ran.status == 1
    assert "**The plans have errors." in ran.stdout
    assert "home.yaml:14:" in ran.stdout
    assert "--expect" not in ran.stdout


def test_plans_that_had_errors_and_plans_that_are_new_change_everything(checkout: Checkout) -> None:
    checkout.write("nonsense: true\n")
    checkout.commit()
    checkout.write(PLANS)
    ran = checkout.diff()
    assert ran.stdout.startswith("create  account default\n")
    assert "whose plans have errors" in ran.stderr
    checkout.git("mv", "plans", "moved")
    new = delcia("diff", str(checkout.folder / "moved"), "--against", "HEAD")
    assert "which has no such folder" in new.stderr
    assert "create  plan nights\n" in new.stdout


def test_what_a_comment_quotes_means_nothing_to_markdown(checkout: Checkout) -> None:
    checkout.write(PLANS + '  "@all <b>": {}\n')
    said = checkout.diff("--format", "markdown").stdout
    assert "&#64;all \\<b\\>" in said
    assert "@all" not in said


def test_an_unknown_revision_and_options_of_a_host_are_refused(checkout: Checkout) -> None:
    assert "[no-commit]" in checkout.diff(against="nowhere").stderr
    for arguments in (("--against", "HEAD", "--root", "x"), ("--format", "markdown"), ("--soc", "30")):
        ran = delcia("diff", str(checkout.plans), *arguments)
        assert (ran.status, "[usage]" in ran.stderr) == (2, True)
