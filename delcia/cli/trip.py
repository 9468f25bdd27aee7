"""`delcia trip`: be ready once, by a time."""

from datetime import datetime
from pathlib import Path

import click

from delcia.cli.asking import ask, instant_after, root_option
from delcia.core.clock import DAY
from delcia.errors import DelciaError, Exit
from delcia.runtime.asking import FULL_PCT, trip
from delcia.runtime.charge import Job, Outcome

LONGEST = 7 * DAY


@click.command(epilog="Example: delcia trip spring --to-soc 100 --by 'sat 06:00'")
@click.argument("vehicle")
@click.option("--to-soc", type=click.IntRange(1, 100), default=FULL_PCT, show_default=True, help="In percent.")
@click.option("--by", required=True, help="HH:MM, 'sat 06:00', or YYYY-MM-DDTHH:MM; at most a week ahead.")
@root_option
def command(vehicle: str, to_soc: int, by: str, root: Path | None) -> int:
    """Have a SoC by a time, once, beside what the plans want; it ends by itself, or by 'delcia resume'."""

    def word(job: Job, now: datetime) -> Outcome:
        instant = instant_after(by, now, job.site)
        if not now < instant <= now + LONGEST:
            message = f"'{by}' is not within the week to come"
            raise DelciaError(message, slug="bad-time", hint="write such as 'sat 06:00'", status=Exit.USAGE)
        return trip(job, now, to_soc, instant)

    return ask(vehicle, root, word)
