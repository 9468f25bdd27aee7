"""Which car of an account each vehicle of the plans is: by the owner's word, as before, or by its model."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from delcia.car.renault.login import FoundCar
from delcia.config.catalogue import Model, models
from delcia.core.access import Binding
from delcia.core.model import Vehicle
from delcia.errors import DelciaError, Exit

SHORTEST_TAIL = 4
_CAPACITY = re.compile(r"(?<![A-Z0-9])(\d{2,3})K(?:WH|\dB)(?![A-Z0-9])")


@dataclass(frozen=True, slots=True)
class Bound:
    """The bindings found so far, by vehicle, and the vehicles that only their owner can tell."""

    bindings: Mapping[str, Binding]
    open: tuple[Vehicle, ...] = ()

    def free(self, cars: Sequence[FoundCar]) -> tuple[FoundCar, ...]:
        """Return the cars with a plug that are no vehicle's yet."""
        taken = {binding.vin for binding in self.bindings.values()}
        return tuple(car for car in cars if car.electric and car.binding.vin not in taken)

    def with_binding(self, vehicle: Vehicle, car: FoundCar) -> "Bound":
        """Return the same with one more vehicle bound."""
        rest = tuple(each for each in self.open if each.name != vehicle.name)
        return replace(self, bindings={**self.bindings, vehicle.name: car.binding}, open=rest)


def bind(
    vehicles: Sequence[Vehicle],
    cars: Sequence[FoundCar],
    *,
    told: Mapping[str, str],
    before: Mapping[str, Binding],
) -> Bound:
    """Bind vehicles to cars. `told` are ends of VINs by vehicle, `before` the bindings of an earlier login.

    A model decides when one vehicle and one car have it; the last vehicle and the last car belong together. Raises
    `unknown-vehicle` or `unknown-vin` for what was told wrongly.
    """
    bound = Bound({}, tuple(vehicles))
    by_name = {vehicle.name: vehicle for vehicle in vehicles}
    for name, tail in told.items():
        if name not in by_name:
            hint = "there are: " + (", ".join(sorted(by_name)) or "none")
            message = f"the plans have no vehicle '{name}' in this account"
            raise DelciaError(message, slug="unknown-vehicle", hint=hint, status=Exit.USAGE)
        bound = bound.with_binding(by_name[name], _ending(tail, cars))
    for vehicle in bound.open:
        old = before.get(vehicle.name)
        same = [car for car in bound.free(cars) if old is not None and car.binding.vin == old.vin]
        bound = bound.with_binding(vehicle, same[0]) if same else bound
    for vehicle in bound.open:
        code = model_code(vehicle)
        alike = [car for car in bound.free(cars) if code and car.binding.model_code == code]
        rivals = [other for other in bound.open if model_code(other) == code]
        if len(alike) == 1 and len(rivals) == 1:
            bound = bound.with_binding(vehicle, alike[0])
    if len(bound.open) == len(bound.free(cars)) == 1:
        bound = bound.with_binding(bound.open[0], bound.free(cars)[0])
    return bound


def model_code(vehicle: Vehicle) -> str | None:
    """Return the maker's code of a vehicle's model, None for own numbers or when it is not known."""
    model = _model(vehicle)
    return model.model_code or None if model else None


def mismatch(vehicle: Vehicle, car: FoundCar) -> str | None:
    """Return in words how a car differs from the model in the plans, or None."""
    model, code = _model(vehicle), car.binding.model_code
    if model is None:
        return None
    if model.model_code and code and model.model_code != code:
        return f"vehicle '{vehicle.name}' is a {model.id} ({model.model_code}) in the plans, the car says {code}"
    tokens = {match.group(0) for match in _CAPACITY.finditer(car.details)}
    if model.vcd_token and tokens and model.vcd_token not in tokens:
        seen = ", ".join(sorted(tokens))
        return f"vehicle '{vehicle.name}' is a {model.id} ({model.vcd_token}) in the plans, the car's battery is {seen}"
    return None


def _model(vehicle: Vehicle) -> Model | None:
    return models().get(vehicle.model) if vehicle.model else None


def _ending(tail: str, cars: Sequence[FoundCar]) -> FoundCar:
    found = [car for car in cars if car.binding.vin.upper().endswith(tail.upper())]
    if len(tail) < SHORTEST_TAIL or len(found) != 1:
        hint = f"give at least the last {SHORTEST_TAIL} characters; the account has: "
        hint += ", ".join(f"{car.label} …{car.binding.vin_tail}" for car in cars) or "no cars"
        how_many = "no car" if not found else f"{len(found)} cars"
        raise DelciaError(
            f"{how_many} of the account can be meant by the VIN given", slug="unknown-vin", hint=hint, status=Exit.USAGE
        )
    return found[0]
