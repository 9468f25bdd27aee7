"""What an answer of the service may be, before renault-api sees it: its size, its depth, its form, and a JWT's end.

renault-api reads and unpacks an answer whole and believes its types. All that does not fit is an odd answer.
"""

import re
import zlib
from http import HTTPStatus
from math import isfinite

import aiohttp
from renault_api.credential import Credential, JWTCredential
from renault_api.credential_store import CredentialStore

MOST_B = 1_000_000
"""Of an answer, as it comes and unpacked; the longest real ones, a month of charges, have some 20 kB."""
DEEPEST = 50
"""Brackets in brackets; real answers have seven. Python's own reader ends at a thousand, as a bug."""
ENCODINGS = "gzip, deflate"
"""What the service may pack its answers with; aiohttp would ask for more where more is installed."""
_UNPACKS = frozenset({"gzip", "x-gzip", "deflate"})
_GZIP_OR_ZLIB = 47
_BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[{]|[\]}]', re.DOTALL)
"""Brackets, and the texts in which they do not count; possessive, so that no text takes longer than its length."""


class OddAnswerError(ValueError):
    """An answer that nothing can be made of; `error_code` says why, in a word."""

    def __init__(self, error_code: str) -> None:
        super().__init__(error_code)
        self.error_code = error_code


class NotRenaultsError(Exception):
    """A refusal in another form than the service's: of a proxy, a portal or a gateway in between."""

    def __init__(self, status: int) -> None:
        super().__init__(str(status))
        self.status = status


class BoundedResponse(aiohttp.ClientResponse):
    """A response that reads no more than it may. Its session must not unpack by itself."""

    async def text(self, encoding: str | None = None, errors: str = "replace") -> str:
        """Return the whole answer, which is JSON and so UTF-8. Raises OddAnswerError or NotRenaultsError."""
        del encoding
        packed = bytearray()
        async for part in self.content.iter_any():
            packed += part
            if len(packed) > MOST_B:
                self.close()
                raise OddAnswerError("too-large")
        text = unpacked(bytes(packed), self.headers.get("Content-Encoding", "")).decode("utf-8", errors)
        _check_form(self.status, text)
        _check_depth(text)
        return text


class CheckedStore(CredentialStore):
    """Tokens in memory, among them no JWT whose end cannot be told: renault-api would fail at its next use."""

    def __setitem__(self, name: str, value: Credential) -> None:
        """Keep a token. Raises OddAnswerError."""
        if isinstance(value, JWTCredential):
            ends: object = value.expiry
            if isinstance(ends, bool) or not isinstance(ends, int | float) or not isfinite(ends):
                raise OddAnswerError("jwt-end")
        super().__setitem__(name, value)


def unpacked(packed: bytes, encoding: str) -> bytes:
    """Return the bytes of an answer, of which no more are unpacked than it may have. Raises OddAnswerError."""
    encoding = encoding.strip().lower()
    if encoding in {"", "identity"}:
        return packed
    if encoding not in _UNPACKS:
        raise OddAnswerError("packed")
    unpacker = zlib.decompressobj(_GZIP_OR_ZLIB)
    try:
        found = unpacker.decompress(packed, MOST_B + 1)
    except zlib.error:
        raise OddAnswerError("packed") from None
    if len(found) > MOST_B:
        raise OddAnswerError("too-large")
    if not unpacker.eof:
        raise OddAnswerError("packed")
    return found


def _check_form(status: int, text: str) -> None:
    """Refuse a refusal that is not JSON, but for those that any server gives while it is busy."""
    refused = HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR
    busy = status in {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS}
    if refused and not busy and not text.startswith(("{", "[")):
        raise NotRenaultsError(status)


def _check_depth(text: str) -> None:
    if text.count("[") + text.count("{") <= DEEPEST:
        return
    depth = 0
    for found in _BRACKETS.finditer(text):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(found[0][0], 0)
        if depth > DEEPEST:
            raise OddAnswerError("too-deep")
