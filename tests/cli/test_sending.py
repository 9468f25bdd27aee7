"""Telling the owner: what is sent, when, how often, and that a way that fails harms nothing."""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest
from support.simulated_home import SimulatedHome, published
from support.stories import at
from support.webhook import Hook, webhook

from delcia.cli import scheduled
from delcia.cli.sending import beat, send_due
from delcia.core.clock import zone
from delcia.errors import Exit
from delcia.host.paths import Paths
from delcia.store.notices import pending_notices, queue_notice
from delcia.store.opening import open_store

PARIS = zone("Europe/Paris")


@pytest.fixture
def hook() -> Iterator[Hook]:
    with webhook() as served:
        yield served


class Host:
    """A host whose settings say how its owner is told, with one thing to tell."""

    def __init__(self, folder: Path, notify: str) -> None:
        self.paths = Paths.system(folder)
        self.paths.host_file.parent.mkdir(parents=True)
        self.paths.host_file.write_text(f"notify: {{{notify}}}\n", encoding="utf-8")

    def queue(
        self,
        instant: str,
        slug: str = "ignored",
        text: str = "spring: was asked 3 times to stop",
        vehicle: str = "spring",
    ) -> None:
        """Have a thing to tell, found at an instant."""
        with closing(open_store(self.paths.database)) as store:
            assert queue_notice(store, vehicle, slug, text, at(instant))

    def send(self, instant: str) -> tuple[datetime | None, str]:
        """Send what is due at an instant."""
        return send_due(self.paths, PARIS, at(instant))

    @property
    def waiting(self) -> list[str]:
        """What was not sent yet."""
        with closing(open_store(self.paths.database)) as store:
            return [item.slug for item in pending_notices(store)]


def test_ntfy_gets_the_text_and_json_all_of_it_and_each_once(hook: Hook, tmp_path: Path) -> None:
    ntfy = Host(tmp_path / "a", f'webhook: "{hook.url}/topic"')
    ntfy.queue("Mon 18:30")
    assert ntfy.send("Mon 18:30") == (None, "")
    assert ntfy.send("Mon 18:35") == (None, "")
    assert hook.sent == ["POST /topic spring: was asked 3 times to stop"]
    assert hook.headers[0]["Title"] == "delcia"
    other = Host(tmp_path / "b", f'webhook: {{url: "{hook.url}/", form: json, headers: {{Authorization: "Bearer x"}}}}')
    other.queue("Mon 18:30", "login-expired", "log in again")
    other.send("Mon 18:30")
    assert published("notice", hook.sent[1].removeprefix("POST / ")) == {
        "schema": "delcia/notice/1",
        "vehicle": "spring",
        "cause": "login-expired",
        "text": "log in again",
        "at": "2026-11-23T17:30:00Z",
        "urgent": True,
    }
    assert hook.headers[1]["Authorization"] == "Bearer x"
    other.queue("Mon 18:31", "unit-failed-70", "a bug in delcia", vehicle="")
    other.send("Mon 18:31")
    assert published("notice", hook.sent[2].removeprefix("POST / "))["vehicle"] is None


def test_no_vin_no_place_and_no_address_leaves_the_house(hook: Hook, tmp_path: Path) -> None:
    host = Host(tmp_path, f'webhook: "{hook.url}/"')
    host.queue("Mon 18:30", text="VF1AAAAA555777999 of owner@example.org at 48.85837, 2.29448 has 71.5 %")
    host.send("Mon 18:30")
    assert hook.sent == ["POST / … of … at … has 71.5 %"]


def test_a_program_reads_the_text(tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    code = f"import sys; open({str(seen)!r}, 'a').write(sys.stdin.read())"
    host = Host(tmp_path / "host", f"command: {json.dumps([sys.executable, '-I', '-c', code])}")
    host.queue("Mon 18:30")
    assert host.send("Mon 18:30") == (None, "")
    assert seen.read_text(encoding="utf-8") == "spring: was asked 3 times to stop\n"


@pytest.mark.parametrize("broken", ["webhook", "command"])
def test_who_hears_it_by_one_way_hears_it_once_whatever_becomes_of_the_other(
    hook: Hook, tmp_path: Path, broken: str
) -> None:
    seen = tmp_path / "seen"
    code = f"import sys; open({str(seen)!r}, 'a').write(sys.stdin.read()); sys.exit({int(broken == 'command')})"
    command = json.dumps([sys.executable, "-I", "-c", code])
    host = Host(tmp_path / "host", f'webhook: "{hook.url}/", command: {command}')
    hook.status = 500 if broken == "webhook" else 200
    host.queue("Mon 18:30")
    host.queue("Mon 18:30", "short", "spring: will be 71 % at 07:00, not 80 %")
    due, said = host.send("Mon 18:30")
    assert due is None
    assert said.startswith(f"the owner was told, but the {broken} failed with ")
    assert host.send("Mon 18:35") == (None, "")
    assert len(hook.sent) == len(seen.read_text(encoding="utf-8").splitlines()) == 2


def test_what_can_wait_waits_for_the_end_of_the_quiet_hours(hook: Hook, tmp_path: Path) -> None:
    host = Host(tmp_path, f'webhook: "{hook.url}/"')
    host.queue("Mon 23:00")
    host.queue("Mon 23:00", "login-expired", "log in again")
    assert host.send("Mon 23:00") == (at("Tue 07:00"), "")
    assert hook.sent == ["POST / log in again"]
    assert hook.headers[0]["Priority"] == "high"
    assert host.send("Tue 06:59") == (at("Tue 07:00"), "")
    assert host.send("Tue 07:00") == (None, "")
    assert len(hook.sent) == 2


def test_an_owner_may_sleep_through_or_be_told_at_any_hour(hook: Hook, tmp_path: Path) -> None:
    sleeper = Host(tmp_path / "a", f'webhook: "{hook.url}/", wakes: false, quiet_hours: "00:30-09:00"')
    sleeper.queue("Tue 00:30", "login-expired")
    assert sleeper.send("Tue 00:30") == (at("Tue 09:00"), "")
    other = Host(tmp_path / "b", f'webhook: "{hook.url}/", quiet_hours: none')
    other.queue("Tue 03:00")
    assert other.send("Tue 03:00") == (None, "")
    assert len(hook.sent) == 1


@pytest.mark.parametrize("status", [302, 307, 500])
def test_another_answer_is_tried_again_by_later_runs_for_a_day(hook: Hook, tmp_path: Path, status: int) -> None:
    host = Host(tmp_path, f'webhook: "{hook.url}/secret"')
    host.queue("Mon 18:30")
    hook.status = status
    due, said = host.send("Mon 18:30")
    assert due == at("Mon 18:30")
    assert (
        said == f"the owner could not be told: the webhook failed with HTTP status {status}; the next run tries again"
    )
    assert hook.sent == ["POST /secret spring: was asked 3 times to stop"], "no redirect is followed"
    hook.status = 200
    assert host.send("Tue 18:31") == (None, ""), "old news"
    assert host.waiting == ["ignored"]
    assert host.send("Tue 10:00") == (None, "")
    assert host.waiting == []


def test_a_server_that_drips_is_left_in_time(hook: Hook, tmp_path: Path) -> None:
    host = Host(tmp_path, f'webhook: "{hook.url}/", timeout_s: 1')
    host.queue("Mon 18:30")
    hook.drips_s = 0.2
    began = time.monotonic()
    assert "no answer within 1 s" in host.send("Mon 18:30")[1]
    assert time.monotonic() - began < 30, "it drips for longer"
    assert host.waiting == ["ignored"]


def test_the_heart_beats_every_half_hour_where_it_is_asked_for(hook: Hook, tmp_path: Path) -> None:
    host = Host(tmp_path, f'heartbeat: "{hook.url}/beat"')
    host.queue("Mon 18:30")
    for instant in ("Mon 18:30", "Mon 18:35", "Mon 18:54", "Mon 18:55", "Mon 19:10"):
        assert beat(host.paths, at(instant)) == ""
    assert hook.sent == ["GET /beat"] * 2
    hook.status = 500
    assert beat(host.paths, at("Mon 19:30")) == "the heartbeat failed with HTTP status 500"
    assert beat(host.paths, at("Mon 19:35")) == ""
    assert host.send("Mon 19:35") == (None, ""), "a heartbeat tells nothing"


def test_a_run_tells_after_its_work_and_ends_as_if_it_had_not(
    hook: Hook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home = SimulatedHome(tmp_path, monkeypatch)
    home.apply()
    home.tick("Mon 18:30")
    settings = home.root / "etc/delcia/host.yaml"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text(f'notify: {{webhook: "{hook.url}/", heartbeat: "{hook.url}/beat"}}\n', encoding="utf-8")
    car = home.root / "var/lib/delcia/state/car-spring.json"
    argv = ["charge", "--all", "--scheduled", "--root", str(home.root)]

    def tick(instant: str) -> int:
        home.go_to(instant)
        return scheduled.main(argv)

    car.write_text("{}", encoding="utf-8")
    hook.status = 500
    assert tick("Mon 18:45") == Exit.BROKEN
    assert "the owner could not be told: the webhook failed with HTTP status 500" in capsys.readouterr().out
    hook.status = 200
    assert tick("Mon 18:50") == Exit.BROKEN
    assert tick("Mon 18:55") == Exit.BROKEN
    told = [words for words in hook.sent if words.startswith("POST")]
    assert len(told) == 2, "once in vain, then once"
    assert "spring: the simulated car in car-spring.json cannot be read" in told[1]
    assert "cannot be read" in notices(home), "told, and not over"
    car.unlink()
    assert tick("Mon 19:05") == Exit.OK
    assert "cannot be read" not in notices(home)


def notices(home: SimulatedHome) -> str:
    """Return what `status` shows of what the owner was told."""
    return home.run("status").stdout.partition("\nnotices")[2]


@pytest.mark.parametrize(
    ("notify", "words"),
    [
        ("webhok: x", "notify: unknown key 'webhok'"),
        ('webhook: "http://ntfy.sh/topic"', "notify: webhook: would send in the clear over the internet"),
        ('webhook: "http://134744072/topic"', "notify: webhook: would send in the clear over the internet"),
        ('webhook: "ftp://host/topic"', "notify: webhook: is no web address"),
        ('webhook: {url: "https://ntfy.sh/t", form: slack}', "notify: webhook: form: 'slack' is no form"),
        ('webhook: {url: "https://ntfy.sh/t", form: {}}', "notify: webhook: form: '{}' is no form"),
        ('webhook: {url: "https://ntfy.sh/t", headers: {A: 1}}', "notify: webhook: headers: must be names with texts"),
        ("command: tell-me", "notify: command: must be a list of words"),
        ("quiet_hours: late", "notify: quiet_hours: 'late' is no span of hours"),
        ("wakes: maybe", "notify: wakes: 'maybe' is neither true nor false"),
        ("timeout_s: 300", "notify: timeout_s: must be 1 to 30 s"),
    ],
)
def test_what_is_wrong_in_the_settings_is_said_by_doctor_and_by_a_test(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, notify: str, words: str
) -> None:
    home = SimulatedHome(tmp_path, monkeypatch)
    Host(home.root, notify)
    ran = home.run("notify", "--test")
    assert ran.status == Exit.BROKEN
    assert words in ran.stderr
    assert "hint: " in ran.stderr
    assert words in home.run("doctor", "--offline").stdout


def test_an_owner_can_try_it(hook: Hook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = SimulatedHome(tmp_path, monkeypatch)
    assert home.run("notify", "--test").status == Exit.PROBLEMS
    Host(home.root, f'webhook: "{hook.url}/"')
    assert home.run("notify", "--test").stdout == "told by the webhook\n"
    hook.status = 403
    ran = home.run("notify", "--test")
    assert (ran.status, hook.url in ran.stderr) == (Exit.UNAVAILABLE, False)
    assert "HTTP status 403" in ran.stderr


def test_a_section_that_nobody_reads_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = SimulatedHome(tmp_path, monkeypatch)
    host = Host(home.root, "")
    host.paths.host_file.write_text("notifi: {}\n", encoding="utf-8")
    said = home.run("doctor", "--offline").stdout
    assert "unknown key 'notifi'" in said
    assert "did you mean 'notify'?" in said
