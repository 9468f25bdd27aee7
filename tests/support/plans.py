"""Plan directories for tests: the smallest useful one, and how to write and judge others."""

from datetime import UTC, datetime
from pathlib import Path

from delcia.config import Loaded, load

NOW = datetime(2026, 11, 23, 18, 41, tzinfo=UTC)
"""19:41+01:00 on a Monday."""

SMALLEST = """\
timezone: Europe/Paris
vehicles:
  spring: {model: spring-26, hold: true}
chargers:
  socket: {amps: 16}
tariffs:
  edf:
    currency: EUR
    bands:
      - {name: off-peak, hours: ["01:38-06:38", "12:38-14:38"], price: 0.1579}
      - {name: peak, price: 0.2065}
plans:
  nights: {vehicle: spring, charger: socket, charge: {to_soc: 80}, when: {tariff: edf}, ready_by: "07:00"}
"""


def loaded(folder: Path, text: str, now: datetime = NOW) -> Loaded:
    """Write one file and load it."""
    (folder / "home.yaml").write_text(text, encoding="utf-8")
    return load(folder, now)


def slugs(found: Loaded) -> list[str]:
    """Return the slugs of all problems, in order."""
    return [problem.slug for problem in found.problems]
