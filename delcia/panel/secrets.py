"""What lets somebody in: a password kept as a scrypt hash, and the token of the JSON endpoint as a digest."""

import hashlib
import hmac
import json
import secrets
from dataclasses import asdict, dataclass, replace

from delcia.errors import DelciaError, Exit

SCHEMA = "delcia/panel-secrets/1"
COST, BLOCK, LANES = 2**13, 8, 10
"""scrypt's n, r and p: 8 MB, and a quarter of a second of a desktop or a second of a small board, for one try."""
SHORTEST, LONGEST = 8, 200


@dataclass(frozen=True, slots=True)
class Secrets:
    """Both as hexadecimal text; empty where there is none. `cost` is scrypt's n of the hash."""

    salt: str = ""
    password: str = ""
    cost: int = COST
    token: str = ""

    @property
    def has_password(self) -> bool:
        """Whether a password was set."""
        return bool(self.password)


def dump(found: Secrets) -> str:
    """Return the secrets as the text of their file."""
    return json.dumps({"schema": SCHEMA, **asdict(found)}, indent=1) + "\n"


def load(text: str | None) -> Secrets:
    """Return the secrets in the text of their file, none where there is no file. Raises DelciaError 78."""
    if text is None:
        return Secrets()
    try:
        data = json.loads(text)
        found = Secrets(str(data["salt"]), str(data["password"]), int(data["cost"]), str(data["token"]))
        bytes.fromhex(found.salt)
    except (ValueError, TypeError, KeyError):
        message = "the password of the panel cannot be read"
        hint = "set it again: delcia panel --set-password"
        raise DelciaError(message, slug="panel-secrets", hint=hint, status=Exit.BROKEN) from None
    return found


def with_password(found: Secrets, password: str) -> Secrets:
    """Return the secrets with a new password. Raises `bad-password` for one that is too short or too long."""
    if not SHORTEST <= len(password) <= LONGEST:
        message = f"the password must have {SHORTEST} to {LONGEST} characters"
        raise DelciaError(message, slug="bad-password", hint="some words together are easy to keep", status=Exit.USAGE)
    salt = secrets.token_bytes(16)
    return replace(found, salt=salt.hex(), cost=COST, password=_hash(password, salt, COST))


def is_password(found: Secrets, password: str) -> bool:
    """Return whether it is the password; takes its time, whatever is given."""
    salt = bytes.fromhex(found.salt) or bytes(16)
    given = _hash(password[: LONGEST + 1], salt, found.cost)
    return hmac.compare_digest(given, found.password) and found.has_password


def new_token(found: Secrets) -> tuple[Secrets, str]:
    """Return the secrets with the digest of a new token, and the token, which is kept nowhere."""
    token = secrets.token_urlsafe(32)
    return replace(found, token=_digest(token)), token


def is_token(found: Secrets, token: str) -> bool:
    """Return whether it is the token of the JSON endpoint."""
    return hmac.compare_digest(_digest(token), found.token) and bool(found.token)


def _hash(password: str, salt: bytes, cost: int) -> str:
    words = password.encode("utf-8", "surrogatepass")
    return hashlib.scrypt(words, salt=salt, n=cost, r=BLOCK, p=LANES, maxmem=64 * 2**20).hex()


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
