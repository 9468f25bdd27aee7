"""The files of the old project: hours read from Python that is never run, settings without their secrets."""

import json
from pathlib import Path

import pytest

from delcia.config.legacy import OldSettings, OldWindow, old_settings, old_windows
from delcia.core.oldcron import without_old_lines
from delcia.errors import DelciaError

UTC = """\
import datetime
import time

raise SystemExit("this file is read, and never run")


def get_heure_creuse_midi(now):
    '''The two hours at noon.'''
    now1 = time.gmtime().tm_hour
    now2 = time.localtime().tm_hour
    decalage_horraire = datetime.timedelta(hours=now2 - now1)
    heure_creuse = datetime.datetime(now.year, now.month, now.day, 12, 38, 0) + decalage_horraire
    return heure_creuse , heure_creuse + datetime.timedelta(hours=2)

def get_heure_creuse_soir(now):
    now1 = time.gmtime().tm_hour
    now2 = time.localtime().tm_hour
    decalage_horraire = datetime.timedelta(hours=now2 - now1)
    heure_creuse = datetime.datetime(now.year, now.month, now.day, 1, 38, 0) + decalage_horraire
    return heure_creuse , heure_creuse + datetime.timedelta(hours=5)
"""
LOCAL = """\
import datetime

def get_heure_creuse_midi(now):
    heure_creuse = datetime.datetime(now.year, now.month, now.day, 13, 0, 0)
    return heure_creuse, heure_creuse + datetime.timedelta(hours=2)

def get_heure_creuse_soir(now):
    return datetime.datetime(now.year, now.month, now.day, 1), datetime.datetime(now.year, now.month, now.day, 7)

def anything_else(now):
    return open("/etc/passwd")
"""
ONE = """\
from datetime import datetime, timedelta
def get_heure_creuse_soir(now):
    debut = %s
    return debut, debut + %s
"""
DAY = "datetime(now.year, now.month, now.day, %s)"


def windows(tmp_path: Path, text: str) -> list[str]:
    file = tmp_path / "user_conf.py"
    file.write_text(text, encoding="utf-8")
    return [f"{window.text}{' UTC' if window.in_utc else ''}" for window in old_windows(file)]


def test_hours_that_follow_utc_are_known_by_the_difference_that_is_added(tmp_path: Path) -> None:
    assert windows(tmp_path, UTC) == ["01:38-06:38 UTC", "12:38-14:38 UTC"]


def test_hours_of_the_clock_are_those_to_which_nothing_is_added(tmp_path: Path) -> None:
    assert windows(tmp_path, LOCAL) == ["01:00-07:00", "13:00-15:00"]


@pytest.mark.parametrize(
    ("begin", "length", "text"),
    [
        (DAY % "22, 30", "timedelta(hours=8)", "22:30-06:30"),
        (DAY % "23", "timedelta(hours=7, minutes=30)", "23:00-06:30"),
        (f"{DAY % '1'} - timedelta(hours=2)", "timedelta(hours=3)", "23:00-02:00"),
        (f"timedelta(minutes=8) + {DAY % '1, 30'}", "timedelta(days=1)", "01:38-01:38"),
        (DAY % "20 + 2", "timedelta(hours=1 + 1) + timedelta(minutes=5)", "22:00-00:05"),
    ],
)
def test_hours_may_be_reckoned(tmp_path: Path, begin: str, length: str, text: str) -> None:
    assert windows(tmp_path, ONE % (begin, length)) == [text]


@pytest.mark.parametrize(
    ("begin", "length"),
    [
        ("now", "timedelta(hours=2)"),
        ("eval('now')", "timedelta(hours=2)"),
        ("datetime(2024, 1, 1, 12)", "timedelta(hours=2)"),
        (DAY % "12, 30, 15", "timedelta(hours=2)"),
        (DAY % "hour", "timedelta(hours=2)"),
        (DAY % "12", "timedelta(hours=2.5)"),
        (DAY % "12", "timedelta(hours=0)"),
        (DAY % "12", "timedelta(hours=25)"),
        (DAY % "12", "timedelta(seconds=7200)"),
        (DAY % "12", "2"),
        (DAY % "True", "timedelta(hours=2)"),
        (DAY % "12, tzinfo=utc", "timedelta(hours=2)"),
    ],
)
def test_anything_else_is_refused_with_its_line(tmp_path: Path, begin: str, length: str) -> None:
    with pytest.raises(DelciaError, match=r"user_conf\.py:[34]: 'get_heure_creuse_soir' has more in it") as caught:
        windows(tmp_path, ONE % (begin, length))
    assert "--off-peak" in caught.value.hint


@pytest.mark.parametrize(
    "body",
    [
        "    if now.month == 1:\n        return 1, 2\n",
        "    pass\n",
        "    for _ in (): pass\n",
        "    return\n",
        "    x = y = 1\n",
    ],
)
def test_a_function_that_decides_is_refused(tmp_path: Path, body: str) -> None:
    with pytest.raises(DelciaError) as caught:
        windows(tmp_path, f"def get_heure_creuse_soir(now):\n{body}")
    assert caught.value.slug == "old-hours"


@pytest.mark.parametrize("text", ["", "def other(): pass", "def (", "\0", "(" * 5000])
def test_a_file_without_hours_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(DelciaError) as caught:
        windows(tmp_path, text)
    assert caught.value.slug == "old-hours"


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DelciaError, match="No such file"):
        old_windows(tmp_path / "none.py")


CONF = {
    "DACIA_LOGIN": "owner@example.org",
    "DACIA_PASSWORD": "a good password",
    "DACIA_ACCOUNT": "0123-4567",
    "DACIA_VIN": "UU1DBG00000012345",
    "CRONFILE": "/etc/crontabs/root",
    "PORT": 8181,
    "DEBUG": False,
    "USER": "root",
    "ADD_USER_TO_CRON": True,
}


def test_settings_are_read_without_their_secrets(tmp_path: Path) -> None:
    file = tmp_path / "delcia_conf.json"
    file.write_text(json.dumps(CONF), encoding="utf-8")
    found = old_settings(file)
    assert found == OldSettings("/etc/crontabs/root", "root", user_column=True, vin_tail="2345")
    for secret in ("owner@", "password", "0123", CONF["DACIA_VIN"]):
        assert str(secret) not in repr(found)


def test_settings_left_empty_are_nothing(tmp_path: Path) -> None:
    file = tmp_path / "delcia_conf.json"
    file.write_text(json.dumps({**dict.fromkeys(CONF, ""), "PORT": 1}), encoding="utf-8")
    assert old_settings(file) == OldSettings()


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"PORT": 1}', "{", "\xff"])
def test_other_files_are_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "delcia_conf.json"
    file.write_bytes(text.encode("latin-1"))
    with pytest.raises(DelciaError) as caught:
        old_settings(file)
    assert caught.value.slug == "old-settings"


def test_a_window_knows_its_text() -> None:
    assert OldWindow(1380, 1440 + 390, in_utc=False).text == "23:00-06:30"


JOBS = """\
MAILTO=root\r
# mine: /opt/x/delcia_toos.sh -start
38 1 24 11 * /home/me/delcia/delcia_toos.sh -start # Delcia API
38 6 24 11 * root /home/me/delcia/delcia_toos.sh -stop # Delcia API
40 6 24 11 * /srv/delcia_tools_alpine.sh -init # Delcia API\r
0 1 * * * /home/me/delcia/delcia_toos.sh -backup # Delcia API
0 2 * * * /home/me/delcia/delcia_toos.sh -start # by me
# 38 1 24 11 * /home/me/delcia/delcia_toos.sh -start # Delcia API
0 3 * * * backup # Delcia API"""


def test_only_the_old_jobs_leave_a_crontab() -> None:
    left, number = without_old_lines(JOBS)
    assert number == 3
    assert left.split("\n") == [line for index, line in enumerate(JOBS.split("\n")) if index not in {2, 3, 4}]
    assert without_old_lines(left) == (left, 0)
