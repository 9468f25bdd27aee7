"""Renault, Dacia and Alpine cars, through renault-api; nothing else in delcia knows that library.

Importing this is cheap: renault-api itself is loaded when a car is connected.
"""

from pathlib import Path

from delcia.car.protocol import Car
from delcia.car.renault.patience import Patience
from delcia.core.access import Access
from delcia.core.model import Vehicle


def connect(
    vehicle: Vehicle,
    access: Access,
    *,
    locale: str,
    cache_folder: Path | None,
    base_url: str | None = None,
    patience: Patience | None = None,
) -> Car:
    """Return the car that a vehicle of the plans is bound to; no call is made before it is asked something.

    `cache_folder` keeps a short-lived token and what the car is; None: every connection asks anew. `base_url` stands
    in for Renault's addresses (`DELCIA_RENAULT_URL`). Raises DelciaError when the vehicle is bound to no car, or when
    the secrets were issued by somebody else.
    """
    from delcia.car.renault.car import RenaultCar
    from delcia.car.renault.service import service_of

    return RenaultCar(vehicle, access, service_of(locale, base_url), cache_folder, patience or Patience())
