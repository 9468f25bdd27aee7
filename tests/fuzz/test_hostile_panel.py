"""Hostile requests and forms: the panel refuses or answers them, at once, and stays as it is.

`DELCIA_HOSTILE=10000 pytest tests/fuzz` sends ten times as many, without a bound on the time.
"""

import os
import socket
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from support.cli_home import CliHome, cli_home
from support.evenings import COMMENT, PASSWORD
from support.flood import memory_mb
from support.home import at
from support.hostile_inputs import EACH, Form, body_of, forms, requests
from support.panels import Page, Visitor, process_of

from delcia.panel.patience import FROM_ONE

LONGEST_S, GROWS_MB = 2.0, 64.0
BOUND_S = 8.0 if "DELCIA_HOSTILE" not in os.environ else 3600.0
"""For each kind, beyond the first ones; whoever asks for more waits for them all."""
FIRST_REQUESTS, FIRST_FORMS = min(EACH, 100), min(EACH, 50)
WORDS = tuple(f"/car/spring/{action}" for action in ("charge", "stop", "pause", "resume"))
PLACES = (
    *WORDS,
    *WORDS,
    "/plan/nights/look",
    "/plan/nights/save",
    "/car/spring/plan/new/look",
    "/car/x/stop",
)
TICKS = os.sysconf("SC_CLK_TCK")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CliHome]:
    """Return a host with a password, whose plans the panel may change."""
    folder = tmp_path_factory.mktemp("house")
    with pytest.MonkeyPatch.context() as monkeypatch, cli_home(folder) as made:
        monkeypatch.setenv("HOME", str(folder))
        file = made.plans / "home.yaml"
        file.write_text(COMMENT + file.read_text(encoding="utf-8"), encoding="utf-8")
        made.move_in()
        made.car.plug()
        made.live(at("Mon 18:35"), at("Mon 18:40"))
        made.world.go_to(at("Mon 20:00"))
        made.paths.host_file.write_text(f"panel: {{plans: {{folder: {made.plans}}}}}\n", encoding="utf-8")
        assert made.delcia("panel", "--set-password", stdin=f"{PASSWORD}\n").status == 0
        yield made


def busy_s(pid: int) -> float:
    """Return for how long a process has computed so far."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def asked(port: int, data: bytes) -> bytes:
    """Send what stands for a request, hang up on this side, and return the answer."""
    with closing(socket.create_connection(("127.0.0.1", port), timeout=5 * LONGEST_S)) as line:
        answer = b""
        try:
            line.sendall(data)
            line.shutdown(socket.SHUT_WR)
            while part := line.recv(1 << 16):
                answer += part
        except TimeoutError:
            raise
        except OSError:
            pass  # it hung up
        return answer


def test_hostile_requests_are_answered_or_hung_up_on(house: CliHome) -> None:
    sent = 0
    with process_of(house) as (pid, port):
        owner = Visitor(port)
        assert owner.log_in(PASSWORD).status == 303
        before_mb, until = memory_mb(pid), time.monotonic() + BOUND_S
        for data in requests():
            began_s = busy_s(pid)
            answer = asked(port, data)
            assert busy_s(pid) - began_s < LONGEST_S, data[:200]
            assert b" 500 " not in answer.partition(b"\r\n")[0], data[:200]
            assert b"edf" not in answer, "nothing of the plans"
            sent += 1
            if sent % 50 == 0:
                assert owner.get("/car/spring").status == 200
            if sent >= FIRST_REQUESTS and time.monotonic() > until:
                break
        assert owner.get("/car/spring").status == 200
        assert memory_mb(pid) - before_mb < GROWS_MB


def given(owner: Visitor, form: Form, hidden: dict[str, str]) -> Page:
    """Send a form with what its page would add."""
    body = body_of((("token", hidden["token"]), *form.fields))
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://127.0.0.1:{owner.port}"}
    return owner.ask("POST", form.action, body, headers)


def test_hostile_forms_are_refused_or_understood(house: CliHome) -> None:
    sent, statuses = 0, set()
    with process_of(house) as (pid, port):
        owner = Visitor(port)
        assert owner.log_in(PASSWORD).status == 303
        hidden = owner.get("/car/spring").hidden
        assert given(owner, Form("/plan/nights/look", ()), hidden).status in {200, 400, 409}
        for form in list(forms(("/login",)))[:FROM_ONE]:  # those after them wait, on purpose
            assert given(owner, form, hidden).status in {400, 403}, form
        before_mb, until = memory_mb(pid), time.monotonic() + BOUND_S
        for form in forms(PLACES):
            began_s = busy_s(pid)
            page = given(owner, form, hidden)
            assert busy_s(pid) - began_s < LONGEST_S, form
            assert page.status in {200, 303, 400, 403, 404, 409, 413, 429}, form
            assert "<script" not in page.body
            statuses.add(page.status)
            sent += 1
            if sent >= FIRST_FORMS and time.monotonic() > until:
                break
        assert memory_mb(pid) - before_mb < GROWS_MB
        assert owner.get("/car/spring").status == 200
    assert {303, 400} <= statuses
