"""`delcia validate`: what it prints where, and how it ends."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from support.command import delcia
from support.plans import SMALLEST

from delcia.resources import resource

NOW = "2026-11-23T19:41:00+01:00"
WRONG = SMALLEST.replace("hold:", "holt:").replace("amps: 16", "amps: 10")


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DELCIA_NOW", NOW)
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path))
    (tmp_path / "plans").mkdir()


def test_sound_plans_are_told_of_on_stderr_only(tmp_path: Path) -> None:
    (tmp_path / "plans" / "home.yaml").write_text(SMALLEST, encoding="utf-8")
    ran = delcia("validate", "plans")
    assert (ran.status, ran.stdout, ran.stderr) == (0, "", "no problems in 1 file\n")


def test_a_warning_is_shown_and_is_no_failure(tmp_path: Path) -> None:
    (tmp_path / "plans" / "home.yaml").write_text(SMALLEST.replace("amps: 16", "amps: 10"), encoding="utf-8")
    ran = delcia("validate", "plans")
    assert ran.status == 0
    assert ran.stdout == (
        "plans/home.yaml:13:3: warning: one night adds 36 points; below 44 % it misses 80 % by 07:00 [short-window]\n"
        "    hint: add windows, lower to_soc, raise the power, or set guarantee: true\n"
    )
    assert ran.stderr == "1 warning in 1 file\n"


def test_errors_fail_and_stand_with_their_hints_in_the_order_of_places(tmp_path: Path) -> None:
    (tmp_path / "plans" / "home.yaml").write_text(WRONG, encoding="utf-8")
    ran = delcia("validate", "plans")
    assert ran.status == 1
    assert ran.stdout == (
        "plans/home.yaml:3:3: error: 'spring' has no 'hold', which a site without home needs [missing-hold]\n"
        "    hint: add hold: true to stop a charge that begins on plugging in, or hold: false to let it run\n"
        "plans/home.yaml:3:30: error: unknown key 'holt' [unknown-key]\n"
        "    hint: did you mean 'hold'?\n"
    )
    assert ran.stderr == "2 errors in 1 file\n"


def test_json_keeps_to_its_published_schema(tmp_path: Path) -> None:
    (tmp_path / "plans" / "home.yaml").write_text(WRONG, encoding="utf-8")
    ran = delcia("validate", "plans", "--format", "json")
    answer = json.loads(ran.stdout)
    schema = json.loads(resource("schemas", "problems.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator(schema).validate(answer)
    assert ran.status == 1
    assert answer["problems"][1] == {
        "path": "plans/home.yaml",
        "line": 3,
        "column": 30,
        "level": "error",
        "slug": "unknown-key",
        "message": "unknown key 'holt'",
        "hint": "did you mean 'hold'?",
    }


def test_json_of_no_problems_is_an_empty_list(tmp_path: Path) -> None:
    (tmp_path / "plans" / "home.yaml").write_text(SMALLEST, encoding="utf-8")
    ran = delcia("validate", "plans", "--format", "json")
    assert json.loads(ran.stdout) == {"schema": "delcia/problems/1", "problems": []}


@pytest.mark.parametrize("named", ["plans", "{here}/plans"])
def test_github_gets_annotations_at_the_line_from_the_root_of_the_checkout(tmp_path: Path, named: str) -> None:
    (tmp_path / "plans" / "home.yaml").write_text(WRONG, encoding="utf-8")
    ran = delcia("validate", named.format(here=tmp_path), "--format", "github")
    assert ran.stdout.splitlines()[1] == (
        "::error file=plans/home.yaml,line=3,col=30,title=unknown-key::"
        "unknown key 'holt' [unknown-key]%0Ahint: did you mean 'hold'?"
    )


def test_nothing_in_a_plan_writes_another_command_for_github(tmp_path: Path) -> None:
    folder = tmp_path / "plans" / "a,line=1::warning::b\n"
    folder.mkdir()
    (folder / "100%.yaml").write_text('"x\\n::error::y%0A": 1\n', encoding="utf-8")
    ran = delcia("validate", "plans", "--format", "github")
    assert len(ran.stdout.splitlines()) == 2
    assert all(line.startswith("::error file=plans/a%2Cline=1%3A%3Awarning") for line in ran.stdout.splitlines())
    assert "100%25.yaml" in ran.stdout


def test_a_directory_that_is_not_there(tmp_path: Path) -> None:
    ran = delcia("validate", "none")
    assert ran.status == 1
    assert ran.stdout.startswith("none:1:1: error: no such directory [no-directory]\n    hint: ")
    assert delcia("validate", str(tmp_path / "plans")).status == 1


def test_colour_is_for_those_who_ask(tmp_path: Path) -> None:
    (tmp_path / "plans" / "home.yaml").write_text(WRONG, encoding="utf-8")
    assert "\x1b[" not in delcia("validate", "plans").stdout
    assert "\x1b[31merror\x1b[0m: unknown key" in delcia("--color", "always", "validate", "plans").stdout


def test_the_plans_of_the_project_can_be_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(Path(__file__).parents[2])
    ran = delcia("validate", "plans")
    assert ran.status == 0
    assert "error" not in ran.stdout


SIX = {
    "home.yaml": SMALLEST.replace("amps: 16", "amps: 1600").replace("vehicle: spring", "vehicle: sprung"),
    "more/night.yaml": "plans:\n"
    "  late: {vehicle: spring, charger: nowhere, charge: {to_soc: 180}, when: {start_at: 7h}}\n",
    "zone.yaml": "timezone: Europe/Paris\n",
}


def test_six_faults_in_three_files_stand_at_their_places_in_every_format(tmp_path: Path) -> None:
    (tmp_path / "plans/more").mkdir()
    for name, text in SIX.items():
        (tmp_path / "plans" / name).write_text(text, encoding="utf-8")
    ran = delcia("validate", "plans", "--format", "json")
    places = [(item["path"], item["line"], item["column"], item["slug"]) for item in json.loads(ran.stdout)["problems"]]
    assert places == [
        ("plans/home.yaml", 5, 18, "out-of-range"),
        ("plans/home.yaml", 13, 21, "unknown-vehicle"),
        ("plans/more/night.yaml", 2, 36, "unknown-charger"),
        ("plans/more/night.yaml", 2, 62, "out-of-range"),
        ("plans/more/night.yaml", 2, 85, "bad-time"),
        ("plans/zone.yaml", 1, 1, "given-twice"),
    ]
    for path, line, column, _ in places:
        text = (tmp_path / path).read_text(encoding="utf-8").splitlines()[line - 1]
        assert text[column - 1 :].startswith(("1600", "sprung", "nowhere", "180", "7h", "timezone"))
    lines = delcia("validate", "plans").stdout.splitlines()
    assert [line.split(" ")[0] for line in lines if not line.startswith(" ")] == [
        f"{path}:{line}:{column}:" for path, line, column, _ in places
    ]
    marks = delcia("validate", "plans", "--format", "github").stdout.splitlines()
    assert [mark.split("::")[1] for mark in marks] == [
        f"error file={path},line={line},col={column},title={slug}" for path, line, column, slug in places
    ]


def test_under_github_actions_annotations_are_made_unless_another_format_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    (tmp_path / "plans" / "home.yaml").write_text(WRONG, encoding="utf-8")
    assert delcia("validate", "plans").stdout.startswith("::error file=plans/home.yaml,line=3,")
    assert delcia("validate", "plans", "--format", "text").stdout.startswith("plans/home.yaml:3:3: error: ")


def test_the_schemas_are_printed_by_name() -> None:
    assert delcia("schema").stdout == resource("schemas", "delcia.schema.json").read_text(encoding="utf-8")
    assert json.loads(delcia("schema", "report").stdout)["title"] == "delcia report --json"
    ran = delcia("schema", "reprot")
    assert (ran.status, "did you mean 'report'?" in ran.stderr) == (2, True)
