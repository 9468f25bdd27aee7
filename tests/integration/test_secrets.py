"""After a whole night at the command line, nothing secret stands anywhere but with the credentials and the cache."""

import logging
import stat
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from standin.people import Person
from support.cli_home import EMAIL, CliHome, cli_home
from support.home import at

STEP = timedelta(minutes=10)


@pytest.fixture(scope="module")
def log() -> Iterator[list[str]]:
    """Collect what every library logs, down to its debugging."""
    lines: list[str] = []

    class Collecting(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(record.getMessage())

    root, handler = logging.getLogger(), Collecting()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield lines
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory, log: list[str]) -> Iterator[tuple[CliHome, set[str]]]:
    """Live from the evening to the morning, with a code to log in, then let everything go wrong that says something."""
    log.append("the night begins")
    with cli_home(tmp_path_factory.mktemp("night")) as house:
        owner = house.world.people[EMAIL]
        owner.two_factor = True
        secrets = {owner.login_token}
        house.move_in(code=owner.code)
        house.car.later(at("Mon 18:30"), "plug")
        night = [at("Mon 18:00") + number * STEP for number in range(79)]
        house.live(*sorted({*night, at("Tue 01:38")}))
        read(house)
        go_wrong(house, owner)
        secrets |= {owner.login_token, *house.world.secrets()}
        yield house, secrets


def read(house: CliHome) -> None:
    """Ask everything that a person can ask."""
    plans = str(house.plans)
    for argv in (
        ("report",),
        ("report", "--json"),
        ("status",),
        ("status", "--json"),
        ("history",),
        ("history", "--json"),
        ("vehicles",),
        ("vehicles", "--json"),
        ("charge", "--all", "--dry-run"),
        ("charge", "--all", "--json"),
        ("diff", plans),
        ("simulate",),
    ):
        assert house.delcia(*argv).status == 0, argv
    assert house.delcia("boost", "spring", "--to-soc", "90").status == 0
    assert house.delcia("stop", "spring").status == 0
    assert house.delcia("resume", "spring").status == 0


def go_wrong(house: CliHome, owner: Person) -> None:
    """Have runs and commands fail in the ways that are not tried again, each saying as much as it can."""
    vin = house.car.vin
    for fault in (
        {"code": "err.func.wired.forbidden", "message": f"VIN {vin} of {EMAIL}"},
        {"code": "err.func.wired.notFound", "message": f"There is no data for this vin {vin} and uid"},
        {"code": vin, "message": "an error whose code is no code"},
        {"status": 429},
        {"redirect": f"https://example.org/{vin}?login_token={owner.login_token}"},
    ):
        house.world.fault(endpoint="battery-status", **fault)
        house.live(house.world.clock.now() + 4 * STEP)  # longer than the quiet after too many calls
    house.delcia("login", "--email", EMAIL, stdin="a wrong password\n")
    house.world.fault(endpoint="vehicles", code="err.func.403", message=f"VIN {vin}")
    house.delcia("vehicles")
    owner.revoke_login()
    house.live(house.world.clock.now() + 2 * STEP)
    house.delcia("charge", "spring")
    house.delcia("vehicles")
    house.delcia("login")
    house.delcia("status")


def kept(house: CliHome) -> list[Path]:
    """Return every file below the root but credentials and cache."""
    own = (house.paths.credentials, house.paths.cache)
    return [path for path in house.root.rglob("*") if path.is_file() and not any(path.is_relative_to(o) for o in own)]


def test_the_night_was_a_night_and_what_went_wrong_was_said(night: tuple[CliHome, set[str]]) -> None:
    house, _ = night
    said = " ".join(ran.stdout + ran.stderr for _, ran in house.ran)
    assert [kind for _, kind in house.car.orders][:3] == ["stop", "start", "stop"]
    assert {ran.status for _, ran in house.ran} >= {0, 75, 77, 78}
    for slug in ("forbidden", "no-data", "refused", "quota", "redirected", "wrong-password", "login-expired"):
        assert f"[{slug}]" in said, slug


def test_no_secret_is_in_anything_that_delcia_said(night: tuple[CliHome, set[str]], log: list[str]) -> None:
    house, secrets = night
    said = [(command, ran.stdout + ran.stderr) for command, ran in house.ran]
    assert not [(command, secret) for command, text in said for secret in secrets if secret in text]
    assert not [(line, secret) for line in log for secret in secrets if secret in line]


def test_no_secret_is_in_anything_that_delcia_wrote(night: tuple[CliHome, set[str]]) -> None:
    house, secrets = night
    files = kept(house)
    names = {path.name for path in files}
    assert {"delcia.db", "delcia-reconcile.service", "plans.json", "receipt.json", "manifest.json"} <= names
    found = [(path, secret) for path in files for secret in secrets if secret.encode() in path.read_bytes()]
    assert not found
    assert not [path for path in house.root.rglob("*") for secret in secrets if secret in str(path)]


def test_the_password_and_the_address_are_kept_nowhere_at_all(night: tuple[CliHome, set[str]]) -> None:
    house, _ = night
    owner = house.world.people[EMAIL]
    for path in (path for path in house.root.rglob("*") if path.is_file()):
        content = path.read_bytes()
        assert owner.password.encode() not in content, path
        assert owner.email.encode() not in content, path
        assert owner.code.encode() not in content, path


def test_what_is_secret_is_for_its_owner_alone(night: tuple[CliHome, set[str]]) -> None:
    house, secrets = night
    telling = [path for path in house.root.rglob("*") if path.is_file() and _tells(path, secrets)]
    assert {"default.json"} <= {path.name for path in telling} <= {"default.json", "renault-default.json"}
    assert all(stat.S_IMODE(path.stat().st_mode) & 0o077 == 0 for path in telling)


def _tells(path: Path, secrets: set[str]) -> bool:
    content = path.read_bytes()
    return any(secret.encode() in content for secret in secrets)
