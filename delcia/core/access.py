"""What it takes to speak for an owner at the car's maker: a login token, and which car of the account is which."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Binding:
    """Which car at the maker a vehicle of the plans is. `model_code` is what the maker calls its model."""

    account_id: str = field(repr=False)
    vin: str = field(repr=False)
    model_code: str | None = None

    @property
    def vin_tail(self) -> str:
        """Return as much of the VIN as may be shown."""
        return self.vin[-4:]


@dataclass(frozen=True, slots=True)
class Coordinates:
    """A place, in degrees."""

    latitude: float = field(repr=False)
    longitude: float = field(repr=False)


@dataclass(frozen=True, slots=True)
class Access:
    """One account's secrets. They are sent to no other `origin` (scheme, host, port) than the one that issued them."""

    origin: str
    login_token: str = field(repr=False)
    device_ids: Mapping[str, str] = field(default_factory=dict, repr=False)
    vehicles: Mapping[str, Binding] = field(default_factory=dict)
    """By the name of the vehicle in the plans."""
    home: Coordinates | None = None
