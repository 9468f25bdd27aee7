"""The host's own settings: what a charger's name in the plans stands for, and who may say so."""

from pathlib import Path

import pytest

from delcia.core.switching import Program, Switch, WebCall
from delcia.errors import DelciaError, Exit
from delcia.host.paths import Paths
from delcia.host.settings import switch_of


def host(tmp_path: Path, text: str, mode: int = 0o644) -> Paths:
    """Return a host with these settings."""
    paths = Paths.system(tmp_path)
    paths.host_file.parent.mkdir(parents=True)
    paths.host_file.write_text(text, encoding="utf-8")
    paths.host_file.chmod(mode)
    return paths


def test_a_charger_may_have_programs_or_web_calls(tmp_path: Path) -> None:
    text = """\
notify: {webhook: "https://example.org"}
commands:
  wallbox: {start: [/usr/local/bin/wallbox, "on"], stop: [/usr/local/bin/wallbox, "off"], timeout_s: 5}
  relay:
    start: {url: "http://192.0.2.7/on"}
    stop: {url: "http://192.0.2.7/", method: POST, body: "0", headers: {A: b}}
"""
    paths = host(tmp_path, text)
    box = Program(("/usr/local/bin/wallbox", "on")), Program(("/usr/local/bin/wallbox", "off"))
    assert switch_of(paths, "wallbox") == Switch("wallbox", *box, 5.0)
    off = WebCall("http://192.0.2.7/", "POST", "0", (("A", "b"),))
    assert switch_of(paths, "relay") == Switch("relay", WebCall("http://192.0.2.7/on"), off)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{}", "'box' are not defined on this host"),
        ("[1, 2]", "'box' are not defined on this host"),
        ("commands: {box: {start: [box], stop: [/box]}}", "'start' must begin with an absolute path"),
        ("commands: {box: {start: /box on, stop: [/box]}}", "'start' must be a list of words"),
        ("commands: {box: {start: [/box, 1], stop: [/box]}}", "'start' must be a list of words"),
        ("commands: {box: {start: [/box]}}", "'stop' must be a list of words"),
        ("commands: {box: {start: [/box], stop: [/box], timeout_s: 0}}", "'timeout_s' must be 1 to 120"),
        ("commands: {box: {start: [/box], stop: [/box], shell: true}}", "unknown key 'shell'"),
        ("commands: {box: {start: {url: 'file:///etc/passwd'}, stop: [/box]}}", "begins with https://"),
        ("commands: {box: {start: {url: 'http://example.org/on'}, stop: [/box]}}", "in the clear over the internet"),
        ("commands: {box: {start: {url: 'http://134744072/on'}, stop: [/box]}}", "in the clear over the internet"),
        ("commands: {box: {start: {url: 7}, stop: [/box]}}", "is no web address"),
        ("commands: {box: {start: {url: {file: secret}}, stop: [/box]}}", "'file' must be an absolute path"),
        ("commands: {box: {start: {url: 'http://x/', verify: false}, stop: [/box]}}", "takes url, method, body and"),
        ("commands: {box: {start: {url: 'http://x/', method: DELETE}, stop: [/box]}}", "takes url, method"),
        ("commands: [", "cannot be read: not YAML"),
    ],
)
def test_what_is_wrong_is_said_with_the_name(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(DelciaError) as caught:
        switch_of(host(tmp_path, text), "box")
    assert words in caught.value.message
    assert caught.value.status is Exit.BROKEN
    assert caught.value.hint


def test_a_file_that_others_can_change_is_not_believed(tmp_path: Path) -> None:
    text = "commands: {box: {start: [/box], stop: [/box]}}"
    with pytest.raises(DelciaError, match="can be changed by others than root") as caught:
        switch_of(host(tmp_path, text, 0o664), "box")
    assert "chmod go-w" in caught.value.hint


def test_without_the_file_no_commands_are_defined(tmp_path: Path) -> None:
    with pytest.raises(DelciaError, match="not defined on this host"):
        switch_of(Paths.system(tmp_path), "box")


def test_an_address_in_the_clear_that_0_1_took_is_asked_until_the_next_apply(tmp_path: Path) -> None:
    paths = host(tmp_path, "commands: {box: {start: {url: 'http://example.org/on'}, stop: [/box]}}")
    assert switch_of(paths, "box", in_the_clear=True).start == WebCall("http://example.org/on")
    with pytest.raises(DelciaError, match="in the clear over the internet"):
        switch_of(paths, "box")
