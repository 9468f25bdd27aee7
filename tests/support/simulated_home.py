"""A plan directory, a host in a folder and a car that does not exist, as the commands meet them."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from support.command import Ran, delcia
from support.stories import at

from delcia.resources import resource

PLANS = """\
timezone: Europe/Paris
vehicles:
  spring: {model: spring-26, hold: true, driver: simulated}
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
"""


class SimulatedHome:
    """It is Mon 18:30 at home (23 November 2026, UTC+1) until told otherwise; then the car is plugged in, with 40 %."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.plans, self.root = folder / "plans", folder / "host"
        self.plans.mkdir()
        self._patch = monkeypatch
        self.write(PLANS)
        self.go_to("Mon 18:30")

    def go_to(self, instant: str) -> None:
        """Let it be `Tue 01:38`, in the week of that Monday."""
        self.go_to_instant(at(instant))

    def go_to_instant(self, instant: datetime) -> None:
        """Let it be that instant."""
        self._patch.setenv("DELCIA_NOW", instant.isoformat())

    def write(self, text: str) -> None:
        """Put this into the one plan file."""
        (self.plans / "home.yaml").write_text(text, encoding="utf-8")

    def run(self, *argv: str) -> Ran:
        """Run a command on this host."""
        return delcia(*argv, "--root", str(self.root))

    def apply(self) -> None:
        """Apply the plans."""
        ran = self.run("apply", str(self.plans), "--yes")
        assert ran.status == 0, ran.stderr

    def tick(self, *instants: str) -> Ran:
        """Let the timers fire at these instants; return how the last run ended."""
        ran = None
        for instant in instants:
            self.go_to(instant)
            ran = self.run("charge", "--all")
        assert ran is not None
        return ran


def published(name: str, text: str) -> Any:  # noqa: ANN401 - JSON has no better type
    """Return the data of a command's JSON, which must be as the published schema of that name says."""
    schema = json.loads(resource("schemas", f"{name}.schema.json").read_text(encoding="utf-8"))
    data = json.loads(text)
    validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    problems = [f"{error.json_path}: {error.message}" for error in validator.iter_errors(data)]
    assert problems == []
    return data
