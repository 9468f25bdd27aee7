"""`delcia login`, `logout` and `vehicles`: the real client against the stand-in of Renault's service."""

import io
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from standin.people import Person
from standin.serving import Served, serving
from standin.world import World, household
from support.command import Ran, delcia
from support.privileges import bound_by_modes

from delcia.errors import Exit
from delcia.host.credentials import load
from delcia.host.paths import Paths

EMAIL, PASSWORD = "owner@example.org", "a good password"
PLAN = """\
timezone: Europe/Paris
vehicles:
{vehicles}
chargers: {{socket: {{amps: 10}}}}
plans:
  nights: {{vehicle: spring, charger: socket, charge: {{to_soc: 80}}, when: {{windows: ["22:00-06:00"]}}}}
"""
SPRING = "  spring: {model: spring-26, hold: true}"

AT_HOME = ("--home", "48.9,2.4")
KEPT = "the place of the home is kept on this host\n"

Run = Callable[..., Ran]


@pytest.fixture
def world() -> World:
    return household()


@pytest.fixture
def owner(world: World) -> Person:
    return world.people[EMAIL]


@pytest.fixture
def served(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    with serving(world) as served:
        monkeypatch.setenv("DELCIA_RENAULT_URL", served.url)
        yield served


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths.system(tmp_path / "root")


@pytest.fixture
def plans(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes a plan directory with these vehicles."""

    def written(*vehicles: str, more: str = "") -> Path:
        folder = tmp_path / "plans"
        folder.mkdir(exist_ok=True)
        text = PLAN.format(vehicles="\n".join(vehicles or (SPRING,))) + more
        (folder / "home.yaml").write_text(text, encoding="utf-8")
        return folder

    return written


@pytest.fixture
def run(served: Served, paths: Paths, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that runs a command below a root of the test's own, with lines to read on stdin."""
    assert served.url

    def ran(*argv: str, stdin: str = "") -> Ran:
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        return delcia(*argv, "--root", str(paths.root))

    return ran


def login(run: Run, plans: Path, *argv: str, stdin: str = PASSWORD + "\n") -> Ran:
    return run("login", "--email", EMAIL, "--plans", str(plans), *argv, stdin=stdin)


def test_a_password_becomes_a_token_and_the_car_is_found_by_its_model(
    run: Run, plans: Callable[..., Path], paths: Paths, owner: Person, world: World, served: Served
) -> None:
    ran = login(run, plans(), *AT_HOME)

    assert (ran.status, ran.stderr) == (0, KEPT)
    assert ran.stdout == "logged in to account 'default'\nspring: DACIA SPRING, XBG1VE, VIN …0001\n"
    access = load(paths, "default")
    assert (access.origin, access.login_token) == (served.url, owner.login_token)
    assert access.vehicles["spring"].vin == world.cars["spring"].vin
    assert access.vehicles["spring"].account_id == owner.accounts[0].account_id


def test_nothing_secret_is_shown_and_the_password_is_not_kept(
    run: Run, plans: Callable[..., Path], paths: Paths, world: World
) -> None:
    said = ""
    for argv in (
        ["login", "--email", EMAIL, "--plans", str(plans())],
        ["vehicles"],
        ["vehicles", "--json"],
        ["logout"],
    ):
        ran = run(*argv, stdin=PASSWORD + "\n")
        assert ran.status == 0
        said += ran.stdout + ran.stderr
        for path in (path for path in (paths.root or Path()).rglob("*") if path.is_file()):
            assert PASSWORD not in path.read_text(encoding="utf-8")
            assert EMAIL not in path.read_text(encoding="utf-8")
    assert not [secret for secret in world.secrets() if secret in said]


def test_the_file_is_for_its_owner_alone(run: Run, plans: Callable[..., Path], paths: Paths) -> None:
    login(run, plans())

    assert (paths.credentials / "default.json").stat().st_mode & 0o7777 == 0o400
    assert paths.credentials.stat().st_mode & 0o7777 == 0o711


def test_a_wrong_password_is_tried_once_and_leaves_nothing(
    run: Run, plans: Callable[..., Path], paths: Paths, world: World
) -> None:
    ran = login(run, plans(), stdin="a wrong password\n")

    assert (ran.status, ran.stdout) == (Exit.LOGIN, "")
    assert "does not take this e-mail address and password [wrong-password]\n    hint: try them" in ran.stderr
    assert world.counts() == {"login": 1}
    assert not paths.credentials.exists()


def test_a_wrong_password_leaves_the_earlier_login_alone(
    run: Run, plans: Callable[..., Path], paths: Paths, owner: Person
) -> None:
    login(run, plans())
    login(run, plans(), stdin="a wrong password\n")

    assert load(paths, "default").login_token == owner.login_token


def test_a_code_is_asked_for_once_and_then_the_device_is_known(
    run: Run, plans: Callable[..., Path], paths: Paths, owner: Person, world: World
) -> None:
    owner.two_factor = True
    first = login(run, plans(), *AT_HOME, stdin=f"{PASSWORD}\n{owner.code}\n")
    assert first.status == 0
    assert first.stderr == f"Renault sends a code to o***@example.org\n{KEPT}"
    assert load(paths, "default").device_ids.keys() == {"gmid", "ucid"}

    second = login(run, plans())
    assert (second.status, second.stderr) == (0, "")
    assert world.counts()["sendVerificationCode"] == 1


def test_a_code_can_be_given_as_an_option(run: Run, plans: Callable[..., Path], owner: Person) -> None:
    owner.two_factor = True

    assert login(run, plans(), "--code", owner.code).status == 0


def test_a_code_can_come_from_stdin_where_no_other_user_sees_it(
    run: Run, plans: Callable[..., Path], owner: Person
) -> None:
    owner.two_factor = True

    assert login(run, plans(), *AT_HOME, "--code", "-", stdin=f"{PASSWORD}\n{owner.code}\n").status == 0


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("000000\n", "does not take this code [wrong-code]\n    hint: look for the newest e-mail of Renault's"),
        ("", "[code-needed]\n    hint: run 'delcia login' on a terminal, or give the code"),
    ],
    ids=["wrong", "none"],
)
def test_without_the_right_code_there_is_no_login(
    run: Run, plans: Callable[..., Path], paths: Paths, owner: Person, code: str, said: str
) -> None:
    owner.two_factor = True
    ran = login(run, plans(), stdin=f"{PASSWORD}\n{code}")

    assert ran.status == Exit.LOGIN
    assert said in ran.stderr
    assert not paths.credentials.exists()


def test_no_password_is_asked_while_the_login_is_good(
    run: Run, plans: Callable[..., Path], paths: Paths, owner: Person, world: World
) -> None:
    login(run, plans(), *AT_HOME)
    world.car(owner.accounts[0], "zoe", "X102VE")
    ran = run("login", "--plans", str(plans(SPRING, "  zoe: {model: zoe-52, hold: true, control: {stop: true}}")))

    assert (ran.status, ran.stderr) == (0, "")
    assert load(paths, "default").vehicles["zoe"].vin == world.cars["zoe"].vin
    assert world.counts()["login"] == 1


def test_an_expired_login_says_so_and_asks_again(run: Run, plans: Callable[..., Path], owner: Person) -> None:
    login(run, plans())
    owner.revoke_login()

    ran = run("login", "--plans", str(plans()))
    assert ran.status == Exit.USAGE
    assert "the earlier login has expired\n" in ran.stderr
    assert "give --email" in ran.stderr

    ran = run("vehicles")
    assert ran.status == Exit.LOGIN
    assert "the login at Renault has expired [login-expired]\n    hint: run 'delcia login'" in ran.stderr


def test_the_account_that_has_the_car_is_found_among_those_that_do_not_answer(
    run: Run, plans: Callable[..., Path], paths: Paths, owner: Person, world: World
) -> None:
    world.account(owner, "SFDC")
    world.account(owner, "MYRENAULT", refuses=True)
    owner.accounts.reverse()
    ran = login(run, plans())

    assert ran.status == 0
    assert load(paths, "default").vehicles["spring"].account_id == "account-id-0001"


def test_a_link_that_is_active_wins_over_one_that_is_not(
    run: Run, plans: Callable[..., Path], paths: Paths, owner: Person, world: World
) -> None:
    owner.accounts[0].link_status = "INACTIVE"
    world.account(owner, "MYRENAULT", cars=["spring"])
    login(run, plans())

    assert load(paths, "default").vehicles["spring"].account_id == "account-id-0002"


def test_a_person_whose_accounts_all_refuse_is_told(run: Run, plans: Callable[..., Path], owner: Person) -> None:
    owner.accounts[0].refuses = True
    ran = login(run, plans())

    assert ran.status == Exit.TRY_AGAIN
    assert "denies access for looking up the cars" in ran.stderr


@pytest.mark.parametrize(("code", "words"), [("", "has no car"), ("XJB1SU", "has no car with a plug")])
def test_an_account_without_a_car_to_charge_is_told(
    run: Run, plans: Callable[..., Path], paths: Paths, owner: Person, world: World, code: str, words: str
) -> None:
    owner.accounts[0].cars.clear()
    if code:
        world.car(owner.accounts[0], "petrol", code)
    ran = login(run, plans())

    assert ran.status == Exit.BROKEN
    assert f"the account {words} [no-car]" in ran.stderr
    assert not paths.credentials.exists()


def test_two_cars_of_one_model_are_told_apart_by_their_owner(
    run: Run, plans: Callable[..., Path], paths: Paths, owner: Person, world: World
) -> None:
    world.car(owner.accounts[0], "second", "XBG1VE")
    folder = plans(SPRING, SPRING.replace("spring:", "summer:"))

    ran = login(run, folder)
    assert ran.status == Exit.PROBLEMS
    assert "bound to no car: 'spring', 'summer' [not-bound]" in ran.stderr
    assert "--vehicle NAME=VIN_END'; cars that are free: DACIA SPRING …0001, DACIA SPRING …0002" in ran.stderr

    ran = run("login", "--plans", str(folder), "--vehicle", "summer=0001")
    assert ran.status == 0
    bindings = load(paths, "default").vehicles
    assert (bindings["summer"].vin_tail, bindings["spring"].vin_tail) == ("0001", "0002")

    assert run("login", "--plans", str(folder)).status == 0
    assert load(paths, "default").vehicles == bindings


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ("spring=9999", "no car of the account"),
        ("spring=1", "1 cars of the account"),
        ("other=0001", "the plans have no vehicle 'other'"),
        ("spring", "--vehicle names no car"),
    ],
)
def test_a_vehicle_told_wrongly_is_refused(run: Run, plans: Callable[..., Path], told: str, words: str) -> None:
    ran = login(run, plans(), "--vehicle", told)

    assert ran.status == Exit.USAGE
    assert words in ran.stderr


def test_a_car_that_is_not_what_the_plans_say_is_bound_with_a_warning(
    run: Run, plans: Callable[..., Path], owner: Person, world: World
) -> None:
    owner.accounts[0].cars.clear()
    world.car(owner.accounts[0], "five", "R5E1VE")
    ran = login(run, plans())

    assert ran.status == 0
    assert "vehicle 'spring' is a spring-26 (XBG1VE) in the plans, the car says R5E1VE [model-mismatch]" in ran.stderr


def test_a_battery_that_is_not_what_the_plans_say_is_a_warning(
    run: Run, plans: Callable[..., Path], owner: Person, world: World
) -> None:
    owner.accounts[0].cars.clear()
    world.car(owner.accounts[0], "five", "R5E1VE")
    ran = login(run, plans("  spring: {model: r5-40, hold: true, control: {stop: true}}"))

    assert "is a r5-40 (40K0B) in the plans, the car's battery is 52K0B [model-mismatch]" in ran.stderr


UNHELD = "so 'spring' is not held: it charges whenever it is plugged in [home-unknown]"


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ("", "no home is known on this host"),
        ("home: {radius_m: 300}\n", "the plans name a home, but not where it is"),
    ],
)
def test_home_is_where_the_car_stands_or_where_its_owner_says(
    more: str, why: str, run: Run, plans: Callable[..., Path], paths: Paths, world: World
) -> None:
    folder = plans(more=more)
    ran = login(run, folder)
    assert f"delcia: warning: {why}, {UNHELD}\n    hint: while the car stands there: delcia login" in ran.stderr
    assert load(paths, "default").home is None

    ran = run("login", "--plans", str(folder), "--home", "here")
    assert (ran.status, "home is where the DACIA SPRING said it was, " in ran.stderr) == (0, True)
    home = load(paths, "default").home
    assert home is not None
    assert (home.latitude, home.longitude) == (world.cars["spring"].latitude, world.cars["spring"].longitude)

    assert run("login", "--plans", str(folder), "--home", "48.9,2.4").status == 0
    assert run("login", "--plans", str(folder)).stderr == ""
    home = load(paths, "default").home
    assert home is not None
    assert (home.latitude, home.longitude) == (48.9, 2.4)


@pytest.mark.parametrize(
    ("vehicle", "more"),
    [
        ("  spring: {model: spring-26, hold: false}", ""),
        ("  spring: {model: spring-26, hold: anywhere}", ""),
        (SPRING, "home: {latitude: 48.9, longitude: 2.4}\n"),
    ],
)
def test_where_nothing_needs_a_home_none_is_missed(
    vehicle: str, more: str, run: Run, plans: Callable[..., Path]
) -> None:
    assert login(run, plans(vehicle, more=more)).stderr == ""


def test_a_car_that_does_not_say_where_it_is_leaves_the_login_good(
    run: Run, plans: Callable[..., Path], paths: Paths, world: World
) -> None:
    world.cars["spring"].latitude = world.cars["spring"].longitude = 0.0
    ran = login(run, plans(), "--home", "here")

    assert ran.status == Exit.PROBLEMS
    assert "no car of the account says where it is [no-place]\n    hint: say where it is: --home LAT,LON" in ran.stderr
    assert UNHELD in ran.stderr
    assert load(paths, "default").vehicles["spring"].vin == world.cars["spring"].vin


def test_a_car_that_never_tells_a_place_is_to_be_held_anywhere(
    run: Run, plans: Callable[..., Path], owner: Person, world: World
) -> None:
    world.car(owner.accounts[0], "zoe", "X101VE")
    zoe = "  zoe: {usable_kwh: 41, ac_1phase_kw: 7.4, control: {stop: true}, hold: %s}"
    which = f"zoe={world.cars['zoe'].vin[-4:]}"
    ran = login(run, plans(SPRING, zoe % "true"), "--home", "48.9,2.4", "--vehicle", which)
    assert "'zoe' tells no place, so nobody knows whether it is at home, and hold: true never holds it [no-place]" in (
        ran.stderr
    )
    assert "hint: write hold: anywhere in the plans" in ran.stderr
    assert login(run, plans(SPRING, zoe % "anywhere")).stderr == ""


def test_one_home_is_that_of_all_accounts(run: Run, plans: Callable[..., Path], paths: Paths) -> None:
    folder = plans(
        "  spring: {model: spring-26, hold: true, account: mine}",
        "  other: {model: spring-26, hold: true, account: aunts}",
        more="accounts: {mine: {}, aunts: {}}\n",
    )
    login(run, folder, "--account", "mine", "--home", "48.9,2.4")
    login(run, folder, "--account", "aunts")
    run("login", "--plans", str(folder), "--account", "aunts", "--home", "43.3,5.4")

    for account in ("mine", "aunts"):
        home = load(paths, account).home
        assert home is not None
        assert (home.latitude, home.longitude) == (43.3, 5.4)


@pytest.mark.parametrize("home", ["there", "91,2", "48.9", "nan,nan"])
def test_a_home_that_is_no_place_is_refused(run: Run, plans: Callable[..., Path], home: str) -> None:
    ran = login(run, plans(), "--home", home)

    assert ran.status == Exit.USAGE
    assert "--home is no place" in ran.stderr


def test_without_plans_the_token_is_kept_and_binding_comes_later(
    run: Run, plans: Callable[..., Path], paths: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DELCIA_PLANS", str(tmp_path / "none"))
    ran = run("login", "--email", EMAIL, stdin=PASSWORD + "\n")
    assert ran.status == 0
    assert "no vehicle is bound; run 'delcia login' again" in ran.stderr
    assert load(paths, "default").vehicles == {}

    assert run("login", "--plans", str(plans())).status == 0
    assert load(paths, "default").vehicles.keys() == {"spring"}


def test_an_account_that_the_plans_do_not_have_is_refused(run: Run, plans: Callable[..., Path]) -> None:
    ran = login(run, plans(), "--account", "family")

    assert ran.status == Exit.USAGE
    assert "the plans have no account 'family'" in ran.stderr
    assert run("logout", "--account", "../etc").status == Exit.USAGE


def test_the_cars_are_listed_with_the_ends_of_their_vins(
    run: Run, plans: Callable[..., Path], owner: Person, world: World
) -> None:
    login(run, plans())
    world.car(world.account(owner, "MYRENAULT"), "captur", "XJB1SU")

    rows = [line.split() for line in run("vehicles").stdout.splitlines()]
    assert rows[0] == ["vehicle", "car", "code", "VIN", "account", "kind", "means"]
    assert rows[1][:7] == ["spring", "DACIA", "SPRING", "XBG1VE", "…0001", "default", "MYDACIA"]
    assert " ".join(rows[1][7:]) == "start and stop by the car"
    assert rows[2][:6] == ["–", "RENAULT", "CAPTUR", "II", "(no", "plug)"]

    shown = json.loads(run("vehicles", "--json").stdout)
    assert shown["schema"] == "delcia/vehicles/1"
    assert shown["vehicles"][0] == {
        "account": "default",
        "vehicle": "spring",
        "label": "DACIA SPRING",
        "model_code": "XBG1VE",
        "vin_tail": "0001",
        "account_kind": "MYDACIA",
        "electric": True,
        "active": True,
        "means": "start and stop by the car",
    }


def test_after_logging_out_there_is_nothing_left(run: Run, plans: Callable[..., Path], paths: Paths) -> None:
    login(run, plans())
    paths.cache.mkdir(parents=True)
    (paths.cache / "renault-default.json").write_text("{}", encoding="utf-8")

    assert run("logout").stdout == "logged out of account 'default'\n"
    assert run("logout").stdout == "account 'default' was not logged in\n"
    assert not list(paths.credentials.iterdir())
    assert not list(paths.cache.iterdir())
    assert run("vehicles").status == Exit.LOGIN


def test_a_token_is_never_sent_to_anybody_but_its_issuer(
    run: Run, plans: Callable[..., Path], world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    login(run, plans())
    before = len(world.calls)
    with serving(household()) as other:
        monkeypatch.setenv("DELCIA_RENAULT_URL", other.url)
        ran = run("vehicles")
        assert ran.status == Exit.BROKEN
        assert "[wrong-origin]" in ran.stderr
        assert other.world.calls == []
    assert len(world.calls) == before


def test_who_may_not_write_the_secrets_is_told_before_being_asked(run: Run, paths: Paths) -> None:
    assert paths.root is not None
    paths.root.mkdir(mode=0o500)
    with bound_by_modes():
        ran = run("login", "--email", EMAIL, stdin=PASSWORD + "\n")

    assert ran.status == Exit.BROKEN
    assert "cannot be written by this user [cannot-write]" in ran.stderr
