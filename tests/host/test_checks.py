"""Each thing that a doctor looks at on a host: when it is well, when it is not, and what to do then."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.fake_crontabs import FakeCrontabs
from support.privileges import bound_by_modes

from delcia.core.blocks import BEGIN, END
from delcia.host import checks
from delcia.host.machine import Host
from delcia.host.paths import Paths
from delcia.host.systemd import AbsentSystemd

NOW = datetime(2026, 11, 23, 18, 41, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
MARKED = f"{BEGIN}\n# X-Delcia: unit=crontab zone=UTC\n{END}\n"


def test_systemd_must_not_be_older_than_what_the_units_need() -> None:
    assert checks.systemd_version("systemd 252 (252.39-1~deb12u1)").level == "ok"
    assert checks.systemd_version("systemd 247 (247.3)").level == "ok"
    old = checks.systemd_version("systemd 219")
    assert (old.level, old.message) == ("error", "systemd 219 is older than 247")
    assert "--target crontab" in old.hint
    assert checks.systemd_version(None).level == "error"


def test_a_clock_that_nobody_sets_is_a_warning() -> None:
    assert checks.clock(0, has_chip=True).level == "ok"
    assert checks.clock(-1, has_chip=True).level == "ok"
    loose = checks.clock(5, has_chip=False)
    assert loose.level == "warning"
    assert "has none that goes on without power" in loose.message
    assert "timesyncd" in loose.hint
    assert checks.ask_clock() in range(-1, 6)


def test_a_disk_is_judged_where_the_state_will_be(tmp_path: Path) -> None:
    assert checks.disk(tmp_path / "not/yet/there").check == "disk"
    assert str(tmp_path) in checks.disk(tmp_path / "not/yet/there").message


@pytest.mark.parametrize(
    ("last_min", "applied_min", "level"), [(3, 9999, "ok"), (16, 9999, "error"), (None, 3, "ok"), (None, 16, "error")]
)
def test_a_look_that_did_not_come_for_a_quarter_of_an_hour_is_an_error(
    last_min: int | None, applied_min: int, level: str
) -> None:
    last = None if last_min is None else NOW - last_min * MINUTE
    found = checks.sign_of_life(last, NOW - applied_min * MINUTE, NOW, "cron")
    assert found.level == level
    assert bool(found.hint) == (level == "error")


def test_ages_are_told_in_the_unit_that_fits() -> None:
    def age(minutes: int) -> str:
        return checks.sign_of_life(NOW - minutes * MINUTE, NOW - timedelta(days=99), NOW, "cron").message

    assert age(119).endswith("it last did 119 min ago")
    assert age(121).endswith("2 h ago")
    assert age(60 * 24 * 3).endswith("3 days ago")


def test_a_crontab_for_another_clock_is_an_error() -> None:
    assert checks.cron_zone(MARKED, "UTC") is None
    assert checks.cron_zone("0 1 * * * backup\n", "UTC") is None
    found = checks.cron_zone(MARKED, "Europe/Paris")
    assert found is not None
    assert found.message == "the crontab is for a clock in UTC, cron's is in Europe/Paris now"


def test_a_host_in_another_zone_than_the_home_is_well() -> None:
    assert checks.zones("Europe/Paris", "Europe/Paris").hint == ""
    other = checks.zones("UTC", "Europe/Paris")
    assert other.level == "ok"
    assert other.hint.endswith("timedatectl set-timezone Europe/Paris")


def test_no_cron_at_all_is_an_error() -> None:
    assert checks.cron_daemon(7, generated=False).level == "ok"
    assert checks.cron_daemon(None, generated=True).level == "ok"
    assert checks.cron_daemon(None, generated=False).level == "error"


def test_what_else_runs_delcia_is_found(tmp_path: Path) -> None:
    host = Host(Paths.system(tmp_path / "host"), AbsentSystemd(), crontabs=FakeCrontabs(tmp_path / "crontabs"))
    top = tmp_path / "host"
    for path in ("etc/cron.d/delcia", "etc/crontabs/root", "etc/systemd/system/delcia-plan-old.timer"):
        (top / path).parent.mkdir(parents=True, exist_ok=True)
        (top / path).write_text(MARKED, encoding="utf-8")
    (top / "etc/systemd/system/delcia-plan-mine.timer").write_text("[Timer]\n", encoding="utf-8")
    (top / "etc/crontab").write_text("0 1 * * * root backup\n", encoding="utf-8")
    (tmp_path / "crontabs").mkdir()
    (tmp_path / "crontabs/root").write_text(MARKED, encoding="utf-8")
    found = [finding.message.split()[0] for finding in checks.leftovers(host, {"/etc/cron.d/delcia": "0"})]
    assert found == ["delcia-plan-old.timer", "/etc/crontabs/root", "crontab"]
    assert {one.level for one in checks.leftovers(host, {})} == {"error"}


def test_what_may_not_be_read_is_passed_over(tmp_path: Path) -> None:
    host = Host(Paths.system(tmp_path), AbsentSystemd())
    (tmp_path / "etc/cron.d").mkdir(parents=True)
    (tmp_path / "etc/cron.d/delcia").write_text(MARKED, encoding="utf-8")
    assert list(checks.leftovers(host, {})) != []
    (tmp_path / "etc/cron.d/delcia").chmod(0)
    with bound_by_modes():
        assert list(checks.leftovers(host, {})) == []
