"""`delcia import-legacy` on files as the old project has them: the plans are sound, and their windows the old ones."""

import json
import stat
from pathlib import Path

import pytest
from support.command import delcia

SECRETS = ("owner@example.org", "a good password", "0123-4567", "UU1DBG00000012345")
CONF = {
    "DACIA_LOGIN": SECRETS[0],
    "DACIA_PASSWORD": SECRETS[1],
    "DACIA_ACCOUNT": SECRETS[2],
    "DACIA_VIN": SECRETS[3],
    "CRONFILE": "",
    "PORT": 2707,
    "DEBUG": False,
    "USER": "",
    "ADD_USER_TO_CRON": False,
}
ADDED = """\
    now1 = time.gmtime().tm_hour
    now2 = time.localtime().tm_hour
    decalage_horraire = datetime.timedelta(hours=now2 - now1)
"""
FUNCTION = """\
def get_heure_creuse_{name}(now):
{added}    heure_creuse = datetime.datetime(now.year, now.month, now.day, {begin}, 0){plus}
    return heure_creuse , heure_creuse + datetime.timedelta(hours={length})

"""


def user_conf(*, noon: tuple[str, int], night: tuple[str, int], utc: bool) -> str:
    """Return a `user_conf.py` as the old project's owners edit it."""
    added, plus = (ADDED, " + decalage_horraire") if utc else ("", "")
    return "import sys\nsys.exit('never run')\n" + "".join(
        FUNCTION.format(name=name, added=added, plus=plus, begin=begin, length=length)
        for name, (begin, length) in (("midi", noon), ("soir", night))
    )


LOCAL = user_conf(noon=("13, 0", 2), night=("1, 0", 6), utc=False)
METER = user_conf(noon=("12, 38", 2), night=("1, 38", 5), utc=True)


class Old:
    """A folder with the old project's files, and where the plans go."""

    def __init__(self, folder: Path) -> None:
        self.settings, self.hours, self.out = folder / "delcia_conf.json", folder / "user_conf.py", folder / "plans"
        self.write({})

    def write(self, settings: dict[str, object], hours: str = LOCAL) -> None:
        """Put these into the files."""
        self.settings.write_text(json.dumps({**CONF, **settings}), encoding="utf-8")
        self.hours.write_text(hours, encoding="utf-8")


@pytest.fixture
def old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Old:
    monkeypatch.setenv("DELCIA_NOW", "2026-07-06T12:00:00+02:00")
    return Old(tmp_path)


def imported(old: Old, *more: str) -> str:
    """Import, and return what was said."""
    ran = delcia(
        "import-legacy",
        str(old.settings),
        str(old.hours),
        "--out",
        str(old.out),
        "--timezone",
        "Europe/Paris",
        "--to-soc",
        "100",
        *more,
    )
    assert ran.status == 0, ran.stderr
    return ran.stdout + ran.stderr


def segments(old: Old, now: str) -> list[tuple[str, str]]:
    """Return the segments of a charge that needs all of a day's windows, as hours of UTC."""
    ran = delcia("report", str(old.out), "--soc", "32", "--json", "--now", now)
    assert ran.status == 0, ran.stderr
    return [
        (found["starts_at"][11:16], found["ends_at"][11:16]) for found in json.loads(ran.stdout)["plans"][0]["segments"]
    ]


@pytest.mark.parametrize(
    ("now", "noon", "night"),
    [
        ("2026-07-06T09:00", ("11:00", "13:00"), ("23:00", "05:00")),
        ("2026-12-07T09:00", ("12:00", "14:00"), ("00:00", "06:00")),
    ],
)
def test_hours_of_the_clock_stay_hours_of_the_clock(
    old: Old, now: str, noon: tuple[str, str], night: tuple[str, str]
) -> None:
    imported(old)
    assert delcia("validate", str(old.out)).status == 0
    assert segments(old, now)[:2] == [noon, night]


@pytest.mark.parametrize("now", ["2026-07-06T09:00", "2026-12-07T09:00"])
def test_hours_at_utc_stay_at_utc_summer_and_winter(old: Old, now: str) -> None:
    old.write({}, METER)
    said = imported(old)
    assert delcia("validate", str(old.out)).status == 0
    assert segments(old, now)[:2] == [("12:38", "14:38"), ("01:38", "06:38")]
    assert 'timezone: "+00:00"' in (old.out / "home.yaml").read_text(encoding="utf-8")
    assert "prices" not in said
    assert "# the old files know no prices: write yours" in (old.out / "home.yaml").read_text(encoding="utf-8")


def test_prices_may_be_said(old: Old) -> None:
    old.write({}, METER)
    imported(old, "--prices", "0,1579", "0.2065")
    text = (old.out / "home.yaml").read_text(encoding="utf-8")
    assert "price: 0.1579}" in text
    assert "write yours" not in text


def test_the_hours_are_found_beside_the_settings(old: Old) -> None:
    old.hours.parent.joinpath("libs").mkdir()
    old.hours.rename(old.hours.parent / "libs/user_conf.py")
    ran = delcia("import-legacy", str(old.settings), "--out", str(old.out), "--timezone", "Europe/Paris")
    assert ran.status == 0, ran.stderr
    assert '"01:00-07:00", "13:00-15:00"' in (old.out / "home.yaml").read_text(encoding="utf-8")


def test_no_secret_is_copied_or_shown(old: Old) -> None:
    said = imported(old)
    written = "".join(path.read_text(encoding="utf-8") for path in old.out.rglob("*") if path.is_file())
    for secret in SECRETS:
        assert secret not in said
        assert secret not in written
    assert f"next: delcia login --plans {old.out} --vehicle spring=2345\n" in said
    assert f"at last: delete '{old.settings}', which still holds the password\n" in said


@pytest.mark.parametrize(
    ("settings", "command"),
    [
        ({}, "sudo delcia apply {out} --target crontab"),
        (
            {"CRONFILE": "/etc/crontabs/root", "USER": "root", "ADD_USER_TO_CRON": True},
            "sudo delcia apply {out} --target crontab --cron-file /etc/crontabs/root --cron-user root",
        ),
        (
            {"CRONFILE": "/volume1/crontab", "USER": "root", "ADD_USER_TO_CRON": True},
            "sudo delcia apply {out} --target crontab --cron-file /volume1/crontab --cron-user-column --cron-user root",
        ),
        ({"USER": "ubuntu"}, "delcia apply {out} --target crontab  (as ubuntu)"),
        ({"CRONFILE": "crontab", "USER": "root"}, "sudo delcia apply {out} --target crontab --cron-user root"),
    ],
)
def test_cron_settings_become_options(old: Old, settings: dict[str, object], command: str) -> None:
    old.write(settings)
    assert f"\nthen: {command.format(out=old.out)}\n" in imported(old)


def test_the_options_that_are_printed_are_understood(old: Old, tmp_path: Path) -> None:
    old.write({"CRONFILE": "/etc/crontabs/root", "USER": "root", "ADD_USER_TO_CRON": True})
    said = imported(old)
    words = said.partition("then: sudo delcia ")[2].split("\n")[0].split()
    ran = delcia(*words, "--yes", "--root", str(tmp_path / "host"))
    assert ran.status == 0, ran.stderr
    assert "\troot\t" not in (tmp_path / "host/etc/crontabs/root").read_text(encoding="utf-8")


def test_the_old_lines_are_removed_when_told_to(old: Old, tmp_path: Path) -> None:
    crontab = tmp_path / "crontab"
    mine = b"MAILTO=me\r\n0 1 * * * root backup"
    crontab.write_bytes(b"38 1 24 11 * root /x/delcia_toos.sh -start # Delcia API\n" + mine)
    crontab.chmod(0o640)
    old.write({"CRONFILE": str(crontab)})
    assert f"1 lines of the old project removed from {crontab}" in imported(old, "--remove-cron", "--yes")
    assert crontab.read_bytes() == mine
    assert stat.S_IMODE(crontab.stat().st_mode) == 0o640


def test_without_consent_no_line_is_removed(old: Old, tmp_path: Path) -> None:
    crontab = tmp_path / "crontab"
    crontab.write_bytes(b"38 1 24 11 * root /x/delcia_toos.sh -start # Delcia API\n")
    old.write({"CRONFILE": str(crontab)})
    ran = delcia(
        "import-legacy",
        str(old.settings),
        str(old.hours),
        *("--out", str(old.out), "--timezone", "Europe/Paris", "--remove-cron"),
    )
    assert ran.status == 2
    assert "add --yes" in ran.stderr
    assert b"Delcia API" in crontab.read_bytes()


def test_hours_that_cannot_be_read_are_refused_and_may_be_said(old: Old) -> None:
    old.write({}, "def get_heure_creuse_soir(now):\n    return work_it_out(now)\n")
    ran = delcia(
        "import-legacy", str(old.settings), str(old.hours), "--timezone", "Europe/Paris", "--out", str(old.out)
    )
    assert ran.status == 1
    assert "user_conf.py:2: " in ran.stderr
    assert not old.out.exists()
    imported(old, "--off-peak", "13:00-15:00 01:00-07:00")
    assert segments(old, "2026-07-06T09:00")[0] == ("11:00", "13:00")


def test_plans_that_are_there_stay(old: Old) -> None:
    imported(old)
    before = (old.out / "home.yaml").read_bytes()
    ran = delcia(
        "import-legacy", str(old.settings), str(old.hours), "--out", str(old.out), "--timezone", "Europe/Paris"
    )
    assert ran.status == 1
    assert "[exists]" in ran.stderr
    assert (old.out / "home.yaml").read_bytes() == before
