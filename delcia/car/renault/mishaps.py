"""What each failure of the service means for the owner: words, a way out, and whether it passes by itself.

By the code the service gives, else by the HTTP status or the kind of failure. Sources: renault-api's
kamereon/models.py and its threads named beside the entries. Nothing the service wrote is repeated except its code:
its texts may hold a VIN.
"""

import re
from collections.abc import Iterator
from http import HTTPStatus

import aiohttp
from renault_api.exceptions import EndpointNotAvailableError, NotAuthenticatedException, RenaultException
from renault_api.gigya.exceptions import GigyaException, GigyaResponseException
from renault_api.kamereon.exceptions import KamereonResponseException

from delcia.car.renault.answers import NotRenaultsError
from delcia.car.renault.words import CODES, LOGIN_EXPIRED, RETRIED, STATUSES, Words
from delcia.errors import DelciaError

LOGIN_TOKEN_REFUSED = frozenset({403005, 403013})


class RedirectedError(Exception):
    """The service answered with another address, which is never followed: the secrets are not meant for it."""


_PLAIN: dict[type[BaseException], str] = {
    EndpointNotAvailableError: "not-for-this-model",
    RedirectedError: "redirected",
    NotRenaultsError: "not-renaults",
}
"""Causes that are one thing each."""


def mishap(cause: BaseException, doing: str, *, sent: bool, tries: int = 1, spent_s: float = 0.0) -> DelciaError:
    """Return what to tell the owner. `doing` is what was tried; `sent`: an order had gone out when it failed."""
    words = _words(cause)
    if sent and words.slug in RETRIED:
        message = f"it is not known whether the car got the order ({doing}): {words.message}"
        words = Words("effect-unknown", message, "nothing to do: the next run looks at the car first")
    message = words.message.format(doing=doing, code=_code(cause), within=f"{spent_s:.0f} s")
    if tries > 1 and words.slug in RETRIED:
        message += f", {tries} tries"
    return DelciaError(message, slug=words.slug, hint=words.hint, status=words.status)


def login_token_refused(cause: BaseException) -> bool:
    """Say whether the login token itself is no longer good."""
    codes = (each.error_code for each in _chain(cause) if isinstance(each, GigyaResponseException))
    return isinstance(cause, NotAuthenticatedException) and any(code in LOGIN_TOKEN_REFUSED for code in codes)


def _words(cause: BaseException) -> Words:
    if isinstance(cause, NotAuthenticatedException):
        refused = login_token_refused(cause) or cause.__cause__ is None
        return LOGIN_EXPIRED if refused else STATUSES["login-service"]
    for kind, slug in _PLAIN.items():
        if isinstance(cause, kind):
            return STATUSES[slug]
    if isinstance(cause, KamereonResponseException):
        return _by_code(cause.error_code or "")
    if isinstance(cause, GigyaException):
        return STATUSES["login-service"]
    if isinstance(cause, aiohttp.ClientResponseError):
        return _by_status(cause.status)
    if isinstance(cause, aiohttp.ClientConnectorCertificateError | aiohttp.ClientConnectorSSLError):
        return STATUSES["tls"]
    if isinstance(cause, TimeoutError):
        return STATUSES["car-unavailable"]
    if isinstance(cause, aiohttp.ClientError | OSError):
        return STATUSES["unreachable"]
    return STATUSES["refused"] if isinstance(cause, RenaultException) else STATUSES["odd-answer"]


def _by_code(code: str) -> Words:
    if code in CODES:
        return CODES[code]
    if code == "Invalid JSON":
        return STATUSES["odd-answer"]
    technical = code.startswith("err.tech") or re.fullmatch(r"5\d\d(\d\d\d)?", code)
    return STATUSES["renault-trouble" if technical else "refused"]


def _by_status(status: int) -> Words:
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return CODES["err.func.wired.overloaded"]
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return STATUSES["api-key"]
    if status == HTTPStatus.NOT_FOUND:
        return CODES["err.func.wired.not-found"]
    passing = status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.REQUEST_TIMEOUT
    # The service gives its reasons; a bare status is of something in between.
    return STATUSES["renault-trouble" if passing else "not-renaults"]


def _code(cause: BaseException) -> str:
    """Return the service's own word for it, if it is one that can be shown."""
    for each in _chain(cause):
        code = str(getattr(each, "error_code", None) or getattr(each, "status", None) or "")
        if re.fullmatch(r"(?!.*[A-Z0-9]{17})[\w.-]{1,60}", code):
            return code
    return type(cause).__name__


def _chain(cause: BaseException) -> Iterator[BaseException]:
    yield cause
    if cause.__cause__ is not None:
        yield cause.__cause__
