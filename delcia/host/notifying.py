"""The section `notify` of the host's settings: how the owner is told.

notify:
  webhook: https://ntfy.sh/a-topic-nobody-guesses      # or {url: …, form: json, headers: {Authorization: …}}
  command: [/usr/local/bin/tell-me]                    # gets the text on its standard input
  quiet_hours: "22:00-07:00"                           # or none
  wakes: true                                          # urgent ones do not wait for the end of the quiet hours
  heartbeat: https://hc-ping.com/…

Each address, and the text of each header, may be `{file: /etc/delcia/secrets/NAME}` instead.
"""

import re
from pathlib import Path
from typing import Any

from delcia.core.switching import Program
from delcia.core.telling import QUIET, Telling, Webhook
from delcia.host.hostfile import check_keys, section, wrong
from delcia.host.secretfiles import secret_text, secret_texts
from delcia.host.webaddresses import fault_of

KEYS = ("webhook", "command", "quiet_hours", "wakes", "heartbeat", "timeout_s")
FORMS = ("ntfy", "json")
HOURS = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")
LONGEST_S = 30.0


def telling_of(path: Path) -> Telling | None:
    """Return how the owner is told; None when the settings say nothing of it. Raises DelciaError 78."""
    found = section(path, "notify")
    if found is None:
        return None
    if not isinstance(found, dict):
        raise wrong(path, "notify", "must be a mapping", "write notify: {webhook: https://…}")
    check_keys(path, "notify", found, KEYS)
    wakes, timeout_s = found.get("wakes", True), found.get("timeout_s", 10.0)
    if not isinstance(wakes, bool):
        raise wrong(path, "notify: wakes", f"'{wakes}' is neither true nor false", "write wakes: true or wakes: false")
    if not isinstance(timeout_s, int | float) or isinstance(timeout_s, bool) or not 1 <= timeout_s <= LONGEST_S:
        raise wrong(path, "notify: timeout_s", f"must be 1 to {LONGEST_S:g} s", "leave it out for 10")
    heartbeat = found.get("heartbeat")
    return Telling(
        webhook=None if found.get("webhook") is None else _webhook(path, found["webhook"]),
        program=None if found.get("command") is None else _program(path, found["command"]),
        quiet=_hours(path, found.get("quiet_hours")),
        wakes=wakes,
        heartbeat=None if heartbeat is None else _address(path, "notify: heartbeat", heartbeat),
        timeout_s=float(timeout_s),
    )


def _webhook(path: Path, given: Any) -> Webhook:  # noqa: ANN401 - as it stands in the file
    where = "notify: webhook"
    if isinstance(given, str) or (isinstance(given, dict) and "file" in given):
        return Webhook(_address(path, where, given))
    if not isinstance(given, dict):
        raise wrong(path, where, "must be an address, or have url and form", "write webhook: https://ntfy.sh/TOPIC")
    check_keys(path, where, given, ("url", "form", "headers"))
    form = given.get("form", "ntfy")
    headers = secret_texts(path, f"{where}: headers", given.get("headers", {}))
    if form not in FORMS:
        raise wrong(path, f"{where}: form", f"'{form}' is no form of a webhook", "write form: ntfy or form: json")
    texts = isinstance(headers, dict) and all(isinstance(word, str) for pair in headers.items() for word in pair)
    if not texts or any(not word.isprintable() or not word.isascii() for pair in headers.items() for word in pair):
        raise wrong(path, f"{where}: headers", "must be names with texts", 'write headers: {Authorization: "Bearer …"}')
    return Webhook(_address(path, where, given.get("url")), form, tuple(sorted(headers.items())))


def _program(path: Path, given: Any) -> Program:  # noqa: ANN401 - as it stands in the file
    plain = isinstance(given, list) and given and all(isinstance(word, str) and "\0" not in word for word in given)
    if not plain or not given[0].startswith("/"):
        hint = "write command: [/usr/local/bin/tell-me]; no shell runs it, and it reads the text on its standard input"
        raise wrong(path, "notify: command", "must be a list of words that begins with an absolute path", hint)
    return Program(tuple(given))


def _hours(path: Path, given: Any) -> tuple[int, int] | None:  # noqa: ANN401 - as it stands in the file
    if given is None:
        return QUIET
    if given is False or given == "none":
        return None
    found = HOURS.fullmatch(given) if isinstance(given, str) else None
    if found is None:
        hint = 'write quiet_hours: "22:00-07:00", or quiet_hours: none'
        raise wrong(path, "notify: quiet_hours", f"'{given}' is no span of hours", hint)
    hours = [int(number) for number in found.groups()]
    begins, ends = 60 * hours[0] + hours[1], 60 * hours[2] + hours[3]
    return None if begins == ends else (begins, ends)


def _address(path: Path, where: str, given: Any) -> str:  # noqa: ANN401 - as it stands in the file
    """Return a web address, or that in the file which stands in its place."""
    found = secret_text(path, where, given)
    if fault := fault_of(found, "write an address such as https://ntfy.sh/TOPIC"):
        raise wrong(path, where, *fault)
    return str(found)
