"""What a year of `delcia simulate` costs, for one plan and for ten.

    python tests/benchmarks/years.py

Prints the CPU time of each in seconds, start-up included, with its goal beside it: a machine that does other things
besides makes the wall time longer, and this hardly.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

DELCIA = str(Path(sys.executable).parent / "delcia")
MOST_S = 3.0
NOW = "2026-11-24T08:00:00+01:00"
PLANS = 10

SITE = """\
timezone: Europe/Paris
chargers:
  socket: {amps: 10}
tariffs:
  edf:
    currency: EUR
    bands:
      - {name: off-peak, hours: ["01:38-06:38", "12:38-14:38"], price: 0.1579}
      - {name: peak, price: 0.2065}
"""


def plans_of(folder: Path, count: int) -> Path:
    """Write a plan directory of so many cars with a plan each, and return it."""
    folder.mkdir()
    names = [f"car-{i}" for i in range(count)]
    cars = "".join(f"  {name}: {{model: spring-26, hold: true}}\n" for name in names)
    charge = 'charger: socket, charge: {to_soc: 80}, when: {tariff: edf, bands: [off-peak]}, ready_by: "07:00"'
    plans = "".join(f"  nights-{name}: {{vehicle: {name}, {charge}}}\n" for name in names)
    (folder / "site.yaml").write_text(f"{SITE}vehicles:\n{cars}plans:\n{plans}")
    return folder


def cpu_s(plans: Path) -> float:
    """Return the CPU time of a year of all the plans of a directory, that of the processes it starts included."""
    argv = [DELCIA, "simulate", str(plans), "--soc", "80", "--days", "365", "--km", "40"]
    before = os.times()
    subprocess.run(argv, env={**os.environ, "DELCIA_NOW": NOW}, stdout=subprocess.DEVNULL, check=True)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def main() -> None:
    """Measure, print, and end with 1 when a goal is missed."""
    with tempfile.TemporaryDirectory(prefix="delcia-benchmark-") as folder:
        one = cpu_s(plans_of(Path(folder, "one"), 1))
        ten = cpu_s(plans_of(Path(folder, "ten"), PLANS))
    print(f"a year of one plan    {one:6.2f} s CPU               goal <= {MOST_S:.0f} s")
    print(f"a year of ten plans   {ten:6.2f} s CPU  {ten / one:5.2f} x one  goal <= {PLANS} x one")
    sys.exit(one > MOST_S or ten > PLANS * one)


if __name__ == "__main__":
    main()
