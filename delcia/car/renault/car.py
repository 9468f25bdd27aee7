"""One car of Renault's, asked through renault-api: what it last reported, where it was, to start, to stop."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from jwt import PyJWTError
from renault_api.credential import Credential, JWTCredential
from renault_api.gigya import GIGYA_JWT, GIGYA_LOGIN_TOKEN
from renault_api.kamereon import ACCOUNT_ENDPOINT_ROOT
from renault_api.kamereon.exceptions import UnauthorizedException
from renault_api.renault_session import RenaultSession
from renault_api.renault_vehicle import RenaultVehicle

from delcia.car.renault import readings, settings
from delcia.car.renault.answers import CheckedStore
from delcia.car.renault.cache import Memo, cache_file, keep, key_of, memo_of
from delcia.car.renault.calls import (
    FAILURES,
    Failed,
    Wire,
    details_of,
    open_session,
    patiently,
    start_otherwise,
)
from delcia.car.renault.kinds import CarKind, judged, kind_of
from delcia.car.renault.mishaps import login_token_refused
from delcia.car.renault.patience import Patience
from delcia.car.renault.service import Service, check_origin
from delcia.car.renault.words import LOGIN_EXPIRED, NOT_BOUND, RETRIED, STATUSES, Words
from delcia.core.access import Access
from delcia.core.listed import ListedCharge
from delcia.core.model import Vehicle
from delcia.core.state import Fix, Reading, Setting
from delcia.errors import DelciaError, Exit

if TYPE_CHECKING:
    import aiohttp

Answer = TypeVar("Answer")
SETTINGS_MODE = "kcm-settings"
"""How renault-api calls the way of cars that start when their programmes are switched off."""
SETTINGS_CALL, LIMIT_CALL = "actions/charge-start", "soc-levels"
REFRESH = "/kca/car-adapter/v1/cars/{vin}/actions/refresh-battery-status"
SECOND_ZOE, OTHER_WAY = "X102VE", 2
"""The Zoe that some can start in one way only and some in the other (renault-api#2133, #2202)."""
NO_PLACE = frozenset({"not-for-this-model", "no-data"})


class RenaultCar:
    """A car behind the protocol. The library runs in an event loop of its own, only while a call lasts."""

    def __init__(
        self, vehicle: Vehicle, access: Access, service: Service, cache_folder: Path | None, patience: Patience
    ) -> None:
        check_origin(access, service)
        binding = access.vehicles.get(vehicle.name)
        if binding is None:
            raise _error(NOT_BOUND, vehicle.name)
        self._vehicle, self._access, self._service, self._patience = vehicle, access, service, patience
        self._binding, self._key = binding, key_of(binding)
        self._file = cache_file(cache_folder, vehicle.account)
        self._memo: Memo = memo_of(access, self._file)
        self._wire = Wire()
        self._store = CheckedStore()
        self._runner = asyncio.Runner()
        self._session: aiohttp.ClientSession | None = None
        self._car: RenaultVehicle | None = None
        self._settings: dict[str, Any] | None = None

    def read(self, now: datetime) -> Reading:
        """Return what the car last reported."""
        attributes = self._ask("battery-status", "reading the battery", now)
        return readings.reading(attributes, self._kind.model_code, now)

    def locate(self, now: datetime) -> Fix | None:
        """Return where the car last was; None also for models that never say."""
        try:
            return readings.fix(self._ask("location", "locating the car", now))
        except DelciaError as error:
            if error.slug in NO_PLACE:
                return None
            raise

    def charges(self, start: datetime, end: datetime) -> tuple[ListedCharge, ...]:
        """Return what the car lists of its charges; the library's own models refuse odd entries."""
        days = f"?start={start:%Y%m%d}&end={end:%Y%m%d}"
        attributes = self._ask("charges", "listing the charges", end, query=days, once=True)
        return readings.charges(attributes, end)

    def start_changes(self, now: datetime) -> tuple[str, str] | None:
        """Return the owner's programmes as they are and as a start leaves them, on cars that start by them."""
        if not self._starts_by_settings(now):
            return None
        self._settings = self._plain(SETTINGS_CALL, "reading the programmes", now)
        before, ours = (settings.programmes(each) for each in (self._settings, settings.charging_off(self._settings)))
        return (before, ours) if before != ours else None

    def setting(self, what: Setting, now: datetime) -> str:
        """Return the programmes, or the SoC limit, in the car API's words."""
        if what == "limit":
            doing = "reading the SoC limit"
            return self._understood(lambda: settings.limit(self._plain(LIMIT_CALL, doing, now)), doing)
        self._settings = self._plain(SETTINGS_CALL, "reading the programmes", now)
        return settings.programmes(self._settings)

    def change(self, what: Setting, to: str, now: datetime) -> None:
        """Ask the car to take programmes, or a SoC limit."""
        if what == "limit":
            doing = "setting the SoC limit"
            levels = self._understood(lambda: settings.limit_of(to), doing)
            self._post(LIMIT_CALL, levels, doing, now)
            return
        doing = "setting the programmes"
        known = self._settings or self._plain(SETTINGS_CALL, doing, now)
        whole = self._understood(lambda: settings.with_programmes(known, to, now), doing)
        self._post(SETTINGS_CALL, whole, doing, now)

    def wake(self, now: datetime) -> None:
        """Ask the car for a report: renault-api has no method for it (renault-api#605)."""
        body = {"data": {"type": "RefreshBatteryStatus"}}

        async def post(car: RenaultVehicle) -> None:
            await car.http_post(ACCOUNT_ENDPOINT_ROOT + REFRESH, body)

        self._call(post, "waking the car", now)

    def start(self, now: datetime, tries: int = 1) -> None:
        """Ask the car to charge, in the way of its model."""
        doing = "starting a charge"
        if not self._vehicle.control.start:
            raise _error(STATUSES["not-for-this-model"], doing)
        if self._starts_by_settings(now):
            known = self._settings or self._plain(SETTINGS_CALL, doing, now)
            self._post(SETTINGS_CALL, settings.charging_off(known), doing, now)
        elif tries == OTHER_WAY and self._kind.model_code == SECOND_ZOE and self._has_no_schedules(now):
            self._call(start_otherwise, doing, now)
        else:
            self._call(lambda car: car.set_charge_start(), doing, now)

    def stop(self, now: datetime) -> None:
        """Ask the car to stop charging, in the way of its model."""
        if not self._vehicle.control.stop:
            raise _error(STATUSES["not-for-this-model"], "stopping a charge")
        self._call(lambda car: car.set_charge_stop(), "stopping a charge", now)

    def close(self) -> None:
        """Let go of the connection."""
        session, self._session, self._car = self._session, None, None
        if session is not None:
            self._runner.run(session.close())
        self._runner.close()

    @property
    def calls_made(self) -> int:
        """Return how many requests this connection has made: tries and tokens are calls too."""
        return self._wire.calls

    @property
    def _kind(self) -> CarKind:
        return self._memo.kinds.get(self._key, CarKind(self._binding.model_code, None))

    def _starts_by_settings(self, now: datetime) -> bool:
        async def way(car: RenaultVehicle) -> str | None:
            mode: str | None = (await car.get_endpoint_definition(SETTINGS_CALL)).mode
            return mode

        return self._call(way, "starting a charge", now) == SETTINGS_MODE

    def _has_no_schedules(self, now: datetime) -> bool:
        """Say whether the other way of starting would empty no schedules of the owner's (renault-api#1708)."""
        try:
            return not self._ask("charging-settings", "reading the schedules", now).get("schedules")
        except DelciaError as error:
            if error.status is not Exit.BROKEN:
                raise
            return False

    def _plain(self, endpoint: str, doing: str, now: datetime) -> dict[str, Any]:
        """Return an answer that comes without a wrapper, as it came."""

        async def ask(car: RenaultVehicle) -> object:
            return (await car.http_get(await car.get_full_endpoint(endpoint))).raw_data

        answer = self._call(ask, doing, now)
        return answer if isinstance(answer, dict) else {}

    def _post(self, endpoint: str, body: dict[str, Any], doing: str, now: datetime) -> None:
        async def post(car: RenaultVehicle) -> None:
            await car.http_post(await car.get_full_endpoint(endpoint), body)

        self._settings = None
        self._call(post, doing, now)

    def _understood(self, work: Callable[[], Answer], doing: str) -> Answer:
        try:
            return work()
        except (ValueError, TypeError, KeyError) as error:
            words = STATUSES["odd-setting"]
            message = words.message.format(doing=doing, code=type(error).__name__)
            raise DelciaError(message, slug=words.slug, hint=words.hint, status=words.status) from None

    def _ask(self, endpoint: str, doing: str, now: datetime, *, query: str = "", once: bool = False) -> dict[str, Any]:
        """Return the attributes of an answer as they came: the library's own models refuse odd ones."""

        async def ask(car: RenaultVehicle) -> object:
            answer = await car.http_get(await car.get_full_endpoint(endpoint) + query)
            return (answer.raw_data.get("data") or {}).get("attributes")

        attributes = self._call(ask, doing, now, once=once)
        return attributes if isinstance(attributes, dict) else {}

    def _call(
        self, work: Callable[[RenaultVehicle], Awaitable[Answer]], doing: str, now: datetime, *, once: bool = False
    ) -> Answer:
        """Run one question or order, with a JWT that is young enough, and once more with a new one if it is refused.

        `once`: nothing depends on it, so that it is tried once and its failure tells the next runs nothing.
        """
        if self._memo.refused(now):
            raise _error(LOGIN_EXPIRED, doing)
        self._take_jwt(now)
        before = self._memo
        try:
            answer = self._runner.run(self._with_token(work, doing, now, once=once))
            self._memo = replace(self._memo, failed_at=None)
            return answer  # noqa: TRY300 - the answer itself cannot fail
        except Failed as failed:
            if failed.error.slug in RETRIED and not once:
                self._memo = replace(self._memo, failed_at=now.isoformat())
            if login_token_refused(failed.cause):
                self._memo = replace(self._memo, jwt=None, refused_at=now.isoformat())
            raise failed.error from None
        finally:
            if not self._memo.refused(now):
                self._memo = self._memo.with_jwt(self._store.get_value(GIGYA_JWT), now)
            if self._memo != before:
                keep(self._memo, self._file)

    async def _with_token(
        self, work: Callable[[RenaultVehicle], Awaitable[Answer]], doing: str, now: datetime, *, once: bool
    ) -> Answer:
        car = self._connected()
        patience = replace(self._patience, tries=1) if once or self._memo.failing(now) else self._patience

        async def whole() -> Answer:
            return await work(await self._learn(car, now))

        try:
            return await patiently(whole, self._wire, patience, doing)
        except Failed as failed:
            if not isinstance(failed.cause, UnauthorizedException) or not self._memo.may_remint(now):
                raise
        self._memo = replace(self._memo, reminted_at=now.isoformat())
        self._store.clear_keys([GIGYA_JWT])
        return await patiently(whole, self._wire, patience, doing)

    def _connected(self) -> RenaultVehicle:
        if self._session is None or self._car is None:
            self._session = open_session(self._wire, self._patience, loopback=self._service.loopback)
            session = RenaultSession(
                self._session,
                locale=self._service.locale,
                country=self._service.locale[-2:],
                locale_details=dict(self._service.details),
                credential_store=self._store,
            )
            known = self._memo.kinds.get(self._key)
            details = None if known is None or known.model_code is None else details_of(known)
            binding = self._binding
            self._car = RenaultVehicle(binding.account_id, binding.vin, session=session, vehicle_details=details)
        return self._car

    def _take_jwt(self, now: datetime) -> None:
        """Give the library the login token, and the JWT of an earlier run while it is young enough."""
        self._store[GIGYA_LOGIN_TOKEN] = Credential(self._access.login_token)
        self._store.clear_keys([GIGYA_JWT])
        jwt = self._memo.fresh_jwt(now)
        if jwt is not None:
            with suppress(PyJWTError, KeyError, ValueError):  # a damaged cache
                self._store[GIGYA_JWT] = JWTCredential(jwt)

    async def _learn(self, car: RenaultVehicle, now: datetime) -> RenaultVehicle:
        """Return the car once it is known what kind it is, asked once a day; refuse one that has no plug.

        An answer that names no model is no news: the car is what `login` found, or it is asked at the next call.
        """
        known = self._memo.kinds.get(self._key)
        if known is None:
            kind = judged(kind_of(await car.get_details(), now), self._binding, None)
        elif known.is_due(now):
            kind = judged(replace(known, asked_at=now.isoformat()), self._binding, None)
            with suppress(*FAILURES):  # what is known serves for another day
                again = RenaultVehicle(car.account_id, car.vin, session=car.session)
                kind = judged(kind_of(await again.get_details(), now), self._binding, known)
        else:
            kind = known
        if kind.model_code is not None and kind != known:
            self._memo = self._memo.with_kind(self._key, kind)
            car = RenaultVehicle(car.account_id, car.vin, session=car.session, vehicle_details=details_of(kind))
            self._car = car
        if not kind.has_plug:
            message = f"the car bound to '{self._vehicle.name}' has no plug"
            hint = f"run 'delcia login --vehicle {self._vehicle.name}=' with the last characters of the right VIN"
            raise DelciaError(message, slug="not-electric", hint=hint, status=Exit.BROKEN)
        return car


def _error(words: Words, doing: str) -> DelciaError:
    message = words.message.format(doing=doing)
    return DelciaError(message, slug=words.slug, hint=words.hint, status=words.status)
