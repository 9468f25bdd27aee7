"""Logging in: a password, once, for a token that lasts; and what cars the accounts then hold."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Self, TypeVar

from renault_api.gigya.exceptions import (
    InvalidCredentialsException,
    InvalidVerificationCodeException,
    PendingTwoFactorAuthenticationException,
)
from renault_api.kamereon.models import KamereonVehiclesLink
from renault_api.renault_session import RenaultSession

from delcia.car.renault import readings
from delcia.car.renault.calls import Failed, Wire, open_session, patiently
from delcia.car.renault.kinds import has_plug
from delcia.car.renault.patience import Patience
from delcia.car.renault.service import Service
from delcia.core.access import Binding
from delcia.core.state import Fix
from delcia.errors import DelciaError, Exit

if TYPE_CHECKING:
    import aiohttp

Answer = TypeVar("Answer")
NOT_THIS_ACCOUNT = frozenset({"forbidden", "access-denied", "no-data", "no-such-call", "api-key"})


@dataclass(frozen=True, slots=True)
class CodeAddress:
    """An e-mail address to which a code can be sent; `shown` is as much of it as the service tells."""

    id: str = field(repr=False)
    shown: str


@dataclass(frozen=True, slots=True)
class FoundCar:
    """A car of an account. `capacity_token` is the maker's word for its battery, such as `26K0B`."""

    binding: Binding
    account_kind: str
    label: str
    electric: bool
    active: bool
    details: str = field(default="", repr=False)
    """What the maker's details say of the battery: free text, to be searched for a capacity token."""


class Login:
    """One conversation with the login service. Use it as a context; the password is forgotten with it."""

    def __init__(self, service: Service, device_ids: Mapping[str, str], patience: Patience | None = None) -> None:
        self._service, self._device_ids = service, device_ids
        self._patience = patience or Patience()
        self._wire = Wire()
        self._runner = asyncio.Runner()
        self._http: aiohttp.ClientSession | None = None
        self._session: RenaultSession | None = None

    def __enter__(self) -> Self:
        """Open nothing yet."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of the connection and of the password."""
        if self._http is not None:
            self._runner.run(self._http.close())
        self._http = self._session = None
        self._runner.close()

    @property
    def origin(self) -> str:
        """Return who issues the token."""
        return self._service.origin

    def token(self) -> str:
        """Return the login token, once logged in."""
        token = None if self._session is None else self._session.login_token
        if token is None:
            msg = "asked for a token before there was one"
            raise ValueError(msg)
        return token

    def device_ids(self) -> dict[str, str]:
        """Return by what the service knows this host again."""
        return {} if self._session is None else self._session.device_ids

    def resume(self, token: str) -> None:
        """Go on with a token of an earlier login."""

        async def take(session: RenaultSession) -> None:
            session.set_login_token(token)

        self._run(take, "taking up the login")

    def give_password(self, email: str, password: str) -> tuple[CodeAddress, ...]:
        """Log in. Return nothing when that is all, else the addresses to which a code can be sent.

        Never tried twice: too many failures lock an account.
        """

        async def log_in(session: RenaultSession) -> tuple[CodeAddress, ...]:
            try:
                await session.login(email, password)
            except PendingTwoFactorAuthenticationException:
                found = await session.get_two_factor_auth_emails()
                return tuple(CodeAddress(each.id or "", each.obfuscated or "your e-mail address") for each in found)
            return ()

        return self._run(log_in, "logging in", once=True)

    def send_code(self, address: CodeAddress) -> None:
        """Have the service send a code."""
        self._run(lambda session: session.request_two_factor_auth_code(address.id), "asking for a code", once=True)

    def give_code(self, code: str) -> None:
        """Complete the login with the code of the e-mail; raises `wrong-code`, and then it may be given again."""
        self._run(lambda session: session.complete_two_factor_auth(code), "giving the code", once=True)

    def cars(self) -> tuple[FoundCar, ...]:
        """Return the cars of all accounts, each once. Accounts that do not answer to this person are left out."""
        person = self._run(lambda session: session.get_person(), "looking up the accounts")
        found: dict[str, FoundCar] = {}
        refusals: list[DelciaError] = []
        for account in person.accounts or []:
            if account.accountId is None:
                continue
            try:
                links = self._links(account.accountId)
            except DelciaError as error:
                if error.slug not in NOT_THIS_ACCOUNT:
                    raise
                refusals.append(error)
                continue
            for link in links:
                car = _found(account.accountId, account.accountType or "", link)
                if car is not None and not (car.binding.vin in found and found[car.binding.vin].active):
                    found[car.binding.vin] = car
        if refusals and len(refusals) == len(person.accounts or []):
            raise refusals[0]
        return tuple(found.values())

    def place_of(self, car: FoundCar) -> Fix | None:
        """Return where a car says it is, or None when it does not say so, or not since when."""
        binding = car.binding

        async def ask(session: RenaultSession) -> object:
            answer = await session.get_vehicle_data(binding.account_id, binding.vin, "location")
            return answer.data.attributes if answer.data else None

        try:
            attributes = self._run(ask, "locating the car")
        except DelciaError as error:
            if error.status is Exit.BROKEN:
                return None  # its model has no such answer
            raise
        return readings.fix(attributes) if isinstance(attributes, dict) else None

    def _links(self, account_id: str) -> list[KamereonVehiclesLink]:
        answer = self._run(lambda session: session.get_account_vehicles(account_id), "looking up the cars")
        return answer.vehicleLinks or []

    def _run(self, work: Callable[[RenaultSession], Awaitable[Answer]], doing: str, *, once: bool = False) -> Answer:
        patience = replace(self._patience, tries=1) if once else self._patience

        async def all_of_it() -> Answer:
            session = self._opened()
            return await patiently(lambda: work(session), self._wire, patience, doing)

        try:
            return self._runner.run(all_of_it())
        except Failed as failed:
            raise _at_login(failed) from None

    def _opened(self) -> RenaultSession:
        if self._session is None:
            self._http = open_session(self._wire, self._patience, loopback=self._service.loopback)
            locale = self._service.locale
            details = dict(self._service.details)
            self._session = RenaultSession(self._http, locale=locale, country=locale[-2:], locale_details=details)
            self._session.set_device_ids(self._device_ids)
        return self._session


def _at_login(failed: Failed) -> DelciaError:
    """Return the words for what only happens at a login."""
    if isinstance(failed.cause, InvalidCredentialsException):
        message = "Renault does not take this e-mail address and password"
        hint = "try them in the car's app; if they work there, update delcia and run 'delcia login' again"
        return DelciaError(message, slug="wrong-password", hint=hint, status=Exit.LOGIN)
    if isinstance(failed.cause, InvalidVerificationCodeException):
        hint = "look for the newest e-mail of Renault's, or run 'delcia login' again for another code"
        return DelciaError("Renault does not take this code", slug="wrong-code", hint=hint, status=Exit.LOGIN)
    return failed.error


def _found(account_id: str, kind: str, link: KamereonVehiclesLink) -> FoundCar | None:
    if not link.vin:
        return None
    details: Any = link.vehicleDetails
    energy = None if details is None else details.engineEnergyType or details.get_energy_code()
    code = None if details is None else details.get_model_code()
    label = "" if details is None else " ".join(filter(None, (details.get_brand_label(), details.get_model_label())))
    return FoundCar(
        binding=Binding(account_id, link.vin, code),
        account_kind=kind,
        label=label or code or "a car",
        electric=has_plug(code, energy),
        active=link.raw_data.get("status") in {None, "ACTIVE"},
        details=""
        if details is None
        else str(details.raw_data.get("vcd") or details.raw_data.get("batteryType") or ""),
    )
