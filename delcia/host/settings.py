"""The section `commands` of the host's settings: how chargers are switched. Read when one is.

`commands: {wallbox: {start: [/usr/local/bin/wallbox, "on"], stop: [/usr/local/bin/wallbox, "off"], timeout_s: 30}}`;
instead of the words of a program, `{url: "http://192.0.2.7/relay/0?turn=on"}` with method, body and headers.
"""

from typing import Any

from delcia.core.switching import Program, Switch, WebCall
from delcia.errors import DelciaError, Exit
from delcia.host.hostfile import section
from delcia.host.paths import Paths

LONGEST_S = 120.0
METHODS = ("GET", "POST", "PUT", "PATCH")


def switch_of(paths: Paths, name: str) -> Switch:
    """Return how a charger is switched on this host. Raises DelciaError 78 when that is not, or wrongly, defined."""
    found = section(paths.host_file, "commands")
    commands = found.get(name) if isinstance(found, dict) else None
    if not isinstance(commands, dict):
        message = f"the charger's commands '{name}' are not defined on this host"
        hint = f"define them in {paths.host_file}: commands: {{{name}: {{start: [/path/to/program], stop: [...]}}}}"
        raise DelciaError(message, slug="no-commands", hint=hint, status=Exit.BROKEN)
    if unknown := sorted(str(key) for key in commands if key not in {"start", "stop", "timeout_s"}):
        raise _wrong(name, f"unknown key '{unknown[0]}'")
    timeout_s = commands.get("timeout_s", Switch.__dataclass_fields__["timeout_s"].default)
    if not isinstance(timeout_s, int | float) or isinstance(timeout_s, bool) or not 1 <= timeout_s <= LONGEST_S:
        raise _wrong(name, f"'timeout_s' must be 1 to {LONGEST_S:g}")
    return Switch(name, _command(commands, "start", name), _command(commands, "stop", name), float(timeout_s))


def _command(commands: dict[str, Any], key: str, name: str) -> Program | WebCall:
    given = commands.get(key)
    if isinstance(given, list) and given and all(isinstance(word, str) for word in given):
        if not given[0].startswith("/") or any("\0" in word for word in given):
            raise _wrong(name, f"'{key}' must begin with an absolute path")
        return Program(tuple(given))
    if isinstance(given, dict) and isinstance(given.get("url"), str):
        return _web_call(given, key, name)
    raise _wrong(name, f"'{key}' must be a list of words, each in quotes where it looks like a number, or have an url")


def _web_call(given: dict[str, Any], key: str, name: str) -> WebCall:
    headers, body, method = given.get("headers", {}), given.get("body"), given.get("method", "GET")
    plain = isinstance(headers, dict) and all(isinstance(item, str) for pair in headers.items() for item in pair)
    if not given["url"].startswith(("http://", "https://")) or not given["url"].isprintable() or " " in given["url"]:
        raise _wrong(name, f"'url' of '{key}' must begin with http:// or https://")
    if not plain or not (body is None or isinstance(body, str)) or method not in METHODS:
        raise _wrong(name, f"'{key}' takes url, method ({', '.join(METHODS)}), body (text) and headers (texts)")
    if set(given) - {"url", "method", "body", "headers"}:
        raise _wrong(name, f"'{key}' takes url, method, body and headers")
    return WebCall(given["url"], method, body, tuple(sorted(headers.items())))


def _wrong(name: str, why: str) -> DelciaError:
    message = f"the charger's commands '{name}' in the host's settings: {why}"
    return DelciaError(message, slug="host-file-broken", hint="correct host.yaml", status=Exit.BROKEN)
