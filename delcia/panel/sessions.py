"""Who is on the other side: a signed cookie, and a token in every form that only its page could have."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from delcia.panel.secrets import Secrets

LASTS = timedelta(days=30)
Kind = Literal["owner", "guest"]
PARTS = 4


@dataclass(frozen=True, slots=True)
class Session:
    """A visit. `owner`: of somebody who has given the password, or needs none; a guest may only give it."""

    kind: Kind
    began_s: int
    name: str


def signing_key(seed: bytes, known: Secrets) -> bytes:
    """Return the key for cookies: another one as soon as the password is another, so that old visits end."""
    return hmac.digest(seed, f"delcia panel\0{known.salt}\0{known.password}".encode(), "sha256")


def new_session(kind: Kind, now: datetime) -> Session:
    """Return a visit that begins now."""
    return Session(kind, int(now.timestamp()), secrets.token_urlsafe(18))


def cookie_of(session: Session, key: bytes) -> str:
    """Return the text of the cookie that makes a visit known again."""
    text = f"{session.kind}.{session.began_s}.{session.name}"
    return f"{text}.{_sign(key, text)}"


def session_from(cookie: str, key: bytes, now: datetime) -> Session | None:
    """Return the visit that a cookie belongs to; None for one that is forged, too old, or from the future."""
    text, _, signature = cookie.rpartition(".")
    if not hmac.compare_digest(_sign(key, text).encode(), signature.encode("utf-8", "replace")):
        return None
    kind, began, name = text.split(".")
    session = Session("owner" if kind == "owner" else "guest", int(began), name)
    age = now - datetime.fromtimestamp(session.began_s, now.tzinfo)
    return session if -LASTS < age < LASTS else None


def form_token(session: Session, key: bytes) -> str:
    """Return the token for the forms of a visit."""
    return _sign(key, f"form.{session.kind}.{session.began_s}.{session.name}")


def is_form_token(session: Session, key: bytes, token: str) -> bool:
    """Return whether a form came from a page of this visit."""
    return hmac.compare_digest(form_token(session, key).encode(), token.encode("utf-8", "replace"))


def _sign(key: bytes, text: str) -> str:
    return hmac.new(key, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()
