"""`delcia compile`: units on stdout or in a folder, problems on stderr."""

from pathlib import Path

import pytest
from support.command import delcia

PLAN = """\
timezone: Europe/Paris
vehicles:
  spring: {model: spring-26, hold: true}
chargers:
  socket: {amps: 10}
tariffs:
  edf:
    currency: EUR
    bands:
      - {name: off-peak, hours: ["01:38-06:38"], price: 0.1579}
      - {name: peak, price: 0.2065}
plans:
  nights: {vehicle: spring, charger: socket, charge: {to_soc: 80}, when: {tariff: edf, bands: [off-peak]}}
"""


@pytest.fixture
def plans(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DELCIA_NOW", "2026-11-23T19:41:00+01:00")
    folder = tmp_path / "plans"
    folder.mkdir()
    (folder / "home.yaml").write_text(PLAN, encoding="utf-8")
    return folder


def test_the_units_go_to_stdout_each_below_its_name(plans: Path) -> None:
    ran = delcia("compile", str(plans))
    assert ran.status == 0
    names = [line[2:] for line in ran.stdout.splitlines() if line.startswith("# delcia-")]
    assert names == [
        "delcia-notify@.service",
        "delcia-plan-nights.service",
        "delcia-plan-nights.timer",
        "delcia-reconcile.service",
        "delcia-reconcile.timer",
    ]
    assert "# start 01:38 Europe/Paris (UTC+1)\nOnCalendar=*-01..03,10..12-* 00:38:00 UTC\n" in ran.stdout


def test_the_units_go_into_a_folder(plans: Path, tmp_path: Path) -> None:
    out = tmp_path / "a" / "units"
    ran = delcia("compile", str(plans), "--out", str(out), "--executable", "/opt/delcia/bin/delcia")
    assert (ran.status, ran.stdout) == (0, "")
    assert ran.stderr.endswith(f"5 files in {out}\n")
    assert "ExecStart=:/opt/delcia/bin/delcia charge nights --scheduled\n" in read(out, "delcia-plan-nights.service")


def test_a_unit_that_is_no_longer_made_stays_and_is_named(plans: Path, tmp_path: Path) -> None:
    out = tmp_path / "units"
    out.mkdir()
    (out / "delcia-other.txt").write_text("mine\n", encoding="utf-8")
    delcia("compile", str(plans), "--out", str(out))
    (plans / "home.yaml").write_text(PLAN.replace("nights:", "evenings:"), encoding="utf-8")
    ran = delcia("compile", str(plans), "--out", str(out))
    assert ran.stderr.splitlines()[-1] == (
        "no longer made, and left there: delcia-plan-nights.service, delcia-plan-nights.timer"
    )


def test_plans_with_an_error_compile_to_nothing(plans: Path, tmp_path: Path) -> None:
    (plans / "home.yaml").write_text(PLAN.replace("vehicle: spring", "vehicle: sprong"), encoding="utf-8")
    ran = delcia("compile", str(plans), "--out", str(tmp_path / "units"))
    assert (ran.status, ran.stdout) == (1, "")
    assert "sprong" in ran.stderr
    assert "1 error" in ran.stderr
    assert not (tmp_path / "units").exists()


def test_a_folder_that_cannot_be_written_is_an_error_with_a_hint(plans: Path) -> None:
    ran = delcia("compile", str(plans), "--out", str(plans / "home.yaml" / "units"))
    assert ran.status == 1
    assert "[cannot-write]" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_program_that_no_unit_can_name_is_an_error_with_a_hint(plans: Path) -> None:
    ran = delcia("compile", str(plans), "--executable", "/opt/my car/delcia")
    assert (ran.status, ran.stdout) == (1, "")
    assert "[unsafe-path]" in ran.stderr


def test_the_plans_of_the_repository_compile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DELCIA_NOW", "2026-11-23T19:41:00+01:00")
    folder = Path(__file__).parents[2] / "plans"
    ran = delcia("compile", str(folder), "--out", str(tmp_path), "--executable", "/usr/bin/true")
    assert ran.status == 0, ran.stderr
    assert list(tmp_path.glob("delcia-plan-*.timer"))


def read(folder: Path, name: str) -> str:
    return (folder / name).read_text(encoding="utf-8")
