"""The panel as a process: started on a socket that is given to it, and gone when nobody looks."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from support.cli_home import CliHome
from support.command import delcia_process
from support.panels import ROOT, Visitor, process_of, served

from delcia.cli.panelplaces import places_of
from delcia.cli.places import own_settings
from delcia.core.changes import digest
from delcia.core.request import Request
from delcia.errors import DelciaError, Exit
from delcia.host.paths import Paths
from delcia.panel.asking import by_spool
from delcia.panel.settings import panel_settings


def test_on_a_socket_that_is_given_it_answers_and_ends_when_told(house: CliHome) -> None:
    with process_of(house, "--lang", "fr") as (_, port):
        page = Visitor(port).get("/car/spring")
        assert (page.status, '<html lang="fr">' in page.body) == (200, True)


def test_the_page_of_a_car_waits_for_no_plan_language_and_no_command_line() -> None:
    wanted = "import sys, delcia.cli.looking, delcia.panel.app, delcia.panel.cars"
    heavy = (
        "print([name for name in ('yaml', 'click', 'ruamel', 'jsonschema', 'delcia.config') if name in sys.modules])"
    )
    argv = [sys.executable, "-c", f"{wanted}; {heavy}"]
    done = subprocess.run(argv, check=True, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)})
    assert done.stdout == "[]\n"


def test_when_nobody_looks_it_ends(house: CliHome) -> None:
    with served(house.root, idle_s=1.5) as port:
        for _ in range(3):
            assert Visitor(port).get("/panel.css").status == 200
            time.sleep(0.8)
        time.sleep(3.0)
        with pytest.raises(ConnectionRefusedError):
            Visitor(port).get("/panel.css")


@pytest.mark.parametrize("argv", [("--served",), ("--served", "--lang", "de"), ("--served", "more")])
def test_without_a_socket_or_with_other_words_it_says_so(argv: tuple[str, ...]) -> None:
    ran = delcia_process("panel", *argv)
    assert ran.status == Exit.USAGE
    assert "[no-socket]" in ran.stderr or "usage: delcia panel --served" in ran.stderr


def test_the_password_is_kept_for_its_user_alone_and_not_as_it_is(house: CliHome) -> None:
    assert house.delcia("panel", "--set-password", stdin="short\n").status == Exit.USAGE
    assert house.delcia("panel", "--set-password", stdin="a long enough one\n").status == 0
    file = places_of(house.root).secrets
    assert file.stat().st_mode & 0o777 == 0o400
    assert "long enough" not in file.read_text(encoding="utf-8")
    assert json.loads(file.read_text(encoding="utf-8"))["password"]


def test_it_does_not_listen_to_others_without_a_password(house: CliHome) -> None:
    house.paths.host_file.write_text('panel: {listen: "0.0.0.0:8470"}\n', encoding="utf-8")
    for argv in ((), ("--enable",)):
        ran = house.delcia("panel", *argv)
        assert (ran.status, "without a password the panel does not listen on 0.0.0.0" in ran.stderr) == (2, True)


def test_its_units_are_switched_on_and_off(house: CliHome) -> None:
    said = house.delcia("panel", "--enable")
    assert said.stdout.count("create  delcia-") == 4
    assert house.paths.panel_secrets.parent.is_dir(), "what the unit sees is there before a password is"
    assert "units    as applied" in house.delcia("status").stdout
    assert house.delcia("panel", "--enable").stdout == "nothing to change\n"
    assert "\npanel" not in house.delcia("status").stdout
    house.paths.host_file.write_text('panel: {listen: "127.0.0.1:8471"}\n', encoding="utf-8")
    for shown in (house.delcia("status").stdout, house.delcia("doctor", "--offline").stdout):
        assert "'panel:' in host.yaml, or delcia, is not as it was when the panel was switched on" in shown
        assert "run: sudo delcia panel --enable" in shown
    assert house.delcia("panel", "--enable").stdout == "update  delcia-panel.service\nupdate  delcia-panel.socket\n"
    assert "\npanel" not in house.delcia("status").stdout
    assert house.delcia("panel", "--disable").stdout.count("delete  delcia-") == 4


def test_for_the_home_network_it_gets_a_password_and_a_line_of_the_settings(house: CliHome) -> None:
    file = house.paths.host_file
    file.write_text("# mine\nnotify: {}", encoding="utf-8")
    file.chmod(0o600)
    refused = house.delcia("panel", "--enable", "--home-network", stdin="\n")
    assert refused.status != 0
    assert file.read_text(encoding="utf-8") == "# mine\nnotify: {}", "without a password nothing is opened"
    assert house.delcia("panel", "--home-network").status == Exit.USAGE
    said = house.delcia("panel", "--enable", "--home-network", stdin="a good password\n")
    assert "http://0.0.0.0:8470" in said.stderr
    assert file.read_text(encoding="utf-8") == '# mine\nnotify: {}\npanel: {listen: "0.0.0.0:8470"}\n'
    assert file.stat().st_mode & 0o777 == 0o600
    assert house.delcia("panel", "--enable", "--home-network").stdout == "nothing to change\n"
    for text in ("{notify: {}}\n", "notify: {}\n...\n", "  notify: {}\n"):
        file.write_text(text, encoding="utf-8")
        refused = house.delcia("panel", "--enable", "--home-network")
        assert (refused.status, "[cannot-edit]" in refused.stderr) == (Exit.BROKEN, True), text
        assert 'write there yourself: panel: {listen: "0.0.0.0:8470"}' in refused.stderr
        assert file.read_text(encoding="utf-8") == text
    file.write_text("panel: {hosts: [car.home]}\n", encoding="utf-8")
    refused = house.delcia("panel", "--enable", "--home-network")
    assert "[host-file-has-panel]" in refused.stderr
    assert 'write there: listen: "0.0.0.0:8470"' in refused.stderr
    assert file.read_text(encoding="utf-8") == "panel: {hosts: [car.home]}\n"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("panel: [8470]", "it takes listen, hosts and proxy"),
        ("panel: {lisen: x}", "unknown key 'lisen'"),
        ("panel: {listen: 8470}", "'listen' is '8470', which is no address and port"),
        ('panel: {listen: "car.home:80"}', "'listen' is 'car.home:80'"),
        ('panel: {listen: "127.0.0.1:99999"}', "'listen' is '127.0.0.1:99999'"),
        ("panel: {hosts: car.home}", "'hosts' must be a list of names"),
        ("panel: {proxy: maybe}", "'proxy' must be true or false"),
        ("panel: {plans: /etc}", "'plans' takes folder"),
        ("panel: {plans: {bransh: main}}", "unknown key 'bransh'"),
    ],
)
def test_settings_that_are_wrong_are_told_with_their_place(tmp_path: Path, text: str, why: str) -> None:
    file = tmp_path / "host.yaml"
    file.write_text(f"{text}\n", encoding="utf-8")
    with pytest.raises(DelciaError, match="panel: ") as told:
        panel_settings(file)
    assert why in told.value.message


def test_removing_all_of_it_removes_what_is_the_panels(house: CliHome) -> None:
    assert house.delcia("panel", "--set-password", stdin="a long enough one\n").status == 0
    with served(house.root) as port:
        assert Visitor(port).get("/login").status == 200
    places = places_of(house.root)
    assert places.state.is_dir()
    assert house.delcia("remove", "--purge", "--yes").status == 0
    assert (places.state.exists(), places.secrets.exists()) == (False, False)


def test_a_service_reads_the_section_that_systemd_hands_it_and_units_of_0_1_read_all_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = Paths.system()
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    assert own_settings(paths) == paths.host_file
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert own_settings(paths) == paths.host_file, "other credentials, and no section"
    handed = tmp_path / "host"
    for text in (
        '{"panel": {"listen": "0.0.0.0:8471"}}',
        "notify: {webhook: https://ntfy.sh/x}\npanel: {listen: '0.0.0.0:8471'}\n",
    ):
        handed.write_text(text, encoding="utf-8")
        assert panel_settings(own_settings(paths)).port == 8471


def test_the_password_of_0_1_counts_and_moves_when_the_panel_is_switched_on(house: CliHome) -> None:
    assert house.delcia("panel", "--set-password", stdin="a long enough one\n").status == 0
    paths = house.paths
    paths.panel_secrets.rename(paths.older_panel_secrets)  # as 0.1 left it
    with served(house.root) as port:
        assert Visitor(port).log_in("a long enough one").status == 303
    assert house.delcia("panel", "--enable").status == 0
    assert (paths.panel_secrets.exists(), paths.older_panel_secrets.exists()) == (True, False)
    with served(house.root) as port:
        assert Visitor(port).log_in("a long enough one").status == 303


def test_an_upgrade_makes_the_units_of_the_panel_and_of_sync_again(house: CliHome) -> None:
    file = house.paths.host_file
    file.write_text("sync: {remote: 'file:///srv/plans.git'}\n", encoding="utf-8")
    assert house.delcia("panel", "--enable").status == 0
    assert house.delcia("sync", "--enable").status == 0
    for name in ("delcia-panel.service", "delcia-sync-fetch.service"):
        older(house, name)
    assert house.delcia("status").stdout.count("is not as it was when") == 2
    said = house.delcia("apply", "--again", "--yes")
    assert "update  delcia-panel.service\n" in said.stdout
    assert "update  delcia-sync-fetch.service\n" in said.stdout
    assert "is not as it was when" not in house.delcia("status").stdout
    assert house.delcia("apply", "--again", "--yes").stdout == "nothing to change\n"
    older(house, "delcia-panel.service")
    file.write_text("panel: {listen: '0.0.0.0:8470'}\n", encoding="utf-8")
    said = house.delcia("apply", "--again", "--yes")
    assert (said.status, "[no-password]" in said.stderr) == (0, True), "nothing is opened without a password"


def older(house: CliHome, name: str) -> None:
    """Have a unit be as an earlier version made it."""
    stand = json.loads(house.paths.standing.read_text(encoding="utf-8"))
    for units in stand["standing"].values():
        if name in units:
            lines = [line for line in units[name].splitlines() if not line.startswith(("SetCredential=", "# X-Delcia"))]
            text = "\n".join([lines[0], f"# X-Delcia: unit=x sha256={'0' * 64}", *lines[1:]]) + "\n"
            units[name] = text.replace("0" * 64, digest(text))
            (house.paths.units / name).write_text(units[name], encoding="utf-8")
    house.paths.standing.write_text(json.dumps(stand), encoding="utf-8")


def test_a_word_that_was_cut_short_on_its_way_into_the_spool_can_be_said_again(tmp_path: Path) -> None:
    word = Request("spring", "stop", "0123456789abcdef0123")
    (tmp_path / f".{word.key}.new").write_text("{", encoding="utf-8")
    assert by_spool(tmp_path, word) is None
    assert json.loads((tmp_path / f"{word.key}.json").read_text(encoding="utf-8"))["word"] == "stop"
    assert by_spool(tmp_path, word) is None, "twice is once"
    assert len(list(tmp_path.iterdir())) == 2
    assert by_spool(tmp_path / "nowhere", word) is not None


@pytest.mark.parametrize("address", ["https://tk_secret@example.org/a.git", "https://me:tk_secret@example.org/a.git"])
def test_no_secret_of_a_repository_comes_into_a_unit_that_everybody_may_read(house: CliHome, address: str) -> None:
    house.paths.host_file.write_text(f"panel: {{plans: {{repository: '{address}'}}}}\n", encoding="utf-8")
    refused = house.delcia("panel", "--enable")
    assert (refused.status, "[secret-in-unit]" in refused.stderr) == (Exit.BROKEN, True)
    assert "tk_secret" not in refused.stdout + refused.stderr
    assert not list(house.paths.units.glob("delcia-panel*"))


def test_what_the_panel_pushes_to_decides_whether_it_has_a_network(house: CliHome) -> None:
    for plans, network in (
        ("repository: 'git@example.org:me/car.git', key: /etc/delcia/panel.key", True),
        ("repository: 'ssh://git@example.org/car.git'", True),
        ("repository: 'file:///srv/car.git'", False),
        ("folder: /srv/car", False),
    ):
        house.paths.host_file.write_text(f"panel: {{plans: {{{plans}}}}}\n", encoding="utf-8")
        assert house.delcia("panel", "--enable").status == 0
        text = (house.paths.units / "delcia-panel.service").read_text(encoding="utf-8")
        assert ("PrivateNetwork=yes" in text) != network, plans
        assert ("known_hosts" in text) == ("repository" in plans), plans
