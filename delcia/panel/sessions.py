"""Who is on the other side: a signed cookie, and a token in every form that only its page could have.

Beside the visit, a browser that has given the password once is known as a device, for as long as it keeps that cookie.
"""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, get_args

from delcia.panel.secrets import Secrets

LASTS = timedelta(days=30)
KNOWN_FOR = timedelta(days=400)
"""For so long a device is known: browsers keep no cookie for longer."""
Kind = Literal["owner", "guest", "device"]
KINDS: Mapping[str, Kind] = {kind: kind for kind in get_args(Kind)}


@dataclass(frozen=True, slots=True)
class Session:
    """A visit. `owner`: of somebody who has given the password, or needs none; a guest may only give it.

    A `device` is not a visit: it may only try to log in when strangers have to wait.
    """

    kind: Kind
    began_s: int
    name: str


def signing_key(seed: bytes, known: Secrets) -> bytes:
    """Return the key for cookies: another one as soon as the password is another, so that old visits end."""
    return hmac.digest(seed, f"delcia panel\0{known.salt}\0{known.password}".encode(), "sha256")


def key_of_era(key: bytes, era: str) -> bytes:
    """Return the key after all visits were ended; as long as none were, it is the key itself."""
    return hmac.digest(key, era.encode(), "sha256") if era else key


def device_key(seed: bytes) -> bytes:
    """Return the key for the cookies of devices: they stay known with another password too."""
    return hmac.digest(seed, b"delcia device", "sha256")


def new_session(kind: Kind, now: datetime) -> Session:
    """Return a visit that begins now."""
    return Session(kind, int(now.timestamp()), secrets.token_urlsafe(18))


def cookie_of(session: Session, key: bytes) -> str:
    """Return the text of the cookie that makes a visit known again."""
    text = f"{session.kind}.{session.began_s}.{session.name}"
    return f"{text}.{_sign(key, text)}"


def session_from(cookie: str, key: bytes, now: datetime, lasts: timedelta = LASTS) -> Session | None:
    """Return the visit that a cookie belongs to; None for one that is forged, too old, or from the future."""
    text, _, signature = cookie.rpartition(".")
    if not hmac.compare_digest(_sign(key, text).encode(), signature.encode("utf-8", "replace")):
        return None
    kind, began, name = text.split(".")
    session = Session(KINDS.get(kind, "guest"), int(began), name)
    age = now - datetime.fromtimestamp(session.began_s, now.tzinfo)
    return session if -LASTS < age < lasts else None


def form_token(session: Session, key: bytes) -> str:
    """Return the token for the forms of a visit."""
    return _sign(key, f"form.{session.kind}.{session.began_s}.{session.name}")


def is_form_token(session: Session, key: bytes, token: str) -> bool:
    """Return whether a form came from a page of this visit."""
    return hmac.compare_digest(form_token(session, key).encode(), token.encode("utf-8", "replace"))


def _sign(key: bytes, text: str) -> str:
    return hmac.new(key, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()
