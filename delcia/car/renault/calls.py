"""Calls to the service that end: within a time, without following anybody elsewhere, retried as far as that is safe."""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import TypeVar

import aiohttp
import jwt
import marshmallow
from renault_api.exceptions import RenaultException
from renault_api.kamereon import ACCOUNT_ENDPOINT_ROOT
from renault_api.kamereon.models import KamereonVehicleDetails
from renault_api.kamereon.schemas import KamereonVehicleDetailsResponseSchema
from renault_api.renault_vehicle import RenaultVehicle

from delcia.car.renault.answers import ENCODINGS, BoundedResponse, NotRenaultsError
from delcia.car.renault.kinds import CarKind
from delcia.car.renault.mishaps import RedirectedError, mishap
from delcia.car.renault.patience import Patience
from delcia.car.renault.words import RETRIED
from delcia.errors import DelciaError

Answer = TypeVar("Answer")
START = "/kcm/v1/vehicles/{vin}/charge/start"

FAILURES = (
    RenaultException,
    NotRenaultsError,
    RedirectedError,
    aiohttp.ClientError,
    TimeoutError,
    OSError,
    marshmallow.ValidationError,
    jwt.PyJWTError,
    # Answers of odd shapes, inside the library: renault-api checks few of them.
    ValueError,
    TypeError,
    AttributeError,
    ArithmeticError,
    LookupError,
    RecursionError,
)


@dataclass(slots=True)
class Wire:
    """What went over the line since it was last reset."""

    ordered: bool = False
    """The beginning of a POST to the car API was sent."""
    calls: int = 0
    """All requests, to the login service too."""


def open_session(wire: Wire, patience: Patience, *, loopback: bool) -> aiohttp.ClientSession:
    """Return a session for the client to use. Call it where the event loop runs.

    A connection serves one call: between two calls the loop stands still, and would not see it being closed.
    """
    logging.getLogger("renault_api").setLevel(logging.WARNING)  # its debug output shows VIN, place and tokens
    logging.getLogger("renault_api").addHandler(logging.NullHandler())  # advice to developers, on an owner's terminal
    return aiohttp.ClientSession(
        timeout=aiohttp.ClientTimeout(total=patience.answer_s, connect=patience.connect_s),
        connector=aiohttp.TCPConnector(force_close=True),
        cookie_jar=aiohttp.CookieJar(unsafe=loopback),
        trace_configs=[_trace(wire)],
        auto_decompress=False,
        headers={"Accept-Encoding": ENCODINGS},
        response_class=BoundedResponse,
    )


async def patiently(work: Callable[[], Awaitable[Answer]], wire: Wire, patience: Patience, doing: str) -> Answer:
    """Return what `work` returns. Try again what may be gone in a moment, but never an order that has gone out.

    Raises DelciaError when the tries or the time are over. Errors of the service that need another token are left to
    the caller, see `FAILURES`.
    """
    loop = asyncio.get_running_loop()
    begin, tries = loop.time(), 0
    deadline = begin + patience.deadline_s
    while True:
        tries += 1
        wire.ordered = False
        try:
            async with asyncio.timeout_at(deadline):
                return await work()
        except FAILURES as cause:
            spent_s = loop.time() - begin
            error = mishap(cause, doing, sent=wire.ordered, tries=tries, spent_s=spent_s)
            wait_s = patience.wait_s(tries, random.random())  # noqa: S311 - spreads calls, protects nothing
            if error.slug not in RETRIED or tries >= patience.tries or spent_s + wait_s >= patience.deadline_s:
                raise Failed(error, cause) from None
        await asyncio.sleep(wait_s)


class Failed(Exception):  # noqa: N818 - carries an error, is none to be shown
    """The words for the owner, and the cause for those who can do something about it."""

    def __init__(self, error: DelciaError, cause: BaseException) -> None:
        super().__init__(error.slug)
        self.error = error
        self.cause = cause


def _trace(wire: Wire) -> aiohttp.TraceConfig:
    async def sent(
        _session: aiohttp.ClientSession, _context: SimpleNamespace, what: aiohttp.TraceRequestHeadersSentParams
    ) -> None:
        if what.method == "POST" and "/commerce/" in what.url.path:
            wire.ordered = True

    async def begun(_session: aiohttp.ClientSession, _context: SimpleNamespace, _what: object) -> None:
        wire.calls += 1

    async def redirected(_session: aiohttp.ClientSession, _context: SimpleNamespace, _what: object) -> None:
        raise RedirectedError

    trace = aiohttp.TraceConfig()
    trace.on_request_start.append(begun)
    trace.on_request_headers_sent.append(sent)
    trace.on_request_redirect.append(redirected)
    return trace


def details_of(kind: CarKind) -> KamereonVehicleDetails:
    """Return a car's kind as the library wants it."""
    data = {"model": {"code": kind.model_code}, "engineEnergyType": kind.energy}
    details: KamereonVehicleDetails = KamereonVehicleDetailsResponseSchema.load(data)
    return details


async def start_otherwise(car: RenaultVehicle) -> None:
    """Start a car in the way of the Megane, which renault-api has for that one alone."""
    body = {"data": {"type": "ChargingStart", "attributes": {"action": "start"}}}
    await car.http_post(ACCOUNT_ENDPOINT_ROOT + START, body)
