"""What strangers try: refused or harmless, nothing leaks, and the panel still answers."""

import asyncio
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp.test_utils import make_mocked_request
from support.cli_home import EMAIL, CliHome
from support.evenings import PASSWORD, Evening
from support.flood import descriptors_of, flood, memory_mb
from support.panels import Visitor, process_of, served, serving

from delcia.cli.paneling import panel_of
from delcia.cli.panelplaces import places_of
from delcia.panel import gate
from delcia.panel.door import MOST, MOST_AT_ONCE, Hall
from delcia.panel.ended import MOST as MOST_ENDED
from delcia.panel.ended import Ended
from delcia.panel.house import Seen
from delcia.panel.patience import (
    FROM_ONE,
    IN_ALL,
    MOST_FROM_ONE,
    MOST_PLACES,
    MOST_WAITING,
    PACE_S,
    SLOWEST_S,
    WINDOW_S,
    Patience,
)
from delcia.panel.sessions import LASTS, new_session
from delcia.panel.settings import PanelSettings
from delcia.store.notices import queue_notice
from delcia.store.opening import open_store

BURST_S, PER_S = 4.0, 2000
OWN_DESCRIPTORS = 40
"""Files, the loop's own and the two that listen."""
PRIVATE = ("spring", "nights", "edf", "generation", "56 %", "50 %")
MARKUP = "<script>alert(1)</script><b onmouseover='x'>\"&"
PATHS = (
    "/../../etc/passwd",
    "/car/../../../etc/passwd",
    "/car/%2e%2e/%2e%2e/etc/passwd",
    "/panel.css/../../panel.json",
    "/icon.svg%2f..%2fvehicle.html.j2",
    "/texts/fr.toml",
    "/vehicle.html.j2",
    "//example.org/",
    "/car/spring%00",
    "/car/" + "a" * 3000,
    "/car/<script>",
    "/api/status/",
    "/.git/config",
    "/login/../car/spring",
    "/car/spring?asked=" + "a" * 3000,
    "/plan/nights",
    "/plan/../../etc/passwd",
    "/car/spring/plan/new",
)


def works(visitor: Visitor) -> bool:
    """Tell whether the panel still lets its owner in."""
    return visitor.get("/car/spring").status == 200


@pytest.fixture
def owner(locked: Evening) -> Visitor:
    """Return somebody who has logged in."""
    found = Visitor(locked.visitor.port)
    assert found.log_in(PASSWORD).status == 303
    return found


@pytest.fixture
def besieged(fort: Evening, monkeypatch: pytest.MonkeyPatch) -> Evening:
    """Return a host that stands after every attack as before, and its owner."""
    for name, value in fort.host.environment.items():
        monkeypatch.setenv(name, value)
    return Evening(fort.host, Visitor(fort.visitor.port, fort.visitor.cookie))


def test_the_password_opens_the_page_and_the_cookie_is_for_this_panel_alone(locked: Evening) -> None:
    assert "Log in" in locked.visitor.get("/login").body
    wrong = locked.visitor.log_in("something else")
    assert (wrong.status, "That is not the password." in wrong.body) == (403, True)
    right = locked.visitor.log_in(PASSWORD)
    assert right.status == 303
    cookie = right.headers["Set-Cookie"]
    assert all(word in cookie for word in ("HttpOnly", "SameSite=Strict", "Path=/"))
    assert "Secure" not in cookie
    assert works(locked.visitor)
    left = locked.visitor.post("/logout", locked.visitor.get("/car/spring").hidden)
    assert left.headers["Location"] == "/login"
    assert locked.visitor.get("/car/spring").status == 303


def test_a_cookie_that_was_kept_from_a_visit_that_was_ended_opens_nothing(locked: Evening, owner: Visitor) -> None:
    thief, other = Visitor(owner.port, owner.cookie), Visitor(owner.port)
    assert other.log_in(PASSWORD).status == 303
    assert works(thief)
    assert owner.post("/logout", owner.get("/car/spring").hidden).status == 303
    assert thief.get("/car/spring").status == 303
    assert works(other), "other visits go on"
    with served(locked.host.root) as port:
        assert Visitor(port, thief.cookie).get("/car/spring").status == 303, "also after a new start"
        assert works(Visitor(port, other.cookie))


def test_logging_out_everywhere_ends_every_visit(locked: Evening, owner: Visitor) -> None:
    other = Visitor(owner.port)
    assert other.log_in(PASSWORD).status == 303
    kept = owner.cookie
    page = owner.get("/car/spring")
    assert "Log out everywhere" in page.body
    assert owner.post("/logout-everywhere", page.hidden).headers["Location"] == "/login"
    for cookie in (kept, other.cookie):
        assert Visitor(owner.port, cookie).get("/car/spring").status == 303
    with served(locked.host.root) as port:
        assert Visitor(port, other.cookie).get("/car/spring").status == 303, "also after a new start"
    owner.cookie = ""
    assert owner.log_in(PASSWORD).status == 303
    assert works(owner)


def test_a_visit_whose_end_cannot_be_written_down_is_said_to_be_over_for_now(locked: Evening, owner: Visitor) -> None:
    file = places_of(locked.host.root).state / "ended.json"
    file.mkdir()
    kept, page = owner.cookie, owner.post("/logout", owner.get("/car/spring").hidden)
    assert (page.status, "delcia panel --set-password" in page.body) == (503, True)
    assert Visitor(owner.port, kept).get("/car/spring").status == 303


def test_what_was_ended_is_bounded_and_where_it_cannot_be_read_every_visit_is_over(tmp_path: Path) -> None:
    file, now = tmp_path / "ended.json", datetime(2026, 11, 30, 20, tzinfo=UTC)
    ended = Ended(file)
    first, last = new_session("owner", now), new_session("owner", now)
    ended.end(first, now)
    assert (Ended(file).has(first), Ended(file).has(last), Ended(file).era) == (True, False, "")
    ended.end(last, now + LASTS + timedelta(seconds=1))
    assert not Ended(file).has(first), "its cookie is too old anyway"
    many = Ended()
    for _ in range(MOST_ENDED + 1):
        assert not many.era
        many.end(new_session("owner", now), now)
    assert many.era, "too many: all visits are over"
    file.write_text("{", encoding="utf-8")
    found = Ended(file)
    assert found.era not in {"", ended.era}
    assert Ended(file).era == found.era, "once, and not at every start"


def test_without_a_cookie_nothing_is_told_and_nothing_is_done(locked: Evening) -> None:
    for path in ("/", "/car/spring", "/car/other", "/nothing", *PATHS):
        page = Visitor(locked.visitor.port).get(path)
        assert page.status in {303, 400, 404}, path
        assert not [word for word in PRIVATE if word in page.body], path
    stranger = Visitor(locked.visitor.port)
    fields = {**stranger.get("/login").hidden, "key": "0123456789abcdef0123", "far": "80", "when": "now"}
    for action in ("charge", "stop", "pause", "resume"):
        assert stranger.post(f"/car/spring/{action}", fields).status == 303
        assert Visitor(stranger.port).post(f"/car/spring/{action}", fields).status == 403
    assert list(locked.host.paths.spool.iterdir()) == []


def test_a_forged_or_an_old_cookie_is_none(locked: Evening, owner: Visitor) -> None:
    kind, began, name, signature = owner.cookie.removeprefix("delcia=").split(".")
    guest = locked.visitor.get("/login").headers["Set-Cookie"].partition(";")[0].removeprefix("delcia=").split(".")
    for text in (
        f"{kind}.{began}.{name}.{'0' * 64}",
        f"owner.{guest[1]}.{guest[2]}.{guest[3]}",
        f"{kind}.{int(began) + 1}.{name}.{signature}",
        f"{kind}.{began}.{name}",
        "",
        "....",
        "owner.\xff.x.y",
    ):
        assert Visitor(owner.port, f"delcia={text}").get("/car/spring").status == 303
    assert works(owner)
    assert locked.host.delcia("panel", "--set-password", stdin="another password\n").status == 0
    with served(locked.host.root) as port:
        assert Visitor(port, owner.cookie).get("/car/spring").status == 303


@pytest.mark.parametrize("token", ["", "0" * 64, "é"])
def test_a_form_without_its_token_is_refused(besieged: Evening, token: str) -> None:
    owner = besieged.visitor
    fields = {**owner.get("/car/spring").hidden, "far": "80", "when": "now", "token": token}
    page = owner.post("/car/spring/charge", fields)
    assert (page.status, "did not come from here" in page.body) == (403, True)
    other = Visitor(owner.port)
    assert other.log_in(PASSWORD).status == 303
    fields["token"] = other.get("/car/spring").hidden["token"]
    assert owner.post("/car/spring/charge", fields).status == 403
    assert list(besieged.host.paths.spool.iterdir()) == []


@pytest.mark.parametrize(
    "host",
    [
        *("evil.example", "evil.example:8470", "127.0.0.1.evil.example", "", "[::2]", "10.0.0.7", "[::1].evil.example"),
        *(
            "[::1]evil.example",
            "[::1]:80.evil.example",
            "localhost:80:80",
            "localhost:x",
            "evil@localhost",
            "[::1",
            ".",
        ),
    ],
)
def test_a_foreign_host_name_is_not_answered(besieged: Evening, host: str) -> None:
    owner = besieged.visitor
    page = owner.get("/car/spring", Host=host)
    assert page.status in {400, 421}
    assert not [word for word in PRIVATE if word in page.body]
    assert works(owner)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1"},
        {"Sec_Fetch_Site": "cross-site"},
    ],
)
def test_a_form_of_another_site_is_refused(besieged: Evening, headers: dict[str, str]) -> None:
    owner = besieged.visitor
    fields = {**owner.get("/car/spring").hidden, "far": "80", "when": "now"}
    assert owner.post("/car/spring/charge", fields, **headers).status == 403
    assert list(besieged.host.paths.spool.iterdir()) == []
    assert works(owner)


def test_ten_thousand_passwords_are_hardly_looked_at_and_the_owner_comes_in(locked: Evening, owner: Visitor) -> None:
    hidden = locked.visitor.get("/login").hidden
    body = f"token={hidden['token']}&password=guess".encode()
    request = (
        f"POST /login HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {locked.visitor.cookie}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode() + body
    lines = [socket.create_connection(("127.0.0.1", owner.port), timeout=30) for _ in range(100)]
    for line in lines:
        line.sendall(request * 100)
    locked.visitor.cookie, locked.visitor.device = "", owner.device
    began = time.monotonic()
    assert locked.visitor.log_in(PASSWORD).status == 303, "at the same address, on a device that has logged in before"
    assert time.monotonic() - began < 20
    assert works(owner), "who is logged in stays so"
    answers = b""
    for line in lines:
        line.setblocking(False)  # noqa: FBT003 - it takes no keyword
        with closing(line), suppress(BlockingIOError):
            while part := line.recv(1 << 20):
                answers += part
    looked_at, put_off = (answers.count(b"HTTP/1.1 " + status) for status in (b"403", b"429"))
    assert 1 <= looked_at <= FROM_ONE + MOST_FROM_ONE
    assert put_off > 500


def tried(patience: Patience, address: str, now_s: float, device: str = "") -> float:
    """Try a wrong password, and return for how long it waited before it was looked at."""
    turn = patience.turn(address, device, now_s)
    assert turn is not None
    patience.failed(turn, now_s + turn.wait_s)
    patience.over(turn)
    return turn.wait_s


def test_a_place_that_fails_waits_longer_each_time_and_is_never_shut_out() -> None:
    patience = Patience()
    waits = [tried(patience, "192.0.2.1", 30.0 * number) for number in range(FROM_ONE + 5)]
    assert waits == [0.0] * FROM_ONE + [2.0, 4.0, 8.0, 16.0, SLOWEST_S]
    assert tried(patience, "192.0.2.2", 300.0) == 0
    assert tried(patience, "192.0.2.1", 2000.0 + WINDOW_S) == 0, "it is forgotten"


def test_a_neighbour_cannot_use_up_the_tries_of_a_device_that_is_known() -> None:
    patience = Patience()
    for number in range(1000):
        turn = patience.turn(f"fe80::{number:x}", "", 1.0)
        if turn is not None:
            patience.failed(turn, 1.0)
            patience.over(turn)
    under_way = [patience.turn(f"fe80::{number:x}", "", 2.0) for number in range(5000, 5100)]
    assert len([turn for turn in under_way if turn is not None]) == MOST_WAITING
    known = patience.turn("fe80::1", "a phone", 2.0)
    assert known is not None
    assert known.wait_s == 0
    patience.failed(known, 2.0)
    assert tried(patience, "192.0.2.9", 3.0, "another phone") == 0, "each has its own"


def test_who_waits_for_a_try_does_not_keep_a_panel_that_is_to_end(locked: Evening) -> None:
    with ThreadPoolExecutor(1) as beside:
        with served(locked.host.root) as port:
            stranger = Visitor(port)
            for _ in range(FROM_ONE + 2):
                assert stranger.log_in("guess").status == 403
            waiting = beside.submit(stranger.log_in, "guess")
            time.sleep(1)
            ends = time.monotonic()
        assert time.monotonic() - ends < 5
        assert waiting.result().status == 503


def test_strangers_are_looked_at_one_by_one_when_all_together_have_failed_too_often() -> None:
    patience = Patience()
    assert {tried(patience, f"10.0.0.{number}", 1.0) for number in range(IN_ALL)} == {0.0}
    turns = [patience.turn(f"10.0.1.{number}", "", 2.0) for number in range(10)]
    assert [turn.wait_s for turn in turns if turn is not None] == [PACE_S * k for k in range(MOST_WAITING + 1)]
    for turn in filter(None, turns):
        patience.over(turn)
    later = patience.turn("192.0.2.3", "", 2.0 + 5 * PACE_S)
    assert later is not None, "whoever comes later has their turn too"


def test_patience_is_bounded_in_memory() -> None:
    patience = Patience()
    for number in range(10_000):
        turn = patience.turn(f"10.0.{number // 250}.{number % 250}", "", 1000.0 * number)
        assert turn is not None
        patience.failed(turn, 1000.0 * number)
        patience.over(turn)
    assert len(patience._places) == MOST_PLACES  # noqa: SLF001 - what is bounded
    assert not patience._under_way  # noqa: SLF001 - this too


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("2001:db8::1", "2001:db8::ffff", True),
        ("fe80::1%eth0", "fe80::2%eth0", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
    ],
)
def test_of_ipv6_a_network_is_one_place_but_not_the_one_that_all_machines_of_a_house_share(
    one: str,
    other: str,
    alike: bool,  # noqa: FBT001 - of the table
) -> None:
    patience = Patience()
    for _ in range(FROM_ONE):
        tried(patience, one, 1.0)
    assert (tried(patience, other, 2.0) > 0) == alike


def test_an_address_of_ipv4_is_itself_where_both_kinds_are_listened_to() -> None:
    told, settings = {"X-Forwarded-For": "203.0.113.9"}, PanelSettings(proxy=True)
    found = make_mocked_request("GET", "/", headers=told).clone(remote="::ffff:127.0.0.1")
    assert gate.came_from(found, settings) == "203.0.113.9"
    assert gate.is_own_name("192.0.2.7:8470", settings, frozenset(), "::ffff:192.0.2.7")
    assert not gate.is_own_name("192.0.2.8:8470", settings, frozenset(), "::ffff:192.0.2.7")
    assert not gate.is_own_name("no-address", settings, frozenset(), "")


def test_a_panel_that_counts_failures_does_not_go_and_forget_them(house: CliHome) -> None:
    panel = panel_of(places_of(house.root), None)
    assert not panel.patience.is_counting(time.monotonic())
    tried(panel.patience, "192.0.2.1", time.monotonic())
    with serving(panel, idle_s=0.2) as port:
        time.sleep(2.5)
        assert works(Visitor(port))
        tried(panel.patience, "192.0.2.1", time.monotonic() - WINDOW_S)  # the latest of them is an old one
        time.sleep(3.0)
        with pytest.raises(ConnectionRefusedError):
            Visitor(port).get("/panel.css")


def test_tricks_with_paths_lead_nowhere(besieged: Evening) -> None:
    owner = besieged.visitor
    for path in PATHS:
        page = owner.get(path)
        assert page.status in {200, 303, 400, 404}, path
        assert "root:" not in page.body
        assert "StrictUndefined" not in page.body
        assert "{{" not in page.body
        if page.status == 303:
            assert page.headers["Location"].startswith("/car/")
    assert owner.ask("DELETE", "/car/spring", None, {}).status == 405
    assert owner.ask("PUT", "/car/spring", "x", {}).status == 405
    assert works(owner)


def test_markup_in_what_others_wrote_stays_text(locked: Evening, owner: Visitor) -> None:
    with closing(open_store(locked.host.paths.database)) as store:
        for vehicle in ("spring", ""):
            queue_notice(store, vehicle, "test", MARKUP, locked.host.world.clock.now())
    for path in (
        "/car/spring",
        f"/car/spring?asked={MARKUP}&since={MARKUP}",
        f"/car/spring?asked={MARKUP}&since={'9' * 400}",
    ):
        page = owner.get(path.replace(" ", "%20").replace("<", "%3C").replace('"', "%22"))
        assert page.status == 200
        assert "<script" not in page.body
        assert "<b " not in page.body
        assert "&lt;script&gt;" in page.body
    fields = {
        **owner.get("/car/spring").hidden,
        "far": "other",
        "percent": MARKUP,
        "hours": MARKUP,
        "when": "by",
        "by": MARKUP,
    }
    page = owner.post("/car/spring/charge", fields)
    assert (page.status, "<script" in page.body) == (400, False)


def test_ten_megabytes_are_not_read(besieged: Evening) -> None:
    owner = besieged.visitor
    ten = 10 * 2**20
    page = owner.get("/car/spring")
    for path in ("/login", "/car/spring/charge", "/nothing"):
        with closing(socket.create_connection(("127.0.0.1", owner.port), timeout=30)) as line:
            head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {owner.cookie}\r\nContent-Length: {ten}\r\n"
            line.sendall(f"{head}Content-Type: application/x-www-form-urlencoded\r\n\r\n".encode())
            assert line.recv(100).startswith(b"HTTP/1.1 413 ")
    with closing(socket.create_connection(("127.0.0.1", owner.port), timeout=30)) as line:
        head = f"POST /car/spring/charge HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {owner.cookie}\r\n"
        head += "Transfer-Encoding: chunked\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\n"
        line.sendall(head.encode())
        sent = 0
        try:
            while sent < ten:
                line.sendall(b"8000\r\n" + b"a" * 0x8000 + b"\r\n")
                sent += 0x8000
        except OSError:
            pass  # it hung up
        assert sent < ten or line.recv(100).startswith(b"HTTP/1.1 413 ")
    assert page.status == 200
    assert works(owner)


def test_of_too_many_connections_the_oldest_go_that_are_not_answered() -> None:
    hall, lines = Hall(most=MOST_AT_ONCE + 3), [Line() for _ in range(MOST_AT_ONCE + 3)]
    assert hall.room() == MOST_AT_ONCE
    for line in lines:
        hall.entered(line)
    hall.busy(lines[0], busy=True)
    assert hall.room() == 0, "first some have to go"
    assert [line.gone for line in lines] == [False, True, *[False] * (MOST_AT_ONCE + 1)]
    assert hall.room() == 0, "it is not gone yet, and no other goes for it"
    assert [line.gone for line in lines[:4]] == [False, True, False, False]
    hall.left(lines[1])
    assert hall.room() == 1
    hall.expect(1)
    assert hall.room() == 0, "whoever was accepted counts before it has entered"
    assert [line.gone for line in lines[:5]] == [False, True, True, True, False], "of a crowd more go at once"


def test_none_is_cut_off_at_work_and_whoever_comes_then_waits() -> None:
    hall, lines = Hall(most=3), [Line() for _ in range(3)]
    waiting = []
    hall.has_changed = lambda: waiting.append("may come")
    for line in lines:
        hall.entered(line)
        hall.busy(line, busy=True)
    assert hall.room() == 0
    assert [line.gone for line in lines] == [False] * 3
    hall.busy(lines[1], busy=False)
    assert waiting == ["may come"]
    assert hall.room() == 0
    assert [line.gone for line in lines] == [False, True, False]


def test_a_burst_of_connections_leaves_descriptors_and_memory_as_they_are(locked: Evening) -> None:
    with process_of(locked.host) as (pid, port):
        owner = Visitor(port)
        assert owner.log_in(PASSWORD).status == 303
        before_mb, most, most_mb, looks = memory_mb(pid), 0, 0.0, 0
        with flood(port, PER_S) as flooding:
            until = time.monotonic() + BURST_S
            while time.monotonic() < until:
                most, most_mb = max(most, descriptors_of(pid)), max(most_mb, memory_mb(pid))
                looks += 1
                if looks % 200 == 0:
                    assert works(owner), "the page answers"
                time.sleep(0.001)
        assert flooding.opened > PER_S * BURST_S / 2
        assert most <= MOST + OWN_DESCRIPTORS
        assert most_mb - before_mb < 64
        assert works(owner)


class Line(asyncio.Transport):
    """A connection that is there until it is cut off."""

    gone = False

    def abort(self) -> None:
        """Be cut off."""
        self.gone = True


def test_headers_without_end_are_not_read(besieged: Evening) -> None:
    owner = besieged.visitor
    with closing(socket.create_connection(("127.0.0.1", owner.port), timeout=30)) as line:
        try:
            line.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + b"a" * 2**20)
            answer = line.recv(100)
        except OSError:
            answer = b""
    assert answer == b"" or answer.partition(b" ")[2].startswith(b"400 ")
    assert works(owner)


def test_many_headers_without_end_do_not_fill_the_memory(besieged: Evening) -> None:
    owner = besieged.visitor
    asked = b"GET /login HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    headers = b"".join(b"X%d: " % number + b"a" * 8000 + b"\r\n" for number in range(30))
    lines = [socket.create_connection(("127.0.0.1", owner.port), timeout=30) for _ in range(250)]
    cut = 0
    for number, line in enumerate(lines):
        line.settimeout(5)
        try:
            if number % 2:
                line.sendall(asked)
                answer = line.recv(100)
                if not answer:  # it waited too long for its turn here, and is cut already
                    cut += 1
                    continue
                assert answer.startswith(b"HTTP/1.1 200 ")
            line.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n" + headers)
            cut += line_is_over(line)
        except TimeoutError:
            break
        except ConnectionError:
            cut += 1
    for line in lines:
        line.close()
    assert cut == len(lines), "they are kept"
    assert works(owner)


def test_who_dawdles_is_sent_away_and_keeps_nobody_waiting(house: CliHome) -> None:
    with served(house.root, life_s=1.0) as port:
        lines = [socket.create_connection(("127.0.0.1", port), timeout=30) for _ in range(300)]
        began = time.monotonic()
        for line in lines:
            try:
                line.sendall(b"GET /car/spring HTTP/1.1\r\nHost: 127")
            except OSError:
                continue  # pushed out by those after it
        assert works(Visitor(port))
        assert time.monotonic() - began < 5
        assert sum(line_is_over(line) for line in lines) == len(lines)
        assert time.monotonic() - began < 10
        assert works(Visitor(port))


def test_who_sends_a_form_slowly_goes_before_who_is_answered(house: CliHome, capfd: pytest.CaptureFixture[str]) -> None:
    with served(house.root, life_s=3.0) as port:
        head = "POST /car/spring/charge HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n"
        slow = f"{head}Content-Type: application/x-www-form-urlencoded\r\n\r\nfar".encode()
        lines = [socket.create_connection(("127.0.0.1", port), timeout=30) for _ in range(MOST)]
        for line in lines:
            line.sendall(slow)
        assert works(Visitor(port)), "all places are taken by forms that never end"
        assert sum(line_is_over(line) for line in lines) == len(lines)
        assert works(Visitor(port))
    assert capfd.readouterr().err == ""


def test_an_answer_that_takes_longer_than_a_connection_may_is_given(house: CliHome) -> None:
    panel = panel_of(places_of(house.root), None)
    look = panel.house.look

    def slow() -> Seen | None:
        time.sleep(2.5)
        return look()

    panel.house = replace(panel.house, look=slow)
    with serving(panel, life_s=1.0) as port:
        assert works(Visitor(port))


def test_another_password_ends_the_visits_of_a_panel_that_runs(locked: Evening, owner: Visitor) -> None:
    assert works(owner)
    assert locked.host.delcia("panel", "--set-password", stdin="another password\n").status == 0
    assert owner.get("/car/spring").status == 303
    assert owner.log_in(PASSWORD).status == 403
    assert owner.log_in("another password").status == 303
    assert works(owner)


def line_is_over(line: socket.socket) -> bool:
    """Wait until a connection is closed from the other side."""
    with closing(line):
        try:
            return line.recv(100) == b"" or line_is_over(line)
        except ConnectionError:
            return True


def test_two_hundred_at_once_are_all_answered(besieged: Evening) -> None:
    owner = besieged.visitor
    gate = threading.Barrier(200)

    def ask(_number: int) -> int:
        gate.wait(30)
        return Visitor(owner.port, owner.cookie).get("/panel.css").status

    with ThreadPoolExecutor(200) as pool:
        assert set(pool.map(ask, range(200))) == {200}
    assert works(owner)


def test_no_secret_and_no_whole_number_of_a_car_is_on_any_page(besieged: Evening) -> None:
    owner = besieged.visitor
    for path in ("/", "/login", "/car/spring", "/nothing", "/panel.css", "/manifest.webmanifest"):
        page = owner.get(path)
        assert EMAIL not in page.body
        assert besieged.host.world.cars["spring"].vin not in page.body
        assert PASSWORD not in page.body


def test_every_answer_keeps_the_browser_careful(besieged: Evening) -> None:
    owner = besieged.visitor
    for path in ("/", "/login", "/car/spring", "/nothing", "/panel.css", "/icon.png"):
        headers = owner.get(path).headers
        assert "script" not in headers["Content-Security-Policy"]
        assert headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'self'; ")
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Server"] == "delcia"
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]


@pytest.fixture
def exposed(house: CliHome) -> Path:
    """Return the settings of a panel behind a proxy."""
    file = house.paths.host_file
    file.write_text("panel: {hosts: [car.example], proxy: true}\n", encoding="utf-8")
    return file


def test_behind_a_proxy_the_cookie_is_for_tls_and_the_address_is_the_visitors(house: CliHome, exposed: Path) -> None:
    assert exposed.exists()
    with served(house.root) as port:
        assert Visitor(port).get("/", Host="car.example", X_Forwarded_For="203.0.113.9").status == 403
    assert house.delcia("panel", "--set-password", stdin=f"{PASSWORD}\n").status == 0
    with served(house.root) as port:
        through = {"Host": "car.example", "X_Forwarded_For": "203.0.113.9", "X_Forwarded_Proto": "https"}
        visitor = Visitor(port, headers=through)
        hidden = visitor.get("/login").hidden
        for _ in range(FROM_ONE):
            wrong = visitor.post("/login", {**hidden, "password": "guess"}, Origin="https://car.example")
            assert wrong.status == 403
        began = time.monotonic()
        visitor.headers["X_Forwarded_For"] = "6.6.6.6, 203.0.113.10"
        other = visitor.post("/login", {**hidden, "password": "guess"}, Origin="https://car.example")
        assert (other.status, time.monotonic() - began < 2) == (403, True)
        visitor.headers["X_Forwarded_For"] = "6.6.6.6, 203.0.113.9"
        right = visitor.post("/login", {**hidden, "password": PASSWORD}, Origin="https://car.example")
        assert (right.status, "; Secure" in right.headers["Set-Cookie"]) == (303, True)
        assert time.monotonic() - began > 2, "who has failed often waits"


@pytest.mark.parametrize(
    "headers",
    [
        {"Forwarded": "for=203.0.113.9"},
        {"X_Forwarded_For": "203.0.113.9"},
        {"X_Forwarded_Proto": "https"},
        {"X_Forwarded_Host": "car.example"},
        {"X_Real_IP": "203.0.113.9"},
        {"Via": "1.1 caddy"},
    ],
)
def test_without_a_password_nothing_is_shown_through_a_proxy_that_nobody_declared(
    evening: Evening, headers: dict[str, str]
) -> None:
    page = evening.visitor.get("/car/spring", **headers)
    assert page.status == 403
    assert "A proxy passes this request on" in page.body
    for words in ("delcia panel --set-password", "panel: {proxy: true}"):
        assert words in page.body
    assert not [word for word in PRIVATE if word in page.body]
    assert works(evening.visitor)


def test_what_speaks_http_1_0_is_a_proxy(evening: Evening) -> None:
    with closing(socket.create_connection(("127.0.0.1", evening.visitor.port), timeout=30)) as line:
        line.sendall(b"GET /car/spring HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")
        assert b" 403 " in line.recv(100)


def test_behind_a_password_a_proxy_that_nobody_declared_is_answered_as_this_host(locked: Evening) -> None:
    visitor = Visitor(locked.visitor.port, headers={"Via": "1.1 caddy", "X_Forwarded_For": "203.0.113.9"})
    assert visitor.log_in(PASSWORD).status == 303
    assert works(visitor)


def test_past_the_proxy_nobody_says_who_they_are() -> None:
    told = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}
    request, settings = make_mocked_request("GET", "/", headers=told), PanelSettings(proxy=True)
    for remote, source in (("127.0.0.1", "203.0.113.9"), ("192.0.2.7", "192.0.2.7")):
        found = request.clone(remote=remote)
        assert gate.came_from(found, settings) == source
        assert gate.is_encrypted(found, settings) == (source != remote)
        assert not gate.is_of_this_host(found, settings)
