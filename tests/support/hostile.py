"""Hostile plan files: 300 of them, the same ones every time, and the strings that they are made of.

`DELCIA_HOSTILE` asks for more: a fifth of that number.
"""

import json
import os
import random
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml

GOOD = Path(__file__).parents[1] / "plans/good"
COUNT = max(300, int(os.environ.get("DELCIA_HOSTILE", "0")) // 5)
STRINGS = (
    "x\nExecStart=/bin/sh -c evil",
    "x\n[Service]\nExecStart=/bin/evil",
    "x\r\nOnCalendar=*-*-* *:*:00",
    "x\n* * * * * root /bin/evil",
    "x\\",
    "; /bin/evil ;",
    "$(/bin/evil)",
    "`/bin/evil`",
    "| /bin/evil",
    "%n %i %% %h",
    "${HOME} $$",
    "--all --dry-run",
    "-",
    "../../etc/passwd",
    "/etc/shadow",
    "file:///etc/shadow",
    "a b",
    "a\tb",
    "a\0b",
    "a\u2028b",
    "a\x85b",
    "\u202eevil\u202c",
    "\ufeffx",
    "été ☀ 夜",
    "",
    " ",
    "~",
    "null",
    "yes",
    "24:00",
    "25:61",
    "22:00-22:00",
    "1e999",
    "-1",
    "0x1F",
    ".nan",
    "9" * 400,
    "a" * 5000,
    "2026-02-30",
    "0000-00-00",
    "9999-12-31",
    "mon-fri-sun",
    "{{ 7 * 7 }}",
    "<script>alert(1)</script>",
    "'; DROP TABLE readings; --",
    "# END delcia",
    "# X-Delcia: plan=evil",
    "reconcile",
    "notify",
)
"""What may stand where a plan has a word: directives, lines of a crontab, shell, templates, odd numbers and dates."""
BYTES = (
    b"",
    b"\0",
    b"\xff\xfe\x00",
    b"\xef\xbb\xbf",
    b"\x80plans: {}",
    b"%YAML 9.9\n---\nplans: {}\n",
    b"--- a\n--- b\n",
    b"plans: &a {b: *a}\n",
    b"a: &a [*a]\n",
    b"plans: !!python/object/apply:os.system ['true']\n",
    b"plans: !!binary aGVsbG8=\n",
    b"plans:\n\t- a\n",
    b"? {a: b}\n: {c: d}\n",
    b"plans: {<<: {a: b}, <<: {c: d}}\n",
    b"[" * 2000,
    b"{a: " * 1000,
    b"- " * 3000 + b"a",
    b"a: " + b"b" * 900_000,
    b"a: b\n" * 60_000,
    b"".join(b"k%d: v\n" % number for number in range(40_000)),
    b"a: &x " + b"[" + b"1," * 20_000 + b"1]\nb: [" + b"*x," * 2_000 + b"1]\n",
    b"a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
    + b"".join(b"a%d: &a%d [%s]\n" % (n, n, b", ".join([b"*a%d" % (n - 1)] * 9)) for n in range(1, 12)),
    b"plans: |\n" + b"  x\n" * 100_000,
    b'"\\ud800": 1\n',
    b"plans: [" + b"!!str " * 1_000 + b"a]\n",
    b"#" * 500_000,
)
"""What is hostile as a whole: no YAML, too deep, too large, aliases of aliases."""


@cache
def bases() -> tuple[str, ...]:
    """Return sound plan files that have, together, every key of the language."""
    return tuple(
        path.read_text(encoding="utf-8")
        for path in sorted(GOOD.glob("*/home.yaml"))
        if "timezone" in path.read_text(encoding="utf-8")
    )


@cache
def spots(text: str) -> tuple[tuple[int, int], ...]:
    """Return from where to where each scalar of a file stands, keys and values."""
    return tuple((token.start_mark.index, token.end_mark.index) for token in yaml.scan(text) if _is_scalar(token))


def with_strings(text: str, hostile: Mapping[int, str]) -> str:
    """Return a file with strings in the places of some of its scalars, which are counted from 0."""
    found = text
    for spot in sorted(hostile, reverse=True):
        start, end = spots(text)[spot]
        found = f"{found[:start]}{json.dumps(hostile[spot])}{found[end:]}"
    return found


def corpus() -> tuple[bytes, ...]:
    """Return the hostile files: those hostile as a whole, then each string at places drawn by a fixed lot."""
    found = dict.fromkeys(BYTES)
    lot = random.Random(6)  # noqa: S311 - the same files every time, nothing secret
    while len(found) < COUNT:
        text = lot.choice(bases())
        hostile = {lot.randrange(len(spots(text))): STRINGS[len(found) % len(STRINGS)]}
        found[with_strings(text, hostile).encode()] = None
    return tuple(found)


def file_name(text: str) -> str:
    """Return a string as a name that a plan file can have: units tell where a plan was written."""
    data = text.replace("/", "_").replace("\0", "_").encode("utf-8", "replace")[:200]
    return f"x{data.decode('utf-8', 'ignore')}.yaml"


def _is_scalar(token: yaml.Token) -> bool:
    return isinstance(token, yaml.ScalarToken) and token.start_mark.index < token.end_mark.index
