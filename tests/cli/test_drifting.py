"""The daily look whether the host still is as it was applied."""

from contextlib import closing
from pathlib import Path

import pytest
from support.privileges import bound_by_modes, not_root
from support.simulated_home import SimulatedHome
from support.stories import at
from support.webhook import webhook

from delcia.cli.drifting import look_by_now, note_look
from delcia.errors import DelciaError
from delcia.host.crond import RunningCrontabs
from delcia.host.paths import Paths
from delcia.store.notices import open_notices
from delcia.store.opening import open_store

UNIT = "etc/systemd/system/delcia-plan-nights.timer"
CRON = "etc/cron.d/delcia"


@pytest.mark.parametrize("target", [("systemd", UNIT), ("crontab", CRON)], ids=lambda it: it[0])
def test_what_somebody_changed_by_hand_is_told_once_until_it_is_mended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, target: tuple[str, str]
) -> None:
    home = SimulatedHome(tmp_path, monkeypatch)
    file = home.root / target[1]
    told = f"{'' if target[0] == 'systemd' else '/'}{file.name if target[0] == 'systemd' else target[1]} edited by hand"

    def notices() -> list[str]:
        with closing(open_store(home.root / "var/lib/delcia/state/delcia.db")) as store:
            return [item.text for item in open_notices(store) if item.slug == "drift"]

    def tick(*instants: str) -> None:
        for instant in instants:
            home.go_to(instant)
            assert home.run("charge", "--all", "--scheduled").status == 0

    with webhook() as hook:
        (home.root / "etc/delcia").mkdir(parents=True)
        settings = f"notify: {{webhook: '{hook.url}', quiet_hours: none}}\n"
        (home.root / "etc/delcia/host.yaml").write_text(settings, encoding="utf-8")
        assert home.run("apply", str(home.plans), "--yes", "--target", target[0]).status == 0
        tick("Mon 18:30")
        as_applied = file.read_text(encoding="utf-8")
        file.write_text(f"{as_applied}# mine\n", encoding="utf-8")
        tick("Mon 20:00", "Tue 12:00")
        assert notices() == [], "it is looked once a day"
        tick("Tue 18:35", "Tue 18:40", "Wed 18:40")
        assert len(notices()) == 1
        assert told in notices()[0]
        home.go_to("Wed 19:00")
        assert home.run("apply", str(home.plans), "--yes").status == 0
        assert file.read_text(encoding="utf-8") == as_applied
        tick("Wed 19:05")
        assert notices() == [], "whatever changes the host is looked at by the next run"
        assert len([it for it in hook.sent if "not as it was applied" in it]) == 1


def test_a_look_that_cannot_be_taken_is_said_once_a_day_and_ends_no_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = SimulatedHome(tmp_path, monkeypatch)
    home.apply()
    (home.root / "var/lib/delcia/manifest.json").write_text("{", encoding="utf-8")

    def said(instant: str) -> str:
        home.go_to(instant)
        ran = home.run("charge", "--all", "--scheduled")
        assert (ran.status, ran.stderr) == (0, "")
        return ran.stdout

    why = "<4>it cannot be told whether the host is as it was applied: "
    assert why in said("Mon 18:30")
    assert why not in said("Mon 18:35")


def test_a_crontab_that_only_root_may_read_is_left_out_of_the_look(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = SimulatedHome(tmp_path, monkeypatch)
    assert home.run("apply", str(home.plans), "--yes", "--cron-file", "/etc/crontabs/delcia").status == 0
    file = home.root / "etc/crontabs/delcia"
    file.write_text(file.read_text(encoding="utf-8").replace("charge --all", "charge"), encoding="utf-8")
    seen = look_by_now(Paths.system(home.root), at("Mon 18:30"))
    assert seen is not None
    assert seen.amiss == ("/etc/crontabs/delcia edited by hand",)
    file.chmod(0)
    with bound_by_modes():
        unseen = look_by_now(Paths.system(home.root), at("Mon 18:30"))
    assert unseen is not None
    assert (unseen.amiss, unseen.mishap) == ((), "")


def test_nobody_but_root_is_given_their_own_crontab_as_somebody_elses() -> None:
    with not_root(), pytest.raises(DelciaError, match="may not read the crontab of root") as caught:
        RunningCrontabs().read("root")
    assert caught.value.slug == "not-allowed"


def test_while_the_host_is_changed_nothing_is_looked_at_and_nothing_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = SimulatedHome(tmp_path, monkeypatch)
    home.apply()
    paths, now = Paths.system(home.root), at("Mon 18:30")
    file = home.root / UNIT
    file.write_text("# mine\n", encoding="utf-8")
    paths.journal.write_text("{}", encoding="utf-8")
    paths.journal.chmod(0)
    with bound_by_modes():
        assert look_by_now(paths, now) is None, "as the user of the service, who may not read what is under way"
    paths.journal.unlink()
    look = look_by_now(paths, now)
    assert look is not None
    assert look.amiss
    home.apply()
    with closing(open_store(paths.database)) as store:
        note_look(store, paths, look, now)
        assert open_notices(store) == (), "it was mended while the cars had their turn"
    after = look_by_now(paths, now)
    assert after is not None
    assert after.amiss == ()
