"""Who may log in at the stand-in, with which accounts, and the tokens they hold."""

import hashlib
import secrets
import time
from dataclasses import dataclass, field
from typing import Any

import jwt

SIGNING_KEY = "a stand-in signs with no secret: this is public"
JWT_S = 900


@dataclass
class Account:
    """An account and its cars, by name. `refuses`: answers with 403, as the wrong account of a person may."""

    account_id: str
    kind: str = "MYDACIA"
    status: str = "ACTIVE"
    cars: list[str] = field(default_factory=list)
    refuses: bool = False
    link_status: str = "ACTIVE"


@dataclass
class Person:
    """Somebody with a password. `two_factor`: Renault asks for a code from an unknown device."""

    email: str
    password: str
    accounts: list[Account] = field(default_factory=list)
    two_factor: bool = False
    code: str = "246810"
    """The code that the e-mail brings."""
    devices: set[str] = field(default_factory=set)
    generation: int = 0
    """Goes up when all login tokens are revoked."""
    revoked: set[str] = field(default_factory=set)
    minted: list[str] = field(default_factory=list)
    verified: bool = False
    """A code was just accepted. The real service knows the device by its cookies alone; HTTP clients send none to an
    address without a name, such as 127.0.0.1."""

    @property
    def person_id(self) -> str:
        """Return the id of the person."""
        return "person-" + _digest(self.email)[:12]

    @property
    def login_token(self) -> str:
        """Return the one valid login token; the same after the stand-in was started again."""
        return "st2.standin." + _digest(f"{self.email} {self.password} {self.generation}")[:40]

    def mint(self) -> str:
        """Return a new JWT, which expires by the real clock, as the client checks it."""
        now = int(time.time())
        claims = {"iss": "standin", "sub": self.person_id, "iat": now, "exp": now + JWT_S, "jti": secrets.token_hex(8)}
        token = jwt.encode(claims, SIGNING_KEY, algorithm="HS256")
        self.minted.append(token)
        return token

    def revoke_jwts(self) -> None:
        """Refuse every JWT that was handed out so far."""
        self.revoked.update(self.minted)

    def revoke_login(self) -> None:
        """Refuse the login tokens handed out so far, as after a change of password."""
        self.generation += 1


def claims_of(token: str) -> dict[str, Any] | None:
    """Return what a JWT of the stand-in says, or None for any that is foreign or expired."""
    try:
        claims: dict[str, Any] = jwt.decode(token, SIGNING_KEY, algorithms=["HS256"])
    except jwt.PyJWTError:
        return None
    return claims


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
