"""How a login goes: token, cars, bindings, home, and then everything is kept at once."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass

import click

from delcia.car.renault.login import CodeAddress, FoundCar, Login
from delcia.cli.account import service_for, vehicles_of
from delcia.cli.binding import Bound, bind, mismatch
from delcia.cli.clock import now
from delcia.cli.homes import HERE, asked_home, coordinates, keep_home_of_all, told_home
from delcia.cli.mended import login_is_good
from delcia.cli.saving import keep
from delcia.config.catalogue import HOLD_ANYWHERE, PLACELESS, tells_no_place
from delcia.core.access import Access, Coordinates
from delcia.core.home import HOW, home_unknown, needs_home
from delcia.core.model import Site, Vehicle
from delcia.errors import DelciaError, Exit
from delcia.host.credentials import home_of, load
from delcia.host.paths import Paths

CODE_TRIES = 3
FROM_STDIN = "-"


@dataclass(frozen=True, slots=True)
class Given:
    """What the command line says."""

    account: str
    email: str | None
    from_stdin: bool
    code: str | None
    vehicles: tuple[str, ...]
    home: str | None
    locale: str | None


def log_in(given: Given, site: Site | None, paths: Paths) -> int:
    """Log in, bind the vehicles of the plans, keep it, and say what was found. Return the exit status."""
    service = service_for(site, given.account, given.locale)
    before = _before(given.account, paths)
    if before is not None and before.origin != service.origin:
        before = None
    told = _told(given.vehicles)
    if given.home not in {None, HERE}:
        coordinates(given.home or "")  # before anybody is asked for a password
    vehicles = vehicles_of(site, given.account)
    lost: DelciaError | None = None
    with Login(service, before.device_ids if before else {}) as login:
        cars = _cars_resumed(given, before, login)
        if cars is None:
            cars = _cars_by_password(given, login)
        if not any(car.electric for car in cars):
            hint = "look in the car's app whether it is in this account"
            message = "the account has no car with a plug" if cars else "the account has no car"
            raise DelciaError(message, slug="no-car", hint=hint, status=Exit.BROKEN)
        bound = bind(vehicles, cars, told=told, before=before.vehicles if before else {})
        if not given.from_stdin:
            bound = _asked(bound, cars)
        known = home_of(paths, given.account)
        home = known
        try:
            home = _home(given, login, site, bound, cars, known) or known
        except DelciaError as error:
            lost = error  # the login is good all the same
        access = Access(login.origin, login.token(), login.device_ids(), bound.bindings, home)
    keep(paths, given.account, access)
    if home is not None and home != known:
        keep_home_of_all(paths, home)
        _say("the place of the home is kept on this host")
    click.echo(f"logged in to account '{given.account}'")
    moved = site.vehicles if site is not None and home != known else ()
    login_is_good(paths, given.account, {*bound.bindings, *moved}, now(), home_known=home is not None)
    _tell(vehicles, bound, cars)
    _tell_of_home(site, vehicles, bound, home)
    if lost is not None:
        raise lost
    if site is None:
        _say("no plans yet, so no vehicle is bound; run 'delcia login' again when there are")
    if bound.open:
        names = ", ".join(f"'{vehicle.name}'" for vehicle in bound.open)
        hint = "run 'delcia login --vehicle NAME=VIN_END'; cars that are free: " + (_list(bound.free(cars)) or "none")
        raise DelciaError(f"bound to no car: {names}", slug="not-bound", hint=hint, status=Exit.PROBLEMS)
    return Exit.OK


def _before(account: str, paths: Paths) -> Access | None:
    try:
        return load(paths, account)
    except DelciaError:
        return None


def _cars_resumed(given: Given, before: Access | None, login: Login) -> tuple[FoundCar, ...] | None:
    """Return the cars by an earlier login, or None when it takes a password."""
    if before is None or given.email is not None:
        return None
    login.resume(before.login_token)
    try:
        return login.cars()
    except DelciaError as error:
        if error.status is not Exit.LOGIN:
            raise
    _say("the earlier login has expired")
    return None


def _cars_by_password(given: Given, login: Login) -> tuple[FoundCar, ...]:
    email = given.email or _email(given)
    addresses = login.give_password(email, _password(given))
    if addresses:
        address = addresses[0] if len(addresses) == 1 or given.from_stdin else addresses[_choice_of_address(addresses)]
        login.send_code(address)
        _say(f"Renault sends a code to {address.shown}")
        _give_code(given, login)
    return login.cars()


def _email(given: Given) -> str:
    if given.from_stdin:
        hint = "give --email, or run it on a terminal"
        raise DelciaError("the e-mail address is missing", slug="usage", hint=hint, status=Exit.USAGE)
    return str(click.prompt("e-mail address", err=True))


def _password(given: Given) -> str:
    if not given.from_stdin:
        return str(click.prompt("password (not shown, not kept)", hide_input=True, err=True))
    password = sys.stdin.readline().rstrip("\r\n")
    if not password:
        hint = "give it on the first line of stdin, or run this on a terminal"
        raise DelciaError("the password is missing", slug="usage", hint=hint, status=Exit.USAGE)
    return password


def _give_code(given: Given, login: Login) -> None:
    code = None if given.code == FROM_STDIN else given.code
    for left in range(CODE_TRIES - 1, -1, -1):
        try:
            login.give_code(code or _code(given))
        except DelciaError as error:
            if error.slug != "wrong-code" or left == 0 or given.from_stdin:
                raise
            _say(error.message)
            code = None
        else:
            return


def _code(given: Given) -> str:
    if given.from_stdin or given.code == FROM_STDIN:
        code = sys.stdin.readline().strip()
    else:
        code = str(click.prompt("code", err=True)).strip()
    if not code:
        hint = "run 'delcia login' on a terminal, or give the code on the second line of stdin"
        raise DelciaError("Renault asks for the code of its e-mail", slug="code-needed", hint=hint, status=Exit.LOGIN)
    return code


def _choice_of_address(addresses: Sequence[CodeAddress]) -> int:
    return _chosen([address.shown for address in addresses], "send the code to")


def _asked(bound: Bound, cars: Sequence[FoundCar]) -> Bound:
    """Ask the owner which car each vehicle is that is still open."""
    for vehicle in bound.open:
        free = bound.free(cars)
        if len(free) == len(bound.open) == 1:
            bound = bound.with_binding(vehicle, free[0])
        elif free:
            names = [f"{car.label}, {car.binding.model_code or '?'}, VIN …{car.binding.vin_tail}" for car in free]
            index = _chosen([*names, "none of these"], f"which car is '{vehicle.name}'")
            bound = bound.with_binding(vehicle, free[index]) if index < len(free) else bound
    return bound


def _chosen(names: Sequence[str], question: str) -> int:
    for number, name in enumerate(names, 1):
        _say(f"  {number}  {name}")
    return int(click.prompt(question, type=click.IntRange(1, len(names)), err=True)) - 1


def _home(
    given: Given,
    login: Login,
    site: Site | None,
    bound: Bound,
    cars: Sequence[FoundCar],
    known: Coordinates | None,
) -> Coordinates | None:
    """Return where home is, as told or as a car says; None when nobody says so now."""
    vins = [binding.vin for binding in bound.bindings.values()]
    standing = [car for car in cars if car.binding.vin in vins] or [car for car in cars if car.electric]
    standing = [car for car in standing if car.binding.model_code not in PLACELESS]
    if given.home is not None:
        return told_home(given.home, login, standing, now())
    if given.from_stdin or known is not None or not _needing_home(site, vehicles_of(site, given.account), bound):
        return None
    return asked_home(login, standing, now())


def _needing_home(site: Site | None, vehicles: Sequence[Vehicle], bound: Bound) -> list[Vehicle]:
    """Return the vehicles for which a home must be known, but for those whose car tells no place whatever is known."""
    bindings = bound.bindings
    placed = [each for each in vehicles if each.name not in bindings or bindings[each.name].model_code not in PLACELESS]
    return [vehicle for vehicle in placed if site is not None and needs_home(site, vehicle)]


def _tell_of_home(site: Site | None, vehicles: Sequence[Vehicle], bound: Bound, home: Coordinates | None) -> None:
    needing = _needing_home(site, vehicles, bound)
    if home is None and site is not None and needing:
        _say(f"delcia: warning: {home_unknown(site, needing)} [home-unknown]")
        _say(f"    hint: {HOW}")
    for vehicle in vehicles:
        binding = bound.bindings.get(vehicle.name)
        if binding is not None and binding.model_code in PLACELESS and vehicle.hold and not vehicle.hold_anywhere:
            _say(f"delcia: warning: {tells_no_place(vehicle.name)} [no-place]")
            _say(f"    hint: {HOLD_ANYWHERE}")


def _told(words: Sequence[str]) -> dict[str, str]:
    told = dict(word.partition("=")[::2] for word in words)
    if not all(told.values()):
        hint = "write --vehicle NAME= and the last characters of the VIN"
        raise DelciaError("--vehicle names no car", slug="usage", hint=hint, status=Exit.USAGE)
    return told


def _tell(vehicles: Sequence[Vehicle], bound: Bound, cars: Sequence[FoundCar]) -> None:
    by_vin = {car.binding.vin: car for car in cars}
    for vehicle in vehicles:
        binding = bound.bindings.get(vehicle.name)
        if binding is None:
            continue
        car = by_vin[binding.vin]
        click.echo(f"{vehicle.name}: {car.label}, {binding.model_code or '?'}, VIN …{binding.vin_tail}")
        difference = mismatch(vehicle, car)
        if difference:
            _say(f"delcia: warning: {difference} [model-mismatch]")
            _say("    hint: see 'delcia models', and correct model: in the plans")


def _list(cars: Sequence[FoundCar]) -> str:
    return ", ".join(f"{car.label} …{car.binding.vin_tail}" for car in cars)


def _say(words: str) -> None:
    click.echo(words, err=True)
