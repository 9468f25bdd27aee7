"""How far charging times are off: delcia's model and its peers against published times and owners' charges.

    python tests/benchmarks/estimates.py

The peers are coded from their published rules: the constant formula of the old mydelcia panel (27.4 kWh for every
car), the same with the right battery, evcc's estimator, and a flat efficiency of 0.90. All are given
the car's AC limit.
Rows and grades are explained beside the data (tests/data); those of the two Zoes of 41 kWh are not independent, for
their overhead was read off their own published times.
"""

import csv
import math
import statistics
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from delcia.config.catalogue import models
from delcia.core.energy import charging_minutes, curve
from delcia.core.learning import learn
from delcia.core.model import Account, Battery, Charger, Control, Site, Vehicle
from delcia.core.sessions import PastSession
from delcia.core.state import Owner

DATA = Path(__file__).parents[1] / "data" / "charge_times.csv"
IDS = {"zoe_41_r": "zoe-41", "zoe_41_q": "zoe-41-q90"}
OLD_KWH = 27.4
USUAL_KW = 3.7
"""Where an owner did not tell: a factor makes up for whatever it was."""
START = datetime(2026, 1, 1, tzinfo=UTC)
Row = dict[str, str]
Estimate = Callable[[Row], float]


def rows() -> list[Row]:
    """Return the rows good enough to judge by."""
    with DATA.open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["grade"] in {"A", "B"}]


def battery_of(row: Row) -> Battery:
    """Return the catalogue's numbers for a row."""
    return models()[IDS.get(row["vehicle"], row["vehicle"].replace("_", "-"))].battery


def charger_of(row: Row) -> Charger:
    """Return what the wall offered."""
    return Charger("box", float(row["power_kW"]), int(row["phases"]))


def delcia(row: Row) -> float:
    """Return delcia's minutes, nothing learned."""
    return charging_minutes(curve(battery_of(row), charger_of(row)), _soc(row, "start_soc"), _soc(row, "end_soc"))


def old_constant(row: Row) -> float:
    """Return the minutes of mydelcia: 7.5 % on top up to 80 %, half as much again for the whole to 100 %."""
    return _linear(row, OLD_KWH)


def old_right_kwh(row: Row) -> float:
    """Return the same with the car's own battery."""
    return _linear(row, battery_of(row).usable_kwh)


def evcc(row: Row) -> float:
    """Return the minutes of evcc: 0.85 at full power up to 100 - (kW - 1) / 0.98 %, then falling linearly to 1 kW.

    The last stretch is reckoned at the mean of its first and last power, as evcc does.
    """
    power, usable = _power(row), battery_of(row).usable_kwh / 0.85
    start, end = 100 * _soc(row, "start_soc"), 100 * _soc(row, "end_soc")
    bend = 100 - max(0.0, power - 1) / 0.98
    hours = max(0.0, min(end, bend) - start) / 100 * usable / power
    if end > bend:
        begin = max(start, bend)
        powers = [1 + (power - 1) * (100 - soc) / (100 - bend) for soc in (begin, end)]
        hours += (end - begin) / 100 * usable / statistics.mean(powers)
    return 60 * hours


def flat(row: Row) -> float:
    """Return the minutes with a flat efficiency of 0.90."""
    gained = battery_of(row).usable_kwh * (_soc(row, "end_soc") - _soc(row, "start_soc"))
    return 60 * gained / 0.90 / _power(row)


PEERS: dict[str, Estimate] = {
    "delcia": delcia,
    "old constant formula": old_constant,
    "  with the right kWh": old_right_kwh,
    "evcc": evcc,
    "flat 0.90": flat,
}


def errors(estimate: Estimate, judged: list[Row]) -> list[float]:
    """Return absolute errors in percent."""
    return [abs(estimate(row) / float(row["minutes"]) - 1) * 100 for row in judged]


def learners() -> list[Row]:
    """Return the charges of owners who told of several: also where the power is not known but always the same.

    Left out are the two of a test fixture of renault-api, whose powers differ and are both unknown: no factor for one
    charger can tell them (28 % off).
    """
    with DATA.open(encoding="utf-8", newline="") as file:
        told = [row for row in csv.DictReader(file) if row["type"] == "measured" and row["grade"] in {"A", "B", "S"}]
    told = [row for row in told if "charges-megane.json" not in row["source"]]
    several = [row for row in told if sum(other["source"] == row["source"] for other in told) > 1]
    return [{**row, "power_kW": row["power_kW"] or str(USUAL_KW)} for row in several]


def learned_errors(judged: list[Row]) -> list[float]:
    """Return the errors of each owner's later charges, by what the earlier ones taught."""
    found = []
    for source in dict.fromkeys((row["vehicle"], row["source"]) for row in judged):
        own = [row for row in judged if (row["vehicle"], row["source"]) == source]
        for index, row in enumerate(own[1:], start=1):
            battery = battery_of(row)
            box = charger_of(row)
            vehicle = Vehicle("car", None, battery, Control(start=True, stop=True, soc_limit=False), hold=False)
            site = Site("UTC", {"car": vehicle}, {"box": box}, {}, {}, {"default": Account("default")})
            power = curve(battery, box).wall_kw
            past = [
                _session(other, day, power)
                for day, other in enumerate(own[:index])
                if abs(float(other["power_kW"]) / float(row["power_kW"]) - 1) <= 0.01
            ]
            known = next(iter(learn(site, vehicle, past)), None)
            minutes = charging_minutes(curve(battery, box, known), _soc(row, "start_soc"), _soc(row, "end_soc"))
            if past:
                found.append(abs(minutes / float(row["minutes"]) - 1) * 100)
    return found


def _session(row: Row, day: int, power_kw: float) -> PastSession:
    began = START + timedelta(days=day)
    ended = began + timedelta(minutes=float(row["minutes"]))
    start, end = float(row["start_soc"]), float(row["end_soc"])
    return PastSession("car", Owner.DELCIA, began, ended, "window", None, "box", start, end, None, power_kw)


def _linear(row: Row, usable_kwh: float) -> float:
    to_80_h = usable_kwh * 0.8 / _power(row) * 1.075
    start, end = _soc(row, "start_soc"), _soc(row, "end_soc")
    hours = to_80_h * max(0.0, min(end, 0.8) - start) / 0.8
    return 60 * (hours + to_80_h * 0.5 * max(0.0, end - max(start, 0.8)) / 0.2)


def _power(row: Row) -> float:
    return curve(battery_of(row), charger_of(row)).wall_kw


def _soc(row: Row, key: str) -> float:
    return float(row[key]) / 100


def table(title: str, by_peer: dict[str, list[float]]) -> str:
    """Return mean, median and 90th percentile of each, as lines."""
    lines = [f"{title}: mean / median / 90th percentile of the absolute error, %"]
    for name, found in by_peer.items():
        if found:
            tenth = sorted(found)[max(0, math.ceil(0.9 * len(found)) - 1)]
            line = f"  {name:<22} {statistics.mean(found):5.1f} {statistics.median(found):5.1f} {tenth:5.1f}"
            lines.append(f"{line}   n = {len(found)}")
    return "\n".join(lines)


def main() -> int:
    """Print the tables."""
    judged = rows()
    published = [row for row in judged if row["type"] != "measured"]
    home = [row for row in published if float(row["power_kW"]) <= 7.4]
    owners = [row for row in judged if row["type"] == "measured"]
    for title, some in (
        ("published times", published),
        ("of these at 7.4 kW or less", home),
        ("owners' charges", owners),
    ):
        found = {name: errors(estimate, some) for name, estimate in PEERS.items()}
        if some is owners:
            found["delcia, after learning"] = learned_errors(learners())
        print(table(title, found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
