"""The cars that delcia knows: one row per model code and battery, each with its sources (`delcia/data/models.csv`)."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from delcia.core.model import Battery, Control

_FILE = Path(__file__).parent.parent / "data" / "models.csv"
PLACELESS = frozenset({"X101VE", "XFB2BI"})
"""Model codes whose cars never tell where they are (renault-api: their `location` is not available)."""
HOLD_ANYWHERE = "write hold: anywhere in the plans: it is then held wherever it is plugged in, unless it charges fast"
_RESUMES = frozenset({"X101VE"})
"""Model codes of cars that go on by themselves some minutes after a stop (renault-api#1191)."""
_CANNOT = frozenset({"none", "no-effect"})


@dataclass(frozen=True, slots=True)
class Model:
    """One car of the catalogue.

    `start`, `stop` and `soc_limit` name the way the maker's service offers, or say `none`, `no-effect` (accepted, then
    ignored) or `unknown` (no owner has reported). `vcd_token` is the capacity token in the maker's vehicle details.
    """

    id: str
    label: str
    model_code: str
    vcd_token: str
    usable_kwh: float
    ac_1phase_kw: float
    ac_3phase_kw: float
    overhead_kw: float
    overhead_basis: str
    start: str
    stop: str
    soc_limit: str
    source: str
    control_source: str
    notes: str

    @property
    def placeless(self) -> bool:
        """Return whether the car never tells where it is."""
        return self.model_code in PLACELESS

    @property
    def battery(self) -> Battery:
        """Return the charging model's numbers."""
        return Battery(self.usable_kwh, self.ac_1phase_kw, self.ac_3phase_kw, self.overhead_kw)

    @property
    def resumes(self) -> bool:
        """Return whether it is known to go on by itself after a stop."""
        return self.model_code in _RESUMES

    @property
    def control(self) -> Control:
        """Return what can be relied on: a start is tried where it is unknown, a stop and a limit are not."""
        return Control(
            start=self.start not in _CANNOT,
            stop=self.stop not in _CANNOT | {"unknown"},
            soc_limit=self.soc_limit not in _CANNOT | {"unknown"},
        )


def tells_no_place(vehicle: str) -> str:
    """Return what follows for a held car that never tells where it is."""
    return f"'{vehicle}' tells no place, so nobody knows whether it is at home, and hold: true never holds it"


@cache
def models() -> dict[str, Model]:
    """Return the catalogue by id, in the order of its file."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        return {row["id"]: _model(row) for row in csv.DictReader(file)}


def _model(row: dict[str, str]) -> Model:
    return Model(
        id=row["id"],
        label=row["label"],
        model_code=row["model_code"],
        vcd_token=row["vcd_token"],
        usable_kwh=float(row["usable_kwh"]),
        ac_1phase_kw=float(row["ac_1phase_kw"]),
        ac_3phase_kw=float(row["ac_3phase_kw"]),
        overhead_kw=float(row["overhead_kw"]),
        overhead_basis=row["overhead_basis"],
        start=row["start"],
        stop=row["stop"],
        soc_limit=row["soc_limit"],
        source=row["source"],
        control_source=row["control_source"],
        notes=row["notes"],
    )
