"""The section `commands` of the host's settings: how chargers are switched. Read when one is.

`commands: {wallbox: {start: [/usr/local/bin/wallbox, "on"], stop: [/usr/local/bin/wallbox, "off"], timeout_s: 30}}`;
instead of the words of a program, `{url: "http://192.0.2.7/relay/0?turn=on"}` with method, body and headers. The
url, the body and the text of each header may be `{file: /etc/delcia/secrets/NAME}` instead.
"""

from pathlib import Path
from typing import Any

from delcia.core.switching import Program, Switch, WebCall
from delcia.errors import DelciaError, Exit
from delcia.host.hostfile import plain, section, wrong
from delcia.host.paths import Paths
from delcia.host.secretfiles import CALLS, secret_text, secret_texts
from delcia.host.webaddresses import fault_of

LONGEST_S = 120.0
METHODS = ("GET", "POST", "PUT", "PATCH")


def switch_of(paths: Paths, name: str, *, in_the_clear: bool = False) -> Switch:
    """Return how a charger is switched on this host. Raises DelciaError 78 when that is not, or wrongly, defined.

    `in_the_clear`: as 0.1 did, take a plain `http://` to the internet too.
    """
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
    start, stop = (_command(paths.host_file, commands, key, name, in_the_clear=in_the_clear) for key in CALLS)
    return Switch(name, start, stop, float(timeout_s))


def _command(path: Path, commands: dict[str, Any], key: str, name: str, *, in_the_clear: bool) -> Program | WebCall:
    given = commands.get(key)
    if isinstance(given, list) and given and all(isinstance(word, str) for word in given):
        if not given[0].startswith("/") or any("\0" in word for word in given):
            raise _wrong(name, f"'{key}' must begin with an absolute path")
        return Program(tuple(given))
    if isinstance(given, dict) and "url" in given:
        return _web_call(path, given, key, name, in_the_clear=in_the_clear)
    raise _wrong(name, f"'{key}' must be a list of words, each in quotes where it looks like a number, or have an url")


def _web_call(path: Path, given: dict[str, Any], key: str, name: str, *, in_the_clear: bool) -> WebCall:
    where = f"commands: {name}: {key}"
    url, body = (secret_text(path, where, given.get(part)) for part in ("url", "body"))
    headers, method = secret_texts(path, where, given.get("headers", {})), given.get("method", "GET")
    plain = isinstance(headers, dict) and all(isinstance(item, str) for pair in headers.items() for item in pair)
    if fault := fault_of(
        url, "write https://HOST/…, or http:// and an address of the house", in_the_clear=in_the_clear
    ):
        raise wrong(path, where, f"'url' {fault[0]}", fault[1])
    if not plain or not (body is None or isinstance(body, str)) or method not in METHODS:
        raise _wrong(name, f"'{key}' takes url, method ({', '.join(METHODS)}), body (text) and headers (texts)")
    if set(given) - {"url", "method", "body", "headers"}:
        raise _wrong(name, f"'{key}' takes url, method, body and headers")
    return WebCall(url, method, body, tuple(sorted(headers.items())))


def _wrong(name: str, why: str) -> DelciaError:
    message = f"the charger's commands '{name}' in the host's settings: {why}"
    return DelciaError(plain(message), slug="host-file-broken", hint="correct host.yaml", status=Exit.BROKEN)
