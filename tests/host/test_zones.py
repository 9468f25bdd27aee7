"""The zone of a host's clock, however it says so; and whose delcia a command is about."""

import shutil
from pathlib import Path

import pytest

from delcia.errors import DelciaError
from delcia.host.cronplaces import CronPlace, place_of_file, place_of_user, usual_place
from delcia.host.paths import Paths
from delcia.host.personal import data_folder, is_personal
from delcia.host.zones import host_zone

ZONES = Path("/usr/share/zoneinfo")
PARIS = ZONES / "Europe/Paris"
needs_zones = pytest.mark.skipif(not PARIS.exists(), reason="tzdata is not installed")


@pytest.fixture
def top(tmp_path: Path) -> Path:
    (tmp_path / "etc").mkdir()
    return tmp_path


def test_a_link_names_the_zone(top: Path) -> None:
    (top / "etc/localtime").symlink_to("../usr/share/zoneinfo/America/Argentina/Ushuaia")
    assert host_zone(top) == "America/Argentina/Ushuaia"


def test_what_the_daemon_was_told_comes_first(top: Path) -> None:
    (top / "etc/localtime").symlink_to("/usr/share/zoneinfo/Europe/Paris")
    assert host_zone(top, "UTC") == "UTC"


def test_without_any_word_a_clock_shows_utc(top: Path) -> None:
    assert host_zone(top) == "UTC"


@needs_zones
def test_a_copy_of_a_zone_is_found_by_its_name_or_by_its_content(top: Path) -> None:
    zones = top / "usr/share/zoneinfo/Europe"
    zones.mkdir(parents=True)
    shutil.copy(PARIS, zones / "Paris")
    shutil.copy(PARIS, top / "etc/localtime")
    assert host_zone(top) == "Europe/Paris"
    (top / "etc/timezone").write_text("Europe/Paris\n", encoding="ascii")
    assert host_zone(top) == "Europe/Paris"
    (top / "etc/timezone").write_text("Europe/Madrid\n", encoding="ascii")
    assert host_zone(top) == "Europe/Paris", "a name that was left behind is not believed"
    shutil.rmtree(top / "usr")
    with pytest.raises(DelciaError, match="has a zone without a name"):
        host_zone(top)


@pytest.mark.parametrize("told", ["CET-1CEST,M3.5.0,M10.5.0/3", "Mars/Olympus", "+01:00", "../etc/passwd"])
def test_a_zone_without_a_name_of_ours_must_be_said(top: Path, told: str) -> None:
    with pytest.raises(DelciaError, match="which is no name of a zone") as caught:
        host_zone(top, told)
    assert caught.value.slug == "host-zone"
    assert "--cron-zone" in caught.value.hint


def test_a_place_is_what_the_host_has(top: Path) -> None:
    assert usual_place(top) == CronPlace("/etc/cron.d/delcia", "delcia", column=True)
    assert usual_place(top, busybox=True) == CronPlace("/etc/crontabs/delcia", "delcia", column=False)
    (top / "etc/crontabs").mkdir()
    assert usual_place(top, "root") == CronPlace("/etc/crontabs/root", "root", column=False)
    (top / "etc/synoinfo.conf").touch()
    assert usual_place(top) == CronPlace("/etc/crontab", "root", column=True)


def test_a_file_says_by_its_place_what_its_lines_look_like() -> None:
    assert place_of_file("/etc/cron.d/delcia") == CronPlace("/etc/cron.d/delcia", "delcia", column=True)
    assert place_of_file("/etc/crontabs/root") == CronPlace("/etc/crontabs/root", "root", column=False)
    assert place_of_file("/var/spool/cron/crontabs/ada").user == "ada"
    assert place_of_file("/etc/crontab", "delcia") == CronPlace("/etc/crontab", "delcia", column=True)
    assert place_of_file("/etc/crontab", column=False).column is False
    assert place_of_user("ada") == CronPlace("crontab of ada", "ada", column=False)
    for wrong in ("crontab", "/etc/../etc/crontab", "/etc/"):
        with pytest.raises(DelciaError):
            place_of_file(wrong)
    with pytest.raises(ValueError, match="no crontab"):
        CronPlace("etc/crontab", "root", column=True)


def test_delcia_is_a_users_own_once_they_applied_plans_themselves(tmp_path: Path) -> None:
    env = {"HOME": str(tmp_path)}
    data = tmp_path / ".local/state/delcia"
    (data / "generations").mkdir(parents=True)
    assert is_personal(env, 1000)
    assert data_folder(env, 1000) == str(data)
    assert not is_personal(env, 0)
    assert not is_personal({}, 1000)
    assert data_folder(env, 0) == "/var/lib/delcia"


def test_a_users_own_folders_are_those_of_xdg(tmp_path: Path) -> None:
    paths = Paths.of_user({"HOME": "/home/ada", "XDG_CACHE_HOME": "/scratch", "XDG_CONFIG_HOME": "relative"})
    assert paths.data == Path("/home/ada/.local/state/delcia")
    assert paths.state == paths.data / "state"
    assert paths.config == Path("/home/ada/.config/delcia")
    assert paths.cache == Path("/scratch/delcia")
    assert paths.personal
    assert Paths.here(tmp_path, {"HOME": "/home/ada"}, 1000) == Paths.system(tmp_path)
    assert Paths.here(None, {"HOME": "/home/ada"}, 0) == Paths.system()
