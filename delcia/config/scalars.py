"""What an unquoted word in a plan means: numbers, true, false, nothing, and otherwise text.

YAML 1.1 would read 22:00 as 1320, `off` as false, 2026-05-02 as a date and 010 as 8. Here they are text, so a time
stays a time and a name stays a name. The rest is as in YAML 1.2's core schema, without octal, hexadecimal and infinity.
"""

import re

from delcia.config.nodes import Value

LONGEST_NUMBER = 40
_WORDS: dict[str, Value] = {
    "": None,
    "~": None,
    **dict.fromkeys(("null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"[-+]?(?:0|[1-9][0-9]*)?(?:\.[0-9]+|\.)?(?:[eE][-+]?[0-9]{1,2})?")


def meaning(text: str) -> Value:
    """Return what an unquoted word says."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in "+-.0123456789" or len(text) > LONGEST_NUMBER:
        return text
    if _INTEGER.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text) and any(c.isdigit() for c in text.lower().partition("e")[0]):
        return float(text)
    return text
