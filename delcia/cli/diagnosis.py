"""All that `delcia doctor` looks at: the host, what was applied, the accounts, and the cars behind them."""

from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from delcia import __version__
from delcia.cli.following import findings as of_sync
from delcia.cli.intended import executable
from delcia.cli.lasttick import last_tick
from delcia.cli.machines import met_quietly
from delcia.cli.panelunits import findings as of_panel
from delcia.cli.targets import renderer, zone_of
from delcia.compile.generation import load
from delcia.core.access import Access
from delcia.core.home import HOW, home_unknown, needs_home
from delcia.core.model import Site, Vehicle
from delcia.errors import DelciaError
from delcia.host import checks, crond
from delcia.host.finding import Finding
from delcia.host.folders import account as service_account
from delcia.host.generations import Generation, content, current_generation, manifest
from delcia.host.hostfile import SECTIONS, check_keys, settings
from delcia.host.machine import Host
from delcia.host.notifying import telling_of
from delcia.host.preview import drift_of
from delcia.host.secretfiles import NotForThisUserError, secrets_in_the_open
from delcia.host.systemctl import RunningSystemd, is_running
from delcia.host.zones import host_zone

OLD_LOGIN = timedelta(days=365)


def findings(host: Host, now: datetime, *, offline: bool, sandboxed: bool = False) -> Iterator[Finding]:
    """Yield everything that was looked at, in the order in which one depends on the other.

    `sandboxed`: for the panel, which may see neither the login nor the host's settings, and to which every file system
    is read-only.
    """
    try:
        generation = current_generation(host.paths)
    except DelciaError as error:
        generation = None
        yield _of_error("applied", error)
    else:
        yield from _applied(host, generation, now)
    if host.paths.root is None:
        yield checks.clock(checks.ask_clock(), has_chip=checks.has_clock_chip())
    yield checks.disk(host.paths.state, sandboxed=sandboxed)
    yield from _back_end(host, generation, now)
    yield from of_sync(host.paths, sandboxed=sandboxed)
    yield from _state(host)
    if not sandboxed:
        yield from of_panel(host.paths)
        yield from _settings(host)
    if generation is not None:
        try:
            site = load(generation.plans_text)
        except DelciaError as error:
            yield _of_error("applied", error)
            return
        yield from _zones(host, generation, site)
        if not sandboxed:
            yield from _accounts(host, site, now, offline=offline)


def _applied(host: Host, generation: Generation | None, now: datetime) -> Iterator[Finding]:
    if met_quietly(host):
        hint = "run the command again that was cut short, or: delcia apply DIR"
        yield Finding("applied", "error", "a change of this host was cut short", hint)
    if generation is None:
        yield Finding("applied", "error", "nothing is applied on this host", "run: delcia apply DIR")
        return
    receipt = generation.receipt
    days = (now - receipt.applied_at) // timedelta(days=1)
    if receipt.version != __version__ and _is_outdated(host, generation, now):
        message = f"generation {receipt.number} was applied by delcia {receipt.version}; this is {__version__}"
        yield Finding("applied", "warning", message, "run: delcia apply --again")
    else:
        yield Finding("applied", "ok", f"generation {receipt.number}, applied {days} days ago")


def _is_outdated(host: Host, generation: Generation, now: datetime) -> bool:
    """Return whether this version would make other artifacts of what is applied than those that are there."""
    try:
        make = renderer(host.paths, generation.receipt.place, executable(), now)
        there = content(host.paths, generation.number).artifacts
        return sorted(make(load(generation.plans_text))) != sorted(there)
    except DelciaError:
        return True


def _back_end(host: Host, generation: Generation | None, now: datetime) -> Iterator[Finding]:
    """Yield how that stands which should run delcia, and what else does."""
    if generation is not None:
        place = generation.receipt.place
        live = host.paths.root is None
        if place is None and live:
            yield from _systemd(host, generation, now)
        elif live:
            yield checks.cron_daemon(crond.daemon(), generated=crond.is_generated() and is_running())
            if not Path(crond.logger()).exists():
                hint = "install it (Debian: bsdutils), or syslog says nothing of delcia"
                yield Finding("cron", "warning", f"there is no {crond.logger()}", hint)
        if place is not None:
            yield checks.sign_of_life(last_tick(host.paths), generation.receipt.applied_at, now, "cron")
        yield from _drift(host, generation)
        if live and not host.paths.personal and service_account() is None:
            yield Finding("user", "error", "the user 'delcia' does not exist", "apply again: delcia apply DIR")
    try:
        owned = manifest(host.paths)
    except DelciaError as error:
        yield _of_error("applied", error)
    else:
        yield from checks.leftovers(host, owned)


def _systemd(host: Host, generation: Generation, now: datetime) -> Iterator[Finding]:
    if not isinstance(host.systemd, RunningSystemd):
        hint = "run delcia by cron: delcia apply --target crontab"
        yield Finding("systemd", "error", "units are applied, but systemd does not run this host", hint)
        return
    yield checks.systemd_version(checks.ask_systemd_version())
    try:
        runs = {run.timer: run.last_at for run in host.systemd.next_runs()}
    except DelciaError as error:
        yield _of_error("systemd", error)
    else:
        last = runs.get("delcia-reconcile.timer")
        yield checks.sign_of_life(last, generation.receipt.applied_at, now, "systemd")


def _drift(host: Host, generation: Generation) -> Iterator[Finding]:
    try:
        view = drift_of(host, generation.number)
    except DelciaError as error:
        yield _of_error("drift", error)
        return
    for words in view.amiss:
        yield Finding("drift", "error", words, "see: delcia diff DIR; mend it: delcia apply DIR")
    for choice in view.choices:
        yield Finding("units", "warning" if choice.rests else "ok", choice.words)
    if not view.amiss:
        yield Finding("drift", "ok", "everything is as it was applied")


def _state(host: Host) -> Iterator[Finding]:
    from delcia.store.opening import open_readonly

    try:
        with closing(open_readonly(host.paths.database)):
            yield Finding("state", "ok", "what delcia remembers can be read")
    except DelciaError as error:
        yield _of_error("state", error)


def _settings(host: Host) -> Iterator[Finding]:
    """Yield what is wrong with the settings of the host, and whether the owner would hear of trouble."""
    path = host.paths.host_file
    try:
        check_keys(path, "", settings(path), SECTIONS)
        telling = telling_of(path)
    except NotForThisUserError:
        yield Finding("settings", "ok", f"{path} names secrets in files that only root and delcia may read")
        return
    except DelciaError as error:
        yield _of_error("settings", error)
        return
    for place in secrets_in_the_open(path):
        readers = "everybody" if path.stat().st_mode & 0o004 else "every member of its group"
        hint = "put the text into a file for delcia alone, and name that: docs/hosts.md"
        yield Finding("settings", "warning", f"{readers} can read {path}, which has a secret in '{place}:'", hint)
    if telling is None or (telling.webhook is None and telling.program is None):
        hint = f"write in {path}: notify: {{webhook: https://ntfy.sh/TOPIC}}; 'delcia status' has them all the same"
        yield Finding("notify", "ok", f"nobody is told of trouble; {hint}")
    else:
        yield Finding("notify", "ok", "trouble is told; try it: delcia notify --test")


def _zones(host: Host, generation: Generation, site: Site) -> Iterator[Finding]:
    place = generation.receipt.place
    top = host.paths.root or Path("/")
    try:
        if place is not None:
            wrong = checks.cron_zone(host.backend_of(place.name).read(place.name) or "", zone_of(host.paths, place))
            if wrong is not None:
                yield wrong
        yield checks.zones(host_zone(top), site.timezone)
    except DelciaError as error:
        yield _of_error("time-zone", error)


def _accounts(host: Host, site: Site, now: datetime, *, offline: bool) -> Iterator[Finding]:
    of_renault = [vehicle for _, vehicle in sorted(site.vehicles.items()) if vehicle.driver == "renault"]
    for name in sorted({vehicle.account for vehicle in of_renault}):
        vehicles = [vehicle for vehicle in of_renault if vehicle.account == name]
        yield from _account(host, site, name, vehicles, now, offline=offline)


def _account(
    host: Host, site: Site, name: str, vehicles: list[Vehicle], now: datetime, *, offline: bool
) -> Iterator[Finding]:
    from delcia.host.credentials import load as load_access

    try:
        access = load_access(host.paths, name)
    except DelciaError as error:
        yield _of_error("credentials", error)
        return
    yield _age(host, name, now)
    for vehicle in vehicles:
        if vehicle.name not in access.vehicles:
            hint = f"run: delcia login --vehicle {vehicle.name}=VIN_END"
            yield Finding("vehicle", "error", f"'{vehicle.name}' is bound to no car of account '{name}'", hint)
    yield from _home(host, site, access, vehicles)
    if offline:
        return
    yield from _at_the_maker(site, name, access, vehicles)


def _home(host: Host, site: Site, access: Access, vehicles: list[Vehicle]) -> Iterator[Finding]:
    """Say whether the home is known that holding, and plans with `home:`, need; and of which car no place ever is."""
    from delcia.config.catalogue import HOLD_ANYWHERE, PLACELESS, tells_no_place
    from delcia.host.credentials import home_of

    codes = {name: binding.model_code for name, binding in access.vehicles.items()}
    needing = [
        vehicle for vehicle in vehicles if needs_home(site, vehicle) and codes.get(vehicle.name) not in PLACELESS
    ]
    if needing and home_of(host.paths, vehicles[0].account) is None:
        yield Finding("home", "error", home_unknown(site, needing), HOW)
    elif needing:
        yield Finding("home", "ok", "the place of the home is known")
    for vehicle in vehicles:
        if vehicle.hold and not vehicle.hold_anywhere and codes.get(vehicle.name) in PLACELESS:
            yield Finding("hold", "error", tells_no_place(vehicle.name), HOLD_ANYWHERE)


def _age(host: Host, name: str, now: datetime) -> Finding:
    path = host.paths.credentials / f"{name}.json"
    try:
        age = now - datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except OSError:
        return Finding("credentials", "ok", f"account '{name}' is logged in")
    words = f"account '{name}' was logged in {max(age, timedelta()) // timedelta(days=1)} days ago"
    if age > OLD_LOGIN:
        return Finding("credentials", "warning", words, "renew it before it ends: delcia login --email ADDRESS")
    return Finding("credentials", "ok", words)


def _at_the_maker(site: Site, name: str, access: Access, vehicles: Iterable[Vehicle]) -> Iterator[Finding]:
    """Ask the maker, by the login that is there: it is reachable, the login holds, the cars are those of the plans."""
    from delcia.car.renault.service import check_origin
    from delcia.cli.account import resumed, service_for
    from delcia.cli.binding import mismatch

    try:
        service = service_for(site, name)
        check_origin(access, service)
        with resumed(service, access.login_token) as login:
            cars = {car.binding.vin: car for car in login.cars()}
    except DelciaError as error:
        yield _of_error("renault", error)
        return
    yield Finding("renault", "ok", f"Renault answers, and account '{name}' has {len(cars)} cars")
    for vehicle in vehicles:
        binding = access.vehicles.get(vehicle.name)
        if binding is None:
            continue
        car = cars.get(binding.vin)
        if car is None:
            hint = "was it sold, or moved to another account? bind it again: delcia login"
            yield Finding("vehicle", "error", f"the car of '{vehicle.name}' is not in account '{name}' any more", hint)
        elif difference := mismatch(vehicle, car):
            yield Finding("vehicle", "error", difference, "correct model: in the plans; see: delcia models")
        else:
            yield Finding("vehicle", "ok", f"'{vehicle.name}' is the {car.label}, VIN …{binding.vin_tail}")


def _of_error(check: str, error: DelciaError) -> Finding:
    return Finding(check, "error", error.message, error.hint)
