"""Secrets in files of their own: for one user alone, one line, and named in the settings that others may read."""

import os
import stat
from pathlib import Path

import pytest
from support.privileges import bound_by_modes

from delcia.core.switching import WebCall
from delcia.errors import DelciaError, Exit
from delcia.host.notifying import telling_of
from delcia.host.paths import Paths
from delcia.host.secretfiles import LONGEST_OCTETS, NotForThisUserError, secrets_in_the_open
from delcia.host.settings import switch_of

TOKEN = "tk_nobody_else_has_this"  # noqa: S105 - of a host that is not there


def settings(tmp_path: Path, text: str, mode: int = 0o640) -> Path:
    """Return the settings of a host."""
    file = Paths.system(tmp_path).host_file
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    file.chmod(mode)
    return file


def secret(tmp_path: Path, text: str, mode: int = 0o400) -> Path:
    """Return a file with a secret."""
    file = tmp_path / "secret"
    file.unlink(missing_ok=True)
    file.write_text(text, encoding="utf-8")
    file.chmod(mode)
    return file


def test_a_webhook_its_headers_and_a_heartbeat_may_lie_in_files(tmp_path: Path) -> None:
    address, token = tmp_path / "address", secret(tmp_path, f"Bearer {TOKEN}\n")
    address.write_text("https://ntfy.sh/a-topic\n", encoding="utf-8")
    address.chmod(0o400)
    text = f"notify: {{webhook: {{file: {address}}}, heartbeat: {{file: {address}}}}}"
    found = telling_of(settings(tmp_path, text))
    assert found is not None
    assert found.webhook is not None
    assert (found.webhook.url, found.heartbeat) == ("https://ntfy.sh/a-topic", "https://ntfy.sh/a-topic")
    text = f"notify: {{webhook: {{url: {{file: {address}}}, headers: {{Authorization: {{file: {token}}}}}}}}}"
    found = telling_of(settings(tmp_path, text))
    assert found is not None
    assert found.webhook is not None
    assert found.webhook.headers == (("Authorization", f"Bearer {TOKEN}"),)


def test_the_call_of_a_charger_may_have_its_secrets_in_files(tmp_path: Path) -> None:
    token = secret(tmp_path, TOKEN)
    call = f"{{url: 'http://192.0.2.7/on', method: POST, body: {{file: {token}}}, headers: {{A: {{file: {token}}}}}}}"
    settings(tmp_path, f"commands: {{box: {{start: {call}, stop: [/box]}}}}")
    found = switch_of(Paths.system(tmp_path), "box").start
    assert found == WebCall("http://192.0.2.7/on", "POST", TOKEN, (("A", TOKEN),))


@pytest.mark.parametrize("mode", [0o440, 0o404, 0o644, 0o420, 0o402])
def test_a_file_that_others_may_read_is_refused_and_nothing_of_it_is_told(tmp_path: Path, mode: int) -> None:
    file = secret(tmp_path, f"https://ntfy.sh/{TOKEN}", mode)
    with pytest.raises(DelciaError) as refused:
        telling_of(settings(tmp_path, f"notify: {{webhook: {{file: {file}}}}}"))
    assert f"can be read by others (mode {mode:04o})" in refused.value.message
    assert refused.value.hint == f"run: chmod 0400 {file}"
    assert refused.value.status is Exit.BROKEN
    assert TOKEN not in refused.value.text()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "must hold one line of text"),
        ("one\ntwo\n", "must hold one line of text"),
        ("\x1b[2J", "must hold one line of text"),
        ("https://ntfy.sh/" + "x" * LONGEST_OCTETS, "is longer than 4096 octets"),
        ("http://ntfy.sh/topic", "would send in the clear"),
    ],
)
def test_what_is_no_secret_is_refused(tmp_path: Path, text: str, why: str) -> None:
    file = secret(tmp_path, text)
    with pytest.raises(DelciaError, match=why):
        telling_of(settings(tmp_path, f"notify: {{webhook: {{file: {file}}}}}"))


def test_what_is_no_file_holds_nobody_up(tmp_path: Path) -> None:
    pipe, folder = tmp_path / "pipe", tmp_path / "folder"
    os.mkfifo(pipe, 0o400)
    folder.mkdir(0o700)
    for place, why in ((pipe, "not a plain file"), (folder, "cannot be read"), (tmp_path / "none", "cannot be read")):
        with pytest.raises(DelciaError, match=why):
            telling_of(settings(tmp_path, f"notify: {{webhook: {{file: {place}}}}}"))


def test_who_may_not_read_the_file_is_told_who_may(tmp_path: Path) -> None:
    file = secret(tmp_path, "https://ntfy.sh/topic", 0o000)
    with pytest.raises(NotForThisUserError) as refused, bound_by_modes():
        telling_of(settings(tmp_path, f"notify: {{webhook: {{file: {file}}}}}"))
    assert refused.value.hint == "run this as root, or as the user delcia"


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("notify: {webhook: https://ntfy.sh/x}", ("notify: webhook",)),
        ("notify: {webhook: {url: https://a/b, headers: {A: b}}}", ("notify: webhook", "notify: webhook: headers")),
        ("notify: {heartbeat: https://a/b}", ("notify: heartbeat",)),
        ("notify: {webhook: {file: /a}, heartbeat: {file: /b}}", ()),
        ("notify: {webhook: {url: {file: /a}, headers: {A: {file: /b}}}}", ()),
        ("commands: {box: {start: {url: x, headers: {A: b}}, stop: [/x]}}", ("commands: box: start: headers",)),
        ("commands: {box: {start: {url: x, headers: {A: {file: /b}}}, stop: [/x]}}", ()),
        ("[1]", ()),
        ("notify: {webhook: [", ()),
    ],
)
def test_secrets_that_others_may_read_are_found(tmp_path: Path, text: str, places: tuple[str, ...]) -> None:
    for mode in (0o640, 0o644):
        assert secrets_in_the_open(settings(tmp_path, text, mode)) == places
    assert secrets_in_the_open(settings(tmp_path, text, 0o600)) == ()
    assert stat.S_IMODE(settings(tmp_path, text, 0o600).stat().st_mode) == 0o600
