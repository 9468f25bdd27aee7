"""`delcia init`: a first plan directory, by questions on a terminal or by options."""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from delcia.cli import answers
from delcia.cli.answers import NEVER, checked
from delcia.cli.clock import now
from delcia.config import load
from delcia.config.bill import Bill
from delcia.config.catalogue import Model
from delcia.config.files import plan_files
from delcia.config.findings import Findings
from delcia.config.first import SCHEMA_COPY, FirstPlan, first_plan
from delcia.errors import DelciaError, Exit
from delcia.resources import resource

Answer = TypeVar("Answer")
FILE = "home.yaml"
_EXAMPLE = 'Example: delcia init --timezone Europe/Paris --model spring-26 --off-peak "HC (1H38-6H38;12H38-14H38)"'


@click.command(epilog=_EXAMPLE)
@click.argument("directory", metavar="[DIR]", default="plans", type=click.Path(path_type=Path))
@click.option("--timezone", metavar="ZONE", callback=checked(answers.time_zone), help="Zone of the home.")
@click.option("--model", metavar="ID", callback=checked(answers.model), help="The car, an id of 'delcia models'.")
@click.option("--amps", metavar="A", callback=checked(answers.amps), help="Current of the socket or box (10).")
@click.option("--phases", type=click.Choice(["1", "3"]), default="1", help="Phases of the socket or box (1).")
@click.option("--off-peak", metavar="HOURS", callback=checked(answers.hours), help="When to charge, as on the bill.")
@click.option("--prices", nargs=2, metavar="CHEAP DEAR", help="Prices per kWh, in these hours and else.")
@click.option("--currency", metavar="CODE", default="EUR", help="Currency of the prices (EUR).")
@click.option("--to-soc", metavar="N", callback=checked(answers.percent), help="Charge to N % (80).")
@click.option(
    "--ready-by", metavar="HH:MM", callback=checked(answers.ready_by), help="Be ready by (07:00), or 'never'."
)
@click.option("--hold/--no-hold", default=None, help="Stop a charge that begins on plugging in, until its time.")
def command(  # noqa: PLR0913 - one for each option
    *,
    directory: Path,
    timezone: str | None,
    model: Model | None,
    amps: float | None,
    phases: str,
    off_peak: Bill | None,
    prices: tuple[str, str] | None,
    currency: str,
    to_soc: int | None,
    ready_by: str | None,
    hold: bool | None,
) -> int:
    """Write a first plan directory.

    Asks on a terminal for what the options leave open. Never writes over a file.
    """
    refuse_plans_in(directory)
    zone = timezone or needed("--timezone", "Time zone of the home", answers.time_zone, answers.host_zone())
    car = model or needed("--model", "Model of the car ('delcia models' lists them)", answers.model, None)
    bill = off_peak or needed("--off-peak", "Off-peak hours, as on the bill", answers.hours, None)
    full = not (car.control.stop or car.control.soc_limit)
    ready = ready_by or _asked("Ready by ('never' for no such time)", answers.ready_by, "07:00")
    wish = FirstPlan(
        timezone=zone,
        model=car,
        vehicle=car.id.partition("-")[0],
        off_peak=bill.off_peak,
        prices=_needed_prices(bill, answers.prices(prices) if prices else _asked_prices()),
        currency=currency.upper(),
        amps=amps or _asked("Current of the socket or box, in A", answers.amps, "10"),
        phases=int(phases),
        to_soc=to_soc or _asked("Charge to how many %", answers.percent, "100" if full else "80"),
        ready_by=None if ready == NEVER else ready,
        hold=car.control.stop if hold is None else hold,
        meter=answers.meter(bill, zone),
    )
    write_plans(directory, first_plan(wish))
    return Exit.OK


def _asked(question: str, convert: Callable[[str], Answer], default: str) -> Answer:
    """Ask on a terminal; elsewhere take the usual answer."""
    if not sys.stdin.isatty():
        return convert(default)
    answer: Answer = click.prompt(question, default=default, value_proc=convert, err=True)
    return answer


def needed(option: str, question: str, convert: Callable[[str], Answer], offered: str | None) -> Answer:
    """Ask on a terminal for what cannot be guessed; elsewhere the option must say it."""
    if not sys.stdin.isatty():
        raise DelciaError(
            f"{option} is missing", slug="usage", hint="'delcia init --help' shows how", status=Exit.USAGE
        )
    answer: Answer = click.prompt(question, default=offered, value_proc=convert, err=True)
    return answer


def _needed_prices(bill: Bill, prices: tuple[str, str] | None) -> tuple[str, str] | None:
    """Return the prices. Raises `usage` where there are none and the hours can only stand in a tariff."""
    if prices is None and answers.needs_tariff(bill):
        hint = "add --prices CHEAP DEAR: only a tariff has days, seasons and a meter's clock"
        message = "these hours differ by day or season, or are not by the home's clock"
        raise DelciaError(message, slug="usage", hint=hint, status=Exit.USAGE)
    return prices


def _asked_prices() -> tuple[str, str] | None:
    if not sys.stdin.isatty():
        return None
    question = "Price per kWh in these hours (empty: leave prices out)"
    cheap: str = click.prompt(question, default="", show_default=False, value_proc=answers.price_or_none, err=True)
    if not cheap:
        return None
    dear: str = click.prompt("Price per kWh in the other hours", value_proc=answers.price, err=True)
    return cheap, dear


def refuse_plans_in(directory: Path) -> None:
    """Refuse a directory that has plans: a second home would only contradict the first."""
    if directory.exists() and not directory.is_dir():
        raise DelciaError(f"'{directory}' is a file", slug="exists", hint="name a directory")
    found = next(plan_files(directory, Findings()), None) if directory.exists() else None
    if found:
        hint = "edit it, or name another directory"
        raise DelciaError(f"'{directory / found[0]}' is there already", slug="exists", hint=hint)


def write_plans(directory: Path, text: str) -> None:
    """Write the plan once it is known to be sound, and say what comes next."""
    with tempfile.TemporaryDirectory() as scratch:
        Path(scratch, FILE).write_text(text, encoding="utf-8")
        loaded = load(Path(scratch), now())
    errors = [problem for problem in loaded.problems if problem.level == "error"]
    if errors:
        raise DelciaError(errors[0].message, slug=errors[0].slug, hint=errors[0].hint)
    schema = directory / SCHEMA_COPY
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with (directory / FILE).open("x", encoding="utf-8") as file:
            file.write(text)
        if not schema.exists():
            schema.write_bytes(resource("schemas", "delcia.schema.json").read_bytes())
    except OSError as error:
        raise DelciaError(f"cannot write '{directory}': {(error.strerror or '').lower()}", slug="file") from error
    click.echo(str(directory / FILE))
    for problem in loaded.problems:
        click.echo(f"note: {problem.message}", err=True)
    click.echo(f"next: delcia validate {directory}, then delcia report {directory} --soc 50", err=True)
