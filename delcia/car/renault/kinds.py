"""What kind of car it is: asked once a day, and judged before it is kept, for an answer may be wrong once."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from delcia.core.access import Binding

if TYPE_CHECKING:
    from renault_api.kamereon.models import KamereonVehicleDetails

ELECTRIC = frozenset({"ELEC", "ELECX", "PHEV"})
ALSO_ELECTRIC = frozenset({"A5E1AE", "XCB1SE", "XFB2BI", "XFB2BK"})
"""Models with a plug whose codes do not end as those of electric cars do, in VE."""
ASKED_EVERY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class CarKind:
    """What must be known of a car before it can be asked anything. `asked_at` is an ISO text, None in old caches."""

    model_code: str | None
    energy: str | None
    asked_at: str | None = None

    @property
    def has_plug(self) -> bool:
        """Whether it can be charged, as far as anybody has said."""
        return has_plug(self.model_code, self.energy)

    def is_due(self, now: datetime) -> bool:
        """Return whether it is to be asked again: what is a day old, or from a clock that was ahead."""
        if self.asked_at is None:
            return True
        try:
            return not timedelta() <= now - datetime.fromisoformat(self.asked_at) < ASKED_EVERY
        except (ValueError, TypeError):
            return True


def has_plug(model_code: str | None, energy: str | None) -> bool:
    """Return whether a car can be charged: its model decides, for a model does not change."""
    if model_code is not None and (model_code.endswith("VE") or model_code in ALSO_ELECTRIC):
        return True
    return energy is None or energy in ELECTRIC


def kind_of(details: "KamereonVehicleDetails", now: datetime) -> CarKind:
    """Return what an answer says of a car."""
    energy = details.engineEnergyType or details.get_energy_code()
    return CarKind(details.get_model_code(), energy, now.isoformat())


def judged(said: CarKind, binding: Binding, known: CarKind | None) -> CarKind:
    """Return what is to be believed: the model that `login` found, and that what had a plug still has it."""
    code = binding.model_code or said.model_code or (known.model_code if known is not None else None)
    if known is not None and known.energy in ELECTRIC and not has_plug(code, said.energy):
        return replace(known, asked_at=said.asked_at)
    return replace(said, model_code=code)
