"""Hostile inputs of what is not a plan: requests, forms, words in the spool and a host's settings, by a fixed lot.

A tenth of 10,000 are made unless `DELCIA_HOSTILE` says how many; the plans have those of `support.hostile`.
"""

import json
import os
import random
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote_plus

from support.hostile import BYTES, STRINGS

COUNT = int(os.environ.get("DELCIA_HOSTILE", "1000"))
EACH = max(COUNT // 5, 10)
"""Of each kind: request lines and headers, forms, words in the spool, settings of a host; and plans."""
METHODS = ("GET", "POST", "HEAD", "PUT", "OPTIONS", "TRACE", "CONNECT", "get", "G\0T", "", "GET" * 1000, "PRI")
TARGETS = (
    *("/", "/login", "/car/spring", "/api/status", "/plan/nights", "/panel.css", "*", "//", "http://evil/", "spring"),
    *("/car/" + "a/" * 2000, "/%00", "/%ff%fe", "/?" + "a=b&" * 2000, "/car/spring?asked=\x01", "/é", "/\ud800"),
)
VERSIONS = ("HTTP/1.1", "HTTP/1.0", "HTTP/0.9", "HTTP/2.0", "HTTP/9999999999", "", "http/1.1", "HTTP/1.1 x")
HEADERS = (
    *("Host", "Cookie", "Content-Length", "Transfer-Encoding", "Connection", "Upgrade", "Expect", "Origin", "Range"),
    *("Content-Type", "Content-Encoding", "Accept-Language", "Authorization", "X-Forwarded-For", "Sec-Fetch-Site"),
    *("Via", "Forwarded", "", " ", ":", "X" * 9000, "Ho\0st", "If-None-Match", "Sec-WebSocket-Key", "Trailer"),
)
VALUES = (
    *("127.0.0.1", "[::1].evil.example", "delcia=owner.1.x.y", "delcia-device=device.1.x.y", "chunked", "gzip", "5"),
    *("-1", "99999999999999999999", "0x10", "5, 6", "identity, chunked", "websocket", "100-continue", "bytes=0-"),
    *("application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain; charset=utf-7", "fr;q=nan"),
    *("Bearer " + "x" * 5000, "close, keep-alive", "null", "=?utf-8?b?AA==?=", ", ".join(["fr;q=0.1"] * 900)),
)
BODIES = (
    *(
        b"",
        b"a=b",
        b"token=x&password=y",
        b"0\r\n\r\n",
        b"5\r\nabcde\r\n0\r\n\r\n",
        b"ffffffffffffffff\r\nx",
        b"-1\r\n",
    ),
    *(b"%" * 9000, b"=&" * 8000, b"\xff" * 100, b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 3, b"x" * 20_000),
)
FIELDS = (
    "far",
    "percent",
    "hours",
    "when",
    "at",
    "by",
    "until",
    "cheap_until",
    "key",
    "seen",
    "name",
    "to_soc",
    "days",
)
CHOICES = ("80", "other", "hours", "now", "at", "by", "cheap", "18:00", "sat 06:00", "nan", "inf", "-0", "1e308", "٣٤")
WORDS = ("boost", "start", "stop", "pause", "resume", "trip", "evil", "", "BOOST")
KEYS = ("schema", "key", "vehicle", "word", "to_soc", "hours", "until", "by", "at", "evil")
SETTINGS = (
    "panel: {{listen: {}}}",
    "panel: {{hosts: [{}]}}",
    "panel: {{hosts: {}}}",
    "panel: {{proxy: {}}}",
    "panel: {{plans: {{folder: {}}}}}",
    "panel: {{plans: {{repository: {}, branch: {}}}}}",
    "panel: {}",
    "notify: {{webhook: {}}}",
    "notify: {{webhook: {{url: {}, form: {}, headers: {{A: {}}}}}}}",
    "notify: {{webhook: {{file: {}}}}}",
    "notify: {{heartbeat: {}, wakes: {}}}",
    "notify: {{quiet_hours: {}, timeout_s: {}}}",
    "notify: {{command: [{}]}}",
    "notify: {}",
    "commands: {{box: {{start: {{url: {}, body: {}}}, stop: [{}]}}}}",
    "commands: {{box: {{start: [{}], stop: [{}], timeout_s: {}}}}}",
    "commands: {}",
    "sync: {{remote: {}, branch: {}, folder: {}}}",
    "sync: {{remote: 'https://example.org/a.git', interval_min: {}, verify: {}}}",
    "{}: {}",
)
BARE = (
    *(
        "1e999",
        ".nan",
        "0x1F",
        "1:99:99",
        "2026-99-99",
        "!!int x",
        "!!timestamp x",
        "!!bool x",
        "!!binary x",
        "~",
        "[]",
    ),
    *("{}", "!!python/object/apply:os.system ['true']", "&a [*a]", "*nobody", "!!set {a, b}", "!!omap [a: b]", "-1"),
    *("[" * 3000, "9" * 5000, "!!float x", "2026-02-30T25:61:61Z", "<<", "true", "0.0.0.0:8470", "'[::]:8470'"),
)
BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12)
)
"""Eleven lines that stand for 9 to the power of 12 words."""


@dataclass(frozen=True, slots=True)
class Form:
    """What is sent to a place of the panel that takes forms."""

    action: str
    fields: tuple[tuple[str, str], ...]


def _lot(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - the same inputs every time, nothing secret


def requests() -> Iterator[bytes]:
    """Yield what a connection may be sent in the place of a request."""
    lot = _lot(1)
    for number in range(EACH):
        if number % 10 == 0:
            yield lot.choice(BYTES)[:300_000] if number % 20 else lot.randbytes(lot.randrange(5000))
            continue
        line = " ".join((lot.choice(METHODS), lot.choice(TARGETS), lot.choice(VERSIONS)))
        words = (*VALUES, *STRINGS)
        headers = [f"{lot.choice(HEADERS)}: {lot.choice(words)}" for _ in range(lot.randrange(lot.choice((2, 8, 90))))]
        host = ["Host: 127.0.0.1"] if lot.random() < 0.7 else []
        end = lot.choice(("\r\n", "\r\n", "\n", "\r"))
        head = end.join((line, *host, *headers)).encode("utf-8", "surrogatepass")
        yield head + (end * 2).encode() + lot.choice(BODIES)


def forms(actions: tuple[str, ...]) -> Iterator[Form]:
    """Yield forms for places of the panel: their own fields, with values that nobody typed."""
    lot = _lot(2)
    for _ in range(EACH):
        names = lot.sample(FIELDS, lot.randrange(1, len(FIELDS)))
        more = [lot.choice(STRINGS)[:200] for _ in range(lot.randrange(3))]
        fields = [(name, lot.choice((*CHOICES, *STRINGS))) for name in (*names, *more)]
        yield Form(lot.choice(actions), tuple(fields))


def body_of(fields: tuple[tuple[str, str], ...]) -> str:
    """Return fields as a form is sent."""
    return "&".join(f"{quote_plus(key, errors='replace')}={quote_plus(text, errors='replace')}" for key, text in fields)


def spool_files() -> Iterator[bytes]:
    """Yield what a file in the spool may hold."""
    lot = _lot(3)
    for number in range(EACH):
        if number % 4 == 0:
            yield lot.choice((*BYTES, b"[" * 1900, b'{"a":' * 300, b"1" * 1900, lot.randbytes(500)))
            continue
        values: tuple[object, ...] = (
            *CHOICES,
            *STRINGS,
            None,
            True,
            -1,
            1e308,
            80,
            0.5,
            [],
            {},
            [[]],
            10**400,
            "spring",
            "nights",
        )
        word = {"schema": "delcia/request/1", "key": f"{lot.getrandbits(80):020x}", "vehicle": "spring"}
        found: dict[str, object] = {**word, "word": lot.choice(WORDS)}
        found |= {lot.choice(KEYS): lot.choice(values) for _ in range(lot.randrange(4))}
        yield json.dumps(found).encode("utf-8", "surrogatepass")


def settings() -> Iterator[str]:
    """Yield what host.yaml may hold."""
    lot = _lot(4)
    yield from (BOMB + line.replace("{}", "*a11").replace("{{", "{").replace("}}", "}") for line in SETTINGS)
    for number in range(EACH - len(SETTINGS)):
        if number % 10 == 0:
            yield lot.choice(BYTES).decode("utf-8", "replace")
            continue
        shape = lot.choice(SETTINGS)
        drawn = (lot.choice(BARE) if lot.random() < 0.5 else json.dumps(lot.choice(STRINGS)) for _ in range(3))
        yield shape.format(*drawn)
