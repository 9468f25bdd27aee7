"""`delcia import-legacy`: a plan directory from the files of the old project, mydelcia."""

import os
import pwd
import shlex
from pathlib import Path

import click

from delcia.cli import answers
from delcia.cli.answers import checked
from delcia.cli.hosts import agree, yes_option
from delcia.cli.init import needed, refuse_plans_in, write_plans
from delcia.config.bill import Bill, OffPeak
from delcia.config.catalogue import Model, models
from delcia.config.first import FirstPlan, first_plan
from delcia.config.legacy import HOURS, OldSettings, old_settings, old_windows
from delcia.core.oldcron import without_old_lines
from delcia.errors import DelciaError, Exit
from delcia.host.crond import RunningCrontabs
from delcia.host.cronplaces import USER
from delcia.host.crontabs import OF_USER, CrontabBackend

OLD_CAR = "spring-26"
"""The only one that the old project reckoned with."""
NO_PRICE = ("0", "0")
_EXAMPLE = "Example: delcia import-legacy delcia_conf.json libs/user_conf.py --timezone Europe/Paris"


@click.command(epilog=_EXAMPLE)
@click.argument("settings", metavar="CONF.JSON", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("hours", metavar="[USER_CONF.PY]", required=False, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--out", metavar="DIR", default="plans", help="Write here (plans).", type=click.Path(path_type=Path))
@click.option("--timezone", metavar="ZONE", callback=checked(answers.time_zone), help="Zone of the home.")
@click.option("--model", metavar="ID", callback=checked(answers.model), help=f"The car ({OLD_CAR}).")
@click.option("--amps", metavar="A", callback=checked(answers.amps), help="Current of the socket or box (10).")
@click.option("--to-soc", metavar="N", callback=checked(answers.percent), help="Charge to N % (80).")
@click.option("--off-peak", metavar="HOURS", callback=checked(answers.hours), help="The hours, instead of the file's.")
@click.option("--prices", nargs=2, metavar="CHEAP DEAR", help="Prices per kWh, in these hours and else.")
@click.option("--remove-cron", is_flag=True, help="Remove the old project's lines from its crontab.")
@yes_option
def command(  # noqa: PLR0913 - one for each option
    *,
    settings: Path,
    hours: Path | None,
    out: Path,
    timezone: str | None,
    model: Model | None,
    amps: float | None,
    to_soc: int | None,
    off_peak: Bill | None,
    prices: tuple[str, str] | None,
    remove_cron: bool,
    yes: bool,
) -> int:
    """Write a plan directory from the old project's delcia_conf.json and user_conf.py.

    The Python file is read, never run. Login and password are not copied: 'delcia login' asks for them, once.
    """
    refuse_plans_in(out)
    old = old_settings(settings)
    bill = off_peak or _old_hours(settings, hours)
    zone = timezone or needed("--timezone", "Time zone of the home", answers.time_zone, answers.host_zone())
    car = model or models()[OLD_CAR]
    cost = answers.prices(prices) if prices else NO_PRICE if answers.needs_tariff(bill) else None
    wish = FirstPlan(
        timezone=zone,
        model=car,
        vehicle=car.id.partition("-")[0],
        off_peak=bill.off_peak,
        amps=amps or 10,
        prices=cost,
        to_soc=to_soc or 80,
        ready_by=None,
        hold=car.control.stop,
        meter=answers.meter(bill, zone),
        prices_said="" if cost is not NO_PRICE else "the old files know no prices: write yours, or costs stay 0",
    )
    write_plans(out, first_plan(wish))
    if remove_cron:
        _remove_lines(old, yes=yes)
    _next(old, wish.vehicle, out, settings)
    return Exit.OK


def _old_hours(settings: Path, file: Path | None) -> Bill:
    """Return the off-peak hours of the old project's Python file, by the home's clock or by UTC."""
    beside = settings.parent / HOURS
    found = old_windows(file or (beside if beside.exists() else settings.parent / HOURS.name))
    if len({window.in_utc for window in found}) > 1:
        message = "some of the old hours are of the clock, and some of UTC"
        raise DelciaError(message, slug="old-hours", hint="say them: --off-peak '13:00-15:00 01:00-07:00'")
    return Bill((OffPeak(tuple(window.text for window in found)),), "utc" if found[0].in_utc else None)


def _remove_lines(old: OldSettings, *, yes: bool) -> None:
    name = old.cron_file or f"{OF_USER}{old.user or pwd.getpwuid(os.geteuid()).pw_name}"
    if not name.startswith(("/", OF_USER)):
        hint = "remove its lines by hand"
        raise DelciaError(f"CRONFILE '{name}' is no absolute path", slug="old-settings", hint=hint)
    agree(f"remove the old project's lines from {name}?", yes=yes)
    backend, removed = CrontabBackend(Path("/"), RunningCrontabs()), [0]

    def without(text: str | None) -> str | None:
        if text is None:
            return None
        left, removed[0] = without_old_lines(text)
        return left

    try:
        backend.change(name, without)
    except OSError as error:
        message = f"{name} cannot be changed: {error.strerror}"
        raise DelciaError(message, slug="crontab", hint="run it again as root, with --remove-cron") from error
    click.echo(f"{removed[0]} lines of the old project removed from {name}")


def _next(old: OldSettings, vehicle: str, out: Path, settings: Path) -> None:
    """Say what comes next, in the order of doing it."""
    bind = f" --vehicle {vehicle}={old.vin_tail}" if old.vin_tail else ""
    click.echo(f"next: delcia login --plans {shlex.quote(str(out))}{bind}", err=True)
    click.echo(f"then: {_apply(old, out)}", err=True)
    click.echo(f"at last: delete '{settings}', which still holds the password", err=True)


def _apply(old: OldSettings, out: Path) -> str:
    """Return the command that applies the plans as the old project ran."""
    words = ["delcia", "apply", str(out), "--target", "crontab"]
    own = old.user not in {"", "root", USER}
    if not own:
        words.insert(0, "sudo")
        if old.cron_file.startswith("/"):
            words += ["--cron-file", old.cron_file]
            if old.user_column and Path(old.cron_file).parent.name != "crontabs":
                words.append("--cron-user-column")
        if old.user:
            words += ["--cron-user", old.user]
    return shlex.join(words) + (f"  (as {old.user})" if own else "")
