"""`delcia status`: a host and its cars on one screen, for everybody of the group."""

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from support.cli_home import EMAIL, PASSWORD, cli_home
from support.simulated_home import SimulatedHome, published
from support.stories import at

from delcia.errors import Exit
from delcia.store.budget import open_circuit
from delcia.store.notices import queue_notice
from delcia.store.opening import open_store

EVENING = ("Mon 18:30", "Mon 18:35", "Mon 18:40", "Mon 19:38")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SimulatedHome:
    home = SimulatedHome(tmp_path, monkeypatch)
    home.go_to("Mon 18:02")
    return home


@pytest.fixture
def evening(home: SimulatedHome) -> SimulatedHome:
    """Return a home at 19:41, whose car is held."""
    home.apply()
    home.tick(*EVENING)
    home.go_to("Mon 19:41")
    return home


def database(home: SimulatedHome) -> Path:
    return home.root / "var/lib/delcia/state/delcia.db"


def test_where_nothing_is_applied_it_says_how_to_begin(home: SimulatedHome) -> None:
    ran = home.run("status")
    assert (ran.status, ran.stdout) == (0, "nothing is applied on this host; begin with: delcia apply DIR\n")
    assert published("status", home.run("status", "--json").stdout)["generation"] is None


def test_one_car_fits_a_screen(evening: SimulatedHome) -> None:
    ran = evening.run("status")
    assert ran.status == 0
    assert ran.stdout == (
        f"applied  generation 1, Mon 18:02, from {evening.plans}\n"
        "units    as applied\n"
        "next     Mon 19:45  delcia-reconcile.timer\n"
        "         Tue 01:38  delcia-plan-nights.timer\n"
        "         computed: no systemd was asked\n"
        "\n"
        "spring   40 %, plugged in, read 3 min ago · start and stop by the car\n"
        "         held until Tue 01:38\n"
        "         socket: reckoned by the car's model, give or take 10 %\n"
        "decided  Mon 18:40  nothing to do; next charge 01:38\n"
        "         Mon 18:35  stop: held until 01:38\n"
        "         Mon 18:30  charging by itself; a second look before it is held\n"
        "sent     Mon 18:35  stop (hold): obeyed by 18:40\n"
    )


def test_the_json_is_as_published(evening: SimulatedHome) -> None:
    found = published("status", evening.run("status", "--json").stdout)
    assert found["generation"]["number"] == 1
    assert found["timers"]["rows"][1]["next_at"] == "2026-11-24T00:38:00Z"
    [spring] = found["vehicles"]
    assert (spring["plug"], spring["session"], spring["soc_basis"]) == ("plugged", None, "reading")
    assert spring["commands"][0]["outcome"] == "confirmed"
    [estimate] = spring["estimates"]
    assert (estimate["charger"], estimate["basis"], estimate["spread_pct"]) == ("socket", "prior", 10.0)
    assert found["accounts"] == [{"account": "default", "calls_left": 49, "circuit_open_until": None}]


def test_a_charge_says_whose_it_is(evening: SimulatedHome) -> None:
    evening.tick("Tue 01:38", "Tue 01:45")
    evening.go_to("Tue 02:45")
    [line] = [line for line in evening.run("status").stdout.splitlines() if line.startswith("spring")]
    assert re.fullmatch(r"spring   about 4[78] %, charging \(delcia's\), carried forward, read 60 min ago · .*", line)
    [spring] = published("status", evening.run("status", "--json").stdout)["vehicles"]
    assert (spring["session"]["owner"], spring["soc_basis"]) == ("delcia", "carried")


def test_a_hand_edit_of_a_unit_is_drift(evening: SimulatedHome) -> None:
    units = evening.root / "etc/systemd/system"
    (units / "delcia-plan-nights.timer").write_text("# mine\n", encoding="utf-8")
    (units / "delcia-reconcile.service").unlink()
    lines = evening.run("status").stdout.splitlines()
    assert lines[1:4] == [
        "units    delcia-plan-nights.timer edited by hand",
        "         delcia-reconcile.service deleted by hand",
        "         'delcia diff' shows it, 'delcia apply' repairs it",
    ]
    assert published("status", evening.run("status", "--json").stdout)["units"]["differences"] == [
        {"name": "delcia-plan-nights.timer", "how": "edited by hand"},
        {"name": "delcia-reconcile.service", "how": "deleted by hand"},
    ]


def test_a_persons_word_is_there(evening: SimulatedHome) -> None:
    evening.run("pause", "spring", "--until", "22:00")
    assert "\n         left alone until Mon 22:00, or 'delcia resume'\n" in evening.run("status").stdout
    evening.run("boost", "spring", "--to-soc", "60")
    assert "\n         start: to 60 %, or until unplugged\n" in evening.run("status").stdout
    [spring] = published("status", evening.run("status", "--json").stdout)["vehicles"]
    assert (spring["override"]["kind"], spring["override"]["to_soc_pct"]) == ("boost", 60)


def test_what_the_owner_is_to_be_told_is_there_for_some_days(evening: SimulatedHome) -> None:
    store = open_store(database(evening))
    queue_notice(store, "spring", "old", "spring: long ago", at("Mon 19:00") - timedelta(days=5))
    for number in range(5):
        queue_notice(store, "spring", f"slug-{number}", f"spring: trouble {number}", at(f"Mon 19:0{number}"))
    open_circuit(store, "default", at("Mon 19:55"))
    store.close()
    lines = evening.run("status").stdout.splitlines()
    assert lines[-5:] == [
        "notices  Mon 19:04  spring: trouble 4",
        "         Mon 19:03  spring: trouble 3",
        "         Mon 19:02  spring: trouble 2",
        "         Mon 19:01  spring: trouble 1",
        "         and 2 older: delcia status --json",
    ]
    assert "calls    account 'default': none until Mon 19:55, as its service asked" in lines
    assert len(published("status", evening.run("status", "--json").stdout)["notices"]) == 6


def test_a_state_that_cannot_be_read_leaves_the_rest(evening: SimulatedHome) -> None:
    database(evening).write_bytes(b"no database" * 100)
    ran = evening.run("status")
    assert ran.status == 0
    assert "[state-unreadable]" in ran.stderr
    assert "units    as applied" in ran.stdout
    assert "spring   not read yet · start and stop by the car" in ran.stdout


def test_a_generation_that_is_damaged_is_an_error_with_a_way_out(evening: SimulatedHome) -> None:
    shutil.rmtree(evening.root / "var/lib/delcia/generations/1")
    ran = evening.run("status")
    assert (ran.status, ran.stdout) == (Exit.BROKEN, "")
    assert "hint: apply the plans again" in ran.stderr


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """Return a folder that others may enter, unlike those of pytest."""
    folder = Path(tempfile.mkdtemp(prefix="delcia-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
@pytest.mark.parametrize(("group", "status"), [(54321, 0), (54322, 1)], ids=["member", "stranger"])
def test_members_of_the_group_need_no_root(
    open_folder: Path, monkeypatch: pytest.MonkeyPatch, group: int, status: int
) -> None:
    home = SimulatedHome(open_folder, monkeypatch)
    home.apply()
    home.tick(*EVENING)
    for path in (home.root / "var/lib/delcia").rglob("*"):
        os.chown(path, 0, 54321)
    for path in (home.root / "var/lib/delcia", home.root / "var/lib", home.root / "var", home.root):
        os.chown(path, 0, 54321)
    before = home.run("status")
    groups = os.getgroups()
    os.setgroups([])
    os.setegid(group)
    os.seteuid(54321)
    try:
        ran = home.run("status")
    finally:
        os.seteuid(0)
        os.setegid(0)
        os.setgroups(groups)
    assert ran.status == status
    if status:
        assert "join the group 'delcia'" in ran.stderr
    else:
        assert ran == before


def test_a_host_that_knows_no_home_says_that_nothing_is_held_and_what_ends_that(tmp_path: Path) -> None:
    with cli_home(tmp_path) as house:
        house.move_in()
        house.live(at("Mon 18:05"))
        assert "no home" not in house.delcia("status").stdout

        house.delcia("logout")
        words = ("login", "--email", EMAIL, "--plans", str(house.plans))
        assert house.delcia(*words, stdin=f"{PASSWORD}\n").status == 0
        house.live(at("Mon 18:10"))
        for command in ("status", "report"):
            said = house.delcia(command).stdout
            assert (
                "no home is known on this host, so 'spring' is not held: it charges whenever it is plugged in\n" in said
            )
            assert "while the car stands there: delcia login --home here; " in said
        [spring] = published("status", house.delcia("status", "--json").stdout)["vehicles"]
        assert (spring["hold"]["held"], spring["hold"]["why"]) == (False, "homeless")
