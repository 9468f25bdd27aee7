"""Chargers are switched by a program of the host's own or a request: ended in time, checked, nothing of it shown."""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from delcia.car.charger import switch
from delcia.core.switching import Program, Switch, WebCall
from delcia.errors import DelciaError, Exit


def programs(tmp_path: Path, body: str, timeout_s: float = 10.0) -> Switch:
    """Return a charger whose both commands run some Python with the words that it is switched by."""
    script = tmp_path / "box.py"
    script.write_text(f"import os, sys, time\n{body}\n", encoding="utf-8")
    words = (sys.executable, "-I", str(script))
    return Switch("box", Program((*words, "on", "; rm -rf $HOME")), Program((*words, "off")), timeout_s)


def test_a_program_gets_its_words_as_they_are_and_nothing_of_our_surroundings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", "/secret")
    seen = tmp_path / "seen"
    box = programs(tmp_path, f"open({str(seen)!r}, 'a').write(repr((sys.argv[1:], sorted(os.environ), os.getcwd())))")
    switch(box, on=True)
    switch(box, on=False)
    text = seen.read_text(encoding="utf-8")
    assert "['on', '; rm -rf $HOME']" in text
    assert "['off']" in text
    assert "CREDENTIALS" not in text


@pytest.mark.parametrize(("body", "words"), [("sys.exit(3)", "exit status 3"), ("os.kill(os.getpid(), 9)", "signal 9")])
def test_a_program_that_fails_is_told_with_its_ending(tmp_path: Path, body: str, words: str) -> None:
    with pytest.raises(DelciaError, match=f"stop of the charger's commands 'box' failed with {words}") as caught:
        switch(programs(tmp_path, body), on=False)
    assert (caught.value.status, caught.value.slug) == (Exit.UNAVAILABLE, "charger-failed")
    assert "host.yaml" in caught.value.hint


def test_a_program_that_hangs_is_ended_with_all_that_it_started(tmp_path: Path) -> None:
    begun = tmp_path / "begun"
    body = f"os.fork(); open({str(begun)!r}, 'a').write(f'{{os.getpid()}}\\n'); time.sleep(60)"
    begin = time.monotonic()
    with pytest.raises(DelciaError, match=r"took longer than 1 s"):
        switch(programs(tmp_path, body, timeout_s=1), on=True)
    assert time.monotonic() - begin < 50, "it is not waited for"
    while any(runs(int(number)) for number in begun.read_text(encoding="ascii").split()):
        assert time.monotonic() - begin < 50
        time.sleep(0.01)


def runs(number: int) -> bool:
    """Return whether a process is there, and not only its ending, which nobody has asked for."""
    try:
        return Path(f"/proc/{number}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_program_that_is_not_there_is_a_broken_set_up() -> None:
    box = Switch("box", Program(("/nowhere/box",)), Program(("/nowhere/box",)))
    with pytest.raises(DelciaError, match="No such file") as caught:
        switch(box, on=True)
    assert caught.value.status is Exit.BROKEN


@contextmanager
def web_box(status: int) -> Iterator[tuple[str, list[str]]]:
    """Serve a charger on this machine that answers so, and keep what it was asked."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            asked.append(f"{self.command} {self.path} {body} {self.headers.get('X-Key')}")
            self.send_response(status)
            self.send_header("Location", "/elsewhere")
            self.end_headers()

        do_GET = do_POST = answer  # noqa: N815 - the library's names

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}", asked
        finally:
            server.shutdown()
            thread.join()


def test_a_charger_on_the_network_is_asked_with_method_body_and_headers() -> None:
    with web_box(204) as (url, asked):
        box = Switch(
            "box", WebCall(f"{url}/relay?turn=on"), WebCall(f"{url}/off", "POST", '{"on":false}', (("X-Key", "k"),))
        )
        switch(box, on=True)
        switch(box, on=False)
    assert asked == ["GET /relay?turn=on  None", 'POST /off {"on":false} k']


@pytest.mark.parametrize(("status", "words"), [(500, "HTTP status 500"), (302, "HTTP status 302"), (401, "status 401")])
def test_another_answer_is_a_failure_and_no_redirect_is_followed(status: int, words: str) -> None:
    with web_box(status) as (url, asked):
        box = Switch("box", WebCall(f"{url}/?secret=x"), WebCall(url))
        with pytest.raises(DelciaError, match=words) as caught:
            switch(box, on=True)
    assert len(asked) == 1
    assert "secret" not in caught.value.text() + repr(box)


def test_no_answer_is_a_failure() -> None:
    box = Switch("box", WebCall("http://127.0.0.1:9/"), WebCall("http://127.0.0.1:9/"), timeout_s=1)
    with pytest.raises(DelciaError, match="no answer") as caught:
        switch(box, on=True)
    assert caught.value.status is Exit.UNAVAILABLE
