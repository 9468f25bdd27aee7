"""`delcia doctor` as a person meets it: every finding with its way out, and the exit status that says it all."""

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from support.cli_home import EMAIL, PASSWORD, CliHome, cli_home
from support.command import Ran

from delcia import __version__
from delcia.resources import resource

SCHEMA = json.loads(resource("schemas", "doctor.schema.json").read_text(encoding="utf-8"))
SIMULATED = "{model: spring-26, hold: true, driver: simulated}"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[CliHome]:
    with cli_home(tmp_path) as home:
        yield home


def findings(ran: Ran) -> dict[str, tuple[str, str]]:
    """Return level and message of each check, the gravest of several."""
    data = json.loads(ran.stdout)
    Draft202012Validator.check_schema(SCHEMA)
    Draft202012Validator(SCHEMA).validate(data)
    order = ("ok", "warning", "error")
    found: dict[str, tuple[str, str]] = {}
    for item in sorted(data["findings"], key=lambda item: order.index(item["level"])):
        assert item["level"] == "ok" or item["hint"], item
        found[item["check"]] = (item["level"], item["message"])
    return found


def test_a_host_on_which_all_is_well(house: CliHome) -> None:
    house.move_in()
    ran = house.delcia("doctor", "--json")
    assert ran.status == 0, ran.stdout
    found = findings(ran)
    assert found["applied"] == ("ok", "generation 1, applied 0 days ago")
    assert found["drift"] == ("ok", "everything is as it was applied")
    assert found["state"][0] == found["disk"][0] == "ok"
    assert found["renault"] == ("ok", "Renault answers, and account 'default' has 1 cars")
    assert found["vehicle"][0] == "ok"
    assert found["credentials"] == ("ok", found["credentials"][1])
    shown = house.delcia("doctor")
    assert "ok       drift        everything is as it was applied\n" in shown.stdout
    assert shown.stderr == "no problems\n"


def test_what_another_version_applied_is_told_when_this_one_would_make_something_else(house: CliHome) -> None:
    house.move_in()
    folder = house.paths.generations / "1"
    receipt = folder / "receipt.json"
    receipt.write_text(receipt.read_text("utf-8").replace(__version__, "0.0.1"), "utf-8")
    assert findings(house.delcia("doctor", "--json", "--offline"))["applied"][0] == "ok"
    timer = folder / "units/delcia-plan-nights.timer"
    timer.write_text(timer.read_text("utf-8").replace("01:38", "01:39"), "utf-8")
    said = f"generation 1 was applied by delcia 0.0.1; this is {__version__}"
    assert findings(house.delcia("doctor", "--json", "--offline"))["applied"] == ("warning", said)


def test_nothing_applied_and_nobody_logged_in_are_errors(house: CliHome) -> None:
    ran = house.delcia("doctor")
    assert ran.status == 1
    assert "error    applied      nothing is applied on this host\n" in ran.stdout
    assert "hint: run: delcia apply DIR\n" in ran.stdout
    house.delcia("apply", str(house.plans), "--yes")
    assert findings(house.delcia("doctor", "--json"))["credentials"] == (
        "error",
        "account 'default' is not logged in on this host",
    )


def test_a_credential_that_others_may_read_is_an_error(house: CliHome) -> None:
    house.move_in()
    file = house.paths.credentials / "default.json"
    file.chmod(0o644)
    level, message = findings(house.delcia("doctor", "--json"))["credentials"]
    assert (level, message) == ("error", f"{file} can be read by others (mode 0644)")
    assert "chmod 0400" in house.delcia("doctor").stdout


def test_an_old_login_is_a_warning(house: CliHome) -> None:
    house.move_in()
    long_ago = house.world.clock.now().timestamp() - 400 * 86400
    os.utime(house.paths.credentials / "default.json", (long_ago, long_ago))
    ran = house.delcia("doctor", "--json")
    assert ran.status == 0
    assert findings(ran)["credentials"] == ("warning", "account 'default' was logged in 400 days ago")


def test_a_login_that_has_ended_and_a_service_that_is_away_are_told_apart(house: CliHome) -> None:
    house.move_in()
    assert "renault" not in findings(house.delcia("doctor", "--offline", "--json"))
    house.world.fault(endpoint="getJWT", times=None, code=403005)
    ran = house.delcia("doctor", "--json")
    assert ran.status == 1
    assert findings(ran)["renault"][0] == "error"
    assert "delcia login" in ran.stdout
    assert not [secret for secret in house.world.secrets() if secret in ran.stdout + ran.stderr]


def test_a_model_that_is_not_the_cars_is_an_error(tmp_path: Path) -> None:
    with cli_home(tmp_path, vehicle="{model: zoe-52, hold: true, control: {stop: true}}") as house:
        house.move_in()
        level, message = findings(house.delcia("doctor", "--json"))["vehicle"]
        assert level == "error"
        assert "the car says XBG1VE" in message


def test_drift_and_a_change_cut_short_are_errors(house: CliHome) -> None:
    house.move_in()
    (house.paths.units / "delcia-plan-nights.timer").unlink()
    house.paths.journal.write_text("{", encoding="utf-8")
    found = findings(house.delcia("doctor", "--offline", "--json"))
    assert found["drift"] == ("error", "delcia-plan-nights.timer deleted by hand")


def test_a_crontab_wants_a_sign_of_life(house: CliHome) -> None:
    house.delcia("apply", str(house.plans), "--yes", "--target", "crontab")
    assert findings(house.delcia("doctor", "--offline", "--json"))["last-run"][0] == "ok"
    tick = house.paths.state / "tick"
    tick.touch()
    now = house.world.clock.now().timestamp()
    os.utime(tick, (now - 240, now - 240))
    assert findings(house.delcia("doctor", "--offline", "--json"))["last-run"] == ("ok", "cron ran delcia 4 min ago")
    os.utime(tick, (now - 2400, now - 2400))
    ran = house.delcia("doctor", "--offline", "--json")
    assert ran.status == 1
    assert findings(ran)["last-run"] == ("error", "cron should run delcia every 5 min; it last did 40 min ago")


def test_what_else_runs_delcia_is_an_error(house: CliHome) -> None:
    house.delcia("apply", str(house.plans), "--yes", "--target", "crontab")
    crontab = house.root / "etc/cron.d/delcia"
    house.delcia("apply", str(house.plans), "--yes", "--target", "systemd")
    house.delcia("rollback", "--yes")
    text = crontab.read_text(encoding="utf-8")
    house.delcia("apply", str(house.plans), "--yes", "--target", "systemd")
    crontab.write_text(text, encoding="utf-8")
    assert findings(house.delcia("doctor", "--offline", "--json"))["back-end"] == (
        "error",
        "/etc/cron.d/delcia runs delcia too, and is not what was applied",
    )


def test_a_clock_of_cron_that_changed_is_an_error(house: CliHome) -> None:
    house.delcia("apply", str(house.plans), "--yes", "--target", "crontab")
    (house.root / "etc/localtime").symlink_to("/usr/share/zoneinfo/Europe/Paris")
    assert findings(house.delcia("doctor", "--offline", "--json"))["time-zone"] == (
        "error",
        "the crontab is for a clock in UTC, cron's is in Europe/Paris now",
    )


def test_live_needs_consent_and_says_what_the_car_did(tmp_path: Path) -> None:
    with cli_home(tmp_path, vehicle=SIMULATED, begins="Mon 20:00") as house:
        house.delcia("apply", str(house.plans), "--yes")
        refused = house.delcia("doctor", "--offline", "--live")
        assert refused.status == 2
        assert "add --yes" in refused.stderr
        started = time.monotonic()
        ran = house.delcia("doctor", "--offline", "--live", "--yes")
        assert ran.status == 0, ran.stdout
        assert "ok       live         'spring' did start, and said so 60 s later\n" in ran.stdout or (
            "ok       live         'spring' did stop, and said so 60 s later\n" in ran.stdout
        )
        assert time.monotonic() - started < 50, "the 60 s are the simulated car's"
        other = house.delcia("doctor", "--offline", "--live", "--yes", "--vehicle", "zoe")
        assert other.status == 2
        assert "there are: spring" in other.stderr


def test_a_held_car_without_a_known_home_is_an_error_with_what_ends_it(house: CliHome) -> None:
    house.move_in()
    house.delcia("logout")
    words = ("login", "--email", EMAIL, "--plans", str(house.plans))
    assert house.delcia(*words, stdin=f"{PASSWORD}\n").status == 0
    ran = house.delcia("doctor", "--json")
    unheld = "no home is known on this host, so 'spring' is not held: it charges whenever it is plugged in"
    assert (ran.status, findings(ran)["home"]) == (1, ("error", unheld))

    assert house.delcia("login", "--home", "48.9,2.4").status == 0
    ran = house.delcia("doctor", "--json")
    assert (ran.status, findings(ran)["home"]) == (0, ("ok", "the place of the home is known"))


def test_a_token_that_others_may_read_is_a_warning_until_it_lies_in_a_file(house: CliHome, tmp_path: Path) -> None:
    file, secret = house.paths.host_file, tmp_path / "ntfy"
    house.move_in()
    file.write_text("notify: {webhook: https://ntfy.sh/a-topic}\n", encoding="utf-8")
    for mode, readers in ((0o644, "everybody"), (0o640, "every member of its group")):
        file.chmod(mode)
        level, words = findings(house.delcia("doctor", "--offline", "--json"))["settings"]
        assert level == "warning"
        assert f"{readers} can read {file}, which has a secret in 'notify: webhook:'" in words
    secret.write_text("https://ntfy.sh/a-topic\n", encoding="utf-8")
    secret.chmod(0o400)
    file.write_text(f"notify: {{webhook: {{file: {secret}}}}}\n", encoding="utf-8")
    said = house.delcia("doctor", "--offline", "--json")
    assert ("settings" in findings(said), "trouble is told" in said.stdout) == (False, True)
    assert "ntfy.sh" not in said.stdout
